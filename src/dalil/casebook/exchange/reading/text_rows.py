"""Text as rows: CSV (RFC 4180) and TSV (IANA, no quoting), in UTF-8; what is not is named."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from dalil.casebook.exchange.sheets import MAX_LINE, Faults, letters

OTHERS = {
    b"\xff\xfe": "UTF-8; this is UTF-16: save it as “CSV UTF-8”",
    b"\xfe\xff": "UTF-8; this is UTF-16: save it as “CSV UTF-8”",
    b"PK\x03\x04": "CSV; this is a ZIP or an XLSX: give it the ending .xlsx if it is one",
    b"\xd0\xcf\x11\xe0": "CSV or XLSX; this is an old or locked workbook: save it as XLSX",
    b"\x1f\x8b": "CSV; this is packed with gzip: give it the ending .csv.gz",
}
UTF8 = "UTF-8; save it as “CSV UTF-8”"
# A cell may be longer than the module's own bound; it is then named with its row and column.
csv.field_size_limit(MAX_LINE)


def numbered(path: Path, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with their numbers, the header among them; a row that is torn is left out.

    Raises:
        ImportRefused: fifty places are wrong. OSError: the file cannot be read.

    """
    packed = path.name.lower().endswith(".gz")
    with gzip.open(path) if packed else path.open("rb") as stream:
        try:
            yield from _csv(_Lines(stream), path, file, faults)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            faults.add(file, None, None, "", "gzip to its end; the file is damaged")


def _csv(lines: _Lines, path: Path, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    begun = lines.began_with()
    if begun in OTHERS:
        faults.add(file, None, None, begun.hex(" "), OTHERS[begun])
        return
    header: list[str] = []
    number = 0
    try:
        reader = csv.reader(lines, **_dialect(path, lines.first))
        for number, cells in enumerate(reader, 1):
            header = header or cells
            torn = [i for i, cell in enumerate(cells) if _undecoded(cell)] if lines.torn else []
            for i in torn:
                value, expected = _as_it_may_read(cells[i])
                faults.add(file, number, _column(header, i, number), value, expected)
            if torn and number == 1:
                return
            lines.next_row()
            if not torn:
                yield number, cells
    except (csv.Error, _TooLong) as error:
        column, value = None, ""
        if isinstance(error, _TooLong) or "field larger" in str(error):
            i, value = lines.reached(_dialect(path, lines.first))
            column = _column(header, i, number + 1)
        faults.add(file, number + 1, column, value, _expected(str(error)))


def _column(header: list[str], i: int, number: int) -> str:
    return header[i].strip() if i < len(header) and number > 1 else letters(i + 1)


def _expected(error: str) -> str:
    if "new-line" in error:
        return "lines that end in LF or CR LF"
    if "field larger" in error or not error:
        return f"cells shorter than {MAX_LINE >> 20} MiB"
    return f"cells as in RFC 4180 ({error})"


class _TooLong(Exception):  # noqa: N818 - caught where row and column are known
    """A line that no sheet has."""


class _Lines:
    """The lines of a file as they are read for CSV, and where the row that is read now began."""

    def __init__(self, stream: BufferedIOBase) -> None:
        """Read the lines of ``stream``; only the first one is read yet."""
        self._stream = stream
        raw = stream.readline(MAX_LINE)
        self._waiting: bytes | None = raw.removeprefix(b"\xef\xbb\xbf")
        self._raw = raw
        self.first = _decoded(self._waiting)
        self.row = ""
        # Whether something in this row is no UTF-8.
        self.torn = False

    def began_with(self) -> bytes:
        """Return by which mark the file is none of text; else nothing."""
        return next((start for start in OTHERS if self._raw.startswith(start)), b"")

    def next_row(self) -> None:
        """Note that a row is read to its end."""
        self.row, self.torn = "", False

    def reached(self, dialect: dict[str, Any]) -> tuple[int, str]:
        """Return up to which cell (from 0) the first line of this row was read, and its text."""
        cells = next(csv.reader([self.row[: MAX_LINE >> 1]], **{**dialect, "strict": False}), [""])
        return max(len(cells) - 1, 0), cells[-1] if cells else ""

    def __iter__(self) -> _Lines:
        """Return itself."""
        return self

    def __next__(self) -> str:
        """Return the next line; a byte that is no UTF-8 stays as half a character."""
        raw = self._stream.readline(MAX_LINE) if self._waiting is None else self._waiting
        self._waiting = None
        if not raw:
            raise StopIteration
        try:
            line = raw.decode()
        except UnicodeDecodeError:
            line, self.torn = _decoded(raw), True
        self.row = self.row or line
        if len(raw) >= MAX_LINE:
            raise _TooLong
        return line


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _undecoded(cell: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in cell)


def _as_it_may_read(cell: str) -> tuple[str, str]:
    """Return a cell that is no UTF-8 as it can be shown, and what was expected of it."""
    raw = cell.encode("utf-8", "surrogateescape")
    arabic = raw.decode("cp1256", "replace")
    if any("\u0621" <= char <= "\u064a" for char in arabic):
        return raw.decode("utf-8", "replace"), f"{UTF8}; as Windows-1256 it reads {arabic}"
    return raw.decode("utf-8", "replace"), UTF8


def _dialect(path: Path, header: str) -> dict[str, Any]:
    if ".tsv" in path.name.lower():
        return {"delimiter": "\t", "quoting": csv.QUOTE_NONE}
    # Where the comma is the decimal sign, spreadsheets write semicolons and call it CSV.
    separators = sorted(",;\t", key=header.count, reverse=True)
    return {"delimiter": separators[0] if header.count(separators[0]) else ",", "strict": True}
