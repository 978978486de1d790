"""A sheet of small grey stills of a film, for the viewing room alone."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import MOTION_EVERY_NS, Bytes, Times

STILLS = 24
ACROSS = 6
QUALITY = 75


@dataclass(frozen=True, slots=True)
class Montage:
    """Stills of the film ``stream`` in rows of ``across``, each ``width`` x ``height`` pixels.

    ``times`` i8[k]: ns since the first picture. ``jpeg`` u1[bytes] of the sheet, empty for k = 0.
    """

    stream: int
    across: int
    width: int
    height: int
    times: Times
    jpeg: Bytes


class MontageMaker:
    """Keeps twice as many pictures as a sheet holds, evenly, however long the film becomes."""

    def __init__(self, stream: int) -> None:
        """Begin with the film ``stream``."""
        self._stream = stream
        self._kept: list[tuple[int, Bytes]] = []
        self._every = MOTION_EVERY_NS
        self._next = 0

    def take(self, picture: Bytes, at_ns: int) -> None:
        """Take one picture u1[h, w], shown ``at_ns`` after the first."""
        if at_ns < self._next:
            return
        self._kept.append((at_ns, picture))
        if len(self._kept) == 2 * STILLS:
            self._kept = self._kept[::2]
            self._every *= 2
        self._next = self._kept[-1][0] + self._every

    def finish(self) -> Montage:
        """Return the sheet."""
        kept = self._kept
        if not kept:
            return Montage(self._stream, 0, 0, 0, np.zeros(0, np.int64), np.zeros(0, np.uint8))
        if len(kept) > STILLS:
            kept = [kept[i] for i in np.linspace(0, len(kept) - 1, STILLS).round().astype(int)]
        height, width = kept[0][1].shape
        across = min(ACROSS, len(kept))
        rows = -(-len(kept) // across)
        sheet = np.zeros((rows * height, across * width), np.uint8)
        for number, (_, picture) in enumerate(kept):
            top, left = number // across * height, number % across * width
            sheet[top : top + height, left : left + width] = picture
        times = np.array([at for at, _ in kept], np.int64)
        return Montage(self._stream, across, width, height, times, _jpeg(sheet))


def _jpeg(sheet: Bytes) -> Bytes:
    made, data = cv2.imencode(".jpg", sheet, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    found: NDArray[np.uint8] = data.reshape(-1) if made else np.zeros(0, np.uint8)
    return found
