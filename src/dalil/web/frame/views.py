"""Pages of no room: where one begins, refusals, a form to send again, drafts, light and dark."""

from __future__ import annotations

import logging
import secrets
import sys
import traceback
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil import errors
from dalil.casebook.text.names import shown
from dalil.errors import NoSuchThing, UsageRefused
from dalil.web.frame.access import open_to_all, person_of, right
from dalil.web.frame.models import Draft
from dalil.web.frame.say import lang_of

LOG = logging.getLogger("dalil.web")
STATUS: tuple[tuple[type[errors.Refusal], int], ...] = (
    (errors.NoSuchThing, 404),
    (errors.NotAllowed, 403),
    (errors.LockedOut, 403),
    (errors.RevisedMeanwhile, 409),
    (errors.ArchiveExists, 409),
    (errors.ArchiveBusy, 503),
    (errors.NoSpace, 507),
    (errors.DiskFault, 500),
    (errors.UsageRefused, 400),
    (errors.ProofBroken, 500),
)
OTHERWISE = 422
MAX_LINE = 1000

LONGEST_KEY, LONGEST_TEXT = 300, 1 << 18
# What opens something is never written into a page: the door's fields that hide what is typed.
NOT_AGAIN = (
    "csrfmiddlewaretoken", "passphrase", "password", "login", "old", "new", "again", "sheet",
    "code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SendAgainPage:
    """A form that came without a session: where it goes, and every field as it was typed."""

    address: str
    fields: tuple[tuple[str, str], ...]
    logged_in: bool
    locked: bool


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A refusal in the language of the page; ``broken``: a proof does not hold."""

    kind: str
    happened: str
    about: tuple[str, ...]
    safe: str
    next_step: str
    broken: bool


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
def send_again(
    request: HttpRequest,
    reason: str = "",  # noqa: ARG001 - Django says why, which helps nobody
    *,
    locked: bool = False,
) -> HttpResponse:
    """Keep what was typed when the session ended, the key is locked, or the token is an old one.

    Sent from another site, nothing is kept.
    """
    known = request.user.is_authenticated and not locked
    fields: tuple[tuple[str, str], ...] = ()
    if _from_here(request):
        fields = tuple(
            (name, value)
            for name in request.POST
            if name not in NOT_AGAIN
            for value in request.POST.getlist(name)
        )
    again = SendAgainPage(request.get_full_path(), fields, known, locked)
    context = {"page": again, "title": "", "room": "frame"}
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
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:  # noqa: ARG001
    """Say that there is no such page, in the same words as for one that may not be seen."""
    return refused(request, NoSuchThing())


@open_to_all
def fault(request: HttpRequest) -> HttpResponse:
    """Say that the desk made a mistake, with the number under which the log has it."""
    number = secrets.token_hex(4)
    kind, _, trace = sys.exc_info()
    # Where in the code, and no more: what a fault says of itself may quote a name or a value.
    LOG.error("fault %s: %s\n%s", number, kind, "".join(traceback.format_tb(trace)))
    if request.path.startswith("/api/"):
        return JsonResponse({"fault": number}, status=500)
    context = {"page": FaultPage(number), "title": "", "room": "frame"}
    return render(request, "frame/fault.html", context, status=500)


def status_of(refusal: errors.Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return next((code for kind, code in STATUS if isinstance(refusal, kind)), OTHERWISE)


def refused(request: HttpRequest, refusal: errors.Refusal) -> HttpResponseBase:
    """Return a refusal as a page, or as JSON where the address is one of the API's."""
    said = refused_page(refusal, lang_of(request))
    status = status_of(refusal)
    if request.path.startswith("/api/"):
        document = {"refused": said.kind, "happened": said.happened, "about": list(said.about)}
        return JsonResponse({**document, "safe": said.safe, "next": said.next_step}, status=status)
    if isinstance(refusal, errors.LockedOut) and request.user.is_authenticated:
        # The person is here, the key is not: ask for the passphrase, and come back.
        if request.method == "POST":
            return send_again(request, locked=True)
        back = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('door:unlock')}?{back}")
    context = {"page": said, "title": said.happened, "room": "frame"}
    return render(request, "frame/refused.html", context, status=status)


def refused_page(refusal: errors.Refusal, lang: str) -> RefusedPage:
    """Return what a page says of a refusal."""
    told = refusal.told(lang)
    lines = tuple(shown(each[:MAX_LINE]) for each in told.about.split("\n") if each)
    broken = isinstance(refusal, errors.ProofBroken)
    return RefusedPage(
        type(refusal).__name__, told.happened, lines, told.safe, told.next_step, broken
    )


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return site in ("same-origin", "none") and (not origin or origin in own)


def _own_address(address: str) -> str:
    parts = urlsplit(address)
    plain = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if plain and not address.startswith(("//", "/\\")) else "/"
