"""Our own sheets: one a kind, columns named as the fields; what is exported comes back the same.

``source.csv``, ``assertion.csv`` …, or a workbook with one sheet a kind. An empty cell is an
absent field; lists and objects are JSON, truth is ``true`` or ``false``. Cells are kept exactly:
spaces at their ends count.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.record.form import Record, kinds, record_of
from dalil.casebook.record.mentions import KIND_NAMED
from dalil.errors import RecordRefused
from dalil.kernel.canonical import MAX_BYTES, Json

KEY = "@"


@cache
def _types(kind: str) -> Mapping[str, str]:
    """Return how the cells of each column are read: as text, number, truth or JSON."""
    found = {}
    for each in dataclasses.fields(kinds()[kind]):
        plain = str(each.type).removesuffix(" | None")
        found[each.name] = plain if plain in {"str", "int", "bool"} else "json"
    return found


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether every sheet that has an ``id`` is named after a kind and has its columns only."""
    return any(map(is_native, sheets))


def is_native(sheet: Sheet) -> bool:
    """Whether a sheet is named after a kind of record and begins with ``id``."""
    return sheet.name in kinds() and sheet.columns[0] == "id"


def convert(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
    """Yield the records of our own sheets, kind by kind, ids and all.

    Where an id stands, ``@key`` may be typed: what this case calls so. Without the columns
    ``case`` and ``see``, rows are of the case and class that they are brought into.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    order = list(kinds())
    own = sorted(filter(is_native, sheets), key=lambda sheet: order.index(sheet.name))
    for sheet in own:
        types = _types(sheet.name)
        unknown = [name for name in sheet.columns if name not in types]
        for name in unknown:
            expected = f"one of {', '.join(types)}"
            faults.add(sheet.file, 1, name, name, expected)
        if unknown:
            continue
        for row in sheet.rows(faults, MAX_BYTES):
            record = _record(sheet, row, into, faults)
            if record is not None:
                yield record


def _record(sheet: Sheet, row: Row, into: Into, faults: Faults) -> Record | None:
    fields: dict[str, Json] = {"kind": sheet.name}
    types = _types(sheet.name)
    for name, cell in row.cells.items():
        if not cell:
            continue
        try:
            fields[name] = _named(_value(cell, types[name]), sheet.name, name, into)
        except ValueError as wrong:
            faults.add(sheet.file, row.number, name, cell, str(wrong))
            return None
    if "see" not in fields and "see" not in sheet.columns:
        fields["see"] = into.see
    if "case" not in fields and "case" not in sheet.columns:
        fields["case"] = into.case
    try:
        return record_of(fields)
    except RecordRefused as refused:
        name, _, why = refused.about.partition(": ")
        faults.add(sheet.file, row.number, name, row.cells.get(name, ""), why or refused.about)
        return None


def _value(cell: str, kind: str) -> Json:
    if kind == "str":
        return cell
    if kind == "bool":
        if cell not in {"true", "false"}:
            raise ValueError("true or false")
        return cell == "true"
    if kind == "int":
        digits = cell.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 16:  # noqa: PLR2004 - 2**53
            raise ValueError("a whole number")
        return int(cell)
    try:
        return json.loads(cell, parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError):
        raise ValueError("JSON without fractions, as a list or an object") from None


def _no_fraction(text: str) -> Json:
    raise ValueError(text)


def _named(value: Json, kind: str, field: str, into: Into) -> Json:
    """Return the id of what a person typed as ``@key``."""
    if not (isinstance(value, str) and value.startswith(KEY)):
        return value
    if field == "id":
        return into.id(kind, value.removeprefix(KEY))
    named = KIND_NAMED.get(field)
    return into.reference(named, value.removeprefix(KEY)) if named else value
