"""Positions as a clearance may know them: as recorded, or coarsely, by today's rule.

Every output that holds a position takes it from here. Which class is told exact positions of a
site, its standing `Precision` records say, of whatever class these are; a day that is asked for
changes nothing of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, select, true

from dalil.casebook.index.tables import MENTION, RECORD
from dalil.casebook.index.view import SEES
from dalil.casebook.index.words import SPOT
from dalil.casebook.record.form import Record
from dalil.casebook.record.sites import Position, Precision
from dalil.casebook.record.things import Entity
from dalil.casebook.text.position import EXACT_FROM, Coarse, Point, coarsely, is_exact_for
from dalil.engines.sqlite import pieces

# What of a record may hold its position: a source's own words, or where they stand.
LEADS_THERE = frozenset({"locator", "verbatim", "note"})
PLACED = frozenset({"lat_e6", "lon_e6", "radius_m"}) | LEADS_THERE
NOWHERE = coarsely(())
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Told:
    """A position as a view may know it; ``coarse``: rounded. Millionths of a degree; metres."""

    lat_e6: int
    lon_e6: int
    radius_m: int | None
    coarse: bool

    @property
    def point(self) -> Point:
        """Latitude and longitude."""
        return self.lat_e6, self.lon_e6


@dataclass(frozen=True, slots=True)
class Positions:
    """What some sites' positions may be told as, to one clearance."""

    clearance: int
    exact_from: dict[str, int]
    coarse: dict[str, Coarse]

    def is_exact(self, site: str) -> bool:
        """Whether positions of this site are told as they were recorded."""
        return is_exact_for(self.clearance, self.exact_from.get(site, EXACT_FROM))

    def told(self, site: str, lat_e6: int, lon_e6: int, radius_m: int | None) -> Told:
        """Return one of the positions of a site."""
        if self.is_exact(site):
            return Told(lat_e6, lon_e6, radius_m, coarse=False)
        rule = self.coarse.get(site, NOWHERE)
        return Told(*rule.told(lat_e6, lon_e6, radius_m), coarse=True)

    def of(self, record: Entity | Position) -> Told | None:
        """Return the position that a record holds, if it holds any."""
        if record.lat_e6 is None or record.lon_e6 is None:
            return None
        return self.told(site_of(record), record.lat_e6, record.lon_e6, record.radius_m)

    def closed(self, record: Record) -> frozenset[str]:
        """Return the fields of a record that would tell a position more exactly than may be."""
        if not isinstance(record, Entity | Position) or self.is_exact(site_of(record)):
            return frozenset()
        return PLACED if isinstance(record, Position) else PLACED - LEADS_THERE

    def worn_by(self, record: R) -> R:
        """Return a record with its position as it may be told."""
        told = self.of(record) if isinstance(record, Entity | Position) else None
        if told is None or not told.coarse:
            return record
        at: dict[str, Any] = {
            "lat_e6": told.lat_e6, "lon_e6": told.lon_e6, "radius_m": told.radius_m,
        }  # fmt: skip
        if isinstance(record, Position):
            at |= dict.fromkeys(LEADS_THERE)
        return replace(record, **at)


def site_of(record: Entity | Position) -> str:
    """Return the id of that whose position a record holds."""
    return record.site if isinstance(record, Position) else record.id


def positions(
    connection: Connection, clearance: int, sites: Iterable[str] | None = None
) -> Positions:
    """Return how the positions of these sites (ids; none given: of all) may be told."""
    ids = None if sites is None else sorted(set(sites))
    exact_from = _exact_from(connection, ids)
    wanted = ids
    if clearance >= EXACT_FROM:
        # Most sites are told exactly: of those nothing needs to be read.
        strict = [id_ for id_, least in exact_from.items() if not is_exact_for(clearance, least)]
        wanted = sorted(strict)
    points = _points(connection, clearance, wanted)
    return Positions(clearance, exact_from, {id_: coarsely(each) for id_, each in points.items()})


def as_told(connection: Connection, clearance: int, record: R) -> R:
    """Return one record with its position as it may be told."""
    if not isinstance(record, Entity | Position):
        return record
    return positions(connection, clearance, [site_of(record)]).worn_by(record)


def _exact_from(connection: Connection, ids: list[str] | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for among in _among(MENTION.c.target, ids):
        chosen = (
            select(MENTION.c.target, RECORD.c.body)
            .join(RECORD, RECORD.c.n == MENTION.c.n)
            .where(RECORD.c.kind == Precision.kind, MENTION.c.field == "site", among)
            .where(RECORD.c.known_to.is_(None), ~RECORD.c.withdrawn)
        )
        for site, body in connection.execute(chosen):
            least = SEES[json.loads(body)["exact_for"]]
            found[site] = max(least, found.get(site, EXACT_FROM))
    return found


def _points(
    connection: Connection, clearance: int, ids: list[str] | None
) -> dict[str, list[Point]]:
    """Return every position that was ever recorded of each site and may be seen, in order.

    By acts, not by the day that is asked for: what is told today stands for every day.
    """
    found: dict[str, list[tuple[int, int, Point]]] = defaultdict(list)
    columns = (RECORD.c.seq, RECORD.c.place, SPOT.c.lat_e6, SPOT.c.lon_e6)
    seen = RECORD.c.see <= clearance
    for among in _among(RECORD.c.id, ids):
        own = select(RECORD.c.id, *columns).join(SPOT, SPOT.c.n == RECORD.c.n)
        own = own.where(RECORD.c.kind != Position.kind, among, seen)
        for site, seq, place, lat, lon in connection.execute(own):
            found[site].append((seq, place, (lat, lon)))
    for among in _among(MENTION.c.target, ids):
        rival = select(MENTION.c.target, *columns).join(RECORD, RECORD.c.n == MENTION.c.n)
        rival = rival.join(SPOT, SPOT.c.n == RECORD.c.n)
        rival = rival.where(RECORD.c.kind == Position.kind, MENTION.c.field == "site", among, seen)
        for site, seq, place, lat, lon in connection.execute(rival):
            found[site].append((seq, place, (lat, lon)))
    return {site: [point for _, _, point in sorted(each)] for site, each in found.items()}


def _among(column: ColumnElement[str], ids: list[str] | None) -> Iterator[ColumnElement[bool]]:
    if ids is None:
        yield true()
        return
    for piece in pieces(ids):
        yield column.in_(piece)
