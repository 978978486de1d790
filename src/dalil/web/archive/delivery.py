"""Bringing files through the browser: begin, send, say how they came, take in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.web.archive.forms import TakeInForm
from dalil.web.archive.models import Arriving, Delivery
from dalil.web.archive.tus import own_delivery
from dalil.web.frame.access import person_of, right, signer_of
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import say
from dalil.web.jobs.start import address_of, start

FILES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One upload of one's own that is not taken in yet."""

    delivery: str
    begun_at: datetime
    files: int
    octets: int


@dataclass(frozen=True, slots=True)
class UploadsPage:
    """Uploads on their way."""

    begun: tuple[DeliveryLine, ...]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of an upload and how much of it is here, in bytes; ``state`` names its words."""

    name: str
    length: int
    arrived: int
    state: str


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """One upload: its files, and the form by which it is taken in."""

    delivery: str
    files: tuple[FileLine, ...]
    count: int
    whole: int
    more: int
    job: str
    accession: str
    form: TakeInForm


@right("take_in")
@require_GET
def uploads(request: HttpRequest) -> HttpResponse:
    """Show one's own uploads on their way, and let another begin."""
    mine = Delivery.objects.filter(person_id=person_of(request).person_id, accession="")
    lines = []
    for each in mine.order_by("-begun_at"):
        lengths = list(each.files.values_list("length", flat=True))
        lines.append(DeliveryLine(str(each.id), each.begun_at, len(lengths), sum(lengths)))
    shown = UploadsPage(tuple(lines))
    title = say(_lang(request), "archive.upload-title")
    return page(request, "archive/uploads.html", shown, title=title, room="archive")


@right("take_in")
@require_POST
@once
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an upload."""
    made = Delivery.objects.create(person_id=person_of(request).person_id)
    return redirect("archive:delivery", made.id)


@right("take_in")
@require_http_methods(["GET", "POST"])
@once
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Show an upload; a POST takes it in, once all its files are here whole."""
    found = own_delivery(request, delivery_id)
    if request.method != "POST" or found.job or found.accession:
        return _shown(request, found, TakeInForm(lang=_lang(request)))
    form = TakeInForm(request.POST, lang=_lang(request))
    files = list(found.files.select_related("delivery"))
    if not files or not all(each.whole for each in files):
        form.add_error(None, say(_lang(request), "archive.not-all-here"))
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    # Without the key nothing can be signed: ask for it before the work begins.
    signer_of(request)
    said = {
        "delivery": found.id,
        "about": form.text("about"),
        "generation": form.text("generation"),
        "expand": form.cleaned_data["expand"],
        "told": form.told(),
    }
    job = start(request, "archive.take-in", said)
    Delivery.objects.filter(id=found.id).update(job=str(job.id))
    return redirect(address_of(job))


@right("take_in")
@require_POST
@once
def discard(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """Throw an upload away, files and all, as long as nothing of it is being taken in."""
    found = own_delivery(request, delivery_id)
    if not found.job:
        shutil.rmtree(found.folder, ignore_errors=True)
        found.delete()
    return redirect("archive:uploads")


def _shown(
    request: HttpRequest, found: Delivery, form: TakeInForm, status: int = 200
) -> HttpResponse:
    files = list(found.files.select_related("delivery"))
    lines = tuple(map(_line, files[:FILES_SHOWN]))
    job = reverse("jobs:job", args=[found.job]) if found.job else ""
    shown = DeliveryPage(
        str(found.id),
        lines,
        len(files),
        sum(each.whole for each in files),
        max(0, len(files) - FILES_SHOWN),
        job,
        str(found.accession),
        form,
    )
    title = say(_lang(request), "archive.upload-title")
    return page(request, "archive/delivery.html", shown, title=title, room="archive", status=status)


def _line(arriving: Arriving) -> FileLine:
    state = "differs" if arriving.differs else "here" if arriving.whole else "partly"
    return FileLine(str(arriving.name), int(arriving.length), arriving.arrived, state)


def _lang(request: HttpRequest) -> str:
    return str(request.lang)  # type: ignore[attr-defined]
