"""What speaks against a claim (spec/casefile.md, "What speaks against a claim")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.law import Bearing
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Identification
from dalil.casebook.record.sources import Evidence
from dalil.casebook.record.victims import Recognition

CONTRARY = frozenset({"undermines", "contradicts", "explains_away"})
# Kinds that lower what a claim is worth, or say that somebody judged otherwise: never left out.
ALWAYS = frozenset({
    "adoption", "assessment", "bearing", "count_group", "derivation", "grade", "hypothesis",
    "judgement", "proposition",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Said:
    on: dict[str, list[Assertion]] = field(default_factory=dict)
    evidence: dict[str, list[Evidence]] = field(default_factory=dict)
    rivals: dict[tuple[str, str, str], list[Proposition]] = field(default_factory=dict)


def against_each(claims: Iterable[str], latest: Mapping[str, Record]) -> dict[str, frozenset[str]]:
    """Return, for each claim, the ids of the assertions and evidence that speak against it.

    The order of ``latest`` says nothing. What was withdrawn is not in it.
    """
    said = _sorted(latest.values())
    found = {}
    for each in claims:
        proposition = latest.get(each)
        if isinstance(proposition, Proposition):
            found[each] = frozenset(_against(proposition, said))
    return found


def against_recognitions(latest: Mapping[str, Record]) -> dict[str, frozenset[str]]:
    """Return, for each recognition, what speaks against it; for each identification likewise.

    That is whoever denies it, and whoever says that it is somebody else.
    """
    said: dict[str, list[tuple[str, str, bool]]] = {}
    for each in latest.values():
        if isinstance(each, Recognition):
            told = (each.id, each.as_victim, each.polarity == "denies")
            said.setdefault(each.victim, []).append(told)
        elif isinstance(each, Identification):
            told = (each.id, each.victim, each.polarity == "denies")
            said.setdefault(each.remains, []).append(told)
    return {
        id_: frozenset(other for other, who, no in rivals if no == (who == whom))
        for rivals in said.values()
        for id_, whom, denied in rivals
        if not denied
    }


def never_left_out(
    against: Mapping[str, frozenset[str]], latest: Mapping[str, Record]
) -> dict[str, str]:
    """Return every record that has to come along: id → the claim that it speaks against, or "".

    What speaks against a claim brings its sources along; so do denials of relations and of
    recognitions, and all that says where sources come from, how far they are relied on, and who
    judged otherwise.
    """
    found = {each.id: "" for each in latest.values() if each.kind in ALWAYS}
    relations = [each for each in latest.values() if isinstance(each, Relation)]
    found |= {each.id: "" for each in relations if each.polarity == "denies"}
    bearings = [each for each in latest.values() if isinstance(each, Bearing)]
    found |= {b.link: "" for b in bearings if b.link and b.bears == "undermines"}
    found |= {each: "" for ids in against_recognitions(latest).values() for each in ids}
    for claim, ids in sorted(against.items()):
        for each in ids:
            found[each] = claim
            for name in ("source", "origin", "by_source"):
                speaker = getattr(latest.get(each), name, None)
                if speaker is not None:
                    found.setdefault(speaker, claim)
    return found


def _sorted(records: Iterable[Record]) -> _Said:
    said = _Said()
    for each in records:
        if isinstance(each, Assertion):
            said.on.setdefault(each.proposition, []).append(each)
        elif isinstance(each, Evidence) and each.relation in CONTRARY:
            said.evidence.setdefault(each.assertion, []).append(each)
        elif isinstance(each, Proposition) and each.functional:
            said.rivals.setdefault(_question(each), []).append(each)
    return said


def _question(proposition: Proposition) -> tuple[str, str, str]:
    return proposition.subject, proposition.predicate, proposition.scope or ""


def _against(claim: Proposition, said: _Said) -> set[str]:
    assertions = said.on.get(claim.id, [])
    found = {a.id for a in assertions if a.polarity == "denies" or a.modality == "retracts"}
    affirming = [a for a in assertions if a.id not in found and not a.mixed_scope]
    found |= {
        one.id
        for one in affirming
        if any(_disagree(one, other, single=claim.functional) for other in affirming)
    }
    if claim.functional:
        for rival in said.rivals.get(_question(claim), []):
            if (rival.object, rival.value) != (claim.object, claim.value):
                found |= {a.id for a in said.on.get(rival.id, []) if a.polarity != "denies"}
    for assertion in assertions:
        for evidence in said.evidence.get(assertion.id, []):
            found.add(evidence.id)
            if evidence.by_assertion is not None:
                found.add(evidence.by_assertion)
    return found


def _disagree(one: Assertion, other: Assertion, *, single: bool) -> bool:
    """Whether two answers to one question cannot both hold."""
    if one.entity is not None and other.entity is not None:
        return one.entity != other.entity
    if _is_count(one) and _is_count(other):
        return _below(one, other) or _below(other, one)
    return single and None not in (one.text, other.text) and one.text != other.text


def _is_count(assertion: Assertion) -> bool:
    return (assertion.lo, assertion.hi) != (None, None)


def _below(one: Assertion, other: Assertion) -> bool:
    return one.hi is not None and other.lo is not None and one.hi < other.lo
