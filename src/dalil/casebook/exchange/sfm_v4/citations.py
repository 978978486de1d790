"""Citations: each a part of a source at a page, in a snapshot; and the source that it is a part of.

Claims that cite two pages of one report rest on one source: it is the parent of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm_v4.columns import CITATION, note_unknown, uuid_in
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.record.form import Record
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused

WORK = "source:source_id:admin"
PUBLISHED = "source:published_timestamp"
FIELDS = {
    "title": "source:title",
    "author": "source:author",
    "publisher": "source:publication_name",
    "url": "source:url",
}
ARCHIVED = "source:archive_url"
HOW = "source:access_point_type"
READ = frozenset({CITATION, WORK, "source:type", ARCHIVED, PUBLISHED, *FIELDS.values()})
RIVAL = "a UUID of its own; row {row} gives it to something else"


@dataclass(slots=True)
class Citations:
    """The citations of all sheets of sources, as rows."""

    into: Into
    faults: Faults
    rows: dict[str, tuple[str, Row]] = field(default_factory=dict)

    def learn(self, sheet: Sheet) -> None:
        """Read a sheet.

        Raises:
            ImportRefused: fifty places are wrong.

        """
        note_unknown(sheet, self.faults)
        for row in sheet.rows(self.faults):
            key = uuid_in(row, CITATION, sheet.file, self.faults)
            if not key:
                continue
            _file, other = self.rows.setdefault(key, (sheet.file, row))
            if other.cells != row.cells:
                expected = RIVAL.format(row=other.number)
                self.faults.add(sheet.file, row.number, CITATION, key, expected)

    def source(self, key: str) -> str | None:
        """Return the record of a citation; None: neither the sheets nor the case have it."""
        if key in self.rows:
            return self.into.id(Source.kind, f"citation:{key}")
        return self.into.known(Source.kind, f"citation:{key}")

    def records(self) -> Iterator[Record]:
        """Yield each citation, each source that it is a part of, and that it is."""
        works: set[str] = set()
        for key, (file, row) in self.rows.items():
            self.faults.place = (file, row.number)
            yield self._citation(key, row)
            if not row[WORK]:
                continue
            work = uuid_in(row, WORK, file, self.faults)
            if work and work not in works:
                works.add(work)
                yield self._source(f"source:{work}", row)
            if work:
                yield Derivation(
                    id=self.into.id(Derivation.kind, f"cites:{key}"),
                    child=self.into.id(Source.kind, f"citation:{key}"),
                    parent=self.into.id(Source.kind, f"source:{work}"),
                    how="version" if row[HOW] == "archive" else "excerpt",
                    see=self.into.see,
                    case=self.into.case,
                )

    def _citation(self, key: str, row: Row) -> Source:
        rest = [f"{name}: {cell}" for name, cell in row.cells.items() if name not in READ]
        if row[PUBLISHED] and not _day(row[PUBLISHED]):
            rest.append(f"{PUBLISHED}: {row[PUBLISHED]}")
            file, expected = self.rows[key][0], "a time as ISO 8601 has it; it stays a text"
            self.faults.remark(file, row.number, PUBLISHED, row[PUBLISHED], expected)
        read_how = "\n".join(line for line in rest if line.partition(": ")[2].strip())
        return self._source(f"citation:{key}", row, read_how, row[ARCHIVED])

    def _source(self, key: str, row: Row, read_how: str = "", archived: str = "") -> Source:
        said = {name: row[column] for name, column in FIELDS.items()}
        said |= {"read_how": read_how, "archive_url": archived, "published": _day(row[PUBLISHED])}
        return Source(
            id=self.into.id(Source.kind, key),
            type=row["source:type"] or "publication",
            key=key,
            see=self.into.see,
            case=self.into.case,
            **{name: text for name, text in said.items() if text},  # type: ignore[arg-type]
        )


def _day(stamp: str) -> str:
    """Return the day, month or year of a time, full or partial; ``""`` where it is none."""
    day = stamp.partition("T")[0].strip()
    try:
        bounds_of(day)
    except RecordRefused:
        return ""
    return day
