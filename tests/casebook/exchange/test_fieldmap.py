"""A field map makes records out of anybody's columns, and says what it could not read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.fieldmap.cells import Unread, read_value
from dalil.casebook.exchange.fieldmap.form import READINGS, VALUE_KEYS, Value, parse_map
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Fault, Faults
from dalil.casebook.index.view import view_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.errors import ImportRefused, Malformed
from dalil.kernel.canonical import Json

INTO = Into("a" * 32, "harbour")
POSTINGS = """
format: field-map/1
about: who served where, as a port authority lists it
sheets:
  - file: "postings*"
    records:
      - kind: entity
        key: "person:{Name}"
        once: true
        fields:
          type: {constant: person}
          key: {template: "person:{Name}"}
          names:
            list:
              - object: {form: Name}
              - object: {form: Name (Arabic), lang: {constant: ar}}
      - kind: entity
        key: "unit:{Unit}"
        needs: [Unit]
        once: true
        fields:
          type: {constant: unit}
          key: {template: "unit:{Unit}"}
          names: {list: [{object: {form: Unit}}]}
      - kind: relation
        key: "{Name}|{Unit}|{From}"
        needs: [Unit]
        fields:
          relation: {constant: posted_to}
          a: {column: Name, as: reference, kind: entity, prefix: "person:"}
          b: {column: Unit, as: reference, kind: entity, prefix: "unit:"}
          valid: {columns: [From, To], as: interval, forms: [D/M/Y, M/Y]}
          is_command: {column: Role, as: choice, choices: {commander: true, member: false}}
          detail: {object: {title: Role}}
