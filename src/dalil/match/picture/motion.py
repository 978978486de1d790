"""Do two films move alike? What tells the same footage from the same scene at another moment.

A picture alone cannot: a camera on a tripod sees the same wall all day. So what moves in both is
held against each other at every offset, and a copy is where one offset stands out. Camera shake,
light, overlays and speed are taken away before (``residual``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from dalil.match.found import Piece, Stage
from dalil.match.picture.residual import FINER, Residuals, residuals
from dalil.media.features.features import NANO, Motion

Reals = NDArray[np.float32]
Exact = NDArray[np.float64]

# A stretch longer than this is judged by its middle, window by window, each half over the last: two
# long films may share but a part. b is searched this far around its place.
MOST_STEPS, WINDOW_STEPS, PART_STEPS = 180 * 8, 20 * 8, 8 * 8
MOST_STEPS_AROUND = 15 * 60 * 8
# Of a b longer than this only so many places are looked at closely, with some steps to spare.
WHOLE_STEPS, LEADS, SPARE_STEPS = 120 * 8, 3, 5 * 8
# Offsets further apart than this are two places, not one.
APART_SECONDS = 1.0
# Speeds tried beside the piece's own, and seconds of drift between two that nobody would see.
OTHER_SPEEDS, UNSEEN_DRIFT = 0.06, 0.25
_ALIKE = np.eye(3, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached, fitted on some scenes and reported on others (docs/decisions/30).

    ``moving``: steps of full motion without which nothing is said. ``alike`` + ``scarce`` / steps,
    at most ``strict``, is what a copy reaches: the less moves, the more alike it must be.
    ``rival``: a second offset this near to the best is a motion that repeats itself.
    ``unlike``: that much below the bar of a copy, and with no still stretch that could hold it, it
    is another moment.
    """

    moving: float = 8.0
    alike: float = 0.5
    scarce: float = 4.0
    strict: float = 0.85
    rival: float = 0.8
    unlike: float = 0.25


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


