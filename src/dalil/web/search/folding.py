"""Records about copies of one recording stand together: the first, and the rest folded under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import SEES, View
from dalil.casebook.search.query import Hit
from dalil.match.held.families import family_by_item


@dataclass(frozen=True, slots=True)
class Folded:
    """A record that was found, and those that are about other copies of the same recording."""

    hit: Hit
    copies: tuple[Hit, ...]


def folded(archive: Path, casebook: Casebook, view: View, hits: Sequence[Hit]) -> list[Folded]:
    """Return a page of what was found, in its order, copies folded under the first of them.

    What copies there are is restricted: in a view of open records nothing is folded.
    """
    families = family_by_item(archive, casebook.ledger) if view.may_see(SEES["restricted"]) else {}
    items = _items(casebook, view, hits) if families else {}
    first: dict[tuple[str, ...], Hit] = {}
    under: dict[str, list[Hit]] = {}
    for hit in hits:
        family = families.get(items.get(hit.id, ""))
        head = hit if family is None else first.setdefault(family.items, hit)
        # Two records about one file are no copies of each other.
        if head is hit or items[head.id] == items[hit.id]:
            under[hit.id] = []
        else:
            under[head.id].append(hit)
    return [Folded(hit, tuple(under[hit.id])) for hit in hits if hit.id in under]


def _items(casebook: Casebook, view: View, hits: Sequence[Hit]) -> Mapping[str, str]:
    """Return the item that each record is about, of those that are about one."""
    item = func.json_extract(RECORD.c.body, "$.item")
    ids = [each.id for each in hits]
    chosen = select(RECORD.c.id, item).where(RECORD.c.id.in_(ids), view.rows(RECORD))
    with casebook.reading() as connection:
        return {found: about for found, about in connection.execute(chosen) if about}
