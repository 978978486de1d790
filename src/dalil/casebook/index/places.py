"""In which places something is: where it is said to be, and what those places are part of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from dalil.casebook.index.tables import RELATION
from dalil.engines.sqlite import pieces

# Relations whose ``b`` is a place that ``a`` is in.
INTO = ("located_at", "part_of", "present_at")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entity is: place → the lowest class from which that can be seen.

    ``at``: where it is said to be; ``within``: that, and all that it is part of.
    """

    at: dict[str, int]
    within: dict[str, int]


def places_of(
    connection: Connection, ids: Iterable[str], rows: ColumnElement[bool] | None = None
) -> Callable[[str], Placed]:
    """Return what tells where each of these entities is, as the relations ``rows`` have it.

    Without ``rows``: as far as is known now, of any class. Relations in a circle are followed
    once.
    """
    known = rows if rows is not None else RELATION.c.known_to.is_(None)
    into: dict[str, dict[str, int]] = {}
    at: dict[str, dict[str, int]] = {}
    waiting = set(ids)
    while waiting:
        for each in waiting:
            into[each], at[each] = {}, {}
        for relation, inner, outer, see in _steps(connection, waiting, known):
            into[inner][outer] = min(see, into[inner].get(outer, see))
            if relation != "part_of":
                at[inner][outer] = min(see, at[inner].get(outer, see))
        waiting = {outer for each in waiting for outer in into[each]} - set(into)

    def placed(id_: str) -> Placed:
        return Placed(at[id_], _climb(id_, into))

    return placed


def _steps(
    connection: Connection, ids: Iterable[str], known: ColumnElement[bool]
) -> Iterator[tuple[str, str, str, int]]:
    # No condition on b: SQLite would walk its index in place of looking up a.
    for piece in pieces(sorted(ids)):
        chosen = select(RELATION.c.relation, RELATION.c.a, RELATION.c.b, RELATION.c.see).where(
            RELATION.c.relation.in_(INTO),
            RELATION.c.a.in_(piece),
            RELATION.c.polarity == "affirms",
            known,
        )
        yield from ((how, a, b, int(see)) for how, a, b, see in connection.execute(chosen))


def _climb(id_: str, into: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return all that something is in, each with the highest class on the most open way there."""
    best: dict[str, int] = {}
    by_class: dict[int, list[str]] = defaultdict(list)
    by_class[0].append(id_)
    for see in range(3):
        ways = by_class[see]
        while ways:
            here = ways.pop()
            for outer, step in into[here].items():
                if best.get(outer, 3) > max(see, step):
                    best[outer] = max(see, step)
                    by_class[max(see, step)].append(outer)
    return best
