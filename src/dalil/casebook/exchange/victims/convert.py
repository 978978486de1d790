"""Rows of a list of victims as records: one victim a row, as this list says it, and the list.

A row is known by the list's own number of it, or else by all that it says: then a row that is
changed in a later state of the list is another one, and nobody's record comes to speak of
somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from dalil.casebook.exchange.fieldmap.into import Into, Known
from dalil.casebook.exchange.sheets import ENDINGS, Faults, Row, Sheet
from dalil.casebook.exchange.victims.cells import (
    Age,
    read_age,
    read_class,
    read_date,
    read_fate,
    read_sex,
    swapped,
)
from dalil.casebook.exchange.victims.columns import Columns, columns_of, is_list
from dalil.casebook.exchange.victims.words import words
from dalil.casebook.record.form import CLASSES, Record, check
from dalil.casebook.record.sources import Source
from dalil.casebook.record.victims import Victim
from dalil.casebook.text.names import fold, script_of
from dalil.errors import RecordRefused

ROWS = 5000
PLACE = re.compile(r"(?:place|site):\S+")
FORMULA = "a plain value, not a formula (paste it as values)"
SOME = "something; this column may not be empty"
NAME = "a name, or a label such as person 3"
KEPT = "a column that is known; what it says is kept with each row, unread"
ROLES = {"name": None, "alias": "alias"}


class _Wrong(Exception):  # noqa: N818 - caught where the row is known
    """A cell of a row that cannot be read."""

    def __init__(self, column: str | None, value: str, expected: str) -> None:
        super().__init__(expected)
        self.column, self.value, self.expected = column, value, expected


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether one of these sheets is a list of victims, by its header."""
    return any(map(is_list, sheets))


