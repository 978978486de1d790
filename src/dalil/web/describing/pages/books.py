"""Code books: their terms in both languages, what each has meant since when, and new words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.code_book import TermShown, books, code_book, definitions
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Term
from dalil.casebook.record.form import new_id
from dalil.errors import NoSuchThing, RevisedMeanwhile
from dalil.web.describing.forms import TermForm
from dalil.web.frame.access import casebook_of, person_of, right, signer_of, view_of_request
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

TYPED = ("name_en", "name_ar", "definition_en", "definition_ar", "since", "broader")


@dataclass(frozen=True, slots=True)
class BooksPage:
    """The names of the code books."""

    books: tuple[str, ...]
    may_describe: bool


@dataclass(frozen=True, slots=True)
class BookPage:
    """One code book, as it is or as it was on a day."""

    book: str
    terms: tuple[TermShown, ...]
    known_on: str
    may_describe: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One field on which two differ."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class TermPage:
    """One term: all that it has meant, the latest first, and the form for what it means next."""

    term: TermShown | None
    past: tuple[TermShown, ...]
    form: TermForm | None
    fields: tuple[Pair, ...] = ()


@right("read")
@require_GET
def all_books(request: HttpRequest) -> HttpResponse:
    """Show which code books there are."""
    shown = BooksPage(books(casebook_of(request), view_of_request(request)), _may(request))
    title = say(lang_of(request), "describing.books")
    return page(request, "describing/books.html", shown, title=title, room="describing")


@right("read")
@require_GET
def book(request: HttpRequest, book: str) -> HttpResponse:
    """Show the terms of a code book; ``?known_on=``: as they were on a day."""
    told = code_book(casebook_of(request), book, view_of_request(request))
    known_on = request.GET.get("known_on", "")
    shown = BookPage(told.book, told.terms, known_on, _may(request) and not known_on)
    title = say(lang_of(request), "describing.book-of", book=told.book)
    return page(request, "describing/book.html", shown, title=title, room="describing")


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def new_term(request: HttpRequest) -> HttpResponse:
    """Take a new term into a code book; a new short name begins a new one."""
    casebook, view = casebook_of(request), view_of_request(request)
    start = {"book": request.GET.get("book", ""), "revises": 0, "see": "restricted"}
    form = _form(request, casebook, view, start)
    if request.method == "POST" and form.is_valid():
        record = _record(form, Term(id=new_id(), book="", key=""), 0)
        if form.write(casebook, [record], signer_of(request), form.text("note")):
            return redirect("describing:book", record.book)
    title = say(lang_of(request), "describing.new-term")
    shown = TermPage(None, (), form)
    status = 422 if request.method == "POST" else 200
    return page(
        request, "describing/term.html", shown, title=title, room="describing", status=status
    )


@right("read")
@require_GET
def term(request: HttpRequest, term: str) -> HttpResponse:
    """Show a term and all that it has meant."""
    casebook, view = casebook_of(request), view_of_request(request)
    past = definitions(casebook, term, view)
    see = casebook.get(term, view).record.see
    start = _as_typed(past[-1]) | {"see": see}
    form = _form(request, casebook, view, start) if _may(request) else None
    return _term_page(request, past, form)


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def define(request: HttpRequest, term: str) -> HttpResponse:
    """Give a term another definition, or withdraw it; the earlier ones stay readable."""
    casebook, view = casebook_of(request), view_of_request(request)
    past = definitions(casebook, term, view)
    if request.method == "GET":
        return redirect("describing:term", term)
    form = _form(request, casebook, view, {})
    if not form.is_valid():
        return _term_page(request, past, form, 422)
    known = casebook.get(term, view).record
    if not isinstance(known, Term):
        raise NoSuchThing(f"term {term}")
    record = _record(form, known, form.cleaned_data["revises"])
    try:
        done = form.write(casebook, [record], signer_of(request), form.text("note"))
    except RevisedMeanwhile:
        return _conflict(request, definitions(casebook, term, view), form)
    if done is None:
        return _term_page(request, past, form, 422)
    return redirect("describing:term", term)


def _may(request: HttpRequest) -> bool:
    return person_of(request).may("describe")


def _form(
    request: HttpRequest, casebook: Casebook, view: View, start: dict[str, object]
) -> TermForm:
    lang = lang_of(request)
    form = TermForm(request.POST or None, initial=start, lang=lang)
    form.classes(person_of(request).clearance)
    asked = str(request.POST.get("book") or start.get("book") or "")
    known = code_book(casebook, asked, view).terms if asked in books(casebook, view) else ()
    form.fields["broader"].choices = [("", "—"), *((e.id, shown_name(e, lang)) for e in known)]  # type: ignore[attr-defined]
    for name in ("definition_en", "definition_ar"):
        place = str(start.get("id") or asked or "new")
        form.fields[name].widget.attrs["data-draft"] = f"describing/term/{place}/{name}"
    return form


def shown_name(term: TermShown, lang: str) -> str:
    """Return a term's name in a language, else in the other one, else its key."""
    names = (term.name_ar, term.name_en) if lang == "ar" else (term.name_en, term.name_ar)
    return next(filter(None, names), term.key)


def _as_typed(term: TermShown) -> dict[str, object]:
    start: dict[str, object] = {each.name: getattr(term, each.name) for each in fields(term)}
    start["severity"] = "" if term.severity is None else str(term.severity)
    return start


def _record(form: TermForm, before: Term, revises: int) -> Term:
    typed: dict[str, Any] = {name: form.text_or_none(name) for name in TYPED}
    severity = form.text("severity")
    return replace(
        before,
        book=form.text("book"),
        key=form.text("key"),
        see=form.text("see"),
        severity=int(severity) if severity else None,
        revises=revises,
        withdrawn=form.text_or_none("withdrawn"),
        **typed,
    )


def _term_page(
    request: HttpRequest, past: Sequence[TermShown], form: TermForm | None, status: int = 200
) -> HttpResponse:
    now = past[-1]
    shown = TermPage(now, tuple(reversed(past)), form)
    title = shown_name(now, lang_of(request))
    return page(
        request, "describing/term.html", shown, title=title, room="describing", status=status
    )


def _conflict(request: HttpRequest, past: Sequence[TermShown], form: TermForm) -> HttpResponse:
    """Show what was signed meanwhile beside what was typed; sent again, it revises theirs."""
    now, lang = past[-1], lang_of(request)
    theirs = _as_typed(now)
    pairs = [
        Pair(str(form.fields[name].label), str(theirs[name] or ""), form.text(name))
        for name in (*TYPED, "severity")
        if str(theirs[name] or "") != form.text(name)
    ]
    form.data = {**form.data.dict(), "revises": str(now.revises)}  # type: ignore[attr-defined]
    shown = TermPage(now, (), form, tuple(pairs))
    title = say(lang, "frame.conflict-title")
    return page(
        request, "describing/term_conflict.html", shown, title=title, room="describing", status=409
    )
