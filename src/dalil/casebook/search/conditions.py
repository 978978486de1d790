"""What a query asks beside its words, as facets any of which, all of which must be there."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from sqlalchemy import Connection, select

from dalil.casebook.index.document import facet, tied
from dalil.casebook.index.tables import ASSERTION, MENTION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.index.words import SPOT
from dalil.casebook.record.form import trusted_record_of
from dalil.casebook.record.sites import Position
from dalil.casebook.record.things import Entity
from dalil.casebook.search.query import Query
from dalil.casebook.sites.told import positions, site_of
from dalil.casebook.text.position import CELL, EARTH_M, MICRO, metres_between
from dalil.errors import UsageRefused

FIRST_YEAR, LAST_YEAR = 1, 9999
MOST_YEARS = 200


def facets_of(connection: Connection, query: Query, view: View) -> list[tuple[str, ...]]:
    """Return the choices of facets that a record must meet, one of each; an empty one: none can.

    Raises:
        UsageRefused: the years run backwards, or are more than a search takes.

    """
    choices = [
        tuple(facet("kind", each) for each in query.kinds),
        tuple(facet("type", tied(each)) for each in query.types),
        tuple(facet("year", str(year)) for year in _years(query)),
    ]
    choices += [(facet("label", tied(each)),) for each in query.labels]
    choices = [each for each in choices if each]
    if query.case is not None:
        choices.append((facet("case", query.case),))
    if query.place is not None:
        name = "in" if query.with_parts else "at"
        may_see = is_seen(connection, query.place, view)
        choices.append((facet(name, query.place),) if may_see else ())
    if query.near is not None:
        choices.append(tuple(facet("at", each) for each in _spots(connection, query.near, view)))
    return choices


def _years(query: Query) -> range:
    first, last = query.year_from, query.year_to
    if first is None and last is None:
        return range(0)
    # Without an end, as many years as a search takes: nothing here is older or younger.
    first = max(FIRST_YEAR, (last or 0) - MOST_YEARS + 1) if first is None else first
    last = min(LAST_YEAR, first + MOST_YEARS - 1) if last is None else last
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise UsageRefused(f"years: {first} to {last} runs backwards or is out of the calendar")
    if last - first >= MOST_YEARS:
        raise UsageRefused(f"years: a search takes {MOST_YEARS} of them")
    return range(first, last + 1)


def is_seen(connection: Connection, id_: str, view: View) -> bool:
    """Whether there is such a record, and the view shows it."""
    chosen = select(RECORD.c.n).where(RECORD.c.id == id_, view.rows(RECORD), ~RECORD.c.withdrawn)
    return connection.execute(chosen).first() is not None


def _spots(connection: Connection, near: tuple[int, int, int], view: View) -> Iterator[str]:
    """Yield the ids of what lies within a circle, as far as it may be seen.

    A position is compared as this view is told it: with exact ones, circles that grow narrower
    would find out where something lies. A site lies wherever anybody has it.
    """
    lat, lon, metres = near
    # As far beside where it is told to lie as two cells.
    high = math.degrees(metres / EARTH_M) * MICRO + 2 * CELL
    chosen = (
        select(RECORD.c.body)
        .join(SPOT, RECORD.c.n == SPOT.c.n)
        .where(SPOT.c.lat_e6.between(lat - high, lat + high), view.rows(RECORD))
        .where(~RECORD.c.withdrawn)
    )
    found = [trusted_record_of(json.loads(body)) for (body,) in connection.execute(chosen)]
    placed = [each for each in found if isinstance(each, Entity | Position)]
    where = positions(connection, view.clearance, map(site_of, placed))
    for each in placed:
        told = where.of(each)
        if told is not None and metres_between((lat, lon), told.point) <= metres:
            yield site_of(each)


def related_to(connection: Connection, query: Query, view: View) -> set[int] | None:
    """Return the ``n`` of what is related to one record and comes from one source; None: all."""
    asked = [
        _of_source(connection, query.source, view) if query.source is not None else None,
        _related(connection, query.related, view) if query.related is not None else None,
    ]
    sets = [each for each in asked if each is not None]
    return set.intersection(*sets) if sets else None


def _of_source(connection: Connection, source: str, view: View) -> set[int]:
    if not is_seen(connection, source, view):
        return set()
    return _naming(connection, source)


def _naming(connection: Connection, target: str) -> set[int]:
    chosen = select(MENTION.c.n).where(MENTION.c.target == target)
    return {n for (n,) in connection.execute(chosen)}


def _related(connection: Connection, id_: str, view: View) -> set[int]:
    """Return what names a record, what is in a relation to it, and what is said on it."""
    if not is_seen(connection, id_, view):
        return set()
    found = _naming(connection, id_)
    other, link = RECORD.alias("other"), RELATION.c
    naming = select(MENTION.c.n).where(MENTION.c.target == id_)
    for here, there in ((link.a, link.b), (link.b, link.a)):
        ends = (
            select(other.c.n)
            .join(RELATION, there == other.c.id)
            .where(RELATION.c.n.in_(naming), here == id_, view.rows(RELATION), view.rows(other))
        )
        found |= {n for (n,) in connection.execute(ends)}
    said = select(ASSERTION.c.n).join(RECORD, RECORD.c.id == ASSERTION.c.proposition)
    said = said.where(RECORD.c.n.in_(naming), view.rows(RECORD))
    return found | {n for (n,) in connection.execute(said)}
