"""One record and what is around it: a claim, a source, a person or place, any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.incident.incident import Incident, incident
from dalil.casebook.index.view import View
from dalil.casebook.record import sites
from dalil.casebook.record.form import Record, fixed_words
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.paged.claims import ClaimListed, ClaimShown, list_claims, show_claim
from dalil.casebook.report.paged.source import SourcePage, count_sayings, show_source
from dalil.casebook.report.paged.thing import (
    Position,
    ThingPage,
    count_relations,
    position_of,
    show_thing,
)
from dalil.casebook.report.record_shown import RecordShown, show_record
from dalil.casebook.text.names import shown as visible
from dalil.kernel.canonical import Json
from dalil.web.casebook.looking import Look, look_of, term_in
from dalil.web.casebook.record_forms import FORMS
from dalil.web.frame.access import casebook_of, person_of, right
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of

ROWS = 30
# Kinds that have a page of their own; whatever else is shown field by field.
OWN_PAGE = {"proposition": "claim", "source": "source", "entity": "thing"}
UNSHOWN = ("kind", "id", "revises")


@dataclass(frozen=True, slots=True)
class Shown:
    """One record on its page, and whether whoever looks may write."""

    look: Look
    may_write: bool
    claim: ClaimShown | None = None
    source: SourcePage | None = None
    thing: ThingPage | None = None
    incident: Incident | None = None
    asked: tuple[ClaimListed, ...] = ()
    pager: Pager | None = None


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a record: its name, its value as text, and the record (id) that it names."""

    name: str
    value: str
    target: str | None


@dataclass(frozen=True, slots=True)
class WholePage:
    """All that is recorded of one record: fields, revisions, what it names and what names it."""

    look: Look
    shown: RecordShown
    case: str | None
    rows: tuple[FieldRow, ...]
    position: Position | None
    may_write: bool
    has_form: bool
    is_withdrawn: bool


@right("read")
@require_GET
def claim(request: HttpRequest, record_id: str) -> HttpResponse:
    """Show one claim: who says it on what ground, what is against, who weighed it how."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        found = show_claim(casebook, view, record_id, view.author or "")
    shown = Shown(look, person_of(request).may("weigh"), claim=found)
    title = getattr(found.claim.statement, lang_of(request))
    return page(request, "casebook/claim.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def source(request: HttpRequest, record_id: str) -> HttpResponse:
    """Show a source: where it comes from, how persons graded it, what it says."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        pager = pager_of(request, count_sayings(casebook, view, record_id), ROWS)
        found = show_source(casebook, view, record_id, pager.first, ROWS)
    shown = Shown(look, person_of(request).may("weigh"), source=found, pager=pager)
    title = getattr(found.line, lang_of(request))
    return page(request, "casebook/source.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def thing(request: HttpRequest, record_id: str) -> HttpResponse:
    """Show somebody or something: names, relations with who says so, the claims on it."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        pager = pager_of(request, count_relations(casebook, view, record_id), ROWS)
        found = show_thing(casebook, view, record_id, pager.first, ROWS)
        told = None
        if found.entity.type == "incident":
            told = incident(casebook, record_id, view)
        # By relations and claims alike: whoever asks for page 2 wants the relations of page 2.
        ids = found.asked if pager.number == 1 else ()
        asked = tuple(each for one in list_claims(casebook, view, [ids]) for each in one.claims)
    may_write = person_of(request).may("weigh")
    shown = Shown(look, may_write, thing=found, incident=told, asked=asked, pager=pager)
    title = getattr(found.name, lang_of(request))
    return page(request, "casebook/thing.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def record(request: HttpRequest, record_id: str) -> HttpResponse:
    """Go to the page of a record, whichever it is; what has none is shown field by field."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    known = casebook.get(record_id, view)
    if isinstance(known.record, Victim) and known.record.withdrawn is None:
        return redirect(reverse("victims:person", args=[record_id]) + look.query)
    own = OWN_PAGE.get(known.record.kind)
    if own is not None:
        return redirect(reverse(f"casebook:{own}", args=[record_id]) + look.query)
    return _whole(request, known)


@right("read")
@require_GET
def revisions(request: HttpRequest, record_id: str) -> HttpResponse:
    """Show all that is recorded of one record, with its revisions."""
    casebook, (view, _) = casebook_of(request), look_of(request)
    return _whole(request, casebook.get(record_id, view))


def _whole(request: HttpRequest, known: Known) -> HttpResponse:
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        shown = show_record(open_desk(casebook, view), known)
    whole = WholePage(
        look=look,
        shown=shown,
        case=known.record.case,
        rows=tuple(_rows(shown, known, lang_of(request))),
        position=_position(casebook, known.record, view),
        may_write=person_of(request).may("weigh"),
        has_form=known.record.kind in FORMS and not shown.withheld,
        is_withdrawn=known.record.withdrawn is not None,
    )
    title = getattr(shown.line, lang_of(request))
    return page(request, "casebook/record.html", whole, title=title, room="casebook")


def _position(casebook: Casebook, record: Record, view: View) -> Position | None:
    if not isinstance(record, Entity | sites.Position):
        return None
    return position_of(casebook, record, view)


def _rows(shown: RecordShown, known: Known, lang: str) -> Iterator[FieldRow]:
    named = {each.id: getattr(each.line, lang) for each in shown.speaks_of}
    names = isinstance(known.record, Entity)
    for name, value in shown.fields.items():
        # Forms of names stand above, each with its role.
        if name in (*UNSHOWN, *shown.withheld) or (names and name == "names"):
            continue
        if name in ("lat_e6", "lon_e6", "radius_m"):
            # Told once, as nearly as the view may know it.
            continue
        target = value if isinstance(value, str) and value in named else None
        fixed = value in fixed_words(shown.kind, name)
        said = named[str(target)] if target else term_in(value, lang) if fixed else _plain(value)
        yield FieldRow(name, said, target)


def _plain(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return visible(text)
