"""Do two films move alike? What tells the same footage from the same scene at another moment.

A picture alone cannot: a camera on a tripod sees the same wall all day. So what moves in both is
held against each other at every offset, and a copy is where one offset stands out. Camera shake,
light, overlays and speed are taken away before (``residual``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from dalil.match.found import Piece, Stage
from dalil.match.picture.residual import FINER, Residuals, residuals
from dalil.media.features.features import NANO, Motion

Reals = NDArray[np.float32]
Exact = NDArray[np.float64]

# A stretch longer than this is judged by its middle; b is searched this far around its place.
MOST_STEPS = 60 * 8
MOST_STEPS_AROUND = 15 * 60 * 8
_ALIKE = np.eye(3, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached, fitted on some scenes and reported on others (docs/decisions/30).

    ``moving``: steps of full motion without which nothing is said. ``alike`` + ``scarce`` / steps,
    at most ``strict``, is what a copy reaches: the less moves, the more alike it must be.
    ``rival``: a second offset this near to the best is a motion that repeats itself.
    ``unlike``: below it, and with no still stretch that could hold the copy, it is another moment.
    """

    moving: float = 8.0
    alike: float = 0.5
    scarce: float = 4.0
    strict: float = 0.85
    rival: float = 0.8
    unlike: float = 0.4


BARS = Bars()


@dataclass(frozen=True, slots=True)
class Curve:
    """How alike a and b move at each offset, all arrays of one length.

    ``offsets`` f8[k] seconds of b at a's beginning; ``alike`` f8[k] -1 to 1; ``moving`` f8[k] steps
    (of 1/8 s) of full motion in either; ``steps`` f8[k] in which both are shown.
    """

    offsets: Exact
    alike: Exact
    moving: Exact
    steps: Exact


@dataclass(frozen=True, slots=True)
class Moved:
    """What motion said, and the piece as motion places it (as it came where it cannot)."""

    stage: Stage
    piece: Piece


def correlation(a: Motion, b: Motion, piece: Piece) -> Curve | None:
    """Return how alike the stretch of a moves with b at each offset; None where nothing is shared.

    Offsets count from a's first picture, at the piece's own speed, each 1/16 s of a.
    """
    found = _shared(a, b, piece)
    if found is None:
        return None
    held, a_at, b_at = found
    curve = _curve(held)
    return replace(curve, offsets=b_at + curve.offsets * piece.speed - a_at * piece.speed)


def moved_alike(a: Motion, b: Motion, piece: Piece, bars: Bars = BARS) -> Moved:
    """Judge whether b moves, somewhere around the piece, as the piece's stretch of a does.

    ``yes``: one offset stands out, and the piece is placed there. ``no``: both move, and never
    alike. ``cannot-tell``: too little moves, it repeats itself, or it is between the two.
    """
    found = _shared(a, b, piece)
    if found is None:
        return Moved(Stage("motion", "cannot-tell"), piece)
    held, a_at, b_at = found
    curve = _curve(held)
    long = curve.steps >= max(bars.moving, curve.steps.max() / 2)
    alive = long & (curve.moving >= bars.moving)
    if not alive.any():
        return Moved(Stage("motion", "cannot-tell"), piece)
    best = int(np.where(alive, curve.alike, -2.0).argmax())
    alike, line = _straightened(held, best)
    bar = min(bars.strict, bars.alike + bars.scarce / float(curve.moving[best]))
    far = alive & (np.abs(curve.offsets - curve.offsets[best]) > 1.0)
    rival = float(curve.alike[far].max()) if far.any() else -1.0
    if alike >= bar and rival <= bars.rival * alike:
        return Moved(
            Stage("motion", "yes", round(alike, 3)), _placed(piece, held, line, a_at, b_at)
        )
    # A copy can hide where a stands still, and behind noise that moves more than the scene does.
    sure = float(held.sure.sum())
    still = bool((long & ~alive).any()) or sure < max(bars.moving, (held.a**2).sum() / 2)
    settled = alike < bars.unlike and not still
    return Moved(Stage("motion", "no" if settled else "cannot-tell", round(alike, 3)), piece)


