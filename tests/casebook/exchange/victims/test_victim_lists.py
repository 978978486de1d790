"""Lists of victims come in as they are: every name, age, sex and date as the list says it."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.index.view import view_of
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.errors import ImportRefused

VIEW = view_of("sealed")
ROW = {
    "row_id": "R1",
    "name_ar": "سلمى فارس حداد",
    "name_latin": "Salma Fares Haddad",
    "sex": "f",
    "age": "31",
    "dob": "1982-02-03",
    "date": "2013-04-16",
    "place": "حي الميدان",
}


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a bureau into which nothing comes."""
    return open_bureau(tmp_path_factory.mktemp("empty"))


def listed(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "list-a.csv") -> Path:
    """Write rows as a list and return it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path = folder / name
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def read(bureau: Bureau, path: Path) -> list[Victim]:
    """Return the victims of a list; nothing is written."""
    listing = look_at(bureau.casebook, path, "quay", "restricted", Faults())
    return [record for record in listing.records() if isinstance(record, Victim)]


def one(bureau: Bureau, folder: Path, **change: str) -> Victim:
    """Return the victim of a list of one row."""
    (victim,) = read(bureau, listed(folder, [{**ROW, **change}]))
    return victim


def test_a_row_becomes_a_victim_as_this_list_says_it(bureau: Bureau, tmp_path: Path) -> None:
    listing = look_at(bureau.casebook, listed(tmp_path, [ROW]), "quay", "restricted", Faults())
    assert (listing.layout, dict(listing.kinds)) == ("victims", {"source": 1, "victim": 1})
    bring_in(bureau.casebook, listing, bureau.signer)
    (source,) = (known.record for known in bureau.casebook.find(Source, VIEW))
    (victim,) = (known.record for known in bureau.casebook.find(Victim, VIEW))
    assert isinstance(victim, Victim)
    assert victim.names == (
        {"form": "سلمى فارس حداد", "script": "Arab"},
        {"form": "Salma Fares Haddad", "script": "Latn"},
    )
    assert (victim.key, victim.sex, victim.age_lo, victim.age_hi) == ("R1", "female", 31, 31)
    assert (victim.born, victim.date) == ("1982-02-03", "2013-04-16")
    assert (victim.place_said, victim.source) == ("حي الميدان", source.id)
    assert source.key == "list:list-a"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("15", (15, 15, None, None)),
        ("١٥", (15, 15, None, None)),
        ("0", (0, 0, None, None)),
        ("1.5", (1, 1, None, "age: 1.5")),
        ("15-20", (15, 20, None, None)),
        ("من ١٥ إلى ٢٠", (15, 20, None, None)),
        ("~30", (30, 30, None, "age: ~30")),
        ("حوالي ٣٠ سنة", (30, 30, None, "age: حوالي ٣٠ سنة")),
        ("30s", (30, 39, None, "age: 30s")),
        ("<18", (None, 17, None, "age: <18")),
        ("دون 18", (None, 17, None, "age: دون 18")),
        ("60+", (60, None, None, "age: 60+")),
        ("over 60", (61, None, None, "age: over 60")),
        ("8 أشهر", (0, 0, None, "age: 8 أشهر")),
        ("14 months", (1, 1, None, "age: 14 months")),
        ("٣ أيام", (0, 0, None, "age: ٣ أيام")),
        ("طفلة", (None, None, "child", "age: طفلة")),
        ("elderly", (None, None, "elderly", "age: elderly")),
        ("غير معروف", (None, None, None, "age: غير معروف")),
        ("", (None, None, None, None)),
    ],
)
def test_ages_are_read_in_the_words_of_both_languages(
    empty: Bureau, tmp_path: Path, cell: str, said: tuple[object, ...]
) -> None:
    victim = one(empty, tmp_path, age=cell)
    assert (victim.age_lo, victim.age_hi, victim.age_class, victim.about) == said


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("age", "131", "an age in years"),
        ("age", "-5", "an age in years"),
        ("age", "30-20", "an age in years"),
        ("age", "2013-04-16", "no date here: columns seem swapped"),
        ("age", "Salma Haddad", "no name here: columns seem swapped"),
        ("age", "ذكر", "no sex here: columns seem swapped"),
        ("sex", "31", "no age here: columns seem swapped"),
        ("sex", "2013-04-16", "no date here: columns seem swapped"),
        ("sex", "x", "a word for a sex"),
        ("date", "سلمى حداد", "no name here: columns seem swapped"),
        ("date", "2013-02-30", "a date: 2013-04-16"),
        ("date", "16/13/2013", "a date: 2013-04-16"),
        ("dob", "41380", "a date: 2013-04-16"),
        ("name_ar", "2013-04-16", "no date here: columns seem swapped"),
        ("name_latin", "31", "no age here: columns seem swapped"),
        ("name_ar", '=HYPERLINK("http://x","y")', "not a formula"),
        ("place", "=1+1", "not a formula"),
        ("row_id", "", "may not be empty"),
        ("place", "y" * 1001, "1000 are allowed"),
    ],
)
def test_what_cannot_be_is_named_by_row_column_and_reason(
    empty: Bureau, tmp_path: Path, column: str, cell: str, expected: str
) -> None:
    faults = Faults()
    rows = [ROW, {**ROW, "row_id": "R2", column: cell}]
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, listed(tmp_path, rows), "quay", "restricted", faults)
    (fault,) = faults.found
    assert (fault.file, fault.row, fault.column) == ("list-a.csv", 3, column)
    assert fault.value == (cell if len(cell) <= 80 else cell[:80] + "…")
    assert expected in fault.expected
    assert empty.casebook.ledger.size == 1


def test_a_number_that_two_rows_have_is_named_with_the_row_that_has_it(
    empty: Bureau, tmp_path: Path
) -> None:
    faults = Faults()
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, listed(tmp_path, [ROW, ROW]), "quay", "restricted", faults)
    told = [(f.row, f.column, f.value, f.expected) for f in faults.found]
    assert told == [(3, "row_id", "R1", "another key; row 2 has it")]


def test_parts_of_a_name_are_joined_where_no_column_has_the_whole(
    empty: Bureau, tmp_path: Path
) -> None:
    row = {
        "رقم": "1", "الاسم الأول": "سلمى", "اسم الأب": "فارس", "العائلة": "حداد",
        "الجنس": "أنثى", "العمر": "٣١", "المحافظة": "دمشق", "الحي": "الميدان",
    }  # fmt: skip
    (victim,) = read(empty, listed(tmp_path, [row]))
    assert [name["form"] for name in victim.names] == ["سلمى فارس حداد"]
    assert (victim.sex, victim.age_lo, victim.place_said) == ("female", 31, "دمشق, الميدان")


@pytest.mark.parametrize("said", ["unknown", "مجهول الهوية", "جثة مجهولة"])
def test_whoever_has_no_name_is_called_by_what_the_list_says(
    empty: Bureau, tmp_path: Path, said: str
) -> None:
    victim = one(empty, tmp_path, name_ar=said, name_latin="")
    assert (victim.unidentified, victim.names, victim.label) == (True, (), said)


def test_a_column_that_is_not_known_is_kept_and_pointed_out(empty: Bureau, tmp_path: Path) -> None:
    path = listed(tmp_path, [{**ROW, "hospital": "al-Mujtahid"}])
    listing = look_at(empty.casebook, path, "quay", "restricted", Faults())
    assert [(each.row, each.column) for each in listing.remarks] == [(1, "hospital")]
    victims = [each for each in listing.records() if isinstance(each, Victim)]
    assert victims[0].about == "hospital: al-Mujtahid"


def test_two_columns_that_say_one_thing_are_refused(empty: Bureau, tmp_path: Path) -> None:
    faults = Faults()
    path = listed(tmp_path, [{**ROW, "العمر": "30"}])
    with pytest.raises(ImportRefused):
        look_at(empty.casebook, path, "quay", "restricted", faults)
    assert [(f.row, f.column, f.expected) for f in faults.found] == [
        (1, "العمر", "one column that says this; age is read so")
    ]


def test_a_place_is_a_key_of_the_case_or_words(bureau: Bureau, tmp_path: Path) -> None:
    known = Entity(id="a" * 32, type="place", key="place:quay", case="quay")
    bureau.casebook.write([known], bureau.signer)
    rows = [{**ROW, "place": "place:quay"}, {**ROW, "row_id": "R2"}]
    named, worded = read(bureau, listed(tmp_path, rows))
    assert (named.place, named.place_said) == (known.id, None)
    assert (worded.place, worded.place_said) == (None, "حي الميدان")
    with pytest.raises(ImportRefused, match="row 2"):
        read(bureau, listed(tmp_path, [{**ROW, "place": "place:nowhere"}]))


def test_a_row_without_a_number_is_known_by_all_that_it_says(
    bureau: Bureau, tmp_path: Path
) -> None:
    rows = [{name: cell for name, cell in ROW.items() if name != "row_id"}]
    (first,) = read(bureau, listed(tmp_path, rows))
    before, again = read(bureau, listed(tmp_path, [{**rows[0], "age": "32"}, *rows]))
    assert again.id == first.id
    assert before.id != first.id


def test_a_list_is_the_same_in_every_form(empty: Bureau, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ROW))
    sheet.append([int(cell) if cell.isdecimal() else cell for cell in ROW.values()])
    book.save(tmp_path / "list-a.xlsx")
    tabs = tmp_path / "list-a.tsv"
    tabs.write_text("\t".join(ROW) + "\n" + "\t".join(ROW.values()) + "\n", "utf-8")
    (plain,) = read(empty, listed(tmp_path, [ROW]))
    assert read(empty, tabs) == [plain]
    (from_book,) = read(empty, tmp_path / "list-a.xlsx")
    # A sheet of a workbook is another list.
    assert replace(from_book, id=plain.id, source=plain.source) == plain


def test_a_field_map_reads_ages_and_sexes(empty: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Nr,Who,S,Years\n7,سلمى حداد,أنثى,15-20\n", "utf-8")
    fields = {
        "key": "Nr",
        "names": {"list": [{"object": {"form": "Who"}}]},
        "sex": {"as": "sex", "column": "S"},
        "*": {"as": "age", "column": "Years"},
    }
    record = {"kind": "victim", "key": "other:{Nr}", "fields": fields}
    map_file = tmp_path / "map.json"
    map_file.write_text(
        json.dumps({"format": "field-map/1", "sheets": [{"file": "*", "records": [record]}]})
    )
    listing = look_at(empty.casebook, path, "quay", "restricted", Faults(), map_file)
    (victim,) = listing.records()
    assert isinstance(victim, Victim)
    assert (victim.sex, victim.age_lo, victim.age_hi) == ("female", 15, 20)


KILLED = """
import sys
from pathlib import Path
from dalil.casebook import recording
from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.exchange.victims import convert
from dalil.ledger.keyring import unlock

