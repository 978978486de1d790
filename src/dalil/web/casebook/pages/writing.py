"""Writing records down: new ones, revisions, what is withdrawn; each one signed act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assessment, Proposition
from dalil.casebook.record.form import ID, Record, check, fields_of, new_id, record_of
from dalil.casebook.report.desk import find_record, open_desk
from dalil.casebook.report.page import Worded
from dalil.casebook.report.paged.cases import claims_in
from dalil.casebook.report.paged.claims import ClaimListed
from dalil.casebook.report.paged.source import line_in_both
from dalil.casebook.report.record_shown import show_record
from dalil.casebook.search.naming import id_meant
from dalil.errors import NoSuchThing, NotAllowed, RecordRefused, RevisedMeanwhile
from dalil.kernel.canonical import Json
from dalil.web.casebook.forms import WithdrawForm
from dalil.web.casebook.looking import field_in, look_of
from dalil.web.casebook.record_forms import FORMS, RecordForm, typed
from dalil.web.frame.access import casebook_of, person_of, right, signer_of
from dalil.web.frame.models import Draft
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

TYPED_WRONGLY, MEANWHILE = 422, 409
# Kinds that are written on pages of their own.
ELSEWHERE = ("assessment",)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form of this room: what it is about (a record and its line), and the form itself.

    ``claims``: what the rule and others say of that, where it is weighed. ``button`` says what
    sending it does, where that is not to sign and write down.
    """

    form: Any
    about: str | None = None
    line: Worded | None = None
    note: str = ""
    claims: tuple[ClaimListed, ...] = ()
    button: str = ""


