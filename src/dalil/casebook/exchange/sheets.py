"""Sheets as rows: CSV (RFC 4180), TSV (IANA, no quoting), XLSX; JSON as rows (``json_rows``).

Every cell is a text, exactly as it is in the file; an empty cell is ``""``. Rows are numbered as
a spreadsheet shows them: the header is row 1. What is wrong is collected with its row and column,
so that a person can mend a sheet in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dalil.errors import ImportRefused

MAX_FAULTS = 50
MAX_REMARKS = 1000
MAX_CELL = 1 << 16
MAX_LINE = 64 << 20
MAX_COLUMNS = 2000
SHOWN, LONG = 80, 600
TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
JSONS = (".jsonl", ".ndjson", ".ijson", ".ftm", ".ftm.json", ".geojson")
# Read where it begins with a list that is known; other JSON may lie beside lists.
DOCUMENTS = (".json", ".json.gz")
BOOKS = (".xlsx",)
ENDINGS = (*TEXTS, *JSONS, *(f"{ending}.gz" for ending in JSONS), *BOOKS, *DOCUMENTS)


@dataclass(frozen=True, slots=True)
class Fault:
    """One place in a sheet that is wrong: where, what is there, what was expected."""

    file: str
    row: int | None
    column: str | None
    value: str
    expected: str

    def __str__(self) -> str:
        """One line for a person."""
        row = f", row {self.row}" if self.row is not None else ""
        column = f", column {self.column!r}" if self.column is not None else ""
        file = self.file if self.file.isprintable() else repr(self.file)
        return f"{file}{row}{column}: {shortened(self.value)!r}; expected: {self.expected}"


@dataclass(slots=True)
class Faults:
    """Collects what is wrong, up to 50 places, and remarks on what was kept unread, up to 1000.

    ``place`` is the file and row that was read last, ``read`` every file of which rows were.
    ``remarked`` counts all remarks.
    """

    found: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    place: tuple[str, int] | None = None
    read: set[str] = field(default_factory=set)
    remarked: int = 0

    def add(
        self, file: str, row: int | None, column: str | None, value: str, expected: str
    ) -> None:
        """Note one place.

        Raises:
            ImportRefused: this was the fiftieth; it names them all.

        """
        short = column and shortened(column)
        self.found.append(Fault(file, row, short, shortened(value), shortened(expected, LONG)))
        if len(self.found) >= MAX_FAULTS:
            self.refuse()

    def remark(
        self, file: str, row: int | None, column: str | None, value: str, expected: str
    ) -> None:
        """Note what does no harm and is yet worth a look."""
        self.remarked += 1
        if len(self.remarks) < MAX_REMARKS:
            short, why = column and shortened(column), shortened(expected, LONG)
            self.remarks.append(Fault(file, row, short, shortened(value), why))

    def join(self, other: Faults) -> None:
        """Take over what was found of other rows.

        Raises:
            ImportRefused: these are fifty places; it names them all.

        """
        self.read |= other.read
        self.remarks += other.remarks[: MAX_REMARKS - len(self.remarks)]
        self.remarked += other.remarked
        self.found += other.found[: MAX_FAULTS - len(self.found)]
        if len(self.found) >= MAX_FAULTS:
            self.refuse()

    def refuse(self) -> None:
        """Refuse the import if anything is wrong.

        Raises:
            ImportRefused: it names every place that was found.

        """
        if self.found:
            self.found.sort(key=lambda fault: (fault.file, fault.row or 0))
            raise ImportRefused("\n".join(["", *(f"  {fault}" for fault in self.found)]))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet, and its cells by column."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell without the spaces around it; ``""`` if it is empty or not there."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file.

    ``file`` is what faults are said of (``book.xlsx!Units``); ``name`` is the file without its
    endings, or the title of the sheet in its workbook.
    """

    path: Path
    file: str
    name: str
    columns: tuple[str, ...]
    title: str | None = None

    def rows(self, faults: Faults, limit: int = MAX_CELL) -> Iterator[Row]:
        """Yield every row that holds something; a row that is wrong is noted and left out.

        ``limit``: of how many characters a cell may be.

        Raises:
            ImportRefused: fifty places are wrong. OSError: the file cannot be read.

        """
        numbered = _numbered(self.path, self.title, self.file, faults)
        next(numbered, None)
        for number, cells in numbered:
            row = _row(self, number, cells, limit, faults)
            if row is not None:
                faults.place = (self.file, number)
                faults.read.add(self.file)
                yield row


