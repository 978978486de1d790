"""What a claims sheet says does not hang on how it is sorted, worded or cut."""

from __future__ import annotations

import copy
import csv
import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.casebook.exchange.claims_sheet.answers import label_of, read_count, topic_of
from dalil.casebook.exchange.claims_sheet.convert import OtherWords, convert, recognises
from dalil.casebook.exchange.claims_sheet.layout import layout_of, shipped
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, sheets_in
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.form import Record, fields_of
from dalil.errors import ImportRefused, Malformed
from dalil.kernel.canonical import Json
from shared_data import shared

INTO = Into("a" * 32, "creek")
MAP = resources.files("dalil.casebook.exchange") / "maps" / "claims-sheet.json"
Rows = list[list[str]]
FOLDER: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("claims")]


@cache
def real(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a sheet of the real set, its header first."""
    text = (shared("data", "tadamon") / name).read_text(encoding="utf-8")
    return tuple(map(tuple, csv.reader(text.splitlines())))


def records(change: Callable[[str, Rows], Rows]) -> list[Record]:
    """Return the records of the real set with the rows of each sheet changed."""
    for name in ("tadamon_claims.csv", "tadamon_sources.csv", "name_variants.csv"):
        header, *rows = map(list, real(name))
        with (FOLDER[0] / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *change(name, rows)])
    faults = Faults()
    found = list(convert(sheets_in(FOLDER[0], faults), INTO, faults))
    faults.refuse()
    return found


def said(found: list[Record]) -> dict[str, Json]:
    """Return what records say, by id."""
    return {each.id: fields_of(each) for each in found}


@pytest.mark.parametrize(
    ("text", "lo", "hi", "about", "noun"),
    [
        (">=41 (men)", 41, None, False, ""),
        (">=41, all by one person", 41, None, False, ""),
        ("41..288", 41, 288, False, ""),
        ("41–288", 41, 288, False, ""),
        (">500", 501, None, False, ""),
        ("<=12 further events", None, 12, False, "further events"),
        ("~1,200 people", 1200, 1200, True, "people"),
        ("at least two shooters", 2, None, False, "shooters"),
        ("ما لا يقل عن ٤١", 41, None, False, ""),
        ("نحو 40 رجلًا", 40, 40, True, "رجلًا"),
    ],
)
def test_a_number_is_read_with_its_bounds_and_its_noun(
    text: str, lo: int | None, hi: int | None, noun: str, *, about: bool
) -> None:
    answer = read_count(text, shipped())
    assert answer.number
    assert (answer.lo, answer.hi, answer.about, answer.noun) == (lo, hi, about, noun)


@pytest.mark.parametrize("text", ["dozens", "2013-04-16", "41st Brigade", "Q 41", "", "1:48"])
def test_what_is_no_number_stays_in_words(text: str) -> None:
    answer = read_count(text, shipped())
    assert not answer.number
    assert answer.text == text


@pytest.mark.parametrize(
    ("text", "seconds"), [("~7 min", 420), ("1:48", 108), ("1:00:01", 3601), ("90 s", 90)]
)
def test_a_length_is_kept_in_seconds(text: str, seconds: int) -> None:
    assert read_count(text, shipped(), "second").lo == seconds


@given(st.text(max_size=40), st.sampled_from([None, "second"]))
def test_no_answer_whatsoever_breaks_the_reading(text: str, unit: str | None) -> None:
    answer = read_count(text, shipped(), unit)
    assert answer.text == text
    assert answer.number or (answer.lo, answer.hi) == (None, None)


def test_a_question_is_known_by_its_label_and_asked_without_it() -> None:
    assert (label_of("Q09 number of boats"), topic_of("Q09 number of boats")) == (
        "Q09",
        "number of boats",
    )
    assert topic_of("س٠١ عدد القوارب") == "عدد القوارب"
    assert label_of("who was there") == topic_of("who was there") == "who was there"


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_how_the_sheets_are_sorted_says_nothing(random: Random) -> None:
    def shuffled(name: str, rows: Rows) -> Rows:
        # The first form of a name is what a thing is called: there the order does say something.
        if name != "name_variants.csv":
            random.shuffle(rows)
        return rows

    assert said(records(shuffled)) == said(records(lambda _name, rows: rows))


@settings(max_examples=8)
@given(st.integers(min_value=1, max_value=143))
def test_a_list_that_grows_asks_what_it_asked_before(count: int) -> None:
    def cut(name: str, rows: Rows) -> Rows:
        return rows[:count] if name == "tadamon_claims.csv" else rows

    part, whole = records(cut), records(lambda _name, rows: rows)
    asked = {each.id: each.proposition for each in whole if isinstance(each, Assertion)}
    for each in part:
        if isinstance(each, Assertion):
            assert asked[each.id] == each.proposition


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Return the shipped layout, changed."""
    document = copy.deepcopy(json.loads(MAP.read_text("utf-8")))
    change(document)
    return document  # type: ignore[no-any-return]


def test_other_columns_and_words_are_a_file_and_no_code(tmp_path: Path) -> None:
    def german(document: dict[str, Any]) -> None:
        document["sheets"]["claims"]["columns"] |= {"claim": "Aussage", "value": "Wert"}
        document["questions"]["measures"].insert(
            0, {"words": ["tote"], "measure": "Tote", "nouns": []}
        )
        document["values"]["signs"].insert(0, ["mindestens", ">="])

    (tmp_path / "claims.csv").write_text(
        "Aussage,subject,Wert,row_id,question,source_id\n"
        "Es gab Tote,incident:bucht,mindestens 9,R1,Q1 Tote in der Bucht,A\n"
    )
    (tmp_path / "sources.csv").write_text("source_id,kind\nA,Zeitung\n")
    faults = Faults()
    sheets = sheets_in(tmp_path, faults)
    other = OtherWords(layout_of(changed(german), "map.json"))
    assert other.recognises(sheets)
    assert not recognises(sheets)
    (assertion,) = (r for r in other.convert(sheets, INTO, faults) if isinstance(r, Assertion))
    assert (assertion.lo, assertion.hi, assertion.text) == (9, None, "Es gab Tote")


@given(st.data())
def test_a_layout_that_is_broken_anywhere_says_where(data: st.DataObject) -> None:
    document = changed(lambda _document: None)
    place: Any = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(st.sampled_from([None, 1, "x", [], {}, [[]], [1], -1]))
            break
        place = place[key]
    with suppress(Malformed):
        layout_of(document, "map.json")


def test_rows_that_repeat_each_other_in_a_circle_are_still_one_proposition() -> None:
    def circle(name: str, rows: Rows) -> Rows:
        if name != "tadamon_claims.csv":
            return rows
        header = list(real(name)[0])
        relation, source = header.index("supports/contradicts"), header.index("source_id")
        own = next(row for row in rows if row[header.index("row_id")] == "T088")
        other = next(row for row in rows if row[header.index("row_id")] == "T089")
        own[relation], other[relation] = f"repeats {other[source]}", f"repeats {own[source]}"
        return rows

    found = {r.key: r for r in records(circle) if isinstance(r, Assertion)}
    assert found["T088"].proposition == found["T089"].proposition


def test_nothing_is_left_of_a_sheet_that_has_a_fault() -> None:
    def broken(name: str, rows: Rows) -> Rows:
        if name == "tadamon_claims.csv":
            rows[0][1] = "nobody"
        return rows

    with pytest.raises(ImportRefused, match="type:name"):
        records(broken)
