"""What a person answers for: a status with reasons, that a case relies on a claim, a name."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Adoption, Assessment, Proposition
from dalil.casebook.record.form import Record, fields_of, new_id
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.paged.claims import list_claims
from dalil.casebook.report.paged.source import line_in_both
from dalil.errors import NoSuchThing, RecordRefused, RevisedMeanwhile
from dalil.web.casebook.forms import AdoptForm, LinkNameForm
from dalil.web.casebook.looking import look_of, term_in
from dalil.web.casebook.pages.writing import (
    TYPED_WRONGLY,
    FormPage,
    conflict,
    record_typed,
    shown_form,
    written,
)
from dalil.web.casebook.record_forms import RecordForm, typed
from dalil.web.frame.access import casebook_of, right, signer_of
from dalil.web.frame.form import told
from dalil.web.frame.once import once
from dalil.web.frame.say import lang_of, say

OF_A_NAME = ("form", "lang", "script", "source")


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def weigh(request: HttpRequest, record_id: str) -> HttpResponse:
    """Set the status of a claim, with reasons; it stands beside everybody else's."""
    lang, (view, _) = lang_of(request), look_of(request)
    casebook = casebook_of(request)
    claim = _claim(casebook, record_id, view)
    mine = _mine(casebook, record_id, view)
    line = line_in_both(open_desk(casebook, view), claim)
    title, note = say(lang, "casebook.weigh"), say(lang, "casebook.weigh-note")
    with casebook.at_once():
        listed = tuple(
            each for one in list_claims(casebook, view, [(record_id,)]) for each in one.claims
        )
    if request.method == "GET":
        initial = {} if mine is None else typed("assessment", fields_of(mine.record))
        initial["revises"] = 0 if mine is None else mine.revision + 1
        form = RecordForm(kind="assessment", lang=lang, initial=initial, place=record_id)
        return shown_form(request, FormPage(form, record_id, line, note, listed), title)
    form = RecordForm(request.POST, kind="assessment", lang=lang, place=record_id)
    # What is set is seen by whoever sees the claim; the class is never told apart.
    earlier = {} if mine is None else fields_of(mine.record)
    earlier |= {"id": mine.record.id if mine else new_id(), "proposition": record_id}
    earlier |= {"see": claim.see} | ({"case": claim.case} if claim.case else {})
    made = record_typed(form, casebook, view, earlier)
    try:
        if made is None or not written(request, form, made):
            shown = FormPage(form, record_id, line, note, listed)
            return shown_form(request, shown, title, TYPED_WRONGLY)
    except RevisedMeanwhile:
        return conflict(request, form, casebook.get(str(earlier["id"]), view))
    return redirect("casebook:claim", record_id)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def adopt(request: HttpRequest, record_id: str) -> HttpResponse:
    """Let a case rely on a claim, as one assessment has it."""
    lang, (view, _) = lang_of(request), look_of(request)
    casebook = casebook_of(request)
    claim = _claim(casebook, record_id, view)
    desk = open_desk(casebook, view)
    given = {"case": request.GET.get("case") or claim.case or ""}
    form = AdoptForm(request.POST or None, lang=lang, initial=given)
    form.fields["assessment"].choices = [  # type: ignore[attr-defined]
        ("", say(lang, "casebook.adopting-none")),
        *(
            (each.record.id, f"{term_in(each.record.status, lang)} ({desk.who(each.by_key)})")
            for each in casebook.naming(record_id, view, Assessment.kind, "proposition")
            if isinstance(each.record, Assessment) and each.record.withdrawn is None
        ),
    ]
    if request.method == "POST" and form.is_valid():
        adoption = Adoption(
            id=new_id(),
            see=claim.see,
            case=form.text("case"),
            proposition=record_id,
            assessment=form.text("assessment") or None,
            note=form.text("note") or None,
        )
        if _kept(request, form, adoption):
            return redirect("casebook:claim", record_id)
    status = TYPED_WRONGLY if request.method == "POST" else 200
    shown = FormPage(form, record_id, line_in_both(desk, claim), say(lang, "casebook.adopt-note"))
    return shown_form(request, shown, say(lang, "casebook.adopt"), status)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def link_name(request: HttpRequest, record_id: str) -> HttpResponse:
    """Say that a form of a name is an entity's indeed, so that a search for it finds it."""
    lang, (view, _) = lang_of(request), look_of(request)
    casebook = casebook_of(request)
    entity = casebook.get(record_id, view).record
    if not isinstance(entity, Entity):
        raise NoSuchThing(f"entity {record_id}")
    form = LinkNameForm(request.POST or None, lang=lang, initial={"form": request.GET.get("form")})
    if request.method == "POST" and form.is_valid():
        linked = _linked(casebook, view, entity, form.text("form"))
        if linked is None:
            form.add_error("form", say(lang, "casebook.linking-none"))
        elif _kept(request, form, linked, form.text("reason")):
            return redirect("casebook:thing", record_id)
    status = TYPED_WRONGLY if request.method == "POST" else 200
    line = line_in_both(open_desk(casebook, view), entity)
    shown = FormPage(form, record_id, line, say(lang, "casebook.linking-note"))
    return shown_form(request, shown, say(lang, "casebook.link-name"), status)


def _claim(casebook: Casebook, record_id: str, view: View) -> Proposition:
    found = casebook.get(record_id, view).record
    if not isinstance(found, Proposition):
        raise NoSuchThing(f"proposition {record_id}")
    return found


def _mine(casebook: Casebook, record_id: str, view: View) -> Known | None:
    """Return the last assessment of whoever looks; their own alone is theirs to revise."""
    found = [
        each
        for each in casebook.naming(record_id, view, Assessment.kind, "proposition")
        if each.by_key == view.author and each.record.withdrawn is None
    ]
    return found[-1] if found else None


def _linked(casebook: Casebook, view: View, entity: Entity, form: str) -> Name | None:
    """Return the name with this form as linked; nothing where the entity has none such."""
    for known in casebook.naming(entity.id, view, Name.kind, "entity"):
        name = known.record
        if isinstance(name, Name) and name.form == form and name.withdrawn is None:
            return replace(name, linked=True, revises=known.revision + 1)
    for each in entity.names:
        if each["form"] == form:
            return Name(
                id=new_id(),
                see=entity.see,
                case=entity.case,
                entity=entity.id,
                role=each.get("role", "name"),
                linked=True,
                **{name: value for name, value in each.items() if name in OF_A_NAME},
            )
    return None


def _kept(
    request: HttpRequest, form: AdoptForm | LinkNameForm, record: Record, note: str = ""
) -> bool:
    try:
        casebook_of(request).write([record], signer_of(request), note)
    except RecordRefused as refused:
        form.add_error(None, told(refused, form.lang))
        return False
    return True