def sheets_in(path: Path, faults: Faults) -> tuple[Sheet, ...]:
    """Return the sheets of a file, or of every sheet file of a folder (not of those below it).

    Only headers are read. A sheet whose header is wrong is noted and left out.

    Raises:
        ImportRefused: fifty places are wrong. OSError: a file cannot be read.

    """
    if not path.is_dir():
        return tuple(_sheets_of(path, faults))
    files = [p for p in sorted(path.iterdir()) if p.is_file() and is_sheet(p)]
    return tuple(sheet for file in files for sheet in _sheets_of(file, faults))


def is_sheet(path: Path) -> bool:
    """Whether the name of a file says that it is a sheet that can be read.

    Of a JSON document its beginning says so.
    """
    lower = path.name.lower()
    if not lower.endswith(ENDINGS) or lower.startswith((".", "~$")):
        return False
    from dalil.casebook.exchange import json_document  # noqa: PLC0415 - it notes faults as we do

    return not json_document.is_document(path) or json_document.table_of(path) is not None


def shortened(value: str, most: int = SHOWN) -> str:
    """Return a value as it is shown in a message."""
    return value if len(value) <= most else f"{value[:most]}…"


def _sheets_of(path: Path, faults: Faults) -> Iterator[Sheet]:
    lower = path.name.lower()
    if not lower.endswith(ENDINGS):
        faults.add(path.name, None, None, path.suffix, "a file .csv, .tsv, .csv.gz or .xlsx")
        return
    if lower.endswith(BOOKS):
        from dalil.casebook.exchange import workbook  # noqa: PLC0415 - it notes faults as we do

        titles: tuple[str | None, ...] = workbook.titles(path, faults)
    else:
        titles = (None,)
    for title in titles:
        file = path.name if title is None else f"{path.name}!{title}"
        ending = max((each for each in ENDINGS if lower.endswith(each)), key=len)
        name = title or path.name[: -len(ending)]
        for _number, header in _numbered(path, title, file, faults):
            columns = _columns(header, file, faults)
            if columns:
                yield Sheet(path, file, name, columns, title)
            break
        else:
            if title is None and not any(fault.file == file for fault in faults.found):
                faults.add(file, 1, None, "", "a header with the names of the columns")


def _columns(header: list[str], file: str, faults: Faults) -> tuple[str, ...]:
    while header and not header[-1].strip():
        header.pop()
    if len(header) > MAX_COLUMNS:
        faults.add(file, 1, None, f"{len(header)} columns", f"at most {MAX_COLUMNS} columns")
        return ()
    names = [name.strip() for name in header]
    wrong = False
    for place, name in enumerate(names, 1):
        if not name:
            expected = "a name in every cell of the header (merged cells must be split)"
            faults.add(file, 1, letters(place), "", expected)
        elif name in names[: place - 1]:
            first = letters(names.index(name) + 1)
            faults.add(file, 1, letters(place), name, f"another name; column {first} has this one")
        else:
            continue
        wrong = True
    return () if wrong else tuple(names)


def letters(place: int) -> str:
    """Return the letters by which spreadsheets call the column at ``place``, from 1."""
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _row(sheet: Sheet, number: int, cells: list[str], limit: int, faults: Faults) -> Row | None:
    if not any(cells):
        return None
    width = len(sheet.columns)
    if len(cells) != width:
        if any(cells[width:]) or (sheet.title is None and len(cells) < width):
            tabs = " (a quote does not join cells where tabs separate them)" if _tabs(sheet) else ""
            faults.add(sheet.file, number, None, f"{len(cells)} cells", f"{width} cells{tabs}")
            return None
        cells = [*cells[:width], *[""] * (width - len(cells))]
    long = [name for name, cell in zip(sheet.columns, cells, strict=True) if len(cell) > limit]
    for name in long:
        cell = cells[sheet.columns.index(name)]
        expected = f"at most {limit:,} characters; here are {len(cell):,}"
        faults.add(sheet.file, number, name, cell, expected)
    return None if long else Row(number, dict(zip(sheet.columns, cells, strict=True)))


def _tabs(sheet: Sheet) -> bool:
    return ".tsv" in sheet.path.name.lower()


def _numbered(
    path: Path, title: str | None, file: str, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    if title is not None:
        from dalil.casebook.exchange import workbook  # noqa: PLC0415 - it notes faults as we do

        yield from workbook.numbered(path, title, file, faults)
        return
    if not path.name.lower().endswith(TEXTS):
        from dalil.casebook.exchange import json_rows  # noqa: PLC0415 - the same

        yield from json_rows.numbered(path, file, faults)
        return
    from dalil.casebook.exchange.reading import text_rows  # noqa: PLC0415 - the same

    yield from text_rows.numbered(path, file, faults)
