"""Pages of no room: where one begins, a form to send again, drafts, light and dark."""

from __future__ import annotations

import logging
import secrets
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.errors import NoSuchThing, UsageRefused
from dalil.web.frame.access import open_to_all, person_of, right
from dalil.web.frame.models import Draft
from dalil.web.frame.refused import refused

LOG = logging.getLogger("dalil.web")

LONGEST_KEY, LONGEST_TEXT = 300, 1 << 18
NOT_AGAIN = ("csrfmiddlewaretoken", "passphrase", "password", "login")


@dataclass(frozen=True, slots=True)
class SendAgainPage:
    """A form that came without a session: where it goes, and every field as it was typed."""

    address: str
    fields: tuple[tuple[str, str], ...]
    logged_in: bool


@dataclass(frozen=True, slots=True)
class FaultPage:
    """A mistake of ours; ``number`` finds it in the server's log."""

    number: str


@right("read")
@require_GET
def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as every view
    """Go to the first room: what is held."""
    return redirect("archive:index")


@open_to_all
def send_again(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's
    """Keep what was typed when the session ended, or its token is another one by now.

    Sent from another site, nothing is kept.
    """
    known = request.user.is_authenticated
    fields: tuple[tuple[str, str], ...] = ()
    if _from_here(request):
        fields = tuple(
            (name, value)
            for name in request.POST
            if name not in NOT_AGAIN
            for value in request.POST.getlist(name)
        )
    shown = SendAgainPage(request.get_full_path(), fields, known)
    context = {"page": shown, "title": "", "room": "frame"}
    return render(request, "frame/send_again.html", context, status=403)


@right("read")
@require_http_methods(["GET", "POST", "DELETE"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Keep, give back or forget what somebody is typing; nobody else reads it."""
    own = Draft.objects.filter(person_id=person_of(request).person_id, key=key)
    if request.method == "GET":
        found = own.first()
        return JsonResponse({"text": found.text if found else None})
    if request.method == "DELETE":
        own.delete()
        return HttpResponse(status=204)
    text = request.body.decode("utf-8", "replace")
    if len(text) > LONGEST_TEXT or len(key) > LONGEST_KEY:
        raise UsageRefused(f"a draft of {len(text)} characters")
    Draft.objects.update_or_create(
        person_id=person_of(request).person_id, key=key, defaults={"text": text}
    )
    return HttpResponse(status=204)


@open_to_all
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or as the machine has it."""
    response = redirect(_own_address(request.POST.get("back", "")))
    wanted = request.POST.get("theme", "")
    if wanted in ("light", "dark"):
        response.set_cookie("dalil-theme", wanted, max_age=365 * 86400, secure=True, samesite="Lax")
    else:
        response.delete_cookie("dalil-theme")
    return response


@open_to_all
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is no such page, in the same words as for one that may not be seen."""
    return refused(request, NoSuchThing())


@open_to_all
def fault(request: HttpRequest) -> HttpResponse:
    """Say that the desk made a mistake, with the number under which the log has it."""
    number = secrets.token_hex(4)
    LOG.error("fault %s", number, exc_info=sys.exc_info())
    if request.path.startswith("/api/"):
        return JsonResponse({"fault": number}, status=500)
    context = {"page": FaultPage(number), "title": "", "room": "frame"}
    return render(request, "frame/fault.html", context, status=500)


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return site in ("same-origin", "none") and (not origin or origin in own)


def _own_address(address: str) -> str:
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if plain and not address.startswith(("//", "/\\")) else "/"
