"""Sites in a list: what stands, and who is still to be warned."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import MENTION, RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.sites import Position, Precision, Remains, SiteState, SiteWarning
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.page import Worded
from dalil.casebook.report.paged.site import (
    Found,
    StateSaid,
    is_unwarned,
    states_of,
    warnings_of,
)

SITE_KINDS = tuple(each.kind for each in (Position, SiteState, SiteWarning, Precision, Remains))


@dataclass(frozen=True, slots=True)
class SiteListed:
    """A site in a list: its states as they are said, how many warnings are due."""

    id: str
    name: Worded
    case: str | None
    states: tuple[StateSaid, ...]
    positions: int
    due: int
    unwarned: bool


@dataclass(frozen=True, slots=True)
class SitesListed:
    """How many sites may be seen, and some of them."""

    total: int
    sites: tuple[SiteListed, ...]


def list_sites(
    casebook: Casebook, view: View, first: int, most: int, case: str | None = None
) -> SitesListed:
    """Return some sites: places of that type, and whatever is spoken of as one."""
    chosen = _sites(view, case)
    with casebook.at_once(), casebook.reading() as connection:
        total = int(
            connection.execute(select(func.count()).select_from(chosen.subquery())).scalar() or 0
        )
        rows = connection.execute(chosen.order_by(RECORD.c.n).limit(most).offset(first)).all()
        desk = open_desk(casebook, view)
        desk.fetch(row.id for row in rows)
        return SitesListed(total, tuple(_listed(desk, row.id, row.case) for row in rows))


def _sites(view: View, case: str | None) -> Select[tuple[str, str | None]]:
    spoken = RECORD.alias("spoken")
    named = (
        select(MENTION.c.target)
        .join(spoken, spoken.c.n == MENTION.c.n)
        .where(MENTION.c.field == "site", spoken.c.kind.in_(SITE_KINDS))
        .where(view.rows(spoken), ~spoken.c.withdrawn)
    )
    is_site: ColumnElement[bool] = func.instr(RECORD.c.body, '"type":"site"') > 0
    chosen = select(RECORD.c.id, RECORD.c.case).where(
        and_(RECORD.c.kind == Entity.kind, view.rows(RECORD), ~RECORD.c.withdrawn),
        or_(is_site, RECORD.c.id.in_(named)),
    )
    return chosen if case is None else chosen.where(RECORD.c.case == case)


def _listed(desk: Desk, site: str, case: str | None) -> SiteListed:
    found = Found(desk, site)
    states, warnings = tuple(states_of(found)), tuple(warnings_of(found))
    return SiteListed(
        id=site,
        name=desk.name(site),
        case=case,
        states=states,
        positions=sum(1 for _ in found.of(Position)),
        due=sum(each.due for each in warnings),
        unwarned=is_unwarned(states, warnings),
    )
