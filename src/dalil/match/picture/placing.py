"""One stretch of a film laid on another: from when to when, how fast, and is it that moment.

A sighting of two looks gives the place in the picture. Small pictures, eight a second, give the
stretch that shows it; motion, or the path of a hand-held camera, gives the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dalil.match.found import Piece, Stage
from dalil.match.picture.geometry import Lie, apart, transform
from dalil.match.picture.likeness import Aligned, Alike, aligned, alike, alike_along
from dalil.match.picture.motion import Moved, moved_alike
from dalil.media.features.features import MOTION_EVERY_NS, NANO, Seen

Reals = NDArray[np.float32]

# Beside a film's own speed, in the order in which they are tried; motion covers 6 % around each.
SPEEDS = (1.0, 1.25, 0.78, 1.12, 0.88)
COVERED = 0.045
MOST_ALIGNED = 4
STEP_S = MOTION_EVERY_NS / NANO
# Seconds on either side of a sighting that are held against all of b within half as much again.
WINDOW_S = 90.0
# Where two matrices differ by less, as a share of the picture, the second is not tried.
SAME_MATRIX = 0.01


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached, fitted on some scenes and reported on others (docs/decisions/30).

    ``aligned``: likeness at which no better alignment is looked for. ``alike``: of two pictures,
    and ``alike_share`` as a share of what the stretch reaches, below which it ends; ``shortest`` in
    seconds. ``path``: likeness along a line, and ``bend``: how much less it must be a second and
    more beside it, over ``path_s`` seconds, for the camera's path to tell the moment. ``usual`` and
    ``drift``: a speed so near to 1 is 1, where that moves no end by more than these seconds.
    ``shorter``: a stretch of b so much shorter than that of a is laid on a, not a on it.
    """

    aligned: float = 0.6
    alike: float = 0.25
    alike_share: float = 0.55
    shortest: float = 0.75
    path: float = 0.7
    bend: float = 0.3
    path_s: float = 2.0
    usual: float = 0.025
    drift: float = 0.13
    shorter: float = 0.8


BARS = Bars()


@dataclass(frozen=True, slots=True)
class Sighted:
    """A look of a that shows what a look of b shows, at seconds of each, and how."""

    at_a: float
    at_b: float
    lie: Lie


@dataclass(frozen=True, slots=True)
class Laid:
    """A stretch of a on b; what motion said; how clearly the camera's path tells the moment.

    Motion that says no outweighs the path: a camera on a motor goes one way each hour.
    """

    piece: Piece
    motion: Stage
    path: float
    same: bool

    @property
    def sureness(self) -> tuple[bool, float]:
        """What the better of two is chosen by."""
        return self.same, self.motion.score or 0.0


def laid(a: Seen, b: Seen, near: Sequence[Sighted], bars: Bars = BARS) -> Laid | None:
    """Lay one stretch of a on b by the first of some sightings, or the best aligned of the next.

    None where the pictures around them are not alike: what agreed was a logo, or chance.
    """
    found: tuple[Aligned, Sighted] | None = None
    for each in near[:MOST_ALIGNED]:
        line = aligned(a.motion, b.motion, each.lie.matrix, each.at_a, each.at_b)
        if line is not None and (found is None or line.alike > found[0].alike):
            found = (line, each)
        if found is not None and found[0].alike >= bars.aligned:
            break
    if found is None:
        return None
    line, one = found
    best = _through(a, b, one, line, bars)
    if (best is None or not best.same) and apart(line.matrix, one.lie.matrix) > SAME_MATRIX:
        other = _through(a, b, one, replace(line, matrix=one.lie.matrix), bars)
        if other is not None and (best is None or other.sureness > best.sureness):
            return other
    return best


def _through(
    a: Seen, b: Seen, one: Sighted, line: Aligned, bars: Bars, *, turn: bool = True
) -> Laid | None:
    of_a = (one.at_a - WINDOW_S, one.at_a + WINDOW_S)
    of_b = (one.at_b - 1.5 * WINDOW_S, one.at_b + 1.5 * WINDOW_S)
    table = alike(a.motion, b.motion, line.matrix, of_a, of_b)
    if table is None or not table.table.size:
        return None
    shown = _around(table.table.max(axis=1), table.a_first, one.at_a, bars)
    there = _around(table.table.max(axis=0), table.b_first, one.at_b, bars)
    if turn and shown and there and _length(there) < bars.shorter * _length(shown):
        return _turned(a, b, one, line, bars)
    # Too dark or too much laid over for pictures to be alike: then motion alone may say so.
    stretch = shown or (max(0.0, of_a[0]), min(of_a[1], a.length_ns / NANO))
    lies = transform(line.matrix, a, b)
    piece = Piece(*_ns(stretch), *_on(stretch, line.speed, line.offset, b), line.speed, lies)
    path = _path(table, line, stretch, bars)
    said = _moved(a, b, piece)
    if said.stage.said == "yes":
        speed = float(said.piece.speed)
        offset = (said.piece.b_from_ns - speed * said.piece.a_from_ns) / NANO
        speed, offset = _usual(speed, offset, stretch, bars)
    elif path >= bars.bend and said.stage.said != "no":
        speed, offset = line.speed, line.offset
    else:
        if shown is None:
            return None
        return Laid(piece, said.stage, max(0.0, path), same=False)
    along = table.along(speed, offset), table.a_first
    if stretch[0] <= table.a_first * STEP_S or stretch[1] >= of_a[1] - STEP_S:
        along = alike_along(a.motion, b.motion, line.matrix, speed, offset), 0
    stretch = _around(*along, one.at_a, bars) or stretch
    placed = Piece(*_ns(stretch), *_on(stretch, speed, offset, b), speed, lies)
    return Laid(placed, said.stage, max(0.0, path), same=True)


