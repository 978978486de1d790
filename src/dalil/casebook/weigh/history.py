"""How the suggested status went as things were said: "unsupported from … ; contested from …"."""

from __future__ import annotations

from collections.abc import Iterator

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.edtf import bounds_of
from dalil.casebook.weigh.ground.matter import Matter, Said, limited, said_on
from dalil.casebook.weigh.ground.origins import Pedigree
from dalil.casebook.weigh.ground.standing import standing_of
from dalil.casebook.weigh.status import suggest
from dalil.casebook.weigh.suggestion import Stage


def history(matter: Matter, pedigree: Pedigree, proposition: str) -> tuple[Stage, ...]:
    """Return the stages of the status of a proposition, by the days on which something was said.

    Which source comes from which is taken as it is known now. What nobody dates is in no stage. A
    date that is no single day counts from its first day.
    """
    said = neighbourhood(matter, proposition)
    days = _days(matter, said)
    stages: list[Stage] = []
    for day in sorted(days):
        now = Matter.of(limited(said, day))
        status = suggest(now, standing_of(now, pedigree), proposition).status
        if not stages or stages[-1].status != status:
            stages.append(Stage(day, status, tuple(sorted(days[day]))))
    return tuple(each for each in stages if each.status != "not_assessed" or each is not stages[0])


def neighbourhood(matter: Matter, proposition: str) -> Said:
    """Return all that bears on one proposition.

    Its assertions and those on its rivals, and, as far as evidence leads, the assertions that
    these rest on or are contradicted by, with what else is said on their propositions.
    """
    wanted = {proposition, *(each.id for each in matter.rivals(matter.propositions[proposition]))}
    waiting = list(wanted)
    while waiting:
        for assertion in matter.on.get(waiting.pop(), ()):
            for other in _tied(matter, assertion):
                if other.proposition not in wanted:
                    wanted.add(other.proposition)
                    waiting.append(other.proposition)
    assertions = tuple(each for one in sorted(wanted) for each in matter.on.get(one, ()))
    ids = {each.id for each in assertions}
    evidence = tuple(each for one in sorted(ids) for each in matter.evidence_on.get(one, ()))
    speakers = {each.source for each in assertions} | {each.by_source or "" for each in evidence}
    return Said(
        tuple(matter.propositions[each] for each in sorted(wanted) if each in matter.propositions),
        assertions,
        evidence,
        tuple(matter.sources[each] for each in sorted(speakers) if each in matter.sources),
    )


def _tied(matter: Matter, assertion: Assertion) -> Iterator[Assertion]:
    for evidence in matter.evidence_on.get(assertion.id, ()):
        by = matter.assertions.get(evidence.by_assertion or "")
        if by is not None:
            yield by
    for evidence in matter.contradicted_by.get(assertion.id, ()):
        if evidence.assertion in matter.assertions:
            yield matter.assertions[evidence.assertion]


def _days(matter: Matter, said: Said) -> dict[int, set[str]]:
    """Return what was said on each day: assertions, and evidence by the date of its source."""
    days: dict[int, set[str]] = {}
    for assertion in said.assertions:
        day = said_on(assertion, matter.sources)
        if day is not None:
            days.setdefault(day, set()).add(assertion.id)
    for evidence in said.evidence:
        source = matter.sources.get(evidence.by_source or "")
        if source is not None and source.published is not None:
            first = bounds_of(source.published).s_min
            if first is not None:
                days.setdefault(first, set()).add(evidence.id)
    return days
