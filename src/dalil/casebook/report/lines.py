"""One line about any record: what it says, shortly, with names instead of ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dalil.casebook.record.claims import Adoption, Assertion, Assessment, CountGroup, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.casebook.report.desk import Desk, cited, source_shown
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term

SHORT = 120


def line_about(desk: Desk, record: Record, lang: str) -> str:
    """Return what a record says, in one line of ``lang``."""
    write = _LINES.get(type(record))
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
    return phrase("states", lang, subject=subject, predicate=quoted(asked.predicate), what=what)


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
    return phrase(key, lang, source=cited(desk.source(record.source), lang), when=when, what=what)


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
    by = cited(desk.source(record.by_source), lang) if record.by_source else record.by_assertion
    note = short(record.note) if record.note else "—"
    return phrase("line-evidence", lang, by=by, how=term(record.relation, lang), note=note)


def _judgement(desk: Desk, record: Judgement, lang: str) -> str:
    a, b = (getattr(desk.name(each), lang) for each in (record.a, record.b))
    why = short(record.reasoning) if record.reasoning else "—"
    return phrase("line-judgement", lang, a=a, b=b, verdict=term(record.verdict, lang), why=why)


def _relation(desk: Desk, record: Relation, lang: str) -> str:
    a = getattr(desk.name(record.a), lang)
    b = getattr(desk.name(record.b), lang) if record.b else "—"
    when = date_in_words(record.valid, lang) if record.valid else phrase("undated", lang)
    key = "line-relation-denied" if record.polarity == "denies" else "line-relation"
    return phrase(key, lang, a=a, b=b, relation=term(record.relation, lang), when=when)


def _conduct(desk: Desk, record: Conduct, lang: str) -> str:
    who, whom = (
        getattr(desk.name(id_), lang) if id_ else quoted(label or "—")
        for id_, label in (
            (record.actor, record.actor_label),
            (record.target, record.target_label),
        )
    )
    return phrase("line-conduct", lang, who=who, act=quoted(record.act), whom=whom)


def _of(desk: Desk, proposition: str, lang: str) -> str:
    found = desk.record(proposition)
    if isinstance(found, Proposition):
        return statement(desk, found, lang)
    return phrase("withheld-thing", lang)


_LINES: dict[type[Record], Callable[[Desk, Any, str], str]] = {
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
}
