"""Blind double annotation: who has submitted, how far they agree, where a third decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.describe.agreement import (
    Coded,
    Overlap,
    Piece,
    agreed_share,
    alpha_of,
    differing,
    overlap,
    pieces_over,
)
from dalil.casebook.describe.reading import of_round
from dalil.casebook.incident.clock import Clock, clock_of, tick_of
from dalil.casebook.index.described.blind import is_done
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Decision, Round, Submission
from dalil.casebook.text.names import fold
from dalil.errors import NoSuchThing, RecordRefused


@dataclass(frozen=True, slots=True)
class RoundState:
    """A blind round: ``annotators`` and who of them has ``submitted`` are persons (ids).

    ``done``: all have, and what each wrote can be read. ``state`` is ``open`` or ``stopped``.
    """

    id: str
    item: str
    book: str
    lanes: tuple[str, ...]
    annotators: tuple[str, ...]
    submitted: tuple[str, ...]
    done: bool
    state: str
    note: str | None
    case: str | None
    recorded_at: str
    revises: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What a third person decided, and why; ``accepts`` an annotation (id), or ``term`` instead."""

    id: str
    by_key: str | None
    recorded_at: str
    reasoning: str
    accepts: str | None
    term: str | None
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """What one annotator says where they differ: annotations (ids); none: nothing."""

    annotator: str
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where annotators differ, in ticks of ``timebase``, and what was decided there."""

    lane: str
    pts_start: int
    pts_end: int
    timebase: str
    said: tuple[Position, ...]
    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class LaneAgreement:
    """How far the annotators agree in one lane.

    ``alpha``: Krippendorff's, nominal, over units of one tick of ``timebase``; none where it is
    not defined. ``agreed``: the part of the time in which all say the same, by itself no measure
    of agreement, since mostly nothing happens.
    """

    lane: str
    timebase: str
    alpha: Fraction | None
    agreed: Fraction | None
    overlaps: tuple[Overlap, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the annotators of a round agree, lane by lane."""

    round: RoundState
    lanes: tuple[LaneAgreement, ...]

    @property
    def undecided(self) -> int:
        """How many differences nobody decided yet."""
        return sum(not each.decided for lane in self.lanes for each in lane.differences)


def rounds(casebook: Casebook, view: View, item: str | None = None) -> tuple[RoundState, ...]:
    """Return all rounds that may be seen, or those about one item, in order of writing."""
    of_item = casebook.of_item(item, view, Round) if item is not None else None
    return tuple(
        _state(casebook, known.record, view, known)
        for known in (of_item if of_item is not None else casebook.find(Round, view))
        if isinstance(known.record, Round) and known.record.withdrawn is None
    )


def round_state(casebook: Casebook, id_: str, view: View) -> RoundState:
    """Return how a round stands.

    Raises:
        NoSuchThing: there is no such round, or none that may be seen.

    """
    known = casebook.get(id_, view)
    if not isinstance(known.record, Round):
        raise NoSuchThing(f"round {id_}")
    return _state(casebook, known.record, view, known)


def agreement(casebook: Casebook, id_: str, view: View) -> Agreement:
    """Return how far the annotators of a round agree, and where they do not.

    Raises:
        NoSuchThing: there is no such round, or none that may be seen. RecordRefused: not all
            have submitted.

    """
    state = round_state(casebook, id_, view)
    if not state.done:
        waiting = len(set(state.annotators) - set(state.submitted))
        raise RecordRefused(f"round: {waiting} of {len(state.annotators)} have not submitted")
    written = [told for told, _ in of_round(casebook, id_, view, Annotation)]
    decisions = list(_decisions(casebook, id_, view))
    clock = clock_of(casebook.archive, state.item)
    tick = common_tick(each.timebase for each in written)
    lanes = []
    for lane in state.lanes:
        here = [each for each in written if each.lane == lane]
        said = [(d, decided) for d, decided in decisions if d.lane == lane]
        lanes.append(_lane(lane, state.annotators, here, _Time(clock, tick), said))
    return Agreement(state, tuple(lanes))


