"""Law: trees of elements, what is supposed, how claims bear on it, who checked a wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from dalil.casebook.record.form import (
    SLUG,
    Record,
    choice,
    each,
    field,
    identifier,
    quoted,
    record_kind,
    text,
)
from dalil.kernel.canonical import Json

BEARS = ("supports", "undermines", "neutral")
# A tree is carried in pieces, since a text has an end; together they stay below a record's.
PIECE = 30_000
ELEMENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}/[a-z0-9][a-z0-9._-]{0,63}")
DIGEST = re.compile(r"[0-9a-f]{64}")


def slug(value: Json) -> str:
    """Check the short name of a tree, a crime or a mode."""
    right = isinstance(value, str) and SLUG.fullmatch(value)
    return "" if right else f"{quoted(value)} is no short name (a-z, 0-9, . _ -)"


def element(value: Json) -> str:
    """Check the name of an element: its part of the tree, a stroke, its own name."""
    right = isinstance(value, str) and ELEMENT.fullmatch(value)
    return "" if right else f"{quoted(value)} is no element such as 7-1-a/killed"


def sha256(value: Json) -> str:
    """Check a digest: 64 hexadecimal digits."""
    right = isinstance(value, str) and DIGEST.fullmatch(value)
    return "" if right else f"{quoted(value)} is no SHA-256 of 64 hexadecimal digits"


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class LawTree(Record):
    """A tree of elements that somebody brought, as YAML (docs/elements-of-crimes.md).

    ``key`` is what the tree calls itself; ``pieces`` its text, in order. A tree of the program with
    the same key stands behind it.
    """

    kind: ClassVar[str] = "law_tree"

    key: str = field(slug)
    pieces: tuple[str, ...] = field(each(text(PIECE), 8))


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis(Record):
    """What is supposed, to be tested: a suspect, an incident, a crime and a mode of a tree.

    It says nothing by itself; what is there for and against each element is in its bearings.
    """

    kind: ClassVar[str] = "hypothesis"

    suspect: str = field(identifier)
    incident: str = field(identifier)
    tree: str = field(slug)
    crime: str = field(slug)
    mode: str = field(slug)
    note: str | None = field(text(), default=None)


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing(Record):
    """How a claim bears on one element of a hypothesis, and why a person holds so.

    The claim is a proposition, or a relation (``link``) that somebody states: a posting, what was
    known, what was done about it.
    """

    kind: ClassVar[str] = "bearing"

    hypothesis: str = field(identifier)
    element: str = field(element)
    bears: str = field(choice(*BEARS))
    reasoning: str = field(text(4000))
    proposition: str | None = field(identifier, default=None)
    link: str | None = field(identifier, default=None)

    def wrong_together(self) -> str:
        """Refuse what bears on nothing, or two claims at once."""
        one = (self.proposition is None) != (self.link is None)
        return "" if one else "proposition, link: exactly one of them is the claim"


@record_kind
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff(Record):
    """That a person checked the wording of an element against its source, with reasons.

    ``said`` is the SHA-256 of what was checked (`Element.digest`): once the wording, its source
    or its version changes, the element is to be checked again.
    """

    kind: ClassVar[str] = "signed_off"

    tree: str = field(slug)
    element: str = field(element)
    said: str = field(sha256)
    reasoning: str = field(text(4000))