def moved_alike(a: Motion, b: Motion, piece: Piece, bars: Bars = BARS) -> Moved:
    """Judge whether b moves, somewhere around the piece, as the piece's stretch of a does.

    ``yes``: one offset stands out, and the piece is placed there. ``no``: both move, and never
    alike. ``cannot-tell``: too little moves, it repeats itself, or it is between the two.
    """
    judged = [one for span in _spans(a, b, piece) for one in _judged(a, b, piece, span, bars)]
    best = max(judged, key=lambda one: (one.alike >= one.bar, one.alike), default=_NOTHING)
    if best.alike < -1:
        return Moved(Stage("motion", "cannot-tell"), piece)
    others = [one.alike for one in judged if abs(one.zero - best.zero) > APART_SECONDS]
    rival = max([best.rival, *others])
    score = round(best.alike, 3)
    if best.alike >= best.bar and rival <= bars.rival * best.alike and best.piece is not None:
        return Moved(Stage("motion", "yes", score), best.piece)
    # Still windows are ignored beside as many that move: the rest of the film speaks for them.
    nowhere = all(one.alike < one.bar - bars.unlike for one in judged)
    settled = nowhere and 2 * sum(one.settled for one in judged) >= len(judged)
    return Moved(Stage("motion", "no" if settled else "cannot-tell", score), piece)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one span of b came to; ``zero`` is b's second at a's first picture."""

    alike: float = -2.0
    bar: float = 1.0
    rival: float = -1.0
    zero: float = 0.0
    settled: bool = False
    piece: Piece | None = None


_NOTHING = _Judged()


def _judged(a: Motion, b: Motion, piece: Piece, span: range, bars: Bars) -> list[_Judged]:
    """Return what each window of the stretch came to."""
    held = _shared(a, b, piece, span)
    if held is None:
        return []
    first = _stretch(a, piece).start
    windows = _windows(len(held.strong_a))
    return [_window(held, rows, piece, (first, span.start), bars) for rows in windows]


def _windows(long: int) -> list[slice]:
    """Return the steps of windows: all of a short stretch, and parts that alone may be shared."""
    size = WINDOW_STEPS if long > WINDOW_STEPS else PART_STEPS
    starts = range(0, max(0, long - size // 2), size // 2) if long > size else ()
    parts = [slice(start, min(long, start + size)) for start in starts]
    return [slice(0, long), *parts] if long <= WINDOW_STEPS * 3 // 2 else parts


def _window(
    whole: Residuals, rows: slice, piece: Piece, steps: tuple[int, int], bars: Bars
) -> _Judged:
    """Judge one window, ``steps``: of a and b at which what is held of them begins."""
    held = whole.part(rows)
    curve = _curve(held)
    long = curve.steps >= max(bars.moving, curve.steps.max() / 2)
    alive = long & (curve.moving >= bars.moving)
    if not alive.any():
        return _NOTHING
    best = int(np.where(alive, curve.alike, -2.0).argmax())
    at = best - (len(held.strong_a) - 1) * FINER
    # What lies around the window must agree as well, as far as b shows it.
    size = rows.stop - rows.start
    around = slice(max(0, rows.start - size), min(len(whole.strong_a), rows.stop + size))
    alike, line = _straightened(held, at, piece.speed)
    if around != rows:
        at -= (rows.start - around.start) * FINER
        wider, line = _straightened(whole.part(around), at, piece.speed)
        alike = min(alike, wider)
    bar = min(bars.strict, bars.alike + bars.scarce / float(curve.moving[best]))
    far = alive & (np.abs(curve.offsets - curve.offsets[best]) > APART_SECONDS)
    rival = float(curve.alike[far].max()) if far.any() else -1.0
    # A copy can hide where a stands still, and behind noise that moves more than the scene does.
    sure = float(held.sure.sum())
    still = bool((long & ~alive).any()) or sure < max(bars.moving, float(held.strong_a.sum()) / 2)
    placed, zero = _placed(piece, held, line, ((steps[0] + around.start) / 8, steps[1] / 8))
    return _Judged(alike, bar, rival, zero, alike < bar - bars.unlike and not still, placed)


def _stretch(a: Motion, piece: Piece) -> range:
    """Return the steps of a that are judged: those of the piece, the middle of too many."""
    first = max(0, round(piece.a_from_ns / a.every_ns))
    last = min(len(a.grid), round(piece.a_to_ns / a.every_ns) + 1)
    spare = max(0, last - first - MOST_STEPS) // 2
    return range(first + spare, last - spare)


def _spans(a: Motion, b: Motion, piece: Piece) -> list[range]:
    """Return the steps of b to look through: all, or of a long film where a coarse look leads."""
    middle = round((piece.b_from_ns + piece.b_to_ns) / 2 / b.every_ns)
    start = max(0, min(middle - MOST_STEPS_AROUND // 2, len(b.grid) - MOST_STEPS_AROUND))
    whole = range(start, min(len(b.grid), start + MOST_STEPS_AROUND))
    need = math.ceil(len(_stretch(a, piece)) * piece.speed) + 2 * SPARE_STEPS
    if len(whole) <= max(WHOLE_STEPS, 2 * need):
        return [whole]
    held = _shared(a, b, piece, whole, coarser=2)
    if held is None:
        return []
    curve, spans = _curve(held), []
    left = np.where(curve.steps >= curve.steps.max() / 2, curve.alike, -2.0)
    for _ in range(LEADS):
        at = float(curve.offsets[int(left.argmax())])
        left[np.abs(curve.offsets - at) <= APART_SECONDS] = -2.0
        begin = start + round(at * 8 * piece.speed) - SPARE_STEPS
        spans.append(range(max(0, begin), min(len(b.grid), begin + need)))
    return spans


def _shared(a: Motion, b: Motion, piece: Piece, span: range, coarser: int = 1) -> Residuals | None:
    """Return what moves in the piece's stretch of a and in the span of b, in all that both show."""
    stretch = _stretch(a, piece)
    if not len(stretch) or not len(span) or piece.speed <= 0:
        return None
    matrix = _ALIKE
    if piece.transform is not None:
        matrix = np.array(piece.transform.matrix, np.float32).reshape(3, 3)
    of_a, of_b = (
        _coarser(each.grid[steps.start : steps.stop], coarser)
        for each, steps in ((a, stretch), (b, span))
    )
    return residuals(of_a, of_b, matrix, piece.speed)


