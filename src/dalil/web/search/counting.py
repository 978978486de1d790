"""How many of what is found are of each kind and type: exact, within what may be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import exists, func, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.document import tied
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.things import TYPES
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import rows_found, search
from dalil.engines.sqlite import pieces
from dalil.web.search.asking import KINDS


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there would be of each kind, and of each type of entity; none that is 0."""

    kinds: dict[str, int]
    types: dict[str, int]


def count_few(casebook: Casebook, query: Query, view: View) -> Counts | None:
    """Count what choosing each facet would give, where that is quick; else nothing."""
    any_kind, any_type = replace(query, kinds=()), replace(query, types=())
    with casebook.at_once():
        rows = rows_found(casebook, any_kind, view)
        others = rows if any_kind == any_type else rows_found(casebook, any_type, view)
        if rows is None or others is None:
            return None
        kinds = _by(casebook, rows)[0]
        return Counts(_known(kinds, KINDS), _known(_by(casebook, others)[1], TYPES))


def count_facets(casebook: Casebook, query: Query, view: View) -> Counts:
    """Count what choosing each facet would give, with all other conditions as they are."""
    few = count_few(casebook, query, view)
    if few is not None:
        return few
    with casebook.at_once():
        kinds = {
            kind: _total(casebook, replace(query, kinds=(kind,)), view) for kind in _there(casebook)
        }
        types = {each: _total(casebook, replace(query, types=(each,)), view) for each in TYPES}
    return Counts(_known(kinds, KINDS), _known(types, TYPES))


def _total(casebook: Casebook, query: Query, view: View) -> int:
    return search(casebook, replace(query, limit=0, offset=0), view).total


def _known(counts: dict[str, int], words: Iterable[str]) -> dict[str, int]:
    return {word: counts[word] for word in words if counts.get(word)}


def _there(casebook: Casebook) -> list[str]:
    """Return the kinds of which there is a record at all: of the others nothing is found."""
    asked = [exists().where(RECORD.c.kind == kind).label(kind) for kind in KINDS]
    with casebook.reading() as connection:
        found = connection.execute(select(*asked)).one()
    return [kind for kind, there in zip(KINDS, found, strict=True) if there]


def _by(casebook: Casebook, rows: list[int]) -> tuple[Counter[str], Counter[str]]:
    """Return how many rows are of each kind, and of each type as the search compares types."""
    kinds: Counter[str] = Counter()
    types: Counter[str] = Counter()
    type_ = func.json_extract(RECORD.c.body, "$.type")
    with casebook.reading() as connection:
        for piece in pieces(rows):
            chosen = select(RECORD.c.kind, type_, func.count()).where(RECORD.c.n.in_(piece))
            for kind, named, count in connection.execute(chosen.group_by(RECORD.c.kind, type_)):
                kinds[kind] += count
                types[tied(named) if named else ""] += count
    return kinds, types
