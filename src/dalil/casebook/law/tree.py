"""A tree of law: contexts, crimes and modes, each with its elements; nothing in it is a verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dalil.casebook.report.page import Worded
from dalil.errors import NoSuchThing
from dalil.kernel import canonical

# What an element asks for: an act, what came of it, a circumstance, a state of mind, the wider
# situation.
SORTS = ("conduct", "result", "circumstance", "mind", "context")
TEXT_IS = ("paraphrase", "official")
CONTEXT, CRIME, MODE = PARTS = ("context", "crime", "mode")
# Which picture of the casebook says something on an element.
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class LawSource:
    """Where the law stands: its title, its address, the version that was read (EDTF)."""

    key: str
    title: Worded
    url: str
    version: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element: what has to be shown.

    ``id`` is ``part/name``. ``text_is``: our own words (``paraphrase``), or the law's
    (``official``). ``original``: the official words in their own language (``original_lang``),
    where that is neither English nor Arabic. ``at`` says where in the source. ``chart``: which
    picture of the casebook bears on it.
    """

    id: str
    sort: str
    text: Worded
    text_is: str
    source: LawSource
    at: str
    original: str = ""
    original_lang: str = ""
    chart: str = ""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all that somebody who checks it reads, in hexadecimal."""
        said = [
            self.id, self.sort, self.text.en, self.text.ar, self.text_is, self.source.title.en,
            self.source.title.ar, self.source.url, self.source.version, self.at, self.original,
            self.original_lang,
        ]  # fmt: skip
        return hashlib.sha256(b"dalil/element/v1\0" + canonical.encode(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Part:
    """A context, a crime or a mode, with its own elements; ``contexts`` belong to a crime."""

    key: str
    kind: str
    article: str
    name: Worded
    elements: tuple[Element, ...]
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """One body of law. ``parts`` by key, contexts first, then crimes, then modes."""

    key: str
    version: str
    name: Worded
    note: Worded
    sources: tuple[LawSource, ...]
    parts: Mapping[str, Part]

    def of(self, kind: str) -> tuple[Part, ...]:
        """Return the contexts, crimes or modes."""
        return tuple(each for each in self.parts.values() if each.kind == kind)

    def part(self, kind: str, key: str) -> Part:
        """Return one part.

        Raises:
            NoSuchThing: the tree has none such.

        """
        found = self.parts.get(key)
        if found is None or found.kind != kind:
            raise NoSuchThing(f"{kind} {key} in the tree {self.key}")
        return found

    def asked(self, crime: str, mode: str) -> tuple[Part, ...]:
        """Return the parts that a crime and a mode ask for: contexts, the crime, the mode.

        Raises:
            NoSuchThing: the tree has no such crime or mode.

        """
        chosen = self.part(CRIME, crime)
        around = (self.part(CONTEXT, each) for each in chosen.contexts)
        return (*around, chosen, self.part(MODE, mode))

    def elements(self) -> Iterator[Element]:
        """Yield every element."""
        for each in self.parts.values():
            yield from each.elements

    def element(self, id_: str) -> Element:
        """Return one element.

        Raises:
            NoSuchThing: the tree has none such.

        """
        part = self.parts.get(id_.partition("/")[0])
        found = next((e for e in part.elements if e.id == id_), None) if part else None
        if found is None:
            raise NoSuchThing(f"element {id_} in the tree {self.key}")
        return found
