"""The rows of the three sheets, read strictly; what is wrong is noted with row and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dalil.casebook.exchange.claims_sheet.layout import Columns, Layout
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.record.form import CLASSES
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused

DATE = "a date as EDTF has it: 2013-04-16, 2013-04~, 2013/2015, 2019/.."


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source as its row has it. ``parents`` are keys; ``see`` its class, or empty."""

    place: Place
    key: str
    type: str
    publisher: str
    title: str
    url: str
    published: str
    parents: tuple[str, ...]
    read_how: str
    lang: str
    see: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as its row has it. ``valid`` and ``published`` are EDTF, or empty."""

    place: Place
    key: str
    claim: str
    claim_ar: str
    subject: str
    value: str
    valid: str
    published: str
    relation: str
    evidence: str
    question: str
    question_ar: str
    source: str
    origin: str
    url: str
    see: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """One form of a name; ``source`` is what the sheet says where it was seen."""

    place: Place
    entity: str
    form: str
    script: str
    source: str
    remark: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands, to say what is wrong in it."""

    file: str
    row: int
    columns: Columns

    def fault(self, faults: Faults, name: str, value: str, expected: str) -> None:
        """Note what is wrong in the column that holds ``name``."""
        faults.add(self.file, self.row, self.columns.columns.get(name, name), value, expected)

    def remark(self, faults: Faults, name: str, value: str, expected: str) -> None:
        """Note what is kept as it is, and which nobody could read further."""
        faults.remark(self.file, self.row, self.columns.columns.get(name, name), value, expected)


def source_rows(sheets: Sequence[Sheet], layout: Layout, faults: Faults) -> Iterator[SourceRow]:
    """Yield the rows of the sheets of sources."""
    for place, row in _rows(sheets, layout.sources, faults):
        cell = _Cells(layout.sources, row)
        yield SourceRow(
            place,
            cell("key"),
            cell("type"),
            cell("publisher"),
            cell("title"),
            cell("url"),
            _date(place, "published", cell("published"), faults),
            tuple(each for part in cell("derives_from").split(";") if (each := part.strip())),
            cell("read_how"),
            cell("lang"),
            _class(place, cell("see"), faults),
        )


def claim_rows(sheets: Sequence[Sheet], layout: Layout, faults: Faults) -> Iterator[ClaimRow]:
    """Yield the rows of the sheets of claims."""
    for place, row in _rows(sheets, layout.claims, faults):
        cell = _Cells(layout.claims, row)
        valid = cell("valid")
        yield ClaimRow(
            place,
            cell("key"),
            cell("claim"),
            cell("claim_ar"),
            cell("subject"),
            cell("value"),
            "" if valid == ".." else _date(place, "valid", valid, faults),
            _date(place, "published", cell("published"), faults),
            cell("relation"),
            cell("evidence"),
            cell("question"),
            cell("question_ar"),
            cell("source"),
            cell("origin"),
            cell("url"),
            _class(place, cell("see"), faults),
        )


def name_rows(sheets: Sequence[Sheet], layout: Layout, faults: Faults) -> Iterator[NameRow]:
    """Yield the rows of the sheets of names."""
    for place, row in _rows(sheets, layout.names, faults):
        cell = _Cells(layout.names, row)
        yield NameRow(
            place, *(cell(name) for name in ("entity", "form", "script", "source", "remark"))
        )


@dataclass(frozen=True, slots=True)
class _Cells:
    columns: Columns
    row: Row

    def __call__(self, name: str) -> str:
        return self.columns.cell(self.row, name)


def _rows(sheets: Sequence[Sheet], columns: Columns, faults: Faults) -> Iterator[tuple[Place, Row]]:
    for sheet in sheets:
        if not columns.fits(sheet):
            continue
        for row in sheet.rows(faults):
            place = Place(sheet.file, row.number, columns)
            empty = [name for name in columns.needed if not columns.cell(row, name)]
            for name in empty:
                place.fault(faults, name, "", "something; this column may not be empty")
            if not empty:
                yield place, row


def _class(place: Place, text: str, faults: Faults) -> str:
    if text and text not in CLASSES:
        place.fault(faults, "see", text, f"one of {', '.join(CLASSES)}")
        return ""
    return text


def _date(place: Place, name: str, text: str, faults: Faults) -> str:
    if text:
        try:
            bounds_of(text)
        except RecordRefused as refused:
            place.fault(faults, name, text, f"{DATE} ({refused.about})")
            return ""
    return text
