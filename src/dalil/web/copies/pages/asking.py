"""A file from outside: sent, compared, removed; its answer is one person's, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.errors import NoSuchThing
from dalil.web.copies import answers
from dalil.web.copies.forms import OutsideForm
from dalil.web.copies.pages.pair import Row, judging, row_of, shown, withdrawing
from dalil.web.copies.standing import Pairing, item_of, sides, with_found
from dalil.web.frame.access import person_of, right
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start

WRONG = 422


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form that takes a file."""

    form: OutsideForm


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What was found for a file; ``until`` is when it is forgotten by itself."""

    ticket: str
    sha256: str
    compared: int
    waiting: int
    problems: tuple[str, ...]
    until: datetime
    rows: tuple[Row, ...]


@right("look")
@require_http_methods(["GET", "POST"])
@once
def ask(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST has the file compared and removed."""
    lang, posted = lang_of(request), request.method == "POST"
    form = OutsideForm(request.POST, request.FILES, lang=lang) if posted else OutsideForm(lang=lang)
    if posted and form.is_valid():
        ticket = answers.ask(person_of(request).person_id, form.cleaned_data["file"])
        return redirect(address_of(start(request, "copies.query", {"ticket": ticket})))
    title, status = say(lang, "copies.query-title"), WRONG if posted else 200
    return page(
        request, "copies/outside.html", AskPage(form), title=title, room="copies", status=status
    )


@right("look")
@require_GET
def answer_page(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show what was found for a file of one's own."""
    said = answers.answered(person_of(request).person_id, ticket)
    every = [with_found(request, each) for each in said.found]
    known = sides(request, [item_of(each.pair) for each in every])
    rows = tuple(row_of(request, each, known, "", n, ticket) for n, each in enumerate(every))
    page_shown = AnswerPage(
        ticket, said.sha256, said.compared, said.waiting, said.problems, said.until, rows
    )
    title = say(lang_of(request), "copies.answer-title")
    return page(request, "copies/answer.html", page_shown, title=title, room="copies")


@right("look")
@require_POST
@once
def forget(request: HttpRequest, ticket: str) -> HttpResponse:
    """Forget what was found for a file."""
    answers.forget(person_of(request).person_id, ticket)
    return redirect("copies:index")


@right("look")
@require_GET
def pair_page(request: HttpRequest, ticket: str, item: str) -> HttpResponse:
    """Show the file beside one item of the archive."""
    return shown(request, _pairing(request, ticket, item), ticket)


@right("weigh")
@require_POST
@once
def judge_pair(request: HttpRequest, ticket: str, item: str) -> HttpResponse:
    """Sign what somebody says of the file and an item; the act names the file by its SHA-256."""
    return judging(request, _pairing(request, ticket, item), ticket)


@right("weigh")
@require_POST
@once
def withdraw_pair(request: HttpRequest, ticket: str, item: str) -> HttpResponse:
    """Take that back."""
    return withdrawing(request, _pairing(request, ticket, item), ticket)


def _pairing(request: HttpRequest, ticket: str, item: str) -> Pairing:
    said = answers.answered(person_of(request).person_id, ticket)
    for each in said.found:
        if item in (each.a, each.b):
            return with_found(request, each)
    raise NoSuchThing("")
