"""Text first; then, for whoever still needs to see it, the form that asks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from dalil.casebook.incident.clock import clock_of
from dalil.casebook.incident.clock import shown as clock_shown
from dalil.casebook.index.view import SEES
from dalil.disclose.position import FrameNumber, Moment, Position, Stamp, resolve
from dalil.errors import CannotCutHere, Malformed, Missing, NoSuchThing
from dalil.kernel.seal import NANO
from dalil.ledger.ledger import Ledger
from dalil.media.cut import film_of
from dalil.media.tables import Tables
from dalil.media.working_copy.recipe import GREY, VERSIONS, Recipe
from dalil.vault.ocfl import ITEM
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
from dalil.web.viewing.forms import AskForm
from dalil.web.viewing.looks import Asked, ask, name_of
from dalil.web.viewing.pages.described import Described, described
from dalil.web.viewing.pages.own import Day, day_of

WRONG = 422
# Pages of other rooms about an item, and the words for them.
ELSEWHERE = (
    ("archive:item", "to-archive"),
    ("copies:item", "to-copies"),
    ("describing:item", "to-lanes"),
    ("describing:transcript", "to-transcript"),
)


@dataclass(frozen=True, slots=True)
class Film:
    """The moving pictures of an item: stream, tick, first and last time stamp, sound or none.

    ``original``: SHA-256 of the item, hexadecimal.
    """

    stream: int
    timebase: str
    pts_start: int
    pts_end: int
    with_sound: bool
    original: str
    tree_root: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """What can be read of an item, and the form that asks to see it (none: no film, no right)."""

    item: str
    name: str
    text: Described
    film: Film | None
    form: AskForm | None
    day: Day | None
    elsewhere: tuple[tuple[str, str], ...]


@right("read")
@require_GET
def item_page(request: HttpRequest, item: str) -> HttpResponse:
    """Show what can be read of an item, and the form."""
    lang = lang_of(request)
    given = {"start": request.GET.get("from", ""), "end": request.GET.get("to", "")}
    version = request.GET.get("version", GREY)
    initial = {**given, "version": version if version in VERSIONS else GREY}
    return _shown(request, item, AskForm(lang=lang, initial=initial))


@right("look")
@require_POST
@once
def ask_to_look(request: HttpRequest, item: str) -> HttpResponse:
    """Write down who asks to see what and why, then make the working copy."""
    archive = archive_of(request)
    film = film_in(archive, item)
    if film is None:
        raise NoSuchThing("no moving pictures are in it")
    form = AskForm(request.POST, lang=lang_of(request))
    if not form.is_valid():
        return _shown(request, item, form, WRONG)
    try:
        span = stretch_of(archive, item, film, form.cleaned_data["start"], form.cleaned_data["end"])
    except CannotCutHere:
        form.add_error("start", say(lang_of(request), "viewing.no-such-stretch"))
        return _shown(request, item, form, WRONG)
    recipe = Recipe(film.original, film.stream, *span, form.text("version"))
    name, reason, beside = _name(request, item), form.text("reason"), form.text("beside")
    asked = Asked(item, name, recipe, film.timebase, reason, beside)
    look = ask(archive, asked, signer_of(request), str(request.session.session_key))
    if copies.find(recipe.digest) is not None:
        return redirect("viewing:look", look.id)
    return redirect(address_of(start(request, "viewing.copy", {"look": look.id})))


def film_in(archive: Path, item: str) -> Film | None:
    """Return the moving pictures of an item; none where it has none.

    Raises:
        NoSuchThing: there is no such item.

    """
    vault = Vault.open(archive)
    if ITEM.fullmatch(item) is None or not vault.has(item):
        raise NoSuchThing("an item")
    try:
        tables = Tables(vault.tables(item))
        stream = film_of(tables)
    except (CannotCutHere, Malformed, Missing):
        return None
    clock = clock_of(archive, item)
    tick = Fraction(*tables.time_base(stream))
    if clock.end is None:
        return None
    kinds = [each["kind"] for each in tables.summary["streams"]]
    return Film(
        stream,
        "/".join(map(str, tables.time_base(stream))),
        int(clock.zero / tick),
        int(clock.end / tick),
        "audio" in kinds,
        _sha256(archive, item),
        str(tables.summary["tree_root"]),
    )


def stretch_of(
    archive: Path, item: str, film: Film, first: Position | None, last: Position | None
) -> tuple[int, int]:
    """Return the time stamps of what was typed; the whole film where nothing was.

    Raises:
        CannotCutHere: there is no such stretch.

    """
    tick = Fraction(film.timebase)
    tables = Tables(Vault.open(archive).tables(item))

    def pts_of(position: Position, *, up: bool) -> int:
        if isinstance(position, Stamp):
            return _rounded(position.ticks * position.tick / tick, up=up)
        if not isinstance(position, Moment | FrameNumber):
            raise CannotCutHere("no position")
        seconds = Fraction(resolve(position, tables), NANO)
        exact = isinstance(position, FrameNumber)
        # A frame's time in whole nanoseconds lies just beside its time stamp.
        at = seconds / tick
        return film.pts_start + (round(at) if exact else _rounded(at, up=up))

    start_pts = film.pts_start if first is None else pts_of(first, up=False)
    end_pts = film.pts_end if last is None else pts_of(last, up=True)
    if not film.pts_start <= start_pts <= end_pts or start_pts >= film.pts_end:
        raise CannotCutHere("it ends before it begins, or lies outside")
    return start_pts, min(end_pts, film.pts_end)


def elsewhere_of(item: str) -> tuple[tuple[str, str], ...]:
    """Return other pages about an item: the key of their words, and address."""
    return tuple((f"viewing.{key}", reverse(name, args=[item])) for name, key in ELSEWHERE)


def _shown(request: HttpRequest, item: str, form: AskForm, status: int = 200) -> HttpResponse:
    archive, lang = archive_of(request), lang_of(request)
    film = film_in(archive, item)
    may = person_of(request).may("look")
    if film is not None:
        form.fields["start"].widget.attrs["placeholder"] = clock_shown(Fraction(0))
        length = (film.pts_end - film.pts_start) * Fraction(film.timebase)
        form.fields["end"].widget.attrs["placeholder"] = clock_shown(length, up=True)
    shown = ItemPage(
        item,
        _name(request, item),
        described(casebook_of(request), item, view_of_request(request), lang),
        film,
        form if may and film is not None else None,
        day_of(person_of(request).person_id) if may else None,
        elsewhere_of(item),
    )
    title = shown.name or say(lang, "viewing.no-name")
    return page(request, "viewing/item.html", shown, title=title, room="viewing", status=status)


def _name(request: HttpRequest, item: str) -> str:
    """Return an item's name; none in a view of open records, since it may name a person."""
    may_name = view_of_request(request).may_see(SEES["restricted"])
    return name_of(Ledger.open(archive_of(request)), item) if may_name else ""


def _rounded(value: Fraction, *, up: bool) -> int:
    return -(-value // 1) if up else value // 1


def _sha256(archive: Path, item: str) -> str:
    """Return the digest under which an original is committed to, from its seal card."""
    ledger = Ledger.open(archive)
    rows = ledger.store.page_about([("item", item), ("type", "sealed")], slice(0, 1))
    if not rows:
        raise NoSuchThing("an item")
    return str(rows[0].act.opened()["sha256"])
