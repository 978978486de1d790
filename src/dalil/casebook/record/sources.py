"""Sources, where they come from, and how far they are to be relied on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    Record,
    choice,
    edtf,
    field,
    identifier,
    quoted,
    record_kind,
    shape,
    text,
    truth,
    whole,
)
from dalil.kernel.canonical import Json

# ``version``: another copy of the same work, whose words may differ. ``based_on``: leans on it.
DERIVATIONS = (
    "repeats", "quotes", "translates", "excerpt", "same_footage", "version", "based_on",
)  # fmt: skip
TIMEBASE = re.compile(r"[1-9][0-9]{0,9}/[1-9][0-9]{0,9}")
BOX = shape({"x": whole(0), "y": whole(0), "w": whole(1), "h": whole(1)})


def timebase(value: Json) -> str:
    """Check a time base: seconds a tick as a fraction, ``1/90000``."""
    right = isinstance(value, str) and TIMEBASE.fullmatch(value)
    return "" if right else f"{quoted(value)} is no time base such as 1/90000"


LOCATOR = shape(
    {},
    {
        "page": text(100),
        "quote": text(),
        "item": identifier,
        "pts_start": whole(),
        "pts_end": whole(),
        "timebase": timebase,
        "box": BOX,
        "selector": text(2000),
        "url": text(4000),
    },
)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """Who or what speaks. Kind ``origin``: not a publication, but what publications rest on.

    Its class hides who it is, not what is said: an assertion of a sealed source can be seen by
    whoever may see the assertion, from "a withheld source".
    """

    kind: ClassVar[str] = "source"

    type: str = field(text(100))
    key: str | None = field(text(200), default=None)
    title: str | None = field(text(2000), default=None)
    author: str | None = field(text(1000), default=None)
    publisher: str | None = field(text(1000), default=None)
    published: str | None = field(edtf, default=None)
    url: str | None = field(text(4000), default=None)
    archive_url: str | None = field(text(4000), default=None)
    item: str | None = field(identifier, default=None)
    lang: str | None = field(text(35), default=None)
    read_how: str | None = field(text(1000), default=None)
    conditions: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation(Record):
    """One source comes from another; ``child`` and ``parent`` are ids of sources."""

    kind: ClassVar[str] = "derivation"

    child: str = field(identifier)
    parent: str = field(identifier)
    how: str = field(choice(*DERIVATIONS))
    note: str | None = field(text(), default=None)

    def wrong_together(self) -> str:
        """Refuse a source that comes from itself; longer circles are refused when written."""
        return "parent: a source does not come from itself" if self.child == self.parent else ""


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Record):
    """How reliable a source is (A to F), said by a person with reasons; apart from credibility."""

    kind: ClassVar[str] = "grade"

    source: str = field(identifier)
    value: str = field(choice(*"ABCDEF"))
    reasoning: str = field(text())
    topic: str | None = field(text(500), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Record):
    """What an assertion rests on, or what speaks against it: another assertion, or a source.

    ``credibility`` is 1 (confirmed) to 6 (cannot be judged), apart from the source's grade.
    """

    kind: ClassVar[str] = "evidence"

    assertion: str = field(identifier)
    relation: str = field(
        choice("shows", "supports", "undermines", "contradicts", "explains_away", "context")
    )
    by_assertion: str | None = field(identifier, default=None)
    by_source: str | None = field(identifier, default=None)
    locator: Json | None = field(LOCATOR, default=None)
    note: str | None = field(text(), default=None)
    credibility: int | None = field(whole(1, 6), default=None)
    machine: bool = field(truth, default=False)

    def wrong_together(self) -> str:
        """Refuse evidence from nowhere, or of a thing for itself."""
        if (self.by_assertion is None) == (self.by_source is None):
            return "by_assertion, by_source: exactly one of them is evidence"
        if self.by_assertion == self.assertion:
            return "by_assertion: an assertion is no evidence for itself"
        return ""
