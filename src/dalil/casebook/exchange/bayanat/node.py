"""One object of an export as it is read: field by field, each wrong one named with its path."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from dalil.casebook.exchange.bayanat.marked_up import plain
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.record.form import FORBIDDEN
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

NUMBER = re.compile(r"[0-9]{1,18}")
MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ](?P<time>\d{2}:\d{2})(?::\d{2})?(?:\.\d+)?Z?)?"
)
INDEX = re.compile(r"\[\d+\]")
LONG = 1 << 16
NOTHING: tuple[Json, ...] = (None, "", [], {})
SHOWN = 20
RESTRICTED = "what it says; Bayanat withheld it from whoever exported"
UNKNOWN = "a field that Bayanat is known to have; it is kept as it is"


@dataclass(slots=True)
class Reading:
    """Where reading stands: the file, the place of the object in its list, and what is wrong.

    ``known``: which fields objects of Bayanat have, by kind of object. ``told``: what was remarked
    on, once each. ``withheld`` counts what Bayanat did not show to whoever exported.
    """

    faults: Faults
    known: Mapping[str, frozenset[str]]
    file: str = ""
    number: int = 0
    told: set[str] = field(default_factory=set)
    withheld: int = 0

    def stand(self, file: str, number: int) -> None:
        """Go to an object of a list."""
        self.file, self.number = file, number
        self.faults.place = (file, number)
        self.faults.read.add(file)

    def fault(self, path: str, value: object, expected: str) -> None:
        """Note what is wrong at a path within the object."""
        self.faults.add(self.file, self.number, path, _shown(value), expected)

    def remark(self, path: str, value: object, expected: str) -> None:
        """Note what was kept as it is, or left out."""
        self.faults.remark(self.file, self.number, path, _shown(value), expected)

    def withhold(self, path: str, said: object) -> None:
        """Note what Bayanat withheld: the first ones by their place, all of them as a number."""
        self.withheld += 1
        if self.withheld <= SHOWN:
            self.remark(path, json.dumps(said), RESTRICTED)

    def remark_once(self, path: str, value: object, expected: str) -> None:
        """Note it at the first object that has it."""
        name = f"{INDEX.sub('', path)}: {expected}"
        if name not in self.told:
            self.told.add(name)
            self.remark(path, value, expected)


@dataclass(slots=True)
class Node:
    """An object at a ``path``, of a kind (``actor``, ``event`` …); what was read of it."""

    said: Mapping[str, Json]
    kind: str
    path: str
    reading: Reading
    read: set[str] = field(default_factory=set)

    def at(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self.path}.{name}" if self.path else name

    def text(self, name: str, most: int = LONG) -> str:
        """Return a text without the spaces around it; ``""`` where there is none."""
        self.read.add(name)
        value = self.said.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.reading.fault(self.at(name), value, "a text")
            return ""
        found = value.strip()
        if len(found) > most:
            expected = f"at most {most:,} characters; here are {len(found):,}"
            self.reading.fault(self.at(name), found, expected)
            return ""
        if hit := FORBIDDEN.search(found):
            expected = f"a text without the character U+{ord(hit.group()):04X}"
            self.reading.fault(self.at(name), found, expected)
            return ""
        return found

    def prose(self, name: str) -> str:
        """Return a text that may be marked up as HTML, as plain text."""
        return plain(self.text(name))

    def number(self, name: str = "id") -> str:
        """Return a number as it is written; ``""`` and a fault where it is none."""
        self.read.add(name)
        value = self.said.get(name)
        if isinstance(value, str) and NUMBER.fullmatch(value):
            return value
        self.reading.fault(self.at(name), value, "a number")
        return ""

    def day(self, name: str) -> str:
        """Return the day of a moment (``2013-04-16T00:00``) as EDTF; ``""`` where there is none.

        A time of day is kept among the words of the record.
        """
        value = self.text(name)
        if not value:
            return ""
        found = MOMENT.fullmatch(value)
        try:
            day = found["day"] if found else value
            bounds_of(day)
        except RecordRefused:
            self.reading.fault(self.at(name), value, "a moment such as 2013-04-16T00:00")
            return ""
        if not found or found["time"] not in {None, "00:00"}:
            self.read.discard(name)
        return day

    def one(self, name: str, kind: str) -> Node | None:
        """Return an object in a field; None where there is none."""
        self.read.add(name)
        value = self.said.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            self.reading.fault(self.at(name), value, "an object")
            return None
        return self._seen(Node(value, kind, self.at(name), self.reading))

    def each(self, name: str, kind: str) -> list[Node]:
        """Return the objects of a list in a field."""
        self.read.add(name)
        value, found = self.said.get(name), []
        if not isinstance(value, list):
            if value is not None and value != "":
                self.reading.fault(self.at(name), value, "a list of objects")
            return []
        for place, each in enumerate(value):
            path = f"{self.at(name)}[{place}]"
            if not isinstance(each, dict):
                self.reading.fault(path, each, "an object")
            elif seen := self._seen(Node(each, kind, path, self.reading)):
                found.append(seen)
        return found

    def texts(self, name: str) -> list[str]:
        """Return a field that holds one text or several."""
        self.read.add(name)
        value = self.said.get(name)
        several = value if isinstance(value, list) else [value]
        found = [each for each in several if each is not None and each != ""]
        if all(isinstance(each, str) for each in found):
            return [str(each) for each in found]
        self.reading.fault(self.at(name), value, "a list of texts")
        return []

    def left_out(self, name: str, why: str) -> None:
        """Leave a field aside; that it said something is remarked on once."""
        self.read.add(name)
        if self.said.get(name) not in NOTHING:
            self.reading.remark_once(self.at(name), "", why)

    def rest(self) -> list[str]:
        """Return every field that was not read as a line, ``name: value``; remark on new ones."""
        lines = []
        for name, value in self.said.items():
            # A translation for the page (`_sex`) repeats the field without the line before it.
            repeated = name.startswith("_") and name[1:] in self.said
            repeated |= name == "class" and value == self.kind
            if name in self.read or value in NOTHING or repeated:
                continue
            if name not in self.reading.known.get(self.kind, frozenset()):
                self.reading.remark_once(self.at(name), value, UNKNOWN)
            said = plain(value) if isinstance(value, str) else _shown(value)
            if hit := FORBIDDEN.search(said):
                expected = f"a text without the character U+{ord(hit.group()):04X}"
                self.reading.fault(self.at(name), value, expected)
                continue
            lines.append(f"{name}: {said}")
        return lines

    def _seen(self, node: Node) -> Node | None:
        """Return an object unless Bayanat withheld it."""
        if node.said.get("restricted") is not True:
            return node
        self.reading.withhold(node.path, node.said)
        return None


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
