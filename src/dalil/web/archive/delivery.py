"""Files through the browser: in (begin, send, tell how they came, take in), and an original out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.errors import NoSuchThing
from dalil.intake.listing import show_item
from dalil.web.archive.forms import GiveOutForm, TakeInForm, keep_typed
from dalil.web.archive.models import Arriving, Delivery, Given
from dalil.web.archive.tus import own_delivery
from dalil.web.archive.work import KEPT, given_copy
from dalil.web.frame.access import archive_of, person_of, right, signer_of
from dalil.web.frame.once import once
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
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


@dataclass(frozen=True, slots=True)
class GivePage:
    """The form by which an original is given out."""

    item: str
    name: str
    length: int
    form: GiveOutForm


@dataclass(frozen=True, slots=True)
class GivenPage:
    """A copy that waits for its download."""

    ticket: str
    item: str
    name: str
    to: str
    length: int


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
    title = say(lang_of(request), "archive.upload-title")
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
        return _shown(request, found, TakeInForm(lang=lang_of(request)))
    form = TakeInForm(request.POST, lang=lang_of(request))
    files = list(found.files.select_related("delivery"))
    if not files or not all(each.whole for each in files):
        form.add_error(None, say(lang_of(request), "archive.not-all-here"))
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    # Without the key nothing can be signed: ask for it before the work begins.
    signer_of(request)
    found.said = {
        "about": form.text("about"),
        "generation": form.text("generation"),
        "expand": form.cleaned_data["expand"],
        "told": form.told(),
    }
    found.save(update_fields=["said"])
    job = start(request, "archive.take-in", {"delivery": found.id})
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


@right("give_out")
@require_http_methods(["GET", "POST"])
@once
def give_out(request: HttpRequest, item_id: str) -> HttpResponse:
    """Ask to whom an original goes and why; then copy it, which is an act."""
    lang, shown_item = lang_of(request), show_item(archive_of(request), item_id)
    name = shown_item.names[0].rpartition("/")[2]
    form = GiveOutForm(request.POST or None, lang=lang)
    if request.method == "POST" and form.is_valid():
        signer_of(request)
        asked = Given.objects.create(
            person_id=person_of(request).person_id,
            item=item_id,
            name=name,
            to=form.text("to"),
            reason=form.text("reason"),
        )
        job = start(request, "archive.give-out", {"ticket": asked.ticket})
        return redirect(address_of(job))
    shown = GivePage(item_id, name, shown_item.length, form)
    title = say(lang, "archive.giveout-title")
    status = 422 if request.method == "POST" else 200
    return page(request, "archive/give_out.html", shown, title=title, room="archive", status=status)


@right("give_out")
@require_GET
def given(request: HttpRequest, ticket: str) -> HttpResponse:
    """Show the copy that waits for its download."""
    own, copy = _own_copy(request, ticket)
    shown = GivenPage(ticket, own.item, own.name, own.to, copy.stat().st_size)
    title = say(lang_of(request), "archive.giveout-title")
    return page(request, "archive/given.html", shown, title=title, room="archive")


@right("give_out")
@require_GET
def given_file(request: HttpRequest, ticket: str) -> FileResponse:
    """Send the copy, as bytes that no browser opens by itself."""
    own, copy = _own_copy(request, ticket)
    sent = FileResponse(
        copy.open("rb"),
        as_attachment=True,
        filename=own.name,
        content_type="application/octet-stream",
    )
    sent.headers["Content-Security-Policy"] = "sandbox"
    sent.headers["X-Content-Type-Options"] = "nosniff"
    return sent


def _shown(
    request: HttpRequest, found: Delivery, form: TakeInForm, status: int = 200
) -> HttpResponse:
    files = list(found.files.select_related("delivery"))
    lines = tuple(map(_line, files[:FILES_SHOWN]))
    keep_typed(form, str(found.id))
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
    title = say(lang_of(request), "archive.upload-title")
    return page(request, "archive/delivery.html", shown, title=title, room="archive", status=status)


def _line(arriving: Arriving) -> FileLine:
    state = "differs" if arriving.differs else "here" if arriving.whole else "partly"
    return FileLine(str(arriving.name), int(arriving.length), arriving.arrived, state)


def _own_copy(request: HttpRequest, ticket: str) -> tuple[Given, Path]:
    own = Given.objects.filter(ticket=ticket, person_id=person_of(request).person_id).first()
    copy = given_copy(ticket)
    if own is None or datetime.now(UTC) - own.made_at > KEPT or not copy.is_file():
        raise NoSuchThing("a copy that waits")
    return own, copy
