"""What all claims together say of a unit, person, incident or thing, before records are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm_v4.columns import (
    ENTITY,
    SEPARATOR,
    TYPE,
    UUID,
    handbook,
)
from dalil.casebook.exchange.sheets import Row
from dalil.casebook.record.form import Record
from dalil.casebook.record.things import Entity

# Of which claims a thing of its own is told; the others are between things.
THINGS = {
    "unit": "unit", "person": "person", "incident": "incident", "materiel": "thing",
    "component": "thing", "equipment": "thing", "training": "thing",
}  # fmt: skip
NAME = "name:annotation"
READABLE = "about_entity:name:qa"
CLASSES = "unit:classifications:assertion"
# A unit that was put in to bridge a level of which no source speaks begins so.
PLACEHOLDER, BRIDGES = "placeholder", "Unknown "


@dataclass(slots=True)
class Thing:
    """A thing as claims name it; ``place`` is the row that does so first."""

    type: str
    place: tuple[str, int]
    names: dict[str, None] = field(default_factory=dict)
    readable: str = ""
    labels: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Learned:
    """The things by their keys (``unit:UUID``), and by UUID alone."""

    into: Into
    things: dict[str, Thing] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def learn(self, row: Row, file: str) -> None:
        """Take in of whom one claim speaks."""
        type_, number = row[TYPE], row[ENTITY].lower()
        if type_ not in THINGS or not UUID.fullmatch(number):
            return
        key = f"{type_}:{number}"
        self.keys[number] = key
        thing = self.things.setdefault(key, Thing(THINGS[type_], (file, row.number)))
        if row[NAME]:
            thing.names.setdefault(row[NAME])
        thing.readable = thing.readable or row[READABLE]
        if row[NAME].startswith(BRIDGES) and type_ == "unit":
            thing.labels.setdefault(PLACEHOLDER)
        for each in row[CLASSES].split(SEPARATOR):
            if each.strip():
                thing.labels.setdefault(each.strip())

    def find(self, number: str, types: Iterable[str]) -> str | None:
        """Return the key of what a UUID names, here or in the case; None: neither has it."""
        for type_ in types:
            key = f"{type_}:{number}"
            if self.keys.get(number) == key or self.into.known(Entity.kind, key):
                return key
        return None

    def records(self) -> Iterator[tuple[tuple[str, int], Record]]:
        """Yield each thing with the row that names it first."""
        publisher = handbook().publisher
        for key, thing in self.things.items():
            names = list(thing.names) or [thing.readable]
            about = f"{publisher}: {thing.readable}" if thing.readable not in names else ""
            yield (
                thing.place,
                Entity(
                    id=self.into.id(Entity.kind, key),
                    type=thing.type,
                    key=key,
                    names=tuple({"form": form, "role": "name"} for form in names if form),
                    labels=tuple(thing.labels),
                    about=about or None,
                    see=self.into.see,
                    case=self.into.case,
                ),
            )
