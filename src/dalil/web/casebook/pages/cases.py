"""The cases, what is asked in one of them, one question, and lists of what a case speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.things import TYPES
from dalil.casebook.report.page import Worded
from dalil.casebook.report.paged.cases import (
    CaseListed,
    cases,
    claims_in,
    contents,
    count_asked,
    first_claims,
    question_named,
)
from dalil.casebook.report.paged.claims import ClaimListed, QuestionShown, list_claims
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.text.names import script_of
from dalil.errors import NoSuchThing
from dalil.web.casebook.looking import Look, look_of
from dalil.web.frame.access import casebook_of, person_of, right
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

QUESTIONS, CLAIMS, CLAIMS_EACH, ROWS, INCIDENTS = 8, 16, 3, 50, 12
SCRIPTS = {"ar": "Arab", "en": "Latn"}
# What a case may speak of, in the order in which it is asked for.
LISTED = ("person", "unit", "place", "site", "incident", "victim", "organisation", "document")


@dataclass(frozen=True, slots=True)
class CasesPage:
    """The cases of which something may be seen."""

    look: Look
    cases: tuple[CaseListed, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class ThingRow:
    """Something in a list: its id, name, the same in the other script, its type."""

    id: str
    name: str
    other: str
    type: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question on the page of its case: its number, words, first claims, how many more."""

    id: str
    number: int
    asked: Worded
    claims: tuple[ClaimListed, ...]
    more: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case by question; ``incidents`` are the first of those that it speaks of."""

    look: Look
    case: str
    questions: int
    claims: int
    incidents: tuple[ThingRow, ...]
    listed: tuple[str, ...]
    rows: tuple[QuestionRow, ...]
    pager: Pager
    may_write: bool
    may_hand_out: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question of a case: its counts side by side, and its claims."""

    look: Look
    id: str
    case: str | None
    count: int
    shown: QuestionShown
    pager: Pager
    may_write: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a case speaks of, of one type, or its sources."""

    look: Look
    case: str
    type: str
    count: int
    rows: tuple[ThingRow, ...]
    pager: Pager
    may_write: bool


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the cases."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    shown = CasesPage(look, cases(casebook, view), person_of(request).may("weigh"))
    title = say(lang_of(request), "casebook.cases")
    return page(request, "casebook/cases.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def case(request: HttpRequest, case_name: str) -> HttpResponse:
    """Show what is said in a case, and on what ground, question by question."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        questions, claims = count_asked(casebook, case_name, view)
        pager = pager_of(request, questions, QUESTIONS)
        shown = CasePage(
            look=look,
            case=case_name,
            questions=questions,
            claims=claims,
            incidents=_things(casebook, view, case_name, "incident", lang_of(request))[1],
            listed=LISTED,
            rows=_rows(casebook, case_name, view, pager.first),
            pager=pager,
            may_write=person_of(request).may("weigh"),
            may_hand_out=person_of(request).may("give_out"),
        )
    return page(request, "casebook/case.html", shown, title=case_name, room="casebook")


@right("read")
@require_GET
def question(request: HttpRequest, question_id: str) -> HttpResponse:
    """Show one question with its claims."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    with casebook.at_once():
        case_name, _, count = question_named(casebook, question_id, view)
        pager = pager_of(request, count, CLAIMS)
        ids = claims_in(casebook, question_id, view, pager.first, CLAIMS)
        (asked,) = list_claims(casebook, view, [ids])
    may_write = person_of(request).may("weigh")
    shown = QuestionPage(look, question_id, case_name, count, asked, pager, may_write)
    title = getattr(asked.asked, lang_of(request))
    return page(request, "casebook/question.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def things(request: HttpRequest, case_name: str, type_name: str) -> HttpResponse:
    """List what a case speaks of: persons, units, places, or its sources (``source``)."""
    casebook, (view, look) = casebook_of(request), look_of(request)
    if type_name not in (*TYPES, "source"):
        raise NoSuchThing(type_name)
    lang = lang_of(request)
    with casebook.at_once():
        count_asked(casebook, case_name, view)
        count, _ = _things(casebook, view, case_name, type_name, lang, (0, 0))
        pager = pager_of(request, count, ROWS)
        _, rows = _things(casebook, view, case_name, type_name, lang, (pager.first, ROWS))
    may_write = person_of(request).may("weigh")
    shown = ListPage(look, case_name, type_name, count, rows, pager, may_write)
    title = say(lang, f"casebook.list-{type_name}")
    return page(request, "casebook/list.html", shown, title=title, room="casebook")


def _rows(casebook: Casebook, case_name: str, view: View, first: int) -> tuple[QuestionRow, ...]:
    listed = contents(casebook, case_name, view, first, QUESTIONS).listed
    groups = first_claims(casebook, [each.id for each in listed], view, CLAIMS_EACH)
    shown = list_claims(casebook, view, groups)
    return tuple(
        QuestionRow(one.id, one.number, each.asked, each.claims, one.claims - CLAIMS_EACH)
        for one, each in zip(listed, shown, strict=True)
    )


def _things(
    casebook: Casebook,
    view: View,
    case_name: str,
    type_name: str,
    lang: str,
    part: tuple[int, int] = (0, INCIDENTS),
) -> tuple[int, tuple[ThingRow, ...]]:
    first, most = part
    query = Query(
        kinds=("source",) if type_name == "source" else ("entity",),
        types=() if type_name == "source" else (type_name,),
        case=case_name,
        limit=most,
        offset=first,
    )
    found = search(casebook, query, view)
    rows = []
    for hit in found.hits:
        # In the reader's own script first.
        own = sorted(hit.headings, key=lambda each: script_of(each) != SCRIPTS[lang])
        name, other = (
            [*own, hit.key or hit.id[:12], ""][:2] if own else (hit.key or hit.id[:12], "")
        )
        rows.append(ThingRow(hit.id, name, other if other in own else "", hit.type or hit.kind))
    return found.total, tuple(rows)
