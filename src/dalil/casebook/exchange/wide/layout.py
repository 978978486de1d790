"""The field map of wide lists, as data: which columns make which statement (exchange/maps)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Point:
    """One datapoint: its column, the columns of its sources and confidence, and what it means.

    ``split`` are columns that repeat a date as year, month, day. ``dates``: it is the ``first`` or
    ``last`` date of its statement; ``start``/``end``: these words say that it is the real one;
    ``assumed``: these say that the list merely takes it to have gone on.
    """

    name: str
    value: str
    sources: str = ""
    confidence: str = ""
    split: tuple[str, ...] = ()
    dates: str = ""
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Return every column that the point reads."""
        return tuple(c for c in (self.value, self.sources, self.confidence, *self.split) if c)


@dataclass(frozen=True, slots=True)
class PlaceAt:
    """A place that a statement may lead to: the point of its name, and of its id in a gazetteer."""

    point: str
    type: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Columns that together say one thing of the subject of a row.

    ``end``: to what the relation leads: the ``list`` itself, a ``unit`` by the name in ``point``,
    or a ``place``, the first of ``places`` that has a name; each lies in the next.
    """

    name: str
    relation: str
    end: str
    points: tuple[Point, ...]
    point: str = ""
    places: tuple[PlaceAt, ...] = ()
    kind: str = ""
    command_point: str = ""
    command_words: tuple[str, ...] = ()

    def target(self, said: Mapping[str, str]) -> str:
        """Return the point that names the end, given what the points say; empty: there is none."""
        if self.end == "place":
            return next((p.point for p in self.places if said.get(p.point)), "")
        return self.point if said.get(self.point) else ""


@dataclass(frozen=True, slots=True)
class Wide:
    """One list: how it is recognised, of whom its rows speak, and what they say."""

    role: str
    marks: tuple[str, ...]
    type: str
    key: tuple[str, ...]
    name: str
    other_names: str
    labels: str
    placeholder: str
    blocks: tuple[Block, ...]

    def columns(self) -> frozenset[str]:
        """Return every column that is read."""
        return frozenset(c for b in self.blocks for p in b.points for c in p.columns())


@dataclass(frozen=True, slots=True)
class Sources:
    """The list of sources: its key, which column becomes which field, which are kept as a text."""

    marks: tuple[str, ...]
    key: str
    type: str
    fields: Mapping[str, str]
    published: str
    version_of: str
    kept: tuple[str, ...]

    def columns(self) -> frozenset[str]:
        """Return every column that is read."""
        one = {self.key, self.published, self.version_of}
        return frozenset(one | set(self.fields.values()) | set(self.kept))


@dataclass(frozen=True, slots=True)
class Layout:
    """A set of lists that cite one list of sources."""

    publisher: str
    separator: str
    ignored: frozenset[str]
    sources: Sources
    lists: tuple[Wide, ...]


@cache
def layout(name: str) -> Layout:
    """Return a shipped field map."""
    path = resources.files("dalil.casebook.exchange") / "maps" / f"{name}.json"
    given = json.loads(path.read_text("utf-8"))
    return Layout(
        given["publisher"],
        given["separator"],
        frozenset(given["ignored"]),
        _sources(given["sources"]),
        tuple(_wide(each) for each in given["lists"]),
    )


def _sources(given: Mapping[str, Any]) -> Sources:
    return Sources(
        tuple(given["marks"]),
        given["key"],
        given["type"],
        given["fields"],
        given["published"],
        given["version_of"],
        tuple(given["kept"]),
    )


def _wide(given: Mapping[str, Any]) -> Wide:
    subject = given["subject"]
    return Wide(
        given["role"],
        tuple(given["marks"]),
        subject["type"],
        tuple(subject["key"]),
        subject["name"],
        subject.get("other_names", ""),
        subject.get("labels", ""),
        subject.get("placeholder", ""),
        tuple(_block(each) for each in given["blocks"]),
    )


def _block(given: Mapping[str, Any]) -> Block:
    end, command = given["end"], given.get("command", {})
    return Block(
        given["name"],
        given["relation"],
        end["is"],
        tuple(_point(each) for each in given["points"]),
        end.get("point", ""),
        tuple(PlaceAt(p["point"], p["type"], p.get("id", "")) for p in end.get("places", ())),
        given.get("kind", ""),
        command.get("point", ""),
        tuple(command.get("words", ())),
    )


def _point(given: Mapping[str, Any]) -> Point:
    said: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    return Point(**said)
