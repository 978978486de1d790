"""The queue: candidates by their score, each with a form; and comparing all files."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from dalil.errors import NoSuchThing
from dalil.intake.listing import count_items
from dalil.match.held.catalogue import Catalogue
from dalil.web.copies.pages.pair import QUEUE, Row, row_of
from dalil.web.copies.standing import (
    Pairing,
    done,
    may_see,
    pairing,
    queue,
    sides,
    waiting,
)
from dalil.web.frame.access import archive_of, casebook_of, person_of, right
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start

PER_PAGE = 20
JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Candidates that wait, or were judged; ``last``: what this person has just signed."""

    seen: bool
    rows: tuple[Row, ...]
    pager: Pager
    judged: bool
    waiting: int
    done: int
    compared: int
    not_compared: int
    last_at: str
    last: Row | None
    may_judge: bool
    may_compare: bool


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show candidates, the likeliest first; those that nobody has judged, or those judged."""
    standing = queue(request)
    judged = request.GET.get("show") == JUDGED
    pager = pager_of(request, len(standing.judged) if judged else standing.waiting, PER_PAGE)
    read = done if judged else waiting
    part = read(request, standing, slice(pager.first, pager.first + PER_PAGE))
    last = _last(request)
    known = sides(request, [name for each in (*part, *last) for name in each.pair])
    with Catalogue.open(archive_of(request)) as catalogue:
        state = catalogue.state()
    held = count_items(casebook_of(request).ledger)
    person = person_of(request)
    shown = QueuePage(
        may_see(request),
        tuple(row_of(request, each, known, QUEUE, n) for n, each in enumerate(part, 1)),
        pager,
        judged,
        standing.waiting,
        len(standing.judged),
        state.compared,
        max(0, held - state.compared),
        state.last_at,
        row_of(request, last[0], known, QUEUE, 0) if last else None,
        person.may("weigh"),
        person.may("look"),
    )
    title = say(lang_of(request), "copies.title")
    return page(request, "copies/index.html", shown, title=title, room="copies")


@right("look")
@require_POST
@once
def compare(request: HttpRequest) -> HttpResponse:
    """Compare whatever was not compared yet, as a piece of work."""
    return redirect(address_of(start(request, "copies.match", {})))


def _last(request: HttpRequest) -> list[Pairing]:
    first, _, second = request.GET.get("last", "").partition("~")
    try:
        return [pairing(request, first, second)] if second else []
    except NoSuchThing:
        return []
