"""Which column of a list of victims says what, told by its header."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dalil.casebook.exchange.sheets import Faults, Sheet
from dalil.casebook.exchange.victims.words import words
from dalil.casebook.text.names import fold

# Without two of these beside a name, a sheet is no list of victims.
TELLING = ("sex", "age", "age_from", "age_to", "age_class", "born", "date", "place", "fate")
ENOUGH = 2
PARTS = ("first", "father", "grandfather", "family")
# What several columns may say together.
MANY = ("name", "alias", "place", "about", *PARTS)
ONE_COLUMN = "one column that says this; {0} is read so"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet.

    ``names``: column, script (ISO 15924, or none) and role. ``parts``: of each script the columns
    that make a name together. ``one``: field → its column. ``kept``: columns that are not known.
    """

    names: tuple[tuple[str, str | None, str], ...]
    parts: tuple[tuple[str | None, tuple[str, ...]], ...]
    one: Mapping[str, str]
    place: tuple[str, ...]
    about: tuple[str, ...]
    kept: tuple[str, ...]


def is_list(sheet: Sheet) -> bool:
    """Whether a sheet has a name, and enough of what lists of victims say beside it."""
    said = {meaning for meaning, _ in map(meaning_of, sheet.columns) if meaning}
    named = said & {"name", "first", "label"}
    return bool(named) and len(said.intersection(TELLING)) >= ENOUGH


def columns_of(sheet: Sheet, faults: Faults) -> Columns:
    """Return which column says what; two that say one thing are noted in ``faults``.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    found: dict[str, list[tuple[str, str | None]]] = {}
    for column in sheet.columns:
        meaning, script = meaning_of(column)
        found.setdefault(meaning, []).append((column, script))
    names = [(column, script, "name") for column, script in found.get("name", ())]
    names += [(column, script, "alias") for column, script in found.get("alias", ())]
    parts = _parts(found)
    joined = {column for _, columns in parts for column in columns}
    one = {
        meaning: each[0][0] for meaning, each in found.items() if meaning and meaning not in MANY
    }
    for meaning, read in one.items():
        for column, _ in found[meaning][1:]:
            faults.add(sheet.file, 1, column, column, ONE_COLUMN.format(read))
    loose = [column for part in PARTS for column, _ in found.get(part, ()) if column not in joined]
    return Columns(
        tuple(names),
        parts,
        one,
        _first(found.get("place", ())),
        _first(found.get("about", ())),
        (*_first(found.get("", ())), *loose),
    )


def meaning_of(column: str) -> tuple[str, str | None]:
    """Return what a column says, as its name tells (empty: unknown), and in which script."""
    folded = fold(column)
    known = words().columns.get(folded)
    if known is not None:
        return known, None
    for word, script in words().scripts.items():
        if folded.endswith(f" {word}"):
            return words().columns.get(folded.removesuffix(f" {word}"), ""), script
        if folded.startswith(f"{word} "):
            return words().columns.get(folded.removeprefix(f"{word} "), ""), script
    return "", None


def _parts(
    found: Mapping[str, list[tuple[str, str | None]]],
) -> tuple[tuple[str | None, tuple[str, ...]], ...]:
    """Return the columns that make a name together, of each script in which no whole one is."""
    whole = {script for _, script in found.get("name", ())}
    parts = []
    for _, script in found.get("first", ()):
        if script in whole or (script is None and whole):
            continue
        of = [c for part in PARTS for c, written in found.get(part, ()) if written == script]
        parts.append((script, tuple(of)))
    return tuple(dict.fromkeys(parts))


def _first(pairs: Iterable[tuple[str, str | None]]) -> tuple[str, ...]:
    return tuple(column for column, _ in pairs)
