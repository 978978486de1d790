"""The layout of a claims sheet: which columns, and which words mean what; all of it data."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from dalil.casebook.exchange.sheets import Row, Sheet
from dalil.errors import Malformed

FORMAT = "claims-sheet"
EXPECTED = {"dict": "a table", "list": "a list", "str": "a text"}
MOST_SECONDS = 1 << 31
Words = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a sheet holds what; a sheet is known by its name and the needed ones."""

    file: str
    columns: Mapping[str, str]
    needed: Words

    def fits(self, sheet: Sheet) -> bool:
        """Whether this sheet is one of this layout."""
        named = fnmatch.fnmatch(sheet.name.casefold(), self.file)
        return named and all(self.columns[each] in sheet.columns for each in self.needed)

    def cell(self, row: Row, name: str) -> str:
        """Return what a row has in the column that holds ``name``."""
        column = self.columns.get(name)
        return row[column] if column is not None else ""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a question counts, told by its words; ``unit`` in which a length is kept."""

    words: Words
    measure: str
    nouns: Words
    unit: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """A question whose answers name several things at once: a rank and a unit."""

    words: Words
    separator: str
    unit: str
    rest: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole layout, as its file says it (``maps/claims-sheet.json`` is the one we ship)."""

    claims: Columns
    sources: Columns
    names: Columns
    types: Mapping[str, str]
    several: Mapping[str, str]
    byname: str
    two_persons: Words
    post: str
    commands: Words
    roles: Pairs
    origin_prefix: str
    versions: Words
    publisher_words: Pairs
    explains_away: Words
    measures: tuple[Measure, ...]
    counted: Words
    facets: tuple[Facet, ...]
    unit_words: Words
    not_unit_words: Words
    numbers: Mapping[str, str]
    signs: Pairs
    durations: Mapping[str, int]
    including: Words
    denials: Words
    verbs: Pairs
    unsure: Words
    mixed_scope: Words
    own_scope: Words
    same_source: Words
    all_others: Words
    empty_words: frozenset[str]
    none: Words
    obtained: Pairs
    hearsay: Words


def shipped() -> Layout:
    """Return the layout that comes with the program."""
    text = (resources.files("dalil.casebook.exchange") / "maps" / "claims-sheet.json").read_text(
        "utf-8"
    )
    return layout_of(json.loads(text), "claims-sheet.json")


def layout_of(untrusted: Any, where: str) -> Layout:  # noqa: ANN401 - JSON of a file
    """Return the layout that a file says.

    Raises:
        Malformed: a part of it is missing or is no list, table or text; it is named.

    """
    sheets, entities = _table(untrusted, "sheets", where), _table(untrusted, "entities", where)
    sources, questions = _table(untrusted, "sources", where), _table(untrusted, "questions", where)
    values, relations = _table(untrusted, "values", where), _table(untrusted, "relations", where)
    evidence, names = _table(untrusted, "evidence", where), _table(untrusted, "names", where)
    return Layout(
        claims=_columns(sheets, "claims", where),
        sources=_columns(sheets, "sources", where),
        names=_columns(sheets, "names", where),
        types=_texts(entities, "types", where),
        several=_texts(entities, "several", where),
        byname=_text(entities, "byname", where),
        two_persons=_words(entities, "two_persons", where),
        post=_text(entities, "post", where),
        commands=_words(entities, "commands", where),
        roles=_pairs(names, "roles", where),
        origin_prefix=_text(sources, "origin_prefix", where),
        versions=_words(sources, "versions", where),
        publisher_words=_pairs(sources, "publisher_words", where),
        explains_away=_words(sources, "explains_away", where),
        measures=tuple(_measure(each, where) for each in _list(questions, "measures", where)),
        counted=_words(questions, "counted", where),
        facets=tuple(_facet(each, where) for each in _list(questions, "facets", where)),
        unit_words=_words(questions, "unit_words", where),
        not_unit_words=_words(questions, "not_unit_words", where),
        numbers=_texts(values, "numbers", where),
        signs=_pairs(values, "signs", where),
        durations=_numbers(values, "durations", where),
        including=_words(values, "including", where),
        denials=_words(values, "denials", where),
        verbs=_pairs(relations, "verbs", where),
        unsure=_words(relations, "unsure", where),
        mixed_scope=_words(relations, "mixed_scope", where),
        own_scope=_words(relations, "own_scope", where),
        same_source=_words(relations, "same_source", where),
        all_others=_words(relations, "all_others", where),
        empty_words=frozenset(_words(relations, "empty_words", where)),
        none=_words(evidence, "none", where),
        obtained=_pairs(evidence, "obtained", where),
        hearsay=_words(evidence, "hearsay", where),
    )


