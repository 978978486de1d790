"""Claims of the Monitor's handbook, version 4, come in with citations, ranges and status."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.command.who import who_commanded
from dalil.casebook.exchange.expected import expectation
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sfm_v4.columns import handbook
from dalil.casebook.exchange.sfm_v4.convert import convert
from dalil.casebook.exchange.sfm_v4.ranges import Range, ranges_of
from dalil.casebook.exchange.sheets import Fault, Faults, Row, sheets_in
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.record.things import Entity, Name

VIEW = view_of("sealed")
Cells = Mapping[str, str]


def number(name: str) -> str:
    """Return the UUID that stands for a name."""
    return str(uuid5(NAMESPACE_URL, name))


CITED = {"citation:refs:claim": number("page 3"), "status:meta": "accepted"}
WATCH, COAST = number("harbour watch"), number("coast command")
LEAD, BAY = number("lead"), number("bay")
DAYS = {"first_precise:range": "2016-11-09", "last_precise:range": "2016-11-09"}


def claim(type_: str, about: str, **cells: str) -> dict[str, str]:
    """Return a claim on one day; names of cells without what stands behind their first colon."""
    row = {"type:claim": type_, "about_entity:ref:claim": about, **CITED, **DAYS}
    return {**row, **cells}


def unit(about: str, name: str, form: str = "", **cells: str) -> dict[str, str]:
    """Return a claim that a unit is called so."""
    names = {"name:annotation": name, "unit:names:assertion": form or name}
    return claim("unit", about, **names, **cells)


def posting(**cells: str) -> dict[str, str]:
    """Return a claim that the lead commands the watch."""
    said = {
        "posting:person:refs:assertion": LEAD,
        "posting:unit:refs:assertion": WATCH,
        "posting:roles:assertion": "Commander",
        "posting:ranks:assertion": "Captain",
    }
    return claim("posting", number("posting"), **{**said, **cells})


def relation(**cells: str) -> dict[str, str]:
    """Return a claim that the watch is under the command of the coast."""
    said = {
        "relation:unit:refs:assertion": WATCH,
        "relation:related_unit:refs:assertion": COAST,
        "relation:types:assertion": "child-of",
        "relation:related_unit_classes:assertion": "command",
    }
    return claim("relation", number("relation"), **{**said, **cells})


def positioning(**cells: str) -> dict[str, str]:
    """Return a claim that the watch worked in the bay."""
    said = {
        "positioning:unit:refs:assertion": WATCH,
        "positioning:location:refs:assertion": BAY,
        "positioning:types:assertion": "aoo",
    }
    return claim("positioning", number("positioning"), **{**said, **cells})


UNITS = [unit(WATCH, "Harbour Watch"), unit(COAST, "Coast Command")]
PERSON = claim(
    "person", LEAD, **{"name:annotation": "I. Lead", "person:names:assertion": "Capt. Lead"}
)
SOURCES = [
    {
        "source:access_point_id:admin": number(f"page {page}"),
        "source:access_point_type": "page",
        "source:access_point_trigger": page,
        "source:source_id:admin": number("report"),
        "source:title": "A night on the coast",
        "source:type": "document",
        "source:published_timestamp": "2016-12-01T00:00:00Z",
        "source:publication_name": "The Lighthouse",
    }
    for page in ("3", "4")
]
PLACES = [
    {
        "id:entity": BAY,
        "name:annotation": "Zumurruda Bay",
        "origin:location": "sfm",
        "location:admin_level_4:qa": f"The Coast (sfm, poly) {number('the coast')}",
    },
    {"id:entity": number("the coast"), "name:annotation": "The Coast", "origin:location": "sfm"},
]


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


def laid(folder: Path, claims: Sequence[Cells], **others: Sequence[Cells]) -> Path:
    """Write a folder of sheets with every column of the handbook, and these rows."""
    path = folder / "monitor"
    path.mkdir(exist_ok=True)
    rows = {"claims": claims, "sources": SOURCES, "locations": PLACES, **others}
    for role, listed in rows.items():
        columns = dict.fromkeys([*sorted(handbook().labels(role)), *(c for r in listed for c in r)])
        with (path / f"{role}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(listed)
    return path


def records(bureau: Bureau, path: Path) -> list[Record]:
    """Return the records of a folder."""
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    assert listing.layout == "sfm-v4"
    return list(listing.records())


def brought(bureau: Bureau, path: Path) -> list[Record]:
    """Bring a folder in; return the relations of the case."""
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    bring_in(bureau.casebook, listing, bureau.signer)
    return [known.record for known in bureau.casebook.find(Relation, VIEW, "creek")]


def wrong(path: Path) -> list[Fault]:
    """Return what is wrong with a folder."""
    faults = Faults()
    found = list(convert(sheets_in(path, faults), Into("a" * 32, "creek"), faults))
    assert all(isinstance(record, Record) for record in found)
    return sorted(faults.found, key=lambda fault: fault.file)


def relations(records: Sequence[Record], what: str) -> list[Relation]:
    """Return the relations of a kind."""
    return [r for r in records if isinstance(r, Relation) and r.relation == what]


def detail(relation: Relation, name: str) -> str | None:
    """Return a word of a relation."""
    said: dict[str, str] = relation.detail or {}
    return said.get(name)


def test_a_set_of_claims_answers_who_commanded(bureau: Bureau, tmp_path: Path) -> None:
    path = laid(tmp_path, [*UNITS, PERSON, posting(), relation(), positioning()])
    found = brought(bureau, path)
    answer = who_commanded(bureau.casebook, "The Coast", date(2016, 11, 9).toordinal(), VIEW)
    named = {name for thing in answer.things for name, _lang in thing.names}
    assert {"I. Lead", "Harbour Watch"} <= named
    (link,) = relations(found, "posted_to")
    assert link.is_command
    assert (link.valid, detail(link, "rank"), detail(link, "status")) == (
        "2016-11-09", "Captain", "accepted",
    )  # fmt: skip


def test_two_pages_of_one_report_are_one_source(empty: Bureau, tmp_path: Path) -> None:
    both = ";".join(number(f"page {page}") for page in "34")
    found = records(empty, laid(tmp_path, [*UNITS, relation(**{"citation:refs:claim": both})]))
    (link,) = relations(found, "subordinate_to")
    cited: Any = link.cited
    parents = {d.child: d.parent for d in found if isinstance(d, Derivation)}
    assert len(cited["b"]["sources"]) == 2
    assert len({parents[str(source)] for source in cited["b"]["sources"]}) == 1


def test_a_child_is_under_the_other_unit(empty: Bureau, tmp_path: Path) -> None:
    found = records(empty, laid(tmp_path, [*UNITS, relation()]))
    (link,) = relations(found, "subordinate_to")
    keys = {r.id: r.key for r in found if isinstance(r, Entity)}
    assert (keys[link.a], keys[str(link.b)]) == (f"unit:{WATCH}", f"unit:{COAST}")
    assert detail(link, "kind") == "command"


def test_a_claim_in_conflict_is_kept_and_denied_for_its_own_days(
    empty: Bureau, tmp_path: Path
) -> None:
    rows = [*UNITS, PERSON, posting(**{"status:meta": "conflict"})]
    found = records(empty, laid(tmp_path, rows))
    said, denied = sorted(relations(found, "posted_to"), key=lambda link: link.polarity)
    assert (said.polarity, said.start_known, said.end_known) == ("affirms", False, False)
    assert said.cited
    assert (denied.polarity, denied.valid) == ("denies", said.valid)
    assert denied.start_known
    assert denied.end_known


def test_what_is_in_conflict_is_said_against_a_commander_on_its_own_days_only(
    bureau: Bureau, tmp_path: Path
) -> None:
    later = {"first_precise:range": "2016-11-12", "last_precise:range": "2016-11-12"}
    rows = [posting(**{"status:meta": "conflict"}), posting(**later), positioning()]
    brought(bureau, laid(tmp_path, [*UNITS, PERSON, *rows]))
    against = {}
    for day in (9, 12):
        answer = who_commanded(bureau.casebook, "The Coast", date(2016, 11, day).toordinal(), VIEW)
        assert answer.chains
        against[day] = {link.what for link in answer.links if link.against}
    assert against == {9: {"commands"}, 12: set()}


def test_a_workbook_with_a_sheet_for_each_type_is_read(empty: Bureau, tmp_path: Path) -> None:
    book = Workbook()
    sheets = {"units": UNITS, "postings": [PERSON, posting()], "Sources": SOURCES}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            days = {c: date.fromisoformat(v) for c, v in row.items() if c.endswith("precise:range")}
            sheet.append([days.get(column, row.get(column)) for column in columns])
    book.remove(book.worksheets[0])
    path = tmp_path / "monitor.xlsx"
    book.save(path)
    (link,) = relations(records(empty, path), "posted_to")
    assert (link.valid, link.is_command) == ("2016-11-09", True)


def test_a_name_in_conflict_is_an_error_and_every_form_keeps_its_citation(
    empty: Bureau, tmp_path: Path
) -> None:
    forms = [unit(WATCH, "Harbour Watch", "H. Watch"), *UNITS]
    forms += [unit(WATCH, "Harbour Watch", "Habor Watch", **{"status:meta": "conflict"})]
    found = records(empty, laid(tmp_path, forms))
    cited = {r.id: str(r.key) for r in found if isinstance(r, Source)}
    names = {(n.form, n.role, cited[str(n.source)]) for n in found if isinstance(n, Name)}
    page = f"citation:{number('page 3')}"
    assert names == {
        ("H. Watch", "alias", page), ("Harbour Watch", "name", page),
        ("Coast Command", "name", page), ("Habor Watch", "error", page),
    }  # fmt: skip


def test_a_unit_that_bridges_a_level_is_marked_so(empty: Bureau, tmp_path: Path) -> None:
    found = records(empty, laid(tmp_path, [unit(WATCH, "Unknown Battalion (Coast Command)")]))
    (thing,) = (r for r in found if isinstance(r, Entity) and r.type == "unit")
    assert thing.labels == ("placeholder",)


def test_an_incident_names_place_accused_and_what_was_said(empty: Bureau, tmp_path: Path) -> None:
    said = {
        "incident:location:refs:assertion": BAY,
        "incident:violation:descriptions:assertion": "According to X, “boats were sunk”.",
        "incident:violation:types:assertion": "Property destruction",
        "incident:perpetrator:refs:assertion": WATCH,
    }
    found = records(empty, laid(tmp_path, [*UNITS, claim("incident", number("night"), **said)]))
    (link,) = relations(found, "took_part_in")
    assert (detail(link, "role"), detail(link, "modality")) == ("incident:perpetrator", "alleges")
    (placed,) = relations(found, "located_at")
    listed = [r for r in relations(found, "named_in") if r.verbatim]
    assert [r.verbatim for r in listed] == ["According to X, “boats were sunk”."]
    assert placed.valid == "2016-11-09"


def test_a_base_that_lies_nobody_knows_where_is_kept_in_words(
    empty: Bureau, tmp_path: Path
) -> None:
    base = {
        "positioning:location:refs:assertion": "",
        "positioning:base_names:assertion": "Heron Camp",
    }
    found = records(empty, laid(tmp_path, [*UNITS, positioning(**base)]))
    assert not relations(found, "present_at")
    told = [
        detail(link, "positioning:base_names:assertion") for link in relations(found, "named_in")
    ]
    assert told == [None, None, "Heron Camp"]


def test_every_cell_of_a_claim_can_be_read_back(empty: Bureau, tmp_path: Path) -> None:
    row = posting(**{
        "internal_comments:meta": "look again", "public_notes:meta": "a note",
        "our own column": "kept", "starting_context:range": "Appointed",
    })  # fmt: skip
    found = records(empty, laid(tmp_path, [*UNITS, PERSON, row]))
    (link,) = relations(found, "posted_to")
    said = {str(each) for each in (link.detail or {}).values()} | {str(link.note)}
    keys = " ".join(str(r.key) for r in found if isinstance(r, Entity | Source))
    lost = {name for name, cell in row.items() if cell not in said and cell not in keys}
    assert lost == {"type:claim"}


CHANGES = [
    (posting(**{"type:claim": "postings"}), "type:claim", "postings", "one of unit, person"),
    (posting(**{"citation:refs:claim": ""}), "citation:refs:claim", "", "may not be empty"),
    (posting(**{"citation:refs:claim": COAST}), "citation:refs:claim", COAST, "in the sources"),
    (posting(**{"citation:refs:claim": "page 3"}), "citation:refs:claim", "page 3", "UUID"),
    (posting(**{"about_entity:ref:claim": "17"}), "about_entity:ref:claim", "17", "a UUID"),
    (
        posting(**{"posting:unit:refs:assertion": LEAD}),
        "posting:unit:refs:assertion", LEAD, "claims of type unit",
    ),
    (
        positioning(**{"positioning:location:refs:assertion": WATCH}),
        "positioning:location:refs:assertion", WATCH, "stands in the locations",
    ),
    (
        relation(**{"relation:types:assertion": "parent"}),
        "relation:types:assertion", "parent", "one of child-of, member-of",
    ),
    (posting(**{"starting:range": "yes"}), "starting:range", "yes", "Y or N"),
    (posting(**{"last_precise:range": ""}), "last_precise:range", "", "stands in both columns"),
    (
        posting(**{"first_precise:range": "2016-11-31"}),
        "first_precise:range", "2016-11-31", "a day as YYYY-MM-DD",
    ),
    (
        posting(**{"last_precise:range": "2016-11-08"}),
        "last_precise:range", "2016-11-08", "on or after 2016-11-09",
    ),
    (posting(our="x" * 4001), "our", "x" * 80 + "…", "at most 4,000 characters"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "value", "expected"), CHANGES)
def test_what_is_wrong_is_named_by_row_and_column(
    tmp_path: Path, row: Cells, column: str, value: str, expected: str
) -> None:
    (fault,) = wrong(laid(tmp_path, [*UNITS, PERSON, row]))
    assert (fault.file, fault.row, fault.column, fault.value) == ("claims.csv", 5, column, value)
    assert expected in fault.expected
    assert re.search("[\u0621-\u064a]", expectation(fault.expected, "ar"))


def test_one_number_for_two_citations_or_places_is_refused(tmp_path: Path) -> None:
    sources = [SOURCES[0], {**SOURCES[1], "source:access_point_id:admin": number("page 3")}]
    found = wrong(laid(tmp_path, UNITS, sources=sources, locations=[*PLACES, PLACES[0]]))
    assert [(f.file, f.row, f.column) for f in found] == [
        ("locations.csv", 4, "id:entity"), ("sources.csv", 3, "source:access_point_id:admin"),
    ]  # fmt: skip


def test_a_second_list_may_name_what_the_case_has(bureau: Bureau, tmp_path: Path) -> None:
    brought(bureau, laid(tmp_path, [*UNITS, PERSON]))
    (tmp_path / "later").mkdir()
    path = laid(tmp_path / "later", [posting(), positioning()])
    assert relations(brought(bureau, path), "posted_to")


def test_the_same_claims_twice_say_nothing_twice(bureau: Bureau, tmp_path: Path) -> None:
    path = laid(tmp_path, [*UNITS, PERSON, posting(), posting(), relation()])
    brought(bureau, path)
    listing = look_at(bureau.casebook, path, "creek", "restricted", Faults())
    again = bring_in(bureau.casebook, listing, bureau.signer)
    assert (again.records, again.skipped) == (0, listing.total)


def test_a_status_that_is_revised_revises_the_claim(bureau: Bureau, tmp_path: Path) -> None:
    brought(bureau, laid(tmp_path, [*UNITS, PERSON, posting()]))
    found = brought(bureau, laid(tmp_path, [*UNITS, PERSON, posting(**{"status:meta": "issue"})]))
    assert [detail(link, "status") for link in relations(found, "posted_to")] == ["issue"]


def test_imprecise_ranges_hold_sometime_and_join_precise_ones() -> None:
    cells = {
        "first_precise:range": "2005-06-01", "last_precise:range": "2005-06-03",
        "first_imprecise:range": "2005-05-01", "last_imprecise:range": "2005-05-31",
        "starting:range": "Y", "ending:range": "N",
    }  # fmt: skip
    assert ranges_of(Row(2, cells), "x.csv", Faults()) == [
        Range("2005-06-01/2005-06-03", starts=True),
        Range("2005-05-01/2005-05-31", sometime=True, starts=True),
    ]


def test_at_some_time_before_has_no_first_day() -> None:
    cells = {
        "first_imprecise:range": "since_beginning_of_time", "last_imprecise:range": "2014-08-01",
    }  # fmt: skip
    assert ranges_of(Row(2, cells), "x.csv", Faults()) == [Range("../2014-08-01", sometime=True)]


@given(
    st.dictionaries(
        st.sampled_from(sorted(c for c in handbook().claims if c.endswith(":range"))),
        st.one_of(
            st.text(max_size=12), st.dates().map(str), st.sampled_from(["Y", "N", "since_ever"])
        ),
    )
)
def test_no_dates_whatsoever_break_the_reading(cells: dict[str, str]) -> None:
    faults = Faults()
    found = ranges_of(Row(2, cells), "x.csv", faults)
    dated = [name for name in cells if "precise" in name and cells[name].strip()]
    assert faults.found or bool(dated) == any(each.valid for each in found)