if __name__ == "__main__":
    recording.PART = convert.ROWS = 20
    archive = Path(sys.argv[1])
    casebook = Casebook.open(archive)
    listing = look_at(casebook, Path(sys.argv[2]), "quay", "restricted", Faults())
    bring_in(casebook, listing, unlock(archive, b"bureau", None))
"""


def test_killed_among_its_processes_the_import_goes_on_and_says_nothing_twice(
    bureau: Bureau, tmp_path: Path
) -> None:
    bureau.casebook.rebuild()
    rows = [{**ROW, "row_id": f"R{i}", "age": str(i % 100)} for i in range(130)]
    path = listed(tmp_path, rows)
    program = tmp_path / "killed.py"
    program.write_text(KILLED)
    killed = subprocess.run(
        [sys.executable, str(program), str(bureau.archive), str(path)],
        env={**os.environ, "DALIL_FAILPOINT": "committed:8"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    again = Casebook.open(bureau.archive)
    assert again.ledger.store.count() > 2
    assert not list(again.find(Victim, VIEW))
    listing = look_at(again, path, "quay", "restricted", Faults())
    done = bring_in(again, listing, bureau.signer)
    assert done.skipped >= 20
    assert done.records + done.skipped == 131
    assert [known.record for known in again.find(Victim, VIEW)] == read(bureau, path)
    twice = bring_in(again, listing, bureau.signer)
    assert (twice.records, twice.skipped, twice.acts) == (0, 131, ())
    changed = listed(tmp_path, [{**rows[0], "age": "99"}, *rows[1:]])
    later = look_at(again, changed, "quay", "restricted", Faults())
    assert bring_in(again, later, bureau.signer).records == 1
    assert again.ledger.check().intact
