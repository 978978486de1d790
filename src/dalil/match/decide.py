"""One film against another by their pictures: prints, points, geometry, motion, put together.

The picture alone finds the place; only what moves in it, or the path of a hand-held camera, tells
one moment of it from another. Where neither says anything, nothing is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalil.match.found import NONE, SAME, SCENE, UNSURE, Piece, Stage
from dalil.match.picture.geometry import Described, Lie, apart, described, lie
from dalil.match.picture.placing import Laid, Sighted, laid
from dalil.match.picture.votes import MATCH, ORIENTATIONS, Votes, lines, votes
from dalil.media.features.features import NANO, Seen


@dataclass(frozen=True, slots=True)
class Bars:
    """How much is asked for (docs/decisions/30).

    ``pairs`` of looks that are matched at most; ``enough``: points after which no better pair is
    looked for; ``place``: points, over all pairs that agree, without which no place is told;
    ``apart``: share of a picture beyond which two matrices are two; ``pieces`` at most, and
    ``tries`` that came to none; ``bend``: a camera's path so clear is not called another moment.
    """

    pairs: int = 40
    enough: int = 40
    place: int = 8
    apart: float = 0.08
    pieces: int = 8
    tries: int = 3
    bend: float = 0.3


BARS = Bars()
# Sightings so near in time, in seconds, may be of one stretch; so near, of one that was tried.
AROUND, TRIED = 6.0, 4.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What comparing two films came to: as ``Found``, without names."""

    verdict: str
    score: float
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]


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
    pointed = Stage("points", "yes" if points else "cannot-tell", float(points))
    if not told:
        # Points agree and pictures do not: a logo, a frame, a line of titles that both carry.
        return Decision(NONE, 0.0, (), (prints, pointed, Stage("geometry", "no", float(len(seen)))))
    geometry = Stage("geometry", "yes", float(len(seen)))
    return _decision(told, (prints, pointed, geometry), points, bars)


def _decision(told: Sequence[Laid], before: tuple[Stage, ...], points: int, bars: Bars) -> Decision:
    same = [one for one in told if one.same]
    said = max(same or told, key=lambda one: one.motion.score or 0.0)
    stages = (*before, said.motion)
    if same:
        best = max(max(one.motion.score or 0.0, one.path) for one in same)
        pieces = tuple(sorted((one.piece for one in same), key=lambda each: each.a_from_ns))
        return Decision(SAME, round(0.6 + 0.4 * min(1.0, best), 3), pieces, stages)
    other = all(one.motion.said == "no" and one.path < bars.bend for one in told)
    verdict = SCENE if other else UNSURE
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


def _pieces(a: Seen, b: Seen, seen: Sequence[Sighted], bars: Bars) -> list[Laid]:
    """Return each stretch of a that shows b, by the strongest sightings that no other explains."""
    told: list[Laid] = []
    tried: list[Sighted] = []
    for one in seen:
        if any(_covers(each.piece, one.at_a) for each in told):
            continue
        if any(
            abs(one.at_a - other.at_a) < TRIED
            and apart(one.lie.matrix, other.lie.matrix) < bars.apart
            for other in tried
        ):
            continue
        tried.append(one)
        if len(told) >= bars.pieces or len(tried) - sum(each.same for each in told) > bars.tries:
            break
        near = [each for each in seen if abs(each.at_a - one.at_a) <= AROUND]
        piece = laid(a, b, [one, *(each for each in near if each is not one)])
        if piece is not None and not any(_again(piece.piece, each.piece) for each in told):
            told.append(piece)
    sure = [one for one in told if one.same]
    return sure or told


def _again(one: Piece, other: Piece) -> bool:
    """Tell whether two pieces are one, found by two sightings."""
    there = min(one.b_to_ns, other.b_to_ns) - max(one.b_from_ns, other.b_from_ns)
    return 2 * one.a_shared_ns(other) > one.a_length_ns and 2 * there > one.b_to_ns - one.b_from_ns


def _covers(piece: Piece, at: float) -> bool:
    return piece.a_from_ns - NANO / 2 <= at * NANO <= piece.a_to_ns + NANO / 2
