"""GeoJSON (RFC 7946): what has a position, and what is said to be in such a place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.export.selection import Selection, selecting
from dalil.casebook.export.statement import (
    LANGUAGES,
    Exported,
    beside,
    counted,
    document_of,
    of_view,
    said,
    sentence,
    settle,
)
from dalil.casebook.index.view import View
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Position
from dalil.casebook.record.things import NOT_SEARCHED, Entity
from dalil.casebook.record.victims import Victim
from dalil.engines.files import disk_room
from dalil.kernel.canonical import Json

FORM = "geojson"
IN_PLACE = ("located_at", "present_at")
MICRO = 1_000_000


def export_geojson(casebook: Casebook, view: View, out: Path, case: str | None = None) -> Exported:
    """Write a feature collection; a feature's id is that of its record.

    Raises:
        ArchiveExists: something is at ``out``. NoSpace: the disk is full; nothing is left there.

    """
    part, counts = beside(out), dict[str, int]()
    keys = ("geojson-lossy", "geojson-precision", "geojson-denied", "withdrawn", "unsigned")
    try:
        with disk_room(out), selecting(casebook, view, case) as selection:
            features = list(_features(selection))
            for each in features:
                kind = each["properties"]["kind"]
                counts[kind] = counts.get(kind, 0) + 1
            says = (*of_view(selection.terms), *(said(key) for key in keys))
            exported = Exported(str(out), FORM, selection.terms, counted(counts), says)
            collection = {
                "type": "FeatureCollection", "features": features,
                "dalil:export": document_of(exported),
            }  # fmt: skip
            text = json.dumps(collection, ensure_ascii=False, indent=1, sort_keys=True)
            part.write_text(text + "\n", encoding="utf-8")
            settle(part, out)
    finally:
        part.unlink(missing_ok=True)
    return exported


def _features(selection: Selection) -> Iterator[dict[str, Json]]:
    placed: dict[str, Entity] = {}
    names: dict[str, list[str]] = {}
    things = (selection.records(kind) for kind in (Entity, Victim))
    for entity, _ in chain.from_iterable(things):
        if entity.withdrawn is not None:
            continue
        names[entity.id] = _names(entity)
        if entity.lat_e6 is not None:
            placed[entity.id] = entity
            yield _feature(entity.id, _point(entity), {
                "kind": entity.kind, "type": entity.type, "key": entity.key,
                "names": names[entity.id], "labels": list(entity.labels), "date": entity.date,
                "class": entity.see, **_precision(entity),
            })  # fmt: skip
    yield from _positions(selection, names)
    for link, _ in selection.records(Relation):
        place = placed.get(link.b or "")
        if link.relation not in IN_PLACE or link.withdrawn is not None or place is None:
            continue
        speaker = selection.speaker(link.source)
        yield _feature(link.id, None if link.polarity == "denies" else _point(place), {
            "kind": link.kind, "relation": link.relation, "polarity": link.polarity,
            "who": link.a, "names": names.get(link.a, []), "place": link.b,
            "place_names": names[place.id], "valid": link.valid, "machine": link.machine,
            "source": None if speaker.source is None else speaker.source.id,
            "source_withheld": speaker.withheld, "class": link.see, **_precision(place),
        })  # fmt: skip


def _positions(selection: Selection, names: dict[str, list[str]]) -> Iterator[dict[str, Json]]:
    """Yield where sources have a site, one beside the other."""
    for told, _ in selection.records(Position):
        if told.withdrawn is not None:
            continue
        speaker = selection.speaker(told.source)
        yield _feature(told.id, None if told.polarity == "denies" else _point(told), {
            "kind": told.kind, "site": told.site, "site_names": names.get(told.site, []),
            "polarity": told.polarity, "found_by": told.found_by, "asserted": told.asserted,
            "machine": told.machine,
            "source": None if speaker.source is None else speaker.source.id,
            "source_withheld": speaker.withheld, "class": told.see, **_precision(told),
        })  # fmt: skip


def _feature(id_: str, point: Json, properties: dict[str, Json]) -> dict[str, Json]:
    said_of_it = {name: value for name, value in properties.items() if value not in (None, [])}
    return {"type": "Feature", "id": id_, "geometry": point, "properties": said_of_it}


def _point(entity: Entity | Position) -> Json:
    if entity.lat_e6 is None or entity.lon_e6 is None:
        return None
    # RFC 7946, 3.1.1: longitude first.
    return {"type": "Point", "coordinates": [degrees(entity.lon_e6), degrees(entity.lat_e6)]}


def degrees(micro: int) -> float:
    """Return millionths of a degree as the number that is written with at most 6 decimals."""
    return float(Decimal(micro) / MICRO)


def _precision(entity: Entity | Position) -> dict[str, Json]:
    if entity.radius_m is None:
        words = {lang: sentence("precision-unknown", lang) for lang in LANGUAGES}
        return {"radius_m": None, "precision": words["en"], "precision_ar": words["ar"]}
    words = {lang: sentence("precision", lang, metres=entity.radius_m) for lang in LANGUAGES}
    return {"radius_m": entity.radius_m, "precision": words["en"], "precision_ar": words["ar"]}


def _names(entity: Entity) -> list[str]:
    return [n["form"] for n in entity.names if n.get("role", "name") not in NOT_SEARCHED]