def _coarser(grid: NDArray[np.uint8], times: int) -> Reals:
    if times == 1:
        return grid.astype(np.float32)
    size = (max(1, grid.shape[2] // times), max(1, grid.shape[1] // times))
    drawn = [cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in grid]
    return np.asarray(drawn, np.float32).reshape(len(grid), size[1], size[0])


def _curve(held: Residuals) -> Curve:
    """Return likeness at all offsets, in seconds of a's clock from the first of its steps."""
    edge = (len(held.strong_a) - 1) * FINER
    alike = np.pad(held.products, ((0, 0), (edge, edge)))
    of_b, there = (
        np.broadcast_to(np.pad(row, (edge, edge)), alike.shape).copy()
        for row in (held.strong_b, np.ones(len(held.strong_b), np.float32))
    )
    products, powers, shown = _slanted(alike), _slanted(of_b), _slanted(there)
    steps = shown.sum(axis=0, dtype=np.float64)
    # Each offset is one column: sums of products, over the root of the sums of both powers.
    size = np.sqrt(
        (held.strong_a @ shown).astype(np.float64) * powers.sum(axis=0, dtype=np.float64)
    )
    likeness = products.sum(axis=0, dtype=np.float64) / np.maximum(size, 1e-9)
    moving = (np.maximum(held.strong_a[:, None], powers) * shown).sum(axis=0, dtype=np.float64)
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


def _straightened(held: Residuals, at: int, speed: float) -> tuple[float, _Line]:
    """Return the highest likeness near an offset over slightly other speeds, and its line.

    The line keeps to a speed of exactly 1, else to that of the piece, unless another is better and
    would be seen to be: noise always finds one that fits a little better.
    """
    plain = 1 / speed
    wished = ([plain] if abs(plain - 1) <= OTHER_SPEEDS else []) + [1.0]
    slopes = [*wished, *np.linspace(1 - OTHER_SPEEDS, 1 + OTHER_SPEEDS, 25)]
    tried = [_leaning(held, at, slope) for slope in slopes]
    top, line = max(tried, key=lambda one: one[0])
    for alike, kept in tried[: len(wished)]:
        drift = abs(line.slope - kept.slope) * len(held.strong_a) / 8
        if drift <= UNSEEN_DRIFT or alike >= top - 0.01:
            return top, kept
    return top, line


def _leaning(held: Residuals, at: int, slope: float) -> tuple[float, _Line]:
    step, middle = np.arange(len(held.strong_a)), len(held.strong_a) / 2
    near = np.arange(-FINER * 8, FINER * 8 + 1)
    # Turned about the middle, so that an offset means the same at all slopes.
    on_b = np.rint((middle + (step - middle) * slope) * FINER).astype(np.int64) + at
    alike = _along(held, on_b, near)
    k = int(alike.argmax())
    begin = (at + near[k] + _summit(alike, k)) / (FINER * 8) + middle * (1 - slope) / 8
    return float(alike[k]), _Line(float(begin), float(slope))


def _along(held: Residuals, on_b: NDArray[np.int64], near: NDArray[np.int64]) -> Exact:
    """Return the likeness along one line, moved by each of ``near``."""
    at = on_b[:, None] + near
    there = (at >= 0) & (at < len(held.strong_b))
    at = np.where(there, at, 0)
    products = np.take_along_axis(held.products, at, axis=1).astype(np.float64)
    of_a, of_b = held.strong_a[:, None].astype(np.float64), held.strong_b[at].astype(np.float64)
    size = np.sqrt((of_a * there).sum(axis=0) * (of_b * there).sum(axis=0))
    return np.asarray((products * there).sum(axis=0) / np.maximum(size, 1e-9), np.float64)


def _summit(alike: Exact, k: int) -> float:
    """Return where between its neighbours the top of a parabola lies, -.5 to .5."""
    if not 0 < k < len(alike) - 1:
        return 0.0
    left, top, right = alike[k - 1 : k + 2]
    bend = left - 2 * top + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0


def _placed(
    piece: Piece, held: Residuals, line: _Line, begins: tuple[float, float]
) -> tuple[Piece, float]:
    """Return the piece with its range of b where motion puts it, cut to what b has; and its zero.

    ``begins``: the seconds at which what is held of a and of b begins.
    """
    a_at, b_at = begins
    speed = piece.speed * line.slope
    # b's seconds at a's first picture; the line counts b on a's clock.
    zero = b_at + line.begin * piece.speed - a_at * speed
    end = b_at + (len(held.strong_b) - 1) / (FINER * 8) * piece.speed
    a_from = max(piece.a_from_ns / NANO, -zero / speed)
    a_to = max(a_from, min(piece.a_to_ns / NANO, (end + 0.125 - zero) / speed))
    b_from, b_to = max(0.0, zero + speed * a_from), zero + speed * a_to
    a_ns, b_ns = ([round(at * NANO) for at in ends] for ends in ((a_from, a_to), (b_from, b_to)))
    return Piece(a_ns[0], a_ns[1], b_ns[0], b_ns[1], speed, piece.transform), zero
