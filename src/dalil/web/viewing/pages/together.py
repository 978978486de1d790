"""Two clips side by side: asked for with one reason, looked at as stills, two looks recorded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.incident.clock import shown as clock_shown
from dalil.casebook.index.view import SEES
from dalil.errors import NoSuchThing
from dalil.kernel.seal import NANO
from dalil.ledger.ledger import Ledger
from dalil.match.found import Found, Piece
from dalil.match.held.catalogue import Catalogue
from dalil.media.working_copy.recipe import Recipe
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
from dalil.web.viewing.forms import TogetherForm
from dalil.web.viewing.looks import DONE, Asked, ask, close, name_of
from dalil.web.viewing.models import Look
from dalil.web.viewing.pages.asking import Film, film_in
from dalil.web.viewing.pages.described import Described, described
from dalil.web.viewing.pages.own import Day, day_of

WRONG = 422
# A shared stretch is asked for in parts, and each part is seen at so many moments.
LONGEST_NS, MOST_PARTS, MOMENTS = 120 * NANO, 60, 12
HALF = Fraction(1, 2)
UPRIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two clips and what can be read of it; ``film`` is none where it shows nothing."""

    item: str
    name: str
    text: Described
    film: Film | None


@dataclass(frozen=True, slots=True)
class AskPage:
    """What can be read of both, and the form that asks (none: no film, or nothing in common)."""

    sides: tuple[Side, Side]
    address: str
    form: TogetherForm | None
    day: Day


@dataclass(frozen=True, slots=True)
class Shown:
    """One of two open looks, as the page shows it."""

    look: str
    item: str
    name: str
    timebase: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TogetherPage:
    """Two open looks; ``moments``: JSON, time stamps in the first and in the second.

    ``turned`` degrees clockwise and ``mirrored``: how the first lies in the second.
    """

    both: tuple[Shown, ...]
    moments: str
    count: int
    turned: int
    mirrored: bool
    reason: str
    day: Day
    end: str


