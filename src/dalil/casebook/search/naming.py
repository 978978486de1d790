"""What somebody means by a word: an id, a key, or any form of a name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select

from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.form import ID, kinds
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import Readable, search
from dalil.errors import NoSuchThing

SHOWN = 6


def id_meant(casebook: Readable, word: str, view: View, types: Sequence[str] = ()) -> str:
    """Return the id of the one record that ``word`` means; of entities only those of ``types``.

    Raises:
        NoSuchThing: none that may be seen, or several; the message says how to choose.

    """
    found = _named_exactly(casebook, word, view)
    if not found:
        query = Query(word, kinds=("entity",), types=tuple(types), limit=SHOWN * 10)
        found = [hit.id for hit in search(casebook, query, view).hits if hit.named]
    if len(found) == 1:
        return str(found[0])
    if not found:
        raise NoSuchThing(f"nothing that may be seen has the id, key or name {word!r}")
    some = ", ".join(found[:SHOWN])
    raise NoSuchThing(f"{word!r} may mean {len(found)} records: {some}; give one of these ids")


def _named_exactly(casebook: Readable, word: str, view: View) -> list[str]:
    """Return the records that have this id or key; asked apart, since each has its index."""
    ways = [and_(RECORD.c.kind.in_(kinds()), RECORD.c.key == word)]
    if ID.fullmatch(word):
        ways.append(RECORD.c.id == word)
    found: set[str] = set()
    with casebook.reading() as connection:
        for way in ways:
            chosen = select(RECORD.c.id).where(way, view.rows(RECORD), ~RECORD.c.withdrawn)
            found |= {id_ for (id_,) in connection.execute(chosen)}
    return sorted(found)
