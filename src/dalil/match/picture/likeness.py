"""When two films show the same picture, once the one is laid over the other.

On the small pictures that are kept for motion, eight a second: enough to tell one picture from
another, and to tell where in time a moving camera was when. A camera that stands still looks alike
at all times; what it can be told by is ``motion``.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.match.picture.geometry import slopes
from dalil.media.features.features import NANO, Bytes, Motion

Exact = NDArray[np.float64]
Reals = NDArray[np.float32]

FEWEST_CELLS = 24
# Light that falls off across a filmed screen is wider than this spread, in cells.
WIDE = 6.0
# No hand moves a picture further than this share of it between two described looks.
FARTHEST = 0.3
# Steps of a that are held against b, and how far from a look, in seconds.
EVERY, AROUND = 4, 10.0
# Seconds that a camera may have moved on between two looks that were taken for one moment.
REACH = 1.5
SPEEDS = (1.0, 0.75, 0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2, 1.25)
MOST_AT_ONCE = 1024
# Of grey, over a film: a cell stays, or moves; where this share of them moves, what stays is laid
# over. Told from so many pictures.
STAYS, MOVES, MOST_MOVES = 2.0, 8.0, 0.4
MOST_LOOKED_AT = 64
# b is shrunk where one cell of a shows so many of its cells, each way.
LEAST_SCALE, MOST_SCALE = 1.2, 20.0
# What another offset or speed must be better by.
EARNED = 0.02


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike a's picture at each step is to b's at each step: ``table`` f4[t, u], -1 to 1.

    Row t is shown at (``a_first`` + t) * ``every`` seconds of a, columns likewise.
    """

    table: Reals
    a_first: int
    b_first: int
    every: float

    def along(self, speed: float, offset: float) -> Reals:
        """Return the likeness at each step of a along b = offset + speed * a; nan where b ends."""
        row = np.arange(len(self.table))
        at = ((row + self.a_first) * self.every * speed + offset) / self.every - self.b_first
        low = np.floor(at).astype(np.int64)
        inside = (low >= 0) & (low < self.table.shape[1])
        low = np.clip(low, 0, self.table.shape[1] - 1)
        high = np.minimum(low + 1, self.table.shape[1] - 1)
        share = np.clip(at - low, 0, 1).astype(np.float32)
        mixed = self.table[row, low] * (1 - share) + self.table[row, high] * share
        return np.where(inside, mixed, np.float32(np.nan)).astype(np.float32)


def alike(
    a: Motion, b: Motion, matrix: Exact, of_a: tuple[float, float], of_b: tuple[float, float]
) -> Alike | None:
    """Return the likeness of two stretches, in seconds; None where the films share too little.

    ``matrix`` leads places of a to places of b, in fractions.
    """
    every = a.every_ns / NANO
    own = _own(a.grid)
    here, there = (
        slice(max(0, int(low / every)), min(len(grid), int(high / every) + 2))
        for grid, (low, high) in ((a.grid, of_a), (b.grid, of_b))
    )
    first, second = a.grid[here].astype(np.float32), b.grid[there].astype(np.float32)
    if not len(first) or not len(second):
        return None
    seen, shared = as_seen(second, matrix, (first.shape[1], first.shape[2]), _own(b.grid))
    shared &= own
    if int(shared.sum()) < FEWEST_CELLS:
        return None
    table = _levelled(first, shared) @ _levelled(seen, shared).T
    return Alike(table, here.start, there.start, every)