"""
SHEET = """Name,Name (Arabic),Unit,Role,From,To
Karim Sahli,كريم الساحلي,Branch 118,Commander,3/4/2014,
Karim Sahli,كريم الساحلي,Branch 118,member,1/2012,2/4/2014
Nadir Bahri,,,,,
"""


def value(reading: str, text: str, **more: Any) -> Json:  # noqa: ANN401 - as Value takes them
    """Return what one cell says when it is read so."""
    return read_value(Value(reading=reading, columns=("c",), **more), {"c": text}, INTO)


@pytest.mark.parametrize(
    ("reading", "text", "said", "more"),
    [
        ("date", "٢٠١٣-٠٤-١٦", "2013-04-16", {}),
        ("date", "16/4/2013", "2013-04-16", {"forms": ("D/M/Y",)}),
        ("date", "2013~", "2013~", {"forms": ("D/M/Y",)}),
        ("count", "1,234", 1234, {}),
        ("count", "١٢", 12, {}),
        ("degrees", "33.4762", 33476200, {}),
        ("degrees", "-0.000001", -1, {}),
        ("truth", "نعم", True, {}),
        ("choice", "HIGH", 3, {"choices": (("high", 3),)}),
        ("text", "a; b", ["a", "b"], {"split": ";"}),
        ("answer", ">=41", {"modality": "at_least", "lo": 41}, {}),
        ("answer", "dozens", {"text": "dozens"}, {}),
        ("json", '{"x": 1}', {"x": 1}, {}),
        ("text", "", None, {}),
        ("text", "", "unknown", {"default": "unknown"}),
    ],
)
def test_a_cell_is_read_as_the_map_says(
    reading: str, text: str, said: Json, more: dict[str, Any]
) -> None:
    assert value(reading, text, **more) == said


@pytest.mark.parametrize(
    ("reading", "text", "expected", "more"),
    [
        ("date", "2013-02-30", "EDTF", {}),
        ("date", "4/16/2013", "D/M/Y", {"forms": ("D/M/Y",)}),
        ("count", "12.5", "whole number", {}),
        ("count", "1,23", "whole number", {}),
        ("degrees", "33,47", "33.4762", {}),
        ("truth", "maybe", "yes or no", {}),
        ("choice", "low", "one of high", {"choices": (("high", 3),)}),
        ("json", "{", "JSON", {}),
        ("json", "[" * 100_000, "JSON", {}),
    ],
)
def test_a_cell_that_is_something_else_says_what_was_expected(
    reading: str, text: str, expected: str, more: dict[str, Any]
) -> None:
    with pytest.raises(Unread) as unread:
        value(reading, text, **more)
    assert (unread.value.column, unread.value.value) == ("c", text)
    assert expected in unread.value.expected


@given(
    st.sampled_from(["date", "count", "degrees", "truth", "answer", "json", "interval"]),
    st.lists(st.text(max_size=30), min_size=2, max_size=2),
)
def test_no_cell_whatsoever_breaks_the_reading(reading: str, texts: list[str]) -> None:
    columns = ("c", "d") if reading == "interval" else ("c",)
    cells = dict(zip("cd", texts, strict=True))
    with suppress(Unread):
        read_value(Value(reading=reading, columns=columns), cells, INTO)


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


def laid(folder: Path, sheet: str = SHEET, map_: str = POSTINGS) -> tuple[Path, Path]:
    """Write a sheet and its map; return both."""
    (folder / "lists").mkdir()
    (folder / "lists" / "postings.csv").write_text(sheet, encoding="utf-8")
    (folder / "map.yaml").write_text(map_, encoding="utf-8")
    return folder / "lists", folder / "map.yaml"


def brought(bureau: Bureau, folder: Path, sheet: str = SHEET) -> Casebook:
    """Bring the postings in."""
    path, map_ = laid(folder, sheet)
    listing = look_at(bureau.casebook, path, "harbour", "restricted", Faults(), map_)
    bring_in(bureau.casebook, listing, bureau.signer)
    return bureau.casebook


def relations(casebook: Casebook) -> Iterator[Relation]:
    """Yield the relations of the case."""
    for known in casebook.find(Relation, view_of(), "harbour"):
        assert isinstance(known.record, Relation)
        yield known.record


def test_one_row_becomes_people_units_and_postings(bureau: Bureau, tmp_path: Path) -> None:
    casebook = brought(bureau, tmp_path)
    people = [k.record for k in casebook.find(Entity, view_of(), "harbour")]
    assert [e.key for e in people if isinstance(e, Entity)] == [
        "person:Karim Sahli",
        "unit:Branch 118",
        "person:Nadir Bahri",
    ]
    assert people[0].names == (  # type: ignore[attr-defined]
        {"form": "Karim Sahli"},
        {"form": "كريم الساحلي", "lang": "ar"},
    )
    postings = [(r.valid, r.is_command, r.detail) for r in relations(casebook)]
    assert postings == [
        ("2014-04-03/", True, {"title": "Commander"}),
        ("2012-01/2014-04-02", False, {"title": "member"}),
    ]
    assert {r.b for r in relations(casebook)} == {people[1].id}


def test_a_reference_finds_what_another_list_of_the_case_brought(
    bureau: Bureau, tmp_path: Path
) -> None:
    own = Entity(id="1" * 32, case="harbour", type="unit", key="unit:Branch 118")
    bureau.casebook.write([own], bureau.signer)
    map_ = yaml.safe_load(POSTINGS)
    del map_["sheets"][0]["records"][1]
    path, file = laid(tmp_path, SHEET, json.dumps(map_))
    listing = look_at(bureau.casebook, path, "harbour", "restricted", Faults(), file)
    bring_in(bureau.casebook, listing, bureau.signer)
    assert {r.b for r in relations(bureau.casebook)} == {own.id}


def test_a_cell_is_never_taken_for_a_template() -> None:
    cells = {"a": "{b}", "b": "secret"}
    assert read_value(Value(template="{a} of {b}"), cells, INTO) == "{b} of secret"


def test_a_constant_may_name_a_record_too() -> None:
    named = Value(reading="reference", kind="entity", constant="place:creek")
    assert read_value(named, {}, INTO) == INTO.id("entity", "place:creek")


def test_a_reference_to_nothing_is_named_by_its_row(empty: Bureau, tmp_path: Path) -> None:
    map_ = yaml.safe_load(POSTINGS)
    del map_["sheets"][0]["records"][1]
    fault = only(empty, *laid(tmp_path, SHEET, json.dumps(map_)))
    assert (fault.file, fault.row, fault.column) == ("postings.csv", 2, "b")


def only(bureau: Bureau, path: Path, map_: Path) -> Fault:
    """Return the one fault of a list."""
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(bureau.casebook, path, "harbour", "restricted", faults, map_)
    (fault,) = faults.found
    assert bureau.casebook.ledger.size == 1
    return fault


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("X,,Branch 1,Captain,2014,", "Role", "one of commander, member"),
        ("X,,Branch 1,member,31/2/2014,", "From", "EDTF"),
        ("X,,Branch 1,member,2015,2014", "To", "begins"),
        ("X,,Branch 1,member,2015,soon", "To", "D/M/Y"),
    ],
)
def test_what_a_row_gets_wrong_is_named_by_row_and_column(
    empty: Bureau, tmp_path: Path, row: str, column: str, expected: str
) -> None:
    fault = only(empty, *laid(tmp_path, f"{SHEET}{row}\n"))
    assert (fault.file, fault.row, fault.column) == ("postings.csv", 5, column)
    assert expected in fault.expected


def test_a_column_that_the_map_names_and_the_sheet_lacks(empty: Bureau, tmp_path: Path) -> None:
    fault = only(empty, *laid(tmp_path, SHEET.replace("Role", "Rôle")))
    assert (fault.row, fault.column) == (1, "Role")


def of_one(**change: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the sheets of a map with one record, changed."""
    record = {"kind": "source", "key": "k", "fields": {"type": "c"}, **change}
    return {"sheets": [{"records": [record]}]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "field-map/2"}, "field-map/1"),
        ({"sheets": []}, "sheets"),
        ({"more": 1}, "more"),
        ({"sheets": [{"records": [{"kind": "x", "key": "k", "fields": {"a": "b"}}]}]}, "'x'"),
        ({"sheets": [{"records": [{"kind": "source", "key": "k", "fields": {"a": "b"}}]}]}, "'a'"),
        (
            {
                "sheets": [
                    {"records": [{"kind": "source", "key": "k", "fields": {"type": {"as": "?"}}}]}
                ]
            },
            "as",
        ),
        (
            {"sheets": [{"records": [{"kind": "source", "key": "k", "fields": {"type": {}}}]}]},
            "one of column",
        ),
    ],
)
def test_a_map_that_is_none_says_where(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_map({"format": "field-map/1", "sheets": [], **change}, "m.yaml")
    assert "m.yaml" in refused.value.about
    assert said in refused.value.about


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["format", "sheets", "records", "kind", "fields", "key", "as"]),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_document_whatsoever_breaks_the_parsing_of_maps(document: Any) -> None:  # noqa: ANN401
    for tried in (document, {"format": "field-map/1", "sheets": document}):
        with suppress(Malformed):
            parse_map(tried, "m.yaml")


