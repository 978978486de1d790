"""The places of a case on a coarse map; where a grave or a home lies is told to few."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from sqlalchemy import func, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.export.geojson import IN_PLACE, degrees
from dalil.casebook.index.tables import RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record.form import trusted_record_of
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.page import Worded
from dalil.casebook.report.paged.cases import count_asked
from dalil.casebook.report.phrases import in_both, term
from dalil.casebook.sites.told import Told, positions
from dalil.engines.sqlite import pieces
from dalil.kernel.canonical import Json
from dalil.web.frame.access import casebook_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.pictures.drawn import address_of, queried

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """An entity with a position, as exact as the view may know it.

    Latitude and longitude in degrees (WGS 84), ``radius_m`` in metres (absent: not said).
    ``coarse``: the position was rounded for this view. ``said_there``: how many relations say
    that something is there.
    """

    number: int
    id: str
    name: Worded
    type: Worded
    lat: float
    lon: float
    radius_m: int | None
    coarse: bool
    said_there: int
    address: str

    @property
    def written(self) -> str:
        """Latitude and longitude in degrees, as they are typed anywhere."""
        return f"{self.lat}, {self.lon}"


@dataclass(frozen=True, slots=True)
class Atlas:
    """The map of a case; ``tiles``: the address of the archive's own tiles, if it has any."""

    case: str
    places: tuple[Placed, ...]
    more: bool
    data: str
    tiles: str


@right("read")
@require_GET
def page_of_case(request: HttpRequest, case: str) -> HttpResponse:
    """Show the places of a case: drawn, and as a list."""
    found = _places(casebook_of(request), case, view_of_request(request))
    shown = Atlas(
        case,
        tuple(found[:SHOWN]),
        len(found) > SHOWN,
        queried(request, "pictures:map-data", case),
        getattr(settings, "TILES", ""),
    )
    title = say(lang_of(request), "pictures.map-title", case=case)
    return page(request, "pictures/map.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def data(request: HttpRequest, case: str) -> JsonResponse:
    """Return the same as GeoJSON (RFC 7946), positions no more exact than on the page."""
    lang = lang_of(request)
    found = _places(casebook_of(request), case, view_of_request(request))[:SHOWN]
    features = [_feature(each, lang) for each in found]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _feature(placed: Placed, lang: str) -> dict[str, Json]:
    return {
        "type": "Feature",
        "id": placed.number,
        # RFC 7946, 3.1.1: longitude first.
        "geometry": {"type": "Point", "coordinates": [placed.lon, placed.lat]},
        "properties": {
            "number": placed.number,
            "name": getattr(placed.name, lang),
            "radius_m": placed.radius_m,
            "coarse": placed.coarse,
            "address": placed.address,
        },
    }


def _places(casebook: Casebook, case: str, view: View) -> list[Placed]:
    """Return what has a position, one more than is shown at most."""
    with casebook.at_once():
        entities = list(_positioned(casebook, case, view))
        if not entities:
            count_asked(casebook, case, view)  # refuses where there is no such case to be seen
        desk = open_desk(casebook, view)
        desk.fetch(each.id for each in entities)
        there = _said_there(casebook, view, [each.id for each in entities])
        with casebook.reading() as connection:
            where = positions(connection, view.clearance, [each.id for each in entities])
        return [
            _placed(number, each, told, desk.name(each.id), there[each.id])
            for number, each in enumerate(entities, 1)
            if (told := where.of(each)) is not None
        ]


def _positioned(casebook: Casebook, case: str, view: View) -> Iterator[Entity]:
    chosen = (
        select(RECORD.c.body)
        .where(RECORD.c.kind == Entity.kind, RECORD.c.case == case, view.rows(RECORD))
        .where(func.instr(RECORD.c.body, '"lat_e6"') > 0, RECORD.c.withdrawn.is_(False))
        .order_by(RECORD.c.n)
        .limit(SHOWN + 1)
    )
    with casebook.reading() as connection:
        for (body,) in connection.execute(chosen):
            record = trusted_record_of(json.loads(body))
            if isinstance(record, Entity) and record.lat_e6 is not None:
                yield record


def _said_there(casebook: Casebook, view: View, ids: list[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    with casebook.reading() as connection:
        for chunk in pieces(sorted(ids)):
            chosen = (
                select(RELATION.c.b, func.count())
                .where(RELATION.c.relation.in_(IN_PLACE), RELATION.c.b.in_(chunk))
                .where(RELATION.c.polarity == "affirms", view.rows(RELATION))
                .group_by(RELATION.c.b)
            )
            found.update({str(b): int(n) for b, n in connection.execute(chosen)})
    return found


def _placed(number: int, entity: Entity, told: Told, name: Worded, there: int) -> Placed:
    return Placed(
        number=number,
        id=entity.id,
        name=name,
        type=in_both(lambda lang: term(entity.type, lang)),
        lat=degrees(told.lat_e6),
        lon=degrees(told.lon_e6),
        radius_m=told.radius_m,
        coarse=told.coarse,
        said_there=there,
        address=address_of(entity.id),
    )
