"""Somebody or something that is spoken of: its names, what it stood in to others, what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import PROPOSITION, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record import sites
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity, Judgement
from dalil.casebook.report.case_report import link_shown
from dalil.casebook.report.desk import Desk, Form, open_desk
from dalil.casebook.report.lines.line import located
from dalil.casebook.report.page import SourceShown, Worded
from dalil.casebook.sites.told import positions, site_of
from dalil.casebook.text.position import MICRO
from dalil.errors import NoSuchThing

CLAIMS = 10
# Decimals of a degree.
COARSE, EXACT = 2, 5


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees (WGS 84) as text, a radius in metres; ``coarse``: not told as exactly as known."""

    lat: str
    lon: str
    radius_m: int | None
    coarse: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation to somebody or something else, as a source has it (``record`` holds it).

    ``outward``: it is said of this one (posted to a unit); else of the other (a unit's officer).
    ``other`` is the id, absent where there is no second thing or it may not be seen.
    """

    record: str
    relation: str
    outward: bool
    other: str | None
    name: Worded | None
    type: str | None
    denied: bool
    valid: str | None
    sometime: bool
    is_command: bool
    basis: str
    detail: tuple[tuple[str, str], ...]
    source: SourceShown | None
    located: str | None
    asserted: str | None
    verbatim: str | None
    machine: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether this one and another are one, said by a person or suggested by a machine."""

    record: str
    other: str
    name: Worded
    verdict: str
    by: str
    at: str
    reasoning: str | None
    method: str | None
    machine: bool


@dataclass(frozen=True, slots=True)
class ThingPage:
    """An entity with some of its ``relations`` (how many there are), and of its ``claims``."""

    entity: Entity
    name: Worded
    forms: tuple[Form, ...]
    position: Position | None
    revision: int
    recorded_at: str
    recorded_by: str
    relations: int
    ties: tuple[Tie, ...]
    judgements: tuple[Judged, ...]
    claims: int
    asked: tuple[str, ...]


def show_thing(casebook: Casebook, view: View, id_: str, first: int, most: int) -> ThingPage:
    """Return an entity with some of its relations, from the ``first`` (0) on.

    Raises:
        NoSuchThing: there is none, or none that may be seen.

    """
    known = casebook.get(id_, view)
    entity = known.record
    if not isinstance(entity, Entity):
        raise NoSuchThing(f"entity {id_}")
    with casebook.reading() as connection:
        where = positions(connection, view.clearance, [id_])
    desk = open_desk(casebook, view)
    claims, asked = _asked(desk, id_, CLAIMS)
    return ThingPage(
        entity=where.worn_by(entity),
        name=desk.name(id_),
        forms=tuple(_once_each(desk.forms(id_))),
        position=position_of(casebook, entity, view),
        revision=known.revision,
        recorded_at=known.recorded_at,
        recorded_by=desk.who(known.by_key),
        relations=count_relations(casebook, view, id_),
        ties=tuple(_ties(desk, id_, first, most)),
        judgements=tuple(_judgements(desk, id_)),
        claims=claims,
        asked=asked,
    )


def _once_each(forms: Iterable[Form]) -> Iterator[Form]:
    """Yield each form once a role; where a record holds it alone, that one."""
    found: dict[tuple[str, str], Form] = {}
    for each in forms:
        before = found.get((each.form, each.role))
        if before is None or (before.record is None and each.record is not None):
            found[each.form, each.role] = each
    yield from found.values()


def position_of(casebook: Casebook, record: Entity | sites.Position, view: View) -> Position | None:
    """Return the position that a record holds, as nearly as a view may know it."""
    with casebook.reading() as connection:
        told = positions(connection, view.clearance, [site_of(record)]).of(record)
    if told is None:
        return None
    places = COARSE if told.coarse else EXACT
    lat, lon = (f"{each / MICRO:.{places}f}" for each in told.point)
    return Position(lat, lon, told.radius_m, told.coarse)


def _of(view: View, id_: str) -> ColumnElement[bool]:
    r = RELATION.c
    named = or_(r.a == id_, r.b == id_)
    if view.on is None:
        return and_(named, view.rows(RELATION))
    begun = or_(r.s_min.is_(None), r.s_min <= view.on)
    not_over = or_(r.e_max.is_(None), r.e_max >= view.on)
    return and_(named, begun, not_over, view.rows(RELATION))


def count_relations(casebook: Casebook, view: View, id_: str) -> int:
    """Return how many relations of an entity may be seen, of those that held on the day."""
    chosen = select(func.count()).where(_of(view, id_))
    with casebook.reading() as connection:
        return int(connection.execute(chosen).scalar() or 0)


def _ties(desk: Desk, id_: str, first: int, most: int) -> Iterator[Tie]:
    r = RELATION.c
    chosen = select(r.id).where(_of(desk.view, id_)).order_by(r.relation, r.s_min, r.n)
    with desk.casebook.reading() as connection:
        ids = [one for (one,) in connection.execute(chosen.limit(most).offset(first))]
    found = {each.record.id: each.record for each in desk.casebook.with_ids(ids, desk.view)}
    desk.fetch(m.target for each in found.values() for m in mentions_of(each))
    for one in ids:
        link = found.get(one)
        # A place in a place is told here, where the map is asked for.
        part = isinstance(link, Relation) and link.relation == "part_of"
        if isinstance(link, Relation) and (part or link_shown(link, desk.view)):
            yield _tie(desk, link, id_)


def _tie(desk: Desk, link: Relation, id_: str) -> Tie:
    outward = link.a == id_
    other = link.b if outward else link.a
    entity = desk.record(other) if other else None
    return Tie(
        record=link.id,
        relation=link.relation,
        outward=outward,
        other=entity.id if entity else None,
        name=desk.name(other) if other else None,
        type=entity.type if isinstance(entity, Entity) else None,
        denied=link.polarity == "denies",
        valid=link.valid,
        sometime=link.sometime,
        is_command=link.is_command,
        basis=link.basis,
        detail=tuple(sorted((link.detail or {}).items())),
        source=desk.source(link.source) if link.source else None,
        located=located(link.locator),
        asserted=link.asserted,
        verbatim=link.verbatim,
        machine=link.machine,
        note=link.note,
    )


def _judgements(desk: Desk, id_: str) -> Iterator[Judged]:
    found = [*desk.casebook.naming(id_, desk.view, Judgement.kind)]
    for known in found:
        made = known.record
        if isinstance(made, Judgement) and made.withdrawn is None:
            other = made.b if made.a == id_ else made.a
            yield Judged(
                record=made.id,
                other=other,
                name=desk.name(other),
                verdict=made.verdict,
                by=desk.who(known.by_key),
                at=known.recorded_at,
                reasoning=made.reasoning,
                method=made.method,
                machine=made.machine,
            )


def _asked(desk: Desk, id_: str, most: int) -> tuple[int, tuple[str, ...]]:
    """Return how many claims there are on an entity, and the ids of the first."""
    of = (PROPOSITION.c.subject == id_) & desk.view.rows(PROPOSITION)
    chosen = select(PROPOSITION.c.id).where(of).order_by(PROPOSITION.c.place, PROPOSITION.c.n)
    with desk.casebook.reading() as connection:
        count = int(connection.execute(select(func.count()).where(of)).scalar() or 0)
        ids = tuple(str(one) for (one,) in connection.execute(chosen.limit(most)))
    return count, ids