def _turned(a: Seen, b: Seen, one: Sighted, line: Aligned, bars: Bars) -> Laid | None:
    """Lay b's shorter stretch on a instead: motion asks where the whole of a stretch is found."""
    back = Lie(np.asarray(np.linalg.inv(line.matrix), np.float64), one.lie.mirrored, one.lie.points)
    over = aligned(b.motion, a.motion, back.matrix, one.at_b, one.at_a)
    if over is None:
        return None
    found = _through(b, a, Sighted(one.at_b, one.at_a, back), over, bars, turn=False)
    if found is None or found.piece.transform is None:
        return None
    piece = found.piece
    matrix = np.linalg.inv(np.array(found.piece.transform.matrix).reshape(3, 3))
    lies = transform(np.asarray(matrix, np.float64), a, b)
    return replace(
        found,
        piece=Piece(
            piece.b_from_ns, piece.b_to_ns, piece.a_from_ns, piece.a_to_ns, 1 / piece.speed, lies
        ),
    )


def _length(stretch: tuple[float, float]) -> float:
    return stretch[1] - stretch[0]


def _moved(a: Seen, b: Seen, piece: Piece) -> Moved:
    """Return what motion says at the piece's speed, or at another where it says more there."""
    best = moved_alike(a.motion, b.motion, piece)
    for speed in SPEEDS:
        if best.stage.said == "yes":
            break
        if abs(speed - piece.speed) >= COVERED:
            other = moved_alike(a.motion, b.motion, replace(piece, speed=speed))
            if other.stage.said == "yes" or (other.stage.score or 0) > (best.stage.score or 0):
                best = other
    if best.stage.said == "yes" and abs(best.piece.speed - piece.speed) > COVERED:
        # At the end of what was searched, the best speed may lie beyond.
        again = moved_alike(a.motion, b.motion, best.piece)
        best = max(best, again, key=lambda each: each.stage.score or 0)
    return best


def _usual(
    speed: float, offset: float, stretch: tuple[float, float], bars: Bars
) -> tuple[float, float]:
    """Return the line with speed 1 where it cannot be told from that."""
    half = (stretch[1] - stretch[0]) / 2
    if abs(speed - 1) > bars.usual or abs(speed - 1) * half > bars.drift:
        return speed, offset
    return 1.0, offset + (speed - 1) * (stretch[0] + half)


def _path(table: Alike, line: Aligned, stretch: tuple[float, float], bars: Bars) -> float:
    """Return how much less alike the stretch is a second and more beside its line; 0 if unsure."""
    if stretch[1] - stretch[0] < bars.path_s:
        return 0.0
    rows = slice(*(max(0, round(at / STEP_S) - table.a_first) for at in stretch))

    def level(late: float) -> float:
        along = table.along(line.speed, line.offset + late)[rows]
        there = ~np.isnan(along)
        return float(along[there].mean()) if there.sum() * STEP_S >= bars.path_s else -1.0

    best = level(0.0)
    if best < bars.path:
        return 0.0
    reach = table.table.shape[1] * STEP_S
    beside = [late for late in np.arange(-reach, reach, STEP_S * 2) if abs(late) >= 1.0]
    rival = max((level(float(late)) for late in beside), default=-1.0)
    return best - rival if rival > -1.0 else 0.0


def _around(likeness: Reals, first: int, at: float, bars: Bars) -> tuple[float, float] | None:
    """Return from when to when, in seconds of a, pictures stay alike around a moment."""
    steps = np.pad(np.nan_to_num(likeness, nan=-1.0), 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(steps, 5), axis=1)
    middle = min(len(smooth) - 1, max(0, round(at / STEP_S) - first))
    start = max(0, middle - 4)
    near = smooth[start : middle + 5]
    bar = max(bars.alike, bars.alike_share * float(np.quantile(near, 0.75)))
    top = start + int(near.argmax())
    if smooth[top] < bar:
        return None
    below = np.flatnonzero(smooth < bar)
    low = int(below[below < top].max(initial=-1)) + 1
    high = int(below[below > top].min(initial=len(smooth))) - 1
    if (high - low) * STEP_S < bars.shortest:
        return None
    return (low + first) * STEP_S, (high + first) * STEP_S


def _ns(stretch: tuple[float, float]) -> tuple[int, int]:
    return round(stretch[0] * NANO), round(stretch[1] * NANO)


def _on(stretch: tuple[float, float], speed: float, offset: float, b: Seen) -> tuple[int, int]:
    first, last = (round((offset + speed * at) * NANO) for at in stretch)
    return max(0, first), min(max(0, last), b.length_ns)
