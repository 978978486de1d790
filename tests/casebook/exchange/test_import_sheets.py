"""Sheets are read exactly, and what is wrong is named by row and column."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from dalil.casebook.exchange import workbook
from dalil.casebook.exchange.reading import text_rows
from dalil.casebook.exchange.sheets import Fault, Faults, letters, sheets_in
from dalil.errors import ImportRefused


def read(path: Path) -> tuple[list[dict[str, str]], list[Fault]]:
    """Return the cells of every row, and every fault."""
    faults = Faults()
    rows = [dict(r.cells) for sheet in sheets_in(path, faults) for r in sheet.rows(faults)]
    return rows, faults.found


def only(path: Path) -> Fault:
    """Return the one fault of a file."""
    (fault,) = read(path)[1]
    return fault


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_what_a_csv_writer_writes_is_read_exactly(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([["a", "b"], *rows])
    path = Path(FOLDER[0]) / "x.csv"
    path.write_bytes(text.getvalue().encode())
    found, faults = read(path)
    assert not faults
    assert [[row["a"], row["b"]] for row in found] == [row for row in rows if any(row)]


FOLDER: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    FOLDER[:] = [tmp_path_factory.mktemp("sheets")]


def written(folder: Path, raw: bytes | str, name: str = "x.csv") -> Path:
    """Write a file and return it."""
    path = folder / name
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


def test_a_mark_of_byte_order_and_a_semicolon_are_no_part_of_a_name(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffname;place\nأمجد;x, y\n")
    assert read(path) == ([{"name": "أمجد", "place": "x, y"}], [])


def test_a_packed_sheet_is_read_as_its_content(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"a,b\n1,2\n"), "x.csv.gz")
    assert read(path) == ([{"a": "1", "b": "2"}], [])


def test_a_quote_is_an_ordinary_character_where_tabs_separate(tmp_path: Path) -> None:
    path = written(tmp_path, 'a\tb\r\n"One" Brigade\t"\r\n', "x.tsv")
    assert read(path) == ([{"a": '"One" Brigade', "b": '"'}], [])


@pytest.mark.parametrize(
    ("raw", "row", "column", "expected"),
    [
        (b"a,b\n1,2\nx,\xe9\n", 3, "b", "UTF-8"),
        ("الاسم,b\n".encode("cp1256") + b"1,2\n", 1, "A", "as Windows-1256 it reads الاسم"),
        (b'a,b\n"1\n2",2\nx,"' + "سلمى".encode("cp1256") + b'"\n', 3, "b", "it reads سلمى"),
        ("a,b\n1,2\n".encode("utf-16"), None, None, "UTF-16"),
        (b"a,b,a\n1,2,3\n", 1, "C", "another name; column A has this one"),
        (b"a,,c\n1,2,3\n", 1, "B", "a name in every cell of the header"),
        (b"a,b\n1,2\n1,2,3\n", 3, None, "2 cells"),
        (b"a,b\n1,2\n1\n", 3, None, "2 cells"),
        (b'a,b\n1,"2\n', 2, None, "RFC 4180"),
        (b"a,b\r1,2\r", 1, None, "lines that end in LF"),
        (b"", 1, None, "a header"),
        (b"PK\x03\x04...", None, None, ".xlsx"),
    ],
)
def test_a_fault_is_named_with_its_place(
    tmp_path: Path, raw: bytes, row: int | None, column: str | None, expected: str
) -> None:
    fault = only(written(tmp_path, raw))
    assert (fault.file, fault.row, fault.column) == ("x.csv", row, column)
    assert expected in fault.expected


def test_every_cell_that_is_no_utf_8_is_named_among_those_that_are(tmp_path: Path) -> None:
    cells = [
        ("ميّ" if i % 2 else "ليلى").encode("cp1256" if i in {3, 7} else "utf-8") for i in range(9)
    ]
    path = written(tmp_path, b"a,b\n" + b"".join(b"%d,%s\n" % (i, c) for i, c in enumerate(cells)))
    rows, faults = read(path)
    assert [(fault.row, fault.column) for fault in faults] == [(5, "b"), (9, "b")]
    assert [row["a"] for row in rows] == ["0", "1", "2", "4", "5", "6", "8"]


@pytest.mark.parametrize("cell", ["y" * 3000, '"' + "y\n" * 1500 + '"', '"a,b' + "y" * 3000 + '"'])
def test_a_cell_beyond_all_bounds_is_named_by_row_and_column(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str
) -> None:
    monkeypatch.setattr(text_rows, "MAX_LINE", 2000)
    before = csv.field_size_limit(2000)
    try:
        fault = only(written(tmp_path, f'a,b,c\n1,2,3\n"x,y",{cell},z\n'))
    finally:
        csv.field_size_limit(before)
    assert (fault.row, fault.column) == (3, "b")
    assert "cells shorter than" in fault.expected


def test_a_cell_of_ten_megabytes_is_named_and_not_printed_whole(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,2\nx," + "y" * 10_000_000 + "\n3,4\n")
    rows, (fault,) = read(path)
    assert (fault.row, fault.column) == (3, "b")
    assert "10,000,000" in fault.expected
    assert len(str(fault)) < 300
    assert [row["a"] for row in rows] == ["1", "3"]


def test_a_fault_never_prints_a_name_of_a_column_whole() -> None:
    name = "x" * 70_000
    faults = Faults()
    faults.add("x.csv", 1, name, name, name)
    faults.remark("x.csv", 1, name, name, name)
    assert max(len(str(each)) for each in (*faults.found, *faults.remarks)) < 1000


def test_a_damaged_packed_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 9000)[:-30], "x.csv.gz")
    assert "gzip" in read(path)[1][-1].expected


def test_fifty_faults_are_enough_and_all_are_said(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n" + "1\n" * 80)
    with pytest.raises(ImportRefused) as refused:
        read(path)
    assert refused.value.about.count("\n") == 50
    assert "row 51" in refused.value.about


def book(path: Path, rows: Sequence[Sequence[object]], title: str = "Units") -> Path:
    """Write a workbook of one sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    made.save(path)
    return path


