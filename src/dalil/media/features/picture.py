"""A frame as a small picture, upright: luma shrunk by areas, sample aspect ignored."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from dalil.media.tiles import bits_of, pixels_and_range, planes

Picture = NDArray[np.uint8]
# Luma as it is decoded: u1, or u2 where a sample has more than 8 bits.
Samples = NDArray[Any]
TURNS = {
    90: cv2.ROTATE_90_COUNTERCLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_CLOCKWISE,
}
ALL_ROUND = 360
FULL_BITS = 8
# Luma of studio range, 16 to 235, as full range.
FULL_RANGE = np.clip((np.arange(256) - 16) * 255 / 219 + 0.5, 0, 255).astype(np.uint8)


def turn_of(frame: VideoFrame) -> int:
    """Return by how much a frame is turned for viewing, anticlockwise: 0, 90, 180 or 270."""
    turn = round(frame.rotation or 0) % ALL_ROUND
    return turn if turn in TURNS else 0


def size_within(width: int, height: int, side: int) -> tuple[int, int]:
    """Return width and height of a picture whose longest side is ``side`` or less."""
    share = min(1.0, side / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def grey(frame: VideoFrame, size: tuple[int, int]) -> Picture:
    """Return a frame, upright, in ``size`` (width, height as shown), grey of full range.

    Raises:
        ValueError, cv2.error: this frame cannot be shrunk.

    """
    turn = turn_of(frame)
    lying = size if turn % 180 == 0 else size[::-1]
    pixels, colour_range = pixels_and_range(frame)
    luma = _luma(frame, pixels)
    if luma is None:
        small = _reformatted(frame, lying, "gray")
    else:
        shrunk = _shrunk(luma, lying)
        if shrunk.dtype != np.uint8:
            shrunk = np.right_shift(shrunk, bits_of(pixels) - FULL_BITS)
        small = shrunk.astype(np.uint8)
        if colour_range != "pc" and not pixels.startswith("gray"):
            small = FULL_RANGE[small]
    return _upright(small, turn)


def rgb(frame: VideoFrame, size: tuple[int, int]) -> Picture:
    """Return a frame, upright, in ``size``, as u1[h, w, 3]; raises as ``grey`` does."""
    turn = turn_of(frame)
    return _upright(_reformatted(frame, size if turn % 180 == 0 else size[::-1], "rgb24"), turn)


def _upright(picture: Picture, turn: int) -> Picture:
    upright: NDArray[Any] = cv2.rotate(picture, TURNS[turn]) if turn else picture
    return np.ascontiguousarray(upright, dtype=np.uint8)


def _reformatted(frame: VideoFrame, size: tuple[int, int], form: str) -> Picture:
    width, height = size
    made = frame.reformat(width, height, form, interpolation=Interpolation.AREA)
    return np.asarray(made.to_ndarray(), np.uint8)


def _luma(frame: VideoFrame, pixels: str) -> Samples | None:
    """Return the plane of luma without a copy, or None where there is none of whole samples."""
    kind = _luma_kind(pixels)
    taken = planes(frame) if kind else None
    if kind is None or taken is None:
        return None
    return taken[0].view(kind)


@lru_cache(maxsize=256)
def _luma_kind(pixels: str) -> str | None:
    form = VideoFormat(pixels, 1 << 8, 1 << 8)
    plain = pixels.startswith(("yuv4", "gray", "nv12", "nv21", "yuva4"))
    if not plain or form.is_big_endian or form.is_bit_stream or pixels.endswith(("be", "f32le")):
        return None
    if form.components[0].bits == FULL_BITS:
        return "u1"
    return "<u2" if pixels.endswith("le") else None


def _shrunk(plane: Samples, size: tuple[int, int]) -> Samples:
    """Shrink by areas: by a whole number first, which is many times faster, then the rest."""
    height, width = plane.shape
    whole = min(width // size[0], height // size[1])
    if whole > 1:
        across, down = width // whole, height // whole
        left, top = (width - across * whole) // 2, (height - down * whole) // 2
        plane = plane[top : top + down * whole, left : left + across * whole]
        plane = cv2.resize(plane, (across, down), interpolation=cv2.INTER_AREA)
    if plane.shape != (size[1], size[0]):
        plane = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    return plane
