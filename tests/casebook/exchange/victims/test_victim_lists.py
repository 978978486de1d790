"""Lists of victims come in as they are: every name, age, sex and date as the list says it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.index.view import view_of
from dalil.casebook.record.sources import Source
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
