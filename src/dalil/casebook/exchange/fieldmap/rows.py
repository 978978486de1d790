"""Rows to records, as a field map says."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dalil.casebook.exchange.fieldmap.cells import Unread, read_value
from dalil.casebook.exchange.fieldmap.form import FieldMap, RecordMap, SheetMap, filled
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.record.form import Record, record_of
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

# A value that fills several fields at once is mapped under this name.
SPREAD = "*"
UNTOLD = "a row that the map speaks of"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The layout that a field map describes."""

    map: FieldMap

    def recognises(self, sheets: Sequence[Sheet]) -> bool:
        """Whether at least one sheet is of this map."""
        return any(_map_of(self.map, sheet) is not None for sheet in sheets)

    def convert(self, sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
        """Yield the records of every sheet that the map speaks of.

        Raises:
            ImportRefused: fifty places are wrong.

        """
        written: set[str] = set()
        for sheet in sheets:
            found = _map_of(self.map, sheet)
            if found is None:
                faults.remark(sheet.file, None, None, "", "a sheet that the map speaks of")
                continue
            missing = [name for name in found.columns if name not in sheet.columns]
            missing = [] if found.optional else missing
            for name in missing:
                faults.add(sheet.file, 1, name, "", "this column, which the map names")
            if missing:
                continue
            for row in sheet.rows(faults):
                before = len(written)
                yield from _records(found, sheet, row, into, faults, written)
                if found.optional and len(written) == before:
                    faults.remark(sheet.file, row.number, *_told(found, row), UNTOLD)


def _told(found: SheetMap, row: Row) -> tuple[str | None, str]:
    """Return by which column, and what it holds, a row is none that the map speaks of."""
    columns = (each.when[0] for each in found.records if each.when is not None)
    column = next(columns, None)
    return column, "" if column is None else row[column]


def _map_of(map_: FieldMap, sheet: Sheet) -> SheetMap | None:
    names = (sheet.name.casefold(), sheet.file.casefold())
    for each in map_.sheets:
        known = all(column in sheet.columns for column in each.known_by)
        if known and any(fnmatch.fnmatch(name, each.file) for name in names):
            return each
    return None


def _records(
    found: SheetMap, sheet: Sheet, row: Row, into: Into, faults: Faults, written: set[str]
) -> Iterator[Record]:
    for each in found.records:
        if not all(row[name] for name in each.needs):
            continue
        if each.when is not None and row[each.when[0]] not in each.when[1]:
            continue
        key = filled(each.key, row.cells)
        id_ = into.id(each.kind, key)
        if each.once and id_ in written:
            continue
        written.add(id_)
        record = _record(each, id_, sheet, row, into, faults)
        if record is not None:
            yield record


def _record(
    each: RecordMap, id_: str, sheet: Sheet, row: Row, into: Into, faults: Faults
) -> Record | None:
    fields: dict[str, Json] = {"kind": each.kind, "id": id_, "case": into.case, "see": into.see}
    try:
        for name, value in each.fields:
            said = read_value(value, row.cells, into)
            if said is not None:
                fields |= said if name == SPREAD else {name: said}
        return record_of(fields)
    except Unread as wrong:
        faults.add(sheet.file, row.number, wrong.column, wrong.value, wrong.expected)
    except RecordRefused as refused:
        name, _, why = refused.about.partition(": ")
        column = _column_of(each, name) or name
        faults.add(sheet.file, row.number, column, row[column], why or refused.about)
    return None


def _column_of(each: RecordMap, field: str) -> str | None:
    for name, value in each.fields:
        if name == field and value.columns:
            return value.columns[0]
    return None
