"""How the suggested status went as things were said: "unsupported from … ; contested from …"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.sources import Evidence, Source
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.weigh.ground.matter import Matter, Said, last_day, said_on
from dalil.casebook.weigh.ground.origins import Lines, Pedigree
from dalil.casebook.weigh.ground.standing import standing_of
from dalil.casebook.weigh.status import suggest
from dalil.casebook.weigh.suggestion import Stage


def history(matter: Matter, pedigree: Pedigree, proposition: str) -> tuple[Stage, ...]:
    """Return the stages of the status of a proposition, by the days on which something was said.

    Which source comes from which is taken as it is known now. What nobody dates is in no stage. A
    date that is no single day counts from its first day, and what repeats another assertion not
    before that one, as far as its date allows.
    """
    said = neighbourhood(matter, proposition)
    days = _days(said, pedigree)
    evidence = {each.id: each for each in said.evidence}
    stages: list[Stage] = []
    upto: set[str] = set()
    for day in sorted(days):
        upto |= days[day]
        now = Matter.of(_by_then(said, upto, evidence))
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


def _by_then(said: Said, upto: set[str], evidence: Mapping[str, Evidence]) -> Said:
    offered = (each for each in evidence.values() if each.id in upto or each.by_assertion in upto)
    assertions = tuple(each for each in said.assertions if each.id in upto)
    return replace(said, assertions=assertions, evidence=tuple(offered))


def _days(said: Said, pedigree: Pedigree) -> dict[int, set[str]]:
    """Return what was said on each day: assertions, and evidence by the date of its source."""
    sources = {each.id: each for each in said.sources}
    days: dict[int, set[str]] = {}
    for one, day in _first_days(said, sources, pedigree).items():
        days.setdefault(day, set()).add(one)
    for evidence in said.evidence:
        source = sources.get(evidence.by_source or "")
        if source is not None and source.published is not None:
            first = bounds_of(source.published).s_min
            if first is not None:
                days.setdefault(first, set()).add(evidence.id)
    return days


def _first_days(said: Said, sources: Mapping[str, Source], pedigree: Pedigree) -> dict[str, int]:
    """Return the first day on which each assertion can have been said, after what it repeats."""
    on: dict[str, list[Assertion]] = {}
    days: dict[str, int] = {}
    for each in said.assertions:
        on.setdefault(each.proposition, []).append(each)
        first = said_on(each, sources)
        if first is not None:
            days[each.id] = first
    for assertions in on.values():
        lines = Lines.of(assertions, pedigree)
        for _ in assertions:
            later = dict(_put_off(lines, days, sources))
            if not later:
                break
            days |= later
    return days


def _put_off(
    lines: Lines, days: Mapping[str, int], sources: Mapping[str, Source]
) -> Iterator[tuple[str, int]]:
    """Yield the later first day of what repeats something said later than its own first day."""
    for each in lines.assertions:
        repeated = [days[one.id] for one in lines.repeats.get(each.id, ()) if one.id in days]
        last = last_day(each, sources)
        if each.id in days and repeated and last is not None:
            after = min(*repeated, last)
            if after > days[each.id]:
                yield each.id, after