def test_a_file_that_is_no_yaml_says_its_line(empty: Bureau, tmp_path: Path) -> None:
    path, map_ = laid(tmp_path, SHEET, "format: field-map/1\nsheets: [\n")
    with pytest.raises(Malformed, match=r"map\.yaml, line"):
        look_at(empty.casebook, path, "harbour", "restricted", Faults(), map_)


PAGE = Path(__file__).resolve().parents[3] / "spec" / "lists.md"


def test_the_page_on_lists_says_what_a_map_may_say(bureau: Bureau, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    keys = {key for first, _ in table for key in re.findall(r"`(\w+)`", first)}
    assert keys >= VALUE_KEYS
    readings = next(second for first, second in table if first.strip() == "`as`")
    assert re.findall(r"`(\w+)`", readings) == list(READINGS)
    example = text.split("```yaml\n")[1].split("```")[0]
    sheet = "No.,Name,الاسم,Kind,Built\n7,Nasim,نسيم,boat,3/4/2009\n8,,,raft,\n"
    path, _ = laid(tmp_path, sheet, example)
    (path / "postings.csv").rename(path / "boats.csv")
    listing = look_at(bureau.casebook, path, "creek", "open", Faults(), tmp_path / "map.yaml")
    bring_in(bureau.casebook, listing, bureau.signer)
    (boat,) = (known.record for known in bureau.casebook.find(Entity, view_of("open")))
    assert isinstance(boat, Entity)
    assert (boat.key, boat.date) == ("boat:7", "2009-04-03")
    assert boat.names == ({"form": "Nasim"}, {"form": "نسيم", "lang": "ar"})