@right("look")
@require_GET
def beside(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """Show what can be read of two clips, and the form that asks to see both."""
    found = _found(request, a, b)
    form = _form(request, found, None)
    return _asking(request, found, form)


@right("look")
@require_POST
@once
def ask_beside(request: HttpRequest, a: str, b: str) -> HttpResponse:
    """Write down who asks to see both and why, then make the two working copies."""
    archive, found = archive_of(request), _found(request, a, b)
    form = _form(request, found, request.POST)
    films = [film_in(archive, each) for each in (found.a, found.b)]
    if form is None or not form.is_valid() or None in films:
        return _asking(request, found, form, WRONG)
    part = _parts(found)[int(form.text("stretch"))]
    spans = ((part.a_from_ns, part.a_to_ns), (part.b_from_ns, part.b_to_ns))
    looks = []
    for item, film, span in zip((found.a, found.b), films, spans, strict=True):
        if film is None:
            raise NoSuchThing("")
        recipe = Recipe(film.original, film.stream, *_stamps(film, span), form.text("version"))
        said = (form.text("reason"), form.text("beside"))
        asked = Asked(item, _name(request, item), recipe, film.timebase, *said)
        looks.append(ask(archive, asked, signer_of(request), str(request.session.session_key)))
    there = all(copies.find(each.recipe) for each in looks)
    ids = [each.id for each in looks]
    if there:
        return redirect("viewing:beside-look", *ids)
    return redirect(address_of(start(request, "viewing.copies", {"looks": ids})))


@right("look")
@require_GET
def look_beside(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Show both under one cover; once either look is over, its own page says so."""
    looks = [_own(request, each) for each in (first, second)]
    here = request.session.session_key
    for each in looks:
        if not each.is_open or each.session_key != here:
            return redirect("viewing:look", each.id)
    made = [copies.find(each.recipe) for each in looks]
    if None in made:
        return redirect(address_of(start(request, "viewing.copies", {"looks": [first, second]})))
    found = _found(request, looks[0].item, looks[1].item)
    if found.a != looks[0].item:
        raise NoSuchThing("")
    part = _part_of(request, found, looks[0])
    moments = _moments(request, found, part)
    turned = part.transform
    shown = TogetherPage(
        tuple(_shown(look, copy) for look, copy in zip(looks, made, strict=True)),
        json.dumps(moments),
        len(moments),
        _turned(turned.turned) if turned else 0,
        turned.mirrored if turned else False,
        looks[0].reason,
        day_of(looks[0].person_id),
        reverse("viewing:beside-end", args=[first, second]),
    )
    title = say(lang_of(request), "viewing.together-title")
    return page(request, "viewing/together.html", shown, title=title, room="viewing")


@right("look")
@require_POST
@once
def end_beside(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """End both looks: what was seen of each becomes an act."""
    looks = [_own(request, each) for each in (first, second)]
    for each in looks:
        if each.closed_at is None:
            close(archive_of(request), each, signer_of(request), DONE)
    return redirect("copies:pair", *sorted(each.item for each in looks))


def _found(request: HttpRequest, a: str, b: str) -> Found:
    """Return what was found between two clips; it is restricted."""
    if view_of_request(request).may_see(SEES["restricted"]):
        with Catalogue.open(archive_of(request)) as catalogue:
            found = catalogue.lead(a, b)
        if found is not None:
            return found
    raise NoSuchThing("")


def _form(request: HttpRequest, found: Found, sent: Any) -> TogetherForm | None:
    parts = _parts(found)
    if not parts:
        return None
    named = [(str(n), _spoken(each)) for n, each in enumerate(parts)]
    return TogetherForm(sent, lang=lang_of(request), stretches=named, initial={"stretch": "0"})


def _asking(
    request: HttpRequest, found: Found, form: TogetherForm | None, status: int = 200
) -> HttpResponse:
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    archive = archive_of(request)
    first, second = (
        Side(
            item,
            _name(request, item),
            described(casebook, item, view, lang),
            film_in(archive, item),
        )
        for item in (found.a, found.b)
    )
    shows = first.film is not None and second.film is not None
    shown = AskPage(
        (first, second),
        reverse("viewing:beside-ask", args=[found.a, found.b]),
        form if shows else None,
        day_of(person_of(request).person_id),
    )
    title = say(lang, "viewing.together-title")
    return page(request, "viewing/beside.html", shown, title=title, room="viewing", status=status)


def _parts(found: Found) -> list[Piece]:
    """Return the shared stretches, long ones in parts."""
    parts: list[Piece] = []
    for piece in found.pieces:
        length = piece.a_length_ns
        count = max(1, -(-length // LONGEST_NS))
        parts += [_cut(piece, n, count) for n in range(min(count, MOST_PARTS - len(parts)))]
    return parts


def _cut(piece: Piece, n: int, count: int) -> Piece:
    """Return the nth of so many equal parts of a stretch."""

    def at(low: int, high: int, share: int) -> int:
        return low + (high - low) * share // count

    return replace(
        piece,
        a_from_ns=at(piece.a_from_ns, piece.a_to_ns, n),
        a_to_ns=at(piece.a_from_ns, piece.a_to_ns, n + 1),
        b_from_ns=at(piece.b_from_ns, piece.b_to_ns, n),
        b_to_ns=at(piece.b_from_ns, piece.b_to_ns, n + 1),
    )


def _part_of(request: HttpRequest, found: Found, look: Look) -> Piece:
    """Return the shared stretch that a look was asked for."""
    film = film_in(archive_of(request), look.item)
    for each in _parts(found):
        span = (each.a_from_ns, each.a_to_ns)
        if film is not None and _stamps(film, span) == (look.pts_start, look.pts_end):
            return each
    # It was compared anew since; then these stretches belong together no longer.
    raise NoSuchThing("")


def _moments(request: HttpRequest, found: Found, part: Piece) -> list[list[str]]:
    """Return time stamps, in both clips, of the moments at which they are shown."""
    films = [film_in(archive_of(request), each) for each in (found.a, found.b)]
    moments = []
    for n in range(MOMENTS):
        share = (n + HALF) / MOMENTS
        at = (
            part.a_from_ns + share * part.a_length_ns,
            part.b_from_ns + share * (part.b_to_ns - part.b_from_ns),
        )
        stamps = [str(_stamp(film, ns)) for film, ns in zip(films, at, strict=True) if film]
        moments.append(stamps)
    return moments


def _turned(degrees: float) -> int:
    """Return whole degrees clockwise; a hair more or less than upright is upright."""
    return 0 if abs((degrees + 180) % 360 - 180) <= UPRIGHT else round(degrees) % 360


def _stamps(film: Film, span: tuple[int, int]) -> tuple[int, int]:
    first, last = (_stamp(film, ns) for ns in span)
    first = min(max(first, film.pts_start), film.pts_end)
    return first, max(first, min(last, film.pts_end))


def _stamp(film: Film, ns: int | Fraction) -> int:
    """Return the time stamp, in ticks, so many nanoseconds after the first picture."""
    return film.pts_start + int(Fraction(ns) / NANO / Fraction(film.timebase))


def _spoken(part: Piece) -> str:
    """Return a stretch in both clips as time codes, left to right."""
    seconds = (part.a_from_ns, part.a_to_ns, part.b_from_ns, part.b_to_ns)
    first, last, other, end = (clock_shown(Fraction(each, NANO)) for each in seconds)
    return f"\u2066{first} – {last} · {other} – {end}\u2069"


def _shown(look: Look, copy: Any) -> Shown:
    return Shown(look.id, look.item, look.name, look.timebase, copy.width, copy.height)


def _own(request: HttpRequest, look: str) -> Look:
    found = Look.objects.filter(id=look, person_id=person_of(request).person_id).first()
    if found is None:
        raise NoSuchThing("")
    return found


def _name(request: HttpRequest, item: str) -> str:
    may_name = view_of_request(request).may_see(SEES["restricted"])
    return name_of(Ledger.open(archive_of(request)), item) if may_name else ""
