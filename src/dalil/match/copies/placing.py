"""Stretches of files laid on one clock: what two files share ties them, piece by piece.

A piece says that a stretch of one file is a stretch of another. Stretches of one file that overlap
are one, and so files are tied through what they have in common, not by name: a film cut together
from two recordings is tied to both and ties neither to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from dalil.match.copies.laid_over import Steadiness
from dalil.match.copies.picture import WHOLE, Box, overlap

NANO = 10**9
# Ends of pieces are half a second wide each; what overlaps by less may only touch.
SLACK_NS = NANO
# Two parts of a picture that share less than this of what they cover are not one.
ONE_PART = 0.5

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tie:
    """That ``item_a`` from … to … is ``item_b`` from … to …; the strongest ties are laid first.

    ``part_a`` and ``part_b``: which part of each picture shows the other.
    """

    item_a: str
    a: tuple[int, int]
    item_b: str
    b: tuple[int, int]
    speed: float
    strength: tuple[int, float]
    part_a: Box = WHOLE
    part_b: Box = WHOLE

    @property
    def order(self) -> tuple[object, ...]:
        """The strongest first, whoever found it when: persons' word, score, length, names."""
        judged, score = self.strength
        ends = (self.a, self.b)
        length = self.a[0] - self.a[1]
        rest = (ends, self.speed, self.part_a, self.part_b)
        return (-judged, -score, length, self.item_a, self.item_b, rest)


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a file is, where its cuts are (ns), and of how many samples its picture is.

    ``cuts``: None where nobody looked; ``samples``: 0 where it is not known; ``steady``: None where
    its picture was not looked at.
    """

    length_ns: int
    cuts: tuple[int, ...] | None = None
    samples: int = 0
    steady: Steadiness | None = None

    def cut_within(self, start: float, end: float) -> bool:
        """Whether a cut lies there, or might."""
        if self.cuts is None:
            return True
        return any(start - SLACK_NS <= cut <= end + SLACK_NS for cut in self.cuts if cut > 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a file that others have too."""

    item: str
    start: int
    end: int


@dataclass(slots=True)
class Cluster:
    """Stretches on one clock: each at ``offset + rate * its own time``."""

    at: dict[Stretch, tuple[float, float]] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)

    def span(self, stretch: Stretch) -> Span:
        """Return from when to when a stretch lies on the clock."""
        return self.mapped(stretch, stretch.start, stretch.end)

    def mapped(self, stretch: Stretch, start: float, end: float) -> Span:
        """Return where a part of a stretch's file lies, as the stretch places it."""
        offset, rate = self.at[stretch]
        return offset + rate * start, offset + rate * end

    def items(self) -> set[str]:
        """Return the files that are in it."""
        return {each.item for each in self.at}

    def take(self, other: Cluster, scale: float, shift: float) -> None:
        """Take in another cluster whose time τ is ``scale * τ + shift`` here."""
        for stretch, (offset, rate) in other.at.items():
            self.at[stretch] = (scale * offset + shift, scale * rate)
        self.ties += other.ties


@dataclass(slots=True)
class Laid:
    """What came of it; ``held_back``: ties that a judgement speaks against, by their files."""

    clusters: list[Cluster]
    held_back: set[tuple[str, str]]
    stretches: Mapping[str, Sequence[Stretch]]


def lay(
    ties: Iterable[Tie], apart: Iterable[tuple[str, str]], extents: Mapping[str, Extent]
) -> Laid:
    """Lay files on common clocks. The answer does not depend on the order of what is given.

    Args:
        ties: what two files share.
        apart: files of which a person said that they are not the same footage; they may stand on
            one clock, but not at the same time.
        extents: of every file that is tied.

    """
    ordered = sorted(set(ties), key=lambda each: each.order)
    stretches = _stretches(ordered)
    laying = _Laying(stretches, frozenset(tuple(sorted(each)) for each in apart), extents)
    laying.tie_all(ordered)
    laying.bridge()
    return Laid(laying.clusters(), laying.held_back, stretches)


