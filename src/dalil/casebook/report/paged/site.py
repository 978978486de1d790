"""A site: where sources have it, what became of it, who must be warned, what was found there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.incident.days import held_then, said_in_time
from dalil.casebook.index.tables import PROPOSITION
from dalil.casebook.index.view import View
from dalil.casebook.record.form import CLASSES, Record
from dalil.casebook.record.sites import (
    Identification,
    Position,
    Precision,
    Remains,
    SiteState,
    SiteWarning,
)
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.lines.line import located
from dalil.casebook.report.page import SourceShown, Worded
from dalil.casebook.sites.told import Positions, Told, positions
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.position import EXACT_FROM, metres_between
from dalil.errors import NoSuchThing

R = TypeVar("R", bound=Record)
Spoken = Position | SiteState
SITE_KINDS = tuple(each.kind for each in (Position, SiteState, SiteWarning, Precision, Remains))
# States that a site cannot be in together.
OPPOSED = frozenset({frozenset({"exhumed", "remains_in_place"})})
DANGERS = frozenset({"disturbed", "built_over", "threatened"})
CLAIMS = 20


@dataclass(frozen=True, slots=True)
class PositionSaid:
    """Where a source has the site, as this view is told it; ``record`` holds it.

    Millionths of a degree (WGS 84); metres. ``from_first_m``: metres from the first of them, as
    told; ``apart``: their circles do not meet.
    """

    record: str
    lat_e6: int
    lon_e6: int
    radius_m: int | None
    coarse: bool
    denied: bool
    found_by: str
    source: SourceShown | None
    asserted: str | None
    verbatim: str | None
    machine: bool
    from_first_m: int | None
    apart: bool


@dataclass(frozen=True, slots=True)
class StateSaid:
    """What became of the site, as a source has it.

    ``both_ways``: another source says what cannot hold with it, of days that meet.
    """

    record: str
    state: str
    denied: bool
    valid: str | None
    sometime: bool
    source: SourceShown | None
    located: str | None
    asserted: str | None
    verbatim: str | None
    obtained_how: str
    machine: bool
    note: str | None
    both_ways: bool


@dataclass(frozen=True, slots=True)
class WarningShown:
    """Who must be warned and why; ``due``: nobody has told them yet."""

    record: str
    to: str
    reasoning: str
    by: str | None
    warned_on: str | None
    answer: str
    answered_on: str | None
    note: str | None
    due: bool


@dataclass(frozen=True, slots=True)
class PrecisionShown:
    """Who may know the exact position, who said so, when and why."""

    record: str
    exact_for: str
    reasoning: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class IdentificationShown:
    """That remains are said to be a victim's; ``name`` is withheld where that may not be seen."""

    record: str
    victim: str
    name: Worded
    grade: str
    method: str
    conditions: str
    denied: bool
    on: str | None
    source: SourceShown | None


@dataclass(frozen=True, slots=True)
class RemainsShown:
    """What was found, and whose it is said to be; without a word on it, nobody's."""

    record: str
    label: str
    found_on: str | None
    exhumed_on: str | None
    kept_at: str | None
    source: SourceShown | None
    note: str | None
    identifications: tuple[IdentificationShown, ...]


@dataclass(frozen=True, slots=True)
class SitePage:
    """All that is recorded of a site as a view may know it.

    ``exact``: this view is told where it lies as it was recorded; ``exact_for``: the class from
    which that is so, as far as the view may see who said so. ``unwarned``: a danger stands, and
    nobody is named who must be warned.
    ``claims``: ids of propositions on it, of which there are ``claims_in_all``.
    """

    id: str
    name: Worded
    type: str
    case: str | None
    exact: bool
    exact_for: str
    positions: tuple[PositionSaid, ...]
    states: tuple[StateSaid, ...]
    warnings: tuple[WarningShown, ...]
    unwarned: bool
    precisions: tuple[PrecisionShown, ...]
    remains: tuple[RemainsShown, ...]
    claims: tuple[str, ...]
    claims_in_all: int