def common_tick(timebases: Iterable[str]) -> Fraction:
    """Return the longest tick of which every one of these is a whole multiple."""
    found: Fraction | None = None
    for each in set(timebases):
        tick = tick_of(each)
        if tick is None:
            continue
        if found is None:
            found = tick
        else:
            above = gcd(found.numerator * tick.denominator, tick.numerator * found.denominator)
            found = Fraction(above, found.denominator * tick.denominator)
    return found or Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class _Time:
    clock: Clock
    tick: Fraction

    def ticks(self, pts: int, timebase: str) -> int:
        return int(pts * (tick_of(timebase) or Fraction(1)) / self.tick)

    def span(self, coded: Sequence[Coded]) -> tuple[int, int]:
        """Return the first and the last tick of what is described: all of an item that is sealed.

        What lies beyond it counts too; nobody may say less by writing outside the picture.
        """
        first = [each.start for each in coded]
        last = [each.end for each in coded]
        if self.clock.end is not None:
            first.append(int(self.clock.zero // self.tick))
            last.append(int(-(-self.clock.end // self.tick)))
        return (min(first), max(last)) if first else (0, 0)


def _lane(
    lane: str,
    coders: Sequence[str],
    written: Sequence[Annotation],
    time: _Time,
    decisions: Sequence[tuple[Decision, Decided]],
) -> LaneAgreement:
    coded = [_coded(each, time) for each in written]
    pieces = pieces_over(coded, coders, *time.span(coded))
    base = f"{time.tick.numerator}/{time.tick.denominator}"
    return LaneAgreement(
        lane,
        base,
        alpha_of(pieces),
        agreed_share(pieces),
        tuple(overlap(coded, a, b) for a, b in combinations(coders, 2)),
        tuple(
            _difference(lane, piece, coders, base, _decided_there(piece, decisions, time))
            for piece in differing(pieces)
        ),
    )


def _coded(told: Annotation, time: _Time) -> Coded:
    start = time.ticks(told.pts_start, told.timebase)
    end = max(time.ticks(told.pts_end, told.timebase), start + 1)
    value = told.term or fold(told.text_en or told.text_ar or told.label or "")
    return Coded(told.annotator or "", start, end, value, told.id)


def _difference(
    lane: str, piece: Piece, coders: Sequence[str], base: str, decided: tuple[Decided, ...]
) -> Difference:
    said = tuple(
        Position(coder, tuple(each.mark for each in marks))
        for coder, marks in zip(coders, piece.said, strict=True)
    )
    return Difference(lane, piece.start, piece.end, base, said, decided)


def _decided_there(
    piece: Piece, decisions: Sequence[tuple[Decision, Decided]], time: _Time
) -> tuple[Decided, ...]:
    return tuple(
        decided
        for said, decided in decisions
        if time.ticks(said.pts_start, said.timebase) < piece.end
        and time.ticks(said.pts_end, said.timebase) > piece.start
    )


def _decisions(casebook: Casebook, round_: str, view: View) -> Iterator[tuple[Decision, Decided]]:
    for said, known in of_round(casebook, round_, view, Decision):
        yield said, Decided(
            said.id, known.by_key, known.recorded_at, said.reasoning, said.accepts, said.term,
            said.between,
        )  # fmt: skip


def _state(casebook: Casebook, round_: Round, view: View, known: Known) -> RoundState:
    names = {each.annotator for each, _ in of_round(casebook, round_.id, view, Submission)}
    submitted = tuple(each for each in round_.annotators if each in names)
    return RoundState(
        round_.id, round_.item, round_.book, round_.lanes, round_.annotators, submitted,
        is_done(round_, submitted), round_.state, round_.note, round_.case, known.recorded_at,
        known.revision + 1,
    )  # fmt: skip
