"""The page of a piece of work: how far it is, what came of it, going on after a stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import translate_url
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from dalil import errors
from dalil.errors import NoSuchThing, NotAllowed
from dalil.web.frame.access import person_of, right
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say, say_html
from dalil.web.frame.views import RefusedPage, refused_page
from dalil.web.jobs.models import DONE, REFUSED, RUNNING, STOPPED, Job
from dalil.web.jobs.start import RIGHT, address_of, go_on


@dataclass(frozen=True, slots=True)
class JobPage:
    """One piece of work as its page shows it."""

    job_id: str
    kind: str
    state: str
    percent: int | None
    started_at: datetime
    said: str
    address: str
    refused: RefusedPage | None


@right("read")
@require_GET
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show one's own piece of work."""
    shown = _shown(request, _own(request, job_id))
    return page(request, "jobs/job.html", shown, title=shown.kind, room="jobs")


@right("read")
@require_GET
def state(request: HttpRequest, job_id: UUID) -> JsonResponse:
    """Return state and percent, for the page that waits."""
    shown = _shown(request, _own(request, job_id))
    return JsonResponse({"state": shown.state, "percent": shown.percent})


@right("read")
@require_POST
def again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Go on with a piece of work that stopped, for whoever might begin it now as well."""
    own, person = _own(request, job_id), person_of(request)
    if not person.may(own.params.get(RIGHT, "read")):
        raise NotAllowed(f"{person.name} ({person.role})")
    if own.state_now in (STOPPED, REFUSED):
        go_on(request, own)
    return redirect(address_of(own))


def _in_language(address: str, lang: str) -> str:
    """Return an address in the page's language; it was written down in English."""
    with override("en"):
        return str(translate_url(address, lang)) if address else ""


def _own(request: HttpRequest, job_id: UUID) -> Job:
    found = Job.objects.filter(id=job_id, person_id=person_of(request).person_id).first()
    if found is None:
        raise NoSuchThing("")
    return found


def _shown(request: HttpRequest, found: Job) -> JobPage:
    lang = lang_of(request)
    room, _, kind = found.kind.partition(".")
    values = found.values
    said = say_html(lang, found.said, **values) if found.state == DONE and found.said else ""
    refusal = None
    if found.state == REFUSED:
        refused = getattr(errors, found.refusal)(str(values.get("about", "")))
        refusal = refused_page(refused, lang)
    percent = min(100, found.done * 100 // found.total) if found.total else None
    return JobPage(
        str(found.id),
        say(lang, f"{room}.job-{kind}"),
        found.state_now,
        percent if found.state_now == RUNNING else None,
        found.started_at,
        said,
        _in_language(found.address, lang),
        refusal,
    )
