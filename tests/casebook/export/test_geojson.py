"""Maps hold what may be seen, with its precision, and nothing that is denied as a point."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casebook.bureau import Bureau, open_bureau
from casebook.invented import Inventor
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity

# RFC 7946, sections 3.1.2, 3.2, 3.3, for points.
POINT = {
    "type": "object",
    "required": ["type", "coordinates"],
    "properties": {
        "type": {"const": "Point"},
        "coordinates": {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
            ],
            "minItems": 2,
            "maxItems": 2,
        },
    },
    "not": {"anyOf": [{"required": [name]} for name in ("geometry", "properties", "features")]},
}
FEATURES = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": ["string", "number"]},
                    "geometry": {"anyOf": [{"type": "null"}, POINT]},
                    "properties": {"type": ["object", "null"]},
                },
            },
        },
    },
    # Members of a geometry or a feature do not stand in a collection (7.1); no other system (4).
    "not": {"anyOf": [{"required": [name]} for name in ("coordinates", "geometry", "crs")]},
}


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def exported(bureau: Bureau, *records: Record, see: str = "restricted") -> dict[str, Any]:
    """Write records down, hand them out, and return the features by id."""
    if records:
        bureau.casebook.write(list(records), bureau.signer)
    out = bureau.archive.parent / f"{see}.geojson"
    export_geojson(bureau.casebook, view_of(see), out)
    collection = json.loads(out.read_text("utf-8"))
    Draft202012Validator(FEATURES).validate(collection)
    return {each["id"]: each for each in collection["features"]}


def placed(see: str = "restricted", radius: int | None = 200) -> Entity:
    """Return a place with a position."""
    return Entity(
        id=new_id(), type="place", see=see, names=({"form": "المرفأ"},), lat_e6=33_479_125,
        lon_e6=-36_333_001, radius_m=radius,
    )  # fmt: skip


def test_every_invented_map_has_the_shape_of_the_standard(bureau: Bureau) -> None:
    assert exported(bureau, *Inventor(Random(5)).book(4), see="sealed")


def test_a_position_keeps_its_digits_its_radius_and_says_how_precise_it_is(bureau: Bureau) -> None:
    place, loose = placed(), placed(radius=None)
    found = exported(bureau, place, loose)
    assert found[place.id]["geometry"] == {"type": "Point", "coordinates": [-36.333001, 33.479125]}
    said = found[place.id]["properties"]
    assert (said["radius_m"], said["precision"]) == (200, "somewhere within 200 m of this point")
    assert "200" in said["precision_ar"]
    assert found[loose.id]["properties"]["precision"] == "not recorded"


def test_a_position_above_the_clearance_never_leaves(bureau: Bureau) -> None:
    grave, unit = placed("sealed"), Entity(id=new_id(), see="open", type="unit")
    here = Relation(id=new_id(), see="open", relation="present_at", a=unit.id, b=grave.id)
    assert exported(bureau, grave, unit, here, see="restricted") == {}
    assert exported(bureau, see="sealed").keys() == {grave.id, here.id}


def test_a_presence_takes_the_point_of_its_place_and_a_denied_one_has_none(bureau: Bureau) -> None:
    place, unit = placed(), Entity(id=new_id(), type="unit", names=({"form": "Unit 9"},))
    told = [
        Relation(id=new_id(), relation="present_at", a=unit.id, b=place.id, polarity=polarity)
        for polarity in ("affirms", "denies")
    ]
    found = exported(bureau, place, unit, *told)
    assert found[told[0].id]["geometry"]["coordinates"] == [-36.333001, 33.479125]
    assert found[told[0].id]["properties"]["names"] == ["Unit 9"]
    assert found[told[1].id]["geometry"] is None
    assert found[told[1].id]["properties"]["polarity"] == "denies"


def test_whoever_sees_open_records_only_is_told_no_position_exactly(bureau: Bureau) -> None:
    grave, unit = placed("open", radius=5), Entity(id=new_id(), see="open", type="unit")
    here = Relation(id=new_id(), see="open", relation="present_at", a=unit.id, b=grave.id)
    found = exported(bureau, grave, unit, here, see="open")
    for each in (grave, here):
        assert found[each.id]["geometry"]["coordinates"] == [-36.33, 33.48]
        assert found[each.id]["properties"]["radius_m"] == 1000
    assert "2 decimals" in (bureau.archive.parent / "open.geojson").read_text("utf-8")
    near = exported(bureau, see="restricted")
    assert near[grave.id]["geometry"]["coordinates"] == [-36.333001, 33.479125]
