"""What is there of what a description names: which of it may be seen, and which still stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.tables import ACT, FOOTAGE, RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record
from dalil.engines.sqlite import pieces

R = TypeVar("R", bound=Record)


def of_round(
    casebook: Casebook, round_: str, view: View, kind: type[R]
) -> Iterator[tuple[R, Known]]:
    """Yield the records of a kind that name a round and stand, in order of writing."""
    for known in casebook.naming(round_, view, kind.kind, "round"):
        if isinstance(known.record, kind) and known.record.withdrawn is None:
            yield known.record, known


def standing(casebook: Casebook, ids: Iterable[str], view: View) -> dict[str, bool]:
    """Return which of these records may be seen, and whether each of them was withdrawn."""
    found: dict[str, bool] = {}
    with casebook.reading() as connection:
        for piece in pieces(sorted(set(ids))):
            chosen = (
                select(RECORD.c.id, RECORD.c.withdrawn)
                .join(ACT, ACT.c.seq == RECORD.c.seq)
                .where(RECORD.c.id.in_(piece), view.known(RECORD), view.read_by(RECORD, ACT))
            )
            found |= {id_: bool(gone) for id_, gone in connection.execute(chosen)}
    return found


def items_of(casebook: Casebook, view: View, *kinds: type[Record]) -> tuple[str, ...]:
    """Return the items of which records of these kinds speak that may be seen."""
    chosen = (
        select(FOOTAGE.c.item)
        .join(RECORD, RECORD.c.n == FOOTAGE.c.n)
        .where(FOOTAGE.c.kind.in_([each.kind for each in kinds]))
        .where(view.rows(FOOTAGE), ~RECORD.c.withdrawn)
        .distinct()
        .order_by(FOOTAGE.c.item)
    )
    with casebook.reading() as connection:
        return tuple(item for (item,) in connection.execute(chosen))
