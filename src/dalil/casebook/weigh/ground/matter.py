"""All that is said, as somebody may see it: what weighing reads, found by what it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.text.edtf import Bounds, bounds_of

Question = tuple[str | None, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Said:
    """The records that weighing reads. Their order says nothing.

    ``sources`` are those that the viewer may see; what another source says is weighed as said by
    a withheld one.
    """

    propositions: tuple[Proposition, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[Source, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Matter:
    """What is said, indexed by what it speaks of; every list in the order of ids."""

    propositions: Mapping[str, Proposition]
    assertions: Mapping[str, Assertion]
    sources: Mapping[str, Source]
    evidence: tuple[Evidence, ...]
    derivations: tuple[Derivation, ...] = field(repr=False)
    beside: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, said: Said) -> Matter:
        """Index what is said. Withdrawn evidence and derivations are no longer said."""
        ordered = sorted(said.assertions, key=lambda each: each.id)
        return cls(
            {p.id: p for p in sorted(said.propositions, key=lambda each: each.id)},
            {a.id: a for a in ordered},
            {s.id: s for s in said.sources},
            tuple(sorted((e for e in said.evidence if e.withdrawn is None), key=lambda e: e.id)),
            tuple(d for d in said.derivations if d.withdrawn is None),
            tuple(sorted(said.beside)),
        )

    @cached_property
    def on(self) -> Mapping[str, list[Assertion]]:
        """Return the assertions on each proposition."""
        found: dict[str, list[Assertion]] = {}
        for assertion in self.assertions.values():
            found.setdefault(assertion.proposition, []).append(assertion)
        return found

    @cached_property
    def evidence_on(self) -> Mapping[str, list[Evidence]]:
        """Return the evidence records on each assertion."""
        found: dict[str, list[Evidence]] = {}
        for each in self.evidence:
            found.setdefault(each.assertion, []).append(each)
        return found

    @cached_property
    def contradicted_by(self) -> Mapping[str, list[Evidence]]:
        """Return, for each assertion, the records by which it contradicts another one."""
        found: dict[str, list[Evidence]] = {}
        for each in self.evidence:
            if each.by_assertion is not None and each.relation == "contradicts":
                found.setdefault(each.by_assertion, []).append(each)
        return found

    @cached_property
    def asked(self) -> Mapping[str, int]:
        """Return for each proposition the number of its question, the same for the same one."""
        numbers: dict[Question, int] = {}
        return {
            one: numbers.setdefault(question_of(each), len(numbers))
            for one, each in self.propositions.items()
        }

    @cached_property
    def siblings(self) -> Mapping[int, list[Proposition]]:
        """Return the functional statements on each question: of rival values one can hold."""
        found: dict[int, list[Proposition]] = {}
        for each in self.propositions.values():
            if each.functional and states_something(each) and each.withdrawn is None:
                found.setdefault(self.asked[each.id], []).append(each)
        return found

    def rivals(self, proposition: Proposition) -> list[Proposition]:
        """Return the statements that cannot hold at one time with this one."""
        if not (proposition.functional and states_something(proposition)):
            return []
        return [
            each
            for each in self.siblings.get(self.asked[proposition.id], ())
            if stated(each) != stated(proposition) and overlap(each.valid, proposition.valid)
        ]


def states_something(proposition: Proposition) -> bool:
    """Whether a proposition is a statement, which is affirmed or denied, and no question."""
    return proposition.object is not None or proposition.value is not None


def stated(proposition: Proposition) -> tuple[str | None, str | None]:
    """Return what a statement says of its subject: an entity, or a text in plain comparison."""
    return proposition.object, plain(proposition.value)


def question_of(proposition: Proposition) -> Question:
    """Return what tells which propositions answer the same question."""
    each = proposition
    return (each.case, each.subject, each.predicate, each.scope, each.measure)


def plain(text: str | None) -> str | None:
    """Return a text as it is compared: case and spacing say nothing."""
    return None if text is None else " ".join(text.casefold().split())


def overlap(one: str | None, other: str | None) -> bool:
    """Whether two times could have a day in common; a time that nobody states could be any."""
    if one is None or other is None:
        return True
    a, b = bounds_of(one), bounds_of(other)
    return _begins_by(a, b.e_max) and _begins_by(b, a.e_max)


def holds_on(valid: str | None, day: int) -> bool:
    """Whether what is valid then could have held on that day (an ordinal)."""
    if valid is None:
        return True
    bounds = bounds_of(valid)
    return _begins_by(bounds, day) and (bounds.e_max is None or day <= bounds.e_max)


def said_on(assertion: Assertion, sources: Mapping[str, Source]) -> int | None:
    """Return the first day on which this could have been said: its own date, or its source's.

    The date of a source that is withheld is not told.
    """
    dated = _dated(assertion, sources)
    return None if dated is None else bounds_of(dated).s_min


def last_day(assertion: Assertion, sources: Mapping[str, Source]) -> int | None:
    """Return the last day on which this could have been said."""
    dated = _dated(assertion, sources)
    return None if dated is None else bounds_of(dated).e_max


def _dated(assertion: Assertion, sources: Mapping[str, Source]) -> str | None:
    if assertion.asserted is None and assertion.source in sources:
        return sources[assertion.source].published
    return assertion.asserted


def limited(said: Said, until: int | None = None, on: int | None = None) -> Said:
    """Return what had been said by the day ``until``, of what held on the day ``on`` (ordinals).

    What nobody dates cannot be shown to have been said by a day, and is left out then.
    """
    if until is None and on is None:
        return said
    sources = {each.id: each for each in said.sources}
    assertions = {
        each.id: each
        for each in said.assertions
        if _said_by(said_on(each, sources), until) and (on is None or holds_on(each.valid, on))
    }
    propositions = said.propositions
    if on is not None:
        propositions = tuple(each for each in propositions if holds_on(each.valid, on))
    evidence = (e for e in said.evidence if _offered_by(e, assertions, sources, until))
    return replace(
        said,
        propositions=propositions,
        assertions=tuple(assertions.values()),
        evidence=tuple(evidence),
    )


def _offered_by(
    evidence: Evidence,
    assertions: Mapping[str, Assertion],
    sources: Mapping[str, Source],
    until: int | None,
) -> bool:
    if evidence.by_assertion is not None:
        return evidence.by_assertion in assertions
    source = sources.get(evidence.by_source or "")
    published = None if source is None else source.published
    return _said_by(None if published is None else bounds_of(published).s_min, until)


def _said_by(day: int | None, until: int | None) -> bool:
    return until is None or (day is not None and day <= until)


def _begins_by(bounds: Bounds, day: int | None) -> bool:
    return day is None or bounds.s_min is None or bounds.s_min <= day
