"""One film against another by their pictures: prints, points, geometry, motion, put together.

The picture alone finds the place; only what moves in it, or the path of a hand-held camera, tells
one moment of it from another. Where neither says anything, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dalil.match.found import NONE, SAME, SCENE, UNSURE, Piece, Stage
from dalil.match.picture.geometry import Described, Lie, apart, described, lie, transform
from dalil.match.picture.likeness import Aligned, Alike, aligned, alike
from dalil.match.picture.motion import moved_alike
from dalil.match.picture.votes import MATCH, ORIENTATIONS, Votes, lines, votes
from dalil.media.features.features import NANO, Seen

Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bars:
    """What must be reached, fitted on some scenes and reported on others (docs/decisions/30).

    ``pairs``: of looks that are matched at most; ``enough``: points after which no better pair is
    looked for. ``place``: points, over all pairs that agree, without which a place is not told.
    ``apart``: share of a picture beyond which two matrices are two. ``alike``: of a picture, and as
    a share of what the stretch reaches, where a piece ends. ``shortest`` piece in seconds.
    ``path``: likeness along the best line, and ``bend``: how much less it must be a second and more
    beside, for the path of the camera to tell the moment.
    """

    pairs: int = 40
    enough: int = 40
    place: int = 8
    apart: float = 0.08
    alike: float = 0.25
    alike_share: float = 0.55
    shortest: float = 0.75
    path: float = 0.7
    bend: float = 0.3
    path_s: float = 2.0


BARS = Bars()
# Beside a film's own speed, in the order in which they are tried; motion covers 6 % around each.
SPEEDS = (1.0, 1.25, 0.78, 1.12, 0.88)
MOST_PIECES = 8
STEP_S = 0.125


@dataclass(frozen=True, slots=True)
class Decision:
    """What comparing two films came to: as ``Found``, without names."""

    verdict: str
    score: float
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Sighted:
    """A look of a that shows what a look of b shows, at seconds of each, and how."""

    at_a: float
    at_b: float
    lie: Lie


@dataclass(frozen=True, slots=True)
class _Told:
    piece: Piece
    motion: Stage
    path: float
    same: bool


def compare(
    a: Seen, b: Seen, candidates: Sequence[tuple[int, int]] = (), bars: Bars = BARS
) -> Decision:
    """Compare the pictures of two films; ranges are asked for of ``a``, a query where there is one.

    ``candidates``: numbers of looks of a and of b that an index found alike, best first.
    """
    cast = votes(a, b)
    prints = _printed(cast, a, b)
    seen = _sighted(a, b, _pairs(a, b, cast, candidates, bars), bars) or _by_prints(cast, a, b)
    points = sum(one.lie.points for one in seen)
    if not seen or (points < bars.place and prints.said != "yes"):
        return Decision(NONE, 0.0, (), (prints, Stage("points", "no", float(points))))
    told = _pieces(a, b, seen, bars)
    return _decision(told, prints, points, len(seen))


def _decision(told: Sequence[_Told], prints: Stage, points: int, pairs: int) -> Decision:
    same = [one for one in told if one.same]
    said = max(same or told, key=lambda one: one.motion.score or 0.0, default=None)
    motion = said.motion if said else Stage("motion", "cannot-tell")
    stages = (
        prints,
        Stage("points", "yes" if points else "cannot-tell", float(points)),
        Stage("geometry", "yes", float(pairs)),
        motion,
    )
    if same:
        best = max(max(one.motion.score or 0.0, one.path) for one in same)
        pieces = tuple(sorted((one.piece for one in same), key=lambda each: each.a_from_ns))
        return Decision(SAME, round(0.6 + 0.4 * min(1.0, best), 3), pieces, stages)
    verdict = SCENE if told and all(one.motion.said == "no" for one in told) else UNSURE
    score = round(0.5 * points / (points + 40) + (0.0 if verdict == SCENE else 0.05), 3)
    pieces = tuple(sorted((one.piece for one in told), key=lambda each: each.a_from_ns))
    return Decision(verdict, score, pieces, stages)


def _printed(cast: Votes, a: Seen, b: Seen) -> Stage:
    if not len(a.prints.quality) or not len(b.prints.quality):
        return Stage("prints", "cannot-tell")
    best = lines(cast, a, b)
    support = best[0].support if best else 0.0
    near = bool((cast.bits <= MATCH).any())
    return Stage("prints", "yes" if near and support >= 1.0 else "no", round(support, 2))


def _by_prints(cast: Votes, a: Seen, b: Seen) -> list[Sighted]:
    """Return what prints alone sighted, for pictures too plain for points: whole over whole."""
    near = np.flatnonzero(cast.bits <= MATCH)[:8]
    return [
        Sighted(
            float(a.looks[cast.of_a[k]]) / NANO,
            float(b.looks[cast.of_b[k]]) / NANO,
            Lie(ORIENTATIONS[cast.orientation[k]], bool(cast.orientation[k] > 3), 0),  # noqa: PLR2004
        )
        for k in near
    ]


def _pairs(
    a: Seen, b: Seen, cast: Votes, candidates: Sequence[tuple[int, int]], bars: Bars
) -> list[tuple[int, int]]:
    """Return pairs of described looks in the order in which they are worth matching."""
    of_a, of_b = (np.flatnonzero(np.diff(one.points.start) > 0) for one in (a, b))
    if not of_a.size or not of_b.size:
        return []
    named = [*zip(cast.of_a.tolist(), cast.of_b.tolist(), strict=True)][: 4 * bars.pairs]
    wanted = [
        (_next(of_a, a.looks, one), _next(of_b, b.looks, other))
        for one, other in [*candidates, *named]
    ]
    wide = max(1, round((bars.pairs * of_a.size / of_b.size) ** 0.5))
    here = _even(of_a, max(wide, bars.pairs // of_b.size))
    there = _even(of_b, max(1, bars.pairs // here.size))
    even = [(int(one), int(other)) for one in here for other in there]
    kept = list(dict.fromkeys(wanted))[: bars.pairs // 2]
    return list(dict.fromkeys([*kept, *even]))[: max(bars.pairs, len(kept))]


def _next(described_looks: NDArray[np.intp], looks: NDArray[np.int64], look: int) -> int:
    return int(described_looks[np.abs(looks[described_looks] - looks[look]).argmin()])


def _even(looks: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    if looks.size <= count:
        return looks
    return np.asarray(looks[np.rint(np.linspace(0, looks.size - 1, count)).astype(np.intp)])


def _sighted(a: Seen, b: Seen, pairs: Sequence[tuple[int, int]], bars: Bars) -> list[Sighted]:
    """Match looks in turn; a look that was clearly found twice is not looked for again."""
    held: dict[tuple[int, int], Described] = {}
    clear: dict[int, int] = {}
    found: list[Sighted] = []
    for one, other in pairs:
        if clear.get(one, 0) > 1:
            continue
        for key, seen in (((0, one), a), ((1, other), b)):
            if key not in held:
                held[key] = described(seen, key[1])
        lies = lie(held[0, one], held[1, other])
        if lies is not None:
            found.append(Sighted(float(a.looks[one]) / NANO, float(b.looks[other]) / NANO, lies))
            clear[one] = clear.get(one, 0) + (lies.points >= bars.enough)
    return sorted(found, key=lambda each: -each.lie.points)


def _pieces(a: Seen, b: Seen, seen: Sequence[Sighted], bars: Bars) -> list[_Told]:
    """Return each stretch of a that shows b, by the strongest sightings that no other explains."""
    told: list[_Told] = []
    tried: list[Sighted] = []
    for one in seen:
        if any(_covers(each.piece, one.at_a) for each in told):
            continue
        if any(
            abs(one.at_a - other.at_a) < 4 and apart(one.lie.matrix, other.lie.matrix) < bars.apart  # noqa: PLR2004
            for other in tried
        ):
            continue
        tried.append(one)
        if len(tried) > MOST_PIECES:
            break
        piece = _told(a, b, one, bars)
        if piece is not None:
            told.append(piece)
    sure = [one for one in told if one.same]
    return sure or told


def _covers(piece: Piece, at: float) -> bool:
    return piece.a_from_ns - NANO / 2 <= at * NANO <= piece.a_to_ns + NANO / 2


def _told(a: Seen, b: Seen, one: Sighted, bars: Bars) -> _Told | None:
    line = aligned(a.motion, b.motion, one.lie.matrix, one.at_a, one.at_b)
    if line is None:
        return None
    best: _Told | None = None
    for matrix in (line.matrix, one.lie.matrix):
        here = replace(line, matrix=matrix)
        said = _through(a, b, one, here, bars)
        if said is not None and (best is None or _rank(said) > _rank(best)):
            best = said
        if (best is not None and best.same) or apart(line.matrix, one.lie.matrix) < 0.01:  # noqa: PLR2004
            break
    return best


def _rank(said: _Told) -> tuple[bool, float]:
    return said.same, said.motion.score or 0.0


def _through(a: Seen, b: Seen, one: Sighted, line: Aligned, bars: Bars) -> _Told | None:
    whole_a, whole_b = (0.0, a.length_ns / NANO), (0.0, b.length_ns / NANO)
    table = alike(a.motion, b.motion, line.matrix, whole_a, whole_b)
    if table is None or not table.table.size:
        return None
    stretch = _around(table.table.max(axis=1), one.at_a, bars)
    if stretch is None:
        return None
    lies = transform(line.matrix, a, b)
    piece = Piece(*_ns(stretch), *_on(stretch, line.speed, line.offset, b), line.speed, lies)
    path = _path(table, line, stretch, bars)
    said = moved_alike(a.motion, b.motion, piece)
    for speed in SPEEDS:
        if said.stage.said == "yes":
            break
        if abs(speed - line.speed) < 0.05:  # noqa: PLR2004
            continue
        other = moved_alike(a.motion, b.motion, replace(piece, speed=speed))
        if other.stage.said == "yes" or (other.stage.score or 0) > (said.stage.score or 0):
            said = replace(said, stage=other.stage, piece=other.piece)
    if said.stage.said == "yes":
        speed = said.piece.speed
        offset = (said.piece.b_from_ns - speed * said.piece.a_from_ns) / NANO
    elif path >= bars.bend and said.stage.said != "no":
        speed, offset = line.speed, line.offset
    else:
        return _Told(piece, said.stage, 0.0, same=False)
    along = _around(table.along(speed, offset), one.at_a, bars) or stretch
    placed = Piece(*_ns(along), *_on(along, speed, offset, b), speed, lies)
    return _Told(placed, said.stage, max(0.0, path), same=True)


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


def _around(alike: Reals, at: float, bars: Bars) -> tuple[float, float] | None:
    """Return from when to when, in seconds of a, pictures stay alike around a moment."""
    steps = np.nan_to_num(alike, nan=-1.0)
    smooth = np.array(
        [np.median(steps[max(0, k - 2) : k + 3]) for k in range(len(steps))], np.float32
    )
    middle = min(len(steps) - 1, max(0, round(at / STEP_S)))
    near = smooth[max(0, middle - 4) : middle + 5]
    bar = max(bars.alike, bars.alike_share * float(np.quantile(near, 0.75)))
    low = high = max(0, middle - 4) + int(near.argmax())
    if smooth[low] < bar:
        return None
    while low > 0 and smooth[low - 1] >= bar:
        low -= 1
    while high < len(steps) - 1 and smooth[high + 1] >= bar:
        high += 1
    return (low * STEP_S, high * STEP_S) if (high - low) * STEP_S >= bars.shortest else None


def _ns(stretch: tuple[float, float]) -> tuple[int, int]:
    return round(stretch[0] * NANO), round(stretch[1] * NANO)


def _on(stretch: tuple[float, float], speed: float, offset: float, b: Seen) -> tuple[int, int]:
    first, last = (round((offset + speed * at) * NANO) for at in stretch)
    return max(0, first), min(max(0, last), b.length_ns)