def said_in(text: str, pairs: Pairs) -> str | None:
    """Return what the first word of ``pairs`` that stands in a text means."""
    folded = text.casefold()
    return next((meaning for word, meaning in pairs if word in folded), None)


def any_in(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in a text."""
    folded = text.casefold()
    return any(word in folded for word in words)


def _columns(sheets: Mapping[str, Any], name: str, where: str) -> Columns:
    table = _table(sheets, name, where)
    columns, needed = _texts(table, "columns", where), _words(table, "needed", where)
    for each in needed:
        if each not in columns:
            raise Malformed(f"{where}: {name}: needed {each!r} has no column")
    return Columns(_text(table, "file", where), columns, needed)


def _measure(untrusted: Any, where: str) -> Measure:  # noqa: ANN401 - JSON of a file
    unit = untrusted.get("unit") if isinstance(untrusted, dict) else None
    return Measure(
        _words(untrusted, "words", where),
        _text(untrusted, "measure", where),
        _words(untrusted, "nouns", where),
        unit if isinstance(unit, str) else None,
    )


def _facet(untrusted: Any, where: str) -> Facet:  # noqa: ANN401 - the same
    return Facet(
        _words(untrusted, "words", where),
        _text(untrusted, "separator", where),
        _text(untrusted, "unit", where),
        _text(untrusted, "rest", where),
    )


def _get(untrusted: Any, name: str, kind: type, where: str) -> Any:  # noqa: ANN401 - the same
    value = untrusted.get(name) if isinstance(untrusted, dict) else None
    if not isinstance(value, kind):
        raise Malformed(f"{where}: {name}: {EXPECTED[kind.__name__]} is expected")
    return value


def _table(untrusted: Any, name: str, where: str) -> Mapping[str, Any]:  # noqa: ANN401 - the same
    table: Mapping[str, Any] = _get(untrusted, name, dict, where)
    return table


def _texts(untrusted: Any, name: str, where: str) -> Mapping[str, str]:  # noqa: ANN401 - the same
    return {str(k): str(v) for k, v in _table(untrusted, name, where).items()}


def _numbers(untrusted: Any, name: str, where: str) -> Mapping[str, int]:  # noqa: ANN401 - the same
    table = _table(untrusted, name, where)
    if not all(type(each) is int and 0 < each < MOST_SECONDS for each in table.values()):
        raise Malformed(f"{where}: {name}: seconds as whole numbers are expected")
    return table


def _text(untrusted: Any, name: str, where: str) -> str:  # noqa: ANN401 - the same
    return str(_get(untrusted, name, str, where))


def _list(untrusted: Any, name: str, where: str) -> Sequence[Any]:  # noqa: ANN401 - the same
    found: Sequence[Any] = _get(untrusted, name, list, where)
    return found


def _words(untrusted: Any, name: str, where: str) -> Words:  # noqa: ANN401 - the same
    return tuple(str(each) for each in _list(untrusted, name, where))


def _pairs(untrusted: Any, name: str, where: str) -> Pairs:  # noqa: ANN401 - the same
    pairs = _list(untrusted, name, where)
    if any(not isinstance(each, list) or len(each) != 2 for each in pairs):  # noqa: PLR2004 - a pair
        raise Malformed(f"{where}: {name}: a list of pairs [words, meaning] is expected")
    return tuple((str(word), str(meaning)) for word, meaning in pairs)