def _stretches(ties: Sequence[Tie]) -> dict[str, tuple[Stretch, ...]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for tie in ties:
        spans.setdefault(tie.item_a, []).append(tie.a)
        spans.setdefault(tie.item_b, []).append(tie.b)
    return {item: tuple(_merged(item, sorted(each))) for item, each in sorted(spans.items())}


def _merged(item: str, spans: Sequence[tuple[int, int]]) -> Iterator[Stretch]:
    start, end = spans[0]
    for first, last in spans[1:]:
        shorter = min(end - start, last - first)
        if end - first > min(SLACK_NS, shorter // 2):
            end = max(end, last)
            continue
        yield Stretch(item, start, end)
        start, end = first, last
    yield Stretch(item, start, end)


class _Laying:
    def __init__(
        self,
        stretches: Mapping[str, Sequence[Stretch]],
        apart: frozenset[tuple[str, ...]],
        extents: Mapping[str, Extent],
    ) -> None:
        self._stretches = stretches
        self._extents = extents
        self._of = {
            each: Cluster({each: (0.0, 1.0)}) for found in stretches.values() for each in found
        }
        self._not_with: dict[str, set[str]] = {}
        for one, other in apart:
            self._not_with.setdefault(one, set()).add(other)
            self._not_with.setdefault(other, set()).add(one)
        self.held_back: set[tuple[str, str]] = set()
        self._parts: dict[Stretch, list[Box]] = {}
        self._ties: Sequence[Tie] = ()

    def tie_all(self, ties: Sequence[Tie]) -> None:
        """Lay ties; those through another part of a picture once something else bears them out."""
        self._ties = ties
        waiting = [each for each in ties if not self._tie(each)]
        while waiting:
            still = [each for each in waiting if not self._tie(each)]
            if len(still) == len(waiting):
                return
            waiting = still

    def _ends_of(self, tie: Tie) -> tuple[Stretch, Stretch]:
        return self._holding(tie.item_a, tie.a), self._holding(tie.item_b, tie.b)

    def _tie(self, tie: Tie) -> bool:
        """Lay one tie; False where it has to wait."""
        a, b = self._ends_of(tie)
        if tie.strength[0]:  # a person's word joins whole files, whichever part shows it
            self._lay(tie, a, b)
            return True
        if not self._through_one_picture(tie, a, b):
            return False
        self._lay(tie, a, b)
        self._parts.setdefault(a, []).append(tie.part_a)
        self._parts.setdefault(b, []).append(tie.part_b)
        return True

    def _through_one_picture(self, tie: Tie, a: Stretch, b: Stretch) -> bool:
        """Whether what hangs on either end hangs on the same part of its picture.

        A film shown small within another has a stretch in common with copies of both. So a tie
        through another part holds only where some other tie joins the two sides as well.
        """
        into, other = self._of[a], self._of[b]
        if into is other:
            return True
        ends = ((a, tie.part_a), (b, tie.part_b))
        odd = {end: part for end, part in ends if self._odd(end, part)}
        return not odd or any(
            self._bears_out(each, odd, {id(into), id(other)}) for each in self._ties
        )

    def _bears_out(self, tie: Tie, odd: Mapping[Stretch, Box], joined: set[int]) -> bool:
        """Whether a tie joins the same two clusters elsewhere, and through no third part."""
        a, b = self._ends_of(tie)
        if {id(self._of[a]), id(self._of[b])} != joined or a in odd or b in odd:
            return False
        return all(
            not self._odd(end, part)
            or any(self._of[o] is self._of[end] and _one_part(part, box) for o, box in odd.items())
            for end, part in ((a, tie.part_a), (b, tie.part_b))
        )

    def _odd(self, end: Stretch, part: Box) -> bool:
        """Whether all that hangs on a stretch hangs on another part of its picture."""
        known = self._parts.get(end, [])
        return bool(known) and not any(_one_part(part, each) for each in known)

    def _lay(self, tie: Tie, a: Stretch, b: Stretch) -> None:
        into, other = self._of[a], self._of[b]
        if into is other:
            into.ties.append(tie)
            return
        (offset, rate), (off, own) = into.at[a], other.at[b]
        mid_a, mid_b = sum(tie.a) / 2, sum(tie.b) / 2
        scale = rate / (own * tie.speed)
        shift = offset + rate * (mid_a - mid_b / tie.speed) - scale * off
        if self._collide(into, other, scale, shift):
            self.held_back.add((min(tie.item_a, tie.item_b), max(tie.item_a, tie.item_b)))
            return
        self._join(into, other, scale, shift)
        into.ties.append(tie)

    def bridge(self) -> None:
        """Join clusters through a file that runs on from a stretch of one to one of the other."""
        for one, two in self._neighbours():
            into, other = self._of[one], self._of[two]
            if into is other:
                continue
            (offset, rate), (off, own) = into.at[one], other.at[two]
            scale = rate / own
            shift = offset - scale * off
            extent = self._extents[one.item]
            torn = extent.cut_within(one.end, two.start) and (
                self._runs_over(into, other, (scale, shift))
                or self._runs_over(other, into, (1 / scale, -shift / scale))
            )
            if not torn and not self._collide(into, other, scale, shift):
                self._join(into, other, scale, shift)

    def clusters(self) -> list[Cluster]:
        """Return the clusters in which anything is tied."""
        found = {id(each): each for each in self._of.values() if each.ties}
        return list(found.values())

    def _neighbours(self) -> list[tuple[Stretch, Stretch]]:
        found = [pair for each in self._stretches.values() for pair in pairwise(each)]

        def order(pair: tuple[Stretch, Stretch]) -> tuple[object, ...]:
            one, two = pair
            extent = self._extents[one.item]
            cut = extent.cut_within(one.end, two.start)
            return cut, -extent.length_ns, two.start - one.end, one.item, one.start

        return sorted(found, key=order)

    def _holding(self, item: str, span: tuple[int, int]) -> Stretch:
        return next(s for s in self._stretches[item] if s.start <= span[0] and span[1] <= s.end)

    def _collide(self, into: Cluster, other: Cluster, scale: float, shift: float) -> bool:
        """Whether files that a person told apart would stand at the same time."""
        return any(
            _shared(into.span(mine), _moved(other.span(theirs), scale, shift)) > SLACK_NS * rate
            for mine, (_, rate) in into.at.items()
            if mine.item in self._not_with
            for theirs in other.at
            if theirs.item in self._not_with[mine.item]
        )

    def _runs_over(self, one: Cluster, other: Cluster, to: tuple[float, float]) -> bool:
        """Whether a file of ``one`` alone shows a time of which ``other`` shows something else."""
        away = one.items() - other.items()
        taken = [_moved(other.span(each), *to) for each in other.at]
        for stretch, (_, rate) in one.at.items():
            if stretch.item not in away:
                continue
            before, after = rest_of(stretch, self._stretches[stretch.item], self._extents)
            own = one.mapped(stretch, before, after)
            if any(_shared(own, each) > SLACK_NS * rate for each in taken):
                return True
        return False

    def _join(self, into: Cluster, other: Cluster, scale: float, shift: float) -> None:
        into.take(other, scale, shift)
        for stretch in other.at:
            self._of[stretch] = into


def rest_of(
    stretch: Stretch, among: Sequence[Stretch], extents: Mapping[str, Extent]
) -> tuple[int, int]:
    """Return from where to where a file runs on about a stretch: to its end, a cut, or another."""
    extent = extents[stretch.item]
    cuts = extent.cuts or ()
    half = SLACK_NS // 2
    earlier = [s.end for s in among if s.start < stretch.start and s.end <= stretch.start + half]
    later = [s.start for s in among if s.end > stretch.end and s.start >= stretch.end - half]
    before, after = max(earlier, default=0), min(later, default=extent.length_ns)
    before = max([before, *(cut for cut in cuts if cut <= stretch.start + SLACK_NS)])
    after = min([after, *(cut for cut in cuts if cut >= stretch.end - SLACK_NS)])
    return min(before, stretch.start), max(after, stretch.end)


def _one_part(one: Box, other: Box) -> bool:
    """Whether two parts of a picture are one, or would be in a mirror."""
    mirrored = (1 - one[2], one[1], 1 - one[0], one[3])
    return max(overlap(one, other), overlap(mirrored, other)) >= ONE_PART


def _moved(span: Span, scale: float, shift: float) -> Span:
    return scale * span[0] + shift, scale * span[1] + shift


def _shared(one: Span, other: Span) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])
