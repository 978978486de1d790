"""Which assertions stand, and which of those rest on something that may lift a status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dalil.casebook.record.claims import CANNOT_LIFT, Assertion
from dalil.casebook.record.count import compared
from dalil.casebook.record.sources import Evidence
from dalil.casebook.weigh.ground.matter import Matter, said_on
from dalil.casebook.weigh.ground.origins import Lines, Pedigree, by_work

OFFERS = ("shows", "supports")
# Taken back: nothing rests on these any more.
TAKEN_BACK = ("withdrawn", "retracted")
GONE = (*TAKEN_BACK, "explained_away")


@dataclass(frozen=True)
class Standing:
    """Who stands on what.

    ``aside``: assertions that do not count, with why: ``withdrawn`` (by the archive),
    ``retracted`` (by their source), ``retraction``, ``mixed_scope``, ``explained_away``.
    ``weak``: those that stand and lift nothing, with why: ``custody``, ``deception``,
    ``coercion``, ``machine``, ``origin_weak`` (it repeats only such), ``origin_gone`` (all that it
    repeats was taken back), ``no_evidence``. All others are ``grounded``. ``undecided``:
    assertions that explain each other away.
    """

    pedigree: Pedigree
    aside: Mapping[str, str]
    weak: Mapping[str, str]
    undecided: frozenset[str]
    lines: Mapping[str, Lines]

    def stands(self, assertion: str) -> bool:
        """Whether an assertion counts at all."""
        return assertion not in self.aside

    def grounded(self, assertion: str) -> bool:
        """Whether an assertion stands, offers evidence, and may lift a status."""
        return assertion not in self.aside and assertion not in self.weak

    def contests(self, evidence: Evidence) -> bool:
        """Whether an evidence record has something to offer of its own: no machine's has."""
        if evidence.machine:
            return False
        return evidence.by_assertion is None or self.grounded(evidence.by_assertion)


@dataclass
class _Sifting:
    """The same on its way; each step only reads what the steps before it have found."""

    matter: Matter
    pedigree: Pedigree
    lines: dict[str, Lines]
    aside: dict[str, str] = field(default_factory=dict)
    weak: dict[str, str] = field(default_factory=dict)

    def grounded(self, assertion: str) -> bool:
        return assertion not in self.aside and assertion not in self.weak


def standing_of(matter: Matter, pedigree: Pedigree | None = None) -> Standing:
    """Sift all assertions; the result does not depend on the order in which they came."""
    pedigree = pedigree or Pedigree.of(matter)
    lines = {one: Lines.of(each, pedigree) for one, each in matter.on.items()}
    sifting = _Sifting(matter, pedigree, lines)
    for each in lines.values():
        _take_back(sifting, each)
    _weaken(sifting, lines)
    out, undecided = _explained(sifting)
    if out:
        sifting.aside.update(dict.fromkeys(out, "explained_away"))
        touched = {matter.assertions[each].proposition for each in out}
        for one in touched:
            _explain_repeats(sifting, lines[one])
        # Only what was said beside these, or leans on other assertions, can have lost its ground.
        leaning = {matter.assertions[each.assertion].proposition for each in _leaning(matter)}
        _weaken(sifting, touched | leaning)
    return Standing(pedigree, sifting.aside, sifting.weak, frozenset(undecided), lines)


def _take_back(sifting: _Sifting, lines: Lines) -> None:
    retractions = []
    for each in lines.assertions:
        if each.withdrawn is not None:
            sifting.aside[each.id] = "withdrawn"
        elif each.modality == "retracts":
            sifting.aside[each.id] = "retraction"
            # What was said in custody takes nothing back, as it lifts nothing.
            if not (each.machine or each.obtained_how in CANNOT_LIFT):
                retractions.append(each)
        elif each.mixed_scope:
            sifting.aside[each.id] = "mixed_scope"
    theirs = by_work(lines.assertions, sifting.pedigree) if retractions else {}
    for retraction in retractions:
        for each in theirs[sifting.pedigree.work(retraction.source)]:
            if each.id not in sifting.aside and _takes_back(sifting, retraction, each):
                sifting.aside[each.id] = "retracted"


def _takes_back(sifting: _Sifting, retraction: Assertion, assertion: Assertion) -> bool:
    """Whether it was said no later than the retraction, of the number that is retracted."""
    sources = sifting.matter.sources
    when, before = said_on(retraction, sources), said_on(assertion, sources)
    in_time = when is None or before is None or before <= when
    return in_time and compared(retraction).meets(compared(assertion))


def _weaken(sifting: _Sifting, propositions: Iterable[str]) -> None:
    """Find what stands and lifts nothing; what rests on a grounded assertion is grounded too."""
    for one in propositions:
        _weaken_one(sifting, sifting.lines[one])
    waiting = _leaning(sifting.matter)
    changed = True
    while changed:
        changed = False
        for each in waiting:
            if _supported(sifting, each):
                del sifting.weak[each.assertion]
                proposition = sifting.matter.assertions[each.assertion].proposition
                _carry(sifting, sifting.lines[proposition])
                changed = True


