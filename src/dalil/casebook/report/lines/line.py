"""What a record says, in one line of either language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dalil.casebook.record.claims import Adoption, Assertion, Assessment, CountGroup, Proposition
from dalil.casebook.record.describing import (
    Annotation,
    Decision,
    Round,
    Speech,
    Submission,
    Term,
)
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.casebook.report.desk import Desk, cited, named, source_shown
from dalil.casebook.report.lines import law, sites, victims
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term, usual
from dalil.errors import NoSuchThing
from dalil.kernel.canonical import Json

SHORT = 120
# Of the details of a relation those that every list means alike; the others are in its fields.
TOLD = (
    "title", "rank", "role", "kind", "status", "method", "conditions", "second_look_by", "content",
    "form", "relayed_from",
)  # fmt: skip
PLACES = ("page", "quote", "selector", "url")


def record_seen(desk: Desk, id_: str) -> Record | None:
    """Return a record of any kind, or nothing where it may not be seen."""
    try:
        return desk.casebook.get(id_, desk.view).record
    except NoSuchThing:
        return None


def line_about(desk: Desk, record: Record, lang: str) -> str:
    """Return what a record says, in one line of ``lang``."""
    write = LINES.get(type(record))
    return write(desk, record, lang) if write else record.kind


def short(text: str) -> str:
    """Return the beginning of somebody else's words, kept apart from ours."""
    whole = " ".join(text.split())
    return quoted(whole if len(whole) <= SHORT else whole[: SHORT - 1] + "…")


def statement(desk: Desk, asked: Proposition, lang: str) -> str:
    """Return what a proposition says or asks, of whom."""
    own = asked.question_ar if lang == "ar" else asked.question_en
    if asked.object is None and asked.value is None:
        return short(own or asked.group or asked.predicate)
    what = getattr(desk.name(asked.object), lang) if asked.object else short(str(asked.value))
    subject = getattr(desk.name(asked.subject), lang)
    if asked.predicate in (asked.group, asked.question_en):
        return phrase("states-it", lang, subject=subject, what=what)
    predicate = usual(asked.predicate, lang)
    return phrase("states", lang, subject=subject, predicate=predicate, what=what)


def _entity(desk: Desk, record: Entity, lang: str) -> str:
    named = getattr(desk.name(record.id), lang)
    return phrase("line-entity", lang, type=term(record.type, lang), name=named)


def _name(desk: Desk, record: Name, lang: str) -> str:
    of = getattr(desk.name(record.entity), lang)
    role = term(record.role, lang)
    return phrase("line-name", lang, form=quoted(record.form), role=role, entity=of)


def _source(_desk: Desk, record: Source, lang: str) -> str:
    return cited(source_shown(record), lang)


def _proposition(desk: Desk, record: Proposition, lang: str) -> str:
    return statement(desk, record, lang)


def _assertion(desk: Desk, record: Assertion, lang: str) -> str:
    said = record.verbatim or record.text
    number = "" if record.lo is None and record.hi is None else f"{record.lo}..{record.hi}"
    what = short(said) if said else number or _of(desk, record.proposition, lang)
    when = date_in_words(record.asserted, lang) if record.asserted else phrase("undated", lang)
    key = "line-denies" if record.polarity == "denies" else "line-affirms"
    return phrase(key, lang, source=named(desk.source(record.source), lang), when=when, what=what)


def _assessment(desk: Desk, record: Assessment, lang: str) -> str:
    status, why = term(record.status, lang), short(record.reasoning)
    about = _of(desk, record.proposition, lang)
    return phrase("line-assessment", lang, status=status, why=why, about=about)


def _adoption(desk: Desk, record: Adoption, lang: str) -> str:
    about = _of(desk, record.proposition, lang)
    return phrase("line-adoption", lang, case=quoted(record.case or "—"), about=about)


def _count_group(desk: Desk, record: CountGroup, lang: str) -> str:
    about = _of(desk, record.whole, lang)
    return phrase("line-count-group", lang, n=len(record.parts), about=about)


def _derivation(desk: Desk, record: Derivation, lang: str) -> str:
    child, parent = (cited(desk.source(each), lang) for each in (record.child, record.parent))
    return phrase("line-derivation", lang, child=child, parent=parent, how=term(record.how, lang))


def _grade(desk: Desk, record: Grade, lang: str) -> str:
    of = cited(desk.source(record.source), lang)
    return phrase("line-grade", lang, source=of, value=record.value, why=short(record.reasoning))


def _evidence(desk: Desk, record: Evidence, lang: str) -> str:
    by = quoted((record.by_assertion or "")[:12])
    if record.by_source:
        by = named(desk.source(record.by_source), lang)
    note = short(record.note) if record.note else "—"
    return phrase("line-evidence", lang, by=by, how=term(record.relation, lang), note=note)


def _judgement(desk: Desk, record: Judgement, lang: str) -> str:
    a, b = (getattr(desk.name(each), lang) for each in (record.a, record.b))
    why = short(record.reasoning) if record.reasoning else "—"
    return phrase("line-judgement", lang, a=a, b=b, verdict=term(record.verdict, lang), why=why)


