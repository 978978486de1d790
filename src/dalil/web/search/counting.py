"""How many of what is found are of each kind and type: exact, within what may be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.things import TYPES
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.web.search.asking import KINDS

# Where more is found than this, the numbers come after the page (search/facets.js asks for them).
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there would be of each kind, and of each type of entity; none that is 0."""

    kinds: dict[str, int]
    types: dict[str, int]


def count_facets(casebook: Casebook, query: Query, view: View) -> Counts:
    """Count what choosing each facet would give, with all other conditions as they are."""
    with casebook.at_once():
        kinds = _counted(casebook, replace(query, types=()), view, "kinds", KINDS)
        types = {}
        if kinds.get("entity"):
            types = _counted(casebook, replace(query, kinds=("entity",)), view, "types", TYPES)
    return Counts(kinds, types)


def _counted(
    casebook: Casebook, query: Query, view: View, name: str, values: tuple[str, ...]
) -> dict[str, int]:
    found = {}
    for value in values:
        chosen = (value,)
        one = replace(query, kinds=chosen) if name == "kinds" else replace(query, types=chosen)
        found[value] = search(casebook, replace(one, limit=0, offset=0), view).total
    return {value: count for value, count in found.items() if count}
