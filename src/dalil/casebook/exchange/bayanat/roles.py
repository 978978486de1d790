"""How an installation of Bayanat calls its relations: the export has numbers, not names.

The names lie in tables of the installation (``atoa_info`` …). Where they were given out as sheets
beside the export, with the columns ``id`` and ``title``, these are taken; otherwise the names with
which a new installation begins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dalil.casebook.exchange.sheets import Faults, Sheet

ENDING = "_info"
NEEDED = frozenset({"id", "title"})


@dataclass(frozen=True, slots=True)
class Role:
    """What a relation is called; ``reverse`` from its other end; ``…_tr`` in a second language."""

    title: str
    reverse: str = ""
    title_tr: str = ""
    reverse_tr: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """Names by table (``atoa``) and number; ``own``: tables that this installation gave out."""

    names: Mapping[tuple[str, str], Role]
    own: frozenset[str]


@cache
def shipped() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Return what is known of Bayanat as such (exchange/maps/bayanat.json)."""
    text = (resources.files("dalil.casebook.exchange") / "maps" / "bayanat.json").read_text("utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = json.loads(text)
    return found


def is_roles(sheet: Sheet) -> bool:
    """Whether a sheet is such a table."""
    table = sheet.name.removesuffix(ENDING)
    given = table in shipped()["relations"] and sheet.name != table
    return given and set(sheet.columns) >= NEEDED


def roles_in(sheets: Sequence[Sheet], faults: Faults) -> Roles:
    """Return the names of relations: those of the tables, else those that Bayanat begins with.

    Raises:
        ImportRefused: fifty places are wrong.

    """
    names = {
        (table, number): Role(*titles)
        for table, roles in shipped()["relations"].items()
        for number, titles in roles.items()
    }
    own = set()
    for sheet in filter(is_roles, sheets):
        table = sheet.name.removesuffix(ENDING)
        own.add(table)
        names = {key: role for key, role in names.items() if key[0] != table}
        for row in sheet.rows(faults):
            if not row["id"] or not row["title"]:
                column = "title" if row["id"] else "id"
                faults.add(
                    sheet.file, row.number, column, "", "something; this column may not be empty"
                )
                continue
            names[table, row["id"]] = Role(
                row["title"], row["reverse_title"], row["title_tr"], row["reverse_title_tr"]
            )
    return Roles(names, frozenset(own))
