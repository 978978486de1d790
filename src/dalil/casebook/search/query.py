"""What is searched for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 30


@dataclass(frozen=True, slots=True)
class Query:
    """Words and conditions, all of which must hold; an empty one finds every record.

    ``words``: all of them, in any script; words in double quotes stand side by side, a word that
    ends in ``*`` is a beginning of three letters or more. Words that are a name find what it
    names under all its forms. ``kinds`` and ``types``: any of them. ``place``: the id of a place;
    ``with_parts``: or of anything in it. ``near``: within metres of a position (millionths of a
    degree, WGS 84). Years: of what is spoken of, else of when it was said. ``source`` and
    ``related``: ids. ``labels``: all of them.
    """

    words: str = ""
    kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    place: str | None = None
    with_parts: bool = True
    near: tuple[int, int, int] | None = None
    year_from: int | None = None
    year_to: int | None = None
    source: str | None = None
    related: str | None = None
    labels: tuple[str, ...] = ()
    case: str | None = None
    limit: int = LIMIT
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found.

    ``named``: the words are a name of it. ``headings``: its name, title or question, and the same
    in the other script where there is one. ``excerpt``: the words around what was found, as they
    are written (headings left out). ``see``: its class, 0 to 2.
    """

    id: str
    kind: str
    type: str | None
    key: str | None
    case: str | None
    see: int
    recorded_at: str
    headings: tuple[str, ...]
    excerpt: str
    named: bool


@dataclass(frozen=True, slots=True)
class Found:
    """How many records there are (exactly, of those that may be seen), and some of them.

    What the words name comes first, then the rest, what was recorded last before what was
    recorded earlier.
    """

    total: int
    hits: tuple[Hit, ...]