def show_site(casebook: Casebook, view: View, id_: str) -> SitePage:
    """Return all that is recorded of a site.

    Raises:
        NoSuchThing: there is none, or none that may be seen.

    """
    with casebook.at_once():
        entity = casebook.get(id_, view).record
        if not isinstance(entity, Entity):
            raise NoSuchThing(f"site {id_}")
        desk = open_desk(casebook, view)
        found = Found(desk, id_)
        with casebook.reading() as connection:
            where = positions(connection, view.clearance, [id_])
        claims, in_all = _claims(desk, id_)
        states, warnings = tuple(states_of(found)), tuple(warnings_of(found))
        precisions = tuple(_precisions(found))
        return SitePage(
            id=id_,
            name=desk.name(id_),
            type=entity.type,
            case=entity.case,
            exact=where.is_exact(id_),
            exact_for=_exact_for(precisions),
            positions=tuple(_positions(found, entity, where)),
            states=states,
            warnings=warnings,
            unwarned=is_unwarned(states, warnings),
            precisions=precisions,
            remains=tuple(_remains(found)),
            claims=claims,
            claims_in_all=in_all,
        )


class Found:
    """What is recorded of one site, as the view has it; withdrawn records left out."""

    def __init__(self, desk: Desk, site: str) -> None:
        self.desk, self.site = desk, site
        known = [
            each
            for each in desk.casebook.naming(site, desk.view, field="site")
            if each.record.withdrawn is None
        ]
        sources = {getattr(each.record, "source", None) for each in known}
        desk.fetch(sources)
        self._known = [each for each in known if self._said(each.record)]

    def of(self, kind: type[R]) -> Iterator[tuple[R, Known]]:
        """Yield the records of one kind, in the order of their recording."""
        for known in self._known:
            if isinstance(known.record, kind):
                yield known.record, known

    def source(self, id_: str | None) -> SourceShown | None:
        """Return who speaks, or that it is withheld; nothing where nobody is named."""
        return None if id_ is None else self.desk.source(id_)

    def _said(self, record: Record) -> bool:
        if not isinstance(record, Spoken):
            return True
        source = self.desk.record(record.source) if record.source else None
        published = source.published if isinstance(source, Source) else None
        return said_in_time(self.desk.view, record.asserted or published)


def _positions(found: Found, entity: Entity, where: Positions) -> Iterator[PositionSaid]:
    told: list[tuple[Told, Entity | Position]] = []
    placed: list[Entity | Position] = [entity, *(record for record, _ in found.of(Position))]
    for each in placed:
        at = where.of(each)
        if at is not None:
            told.append((at, each))
    for at, each in told:
        first, _ = told[0]
        metres = metres_between(first.point, at.point)
        both = (first.radius_m or 0) + (at.radius_m or 0)
        said = each if isinstance(each, Position) else None
        yield PositionSaid(
            record=each.id,
            lat_e6=at.lat_e6,
            lon_e6=at.lon_e6,
            radius_m=at.radius_m,
            coarse=at.coarse,
            denied=said is not None and said.polarity == "denies",
            found_by=said.found_by if said else "unknown",
            source=found.source(said.source) if said else None,
            asserted=said.asserted if said else None,
            verbatim=said.verbatim if said and not at.coarse else None,
            machine=bool(said and said.machine),
            from_first_m=None if at is first else round(metres),
            apart=metres > both,
        )


def states_of(found: Found) -> Iterator[StateSaid]:
    """Yield what became of the site, as sources have it, on the day of the view: the first first.

    What nobody dates stands at the end.
    """
    said = sorted((record for record, _ in found.of(SiteState)), key=_begun)
    for record in said:
        if not held_then(found.desk.view, record.valid):
            continue
        yield StateSaid(
            record=record.id,
            state=record.state,
            denied=record.polarity == "denies",
            valid=record.valid,
            sometime=record.sometime,
            source=found.source(record.source),
            located=located(record.locator),
            asserted=record.asserted,
            verbatim=record.verbatim,
            obtained_how=record.obtained_how,
            machine=record.machine,
            note=record.note,
            both_ways=any(_against(record, other) for other in said),
        )


