"""The queue: who may be one person, the likeliest first, each pair with a form; and linking."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.record.form import CLASSES
from dalil.casebook.victims.candidates import Candidates, Linked
from dalil.casebook.victims.linking import count_named
from dalil.casebook.victims.queue import Pairing, pairing
from dalil.casebook.victims.queue import queue as pairs_queued
from dalil.errors import NoSuchThing
from dalil.web.frame.access import casebook_of, person_of, right, view_of_request
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.jobs.start import address_of, start
from dalil.web.victims.shown import PairShown, carried, counted, pairs_shown

PER_PAGE = 20
# So many that wait are counted and paged; the rest comes when these are judged.
MOST = 1000
JUDGED, QUEUE = "judged", "queue"


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Pairs that wait, or were judged; ``last``: what this person has just signed.

    ``said``: how many, in words. ``not_linked``: victims with names that linking has not reached.
    """

    rows: tuple[PairShown, ...]
    pager: Pager
    judged: bool
    said: str
    linked: Linked
    not_linked: int
    last: PairShown | None
    may_judge: bool
    query: str


@right("read")
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show pairs that nobody has judged, the likeliest first; or those judged, the last first."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    judged = request.GET.get("show") == JUDGED
    with casebook.at_once():
        found = pairs_queued(casebook, view, MOST)
        chosen = found.judged if judged else found.waiting
        pager = pager_of(request, len(chosen), PER_PAGE)
        part = slice(pager.first, pager.first + PER_PAGE)
        if judged:
            pairs = [pairing(casebook, view, *pair) for pair in found.judged[part]]
        else:
            pairs = [Pairing(each.a, each.b, each, ()) for each in found.waiting[part]]
        linked = Candidates.open(casebook.archive, view.clearance).linked
        shown = QueuePage(
            tuple(pairs_shown(request, pairs, QUEUE)),
            pager,
            judged,
            counted(lang, "judged-n", len(chosen), more=False)
            if judged
            else counted(lang, "waiting-n", len(chosen), more=found.more),
            linked,
            max(0, count_named(casebook, view) - linked.compared),
            _last(request),
            person_of(request).may("weigh"),
            carried(request),
        )
    title = say(lang, "victims.queue-title")
    return page(request, "victims/queue.html", shown, title=title, room="victims")


@right("weigh")
@require_POST
@once
def link(request: HttpRequest) -> HttpResponse:
    """Compare all victims that this person's view shows, as a piece of work."""
    see = CLASSES[view_of_request(request).clearance]
    return redirect(address_of(start(request, "victims.link", {"see": see})))


def _last(request: HttpRequest) -> PairShown | None:
    a, _, b = request.GET.get("last", "").partition("~")
    try:
        last = pairing(casebook_of(request), view_of_request(request), a, b)
    except NoSuchThing:
        return None
    return next(iter(pairs_shown(request, [last], "")), None) if last.judged else None
