"""What a row of a wide list says: datapoints with their sources, each cell as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dalil.casebook.exchange.sheets import Row
from dalil.casebook.exchange.wide.dates import edtf_of, interval_of, parts_of
from dalil.casebook.exchange.wide.layout import Block, Point
from dalil.kernel.canonical import Json, encode


@dataclass(slots=True)
class Said:
    """What the columns of one block say in one row.

    ``words``: point → its cell. Sources that no list of sources has stay as a text under
    ``POINT.sources``, split dates that say something else than the date under ``POINT.split``.
    """

    words: dict[str, str] = field(default_factory=dict)
    cited: dict[str, Json] = field(default_factory=dict)
    valid: str = ""
    start_known: bool = False
    end_known: bool = False
    doubts: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Citing:
    """How cells name sources: what stands between them, and the record of each key."""

    separator: str
    ids: Mapping[str, str]

    def sources(self, cell: str) -> list[str]:
        """Return the sources of a cell, or none where it names something else."""
        found = [self.ids.get(key, "") for key in cell.split(self.separator)]
        return found if all(found) else []


def said_in(block: Block, row: Row, citing: Citing) -> Said:
    """Return what one row says in the columns of a block."""
    said = Said()
    dates = {"first": "", "last": ""}
    flags = {"first": False, "last": False}
    for point in block.points:
        cell = row.cells.get(point.value, "")
        if cell.strip():
            said.words[point.name] = cell
        _cite(point, row, citing, said)
        if point.dates:
            dates[point.dates] = _date(point, row, said)
        flags["first"] |= bool(point.start) and cell.strip() in point.start
        if cell.strip() in point.assumed:
            said.words["assumed"] = "goes_on"
        flags["last"] |= bool(point.end) and cell.strip() in point.end
    said.valid = interval_of(dates["first"], dates["last"])
    if not said.valid and all(dates.values()):
        said.words["dates"] = "reversed"
        last = next(point for point in block.points if point.dates == "last")
        expected = f"a day after the first citation ({dates['first']}); no interval is taken"
        said.doubts.append((last.value, row[last.value], expected))
    said.start_known = flags["first"] and bool(said.valid and dates["first"])
    said.end_known = flags["last"] and bool(said.valid and dates["last"])
    return said


def as_words(block: Block, row: Row) -> Iterator[tuple[str, str]]:
    """Yield the cells of a block that says nothing of anything, so that none is lost."""
    for point in block.points:
        split = [row.cells.get(column, "") for column in point.split]
        for name, cell in (
            ("", row.cells.get(point.value, "")),
            (".sources", row.cells.get(point.sources, "") if point.sources else ""),
            (".confidence", row.cells.get(point.confidence, "") if point.confidence else ""),
            (".split", _listed(split) if any(map(str.strip, split)) else ""),
        ):
            if cell.strip():
                yield f"{block.name}.{point.name}{name}", cell


def _cite(point: Point, row: Row, citing: Citing, said: Said) -> None:
    cell = row.cells.get(point.sources, "") if point.sources else ""
    confidence = row.cells.get(point.confidence, "") if point.confidence else ""
    cited: dict[str, Json] = {}
    if cell.strip():
        sources = citing.sources(cell)
        if sources:
            cited["sources"] = sources
        else:
            said.words[f"{point.name}.sources"] = cell
    if confidence.strip():
        cited["confidence"] = confidence
    if cited:
        said.cited[point.name] = cited


def _date(point: Point, row: Row, said: Said) -> str:
    cell = row.cells.get(point.value, "")
    split = tuple(row.cells.get(column, "") for column in point.split)
    date = edtf_of(cell, split)
    if split != parts_of(cell):
        said.words[f"{point.name}.split"] = _listed(split)
    if any(split) and split != parts_of(cell):
        expected = f"the same date as in {', '.join(point.split)}; taken is {date or 'none'}"
        said.doubts.append((point.value, cell, expected))
    elif cell.strip() and not date:
        said.doubts.append((point.value, cell, "a date; it stays a text"))
    return date


def _listed(cells: Sequence[str]) -> str:
    return encode(list(cells)).decode()
