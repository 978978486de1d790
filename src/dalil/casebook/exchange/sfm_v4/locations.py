"""Locations: each a place of a gazetteer, within the areas that its row names. No positions.

The sheet names geometries, it does not hold them; areas are named by a readable number that ends in
the UUID of their own row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm_v4.columns import PLACE, UUID, note_unknown, uuid_in
from dalil.casebook.exchange.sheets import Faults, Row, Sheet
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity

NAME = "name:annotation"
NUMBER = 36
AREAS = (
    "location:explicit_parent:annotation",
    *(f"location:admin_level_{level}:qa" for level in range(10, -1, -1)),
)
ELSEWHERE = "an area that ends in the UUID of a row of this sheet; it stays a text"


@dataclass(slots=True)
class Locations:
    """The rows of all sheets of locations, by UUID."""

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
            key = uuid_in(row, PLACE, sheet.file, self.faults)
            if key in self.rows:
                expected = f"a UUID of its own; row {self.rows[key][1].number} has it"
                self.faults.add(sheet.file, row.number, PLACE, key, expected)
            elif key:
                self.rows[key] = (sheet.file, row)

    def records(self, source: str) -> Iterator[Record]:
        """Yield each place, then in which areas it lies; ``source`` is who says so."""
        for key, (file, row) in self.rows.items():
            self.faults.place = (file, row.number)
            areas = {column: self._area(row, column) for column in AREAS if row[column]}
            unread = {column for column, area in areas.items() if not area}
            for column in unread:
                self.faults.remark(file, row.number, column, row[column], ELSEWHERE)
            kept = [
                f"{name}: {cell}"
                for name, cell in row.cells.items()
                if cell.strip() and name not in {PLACE, NAME, *areas} - unread
            ]
            yield Entity(
                id=self.into.id(Entity.kind, f"place:{key}"),
                type="place",
                key=f"place:{key}",
                names=({"form": row[NAME], "role": "name"},) if row[NAME] else (),
                about="\n".join(kept) or None,
                see=self.into.see,
                case=self.into.case,
            )
            for area in dict.fromkeys(filter(None, areas.values())):
                if area != key:
                    yield self._inside(key, area, source)

    def _area(self, row: Row, column: str) -> str:
        number = row[column][-NUMBER:].lower()
        return number if UUID.fullmatch(number) and number in self.rows else ""

    def _inside(self, key: str, area: str, source: str) -> Relation:
        return Relation(
            id=self.into.id(Relation.kind, f"inside:{key}:{area}"),
            relation="part_of",
            a=self.into.id(Entity.kind, f"place:{key}"),
            b=self.into.id(Entity.kind, f"place:{area}"),
            source=source,
            see=self.into.see,
            case=self.into.case,
        )
