"""Two counts of one clip laid side by side: who was marked by all, by whom not, what was decided.

Agreement is told as totals and as the share of figures that all counters marked. A coefficient
against chance (Krippendorff's alpha) is not: what nobody marked is no unit, so that nothing could
agree by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.counting.figures import Figure, Group, figures_in, groups_of
from dalil.casebook.describe.reading import of_round
from dalil.casebook.describe.rounds import RoundState, round_state
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Decision
from dalil.errors import RecordRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is made of one group, or of several that a third person took for one.

    ``counts``: True, False, or None where counters differ and nobody decided. ``decision``: by
    which it was decided, of the person with ``key`` (base64url).
    """

    group: Group
    counts: bool | None
    decision: Decision | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A round as a count of persons in one lane: totals by counter, and what is made of each."""

    round: RoundState
    lane: str
    totals: tuple[tuple[str, int], ...]
    outcomes: tuple[Outcome, ...]
    met: int
    groups: int

    @property
    def shared(self) -> Fraction | None:
        """The share of all figures that every counter marked; none where nobody marked any."""
        return Fraction(self.met, self.groups) if self.groups else None

    @property
    def persons(self) -> tuple[Outcome, ...]:
        """Those who count."""
        return tuple(each for each in self.outcomes if each.counts)

    @property
    def open(self) -> tuple[Outcome, ...]:
        """Those of whom nobody decided yet."""
        return tuple(each for each in self.outcomes if each.counts is None)


def reconciled(casebook: Casebook, round_id: str, lane: str, view: View) -> Reconciled:
    """Lay the counts of a round side by side.

    Raises:
        NoSuchThing: there is no such round, or none that may be seen. RecordRefused: not all
            have submitted, or the round has no such lane.

    """
    state = round_state(casebook, round_id, view)
    if lane not in state.lanes:
        raise RecordRefused(f"lane: the round has {', '.join(state.lanes)}")
    if not state.done:
        waiting = len(set(state.annotators) - set(state.submitted))
        raise RecordRefused(f"round: {waiting} of {len(state.annotators)} have not submitted")
    marks = [m for m, _ in of_round(casebook, round_id, view, Annotation) if m.lane == lane]
    figures = figures_in(marks)
    groups = groups_of(figures)
    by_all = [len(group.figures) == len(state.annotators) for group in groups]
    found = tuple(
        Outcome(group, counts=True if agreed else None)
        for group, agreed in zip(groups, by_all, strict=True)
    )
    said = [e for e in of_round(casebook, round_id, view, Decision) if e[0].lane == lane]
    for decision, known in _standing(groups, said):
        found = _decide(found, decision, known.by_key)
    ordered = tuple(sorted(found, key=lambda outcome: outcome.group.first))
    return Reconciled(
        state, lane, _totals(state.annotators, figures), ordered, sum(by_all), len(groups)
    )


def _totals(counters: Sequence[str], figures: Sequence[Figure]) -> tuple[tuple[str, int], ...]:
    return tuple((each, sum(f.counter == each for f in figures)) for each in counters)


def _standing(
    groups: Sequence[Group], said: Sequence[tuple[Decision, Known]]
) -> list[tuple[Decision, Known]]:
    """Return the decisions that stand: none of whose persons a later one speaks of."""
    group_of = {mark.id: n for n, group in enumerate(groups) for mark in group.marks}
    stands: list[tuple[Decision, Known]] = []
    spoken_of = set[int]()
    for decision, known in reversed(said):
        about = {group_of[each] for each in decision.between if each in group_of}
        if about.isdisjoint(spoken_of):
            stands.append((decision, known))
        spoken_of |= about
    return stands[::-1]


def _decide(
    outcomes: Sequence[Outcome], decision: Decision, key: str | None
) -> tuple[Outcome, ...]:
    """Take in what a third person decided."""
    between = set(decision.between)
    meant = [o for o in outcomes if between & {mark.id for mark in o.group.marks}]
    if not meant:
        return tuple(outcomes)
    counts = decision.accepts is not None
    rest = [each for each in outcomes if each not in meant]
    if not counts:
        told = [replace(each, counts=False, decision=decision, key=key) for each in meant]
        return (*rest, *told)
    # Accepted together, they are one person; the figure that was accepted stands first.
    figures = [figure for each in meant for figure in each.group.figures]
    figures.sort(key=lambda f: decision.accepts not in {mark.id for mark in f.marks})
    return (*rest, Outcome(Group(tuple(figures)), counts=True, decision=decision, key=key))
