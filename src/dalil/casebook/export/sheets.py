"""The native sheets: every field of every kind of record, CSV or XLSX, to be brought in again.

One sheet a kind, named after it. Columns are the fields in their order, ``id`` first. An empty
cell is what the field is without being given; lists and objects are canonical JSON; truth is
``true`` or ``false``. CSV is RFC 4180 in UTF-8 with a byte order mark, which spreadsheets need.
"""

from __future__ import annotations

import csv
import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dalil.casebook.casebook import Casebook
from dalil.casebook.export.masking import WITHHELD
from dalil.casebook.export.selection import Selection, selecting
from dalil.casebook.export.statement import (
    Cell,
    Exported,
    beside,
    counted,
    document_of,
    of_view,
    said,
    settle,
)
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record, kinds
from dalil.engines.files import disk_room, make_folders
from dalil.errors import UsageRefused
from dalil.kernel import canonical
from dalil.kernel.canonical import Json

FORM = "dalil-sheets/1"
ABOUT = "export.json"
EARLIER = "earlier"
# What spreadsheets take for the start of a formula (OWASP, "CSV Injection").
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN_CELLS = 20
# A cell of a workbook holds no more characters, and numbers of no more digits.
MAX_CELL = 32_767
MAX_NUMBER = 10**15
# The earliest moment that a ZIP can tell.
ZIP_START = (1980, 1, 1, 0, 0, 0)

Writer = Callable[[list[str | int]], object]


def columns_of(kind: type[Record]) -> tuple[str, ...]:
    """Return the columns of the sheet of a kind of record."""
    return tuple(each.name for each in dataclasses.fields(kind))


def cell_of(field: dataclasses.Field[Any], value: Json) -> str | int:
    """Return a field as a cell; ``""`` where it is what it would be without being given."""
    # Whoever brings the sheet in may have another class by default, so this one is always said.
    if value == field.default and field.name != "see":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | str):
        return value
    return canonical.encode(list(value) if isinstance(value, tuple) else value).decode()


def export_csv(
    casebook: Casebook, view: View, out: Path, case: str | None = None, *, history: bool = False
) -> Exported:
    """Write a folder of CSV sheets and ``export.json``; with ``history``, earlier revisions too.

    Raises:
        ArchiveExists: something is at ``out``. NoSpace: the disk is full; nothing is left there.

    """
    part = beside(out)
    with disk_room(out), _folder(part):
        with selecting(casebook, view, case) as selection:
            sheets = _Sheets("", history=history)
            _write_folder(part, selection, sheets)
        if history:
            with selecting(casebook, view, case, history=True) as selection:
                _write_earlier(part / EARLIER, selection)
        exported = sheets.exported(out, selection)
        (part / ABOUT).write_bytes(canonical.encode(document_of(exported)))
        settle(part, out)
    return exported


def export_xlsx(casebook: Casebook, view: View, out: Path, case: str | None = None) -> Exported:
    """Write a workbook with a sheet for each kind of record and one, ``about``, on itself.

    Raises:
        ArchiveExists: something is at ``out``. UsageRefused: a cell is longer than a workbook can
            hold, or holds a lone carriage return, which it cannot keep.

    """
    part = beside(out)
    with disk_room(out), _folder(part), _temporary_files_in(part):
        with selecting(casebook, view, case) as selection:
            exported = _write_book(part / out.name, out, selection)
        settle(part / out.name, out)
    return exported


def _write_book(part: Path, out: Path, selection: Selection) -> Exported:
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, and few exports need it

    book = Workbook(write_only=True)
    about = book.create_sheet("about")
    sheets = _Sheets(".xlsx", history=False)
    try:
        for kind, records in sheets.kinds(selection):
            sheets.write(kind, records, _plain_cells(book.create_sheet(kind.kind)))
    except UsageRefused:
        for each in book.worksheets:
            each.close()
        raise
    exported = sheets.exported(out, selection)
    add = _plain_cells(about)
    for pair in exported.says:
        add(list(pair))
    for name, value in document_of(exported).items():
        if name != "says":
            add([name, canonical.encode(value).decode()])
    _save(book, part)
    return exported


