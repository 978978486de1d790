"""One pair: text first, what the machine found, what people judged, the form that judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.incident.act_map import act_map
from dalil.casebook.incident.stretch import Band
from dalil.errors import NoSuchThing
from dalil.match.copies.judgement import WITHDRAWN, Judgement, Judging, judge
from dalil.match.found import METHOD, NONE, QUERY, Found, Rates
from dalil.web.copies.forms import JudgeForm, WithdrawForm
from dalil.web.copies.shown import CandidateShown, Side, candidate_shown, side_unknown
from dalil.web.copies.standing import Pairing, item_of, pairing, sides
from dalil.web.frame.access import (
    archive_of,
    casebook_of,
    person_of,
    right,
    signer_of,
    view_of_request,
)
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say

WRONG, MEANWHILE = 422, 409
QUEUE = "queue"
NOTHING = Rates(0, 0, 0, 0.0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a pair is shown, judged and taken back; ``beside``: where both can be asked for."""

    here: str
    judge: str
    withdraw: str
    beside: str


@dataclass(frozen=True, slots=True)
class Row:
    """One pair in a list: the candidate, what people judged of it, and the form.

    ``known``: what is seen of it now. ``back``: where one goes on after judging.
    """

    candidate: CandidateShown
    judged: tuple[Judgement, ...]
    apart: bool
    mine: Judgement | None
    form: JudgeForm
    places: Places
    known: str
    back: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is described of one file: how grave it gets, and where (None: nobody described it)."""

    side: Side
    worst: Band | None


@dataclass(frozen=True, slots=True)
class PairPage:
    """One pair with its form; ``meanwhile``: it changed since it was read by whoever judges."""

    row: Row
    ahead: tuple[Ahead, ...]
    withdraw: WithdrawForm | None
    may_judge: bool
    meanwhile: bool


@right("read")
@require_GET
def pair_page(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """Show one pair."""
    return shown(request, pairing(request, a, b))


@right("weigh")
@require_POST
@once
def judge_pair(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """Sign what somebody says of a pair."""
    return judging(request, pairing(request, a, b))


@right("weigh")
@require_POST
@once
def withdraw_pair(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """Take one's own judgement of a pair back, which is an act too."""
    return withdrawing(request, pairing(request, a, b))


def judging(request: HttpRequest, found: Pairing, ticket: str = "") -> HttpResponse:
    """Sign a judgement, unless the pair changed since the person read of it."""
    form = JudgeForm(request.POST, lang=lang_of(request))
    if not form.is_valid():
        return shown(request, found, ticket, form=form, status=WRONG)
    if request.POST.get("known") != found.known:
        return shown(request, found, ticket, form=form, status=MEANWHILE)
    a, b = found.pair
    said = Judging(a, b, form.text("judgement"), form.text("reasons"), found.found)
    judge(archive_of(request), signer_of(request), said)
    if request.POST.get("back") == QUEUE:
        return redirect(f"{reverse('copies:index')}?last={a}~{b}")
    return redirect(places_of(found, ticket).here)


def withdrawing(request: HttpRequest, found: Pairing, ticket: str = "") -> HttpResponse:
    """Take a judgement back."""
    form = WithdrawForm(request.POST, lang=lang_of(request), auto_id="id_withdraw_%s")
    if not form.is_valid():
        return shown(request, found, ticket, withdraw=form, status=WRONG)
    said = Judging(*found.pair, WITHDRAWN, form.text("reasons"), found.found)
    judge(archive_of(request), signer_of(request), said)
    # With a file from outside, the judgement was all that was kept of the pair.
    kept = ticket or not any(each.startswith(QUERY) for each in found.pair)
    return redirect(places_of(found, ticket).here if kept else "copies:index")


def shown(
    request: HttpRequest,
    found: Pairing,
    ticket: str = "",
    *,
    form: JudgeForm | None = None,
    withdraw: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show one pair, with what was typed."""
    lang = lang_of(request)
    known = sides(request, found.pair)
    row = row_of(request, found, known, "", 0, ticket)
    row = replace(row, form=form or row.form)
    may = person_of(request).may("weigh")
    undo = withdraw or WithdrawForm(lang=lang, auto_id="id_withdraw_%s")
    page_shown = PairPage(
        row,
        tuple(_ahead(request, side) for side in known.values()),
        undo if may and row.mine else None,
        may,
        status == MEANWHILE,
    )
    names = [
        each.name or say(lang, "copies.no-name") for each in (row.candidate.a, row.candidate.b)
    ]
    title = say(lang, "copies.pair", a=names[0], b=names[1])
    return page(request, "copies/pair.html", page_shown, title=title, room="copies", status=status)


def row_of(
    request: HttpRequest,
    found: Pairing,
    known: Mapping[str, Side],
    back: str,
    number: int,
    ticket: str = "",
) -> Row:
    """Return one pair as lists show it; ``number`` keeps the fields of its form apart."""
    lang, key = lang_of(request), view_of_request(request).author
    lead = found.found or Found(*found.pair, NONE, 0.0, (), (), METHOD, NOTHING)
    a, b = (known.get(each) or side_unknown(lang) for each in (lead.a, lead.b))
    mine = found.of_key(key)
    initial = {"judgement": mine.judgement, "reasons": mine.reasons} if mine else {}
    return Row(
        candidate_shown(lead, a, b, lang),
        found.judged,
        found.apart,
        mine,
        JudgeForm(lang=lang, initial=initial, auto_id=f"id_{number}_%s"),
        places_of(found, ticket),
        found.known,
        back,
    )


def places_of(found: Pairing, ticket: str = "") -> Places:
    """Return the addresses of a pair; one with a file from outside hangs on its answer."""
    if ticket:
        item = item_of(found.pair)
        here, judged, undone = (
            reverse(f"copies:outside-{name}", args=[ticket, item])
            for name in ("pair", "judge", "withdraw")
        )
        return Places(here, judged, undone, "")
    here, judged, undone = (
        reverse(f"copies:{name}", args=found.pair) for name in ("pair", "judge", "withdraw")
    )
    outside = any(each.startswith(QUERY) for each in found.pair)
    beside = "" if outside else reverse("viewing:beside", args=found.pair)
    return Places(here, judged, undone, beside)


def _ahead(request: HttpRequest, side: Side) -> Ahead:
    try:
        worst = act_map(casebook_of(request), side.item, view_of_request(request)).worst
    except NoSuchThing:
        worst = None
    return Ahead(side, worst)