def _relation(desk: Desk, record: Relation, lang: str) -> str:
    a = getattr(desk.name(record.a), lang)
    b = getattr(desk.name(record.b), lang) if record.b else _place_of(record)
    when = date_in_words(record.valid, lang) if record.valid else phrase("undated", lang)
    key = "line-relation-denied" if record.polarity == "denies" else "line-relation"
    said = phrase(key, lang, a=a, b=b, relation=term(record.relation, lang), when=when)
    detail = record.detail or {}
    told = [f"{usual(name, lang)}: {quoted(detail[name])}" for name in TOLD if name in detail]
    if told:
        said = phrase("line-with-detail", lang, said=said, detail=phrase("then", lang).join(told))
    if record.source is None:
        return said
    return phrase("line-said-by", lang, said=said, source=named(desk.source(record.source), lang))


def _place_of(record: Relation) -> str:
    """Return where in which item of the archive something is seen; there is no second thing."""
    return quoted(located(record.locator) or "—")


def located(locator: Json | None) -> str | None:
    """Return where in its source something stands: page and words, or item and stretch."""
    if not locator:
        return None
    said = [str(locator[name]) for name in PLACES if name in locator]
    if "item" in locator:
        ends = [str(locator[name]) for name in ("pts_start", "pts_end") if name in locator]
        item = (locator["item"][:12], "..".join(ends), locator.get("timebase", ""))
        said.append(" ".join(filter(None, item)))
    return ", ".join(said) or None


def _conduct(desk: Desk, record: Conduct, lang: str) -> str:
    who, whom = (
        getattr(desk.name(id_), lang) if id_ else quoted(label or "—")
        for id_, label in (
            (record.actor, record.actor_label),
            (record.target, record.target_label),
        )
    )
    return phrase("line-conduct", lang, who=who, act=quoted(record.act), whom=whom)


def _term(_desk: Desk, record: Term, lang: str) -> str:
    return phrase("line-term", lang, name=quoted(_named(record, lang)), book=quoted(record.book))


def _named(term: Term, lang: str) -> str:
    names = (term.name_ar, term.name_en) if lang == "ar" else (term.name_en, term.name_ar)
    return next(filter(None, names), term.key)


def _annotation(desk: Desk, record: Annotation, lang: str) -> str:
    found = record_seen(desk, record.term) if record.term is not None else None
    own = (record.text_ar, record.text_en) if lang == "ar" else (record.text_en, record.text_ar)
    said = [quoted(_named(found, lang))] if isinstance(found, Term) else []
    said += [short(each) for each in own[: 1 if own[0] else 2] if each]
    if record.term is not None and found is None:
        said.append(phrase("withheld-thing", lang))
    who = quoted(record.label) if record.label else quoted(record.lane)
    what = phrase("then", lang).join(said) or "—"
    key = "line-inferred" if record.basis == "inference" else "line-observed"
    return phrase(key, lang, who=who, what=what)


def _speech(_desk: Desk, record: Speech, lang: str) -> str:
    who = quoted(record.speaker) if record.speaker else phrase("somebody", lang)
    if record.of is None:
        return phrase("line-speech", lang, who=who, words=short(record.words))
    by = quoted(record.translator) if record.translator else phrase("somebody", lang)
    key = "line-translation-certified" if record.certified else "line-translation"
    into = quoted(record.lang)
    return phrase(key, lang, who=who, words=short(record.words), into=into, by=by)


def _round(_desk: Desk, record: Round, lang: str) -> str:
    lanes = phrase("then", lang).join(quoted(each) for each in record.lanes)
    key = "line-round-stopped" if record.state == "stopped" else "line-round"
    return phrase(key, lang, n=len(record.annotators), lanes=lanes)


def _submission(_desk: Desk, _record: Submission, lang: str) -> str:
    return phrase("line-submission", lang)


def _decision(_desk: Desk, record: Decision, lang: str) -> str:
    return phrase("line-decision", lang, lane=quoted(record.lane), why=short(record.reasoning))


def _of(desk: Desk, proposition: str, lang: str) -> str:
    found = desk.record(proposition)
    if isinstance(found, Proposition):
        return statement(desk, found, lang)
    return phrase("withheld-thing", lang)


LINES: dict[type[Record], Callable[[Desk, Any, str], str]] = {
    Entity: _entity,
    Name: _name,
    Source: _source,
    Proposition: _proposition,
    Assertion: _assertion,
    Assessment: _assessment,
    Adoption: _adoption,
    CountGroup: _count_group,
    Derivation: _derivation,
    Grade: _grade,
    Evidence: _evidence,
    Judgement: _judgement,
    Relation: _relation,
    Conduct: _conduct,
    Term: _term,
    Annotation: _annotation,
    Speech: _speech,
    Round: _round,
    Submission: _submission,
    Decision: _decision,
    **sites.LINES,
    **victims.LINES,
    **law.LINES,
}
