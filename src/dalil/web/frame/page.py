"""A page: one frozen dataclass shown by one template, within the frame that all pages share."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse, translate_url

from dalil.web.frame.access import person_of
from dalil.web.frame.say import lang_of, say

LONGEST = 10
# Room, its first page, and the right without which it is not offered.
ROOMS_SHOWN = (
    ("archive", "archive:index", "read"),
    ("copies", "copies:index", "read"),
    ("casebook", "casebook:index", "read"),
    ("victims", "victims:index", "read"),
    ("sites", "sites:index", "read"),
    ("law", "law:index", "read"),
    ("describing", "describing:index", "describe"),
    ("search", "search:index", "read"),
    ("publishing", "publishing:index", "publish"),
    ("oversight", "oversight:index", "oversee"),
)


@dataclass(frozen=True, slots=True)
class RoomLink:
    """A room in the head of the page."""

    address: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Pager:
    """Which of how many pages of a list is shown, from 1; ``first`` is its first row, from 0."""

    number: int
    count: int
    first: int

    @property
    def previous(self) -> int | None:
        """The page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def following(self) -> int | None:
        """The page after, if there is one."""
        return self.number + 1 if self.number < self.count else None


def pager_of(request: HttpRequest, rows: int, per_page: int) -> Pager:
    """Return the page that ``?page=`` asks for; the nearest where there is no such page."""
    count = max(1, -(-rows // per_page))
    asked = request.GET.get("page", "1")
    number = min(max(int(asked), 1), count) if asked.isdecimal() and len(asked) < LONGEST else 1
    return Pager(number, count, (number - 1) * per_page)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page: who is here, the rooms, the page in the other language."""

    lang: str
    direction: str
    theme: str
    other_lang: str
    other_address: str
    person: str
    role: str
    rooms: tuple[RoomLink, ...]


def page(
    request: HttpRequest,
    template: str,
    shown: object,
    *,
    title: str,
    room: str,
    status: int = 200,
) -> HttpResponse:
    """Return a page; the template reads ``page`` (what is shown), ``title``, ``room``, ``desk``."""
    context = {"page": shown, "title": title, "room": room}
    return render(request, template, context, status=status)


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Give every template its frame as ``desk``."""
    lang = lang_of(request)
    other = "ar" if lang == "en" else "en"
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    person = person_of(request) if known else None
    rooms = _rooms(request, lang) if known else ()
    return {
        "desk": Frame(
            lang,
            "rtl" if lang == "ar" else "ltr",
            _theme(request),
            other,
            translate_url(request.get_full_path(), other),
            person.name if person else "",
            person.role if person else "",
            rooms,
        )
    }


def _rooms(request: HttpRequest, lang: str) -> tuple[RoomLink, ...]:
    person = person_of(request)
    here = request.resolver_match.app_name if request.resolver_match else ""
    links = []
    for room, address, needed in ROOMS_SHOWN:
        if not person.may(needed):
            continue
        try:
            links.append(RoomLink(reverse(address), say(lang, f"frame.room-{room}"), room == here))
        except NoReverseMatch:
            continue
    return tuple(links)


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("dalil-theme", "")
    return theme if theme in ("light", "dark") else ""
