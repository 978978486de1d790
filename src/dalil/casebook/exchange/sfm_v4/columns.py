"""Which sheet is which: claims, locations, sources; told by the labels of the handbook."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dalil.casebook.exchange.sheets import Faults, Row, Sheet

TYPE, ENTITY, CITED, STATUS = (
    "type:claim", "about_entity:ref:claim", "citation:refs:claim", "status:meta",
)  # fmt: skip
CITATION, PLACE = "source:access_point_id:admin", "id:entity"
MARKS = {
    "claims": (TYPE, ENTITY, CITED),
    "sources": (CITATION, "source:title"),
    "locations": (PLACE, "origin:location"),
}
SEPARATOR = ";"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
UNKNOWN = "a column of the handbook; its cells are kept as words"


@dataclass(frozen=True, slots=True)
class Handbook:
    """The labels of the handbook: of every claim, of each type of claim, of the other sheets."""

    publisher: str
    statuses: tuple[str, ...]
    types: tuple[str, ...]
    claims: frozenset[str]
    sources: frozenset[str]
    locations: frozenset[str]

    def labels(self, role: str) -> frozenset[str]:
        """Return the labels of a sheet."""
        found: frozenset[str] = getattr(self, role)
        return found


@cache
def handbook() -> Handbook:
    """Return the labels that are known (exchange/maps/sfm_v4.json)."""
    text = (resources.files("dalil.casebook.exchange") / "maps" / "sfm_v4.json").read_text("utf-8")
    said = json.loads(text)
    claims = {label for labels in said["types"].values() for label in labels}
    return Handbook(
        said["publisher"],
        tuple(said["statuses"]),
        tuple(said["types"]),
        frozenset(claims | set(said["common"])),
        frozenset(said["sources"]),
        frozenset(said["locations"]),
    )


def role_of(sheet: Sheet) -> str:
    """Return what a sheet holds: claims, sources or locations; ``""``: none of these."""
    columns = set(sheet.columns)
    return next((role for role, marks in MARKS.items() if columns >= set(marks)), "")


def sheets_of(role: str, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Return the sheets of a role."""
    return [sheet for sheet in sheets if role_of(sheet) == role]


def note_unknown(sheet: Sheet, faults: Faults) -> None:
    """Remark on the columns that the handbook does not have."""
    for column in sheet.columns:
        if column not in handbook().labels(role_of(sheet)):
            faults.remark(sheet.file, 1, column, column, UNKNOWN)


def uuid_in(row: Row, column: str, file: str, faults: Faults) -> str:
    """Return the number (UUID) in a cell; ``""`` and a fault where there is none."""
    cell = row[column].lower()
    if UUID.fullmatch(cell):
        return cell
    faults.add(file, row.number, column, row[column], "a UUID")
    return ""


def uuids_in(row: Row, column: str, file: str, faults: Faults) -> list[str]:
    """Return the numbers in a cell, each once; what is none is a fault."""
    found: dict[str, None] = {}
    for each in row[column].split(SEPARATOR):
        if not each.strip():
            continue
        if UUID.fullmatch(each.strip().lower()):
            found[each.strip().lower()] = None
        else:
            expected = "a UUID, or several with ; between them"
            faults.add(file, row.number, column, each.strip(), expected)
    return list(found)
