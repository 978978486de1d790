"""What moves within two films, seen in one frame: the camera's own motion and light taken away."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float32]

# Steps (1/8 s): slower than the first and faster than the second spread is motion. Measured on the
# scenes that thresholds were fitted on: slower changes are where two moments of a scene look alike.
FAST, SLOW = 0.5, 2.0
FEWEST_CELLS = 12
# Times finer than a step at which the second film is read.
FINER = 2
# Steps whose camera motion is solved together: bounds memory, not what comes out.
AT_ONCE = 128
# Mean square of grey below which a step is still: about what compression alone changes.
STILL = 0.5


@dataclass(frozen=True, slots=True)
class Residuals:
    """What moves at each step of a, t, and at each 1/``FINER`` of one of b, u, on a's clock.

    ``products`` f4[t, u] of what moves in the cells that both show; ``strong_a`` f4[t] and
    ``strong_b`` f4[u] its own power: 0 where nothing moves, up to 1. ``sure`` f4[t]: how far a step
    of a moves beyond noise, which moves all cells alike.
    """

    products: Reals
    strong_a: Reals
    strong_b: Reals
    sure: Reals

    def part(self, rows: slice) -> Residuals:
        """Return those of some steps of a."""
        return Residuals(self.products[rows], self.strong_a[rows], self.strong_b, self.sure[rows])


def residuals(a: Reals, b: Reals, matrix: Reals, speed: float) -> Residuals | None:
    """Return what moves in grids ``a`` and ``b`` f4[t, h, w]; None where they share too little.

    ``matrix`` 3 x 3 leads places in a to places in b, as fractions; ``speed``: seconds of b that
    pass in a second of a.
    """
    seen, shared, scale = _as_a_sees(_paced(b, speed), matrix, (a.shape[1], a.shape[2]))
    if int(shared.sum()) < FEWEST_CELLS or len(a) < 2 or len(seen) < 2:  # noqa: PLR2004
        return None
    # The larger picture of the two is blurred to what the smaller can show.
    a = _blurred(a, 1 / scale)
    of_a, of_b = _moving(a, shared), _moving(seen, shared)
    weight = _agreement(of_a, of_b)
    sure = _sure(of_a)
    of_a, of_b = _scaled(of_a * weight), _scaled(_finer(of_b * weight))
    strong_a, strong_b = (np.asarray((one**2).sum(axis=1), np.float32) for one in (of_a, of_b))
    return Residuals(np.asarray(of_a @ of_b.T, np.float32), strong_a, strong_b, sure)


def _paced(grid: Reals, speed: float) -> Reals:
    count = int((len(grid) - 1) / speed + 1e-6) + 1
    return _mixed(grid, np.arange(count, dtype=np.float64) * speed)


def _finer(rows: Reals) -> Reals:
    return _mixed(rows, np.arange((len(rows) - 1) * FINER + 1, dtype=np.float64) / FINER)


def _mixed(rows: Reals, steps: NDArray[np.float64]) -> Reals:
    before = np.minimum(steps.astype(np.int64), len(rows) - 1)
    after = np.minimum(before + 1, len(rows) - 1)
    share = (steps - before).astype(np.float32).reshape(-1, *[1] * (rows.ndim - 1))
    return np.asarray(rows[before] * (1 - share) + rows[after] * share, np.float32)


def _as_a_sees(
    b: Reals, matrix: Reals, shape: tuple[int, int]
) -> tuple[Reals, NDArray[np.bool_], float]:
    """Return b drawn in a's cells, which cells b fills, and b's cells in one of a's."""
    high, wide = b.shape[1:]
    centre = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    fractions = np.diag([1 / shape[1], 1 / shape[0], 1.0])
    path = np.linalg.inv(centre) @ np.diag([wide, high, 1.0]) @ matrix @ fractions @ centre
    scale = _scale(path, shape)
    size, how = (shape[1], shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    drawn = [
        cv2.warpPerspective(one, path, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
        for one in _blurred(b, scale)
    ]
    filled = cv2.warpPerspective(np.ones((high, wide), np.float32), path, size, flags=how)
    stack = np.asarray(drawn, np.float32).reshape(len(b), *shape)
    return stack, np.asarray(filled).reshape(shape) > 0.99, scale  # noqa: PLR2004


def _scale(path: NDArray[np.float64], shape: tuple[int, int]) -> float:
    """Return how many cells of b one of a spans in its middle, each way."""
    x, y, w = path @ np.array([shape[1] / 2, shape[0] / 2, 1.0])
    if abs(w) < 1e-9:  # noqa: PLR2004
        return 1.0
    slopes = path[:2, :2] - np.outer((x / w, y / w), path[2, :2])
    return float(np.clip(math.sqrt(abs(np.linalg.det(slopes))) / abs(w), 0.05, 20.0))


def _blurred(grid: Reals, scale: float) -> Reals:
    if scale <= 1.2:  # noqa: PLR2004
        return grid
    spread = 0.45 * math.sqrt(scale**2 - 1)
    return np.stack([cv2.GaussianBlur(one, (0, 0), spread).astype(np.float32) for one in grid])


def _moving(grid: Reals, shared: NDArray[np.bool_]) -> Reals:
    """Return f4[t, c]: change at the pace of motion, less what camera and light explain."""
    change = (_smooth(grid, FAST) - _smooth(grid, SLOW))[:, shared]
    for begin in range(0, len(grid), AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        change[some] -= _explained(change[some], grid[some], shared)
    return change


def _smooth(grid: Reals, spread: float) -> Reals:
    """Return the grid smoothed over time by a Gaussian; ends are held."""
    flat = grid.reshape(len(grid), -1)
    reach = 2 * math.ceil(3 * spread) + 1
    smooth = cv2.GaussianBlur(
        flat, (1, reach), sigmaX=1, sigmaY=spread, borderType=cv2.BORDER_REPLICATE
    )
    return np.asarray(smooth, np.float32).reshape(grid.shape)


def _explained(change: Reals, grid: Reals, shared: NDArray[np.bool_]) -> Reals:
    """Return the part of each step that is gain, level, shift, zoom or turn, to first order."""
    high, wide = grid.shape[1:]
    side = max(high, wide)
    y, x = ((np.indices((high, wide)) - np.array([[[high / 2]], [[wide / 2]]])) / side)[:, shared]
    down = np.gradient(grid, axis=1)[:, shared] if high > 1 else np.zeros_like(change)
    across = np.gradient(grid, axis=2)[:, shared] if wide > 1 else np.zeros_like(change)
    zoom, turn = x * across + y * down, x * down - y * across
    parts = (np.ones_like(change), grid[:, shared], across, down, zoom, turn)
    base = np.stack(parts, axis=2).astype(np.float32)
    base /= np.linalg.norm(base, axis=1, keepdims=True) + 1e-6
    turned = base.transpose(0, 2, 1)
    square = turned @ base + 1e-3 * np.eye(len(parts), dtype=np.float32)
    share = np.linalg.solve(square, turned @ change[:, :, None])
    return np.asarray((base @ share)[:, :, 0], np.float32)


def _agreement(a: Reals, b: Reals) -> Reals:
    """Return a weight a cell: little where only one of the two moves, as under a running title."""
    of_a, of_b = (a**2).mean(axis=0) + 1e-9, (b**2).mean(axis=0) + 1e-9
    # How much more moves in a than in b where both move, a title's cells being outvoted.
    more, votes = of_a / of_b, np.sqrt(of_a * of_b)
    order = np.argsort(more)
    middle = np.searchsorted(np.cumsum(votes[order]), votes.sum() / 2)
    of_b = of_b * more[order[min(middle, len(order) - 1)]]
    return np.asarray(np.sqrt(np.minimum(of_a, of_b) / np.maximum(of_a, of_b)), np.float32)


def _scaled(rows: Reals) -> Reals:
    """Return each step by its own strength: one large event must not speak for all others."""
    strength = (rows**2).sum(axis=1, keepdims=True)
    return np.asarray(rows / np.sqrt(strength + STILL * rows.shape[1]), np.float32)


def _sure(rows: Reals) -> Reals:
    """Return f4[t] 0 to 1: what is moved beyond what noise of the median cell's size would."""
    power = rows**2
    # The mean of a squared normal value is 2.198 times its median.
    excess = np.maximum(power.mean(axis=1) - 2.198 * np.median(power, axis=1), 0)
    return np.asarray(excess / (excess + STILL), np.float32)
