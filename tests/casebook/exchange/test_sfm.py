"""Wide lists come in without loss: each cell can be read back, with its sources and confidence."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from casebook.exchange.wide_tables import Cells, cells_of
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm import convert, recognises, unread
from dalil.casebook.exchange.sheets import Faults, Sheet, sheets_in
from dalil.casebook.exchange.wide.dates import edtf_of, interval_of
from dalil.casebook.exchange.wide.layout import Sources, Wide, layout
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record, check
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.errors import ImportRefused
from shared_data import shared

INTO = Into("a" * 32, "lists")
MAP = layout("sfm")
LISTS: tuple[Sources | Wide, ...] = (MAP.sources, *MAP.lists)
NAMES = ("sources", "units", "persons")
# Counted with a limit of 365 days; docs/decisions/17-who-commanded.md says why not otherwise.
ANSWERS = [
    ("Maiduguri", "2014-03-14", 96, 21),
    ("Borno", "2014-03-14", 193, 40),
    ("Kano", "2013-06-01", 16, 3),
    ("Port Harcourt", "2016-01-01", 35, 15),
]
Rows = Mapping[str, Sequence[Mapping[str, str]]]


def lay(folder: Path, rows: Rows) -> list[Sheet]:
    """Write lists with every column that the field map knows, and these rows."""
    folder.mkdir(exist_ok=True)
    for name, marked in zip(NAMES, LISTS, strict=True):
        columns = sorted(marked.columns())
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows.get(name, ()))
    return list(sheets_in(folder, Faults()))


def records(sheets: Sequence[Sheet]) -> list[Record]:
    """Convert, refusing what is wrong."""
    faults = Faults()
    found = list(convert(sheets, INTO, faults))
    faults.refuse()
    return found


def cells_in(sheets: Sequence[Sheet]) -> Cells:
    """Return every cell that is not empty, as it stands in the lists."""
    cells: Cells = {}
    for name, marked in zip(NAMES, LISTS, strict=True):
        sheet = next(s for s in sheets if set(marked.marks) <= set(s.columns))
        for row in sheet.rows(Faults()):
            for column, cell in row.cells.items():
                if cell.strip() and column not in MAP.ignored:
                    cells[name, row.number, column] = cell
    return cells


def around(found: Sequence[Record], names: Sequence[str]) -> list[Record]:
    """Return of all records those that a question on these places can meet (a bench asks all)."""
    links = [r for r in found if isinstance(r, Relation)]
    kept = {
        r.id
        for r in found
        if isinstance(r, Entity) and any(n["form"] in names for n in r.names) and r.type == "place"
    }
    wanted: dict[str, Relation] = {}
    for kind, end, far in (
        ("part_of", "b", "a"),
        ("present_at", "b", "a"),
        ("subordinate_to", "a", "b"),
        ("posted_to", "b", "a"),
    ):
        size = -1
        while size != len(kept):
            size = len(kept)
            met = [r for r in links if r.relation == kind and getattr(r, end) in kept]
            wanted |= {r.id: r for r in met}
            kept |= {str(getattr(r, far)) for r in met} if kind != "posted_to" else set()
    ends = {end for r in wanted.values() for end in (r.a, r.b)}
    cited = {
        s for r in wanted.values() for p in (r.cited or {}).values() for s in p.get("sources", ())
    }
    told = ends | cited | {r.source for r in wanted.values()} | set(wanted)
    return [r for r in found if r.id in told]


@pytest.fixture(scope="module")
def monitor() -> list[Sheet]:
    return list(sheets_in(shared("data", "sfm"), Faults()))


@pytest.fixture(scope="module")
def monitored(monitor: list[Sheet]) -> list[Record]:
    return records(monitor)


@pytest.fixture(scope="module")
def bureau(monitored: list[Record], tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    made = open_bureau(tmp_path_factory.mktemp("monitor"))
    made.casebook.write(around(monitored, [place for place, *_ in ANSWERS]), made.signer)
    return made


def test_every_cell_of_the_published_lists_is_read_back_from_the_records(
    monitor: list[Sheet], monitored: list[Record]
) -> None:
    expected, found = cells_in(monitor), cells_of(monitored, MAP)
    assert len(expected) == 170_723
    assert found == expected


def test_the_same_lists_give_the_same_records_and_no_id_twice(
    tmp_path: Path, monitored: list[Record]
) -> None:
    units = [{"Organization:Name": name, "o_id": name} for name in "AABBC"]
    sheets = lay(tmp_path, {"units": units, "sources": [{"source_id": "s1"}]})
    assert records(sheets) == records(sheets)
    assert len({record.id for record in monitored}) == len(monitored)


@pytest.mark.parametrize(("place", "day", "chains", "commanders"), ANSWERS)
def test_the_published_lists_answer_who_commanded(
    bureau: Bureau, place: str, day: str, chains: int, commanders: int
) -> None:
    answer = asked(bureau, place, day)
    assert (len(answer.chains), len(answer.commanders())) == (chains, commanders)
    grades = [chain.grade for chain in answer.chains]
    assert grades == sorted(grades, reverse=True)
    assert all(link.stated_by or link.standing == "undated" for link in answer.links)
    assert answer.gaps
    assert all(gap.kind for gap in answer.gaps)


def test_no_placeholder_of_the_published_lists_has_a_commander(bureau: Bureau) -> None:
    answer = asked(bureau, "Borno", "2014-03-14")
    unnamed = {thing.id for thing in answer.things if thing.placeholder}
    assert unnamed
    assert not any(link.b in unnamed for link in answer.links if link.what == "commands")
    assert any(link.b in unnamed for link in answer.links if link.what == "under")


def asked(bureau: Bureau, place: str, day: str) -> Answer:
    """Ask as somebody would at the terminal."""
    return who_commanded(bureau.casebook, place, date.fromisoformat(day).toordinal(), View())


COLUMNS = {name: sorted(marked.columns()) for name, marked in zip(NAMES, LISTS, strict=True)}
CELLS = st.one_of(
    st.sampled_from(["Y", "N", "E", "2013", "April 2018", "6/27/2001", "2/30/2001", "Undated"]),
    st.sampled_from(["s1", "s2;s1", "s1;s1", "s3", "nan", "s1; s2", "Command", "Placeholder"]),
    st.sampled_from(["A", "B", " A", "Commander", "A;B ; C", "High", "12", "2018-05"]),
)


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    found: dict[str, list[dict[str, str]]] = {
        "sources": [{"source_id": f"s{n}", "title": f"title {n}"} for n in (1, 2)]
    }
    for number, source in enumerate(found["sources"], 1):
        source.update(draw(st.dictionaries(st.sampled_from(COLUMNS["sources"]), CELLS, max_size=4)))
        source["source_id"] = f"s{number}"
    for name, column in (("units", "Organization:Name"), ("persons", "Name")):
        cells = st.dictionaries(st.sampled_from(COLUMNS[name]), CELLS, max_size=12)
        found[name] = [
            {**row, column: draw(st.sampled_from(["A", "B"]))}
            for row in draw(st.lists(cells, min_size=1, max_size=4))
        ]
    return found


@given(some_rows())
def test_whatever_cells_say_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows
) -> None:
    sheets = lay(tmp_path_factory.mktemp("lists"), rows)
    found = records(sheets)
    for record in found:
        check(record)
    assert cells_of(found, MAP) == cells_in(sheets)


def test_a_source_that_no_list_has_stays_as_a_text(tmp_path: Path) -> None:
    unit = {"Organization:Name": "A", "Source: Name": "nan", "Confidence: Name": "Low"}
    (listed,) = relations(records(lay(tmp_path, {"units": [unit]})), "named_in")
    assert (listed.detail or {})["name.sources"] == "nan"
    assert listed.cited == {"name": {"confidence": "Low"}}


def test_a_unit_is_known_by_its_number_and_found_by_its_name(tmp_path: Path) -> None:
    units = [
        {"Organization:Name": "A", "o_id": "", "OrganizationOrganization:parent_id": "B"},
        {"Organization:Name": "B", "o_id": "77", "Organization:classification": "Placeholder"},
        {"Organization:Name": "A", "o_id": "42", "Organization:other_names": "Alpha ; First"},
    ]
    found = records(lay(tmp_path, {"units": units}))
    entities = {r.key: r for r in found if isinstance(r, Entity) and r.type == "unit"}
    assert set(entities) == {"unit:42", "unit:77"}
    assert [n["form"] for n in entities["unit:42"].names] == ["A", "Alpha", "First"]
    assert entities["unit:77"].labels == ("Placeholder", "placeholder")
    (link,) = relations(found, "subordinate_to")
    assert (link.a, link.b) == (entities["unit:42"].id, entities["unit:77"].id)


def test_only_a_commander_commands_and_flags_tell_real_ends(tmp_path: Path) -> None:
    person = {"Name": "P", "division_id": "xx", "Organization": "A", "First citation": "May 2012"}
    postings = [
        {**person, "Role": "Commander", "Start date? (Y/N)": "Y", "Last citation": "2014"},
        {**person, "Role": "Spokesman", "End date? (Y/N)": "Y"},
    ]
    commander, spokesman = relations(records(lay(tmp_path, {"persons": postings})), "posted_to")
    assert (commander.is_command, commander.valid) == (True, "2012-05/2014")
    assert (commander.start_known, commander.end_known) == (True, False)
    assert (spokesman.is_command, spokesman.valid, spokesman.end_known) == (
        False,
        "2012-05/",
        False,
    )


def test_dates_in_the_wrong_order_are_kept_and_said_and_give_no_interval(tmp_path: Path) -> None:
    person = {"Name": "P", "Organization": "A", "Role": "Commander"}
    row = {**person, "First citation": "8/4/2008", "Last citation": "6/30/2008"}
    (posting,) = relations(records(lay(tmp_path, {"persons": [row]})), "posted_to")
    assert posting.valid is None
    assert (posting.detail or {})["dates"] == "reversed"
    assert (posting.detail or {})["first"] == "8/4/2008"


@pytest.mark.parametrize(
    ("text", "split", "expected"),
    [
        ("2000", ("2000", "", ""), "2000"),
        ("April 2018", ("2018", "4", ""), "2018-04"),
        ("6/27/2001", ("2001", "6", "27"), "2001-06-27"),
        ("10 /5/2014", (), "2014-10-05"),
        ("2018-05-02", (), "2018-05-02"),
        ("3/30/3006", ("2006", "3", "30"), "2006-03-30?"),
        ("4/4/42016", ("2016", "4", "4"), "2016-04-04?"),
        ("August 1991", ("August 1991", "", ""), "1991-08"),
        ("2/30/2001", ("2001", "2", "30"), ""),
        ("Undated", (), ""),
        ("", ("", "", ""), ""),
    ],
)
def test_dates_of_lists_become_edtf(text: str, split: tuple[str, ...], expected: str) -> None:
    assert edtf_of(text, split) == expected


def test_an_end_that_is_not_known_stays_unknown() -> None:
    assert interval_of("2012", "") == "2012/"
    assert interval_of("", "2012") == "/2012"
    assert interval_of("2012-05-01", "2012-05-01") == "2012-05-01"
    assert interval_of("2013", "2012") == ""


def test_a_column_that_the_map_does_not_know_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"units": [{"Organization:Name": "A"}]})
    path = tmp_path / "units.csv"
    head, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{head},Strength\n{row},400\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"units\.csv, row 1, column 'Strength'"):
        records(list(sheets_in(tmp_path, Faults())))


def test_one_key_for_two_sources_is_named_with_both_rows(tmp_path: Path) -> None:
    sources = [{"source_id": "s1", "title": "One"}, {"source_id": "s1", "title": "Other"}]
    with pytest.raises(ImportRefused, match=r"row 3, column 'source_id'.*row 2"):
        records(lay(tmp_path, {"sources": sources}))


def test_aliases_of_sources_are_versions_and_never_go_round(tmp_path: Path) -> None:
    sources = [
        {"source_id": "s1", "alias_source_id": "s2"},
        {"source_id": "s2", "alias_source_id": "s1"},
        {"source_id": "s3", "alias_source_id": "s3"},
    ]
    sheets = lay(tmp_path, {"sources": sources})
    found = records(sheets)
    assert sum(record.kind == "derivation" for record in found) == 1
    assert cells_of(found, MAP) == cells_in(sheets)


def test_what_a_list_assumes_is_no_end_and_no_date(tmp_path: Path) -> None:
    unit = {
        "Organization:Name": "A",
        "OrganizationOrganization:parent_id": "B",
        "OrganizationOrganization:date_first_cited": "2012",
        "OrganizationOrganization:open_ended": "Y",
    }
    (link,) = relations(records(lay(tmp_path, {"units": [unit]})), "subordinate_to")
    assert (link.valid, link.end_known) == ("2012/", False)
    assert (link.detail or {})["assumed"] == "goes_on"


def test_two_units_of_one_name_stay_two_and_no_name_is_guessed(tmp_path: Path) -> None:
    units = [
        {"Organization:Name": "A", "o_id": "1"},
        {"Organization:Name": "A", "o_id": "2"},
        {"Organization:Name": "B", "o_id": "3", "OrganizationOrganization:parent_id": "A"},
    ]
    faults = Faults()
    found = list(convert(lay(tmp_path, {"units": units}), INTO, faults))
    keys = {r.id: r.key for r in found if isinstance(r, Entity) and r.type == "unit"}
    assert set(keys.values()) == {"unit:1", "unit:2", "unit:3", "unit:name:A"}
    (link,) = relations(found, "subordinate_to")
    assert keys[str(link.b)] == "unit:name:A"
    (remark,) = faults.remarks
    assert (remark.row, remark.column) == (4, "OrganizationOrganization:parent_id")


def test_a_row_that_speaks_of_nobody_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"persons\.csv, row 2, column 'Name'"):
        records(lay(tmp_path, {"persons": [{"Organization": "A"}]}))


def test_what_is_wrong_in_a_record_is_named_with_its_row(tmp_path: Path) -> None:
    units = [{"Organization:Name": "A"}, {"Organization:Name": "A" * 1001}]
    faults = Faults()
    places = {
        names[0]["form"][:2]: faults.place
        for record in convert(lay(tmp_path, {"units": units}), INTO, faults)
        if isinstance(record, Entity) and (names := record.names)
    }
    assert places["AA"] == ("units.csv", 3)
    assert places["A"] == ("units.csv", 2)


def test_a_date_that_cannot_be_read_is_remarked_with_row_and_column(tmp_path: Path) -> None:
    person = {"Name": "P", "Organization": "A"}
    rows = [
        {**person, "First citation": "spring 2012"},
        {**person, "First citation": "May 2012", "first_year": "2012", "first_month": "6"},
        {**person, "First citation": "8/4/2008", "Last citation": "6/30/2008"},
    ]
    faults = Faults()
    list(convert(lay(tmp_path, {"persons": rows}), INTO, faults))
    remarked = [(remark.row, remark.column) for remark in faults.remarks]
    assert remarked == [(2, "First citation"), (3, "First citation"), (4, "Last citation")]
    assert "2012-06?" in faults.remarks[1].expected


def test_a_list_that_is_none_of_these_is_told_apart(tmp_path: Path) -> None:
    lay(tmp_path, {})
    (tmp_path / "towns.csv").write_text("town\nPort\n", encoding="utf-8")
    assert [sheet.name for sheet in unread(sheets_in(tmp_path, Faults()))] == ["towns"]


def test_other_lists_are_not_taken_for_these(tmp_path: Path) -> None:
    lay(tmp_path, {})
    (tmp_path / "sources.csv").unlink()
    assert not recognises(sheets_in(tmp_path, Faults()))


def relations(found: Sequence[Record], kind: str) -> list[Relation]:
    """Return the relations of a kind."""
    return [r for r in found if isinstance(r, Relation) and r.relation == kind]


def test_the_compiler_speaks_and_is_not_counted_beside_what_it_cites(
    monitored: list[Record],
) -> None:
    lists = {r.id for r in monitored if isinstance(r, Source) and r.type == "dataset"}
    postings = relations(monitored, "posted_to")
    assert {posting.source for posting in postings} <= lists
    cited = {s for p in postings for point in (p.cited or {}).values() for s in point["sources"]}
    assert not cited & lists