def _leaning(matter: Matter) -> list[Evidence]:
    """Return the records by which one assertion rests on another."""
    known = matter.assertions
    return [
        each
        for each in matter.evidence
        if each.relation in OFFERS and each.by_assertion in known and each.assertion in known
    ]


def _supported(sifting: _Sifting, evidence: Evidence) -> bool:
    why = sifting.weak.get(evidence.assertion)
    if evidence.machine or why not in {"no_evidence", "origin_gone"}:
        return False
    return sifting.grounded(evidence.by_assertion or "")


def _weaken_one(sifting: _Sifting, lines: Lines) -> None:
    """Say of each assertion on one proposition why it lifts nothing, as far as it goes alone."""
    aside = sifting.aside
    weak = _spread(lines, {a.id for a in lines.assertions if _cannot_lift(a)})
    gone = _spread(lines, {a.id for a in lines.assertions if aside.get(a.id) in GONE})
    for each in lines.assertions:
        why = ""
        if each.id in aside:
            pass
        elif each.id in weak:
            why = _cannot_lift(each) or "origin_weak"
        elif each.id in gone or not each.evidence_offered:
            evidence = sifting.matter.evidence_on.get(each.id)
            if not (evidence and _shown_by_a_source(evidence)):
                why = "origin_gone" if each.id in gone else "no_evidence"
        if why:
            sifting.weak[each.id] = why
        else:
            sifting.weak.pop(each.id, None)
    _carry(sifting, lines)


def _carry(sifting: _Sifting, lines: Lines) -> None:
    """Ground what repeats a grounded assertion: its origin offers the evidence."""
    changed = bool(lines.repeats)
    while changed:
        changed = False
        for each, origins in lines.repeats.items():
            if sifting.weak.get(each) == "no_evidence" and any(
                sifting.grounded(one.id) for one in origins
            ):
                del sifting.weak[each]
                changed = True


def _spread(lines: Lines, marked: set[str], spared: Iterable[str] = ()) -> set[str]:
    """Return ``marked`` and all that repeats nothing but what is marked, the spared ones apart."""
    changed = bool(marked and lines.repeats)
    while changed:
        new = {
            one
            for one, origins in lines.repeats.items()
            if origins and one not in marked and all(each.id in marked for each in origins)
        }
        new.difference_update(spared)
        marked = marked | new
        changed = bool(new)
    return marked


def _cannot_lift(assertion: Assertion) -> str:
    if assertion.obtained_how in CANNOT_LIFT:
        return assertion.obtained_how
    return "machine" if assertion.machine else ""


def _shown_by_a_source(evidence: Iterable[Evidence]) -> bool:
    return any(e.by_source and e.relation in OFFERS and not e.machine for e in evidence)


def _explain_repeats(sifting: _Sifting, lines: Lines) -> None:
    """Set aside what repeats nothing but what was explained away."""
    explained = {a.id for a in lines.assertions if sifting.aside.get(a.id) == "explained_away"}
    evidence = sifting.matter.evidence_on
    shown = [a.id for a in lines.assertions if _shown_by_a_source(evidence.get(a.id, ()))]
    for each in _spread(lines, explained, shown) - set(sifting.aside):
        sifting.aside[each] = "explained_away"


def _explained(sifting: _Sifting) -> tuple[set[str], set[str]]:
    """Return what is explained away by something that is not, and what is left undecided.

    The grounded extension of P. M. Dung (1995): an explanation that is itself explained away
    explains nothing, and two that explain each other away leave both open.
    """
    attacks: dict[str, list[str | None]] = {}
    for target, by in _attacks(sifting):
        attacks.setdefault(target, []).append(by)
    out: set[str] = set()
    changed = True
    while changed:
        new = {one for one, by in attacks.items() if one not in out and _loses(by, attacks, out)}
        out |= new
        changed = bool(new)
    return out, {one for one in attacks if one not in out and not _holds(one, attacks, out)}


def _holds(one: str, attacks: Mapping[str, list[str | None]], out: set[str]) -> bool:
    """Whether all that explains it away is itself explained away, or nothing does."""
    return all(by in out for by in attacks.get(one, ()))


def _loses(by: list[str | None], attacks: Mapping[str, list[str | None]], out: set[str]) -> bool:
    """Whether one of those who explain it away is a source, or stands unexplained itself."""
    return any(one is None or (one not in out and _holds(one, attacks, out)) for one in by)


def _attacks(sifting: _Sifting) -> Iterator[tuple[str, str | None]]:
    known = sifting.matter.assertions
    for each in sifting.matter.evidence:
        if each.relation != "explains_away" or each.machine or each.assertion not in known:
            continue
        if each.assertion in sifting.aside:
            continue
        if each.by_assertion is None:
            yield each.assertion, None
        elif each.by_assertion in known and sifting.grounded(each.by_assertion):
            yield each.assertion, each.by_assertion
