"""A frame as a small picture, upright, its sample aspect ignored.

FFmpeg's scaler takes means of areas; kept open over a film it costs a tenth of a millisecond a
picture, a fifth of what it costs when it is opened for each.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
GREY, RGB = "gray", "rgb24"
TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}
ALL_ROUND = 360


def turn_of(frame: VideoFrame) -> int:
    """Return by how much a frame is turned for viewing, anticlockwise: 0, 90, 180 or 270."""
    turn = round(frame.rotation or 0) % ALL_ROUND
    return turn if turn in TURNS else 0


def size_within(width: int, height: int, side: int) -> tuple[int, int]:
    """Return width and height of a picture whose longest side is ``side`` or less."""
    share = min(1.0, side / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


class Shrinker:
    """Makes pictures of one size and form (``GREY``: luma in full range, or ``RGB``) of frames."""

    def __init__(self, size: tuple[int, int], form: str = GREY) -> None:
        """Begin; ``size`` is width and height as shown."""
        self._size, self._form = size, form
        self._scaler = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> Picture:
        """Return a frame as u1[height, width], or u1[height, width, 3].

        Raises:
            FFmpegError, ValueError: this frame cannot be shrunk.

        """
        turn = turn_of(frame)
        width, height = self._size if turn % 180 == 0 else self._size[::-1]
        small = self._scaler.reformat(
            frame, width, height, self._form, interpolation=Interpolation.AREA,
            dst_color_range=ColorRange.JPEG, threads=1,
        )  # fmt: skip
        lying: NDArray[Any] = np.asarray(small.to_ndarray(), np.uint8)
        upright: NDArray[Any] = cv2.rotate(lying, TURNS[turn]) if turn else lying
        # A view of the frame's own bytes would hold the frame.
        return np.array(upright, np.uint8, order="C").reshape(*self._size[::-1], *lying.shape[2:])