def _save(book: Any, part: Path) -> None:  # noqa: ANN401 - openpyxl's workbook
    """Write a workbook without the time of writing: the same records give the same bytes."""
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415 - as above

    book.properties.created = book.properties.modified = datetime(*ZIP_START)  # noqa: DTZ001 - none
    timed = part.with_name("timed")
    with ZipFile(timed, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()
    with ZipFile(timed) as made, ZipFile(part, "w", ZIP_DEFLATED) as archive:
        for name in made.namelist():
            archive.writestr(ZipInfo(name, ZIP_START), made.read(name), ZIP_DEFLATED)


class _Sheets:
    """Writes the rows of all kinds, and remembers what must be said of them."""

    def __init__(self, ending: str, *, history: bool) -> None:
        self._ending, self._history = ending, history
        self._counts: dict[str, int] = {}
        self._cells: list[Cell] = []
        self._formulas = 0

    def kinds(self, selection: Selection) -> Iterator[tuple[type[Record], Iterator[Record]]]:
        """Yield each kind that has records; the stand-in for withheld sources comes last."""
        # Sources last: only then is it known whether one of them is withheld.
        for kind in sorted(kinds().values(), key=lambda each: (each.kind == "source", each.kind)):
            found: Iterator[Record] = (record for record, _ in selection.records(kind))
            if kind.kind == "source" and selection.masked:
                found = chain(found, [WITHHELD])
            first = next(found, None)
            if first is not None:
                yield kind, chain([first], found)

    def write(self, kind: type[Record], records: Iterator[Record], add: Writer) -> None:
        """Write the header and a row for each record."""
        fields = dataclasses.fields(kind)
        add(list(columns_of(kind)))
        for row, record in enumerate(records, 2):
            cells = [cell_of(each, getattr(record, each.name)) for each in fields]
            for column, cell in zip(columns_of(kind), cells, strict=True):
                if isinstance(cell, str) and cell.startswith(FORMULA):
                    self._note(Cell(f"{kind.kind}{self._ending}", row, column, record.id))
            self._check_width(kind, record, cells)
            add(cells)
            self._counts[kind.kind] = self._counts.get(kind.kind, 0) + 1

    def exported(self, out: Path, selection: Selection) -> Exported:
        """Return what was written and what it says of itself."""
        says = [*of_view(selection.terms), said("earlier" if self._history else "latest")]
        says.append(said("unsigned"))
        if selection.masked:
            says.append(said("withheld"))
        if self._formulas:
            says.append(said("formulas", count=self._formulas))
        return Exported(
            str(out), FORM, selection.terms, counted(self._counts), tuple(says), tuple(self._cells)
        )

    def _note(self, cell: Cell) -> None:
        self._formulas += 1
        if len(self._cells) < SHOWN_CELLS:
            self._cells.append(cell)

    def _check_width(self, kind: type[Record], record: Record, cells: list[str | int]) -> None:
        if not self._ending:
            return
        for column, cell in zip(columns_of(kind), cells, strict=True):
            if isinstance(cell, str) and (len(cell) > MAX_CELL or "\r" in cell):
                why = (
                    f"{len(cell):,} characters, and a workbook holds {MAX_CELL:,} in a cell"
                    if len(cell) > MAX_CELL
                    else "a carriage return, which a workbook does not keep"
                )
                raise UsageRefused(f"{kind.kind} {record.id}, {column}: {why}; export it as csv")


def _write_folder(folder: Path, selection: Selection, sheets: _Sheets) -> None:
    for kind, records in sheets.kinds(selection):
        with _csv(folder / f"{kind.kind}.csv") as add:
            sheets.write(kind, records, add)


def _write_earlier(folder: Path, selection: Selection) -> None:
    """Write, of each record, every revision that leaves but the last."""
    sheets = _Sheets("", history=True)
    for kind, records in sheets.kinds(selection):
        last: dict[str, int] = {}
        for record, _ in selection.records(kind):
            last[record.id] = record.revises
        earlier = (record for record in records if record.revises < last.get(record.id, 0))
        first = next(earlier, None)
        if first is not None:
            make_folders(folder)
            with _csv(folder / f"{kind.kind}.csv") as add:
                sheets.write(kind, chain([first], earlier), add)


@contextmanager
def _csv(path: Path) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield csv.writer(file, lineterminator="\r\n").writerow


def _plain_cells(sheet: Any) -> Writer:  # noqa: ANN401 - openpyxl's sheet
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    def add(cells: list[str | int]) -> None:
        row = []
        for value in cells:
            number = isinstance(value, int) and abs(value) < MAX_NUMBER
            cell = WriteOnlyCell(sheet, value if number else str(value) or None)
            if not number and value != "":
                # A text stays a text, whatever it begins with.
                cell.data_type = "s"
            row.append(cell)
        sheet.append(row)

    return add


@contextmanager
def _folder(part: Path) -> Iterator[None]:
    make_folders(part)
    try:
        yield
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Keep what a library writes on the way out of the system's own temporary folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