def _begun(record: SiteState) -> float:
    begun = bounds_of(record.valid).s_min if record.valid else None
    return math.inf if begun is None else begun


def _against(one: SiteState, other: SiteState) -> bool:
    same = one.state == other.state and one.polarity != other.polarity
    both = one.polarity == other.polarity == "affirms"
    opposed = both and frozenset({one.state, other.state}) in OPPOSED
    return (same or opposed) and _meet(one.valid, other.valid)


def _meet(one: str | None, other: str | None) -> bool:
    """Whether two times may share a day; without a date, anything may."""
    if not one or not other:
        return True
    a, b = bounds_of(one), bounds_of(other)
    starts_in_time = a.s_min is None or b.e_max is None or a.s_min <= b.e_max
    return starts_in_time and (b.s_min is None or a.e_max is None or b.s_min <= a.e_max)


def warnings_of(found: Found) -> Iterator[WarningShown]:
    """Yield who must be warned, and who was."""
    for record, _ in found.of(SiteWarning):
        yield WarningShown(
            record=record.id,
            to=record.to,
            reasoning=record.reasoning,
            by=record.by,
            warned_on=record.warned_on,
            answer=record.answer,
            answered_on=record.answered_on,
            note=record.note,
            due=record.warned_on is None,
        )


def is_unwarned(states: Iterable[StateSaid], warnings: Sequence[WarningShown]) -> bool:
    """Whether a danger is said to stand, and nobody is named who must be warned."""
    danger = any(each.state in DANGERS and not each.denied for each in states)
    return danger and not warnings


def _precisions(found: Found) -> Iterator[PrecisionShown]:
    for record, known in found.of(Precision):
        yield PrecisionShown(
            record=record.id,
            exact_for=record.exact_for,
            reasoning=record.reasoning,
            by=found.desk.who(known.by_key),
            at=known.recorded_at,
        )


def _exact_for(precisions: Iterable[PrecisionShown]) -> str:
    said = (CLASSES.index(each.exact_for) for each in precisions)
    return CLASSES[max(said, default=EXACT_FROM)]


def _remains(found: Found) -> Iterator[RemainsShown]:
    for record, _ in found.of(Remains):
        yield RemainsShown(
            record=record.id,
            label=record.label,
            found_on=record.found_on,
            exhumed_on=record.exhumed_on,
            kept_at=record.kept_at,
            source=found.source(record.source),
            note=record.note,
            identifications=tuple(_identifications(found, record.id)),
        )


def _identifications(found: Found, remains: str) -> Iterator[IdentificationShown]:
    desk = found.desk
    for known in desk.casebook.naming(remains, desk.view, Identification.kind, "remains"):
        claim = known.record
        if isinstance(claim, Identification) and claim.withdrawn is None:
            yield IdentificationShown(
                record=claim.id,
                victim=claim.victim,
                name=desk.name(claim.victim),
                grade=claim.grade,
                method=claim.method,
                conditions=claim.conditions,
                denied=claim.polarity == "denies",
                on=claim.on,
                source=found.source(claim.source),
            )


def _claims(desk: Desk, site: str) -> tuple[tuple[str, ...], int]:
    of = (PROPOSITION.c.subject == site) & desk.view.rows(PROPOSITION)
    chosen = select(PROPOSITION.c.id).where(of).order_by(PROPOSITION.c.place, PROPOSITION.c.n)
    with desk.casebook.reading() as connection:
        in_all = connection.execute(select(func.count()).where(of)).scalar() or 0
        return tuple(id_ for (id_,) in connection.execute(chosen.limit(CLAIMS))), int(in_all)
