"""A case over time: what happened, who stood where, and when each thing was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.incident.days import held_then, said_in_time
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.lines.line import line_about
from dalil.casebook.report.paged.cases import count_asked
from dalil.casebook.report.phrases import date_in_words
from dalil.casebook.text.edtf import Bounds, bounds_of
from dalil.kernel.canonical import Json
from dalil.web.frame.access import casebook_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import digits, lang_of, say
from dalil.web.pictures.drawn import address_of, queried

HAPPENED, STOOD, SAID = "happened", "stood", "said"
LANES: dict[str, tuple[type[Record], ...]] = {
    HAPPENED: (Entity, Conduct, Proposition),
    STOOD: (Relation,),
    SAID: (Source, Assertion),
}
# A picture of more is a smear; the search finds the rest.
ROWS = 200
LOOKED_THROUGH = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One record with its date (EDTF), and what it says."""

    id: str
    lane: str
    dated: str
    said: str
    address: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Rows of one sort, the earliest first; ``more``: there are others that are not shown."""

    name: str
    rows: tuple[Row, ...]
    more: bool

    @property
    def heading(self) -> str:
        """The words of its heading."""
        return f"pictures.lane-{self.name}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """A case over time; ``data``: the address of the same as JSON."""

    case: str
    lanes: tuple[Lane, ...]
    data: str


@right("read")
@require_GET
def page_of_case(request: HttpRequest, case: str) -> HttpResponse:
    """Show a case over time: drawn, and as a list."""
    lang = lang_of(request)
    lanes = _lanes(casebook_of(request), case, view_of_request(request), lang)
    shown = Timeline(case, lanes, queried(request, "pictures:timeline-data", case))
    title = say(lang, "pictures.timeline-title", case=case)
    return page(request, "pictures/timeline.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def data(request: HttpRequest, case: str) -> JsonResponse:
    """Return what the element draws: lanes, and rows with the days between which each lies."""
    lang = lang_of(request)
    lanes = _lanes(casebook_of(request), case, view_of_request(request), lang)
    named = [{"id": e.name, "name": say(lang, f"pictures.lane-{e.name}")} for e in lanes]
    return JsonResponse({
        "lanes": named,
        "rows": [_drawn(row, lang) for lane in lanes for row in lane.rows],
    })  # fmt: skip


def _lanes(casebook: Casebook, case: str, view: View, lang: str) -> tuple[Lane, ...]:
    with casebook.at_once():
        desk = open_desk(casebook, view)
        lanes = tuple(_lane(desk, case, name, lang) for name in LANES)
        if not any(lane.rows for lane in lanes):
            count_asked(casebook, case, view)  # refuses where there is no such case to be seen
    return lanes


def _lane(desk: Desk, case: str, name: str, lang: str) -> Lane:
    found: list[tuple[Record, str]] = []
    more = False
    for kind in LANES[name]:
        looked = list(islice(desk.casebook.find(kind, desk.view, case), LOOKED_THROUGH + 1))
        more = more or len(looked) > LOOKED_THROUGH
        records = (known.record for known in looked[:LOOKED_THROUGH])
        found += [(e, when) for e in records if (when := _dated(e, desk.view)) is not None]
    found.sort(key=lambda each: (_begins(each[1]), each[0].id))
    rows = tuple(
        Row(each.id, name, when, line_about(desk, each, lang), address_of(each.id))
        for each, when in found[:ROWS]
    )
    return Lane(name, rows, more or len(found) > ROWS)


def _dated(record: Record, view: View) -> str | None:
    """Return the date of a record, where it has one within the days of the view."""
    if record.withdrawn is not None:
        return None
    if isinstance(record, Source):
        when = record.published
        return when if said_in_time(view, when) else None
    if isinstance(record, Assertion):
        when = record.asserted
        return when if said_in_time(view, when) else None
    if isinstance(record, Entity | Conduct):
        when = record.date
    elif isinstance(record, Proposition | Relation):
        when = record.valid
    else:
        return None
    return when if when and when != ".." and held_then(view, when) else None


def _begins(when: str) -> int:
    bounds = bounds_of(when)
    return next((e for e in (bounds.s_min, bounds.e_min, bounds.e_max) if e is not None), 0)


def _drawn(row: Row, lang: str) -> dict[str, Json]:
    bounds = bounds_of(row.dated)
    return {
        "id": row.id,
        "lane": row.lane,
        "said": row.said,
        "when": digits(date_in_words(row.dated, lang), lang),
        "address": row.address,
        **dict(_days(bounds)),
        "open_start": bounds.open_start or bounds.unknown_start,
        "open_end": bounds.open_end or bounds.unknown_end,
        "vague": bounds.approximate or bounds.uncertain,
    }


def _days(bounds: Bounds) -> Iterator[tuple[str, str | None]]:
    for name in ("s_min", "s_max", "e_min", "e_max"):
        day = getattr(bounds, name)
        yield name, None if day is None else date.fromordinal(day).isoformat()
