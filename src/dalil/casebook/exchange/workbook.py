"""Workbooks (XLSX) as rows: the values of cells, as texts; a formula is no value."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from dalil.casebook.exchange.sheets import MAX_COLUMNS, Faults, letters
from dalil.errors import ImportRefused

MAX_BOOK = 1 << 30
# Its texts are kept in memory as long as it is read.
MAX_STRINGS, STRINGS = 1 << 28, "xl/sharedStrings.xml"
MAX_ROWS = 1 << 20


def titles(path: Path, faults: Faults) -> tuple[str, ...]:
    """Return the titles of the sheets of a workbook that are not hidden."""
    with _book(path, path.name, faults) as book:
        sheets = () if book is None else book.worksheets
        return tuple(sheet.title for sheet in sheets if sheet.sheet_state == "visible")


@contextmanager
def _book(path: Path, file: str, faults: Faults) -> Generator[Any]:
    """Yield an open workbook; none, and a fault, where there is none."""
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, and few sheets need it

    # It warns of styles and checks that it leaves out; here only the values of cells are read.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    with path.open("rb") as stream:
        book = None
        try:
            with zipfile.ZipFile(stream) as members:
                sizes = {each.filename: each.file_size for each in members.infolist()}
            size, strings = sum(sizes.values()), sizes.get(STRINGS, 0)
            if size <= MAX_BOOK and strings <= MAX_STRINGS:
                book = load_workbook(stream, read_only=True)
        except Exception:  # noqa: BLE001 - whatever a library says of bytes that are no workbook
            expected = "a workbook; this is damaged, locked or no XLSX"
            faults.add(file, None, None, "", expected)
            size = strings = 0
        for found, most in ((size, MAX_BOOK), (strings, MAX_STRINGS)):
            if found > most:
                faults.add(file, None, None, f"{found:,} bytes unpacked", f"at most {most:,}")
        yield book
        if book is not None:
            book.close()


def numbered(path: Path, title: str, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of one sheet with their numbers, the header among them.

    Raises:
        ImportRefused: fifty places are wrong. OSError: the file cannot be read.

    """
    with _book(path, file, faults) as book:
        if book is None:
            return
        sheet = book[title]
        with suppress(AttributeError):
            # Some programs write a wrong size of the sheet; the rows themselves are right.
            sheet.reset_dimensions()
        try:
            for number, row in enumerate(sheet.iter_rows(), 1):
                if number > MAX_ROWS:
                    faults.add(file, number, None, "", f"at most {MAX_ROWS:,}")
                    return
                if len(row) > MAX_COLUMNS:
                    wide, expected = letters(len(row)), f"at most {MAX_COLUMNS} columns"
                    faults.add(file, number, wide, "", expected)
                    continue
                yield number, [_cell(cell, number, file, faults) for cell in row]
        except ImportRefused:
            raise
        except Exception:  # noqa: BLE001 - the same
            faults.add(file, None, None, "", "a workbook; this sheet of it is damaged")


def _cell(cell: Any, number: int, file: str, faults: Faults) -> str:  # noqa: ANN401 - no types
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        expected = "a plain value, not a formula (paste it as values)"
        faults.add(file, number, letters(cell.column), str(value), expected)
        return ""
    return _text_of(value)


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
