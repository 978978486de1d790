"""What an address asks of the search: words, facets and conditions; read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, QueryDict

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.document import TEXTS
from dalil.casebook.index.view import View
from dalil.casebook.record.things import TYPES
from dalil.casebook.search.naming import id_meant
from dalil.casebook.search.query import LIMIT, Query
from dalil.casebook.text.position import is_exact_for
from dalil.errors import NotAllowed, UsageRefused

KINDS = tuple(TEXTS)
MICRO = 1_000_000
LATITUDE, LONGITUDE, FARTHEST = 90, 180, 20_000_000
YEAR_DIGITS, NEAR_CHARACTERS, PAGE_DIGITS = 4, 60, 6
# All that a form on the page can ask, apart from the page's number.
FIELDS = ("q", "place", "near", "from", "to", "source", "related", "label", "case")
MANY = ("kind", "type")


@dataclass(frozen=True, slots=True)
class Asked:
    """An address as it was typed, kept for the form and for the addresses of facets."""

    typed: QueryDict

    def text(self, name: str) -> str:
        """Return what was typed in one field."""
        return self.typed.get(name, "").strip()

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return what was chosen of a facet."""
        return tuple(dict.fromkeys(each for each in self.typed.getlist(name) if each))

    @property
    def something(self) -> bool:
        """Whether anything is asked at all."""
        return any(self.text(each) for each in FIELDS) or any(self.chosen(e) for e in MANY)

    def address(self, **changes: tuple[str, ...]) -> str:
        """Return the query of the address with a facet chosen otherwise, on its first page."""
        changed = self.typed.copy()
        changed.pop("page", None)
        for name, values in changes.items():
            changed.setlist(name, list(values))
        return f"?{changed.urlencode()}"


def asked_of(request: HttpRequest) -> Asked:
    """Return what an address asks."""
    return Asked(request.GET)


def query_of(asked: Asked, casebook: Casebook, view: View, offset: int = 0) -> Query:
    """Return the query of an address.

    Raises:
        UsageRefused: a word of the address cannot be meant. NoSuchThing: it names nothing, or
            nothing that may be seen. NotAllowed: to search around a position takes the clearance
            that exact positions take, since a narrow circle tells one.

    """
    place, source, related = (asked.text(each) for each in ("place", "source", "related"))
    near = asked.text("near")
    if near and not is_exact_for(view.clearance):
        raise NotAllowed("near")
    return Query(
        asked.text("q"),
        kinds=_known(asked, "kind", KINDS),
        types=_known(asked, "type", TYPES),
        place=id_meant(casebook, place, view, ("place", "site")) if place else None,
        with_parts=not asked.text("only_there"),
        near=_near(near) if near else None,
        year_from=_year(asked, "from"),
        year_to=_year(asked, "to"),
        source=id_meant(casebook, source, view) if source else None,
        related=id_meant(casebook, related, view) if related else None,
        labels=tuple(filter(None, (asked.text("label"),))),
        case=asked.text("case") or None,
        limit=LIMIT,
        offset=offset,
    )


def page_of(asked: Asked) -> int:
    """Return the number of the page that is asked for, from 1."""
    typed = asked.text("page")
    right = typed.isascii() and typed.isdecimal() and len(typed) <= PAGE_DIGITS
    return max(1, int(typed)) if right else 1


def _known(asked: Asked, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = asked.chosen(name)
    strange = [each for each in chosen if each not in known]
    if strange:
        raise UsageRefused(f"{name}: {strange[0][:NEAR_CHARACTERS]!a}")
    return chosen


def _year(asked: Asked, name: str) -> int | None:
    typed = asked.text(name)
    if not typed:
        return None
    if not (typed.isdecimal() and len(typed) <= YEAR_DIGITS):
        raise UsageRefused(f"{name}: {typed[:NEAR_CHARACTERS]!a}")
    return int(typed)


def _near(text: str) -> tuple[int, int, int]:
    try:
        lat, lon, metres = (Decimal(part.strip()) for part in text[:NEAR_CHARACTERS].split(","))
        near = int(lat * MICRO), int(lon * MICRO), int(metres)
    except (InvalidOperation, ValueError, OverflowError):
        raise UsageRefused(f"near: {text[:NEAR_CHARACTERS]!a}") from None
    if not (abs(lat) <= LATITUDE and abs(lon) <= LONGITUDE and 0 <= metres <= FARTHEST):
        raise UsageRefused(f"near: {text[:NEAR_CHARACTERS]!a}")
    return near