def _shared(a: Motion, b: Motion, piece: Piece) -> tuple[Residuals, float, float] | None:
    """Return what moves in both, and at which seconds of a and of b it begins."""
    if not len(a.grid) or not len(b.grid) or piece.speed <= 0:
        return None
    every = a.every_ns / NANO
    first = max(0, round(piece.a_from_ns / a.every_ns))
    last = min(len(a.grid), round(piece.a_to_ns / a.every_ns) + 1)
    spare = max(0, last - first - MOST_STEPS) // 2
    first, last = first + spare, last - spare
    middle = round((piece.b_from_ns + piece.b_to_ns) / 2 / b.every_ns)
    start = max(0, min(middle - MOST_STEPS_AROUND // 2, len(b.grid) - MOST_STEPS_AROUND))
    around = b.grid[start : start + MOST_STEPS_AROUND].astype(np.float32)
    matrix = _ALIKE
    if piece.transform is not None:
        matrix = np.array(piece.transform.matrix, np.float32).reshape(3, 3)
    held = residuals(a.grid[first:last].astype(np.float32), around, matrix, piece.speed)
    return None if held is None else (held, first * every, start * every)


def _curve(held: Residuals) -> Curve:
    """Return likeness at all offsets, in seconds of a's clock from the first of its steps."""
    edge = (len(held.a) - 1) * FINER
    alike = np.pad(held.products, ((0, 0), (edge, edge)))
    of_a = (held.a**2).sum(axis=1)
    of_b, there = (
        np.broadcast_to(np.pad(row, (edge, edge)), alike.shape).copy()
        for row in ((held.b**2).sum(axis=1), np.ones(len(held.b), np.float32))
    )
    products, powers, shown = _slanted(alike), _slanted(of_b), _slanted(there)
    steps = shown.sum(axis=0, dtype=np.float64)
    # Each offset is one column: sums of products, over the root of the sums of both powers.
    size = np.sqrt((of_a @ shown).astype(np.float64) * powers.sum(axis=0, dtype=np.float64))
    likeness = products.sum(axis=0, dtype=np.float64) / np.maximum(size, 1e-9)
    moving = (np.maximum(of_a[:, None], powers) * shown).sum(axis=0, dtype=np.float64)
    offsets = (np.arange(products.shape[1]) - edge) / (FINER * 8)
    return Curve(offsets, likeness, moving, steps)


def _slanted(wide: Reals) -> Reals:
    """Return a view whose row i begins ``FINER`` * i later: one offset becomes one column."""
    count, width = wide.shape
    down, across = wide.strides
    shape = (count, width - (count - 1) * FINER)
    return as_strided(wide, shape, (down + FINER * across, across), writeable=False)


@dataclass(frozen=True, slots=True)
class _Line:
    """b = ``begin`` + ``slope`` * a, in seconds from the first step of each."""

    begin: float
    slope: float


def _straightened(held: Residuals, best: int) -> tuple[float, _Line]:
    """Return the highest likeness near the best offset over slightly other speeds, and its line."""
    step = np.arange(len(held.a))
    at = best - (len(held.a) - 1) * FINER
    near = np.arange(-FINER * 8, FINER * 8 + 1)
    middle = len(held.a) / 2
    top, line = -2.0, _Line(at / (FINER * 8), 1.0)
    for slope in np.linspace(0.94, 1.06, 25):
        # Turned about the middle, so that an offset means the same at all slopes.
        on_b = np.rint((middle + (step - middle) * slope) * FINER).astype(np.int64) + at
        alike = _along(held, on_b, near)
        k = int(alike.argmax())
        # A slope of its own must be earned: noise always finds one that fits a little better.
        if alike[k] - (0.01 if abs(slope - 1) > 1e-6 else 0.0) > top:  # noqa: PLR2004
            top = float(alike[k])
            finer = near[k] + _summit(alike, k)
            begin = (at + finer) / (FINER * 8) + middle * (1 - slope) / 8
            line = _Line(begin, float(slope))
    return top, line


def _along(held: Residuals, on_b: NDArray[np.int64], near: NDArray[np.int64]) -> Exact:
    """Return the likeness along one line, moved by each of ``near``."""
    at = on_b[:, None] + near
    there = (at >= 0) & (at < len(held.b))
    at = np.where(there, at, 0)
    products = np.take_along_axis(held.products, at, axis=1).astype(np.float64)
    of_a = (held.a**2).sum(axis=1, dtype=np.float64)[:, None]
    of_b = (held.b**2).sum(axis=1, dtype=np.float64)[at]
    size = np.sqrt((of_a * there).sum(axis=0) * (of_b * there).sum(axis=0))
    return np.asarray((products * there).sum(axis=0) / np.maximum(size, 1e-9), np.float64)


def _summit(alike: Exact, k: int) -> float:
    """Return where between its neighbours the top of a parabola lies, -.5 to .5."""
    if not 0 < k < len(alike) - 1:
        return 0.0
    left, top, right = alike[k - 1 : k + 2]
    bend = left - 2 * top + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0


def _placed(piece: Piece, held: Residuals, line: _Line, a_at: float, b_at: float) -> Piece:
    """Return the piece with its range of b where motion puts it, cut to what b has."""
    speed = piece.speed * line.slope
    # b's seconds at a's first picture; the line counts b on a's clock.
    zero = b_at + line.begin * piece.speed - a_at * speed
    end = b_at + (len(held.b) - 1) / (FINER * 8) * piece.speed
    a_from = max(piece.a_from_ns / NANO, -zero / speed)
    a_to = max(a_from, min(piece.a_to_ns / NANO, (end + 0.125 - zero) / speed))
    a_range, b_range = (
        [round(at * NANO) for at in r]
        for r in ((a_from, a_to), (max(0.0, zero + speed * a_from), zero + speed * a_to))
    )
    return replace(
        piece,
        a_from_ns=a_range[0],
        a_to_ns=a_range[1],
        b_from_ns=b_range[0],
        b_to_ns=b_range[1],
        speed=speed,
    )
