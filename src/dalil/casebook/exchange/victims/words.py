"""The words by which lists of victims are read, in Arabic and English (words.json beside).

Words are compared folded (``casebook.text.names.fold``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dalil.casebook.text.names import fold

Meanings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What folded words mean: ``columns`` of a header, ``scripts`` at its end, and in cells."""

    columns: Meanings
    scripts: Meanings
    sex: Meanings
    age_class: Meanings
    fate: Meanings
    nothing: frozenset[str]
    nameless: frozenset[str]
    units: Meanings
    bounds: Meanings


@cache
def words() -> Words:
    """Return the words that come with the program."""
    text = (resources.files("dalil.casebook.exchange.victims") / "words.json").read_text("utf-8")
    said = json.loads(text)
    return Words(
        _turned(said["columns"]),
        _turned(said["scripts"]),
        _turned(said["sex"]),
        _turned(said["age_class"]),
        _turned(said["fate"]),
        frozenset(map(fold, said["nothing"])) | {""},
        frozenset(map(fold, said["nameless"])),
        _turned({name: said[name] for name in ("years", "months", "days")}),
        _turned({name: said[name] for name in ("about", "under", "over")}),
    )


def _turned(said: Mapping[str, list[str]]) -> Meanings:
    """Return what each word means, of what words there are for each meaning."""
    return {fold(word): meaning for meaning, each in said.items() for word in each}