@dataclass(frozen=True, slots=True)
class Differing:
    """One field in which what was written meanwhile and what was typed differ."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Theirs beside yours, and the form as it was typed; sent again, it revises theirs."""

    fields: tuple[Differing, ...]
    form: Any
    about: str


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Write a new record down."""
    if kind not in FORMS or kind in ELSEWHERE:
        raise NoSuchThing(kind)
    lang, (view, look) = lang_of(request), look_of(request)
    title = say(lang, f"casebook.new-{kind}")
    if request.method == "GET":
        form = _form(kind, lang, look.classes, _begun(request, kind, view))
        _say_what_is_named(form, casebook_of(request), view)
        return shown_form(request, FormPage(form), title)
    form = RecordForm(request.POST, kind=kind, lang=lang, classes=look.classes)
    made = record_typed(form, casebook_of(request), view, {"id": new_id()})
    if made is None or not written(request, form, made):
        return shown_form(request, FormPage(form), title, TYPED_WRONGLY)
    return redirect("casebook:record", made.id)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def revise(request: HttpRequest, record_id: str) -> HttpResponse:
    """Revise a record; the earlier revision stays as it was known then."""
    lang, (view, look) = lang_of(request), look_of(request)
    casebook = casebook_of(request)
    known = _open_to_revision(casebook, record_id, view)
    kind = known.record.kind
    line = line_in_both(open_desk(casebook, view), known.record)
    title = say(lang, "casebook.revise")
    if request.method == "GET":
        initial = {**typed(kind, fields_of(known.record)), "revises": known.revision + 1}
        form = _form(kind, lang, look.classes, initial, record_id)
        _say_what_is_named(form, casebook, view)
        return shown_form(request, FormPage(form, record_id, line), title)
    form = RecordForm(request.POST, kind=kind, lang=lang, classes=look.classes, place=record_id)
    made = record_typed(form, casebook, view, fields_of(known.record) | {"id": record_id})
    try:
        if made is None or not written(request, form, made):
            return shown_form(request, FormPage(form, record_id, line), title, TYPED_WRONGLY)
    except RevisedMeanwhile:
        return conflict(request, form, casebook.get(record_id, view))
    return redirect("casebook:record", made.id)


@right("weigh")
@require_http_methods(["GET", "POST"])
@once
def withdraw(request: HttpRequest, record_id: str) -> HttpResponse:
    """Withdraw a record as it was read, with the reason; what was said stays to be read.

    Raises:
        RevisedMeanwhile: somebody revised it since. NotAllowed: it is another's assessment.

    """
    lang, (view, _) = lang_of(request), look_of(request)
    casebook = casebook_of(request)
    known = casebook.get(record_id, view)
    line = line_in_both(open_desk(casebook, view), known.record)
    if isinstance(known.record, Assessment) and known.by_key != view.author:
        raise NotAllowed("a status is withdrawn by whoever set it")
    form = WithdrawForm(request.POST or None, lang=lang, initial={"revises": known.revision + 1})
    if request.method == "POST" and form.is_valid():
        revises = form.cleaned_data["revises"]
        gone = replace(known.record, withdrawn=form.text("reason"), revises=revises)
        casebook.write([gone], signer_of(request), form.text("reason"))
        return redirect("casebook:revisions", record_id)
    title = say(lang, "casebook.withdraw")
    status = TYPED_WRONGLY if request.method == "POST" else 200
    note = say(lang, "casebook.withdraw-keeps")
    return shown_form(request, FormPage(form, record_id, line, note), title, status)


def _open_to_revision(casebook: Casebook, record_id: str, view: View) -> Known:
    """Return a record that may be revised by whoever sees all of it.

    Raises:
        NoSuchThing: none that may be seen, or of a kind without a form. NotAllowed: a source in it
            is withheld, and would be lost.

    """
    known = casebook.get(record_id, view)
    if known.record.kind not in FORMS or known.record.kind in ELSEWHERE:
        raise NoSuchThing(f"record {record_id}")
    if show_record(open_desk(casebook, view), known).withheld:
        raise NotAllowed("what is withheld cannot be revised without seeing it")
    return known


def _form(
    kind: str,
    lang: str,
    classes: tuple[str, ...],
    initial: Mapping[str, object],
    place: str = "new",
) -> RecordForm:
    return RecordForm(kind=kind, lang=lang, classes=classes, initial=initial, place=place)


def _begun(request: HttpRequest, kind: str, view: View) -> dict[str, object]:
    """Return what the address already says of a new record: its case, what it is about."""
    asked = {each.name for each in FORMS[kind]} | {"case"}
    begun: dict[str, object] = {n: v for n, v in request.GET.items() if n in asked}
    begun.setdefault("see", "restricted")
    casebook, question = casebook_of(request), request.GET.get("question", "")
    if kind == "proposition" and ID.fullmatch(question):
        for id_ in claims_in(casebook, question, view, 0, 1):
            like = casebook.get(id_, view).record
            if isinstance(like, Proposition):
                said = typed(kind, fields_of(like))
                names = ("subject", "predicate", "group", "question_en", "question_ar", "case")
                begun |= {name: said[name] for name in names if said.get(name)}
    for name in ("subject", "proposition", "a", "entity", "source", "child", "assertion", "site"):
        about = str(begun.get(name, ""))
        if "case" not in begun and ID.fullmatch(about):
            # What is said of something belongs where that does, unless told otherwise.
            begun["case"] = casebook.get(about, view).record.case
    return begun


def _say_what_is_named(form: RecordForm, casebook: Casebook, view: View) -> None:
    """Say under each reference what its id stands for."""
    desk = open_desk(casebook, view)
    for each in form.references:
        id_ = str(form.initial.get(each.name) or "")
        if ID.fullmatch(id_):
            line = getattr(line_in_both(desk, casebook.get(id_, view).record), form.lang)
            form.fields[each.name].help_text = line


def record_typed(
    form: RecordForm, casebook: Casebook, view: View, earlier: Mapping[str, Json]
) -> Record | None:
    """Return what was typed as a record, or nothing; then the form says what is wrong."""
    if not form.is_valid():
        return None
    fields = form.fields_typed({n: v for n, v in earlier.items() if n != "id"})
    for each in form.references:
        word = fields.get(each.name)
        if word:
            try:
                fields[each.name] = meant(casebook, str(word), view, each.of)
            except NoSuchThing as refused:
                form.add_error(each.name, refused.about)
    if form.errors:
        return None
    revises = form.cleaned_data.get("revises") or 0
    whole = {**fields, "kind": form.kind, "id": earlier["id"], "revises": revises}
    try:
        return record_of({name: value for name, value in whole.items() if value is not None})
    except RecordRefused as refused:
        _say_wrong(form, refused)
        return None


def meant(casebook: Casebook, word: str, view: View, kind: str) -> str:
    """Return the id of the record of a kind that a word means: its id, its key or its name.

    Raises:
        NoSuchThing: none that may be seen, or several; the message says how to choose.

    """
    try:
        return find_record(casebook, word, view, kind).record.id
    except NoSuchThing:
        if kind != "entity" or ID.fullmatch(word):
            raise
    return id_meant(casebook, word, view)


def written(request: HttpRequest, form: RecordForm, record: Record) -> bool:
    """Write a record; where it is refused, say so at its field."""
    try:
        check(record)
        signer, why = signer_of(request), str(form.cleaned_data.get("why") or "")
        casebook_of(request).write([record], signer, why)
        own = Draft.objects.filter(person_id=person_of(request).person_id)
        own.filter(key__startswith=form.drafts).delete()
    except RecordRefused as refused:
        _say_wrong(form, refused)
        return False
    return True


def _say_wrong(form: RecordForm, refused: RecordRefused) -> None:
    about = refused.about.removeprefix(f"{form.kind} ")
    first, _, rest = about.partition(": ")
    if ID.fullmatch(first):
        first, _, rest = rest.partition(": ")
    names = [each.strip() for each in first.split(",")]
    known = [each for each in names if each in form.fields]
    form.add_error(known[0] if known else None, rest if known else about)


def conflict(request: HttpRequest, form: RecordForm, theirs: Known) -> HttpResponse:
    """Show what was written meanwhile beside what was typed; sent again, it revises that."""
    lang = form.lang
    there, here = typed(form.kind, fields_of(theirs.record)), form.cleaned_data
    differing = tuple(
        Differing(_label(form, name, lang), _text(there.get(name)), _text(here.get(name)))
        for name in form.fields
        if name not in ("revises", "why") and _text(there.get(name)) != _text(here.get(name))
    )
    again = {**{name: form.data[name] for name in form.data}, "revises": theirs.revision + 1}
    look = look_of(request)[1]
    kept = RecordForm(
        again, kind=form.kind, lang=lang, classes=look.classes, place=theirs.record.id
    )
    shown = ConflictPage(differing, kept, theirs.record.id)
    title = say(lang, "frame.conflict-title")
    template = "casebook/conflict.html"
    return page(request, template, shown, title=title, room="casebook", status=MEANWHILE)


def _label(form: RecordForm, name: str, lang: str) -> str:
    return str(form.fields[name].label or field_in(name, lang))


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return str(value).replace("\r\n", "\n").strip()


def shown_form(
    request: HttpRequest, shown: FormPage, title: str, status: int = 200
) -> HttpResponse:
    """Return the page of a form."""
    return page(request, "casebook/form.html", shown, title=title, room="casebook", status=status)
