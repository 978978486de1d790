"""How one picture lies in another, where both show the same place.

Local features are matched by nearest neighbour and ratio (Lowe, IJCV 60, 2004). The matches must
agree on one similarity, since each feature carries its own size and angle; to those a homography is
fitted with MAGSAC++ (Barath and others, CVPR 2020) by OpenCV. A mirrored copy is found by putting
the descriptor's bins in the order that a mirror gives them: nothing is described twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.match.found import Transform
from dalil.media.features.features import Points, Seen

Exact = NDArray[np.float64]
Reals = NDArray[np.float32]
Order = NDArray[np.intp]

# A descriptor is 4 x 4 places by 8 directions, laid along the feature's own angle.
_BINS = np.arange(128).reshape(4, 4, 8)
MIRRORED: Order = _BINS[::-1][:, :, (-np.arange(8)) % 8].reshape(-1)
SQUARE = 512.0**2

# The nearest must be nearer than this share of the second nearest.
RATIO = 0.85
# One feature's own size and angle are rough: how far others may lie from where it puts them, as a
# share of the longest side; in doublings of size; in radians.
NEAR, SIZES, ANGLES = 0.08, 0.75, 0.45
FEWEST = 5
# From a fitted place, as a share of the longest side.
WITHIN = 0.01
# What no copy does: a picture drawn 12 times smaller, or squeezed 3 times more one way.
SMALLEST, LARGEST, SQUEEZED = 1 / 12, 12.0, 3.0
# Points that all lie within this share of either picture may be a logo that both carry.
LEAST_SPREAD = 0.015


@dataclass(frozen=True, slots=True)
class Described:
    """The points of one look: f4 places in shares of the longest side, sizes, angles, descriptors.

    ``wide`` and ``high`` are the sides of the picture in the same unit.
    """

    places: Reals
    sizes: Reals
    angles: Reals
    descriptors: Reals
    wide: float
    high: float


@dataclass(frozen=True, slots=True)
class Lie:
    """How a picture of a lies in one of b: ``matrix`` 3 x 3 of fractions, by how many points."""

    matrix: Exact
    mirrored: bool
    points: int


def described(seen: Seen, look: int) -> Described:
    """Return the points of one look of a film, ready to be matched."""
    points: Points = seen.points
    here = slice(int(points.start[look]), int(points.start[look + 1]))
    side = max(seen.look_width, seen.look_height)
    return Described(
        points.places[here] / np.float32(side),
        points.sizes[here],
        np.deg2rad(points.angles[here]),
        points.descriptors[here].astype(np.float32),
        seen.look_width / side,
        seen.look_height / side,
    )


def lie(a: Described, b: Described) -> Lie | None:
    """Return how a's picture lies in b's, upright or mirrored, or None where they do not agree."""
    found = [one for one in (_lie(a, b, mirrored=False), _lie(a, b, mirrored=True)) if one]
    return max(found, key=lambda one: one.points, default=None)


def _lie(a: Described, b: Described, *, mirrored: bool) -> Lie | None:
    of_a, of_b = _nearest(a.descriptors[:, MIRRORED] if mirrored else a.descriptors, b.descriptors)
    if of_a.size < FEWEST:
        return None
    places, angles = a.places[of_a], a.angles[of_a]
    if mirrored:
        # The mirror of a: places run from the right, angles turn the other way.
        places, angles = places * (-1, 1) + (a.wide, 0), np.pi - angles
    there = b.places[of_b]
    together = _one_similarity(
        places, there, b.sizes[of_b] / a.sizes[of_a], b.angles[of_b] - angles
    )
    if int(together.sum()) < FEWEST:
        return None
    matrix = _fitted(places, there, together)
    if matrix is None:
        return None
    fits = _misses(matrix, places, there) < WITHIN
    count = min(_distinct(places[fits]), _distinct(there[fits]))
    if count < FEWEST or not _spread_enough(places[fits], there[fits], a, b):
        return None
    whole = _of_fractions(matrix, a, b, mirrored=mirrored)
    return Lie(whole, mirrored, count) if _sane(whole, a, b) else None


def _nearest(a: Reals, b: Reals) -> tuple[Order, Order]:
    """Return pairs that are each other's nearest, and clearly nearer than the second nearest."""
    if len(a) < 2 or len(b) < 2:  # noqa: PLR2004 - a second nearest is needed
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    alike = a @ b.T
    rows = np.arange(len(a))
    best = alike.argmax(axis=1)
    top = alike[rows, best]
    back = alike.argmax(axis=0)
    alike[rows, best] = -1.0
    second = alike.max(axis=1)
    clear = (SQUARE - top) < RATIO**2 * (SQUARE - second)
    kept = np.flatnonzero(clear & (back[best] == rows))
    return kept, best[kept]


def _one_similarity(a: Reals, b: Reals, size: Reals, turn: Reals) -> NDArray[np.bool_]:
    """Return which matches agree with the one match that most agree with."""
    here, there = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    factor = size * np.exp(1j * turn)
    misses = np.abs(factor[:, None] * (here[None] - here[:, None]) + there[:, None] - there[None])
    doublings = np.abs(np.log2(size)[:, None] - np.log2(size)[None])
    angles = np.abs(np.angle(np.exp(1j * (turn[:, None] - turn[None]))))
    agree = (misses < NEAR) & (doublings < SIZES) & (angles < ANGLES)
    together: NDArray[np.bool_] = agree[agree.sum(axis=1).argmax()]
    return together


