"""Looks end with their act: when the person locks or leaves, or comes back to one left open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from dalil.errors import Refusal
from dalil.web.frame.access import archive_of, person_of, signer_of
from dalil.web.viewing.looks import LEFT, LOST, close
from dalil.web.viewing.models import Look

Answer = Callable[[HttpRequest], HttpResponseBase]
LEAVING = frozenset({"door:leave", "door:lock", "door:logout"})


def closing(answer: Answer) -> Answer:
    """Close open looks before the key goes, and those whose browser went silent."""

    def around(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and not request.path.startswith(settings.STATIC_URL):
            _close_open(request)
        return answer(request)

    return around


def _close_open(request: HttpRequest) -> None:
    looks = list(Look.objects.filter(person_id=person_of(request).person_id, closed_at=None))
    if not looks:
        return
    leaving = request.method == "POST" and _name_of(request) in LEAVING
    here = request.session.session_key
    for look in looks:
        if look.is_left or (leaving and look.session_key == here):
            # Without the key nothing can be signed now; the next request with it does.
            with suppress(Refusal):
                close(archive_of(request), look, signer_of(request), LEFT if leaving else LOST)


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
