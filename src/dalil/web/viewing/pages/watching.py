"""A look: its page with the covered player, its media, what was seen of it, its end."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.incident.clock import clock_of
from dalil.casebook.incident.clock import shown as clock_shown
from dalil.errors import Missing, NoSuchThing, UsageRefused
from dalil.media.tables import Tables
from dalil.media.working_copy.recipe import SOUND
from dalil.vault.vault import Vault
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
from dalil.web.jobs.start import address_of, start
from dalil.web.viewing import copies
from dalil.web.viewing.copies import PEAKS, Copy
from dalil.web.viewing.looks import DONE, OnScreen, close, note_seen, recipe_of
from dalil.web.viewing.models import Look
from dalil.web.viewing.pages.asking import elsewhere_of, film_in
from dalil.web.viewing.pages.described import (
    Bar,
    ahead,
    bands_lately,
    bands_of,
    bar,
    described,
    typed,
)
from dalil.web.viewing.pages.own import Day, day_of
from dalil.web.viewing.pages.ranges import guarded, part_of
from dalil.web.viewing.pages.stills import picture_of, stills_of

MOST_TOLD, LONGEST_MS = 500, 60_000


@dataclass(frozen=True, slots=True)
class LookPage:
    """An open look; the stretch in seconds after the film's first picture."""

    look: str
    item: str
    name: str
    version: str
    timebase: str
    with_sound: bool
    start: Fraction
    end: Fraction
    bars: tuple[Bar, ...]
    bands: str
    recipe: str
    sha256: str
    original: str
    tree_root: str
    width: int
    height: int
    reason: str
    beside: str
    day: Day
    lines: tuple[Any, ...]
    ask_sound: str
    elsewhere: tuple[tuple[str, str], ...]
    until: str
    """Where the stretch ends, as a time code, rounded up."""
    seconds: str
    """How long the stretch is, for the player."""
    lanes: str
    stills: str
    """Time stamps of the stills of the stretch, as JSON; empty where there are none."""


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """A look that is over: what of it was on the screen, in seconds, and the act that says so."""

    look: str
    item: str
    name: str
    version: str
    seconds: Fraction
    stretches: tuple[tuple[Fraction, Fraction], ...]
    closed_seq: int | None
    ended: str
    day: Day


@right("look")
@require_GET
def look_page(request: HttpRequest, look: str) -> HttpResponse:
    """Show the covered player of an open look, or what became of one that is over."""
    found = _own(request, look)
    if not found.is_open:
        return _closed(request, found)
    if found.session_key != request.session.session_key:
        return _closed(request, found)
    copy = copies.find(found.recipe)
    if copy is None:
        return redirect(address_of(start(request, "viewing.copy", {"look": found.id})))
    title = found.name or say(lang_of(request), "viewing.no-name")
    shown = _open(request, found, copy)
    return page(request, "viewing/look.html", shown, title=title, room="viewing")


@right("look")
@require_POST
@once
def end(request: HttpRequest, look: str) -> HttpResponse:
    """End a look: what was seen becomes an act."""
    found = _own(request, look)
    if found.closed_at is None:
        close(archive_of(request), found, signer_of(request), DONE)
    return redirect("viewing:look", found.id)


@right("look")
@require_http_methods(["GET", "HEAD"])
def film(request: HttpRequest, look: str) -> HttpResponseBase:
    """Give the pictures, by ranges; there is nothing here without an open look of one's own."""
    copy = _copy(_live(request, look))
    return part_of(request, copy.film, "video/mp4", copy.sha256)


@right("look")
@require_GET
def times(request: HttpRequest, look: str) -> HttpResponseBase:
    """Give the original's time stamps: little-endian int64.

    First tick (numerator, denominator), the film's first time stamp, the number of the first
    picture (-1: not counted), then one a picture.
    """
    found = _live(request, look)
    copy = _copy(found)
    stamps = copy.times()
    clock = clock_of(archive_of(request), found.item)
    tick = Fraction(*copy.timebase)
    number = _number_of(request, found, stamps[0])
    head = array("q", [*copy.timebase, int(clock.zero / tick), number])
    body = np.frombuffer((head + stamps).tobytes(), np.int64).astype("<i8").tobytes()
    return guarded(HttpResponse(body, content_type="application/octet-stream"))


@right("look")
@require_GET
def peaks(request: HttpRequest, look: str) -> HttpResponseBase:
    """Give how loud it is, part by part: one byte each; nothing where there is no sound."""
    copy = _copy(_live(request, look))
    body = (copy.folder / PEAKS).read_bytes()
    return guarded(HttpResponse(body, content_type="application/octet-stream"))


@right("look")
@require_GET
def montage(request: HttpRequest, look: str) -> HttpResponseBase:
    """Give small grey stills of the stretch on one sheet."""
    found, archive = _live(request, look), archive_of(request)
    stills = stills_of(archive, found, int(clock_of(archive, found.item).zero / found.tick))
    if stills is None:
        raise NoSuchThing("")
    body = picture_of(archive, found, stills)
    return guarded(HttpResponse(body, content_type="image/jpeg"))


