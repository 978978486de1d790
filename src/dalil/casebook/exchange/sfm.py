"""Lists as Security Force Monitor published them in 2019: units, persons, and their sources.

One row holds several statements, and beside each datapoint stand its sources and its confidence.
Which column is what is data (`maps/sfm.json`); what a column says stays as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.exchange.wide.dates import edtf_of
from dalil.casebook.exchange.wide.gather import Gathered
from dalil.casebook.exchange.wide.layout import Layout, Sources, Wide, layout
from dalil.casebook.exchange.wide.statements import Citing
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.record.things import Entity

MAP = "sfm"


def recognises(sheets: Sequence[Sheet]) -> bool:
    """Whether these are such lists: the list of sources, and one that cites it."""
    given = layout(MAP)
    return _sheet_of(given.sources, sheets) is not None and any(
        _sheet_of(wide, sheets) for wide in given.lists
    )


def unread(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return the sheets that are none of these lists, and of which nothing is brought in."""
    given = layout(MAP)
    lists: tuple[Sources | Wide, ...] = (given.sources, *given.lists)
    read = [_sheet_of(marked, sheets) for marked in lists]
    return tuple(sheet for sheet in sheets if sheet not in read)


def convert(sheets: Sequence[Sheet], into: Into, faults: Faults) -> Iterator[Record]:
    """Yield the records that the lists say, in the same order every time.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    given = layout(MAP)
    sources = _Sources(given, into, faults)
    sheet = _sheet_of(given.sources, sheets)
    if sheet is not None:
        _note_unknown(sheet, given.sources, given, faults)
        sources.file, sources.rows = sheet.file, list(sheet.rows(faults))
        _note_rivals(sheet, given.sources.key, sources.rows, faults)
    lists = [(wide, found) for wide in given.lists if (found := _sheet_of(wide, sheets))]
    for other in unread(sheets):
        faults.remark(other.file, None, None, other.name, "a list of units, persons or sources")
    gathered = Gathered(given, into, Citing(given.separator, sources.ids()), faults)
    rows: dict[str, list[Row]] = {}
    for wide, each in lists:
        _note_unknown(each, wide, given, faults)
        rows[wide.role] = list(each.rows(faults))
        gathered.learn_names(wide, rows[wide.role])
    for wide, each in lists:
        yield from _list(given, wide, each, into)
        for row in rows[wide.role]:
            gathered.add(wide, row, each.file)
    yield from sources.records()
    yield from gathered.records()


def _sheet_of(marked: Sources | Wide, sheets: Sequence[Sheet]) -> Sheet | None:
    return next((s for s in sheets if set(marked.marks) <= set(s.columns)), None)


def _note_unknown(sheet: Sheet, marked: Sources | Wide, given: Layout, faults: Faults) -> None:
    for column in sheet.columns:
        if column not in marked.columns() | given.ignored:
            faults.add(sheet.file, 1, column, column, "a column that the field map knows")


def _note_rivals(sheet: Sheet, key: str, rows: list[Row], faults: Faults) -> None:
    """Note keys that two rows give to different things: one of them would be lost."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row[key], row)
        if other.cells != row.cells:
            expected = f"a key of its own; row {other.number} gives it to something else"
            faults.add(sheet.file, row.number, key, row[key], expected)


def _list(given: Layout, wide: Wide, sheet: Sheet, into: Into) -> Iterator[Record]:
    """Yield a list as what it is: a source that speaks, and a document that names things."""
    key, title = f"list:{wide.role}", f"{given.publisher}: {sheet.name}"
    yield Source(
        id=into.id("source", key),
        type="dataset",
        key=key,
        title=title,
        publisher=given.publisher,
        see=into.see,
        case=into.case,
    )
    yield Entity(
        id=into.id("entity", key),
        type="document",
        key=key,
        names=({"form": title, "role": "name"},),
        see=into.see,
        case=into.case,
    )


class _Sources:
    """The list of sources as records: each once, with all that the list says of it."""

    def __init__(self, given: Layout, into: Into, faults: Faults) -> None:
        self._given, self._into, self._faults = given.sources, into, faults
        self.file = ""
        self.rows: list[Row] = []

    def ids(self) -> dict[str, str]:
        """Return the record of each source by its key."""
        keys = (row[self._given.key] for row in self.rows)
        return {key: self._into.id("source", key) for key in keys if key}

    def records(self) -> Iterator[Record]:
        """Yield each source once, then what is another copy of what."""
        ids = self.ids()
        versions = self._versions(ids)
        same: dict[str, list[Row]] = {}
        for row in self.rows:
            same.setdefault(row[self._given.key], []).append(row)
        for rows in same.values():
            self._faults.place = (self.file, rows[0].number)
            yield self._source(rows, versions)
        for child, parent in versions.items():
            yield Derivation(
                id=self._into.id("derivation", f"version:{child}:{parent}"),
                child=ids[child],
                parent=ids[parent],
                how="version",
                see=self._into.see,
                case=self._into.case,
            )

    def _versions(self, ids: dict[str, str]) -> dict[str, str]:
        """Return which source is another copy of which, leaving out what leads in a circle."""
        found: dict[str, str] = {}
        for row in self.rows:
            child, parent = row[self._given.key], row[self._given.version_of]
            above = parent
            while above in found and above != child:
                above = found[above]
            if parent in ids and above != child:
                found[child] = parent
        return found

    def _source(self, rows: list[Row], versions: dict[str, str]) -> Source:
        row = rows[0]
        said = {name: row.cells[column] for name, column in self._given.fields.items()}
        return Source(
            id=self._into.id("source", row[self._given.key]),
            type=self._given.type,
            key=row[self._given.key],
            published=edtf_of(row[self._given.published]) or None,
            read_how=self._rest(rows, versions),
            see=self._into.see,
            case=self._into.case,
            **{name: cell for name, cell in said.items() if cell.strip()},  # type: ignore[arg-type]
        )

    def _rest(self, rows: list[Row], versions: dict[str, str]) -> str:
        """Return what the list says beside the fields of a source, a line for each column."""
        given, row = self._given, rows[0]
        kept = list(given.kept)
        if edtf_of(row[given.published]) != row.cells[given.published]:
            kept.append(given.published)
        if versions.get(row[given.key]) != row.cells[given.version_of]:
            kept.append(given.version_of)
        lines = [f"{name}: {row.cells[name]}" for name in kept if row.cells[name].strip()]
        return "\n".join([*lines, f"rows: {' '.join(str(each.number) for each in rows)}"])
