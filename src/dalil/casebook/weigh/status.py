"""The status that the rule suggests for one proposition, and why.

In this order: nothing affirms it: ``not_assessed``. All who affirmed it took it back:
``withdrawn``. Every affirmation is explained away by something that stands: ``refuted``. Something
that offers evidence stands against it: ``contested``. No affirmation offers evidence that may lift
a status: ``unsupported``. One independent origin: ``single_origin``; more that agree:
``corroborated``. A number of origins is a number of origins, and no measure of truth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.count import Interval, compared
from dalil.casebook.record.sources import Evidence
from dalil.casebook.weigh.ground.answers import (
    Answered,
    Voice,
    best_agreeing,
    by_answer,
    independent,
    left_together,
    spanned,
    works,
)
from dalil.casebook.weigh.ground.matter import Matter, states_something
from dalil.casebook.weigh.ground.standing import TAKEN_BACK, Standing
from dalil.casebook.weigh.suggestion import Against, Answer, Reason, Suggestion, Weight

SPEAKS_AGAINST = ("undermines", "contradicts", "explains_away")


# Not frozen: made and thrown away once a proposition.
@dataclass(slots=True)
class _Sides:
    """One proposition, taken apart; ``origins`` are those of ``best``, who agree."""

    proposition: Proposition
    voices: Sequence[Voice] = ()
    answers: Answered = ()
    best: Sequence[Voice] = ()
    origins: int = 0
    against: tuple[Against, ...] = ()
    weights: tuple[Weight, ...] = ()
    denials: frozenset[str] = frozenset()

    @property
    def contesting(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.against if each.contests)


def suggest(matter: Matter, standing: Standing, proposition: str) -> Suggestion:
    """Return the suggested status of a proposition of the matter, with its reasons."""
    sides = _sides(matter, standing, matter.propositions[proposition])
    status, reasons = _status(sides)
    number = _number(sides, status)
    return Suggestion(
        proposition=proposition,
        status=status,
        reasons=(*reasons, *_remarks(sides, status)),
        outlets=works(sides.voices),
        declared=_declared(sides.voices),
        origins=sides.origins,
        lo=number.lo,
        hi=number.hi,
        for_=tuple(each.assertion.id for each in sides.voices),
        speaks_against=sides.against,
        answers=_answers(sides),
        weights=sides.weights,
    )


def _sides(matter: Matter, standing: Standing, proposition: Proposition) -> _Sides:
    lines = standing.lines.get(proposition.id)
    if lines is None:
        return _Sides(proposition)
    voices, weights, beside = [], [], []
    aside, weak, pedigree = standing.aside, standing.weak, standing.pedigree
    for each in lines.assertions:
        why = aside.get(each.id)
        stands = why is None
        why = weak.get(each.id, "") if why is None else why
        roots = lines.roots(each)
        if not (roots or why):
            # Shown by an evidence record alone: then it is its source's own.
            roots = pedigree.roots(each.source)
        weights.append(Weight(each.id, stands, why, pedigree.ordered(roots)))
        if each.polarity == "denies" or not stands:
            beside.append(each)
        else:
            work = pedigree.copy_of.get(each.source, each.source)
            voices.append(Voice(each, work, roots, not why))
    answers = by_answer(voices) if voices and not states_something(proposition) else ()
    best = best_agreeing(answers) if answers else voices
    found = _against(_Look(matter, standing, proposition), voices, best, beside)
    return _Sides(
        proposition,
        voices,
        answers,
        best,
        independent(best),
        _once_each(found),
        tuple(weights),
        frozenset(each.id for each in beside if each.polarity == "denies"),
    )


def _once_each(found: Iterable[Against]) -> tuple[Against, ...]:
    """Return what speaks against it by id, each once, in the way that weighs most."""
    ordered = sorted(found, key=lambda one: (one.id, one.contests, one.how))
    return tuple({one.id: one for one in ordered}.values())


# Not frozen: made and thrown away once a proposition.
@dataclass(slots=True)
class _Look:
    """One proposition, and all that it is looked at in."""

    matter: Matter
    standing: Standing
    proposition: Proposition


def _against(
    look: _Look,
    voices: Sequence[Voice],
    best: Sequence[Voice],
    beside: Sequence[Assertion],
) -> Iterator[Against]:
    matter, standing, proposition = look.matter, look.standing, look.proposition
    for each in beside:
        if each.polarity == "affirms":
            if standing.aside.get(each.id) == "explained_away":
                yield from _explanations(matter, standing, each)
        elif standing.stands(each.id) and _denies(each, voices):
            yield Against(each.id, "denies", standing.grounded(each.id))
    for rival in matter.rivals(proposition) if proposition.functional else ():
        for each in matter.on.get(rival.id, ()):
            if each.polarity == "affirms" and standing.stands(each.id):
                yield Against(each.id, "rival", standing.grounded(each.id))
    if len(best) < len(voices):
        yield from _other_answers(proposition, voices, best)
    for voice in voices:
        one = voice.assertion.id
        if one in matter.evidence_on or one in matter.contradicted_by:
            yield from _evidence_against(look, voice.assertion)


def _denies(denial: Assertion, voices: Sequence[Voice]) -> bool:
    """Whether a denial speaks of what is affirmed: one of a number does so of that number."""
    if denial.lo is not None or denial.hi is not None:
        same = compared(denial)
        return not voices or any(compared(each.assertion).meets(same) for each in voices)
    if denial.entity is not None:
        return not voices or any(each.assertion.entity == denial.entity for each in voices)
    return True


def _other_answers(
    proposition: Proposition, voices: Sequence[Voice], best: Sequence[Voice]
) -> Iterator[Against]:
    chosen = {each.assertion.id for each in best}
    numbers = any(each.says_number for each in voices)
    for each in voices:
        if each.assertion.id in chosen:
            continue
        if numbers and each.says_number:
            yield Against(each.assertion.id, "count", each.grounded)
        elif not numbers and proposition.functional:
            yield Against(each.assertion.id, "answer", each.grounded)


def _evidence_against(look: _Look, assertion: Assertion) -> Iterator[Against]:
    matter, standing = look.matter, look.standing
    for each in matter.evidence_on.get(assertion.id, ()):
        if each.relation in SPEAKS_AGAINST:
            by = each.by_assertion
            if by is None or (by in matter.assertions and standing.stands(by)):
                yield _spoken(look, each, by)
    # To contradict is mutual: whoever is named as contradicted speaks against this one too.
    for each in matter.contradicted_by.get(assertion.id, ()):
        other = each.assertion
        if other in matter.assertions and standing.stands(other):
            yield _spoken(look, each, other)


def _explanations(matter: Matter, standing: Standing, assertion: Assertion) -> Iterator[Against]:
    """Yield what explained away an affirmation, which therefore no longer counts."""
    for each in matter.evidence_on.get(assertion.id, ()):
        if each.relation == "explains_away" and standing.contests(each):
            yield Against(each.by_assertion or each.id, "explained_away", contests=False)


def _spoken(look: _Look, evidence: Evidence, by: str | None) -> Against:
    """Return what an evidence record says against; counts of different things do not contest."""
    if by is None:
        return Against(evidence.id, evidence.relation, look.standing.contests(evidence))
    other = look.matter.propositions.get(look.matter.assertions[by].proposition)
    if other is not None and _counts_something_else(look.proposition, other):
        return Against(by, "other_scope", contests=False)
    contests = not evidence.machine and look.standing.grounded(by)
    return Against(by, evidence.relation, contests)


def _counts_something_else(one: Proposition, other: Proposition) -> bool:
    """Whether both are counts, of other things or of another scope: they cannot be rivals."""
    if one.measure is None or other.measure is None:
        return False
    return (one.measure, one.scope) != (other.measure, other.scope)


def _status(sides: _Sides) -> tuple[str, tuple[Reason, ...]]:
    if sides.proposition.withdrawn is not None:
        return "withdrawn", (Reason("proposition_withdrawn"),)
    if not sides.voices:
        return _without_voices(sides)
    grounded = [each for each in sides.voices if each.grounded]
    if sides.contesting:
        key = "contested" if grounded else "contested_without_evidence"
        return "contested", (Reason(key, sides.contesting, len(sides.contesting)),)
    if not grounded:
        ids = tuple(each.assertion.id for each in sides.voices)
        return "unsupported", (Reason("no_evidence", ids, len(ids)),)
    if sides.origins > 1:
        return "corroborated", (Reason("independent_origins", _first(sides.best), sides.origins),)
    return "single_origin", (Reason("one_origin", _first(sides.best), 1),)


def _without_voices(sides: _Sides) -> tuple[str, tuple[Reason, ...]]:
    gone = (each for each in sides.weights if not each.stands and each.id not in sides.denials)
    why = {each.id: each.why for each in gone}
    of = {key: tuple(i for i, each in why.items() if each == key) for key in set(why.values())}
    taken_back = tuple(sorted(i for i, each in why.items() if each in TAKEN_BACK))
    if explained := of.get("explained_away"):
        return "refuted", (Reason("explained_away", explained, len(explained)),)
    if taken_back:
        return "withdrawn", (Reason("all_taken_back", taken_back, len(taken_back)),)
    if mixed := of.get("mixed_scope"):
        return "not_assessed", (Reason("all_mixed", mixed, len(mixed)),)
    if sides.against:
        ids = tuple(each.id for each in sides.against)
        return "not_assessed", (Reason("only_denied", ids, len(ids)),)
    return "not_assessed", (Reason("nothing_said"),)


def _first(voices: Sequence[Voice]) -> tuple[str, ...]:
    return tuple(each.assertion.id for each in voices if each.grounded)


REMARKS = (
    "custody", "deception", "coercion", "machine", "origin_weak", "origin_gone", "mixed_scope",
    "withdrawn", "retracted", "explained_away",
)  # fmt: skip

# What speaks against something else than what still stands here.
APART = ("other_scope", "explained_away")


def _remarks(sides: _Sides, status: str) -> Iterator[Reason]:
    """Yield what else a reader should know, in a fixed order."""
    outlets = works(sides.best)
    if status in {"single_origin", "corroborated"} and outlets > sides.origins:
        yield Reason("more_outlets_than_origins", (), outlets)
    if sides.against:
        weak = tuple(e.id for e in sides.against if not e.contests and e.how not in APART)
        if weak:
            yield Reason("against_without_evidence", weak, len(weak))
        others = tuple(one.id for one in sides.against if one.how == "other_scope")
        if others:
            yield Reason("counts_something_else", others, len(others))
    why = {each.why for each in sides.weights}
    for key in REMARKS if why != {""} else ():
        if key in why and not (key == "explained_away" and status == "refuted"):
            ids = tuple(each.id for each in sides.weights if each.why == key)
            yield Reason(f"counted_not_{key}", ids, len(ids))
    if len(sides.voices) > 1 and any(each.assertion.about for each in sides.voices):
        yield Reason("about_reaches")
    withheld = sum("" in each.roots for each in sides.voices)
    if withheld:
        yield Reason("withheld_sources", (), withheld)
    if len(sides.answers) > 1:
        yield Reason("several_answers", (), len(sides.answers))


def _declared(voices: Iterable[Voice]) -> int:
    """Return how many origins are named; who names none and offers evidence is one himself."""
    named = (
        each.assertion.origin or (each.work if each.assertion.evidence_offered else None)
        for each in voices
    )
    return len(set(named) - {None})


def _number(sides: _Sides, status: str) -> Interval:
    if not any(key[0] == "number" for key, _ in sides.answers):
        return Interval()
    if status == "contested":
        return spanned([each for each in sides.voices if each.grounded] or sides.voices)
    numbers = [each for each in sides.best if each.says_number]
    return left_together([each for each in numbers if each.grounded] or numbers)


def _answers(sides: _Sides) -> tuple[Answer, ...]:
    found = []
    for (kind, lo, hi, about, _), voices in sides.answers:
        first = voices[0].assertion
        found.append(
            Answer(
                ids=tuple(each.assertion.id for each in voices),
                outlets=works(voices),
                origins=sides.origins if voices is sides.best else independent(voices),
                lo=lo,
                hi=hi,
                about=about,
                entity=first.entity if kind == "entity" else None,
                text=first.text if kind == "text" else None,
            )
        )
    return tuple(found)
