"""JSON comes in as rows: GeoJSON, FollowTheMoney, or anybody's lines through a field map."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults, sheets_in
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.errors import ImportRefused

VIEW = view_of("sealed")
FOLDER: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("json")]


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


def brought(bureau: Bureau, path: Path, kind: type[Record]) -> list[Any]:
    """Bring a file in; return the records of a kind."""
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    return [known.record for known in bureau.casebook.find(kind, VIEW, "creek")]


def features(*each: object) -> str:
    """Return a GeoJSON document of these features."""
    return json.dumps({"type": "FeatureCollection", "features": each})


def point(longitude: object, latitude: object, **properties: object) -> dict[str, object]:
    """Return a GeoJSON feature."""
    geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": 7, "geometry": geometry, "properties": properties}


def test_a_place_of_a_map_comes_in_with_every_digit(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(features(point(36.324101, 33.47, name="التضامن", type="quarter", radius_m=300)))
    (place,) = brought(bureau, path, Entity)
    assert isinstance(place, Entity)
    assert (place.type, place.key) == ("place", "feature:7")
    assert place.names == ({"form": "التضامن"},)
    assert (place.lon_e6, place.lat_e6, place.radius_m) == (36_324_101, 33_470_000, 300)


def test_what_is_no_point_is_told_and_left_out(empty: Bureau, tmp_path: Path) -> None:
    line = {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}
    path = tmp_path / "map.geojson"
    path.write_text(features(point(1, 2, names=["a", "b"]), line))
    listing = look_at(empty.casebook, path, None, "restricted", Faults())
    assert (listing.layout, listing.into.case, listing.kinds) == (
        "geojson", "map", (("entity", 1),),
    )  # fmt: skip
    assert [each.row for each in listing.remarks] == [2]


def test_people_and_bodies_of_followthemoney_come_in_with_who_belonged_to_what(
    bureau: Bureau, tmp_path: Path
) -> None:
    lines: list[dict[str, object]] = [
        {"id": "a", "schema": "Person", "properties": {"name": ["Karim", "كريم"], "alias": ["K."]}},
        {"id": "b", "schema": "Organization", "properties": {"name": ["Harbour Watch"]}},
        {
            "id": "c",
            "schema": "Membership",
            "properties": {"member": ["a"], "organization": ["b"], "startDate": ["2014-05"]},
        },
        {"id": "d", "schema": "Payment", "properties": {"amount": ["7"]}},
    ]
    path = tmp_path / "creek.ftm.json.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    listing = look_at(bureau.casebook, path, None, "restricted", Faults())
    assert [(each.row, each.column, each.value) for each in listing.remarks] == [
        (4, "schema", "Payment")
    ]
    person, body = brought(bureau, path, Entity)
    assert [n["form"] for n in person.names] == ["Karim", "كريم", "K."]
    assert person.names[2]["role"] == "alias"
    (relation,) = (k.record for k in bureau.casebook.find(Relation, VIEW, "creek"))
    assert isinstance(relation, Relation)
    assert (relation.relation, relation.a, relation.b) == ("member_of", person.id, body.id)
    assert relation.valid == "2014-05/"


def test_what_we_hand_out_as_followthemoney_we_can_read_again(
    bureau: Bureau, tmp_path: Path
) -> None:
    forms = ({"form": "Branch 118"}, {"form": "الفرع ١١٨", "lang": "ar"})
    own = Entity(id="1" * 32, type="person", names=forms, case="creek")
    bureau.casebook.write([own], bureau.signer)
    export_ftm(bureau.casebook, VIEW, tmp_path / "out.ftm")
    (tmp_path / "other").mkdir()
    entities = brought(open_bureau(tmp_path / "other"), tmp_path / "out.ftm", Entity)
    person = next(each for each in entities if each.type == "person")
    assert {n["form"] for n in person.names} == {"Branch 118", "الفرع ١١٨"}


@pytest.mark.parametrize(
    ("name", "text", "row", "expected"),
    [
        ("x.jsonl", '{"id":"a","schema":"Person"}\n[1]\n', 2, "one JSON object a line"),
        ("x.jsonl", '{"id":"a","schema":"Person"}\n{"a":\n', 2, "one JSON object a line"),
        ("x.geojson", "{}", None, "FeatureCollection"),
        ("x.geojson", features({"type": "Point"}, point(1, 2)), 1, "a GeoJSON feature"),
        ("x.geojson", features(point(181, 2)), 1, "whole number"),
        ("x.geojson", features(point("east", 2)), 1, "degrees"),
    ],
)
def test_what_is_wrong_is_named_by_its_line_or_feature(
    empty: Bureau, tmp_path: Path, name: str, text: str, row: int | None, expected: str
) -> None:
    (tmp_path / name).write_text(text)
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, tmp_path / name, "creek", "restricted", faults)
    assert faults.found[0].row == row
    assert expected in faults.found[0].expected
    assert empty.casebook.ledger.size == 1


@given(st.binary(max_size=60), st.sampled_from(["x.jsonl", "x.geojson", "x.jsonl.gz", "x.csv"]))
def test_no_bytes_whatsoever_break_the_reading(raw: bytes, name: str) -> None:
    path = FOLDER[0] / name
    for tried in (raw, b'{"a":' + raw + b"}", gzip.compress(raw)):
        path.write_bytes(tried)
        faults = Faults()
        for sheet in sheets_in(path, faults):
            for row in sheet.rows(faults):
                assert set(row.cells) == set(sheet.columns)
