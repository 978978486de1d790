"""Local features of a film's looked-at pictures: places that are found again in a copy.

SIFT (Lowe, IJCV 60, 2004) by OpenCV, its descriptors as square roots ("RootSIFT", Arandjelovic and
Zisserman, CVPR 2012). A picture much like the last described one is passed over, for a camera that
stands still shows the same places for hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import NANO, Bytes, Points, Reals

# Measured on seven scenes under 29 attacks: 512 finds 1 % more pictures again than 320 and costs
# three times as much; a lower contrast than OpenCV's own (.04) doubles what dark scenes give.
SIDE = 320
CONTRAST = 0.004
FOUND, KEPT = 400, 256
# Of each of these cells of the picture its strongest points are kept before any others, so that
# writing laid over a picture does not take all places.
CELLS, EACH_CELL = 4, 12
BYTES = 128
# A square root of a share, at most 1: few are above one half.
SCALE = 512.0
# Between described pictures: where the picture changed, where it did not, at a cut.
CHANGED_NS, CALM_NS = 2 * NANO, 8 * NANO
CHANGE, CUT = 5.0, 30.0
THUMB = (16, 16)
# In long films pictures are described more rarely, so that 24 hours come to 8,300 of them, 310 MB;
# an hour comes to 17 MB where nothing changes and to 67 MB where all does.
DENSE_PICTURES = 2048
# What describing a picture takes for a while, 13 MB, the C library gives back each time and has
# filled with zeros for the next, until a piece larger than any came and went (mallopt(3)).
WORKSPACE_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class Described:
    """Points of one picture: places in its pixels f4[m, 2], the rest as in ``Points``."""

    places: Reals
    sizes: Reals
    angles: Reals
    descriptors: Bytes


class PointMaker:
    """Collects the points of one film's pictures; those passed over have none."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._describe = Describer()
        self._kept: list[Described] = []
        self._counts: list[int] = []
        self._last: tuple[int, NDArray[np.float32]] | None = None

    def take(self, picture: Bytes, at_ns: int) -> None:
        """Take one grey picture u1[h, w], shown ``at_ns`` after the first."""
        thumb = cv2.resize(picture, THUMB, interpolation=cv2.INTER_AREA).astype(np.float32)
        if not self._wanted(thumb, at_ns):
            self._counts.append(0)
            return
        described = self._describe(picture)
        self._kept.append(described)
        self._counts.append(len(described.places))
        self._last = (at_ns, thumb)

    def _wanted(self, thumb: NDArray[np.float32], at_ns: int) -> bool:
        if self._last is None:
            return True
        last_at, last = self._last
        change = float(np.abs(thumb - last).mean())
        passed = at_ns - last_at
        if at_ns > DENSE_PICTURES * CHANGED_NS:
            passed = passed * DENSE_PICTURES * CHANGED_NS // at_ns
        elif change >= CUT:
            return True
        return passed >= (CHANGED_NS if change >= CHANGE else CALM_NS)

    def finish(self) -> Points:
        """Return what was taken, ragged, in its order."""
        kept = [*self._kept, _nothing()]
        return Points(
            np.concatenate(([0], np.cumsum(self._counts, dtype=np.int64))).astype(np.int64),
            np.concatenate([one.places for one in kept]),
            np.concatenate([one.sizes for one in kept]),
            np.concatenate([one.angles for one in kept]),
            np.concatenate([one.descriptors for one in kept]),
        )


class Describer:
    """Finds and describes the points of single pictures."""

    def __init__(self) -> None:
        """Open OpenCV's detector."""
        np.empty(WORKSPACE_BYTES, np.uint8)
        self._sift = cv2.SIFT.create(nfeatures=FOUND, contrastThreshold=CONTRAST)

    def __call__(self, picture: Bytes) -> Described:
        """Return at most ``KEPT`` points of a grey picture u1[h, w], places in its own pixels."""
        height, width = picture.shape
        share = min(1.0, SIDE / max(height, width))
        size = (max(1, round(width * share)), max(1, round(height * share)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        found, raw = self._sift.detectAndCompute(small, None)
        if not found:
            return _nothing()
        rows = np.array([(*one.pt, one.size, one.angle, one.response) for one in found], np.float32)
        kept = _spread(rows, size)
        rows, raw = rows[kept], raw[kept]
        places = rows[:, :2] * (np.float32(width / size[0]), np.float32(height / size[1]))
        return Described(
            np.ascontiguousarray(places, np.float32),
            np.ascontiguousarray(rows[:, 2] / np.float32(share)),
            np.ascontiguousarray(rows[:, 3]),
            _rooted(np.asarray(raw, np.float32)),
        )


def _spread(rows: Reals, size: tuple[int, int]) -> NDArray[np.intp]:
    """Return which points are kept: the strongest of each cell, then the strongest of all."""
    strongest = np.argsort(-rows[:, 4], kind="stable")
    cell = np.minimum(rows[:, :2] * CELLS / np.array(size, np.float32), CELLS - 1).astype(int)
    number = cell[:, 0] * CELLS + cell[:, 1]
    rank = np.empty(len(rows), int)
    for each in range(CELLS * CELLS):
        here = strongest[number[strongest] == each]
        rank[here] = np.arange(here.size)
    first = strongest[np.argsort(rank[strongest] >= EACH_CELL, kind="stable")]
    return np.asarray(first[:KEPT])


def _rooted(raw: NDArray[np.float32]) -> Bytes:
    share = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1.0)
    rooted: Bytes = np.minimum(np.rint(np.sqrt(share) * SCALE), 255).astype(np.uint8)
    return rooted


def _nothing() -> Described:
    none = np.zeros(0, np.float32)
    return Described(none.reshape(0, 2), none, none, np.zeros((0, BYTES), np.uint8))