def convert(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
    """Yield each list as a source, then its victims.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    for chunk in chunks(sheets, into, faults):
        yield from chunk.records(faults)


def chunks(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Chunk]:
    """Yield the rows of each list, some thousand at a time.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    for sheet in filter(is_list, sheets):
        before = len(faults.found)
        columns = columns_of(sheet, faults)
        if len(faults.found) > before:
            continue
        for column in columns.kept:
            faults.remark(sheet.file, 1, column, column, KEPT)
        rows = sheet.rows(faults)
        first = True
        while some := tuple((r.number, tuple(r.cells.values())) for r in islice(rows, ROWS)):
            named = _places_in(some, sheet, columns, into)
            yield Chunk(sheet, columns, replace(into, known=named), some, first=first)
            first = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a list, with all that another process needs to read them.

    The ``first`` chunk of a list brings the list itself, as a source.
    """

    sheet: Sheet
    columns: Columns
    into: Into
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    first: bool

    @property
    def keyed_by(self) -> str | None:
        """The column that has the list's own number of each row."""
        return self.columns.one.get("key")

    def records(self, faults: Faults) -> Iterator[Record]:
        """Yield what the rows say, checked; note in ``faults`` what cannot be read.

        Raises:
            ImportRefused: fifty places are wrong.

        """
        reading = Rows(list_of(self.sheet), self.columns, self.into)
        if self.first:
            yield source_of(self.sheet, self.into)
        for number, cells in self.rows:
            faults.place = (self.sheet.file, number)
            faults.read.add(self.sheet.file)
            row = Row(number, dict(zip(self.sheet.columns, cells, strict=True)))
            record = reading.read(row, self.sheet.file, faults)
            if record is not None:
                yield record


def _places_in(
    rows: Sequence[tuple[int, tuple[str, ...]]], sheet: Sheet, columns: Columns, into: Into
) -> Known:
    """Return what the casebook has under the keys of places that some rows may name."""
    own = columns.one.get("place_key")
    wanted = [i for i, each in enumerate(sheet.columns) if each == own or each in columns.place]
    keys = {cells[i].strip() for _, cells in rows for i in wanted}
    if own is None:
        keys = {key for key in keys if PLACE.fullmatch(key)}
    found = {("entity", key): into.known("entity", key) for key in keys - {""}}
    return Known({name: id_ for name, id_ in found.items() if id_ is not None})


def list_of(sheet: Sheet) -> str:
    """Return what a list is called in its case: its file, and its sheet within a workbook."""
    if sheet.title is None:
        return sheet.name
    lower = sheet.path.name.lower()
    ending = max((each for each in ENDINGS if lower.endswith(each)), key=len)
    return f"{sheet.path.name[: -len(ending)]}!{sheet.title}"


def source_of(sheet: Sheet, into: Into) -> Source:
    """Return the list as what speaks."""
    key = f"list:{list_of(sheet)}"[:200]
    return Source(
        id=into.id("source", key),
        type="list",
        key=key,
        title=list_of(sheet),
        see=into.see,
        case=into.case,
    )


class Rows:
    """Reads the rows of one list."""

    def __init__(self, called: str, columns: Columns, into: Into) -> None:
        """Read the rows of the list that is ``called`` so."""
        self._called, self._columns, self._into = called, columns, into
        self._source = into.id("source", f"list:{called}"[:200])

    def read(self, row: Row, file: str, faults: Faults) -> Victim | None:
        """Return what a row says; None, and a fault, where it cannot be read.

        Raises:
            ImportRefused: fifty places are wrong.

        """
        try:
            victim = self._victim(row)
            check(victim)
        except _Wrong as wrong:
            faults.add(file, row.number, wrong.column, wrong.value, wrong.expected)
        except RecordRefused as refused:
            name, _, why = refused.about.partition(": ")
            column = self._column_of(name)
            faults.add(file, row.number, column, row[column or ""], why or refused.about)
        else:
            return victim
        return None

    def _victim(self, row: Row) -> Victim:
        columns, cells = self._columns, row.cells
        for column, cell in cells.items():
            if cell[:1] == "=":
                raise _Wrong(column, cell, FORMULA)
        names, label, unidentified = self._named(row)
        key = row[columns.one["key"]] if "key" in columns.one else None
        if key == "":
            raise _Wrong(columns.one["key"], "", SOME)
        said: dict[str, Any] = {}
        about = [row[column] for column in columns.about if row[column]]
        if "sex" in columns.one:
            said["sex"] = self._one(row, "sex", read_sex)
        if columns.one.keys() & {"age", "age_from", "age_to", "age_class"}:
            self._aged(row, said, about)
        for field in ("born", "date"):
            if field in columns.one:
                said[field] = self._one(row, field, read_date)
        if "fate" in columns.one:
            said["fate"] = self._one(row, "fate", read_fate)
        about += [f"{column}: {row[column]}" for column in columns.kept if row[column]]
        return Victim(
            id=self._id(key, row),
            case=self._into.case,
            see=self._see(row),
            key=key,
            names=names,
            label=label,
            unidentified=unidentified,
            source=self._source,
            conditions=row[columns.one.get("conditions", "")] or None,
            about="\n".join(about) or None,
            **said,
            **self._placed(row),
        )

    def _id(self, key: str | None, row: Row) -> str:
        own = key if key is not None else "\x1e".join(row.cells.values())
        return self._into.id("victim", f"{self._called}\x1f{own}")

    def _one(self, row: Row, field: str, read: Any) -> Any:  # noqa: ANN401 - as it reads
        column = self._columns.one[field]
        cell = row[column]
        if not cell:
            return None
        try:
            return read(cell)
        except ValueError as wrong:
            raise _Wrong(column, cell, str(wrong)) from None

    def _named(self, row: Row) -> tuple[tuple[dict[str, str], ...], str | None, bool]:
        """Return the forms of a name, or a label and that nobody is named."""
        columns, names, nameless = self._columns, [], ""
        for column, script, role in columns.names:
            form = row[column]
            if not form:
                continue
            if fold(form) in words().nameless:
                nameless = nameless or form
                continue
            wrong = swapped(form, "name")
            if wrong:
                raise _Wrong(column, form, wrong)
            names.append(_name(form, script, ROLES[role]))
        for script, parts in columns.parts:
            form = " ".join(row[part] for part in parts if row[part])
            if form and fold(form) not in words().nameless:
                names.append(_name(form, script, None))
            else:
                nameless = nameless or form
        label = row[columns.one.get("label", "")]
        if names:
            return tuple(names), label or None, False
        if not label and not nameless:
            first = columns.names[0][0] if columns.names else self._column_of("label")
            raise _Wrong(first, "", NAME)
        return (), label or nameless, True

    def _aged(self, row: Row, said: dict[str, Any], about: list[str]) -> None:
        one = self._columns.one
        whole = Age()
        if "age" in one:
            whole = self._one(row, "age", read_age) or whole
        lo, hi, class_ = whole.lo, whole.hi, whole.class_
        if "age_from" in one:
            lo = (self._one(row, "age_from", read_age) or Age()).lo
        if "age_to" in one:
            hi = (self._one(row, "age_to", read_age) or Age()).hi
        if not whole.whole:
            # "About 30", "8 months": what the number leaves out stays.
            about.append(f"{one['age']}: {row[one['age']]}")
        if "age_class" in one and row[one["age_class"]]:
            cell = row[one["age_class"]]
            named = read_class(cell)
            class_ = named or class_
            if named is None:
                about.append(f"{one['age_class']}: {cell}")
        said |= {"age_lo": lo, "age_hi": hi, "age_class": class_}

    def _placed(self, row: Row) -> dict[str, Any]:
        """Return the place: a key of the case where one is given, and the list's words."""
        said = [row[column] for column in self._columns.place if row[column]]
        key = row[self._columns.one.get("place_key", "")]
        if not key and len(said) == 1 and PLACE.fullmatch(said[0]):
            key = said.pop()
        return {
            "place": self._into.reference("entity", key) if key else None,
            "place_said": ", ".join(said) or None,
        }

    def _see(self, row: Row) -> str:
        column = self._columns.one.get("see")
        cell = row[column] if column else ""
        if cell and cell not in CLASSES:
            raise _Wrong(column, cell, f"one of {', '.join(CLASSES)}")
        return cell or self._into.see

    def _column_of(self, field: str) -> str | None:
        """Return the column that a field of the record was read from."""
        columns = self._columns
        if field == "names":
            return columns.names[0][0] if columns.names else columns.parts[0][1][0]
        if field == "place_said":
            return columns.place[0]
        if field == "about":
            return next(iter((*columns.about, *columns.kept)), None)
        return columns.one.get({"age_lo": "age", "age_hi": "age"}.get(field, field), field)


def _name(form: str, script: str | None, role: str | None) -> dict[str, str]:
    said = {"form": form, "script": script or _script(form)}
    return {**said, "role": role} if role else said


def _script(form: str) -> str:
    return "Latn" if form.isascii() else script_of(form)