def test_a_workbook_is_read_as_texts(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", [["a", "b", "c"], ["ق", 227, True], [None, 2.5, ""]])
    faults = Faults()
    (sheet,) = sheets_in(path, faults)
    assert (sheet.file, sheet.name) == ("b.xlsx!Units", "Units")
    assert read(path) == (
        [{"a": "ق", "b": "227", "c": "true"}, {"a": "", "b": "2.5", "c": ""}],
        [],
    )


def test_a_formula_is_named_by_its_cell(tmp_path: Path) -> None:
    fault = only(book(tmp_path / "b.xlsx", [["a", "b"], [1, "=A2+1"]]))
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "b.xlsx!Units", 2, "B", "=A2+1",
    )  # fmt: skip
    assert "formula" in fault.expected


def test_merged_cells_in_a_header_are_named(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["name", None, "place"])
    sheet.append(["a", "b", "c"])
    sheet.merge_cells("A1:B1")
    made.save(tmp_path / "b.xlsx")
    fault = only(tmp_path / "b.xlsx")
    assert (fault.row, fault.column) == (1, "B")
    assert "merged" in fault.expected


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert "workbook" in only(written(tmp_path, b"not a zip", "b.xlsx")).expected


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "b.xlsx", [["a"], ["1"]])
    monkeypatch.setattr(workbook, "MAX_BOOK", 1000)
    assert only(path).expected == "at most 1,000"


def test_texts_that_would_fill_the_memory_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "b.xlsx", [["a"], ["some text"]])
    with zipfile.ZipFile(path, "a") as members:
        members.writestr(workbook.STRINGS, b" " * 101)
    monkeypatch.setattr(workbook, "MAX_STRINGS", 100)
    assert only(path).expected == "at most 100"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("A99999999", "at most 1,000"), ("ZZZZZZ2", "damaged"), ("ZZZ2", "at most 2000 columns")],
)
def test_a_cell_far_outside_a_sheet_is_no_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, expected: str
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 1000)
    path = book(tmp_path / "b.xlsx", [["a", "b"], ["1", "2"]])
    with zipfile.ZipFile(path) as members:
        parts = {each: members.read(each) for each in members.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    row = cell.lstrip("Z").removeprefix("A")
    changed = parts[sheet].replace(b'r="B2"', f'r="{cell}"'.encode())
    parts[sheet] = changed.replace(b'<row r="2"', f'<row r="{row}"'.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as members:
        for name, data in parts.items():
            members.writestr(name, data)
    assert expected in only(path).expected


@pytest.mark.parametrize(("place", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_called_as_in_a_spreadsheet(place: int, name: str) -> None:
    assert letters(place) == name
