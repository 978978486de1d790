"""A form that is sent twice is done once: double click, back button, reload."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from dalil.errors import ArchiveBusy, UsageRefused
from dalil.web.frame.access import person_of
from dalil.web.frame.models import Draft, Sent

FIELD = "once"
WAIT_SECONDS, STEP_SECONDS = 20.0, 0.05
LONGEST = 64
KEPT = timedelta(days=1)
P = ParamSpec("P")
ViewFunction = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def fresh_token() -> str:
    """Return a token for one form."""
    return secrets.token_urlsafe(16)


def forget_sent() -> None:
    """Forget forms of earlier days, and those that nobody is doing any more: the desk was shut."""
    Sent.objects.filter(Q(sent_at__lt=datetime.now(UTC) - KEPT) | Q(answer="")).delete()


def once(view: ViewFunction[P]) -> ViewFunction[P]:
    """Let a POST with one token redirect once; sent again, it goes where the first one went.

    What is not answered by a redirect (typed wrongly, refused) was not done, and may be sent again.
    """

    @wraps(view)
    def doing(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        token = request.POST.get(FIELD, "")
        if not 0 < len(token) <= LONGEST:
            raise UsageRefused("the form has no token; load the page again")
        if not _mine(token, person_of(request).person_id):
            return HttpResponseRedirect(_answer(token, person_of(request).person_id))
        response = None
        try:
            response = view(request, *args, **kwargs)
        finally:
            _settle(token, response)
        if isinstance(response, HttpResponseRedirect):
            _forget_drafts(request)
        return response

    return cast("ViewFunction[P]", doing)


def _mine(token: str, person_id: str) -> bool:
    try:
        with transaction.atomic():
            Sent.objects.create(token=token, person_id=person_id)
    except IntegrityError:
        return False
    return True


def _settle(token: str, response: HttpResponseBase | None) -> None:
    if isinstance(response, HttpResponseRedirect):
        Sent.objects.filter(token=token).update(answer=response.url)
    else:
        Sent.objects.filter(token=token).delete()


def _forget_drafts(request: HttpRequest) -> None:
    keys = request.POST.getlist("draft-key")
    Draft.objects.filter(person_id=person_of(request).person_id, key__in=keys).delete()


def _answer(token: str, person_id: str) -> str:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        sent = Sent.objects.filter(token=token, person_id=person_id).first()
        if sent is None:
            raise UsageRefused("this form was answered already; load the page again")
        if sent.answer:
            return sent.answer
        time.sleep(STEP_SECONDS)
    raise ArchiveBusy("the form is still being done")
