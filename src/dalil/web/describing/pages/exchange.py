"""Lanes and transcripts in and out: told first what would come of it, then signed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.code_book import books
from dalil.casebook.describe.exchange.carrying import FORMS, Noted, carry_out
from dalil.casebook.describe.exchange.plan import Into, Plan, plan
from dalil.casebook.describe.transcript import transcript
from dalil.casebook.index.view import View
from dalil.errors import ImportRefused, NoSuchThing
from dalil.ledger.ledger import Draft
from dalil.web.describing import carried
from dalil.web.describing.footage import footage_of
from dalil.web.describing.forms import IncomingForm, OutgoingForm
from dalil.web.describing.pages.lanes import name_of
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

GIVEN_OUT = "lists-given-out"
FAULTS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class NotedShown:
    """Something that a form cannot hold, or what was done with it, in words."""

    said: str


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """The two forms; ``plan`` is what a file would bring in, before it is signed."""

    item: str
    name: str
    coming: IncomingForm | None
    going: OutgoingForm
    plan: Plan | None
    noted: tuple[NotedShown, ...]
    faults: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class GivenPage:
    """A file that was made: what is in it, what is not, and the act that says to whom it goes."""

    item: str
    name: str
    given: carried.Given
    lost: tuple[NotedShown, ...]


@right("read")
@require_GET
def exchange(request: HttpRequest, item: str) -> HttpResponse:
    """Show how lanes and transcripts come in and go out."""
    footage_of(archive_of(request), item)
    return _shown(request, item, _coming(request), _going(request, item))


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def bring_in(request: HttpRequest, item: str) -> HttpResponse:
    """Tell what a file would bring in; sent a second time, with its digest, sign that."""
    footage_of(archive_of(request), item)
    form, going = _coming(request), _going(request, item, fresh=True)
    if request.method == "GET" or form is None:
        return redirect("describing:exchange", item)
    if not form.is_valid():
        return _shown(request, item, form, going, status=422)
    mine = person_of(request).person_id
    digest = request.POST.get("digest", "")
    sent = request.FILES.get("file")
    if sent is not None:
        digest = carried.kept(mine, sent)
    data = carried.found(mine, digest)
    if data is None:
        form.add_error("file", say(lang_of(request), "describing.no-file"))
        return _shown(request, item, form, going, status=422)
    casebook, view = casebook_of(request), view_of_request(request)
    try:
        told = plan(casebook, form.text("form"), data, _into(item, form), view)
    except ImportRefused as refused:
        faults = tuple(refused.about.split("\n")[:FAULTS_SHOWN])
        return _shown(request, item, form, going, faults=faults, status=422)
    if sent is None and told.records:
        if form.write(casebook, told.records, signer_of(request)):
            carried.forgotten(mine, digest)
            return redirect("describing:list", item)
        return _shown(request, item, form, going, status=422)
    return _shown(request, item, form, going, told=told, digest=digest)


@right("describe")
@require_POST
@once
def give_out(request: HttpRequest, item: str) -> HttpResponse:
    """Make a file of lanes or of a transcript; to whom it goes, and why, is an act."""
    footage_of(archive_of(request), item)
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    going = _going(request, item)
    if not going.is_valid():
        return _shown(request, item, _coming(request, fresh=True), going, status=422)
    tracks = transcript(casebook, item, view).tracks
    chosen = going.text("track")
    track = tracks[int(chosen)] if chosen else None
    wanted = None if track is None else (track.lang, track.version)
    try:
        made = carry_out(casebook, item, going.text("form"), view, lang, wanted)
    except NoSuchThing:
        going.add_error("form", say(lang, "describing.nothing-to-give"))
        return _shown(request, item, _coming(request, fresh=True), going, status=422)
    files = [{"name": f"{item}.{made.suffix}", "sha256": carried.sha256(made.data)}]
    said = {"form": made.form, "to": going.text("to"), "reason": going.text("reason")}
    count = made.annotations + made.segments
    draft = Draft(GIVEN_OUT, {**said, "item": item, "entries": count, "files": files})
    entry = casebook.ledger.append([draft], signer_of(request))[0]
    token = carried.given(person_of(request).person_id, item, made, entry.seq)
    return redirect("describing:given", item, token)


@right("describe")
@require_GET
def given(request: HttpRequest, item: str, token: str) -> HttpResponse:
    """Show what was made, what it cannot hold, and where to fetch it."""
    footage_of(archive_of(request), item)
    told = carried.given_before(person_of(request).person_id, item, token)
    name, lang = name_of(request, item), lang_of(request)
    shown = GivenPage(item, name, told, _noted(told.lost, lang))
    title = say(lang, "describing.given")
    return page(request, "describing/given.html", shown, title=title, room="describing")


@right("describe")
@require_GET
def fetch(request: HttpRequest, item: str, token: str) -> HttpResponseBase:
    """Give the file; it is never shown in the browser."""
    told = carried.given_before(person_of(request).person_id, item, token)
    name = f"{item[:8]}.{told.suffix}"
    return FileResponse(
        told.path.open("rb"), as_attachment=True, filename=name,
        content_type="application/octet-stream",
    )  # fmt: skip


def _into(item: str, form: IncomingForm) -> Into:
    return Into(
        item, see=form.text("see"), book=form.text_or_none("book"),
        lane=form.text("lane") or Into(item).lane, lang=form.text("language") or Into(item).lang,
        version=form.text_or_none("version"),
    )  # fmt: skip


def _coming(request: HttpRequest, *, fresh: bool = False) -> IncomingForm | None:
    """Return the form for a file that comes in; none for whoever may not describe."""
    if not person_of(request).may("describe"):
        return None
    lang = lang_of(request)
    sent = None if fresh else request.POST or None
    form = IncomingForm(sent, request.FILES or None, initial={"see": "restricted"}, lang=lang)
    form.classes(person_of(request).clearance)
    casebook, view = casebook_of(request), view_of_request(request)
    known = [("", "—"), *((each, each) for each in books(casebook, view))]
    form.fields["book"].choices = known  # type: ignore[attr-defined]
    form.fields["form"].choices = _forms(lang)  # type: ignore[attr-defined]
    return form


def _going(request: HttpRequest, item: str, *, fresh: bool = False) -> OutgoingForm:
    lang, sent = lang_of(request), None if fresh else request.POST or None
    form = OutgoingForm(sent, lang=lang)
    tracks = _tracks(casebook_of(request), item, view_of_request(request))
    form.fields["track"].choices = [("", "—"), *tracks]  # type: ignore[attr-defined]
    form.fields["form"].choices = _forms(lang)  # type: ignore[attr-defined]
    return form


def _forms(lang: str) -> list[tuple[str, str]]:
    return [(each, say(lang, f"describing.form-{each}")) for each in FORMS]


def _tracks(casebook: Casebook, item: str, view: View) -> list[tuple[str, str]]:
    told = transcript(casebook, item, view).tracks
    return [(str(n), " · ".join(filter(None, (e.lang, e.version)))) for n, e in enumerate(told)]


def _noted(noted: tuple[Noted, ...], lang: str) -> tuple[NotedShown, ...]:
    return tuple(
        NotedShown(say(lang, f"describing.noted-{each.code}", n=each.count)) for each in noted
    )


def _shown(  # noqa: PLR0913 - what is shown beside the two forms
    request: HttpRequest,
    item: str,
    coming: IncomingForm | None,
    going: OutgoingForm,
    *,
    told: Plan | None = None,
    faults: tuple[str, ...] = (),
    digest: str = "",
    status: int = 200,
) -> HttpResponse:
    lang = lang_of(request)
    noted = _noted(told.noted, lang) if told is not None else ()
    name = name_of(request, item)
    shown = ExchangePage(item, name, coming, going, told, noted, faults, digest)
    title = say(lang, "describing.in-and-out")
    return page(
        request, "describing/exchange.html", shown, title=title, room="describing", status=status
    )
