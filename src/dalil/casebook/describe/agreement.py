"""How far several people who describe the same footage agree: Krippendorff's alpha, and overlap.

Alpha for nominal data (Krippendorff, Content Analysis, 4th ed., 2019, ch. 12). The unit is one
tick of the time base, and its value for a coder is the set of all that covers it, "nothing"
included. So no step is chosen that the result would hang on: what is long weighs more, and a
shifted end costs what it is long. Overlap says how well single marks meet, whatever their length.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

# Two marks of one value meet when they share at least this part of what both cover together.
MEETING = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Coded:
    """What one coder says of a stretch, from tick ``start`` up to ``end``; ``mark`` is its id."""

    coder: str
    start: int
    end: int
    value: str
    mark: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch in which nobody's value changes: of each coder all marks that cover it."""

    start: int
    end: int
    said: tuple[tuple[Coded, ...], ...]

    @property
    def values(self) -> tuple[frozenset[str], ...]:
        """What each coder says of it, in the order of coders; an empty set: nothing."""
        return tuple(frozenset(each.value for each in one) for one in self.said)

    @property
    def agreed(self) -> bool:
        """Whether all coders say the same."""
        return len(set(self.values)) == 1


@dataclass(frozen=True, slots=True)
class Overlap:
    """How the marks of two coders meet, one with one: ``shared`` is the mean of what they share.

    ``shared``: length in both divided by length in either; none where no two marks meet.
    """

    a: str
    b: str
    marks_a: int
    marks_b: int
    met: int
    shared: Fraction | None


def pieces_over(
    coded: Sequence[Coded], coders: Sequence[str], first: int, last: int
) -> list[Piece]:
    """Cut the time from ``first`` up to ``last`` wherever somebody's value may change."""
    cuts = {first, last}
    for each in coded:
        cuts |= {at for at in (each.start, each.end) if first < at < last}
    starting: dict[int, list[Coded]] = {}
    for each in coded:
        starting.setdefault(max(each.start, first), []).append(each)
    found, now = [], list[Coded]()
    for start, end in pairwise(sorted(cuts)):
        now = [each for each in now if each.end > start] + starting.get(start, [])
        said = tuple(tuple(each for each in now if each.coder == coder) for coder in coders)
        found.append(Piece(start, end, said))
    return found


def alpha(units: Iterable[tuple[int, Sequence[Hashable | None]]]) -> Fraction | None:
    """Return Krippendorff's alpha for nominal data.

    Args:
        units: how many units there are alike, and the value of each coder; None: not coded.

    Returns:
        1 where all agree, 0 where they agree as often as by chance; None where it is not
        defined, since all that was said is one value, or no two coders said anything.

    """
    differing, total = Fraction(0), 0
    by_value: dict[Hashable, int] = {}
    for weight, values in units:
        said = [each for each in values if each is not None]
        coded = len(said)
        if coded < 2:  # noqa: PLR2004 - agreement is between two
            continue
        counts = {value: said.count(value) for value in set(said)}
        alike = sum(count * count for count in counts.values())
        differing += Fraction(weight * (coded * coded - alike), coded - 1)
        total += weight * coded
        for value, count in counts.items():
            by_value[value] = by_value.get(value, 0) + weight * count
    by_chance = total * total - sum(count * count for count in by_value.values())
    return None if by_chance == 0 else 1 - differing * (total - 1) / by_chance


def alpha_of(pieces: Iterable[Piece]) -> Fraction | None:
    """Return alpha over time: each piece counts as many units as it has ticks."""
    return alpha((piece.end - piece.start, piece.values) for piece in pieces)


def agreed_share(pieces: Sequence[Piece]) -> Fraction | None:
    """Return the part of all time in which all coders say the same; none where there is none."""
    whole = sum(piece.end - piece.start for piece in pieces)
    same = sum(piece.end - piece.start for piece in pieces if piece.agreed)
    return Fraction(same, whole) if whole else None


def differing(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield where coders differ, as long as each says the same throughout."""
    last: Piece | None = None
    for piece in pieces:
        if last is not None and (piece.start != last.end or piece.said != last.said):
            yield last
            last = None
        if not piece.agreed:
            last = piece if last is None else Piece(last.start, piece.end, piece.said)
    if last is not None:
        yield last


def overlap(coded: Sequence[Coded], a: str, b: str) -> Overlap:
    """Return how the marks of two coders meet; each mark meets at most one, the closest first."""
    of_a = sorted((e for e in coded if e.coder == a), key=lambda e: (e.start, e.end, e.mark))
    of_b = sorted((e for e in coded if e.coder == b), key=lambda e: (e.start, e.end, e.mark))
    close = sorted(_close(of_a, of_b), key=lambda e: (-e[0], e[1].start, e[1].mark, e[2].mark))
    met: list[Fraction] = []
    taken: set[tuple[str, str]] = set()
    for shared, one, other in close:
        if (a, one.mark) not in taken and (b, other.mark) not in taken:
            taken |= {(a, one.mark), (b, other.mark)}
            met.append(shared)
    mean = sum(met, Fraction(0)) / len(met) if met else None
    return Overlap(a, b, len(of_a), len(of_b), len(met), mean)


def _close(of_a: Sequence[Coded], of_b: Sequence[Coded]) -> Iterator[tuple[Fraction, Coded, Coded]]:
    """Yield each two marks of one value that share enough, with what they share."""
    by_value: dict[str, list[Coded]] = {}
    for each in of_b:
        by_value.setdefault(each.value, []).append(each)
    for one in of_a:
        for other in by_value.get(one.value, ()):
            if other.start >= one.end:
                break
            both = min(one.end, other.end) - max(one.start, other.start)
            either = max(one.end, other.end) - min(one.start, other.start)
            if both > 0 and Fraction(both, either) >= MEETING:
                yield Fraction(both, either), one, other
