"""A refusal as a page: what happened, to what, what is safe, what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from dalil import errors
from dalil.casebook.text.names import shown

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


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """A refusal in the language of the page; ``broken``: a proof does not hold."""

    kind: str
    happened: str
    about: tuple[str, ...]
    safe: str
    next_step: str
    broken: bool


def status_of(refusal: errors.Refusal) -> int:
    """Return the HTTP status of a refusal."""
    return next((code for kind, code in STATUS if isinstance(refusal, kind)), OTHERWISE)


def refused(request: HttpRequest, refusal: errors.Refusal) -> HttpResponse:
    """Return a refusal as a page, or as JSON where the address is one of the API's."""
    said = refused_page(refusal, getattr(request, "lang", "en"))
    status = status_of(refusal)
    if request.path.startswith("/api/"):
        document = {"refused": said.kind, "happened": said.happened, "about": list(said.about)}
        return JsonResponse({**document, "safe": said.safe, "next": said.next_step}, status=status)
    if isinstance(refusal, errors.LockedOut) and request.user.is_authenticated:
        # The person is here, the key is not: ask for the passphrase, and come back.
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