@right("look")
@require_POST
def seen(request: HttpRequest, look: str) -> JsonResponse:
    """Note what was on the screen: ``{"seen": [[first, last, ms], …]}``, pictures from 0."""
    found = _live(request, look)
    stamps = _copy(found).times()
    archive = archive_of(request)
    told = [
        OnScreen(stamps[first], stamps[last], ms)
        for first, last, ms in _told(request.body, len(stamps))
    ]
    zero = clock_of(archive, found.item).zero
    bands = bands_lately(casebook_of(request), found.item, view_of_request(request)) if told else ()
    note_seen(found, told, bands, zero)
    day = day_of(found.person_id)
    return JsonResponse({"minutes": day.minutes, "limit": day.limit, "due": day.due})


def _told(untrusted: bytes, pictures: int) -> list[tuple[int, int, int]]:
    try:
        rows = json.loads(untrusted)["seen"]
        if not isinstance(rows, list) or len(rows) > MOST_TOLD:
            raise UsageRefused("seen")
        told = [(first, last, ms) for first, last, ms in rows]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UsageRefused("seen: [[first, last, ms], …]") from None
    for first, last, ms in told:
        if not all(type(each) is int for each in (first, last, ms)):
            raise UsageRefused("seen: whole numbers")
        if not (0 <= first <= last < pictures and 0 <= ms <= LONGEST_MS):
            raise UsageRefused(f"seen: {first}, {last}, {ms}")
    return told


def _own(request: HttpRequest, look: str) -> Look:
    found = Look.objects.filter(id=look, person_id=person_of(request).person_id).first()
    if found is None:
        raise NoSuchThing("")
    return found


def _live(request: HttpRequest, look: str) -> Look:
    """Return an open look of this person in this session.

    Raises:
        NoSuchThing: there is none.

    """
    found = _own(request, look)
    if not found.is_open or found.session_key != request.session.session_key:
        raise NoSuchThing("")
    return found


def _copy(look: Look) -> Copy:
    copy = copies.find(look.recipe)
    if copy is None:
        raise NoSuchThing("")
    return copy


def _number_of(request: HttpRequest, look: Look, first: int) -> int:
    """Return how many pictures come before a time stamp; -1 where they were not counted."""
    try:
        tables = Tables(Vault.open(archive_of(request)).tables(look.item))
        rows = tables.rows(0, tables.count)
    except Missing:
        return -1
    here = rows[rows["stream"] == look.stream]
    return int((here["pts"].astype(np.int64) < first).sum())


def _open(request: HttpRequest, look: Look, copy: Copy) -> LookPage:
    archive, view = archive_of(request), view_of_request(request)
    clock = clock_of(archive, look.item)
    stamps = copy.times()
    tick = Fraction(*copy.timebase)
    start_s = stamps[0] * tick - clock.zero
    end_s = max(stamps[-1] + 1, look.pts_end) * tick - clock.zero
    bands = bands_of(casebook_of(request), look.item, view)
    told = described(casebook_of(request), look.item, view, lang_of(request))
    film_there = film_in(archive, look.item)
    within = [each for each in bands if each.end > start_s and each.start < end_s]
    loud = film_there is not None and film_there.with_sound and look.version != SOUND
    stills = stills_of(archive, look, int(clock.zero / look.tick))
    return LookPage(
        look.id,
        look.item,
        look.name,
        look.version,
        look.timebase,
        copy.with_sound,
        start_s,
        end_s,
        tuple(bar(each, start_s, end_s) for each in within),
        json.dumps(ahead(bands, start_s, end_s)),
        recipe_of(look).text,
        copy.sha256,
        look.original,
        film_there.tree_root if film_there else "",
        copy.width,
        copy.height,
        look.reason,
        look.beside,
        day_of(look.person_id),
        tuple(each for each in told.lines if each.end > start_s and each.start < end_s),
        _with_sound(look) if loud else "",
        elsewhere_of(look.item),
        clock_shown(end_s, up=True),
        f"{float(end_s - start_s):.6f}",
        reverse("describing:item", args=[look.item]) if person_of(request).may("describe") else "",
        "" if stills is None else json.dumps([str(each) for each in stills.stamps]),
    )


def _with_sound(look: Look) -> str:
    """Return where the same stretch is asked for with its sound."""
    query = f"?version={SOUND}&from={typed(look.pts_start, look.timebase)}"
    query += f"&to={typed(look.pts_end, look.timebase)}"
    return reverse("viewing:item", args=[look.item]) + query + "#ask"


def _closed(request: HttpRequest, look: Look) -> HttpResponse:
    zero = clock_of(archive_of(request), look.item).zero
    stretches = tuple(
        (first * look.tick - zero, (last + 1) * look.tick - zero) for first, last in look.seen
    )
    shown = ClosedPage(
        look.id,
        look.item,
        look.name,
        look.version,
        Fraction(look.screen_ms, 1000),
        stretches[:50],
        look.closed_seq,
        look.ended or "lost",
        day_of(look.person_id),
    )
    title = say(lang_of(request), "viewing.over-title")
    return page(request, "viewing/over.html", shown, title=title, room="viewing")
