"""What moves in a film, kept as very small grey pictures at even steps of time.

Pictures are kept, and no differences of them, for a comparison must first take away what a hand
that shook the copying phone did to them.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import MOTION_EVERY_NS, NANO, Bytes, Motion

# Cells of the longest side; a widescreen film comes to 66 MB an hour, a square one to 118 MB.
CELLS = 64
LONGEST_NS = 4 * 3600 * NANO
# A film of fewer pictures than this is a gap that would be filled with nothing seen.
MOST_STEPS_PER_PICTURE = 64


class MotionMaker:
    """Fed with the pictures of one film, all of one shape, keeps them small at even steps.

    A step between two pictures is mixed of both by its distance in time, so that 12 and 30 pictures
    a second give nearly the same steps. Ends at 4 hours, or where pictures become too rare.
    """

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._kept = bytearray()
        self._shape = (0, 0)
        self._steps = self._taken = 0
        self._ended = False
        self._last: tuple[int, NDArray[np.float32]] | None = None

    def take(self, picture: Bytes, at_ns: int) -> None:
        """Take one grey picture u1[h, w], shown ``at_ns`` after the first; times rise strictly."""
        self._taken += 1
        if self._ended or at_ns > LONGEST_NS:
            return
        now = _shrunk(picture)
        self._shape = (now.shape[0], now.shape[1])
        before_at, before = self._last or (at_ns, now)
        while (step := self._steps * MOTION_EVERY_NS) <= at_ns:
            if (
                self._steps >= MOST_STEPS_PER_PICTURE * self._taken
            ):  # Nor is anything after it kept.
                self._ended = True
                return
            share = (step - before_at) / (at_ns - before_at) if at_ns > before_at else 1.0
            mixed = before + np.float32(share) * (now - before)
            self._kept += np.rint(mixed).astype(np.uint8).tobytes()
            self._steps += 1
        self._last = (at_ns, now)

    def finish(self) -> Motion:
        """Return what was kept: grid u1[t, h, w], t = 0 where nothing was taken."""
        grid = np.frombuffer(self._kept, np.uint8).reshape(self._steps, *self._shape)
        return Motion(MOTION_EVERY_NS, grid)


def _shrunk(picture: Bytes) -> NDArray[np.float32]:
    height, width = picture.shape
    share = min(1.0, CELLS / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    # As reals: a rounded mean loses the small changes that heavy compression leaves.
    small = cv2.resize(picture.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32).reshape(size[1], size[0])
