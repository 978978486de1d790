"""Victims as lists have them: found by name in any script, by list, sex and age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.casebook.report.desk import Desk, cited
from dalil.casebook.victims.listed import (
    Count,
    Wanted,
    count_listed,
    listed,
    lists_of,
    said_of,
)
from dalil.casebook.victims.resolved import people_among
from dalil.web.frame.access import OF_VIEW, casebook_of, right, view_of_request
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.victims.forms import WantedForm
from dalil.web.victims.shown import Side, carried, counted, desk_of, side_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class VictimRow:
    """One victim of the list; ``one_with``: how many others people say are the same person."""

    side: Side
    one_with: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some victims, and the form that chooses them; ``total``: how many there are, in words."""

    form: WantedForm
    total: str
    rows: tuple[VictimRow, ...]
    pager: Pager
    query: str
    kept: tuple[tuple[str, str], ...]


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show victims, as they were recorded."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    with casebook.at_once():
        desk = desk_of(request)
        form = _form(request, desk)
        wanted = form.wanted() if form.is_valid() else Wanted()
        wrong = bool(form.errors)
        count = Count(0, more=False) if wrong else count_listed(casebook, view, wanted)
        pager = pager_of(request, count.n, PER_PAGE)
        ids = () if wrong else listed(casebook, view, wanted, pager.first, PER_PAGE)
        together = _together(people_among(casebook, view))
        said = said_of(desk, ids)
    rows = (VictimRow(side_of(each, lang), together.get(each.victim.id, 0)) for each in said)
    shown = ListPage(
        form,
        counted(lang, "found", count.n, more=count.more),
        tuple(rows),
        pager,
        carried(request),
        tuple((each, request.GET[each]) for each in OF_VIEW if request.GET.get(each)),
    )
    title = say(lang, "victims.title")
    return page(request, "victims/index.html", shown, title=title, room="victims")


def _form(request: HttpRequest, desk: Desk) -> WantedForm:
    lang = lang_of(request)
    known = lists_of(desk.casebook, desk.view)
    desk.fetch(known)
    lists = [(each, cited(desk.source(each), lang)) for each in known]
    return WantedForm(request.GET, lists=lists, lang=lang)


def _together(people: Mapping[str, str]) -> Mapping[str, int]:
    """Return, for each victim, how many others people say are the same person."""
    members = Counter(people.values())
    return {victim: members[person] - 1 for victim, person in people.items()}