def alike_along(a: Motion, b: Motion, matrix: Exact, speed: float, offset: float) -> Reals:
    """Return the likeness at each step of a along one line; nan where b is not there."""
    every = a.every_ns / NANO
    found = np.full(len(a.grid), np.nan, np.float32)
    on_b = np.rint((np.arange(len(a.grid)) * every * speed + offset) / every).astype(np.int64)
    there = np.flatnonzero((on_b >= 0) & (on_b < len(b.grid)))
    shape = (a.grid.shape[1], a.grid.shape[2])
    of_a, of_b = _own(a.grid), _own(b.grid)
    for some in np.array_split(there, len(there) // MOST_AT_ONCE + 1):
        if not some.size:
            continue
        seen, shared = as_seen(b.grid[on_b[some]].astype(np.float32), matrix, shape, of_b)
        shared &= of_a
        if int(shared.sum()) < FEWEST_CELLS:
            return found
        here = _levelled(a.grid[some].astype(np.float32), shared)
        found[some] = (here * _levelled(seen, shared)).sum(axis=1)
    return found


@dataclass(frozen=True, slots=True)
class Aligned:
    """b's second = ``offset`` + ``speed`` * a's, through ``matrix``: how alike, -1 to 1."""

    matrix: Exact
    speed: float
    offset: float
    alike: float


def aligned(a: Motion, b: Motion, matrix: Exact, at_a: float, at_b: float) -> Aligned | None:
    """Return the line near two moments (seconds) along which a keeps one place in b throughout.

    Two looks that were described up to a second apart, under a moving camera, give a matrix that
    holds for that moment alone. The true one is shifted, and the shift is the same at all moments:
    the cross-correlations of many moments are added up before their summit is looked for.
    """
    every = a.every_ns / NANO
    of_a = _samples(len(a.grid), at_a / every, AROUND / every)
    reach = (AROUND * max(SPEEDS) + REACH) / every
    first = max(0, int(at_b / every - reach))
    there = b.grid[first : int(at_b / every + reach) + 2].astype(np.float32)
    if not len(there) or not of_a.size:
        return None
    shape = (a.grid.shape[1], a.grid.shape[2])
    seen, shared = as_seen(there, matrix, shape, _own(b.grid))
    own = _own(a.grid)
    if int((shared & own).sum()) < FEWEST_CELLS:
        return None
    waves_a = _waves(_levelled(a.grid[of_a].astype(np.float32), own), own)
    waves_b = _waves(_levelled(seen, shared), shared)
    best = Aligned(matrix, 1.0, at_b - at_a, -1.0)
    for speed in SPEEDS:
        for late in np.arange(-REACH, REACH + every / 2, every):
            on_b = (
                np.rint((at_b + late + (of_a * every - at_a) * speed) / every).astype(int) - first
            )
            inside = (on_b >= 0) & (on_b < len(waves_b))
            if not inside.any():
                continue
            both = (np.conj(waves_a[inside]) * waves_b[on_b[inside]]).sum(axis=0)
            height, shift = _summit(np.fft.irfft2(both, shape) / len(of_a))
            if height > best.alike + EARNED:
                offset = at_b + float(late) - at_a * speed
                best = Aligned(_shifted(matrix, shift, shape), speed, offset, height)
    return best


def _samples(count: int, middle: float, reach: float) -> NDArray[np.intp]:
    low, high = max(0, round(middle - reach)), min(count, round(middle + reach) + 1)
    return np.arange(low, max(low, high), EVERY)


def _waves(rows: Reals, shared: NDArray[np.bool_]) -> NDArray[np.complex128]:
    pictures = np.zeros((len(rows), *shared.shape), np.float32)
    pictures[:, shared] = rows
    return np.fft.rfft2(pictures)


def _summit(heights: Exact) -> tuple[float, tuple[float, float]]:
    """Return the highest value within reach, and how many cells down and across it lies."""
    high, wide = heights.shape
    down, across = np.fft.fftfreq(high) * high, np.fft.fftfreq(wide) * wide
    near = (np.abs(down)[:, None] <= FARTHEST * high) & (np.abs(across)[None] <= FARTHEST * wide)
    row, column = np.unravel_index(int(np.where(near, heights, -np.inf).argmax()), heights.shape)
    shift = (
        down[row] + _finer(heights[:, column], int(row)),
        across[column] + _finer(heights[row], int(column)),
    )
    return float(heights[row, column]), (float(shift[0]), float(shift[1]))


def _finer(ring: Exact, at: int) -> float:
    left, top, right = ring[at - 1], ring[at], ring[(at + 1) % len(ring)]
    bend = left - 2 * top + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0


def _shifted(matrix: Exact, shift: tuple[float, float], shape: tuple[int, int]) -> Exact:
    """Return the matrix for a picture of a that lies ``shift`` cells further in b."""
    moved = np.array([[1, 0, shift[1] / shape[1]], [0, 1, shift[0] / shape[0]], [0, 0, 1]])
    return np.asarray(matrix @ moved, np.float64)


def _own(grid: Bytes) -> NDArray[np.bool_]:
    """Return which cells are the film's own, not a title or bar that stays where all moves."""
    some = grid[:: len(grid) // MOST_LOOKED_AT + 1].astype(np.float32)
    spread = some.std(axis=0)
    if (spread > MOVES).mean() < MOST_MOVES:
        return np.ones_like(spread, np.bool_)
    still = cv2.dilate((spread < STAYS).astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(np.asarray(still).reshape(spread.shape) == 0, np.bool_)


def as_seen(
    b: Reals, matrix: Exact, shape: tuple[int, int], own: NDArray[np.bool_]
) -> tuple[Reals, NDArray[np.bool_]]:
    """Return b's pictures drawn in a's cells, and which of them b fills with ``own`` cells."""
    b = _shrunk(b, matrix, shape)
    high, wide = b.shape[1:]
    middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    path = (
        np.linalg.inv(middle)
        @ np.diag([wide, high, 1.0])
        @ matrix
        @ np.diag([1 / shape[1], 1 / shape[0], 1.0])
        @ middle
    )
    how, size = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, (shape[1], shape[0])
    drawn = np.stack(
        [
            cv2.warpPerspective(one, path, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
            for one in b
        ]
    )
    whole = cv2.resize(own.astype(np.float32), (wide, high), interpolation=cv2.INTER_AREA)
    filled = cv2.warpPerspective(whole, path, size, flags=how)
    shared = np.asarray(filled).reshape(shape) > 0.99  # noqa: PLR2004
    return np.asarray(drawn, np.float32).reshape(len(b), *shape), shared


def _shrunk(b: Reals, matrix: Exact, shape: tuple[int, int]) -> Reals:
    """Return b with cells no smaller than a's: one drawn small is a mean of what it shows."""
    high, wide = b.shape[1:]
    cells = np.diag([wide, high]) @ slopes(matrix) @ np.diag([1 / shape[1], 1 / shape[0]])
    scale = float(np.sqrt(abs(np.linalg.det(cells))))
    if not LEAST_SCALE < scale < MOST_SCALE:
        return b
    size = (max(1, round(wide / scale)), max(1, round(high / scale)))
    small = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in b]
    return np.asarray(small, np.float32).reshape(len(b), size[1], size[0])


def _levelled(grid: Reals, shared: NDArray[np.bool_]) -> Reals:
    """Return the shared cells less their surroundings, each picture of mean 0 and length 1."""
    inside = shared.astype(np.float32)
    spread = cv2.GaussianBlur(inside, (0, 0), WIDE) + np.float32(1e-6)
    flat = np.stack(
        [(one - cv2.GaussianBlur(one * inside, (0, 0), WIDE) / spread)[shared] for one in grid]
    )
    flat -= flat.mean(axis=1, keepdims=True)
    # A picture of nothing (black, fog) is like no other.
    length = np.sqrt((flat**2).sum(axis=1, keepdims=True) + flat.shape[1])
    return np.asarray(flat / length, np.float32)
