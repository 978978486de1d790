"""Two victims side by side: what each list says, what was found, what people say, the form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.victims.judged import WITHDRAWN, Judging, judge
from dalil.casebook.victims.queue import Pairing, method_of, pairing
from dalil.errors import NoSuchThing
from dalil.match.persons.row import METHOD
from dalil.web.frame.access import casebook_of, person_of, right, signer_of, view_of_request
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.victims.forms import JudgeForm, WithdrawForm
from dalil.web.victims.pages.queue import QUEUE
from dalil.web.victims.shown import PairShown, carried, pairs_shown

WRONG, MEANWHILE = 422, 409


@dataclass(frozen=True, slots=True)
class PairPage:
    """One pair with its form; ``meanwhile``: it changed since it was read by whoever judges."""

    row: PairShown
    withdraw: WithdrawForm | None
    may_judge: bool
    meanwhile: bool
    method: str
    query: str


@right("read")
@require_GET
def pair_page(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """Show one pair."""
    return _shown(request, _pairing(request, one, other))


@right("weigh")
@require_POST
@once
def judge_pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """Sign what somebody says of a pair, unless it changed since they read of it."""
    found = _pairing(request, one, other)
    form = JudgeForm(request.POST, lang=lang_of(request))
    if not form.is_valid():
        return _shown(request, found, form=form, status=WRONG)
    if request.POST.get("known") != found.known:
        return _shown(request, found, form=form, status=MEANWHILE)
    method = method_of(found.found)
    said = Judging(found.a, found.b, form.text("verdict"), form.text("reasons"), method)
    judge(casebook_of(request), signer_of(request), said, view_of_request(request))
    if request.POST.get("back") == QUEUE:
        return redirect(f"{reverse('victims:queue')}?last={found.a}~{found.b}")
    return redirect("victims:pair", found.a, found.b)


@right("weigh")
@require_POST
@once
def withdraw_pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """Take one's own judgement of a pair back, which is an act too."""
    found = _pairing(request, one, other)
    form = WithdrawForm(request.POST, lang=lang_of(request), auto_id="id_withdraw_%s")
    if not form.is_valid():
        return _shown(request, found, withdraw=form, status=WRONG)
    said = Judging(found.a, found.b, WITHDRAWN, form.text("reasons"))
    judge(casebook_of(request), signer_of(request), said, view_of_request(request))
    return redirect("victims:pair", found.a, found.b)


def _pairing(request: HttpRequest, one: str, other: str) -> Pairing:
    return pairing(casebook_of(request), view_of_request(request), one, other)


def _shown(
    request: HttpRequest,
    found: Pairing,
    *,
    form: JudgeForm | None = None,
    withdraw: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    lang = lang_of(request)
    with casebook_of(request).at_once():
        rows = pairs_shown(request, [found], "")
    if not rows:
        raise NoSuchThing("two victims")
    row = replace(rows[0], form=form or rows[0].form)
    may = person_of(request).may("weigh")
    undo = withdraw or WithdrawForm(lang=lang, auto_id="id_withdraw_%s")
    shown = PairPage(
        row, undo if may and row.mine else None, may, status == MEANWHILE, METHOD, carried(request)
    )
    title = say(lang, "victims.pair", a=row.a.name, b=row.b.name)
    return page(request, "victims/pair.html", shown, title=title, room="victims", status=status)