def _fitted(a: Reals, b: Reals, together: NDArray[np.bool_]) -> Exact | None:
    # OpenCV's estimator is seeded and counts in pixels: the same points give the same matrix.
    scale = np.float32(1 / WITHIN * 4)
    matrix, _ = cv2.findHomography(
        a[together] * scale,
        b[together] * scale,
        cv2.USAC_MAGSAC,
        4.0,
        maxIters=2000,
        confidence=0.999,
    )
    if matrix is None or np.shape(matrix) != (3, 3):
        return None
    unit = np.diag([float(scale), float(scale), 1.0])
    return np.asarray(np.linalg.inv(unit) @ matrix @ unit, np.float64)


def _misses(matrix: Exact, a: Reals, b: Reals) -> Exact:
    return np.asarray(np.linalg.norm(moved(matrix, a) - b, axis=1), np.float64)


def moved(matrix: Exact, places: NDArray[np.floating]) -> Exact:
    """Return places f8[n, 2] led through a 3 x 3 matrix; far away where they meet no picture."""
    x, y, w = matrix @ np.vstack([places.T, np.ones(len(places))])
    w = np.where(w > 1e-6, w, np.nan)  # noqa: PLR2004
    return np.asarray(np.nan_to_num(np.stack([x / w, y / w], axis=1), nan=1e6), np.float64)


def _distinct(places: Reals) -> int:
    """Count places a two-hundredth apart: one corner described in two sizes is one place."""
    return len(np.unique(np.rint(places * 200).astype(np.int64), axis=0))


def _spread_enough(a: Reals, b: Reals, of_a: Described, of_b: Described) -> bool:
    """Tell whether the points cover some of both pictures."""
    return all(
        float(np.prod(np.ptp(places, axis=0))) >= LEAST_SPREAD * whole.wide * whole.high
        for places, whole in ((a, of_a), (b, of_b))
    )


def _of_fractions(matrix: Exact, a: Described, b: Described, *, mirrored: bool) -> Exact:
    flip = np.array([[-1.0, 0, a.wide], [0, 1, 0], [0, 0, 1]]) if mirrored else np.eye(3)
    whole = np.diag([1 / b.wide, 1 / b.high, 1]) @ matrix @ flip @ np.diag([a.wide, a.high, 1])
    return np.asarray(whole / whole[2, 2], np.float64)


def _sane(matrix: Exact, a: Described, b: Described) -> bool:
    """Tell whether a camera, a screen or an editor could have drawn a picture so."""
    if not np.isfinite(matrix).all():
        return False
    corners = moved(matrix, np.array([[0.5, 0.5], [0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]))
    if np.abs(corners).max() > 1e3:  # noqa: PLR2004
        return False
    units = np.diag([b.wide, b.high]) @ slopes(matrix) @ np.diag([1 / a.wide, 1 / a.high])
    large, small = np.linalg.svd(units, compute_uv=False)
    return bool(small > SMALLEST and large < LARGEST and large < SQUEEZED * small)


def slopes(matrix: Exact) -> Exact:
    """Return f8[2, 2]: how places move in the middle of a, to first order."""
    x, y, w = matrix @ np.array([0.5, 0.5, 1.0])
    first = matrix[:2, :2] - np.outer((x / w, y / w), matrix[2, :2])
    return np.asarray(first / w, np.float64)


def apart(one: Exact, other: Exact) -> float:
    """Return how far two matrices put the corners of a's middle apart, in shares of b's side."""
    corners = np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]])
    return float(np.abs(moved(one, corners) - moved(other, corners)).max())


def transform(matrix: Exact, a: Seen, b: Seen) -> Transform:
    """Return what a matrix of fractions means, in the words of a lead."""
    shape = np.diag([b.look_width, b.look_height])
    turn = shape @ slopes(matrix) @ np.diag([1 / a.look_width, 1 / a.look_height])
    mirrored = bool(np.linalg.det(turn) < 0)
    upright = turn @ np.diag([-1.0, 1.0]) if mirrored else turn
    angle = float(np.degrees(np.arctan2(upright[1, 0] - upright[0, 1], np.trace(upright))))
    left, top, right, low = _box(matrix)
    covers = _box(np.asarray(np.linalg.inv(matrix), np.float64))
    return Transform(
        tuple(float(value) for value in (matrix / matrix[2, 2]).reshape(-1)),
        mirrored,
        round(angle, 2),
        (left, top, max(0.0, right - left), max(0.0, low - top)),
        max(0.0, covers[2] - covers[0]) * max(0.0, covers[3] - covers[1]),
    )


def _box(matrix: Exact) -> tuple[float, float, float, float]:
    """Return left, top, right, low of what the source fills of the target, in fractions."""
    # A grid and not the corners alone: one may lie behind the horizon.
    x, y = np.meshgrid(np.linspace(0, 1, 9), np.linspace(0, 1, 9))
    places = np.clip(moved(matrix, np.stack([x.reshape(-1), y.reshape(-1)], axis=1)), 0.0, 1.0)
    (left, top), (right, low) = places.min(axis=0), places.max(axis=0)
    return float(left), float(top), float(right), float(low)
