"""What is brought in and handed out again is the same, cell by cell and to the last character."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from casebook.bureau import Bureau, open_bureau
from casebook.history import FEW
from casebook.invented import HARD_TEXTS, Inventor
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange import native
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults, sheets_in
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.masking import WITHHELD
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import FORBIDDEN, Record, kinds, new_id
from dalil.casebook.record.sources import Evidence, Source
from dalil.casebook.record.things import Entity
from dalil.errors import ArchiveExists, NoSuchThing, UsageRefused
from shared_data import shared
from terminal import Terminal

GIVEN = ("--to", "a colleague", "--reason", "a test")
ALL, HERE = view_of("sealed"), view_of()
TEXTS = st.lists(
    st.text(min_size=1, max_size=20).filter(lambda t: t.strip() and not FORBIDDEN.search(t)),
    max_size=4,
)


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def everything(casebook: Casebook) -> dict[str, Record]:
    """Return the latest revision of every record."""
    return {
        known.record.id: known.record
        for kind in kinds().values()
        for known in casebook.find(kind, ALL)
    }


def brought_in(folder: Path, sheets: Path) -> Bureau:
    """Bring sheets into a new archive."""
    folder.mkdir()
    bureau = open_bureau(folder)
    faults = Faults()
    listing = look_at(bureau.casebook, sheets, "elsewhere", "restricted", faults, None)
    assert faults.found == []
    bring_in(bureau.casebook, listing, bureau.signer, lambda _done, _total: None)
    return bureau


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the sheets of an export by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


@FEW
@given(seed=st.integers(0, 2**32), texts=TEXTS)
def test_what_is_handed_out_and_brought_in_again_is_the_same(seed: int, texts: list[str]) -> None:
    records = Inventor(Random(seed), (*HARD_TEXTS, *texts)).book()
    with TemporaryDirectory() as folder:
        here = Path(folder)
        bureau = open_bureau(here)
        bureau.casebook.write(records, bureau.signer)
        export_csv(bureau.casebook, ALL, here / "out")
        other = brought_in(here / "other", here / "out")
        assert everything(other.casebook) == {each.id: each for each in records}
        export_csv(other.casebook, ALL, here / "again")
        assert files_of(here / "again") == files_of(here / "out")


@pytest.mark.parametrize("seed", [7, 8])
def test_a_workbook_says_the_same_as_the_sheets(bureau: Bureau, tmp_path: Path, seed: int) -> None:
    records = Inventor(Random(seed)).book()
    bureau.casebook.write(records, bureau.signer)
    export_xlsx(bureau.casebook, ALL, tmp_path / "out.xlsx")
    faults = Faults()
    sheets = sheets_in(tmp_path / "out.xlsx", faults)
    read = list(native.convert(sheets, Into("0" * 32, "elsewhere"), faults))
    assert faults.found == []
    assert {each.id: each for each in read} == {each.id: each for each in records}


def test_one_command_hands_out_and_another_brings_in(bureau: Bureau, tmp_path: Path) -> None:
    bureau.casebook.write(Inventor(Random(1), sees=("restricted",)).book(), bureau.signer)
    person = Terminal(tmp_path, {"DALIL_PASSPHRASE": "bureau"})
    said = person.does("casebook", "export", bureau.archive, "out", "--as", "csv", *GIVEN)
    assert "Whether there is more is not said" in said.out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = open_bureau(elsewhere)
    person.does("casebook", "import", other.archive, "out")
    assert everything(other.casebook) == everything(bureau.casebook)


def test_a_cell_that_looks_like_a_formula_is_kept_and_told(bureau: Bureau, tmp_path: Path) -> None:
    trap = Source(id=new_id(), type="journalism", title="=HYPERLINK(0)", author="@you")
    bureau.casebook.write([trap], bureau.signer)
    done = export_csv(bureau.casebook, HERE, tmp_path / "out")
    with (tmp_path / "out" / "source.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["title"] == "=HYPERLINK(0)"
    assert [(c.file, c.row, c.column) for c in done.cells] == [
        ("source", 2, "title"),
        ("source", 2, "author"),
    ]
    assert any(
        says.startswith("Cells that begin") and ": 2." in says for says in done.sentences("en")
    )


def test_a_workbook_holds_no_formula(bureau: Bureau, tmp_path: Path) -> None:
    trap = Source(id=new_id(), type="journalism", title="=1+1", author="#N/A")
    bureau.casebook.write([trap], bureau.signer)
    export_xlsx(bureau.casebook, HERE, tmp_path / "out.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    kinds_of_cells = {cell.data_type for sheet in book for row in sheet.rows for cell in row}
    assert kinds_of_cells <= {"s", "n"}
    assert "=1+1" in [cell.value for cell in book["source"][2]]


@pytest.mark.parametrize(
    ("text", "why"), [("x" * 40_000, "32,767"), ("one\rtwo", "carriage return")]
)
def test_what_a_workbook_would_change_is_refused(
    bureau: Bureau, tmp_path: Path, text: str, why: str
) -> None:
    long = Source(id=new_id(), type="journalism", conditions=text)
    bureau.casebook.write([long], bureau.signer)
    with pytest.raises(UsageRefused, match=f"source {long.id}, conditions: .*{why}.*csv"):
        export_xlsx(bureau.casebook, HERE, tmp_path / "out.xlsx")
    assert list(tmp_path.glob("out*")) == []
    export_csv(bureau.casebook, HERE, tmp_path / "out")


def test_nothing_is_written_over(bureau: Bureau, tmp_path: Path) -> None:
    for name in ("out", "other.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine").write_text("kept")
    for out in ("out", "other"):
        with pytest.raises(ArchiveExists):
            export_csv(bureau.casebook, HERE, tmp_path / out)
        with pytest.raises(ArchiveExists):
            export_geojson(bureau.casebook, HERE, tmp_path / out)
    assert [p.name for p in tmp_path.rglob("mine")] == ["mine", "mine"]


def test_a_withheld_source_is_one_stand_in_and_nothing_else(bureau: Bureau, tmp_path: Path) -> None:
    place = Entity(id=new_id(), type="place")
    hidden = [
        Source(id=new_id(), see="sealed", type="witness", key=f"W{i}", title=f"hidden {i}")
        for i in range(2)
    ]
    asked = Proposition(id=new_id(), subject=place.id, predicate="what")
    said = [
        Assertion(
            id=new_id(), proposition=asked.id, source=source.id, text="seen", key=source.key,
            locator={"url": f"https://example.org/{source.key}", "quote": "seen it"},
        )
        for source in hidden
    ]  # fmt: skip
    bureau.casebook.write([place, *hidden, asked, *said], bureau.signer)
    done = export_csv(bureau.casebook, HERE, tmp_path / "out")
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.*"))
    for source in hidden:
        for secret in (source.id, f"https://example.org/{source.key}", source.title):
            assert str(secret).encode() not in written
    other = brought_in(tmp_path / "other", tmp_path / "out")
    (stand_in,) = other.casebook.find(Source, ALL)
    assert stand_in.record == WITHHELD
    told = [known.record for known in other.casebook.find(Assertion, ALL)]
    assert told == [
        replace(each, source=WITHHELD.id, key=None, locator={"quote": "seen it"}) for each in said
    ]
    assert any("withheld source" in says for says in done.sentences("en"))


def test_a_case_leaves_with_what_speaks_against_it(bureau: Bureau, tmp_path: Path) -> None:
    place = Entity(id=new_id(), type="place")
    asked = Proposition(id=new_id(), case="quay", subject=place.id, predicate="what")
    unrelated = Entity(id=new_id(), case="harbour", type="place")
    sources = [Source(id=new_id(), case="harbour", type="journalism") for _ in range(2)]
    for_it = Assertion(id=new_id(), case="quay", proposition=asked.id, source=sources[0].id)
    against = Assertion(
        id=new_id(), case="harbour", proposition=asked.id, source=sources[1].id, polarity="denies"
    )
    bureau.casebook.write([place, asked, unrelated, *sources, for_it, against], bureau.signer)
    export_csv(bureau.casebook, HERE, tmp_path / "out", "quay")
    other = brought_in(tmp_path / "other", tmp_path / "out")
    left = {place.id, asked.id, for_it.id, against.id, *(each.id for each in sources)}
    assert everything(other.casebook).keys() == left


def test_a_case_that_may_not_be_seen_is_refused_like_one_that_is_not_there(
    bureau: Bureau, tmp_path: Path
) -> None:
    bureau.casebook.write(
        [Entity(id=new_id(), case="quay", see="sealed", type="place")], bureau.signer
    )
    for case in ("quay", "nowhere"):
        with pytest.raises(NoSuchThing, match=f"case {case}$"):
            export_csv(bureau.casebook, HERE, tmp_path / "out", case)


def test_an_export_as_of_a_day_holds_what_was_said_by_then(bureau: Bureau, tmp_path: Path) -> None:
    place = Entity(id=new_id(), type="place")
    asked = Proposition(id=new_id(), subject=place.id, predicate="what")
    source = Source(id=new_id(), type="journalism", published="2022-05-30")
    late = Source(id=new_id(), type="journalism", published="2022-10-28")
    early = Assertion(id=new_id(), proposition=asked.id, source=source.id)
    later = Assertion(
        id=new_id(),
        proposition=asked.id,
        source=source.id,
        asserted="2022-10-28",
        polarity="denies",
    )
    after = Evidence(id=new_id(), assertion=later.id, relation="supports", by_source=late.id)
    bureau.casebook.write([place, asked, source, late, early, later, after], bureau.signer)
    done = export_csv(bureau.casebook, view_of(said_by="2022-06-01"), tmp_path / "out")
    other = brought_in(tmp_path / "other", tmp_path / "out")
    assert everything(other.casebook).keys() == {place.id, asked.id, source.id, early.id}
    assert done.terms.said_by == "2022-06-01"


def test_earlier_revisions_leave_when_they_are_asked_for(bureau: Bureau, tmp_path: Path) -> None:
    first = Source(id=new_id(), type="journalism", title="one")
    bureau.casebook.write([first], bureau.signer)
    bureau.casebook.write([replace(first, title="two", revises=1)], bureau.signer)
    export_csv(bureau.casebook, HERE, tmp_path / "out", history=True)
    assert titles(tmp_path / "out" / "source.csv") == ["two"]
    assert titles(tmp_path / "out" / "earlier" / "source.csv") == ["one"]


def titles(sheet: Path) -> list[str]:
    """Return a column of a sheet."""
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return [row["title"] for row in csv.DictReader(file)]


def test_an_export_says_of_what_it_is_in_both_languages(bureau: Bureau, tmp_path: Path) -> None:
    bureau.casebook.write([Source(id=new_id(), type="journalism")], bureau.signer)
    export_csv(bureau.casebook, view_of("open", known_on="2030-01-01"), tmp_path / "out")
    about = json.loads((tmp_path / "out" / "export.json").read_text("utf-8"))
    assert about["form"] == "dalil-sheets/1"
    assert about["view"] == {"see": "open", "known_on": "2030-01-01", "said_by": None, "on": None}
    assert about["counts"] == {}
    assert len(about["says"]["en"]) == len(about["says"]["ar"]) == 7


@pytest.mark.parametrize(
    "name", ["tadamon", pytest.param("sfm", marks=pytest.mark.long)]
)  # fmt: skip
def test_a_real_list_comes_back_whole(bureau: Bureau, tmp_path: Path, name: str) -> None:
    listing = look_at(bureau.casebook, shared("data", name), name, "restricted", Faults(), None)
    bring_in(bureau.casebook, listing, bureau.signer)
    export_csv(bureau.casebook, HERE, tmp_path / "out")
    other = brought_in(tmp_path / "other", tmp_path / "out")
    assert everything(other.casebook) == everything(bureau.casebook)
