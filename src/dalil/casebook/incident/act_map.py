"""The act map of an item: what is in it, when, and how severe, so that nobody must watch it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.incident.clock import Clock, clock_of
from dalil.casebook.incident.days import held_then
from dalil.casebook.incident.party import Cast, Party, Speaker
from dalil.casebook.incident.stretch import Band, Gap, Stretch, bands, gaps, stretch_of
from dalil.casebook.index.tables import FOOTAGE
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Term
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.errors import NoSuchThing

IN_MAP = (Conduct, Relation, Annotation)


@dataclass(frozen=True, slots=True)
class Box:
    """Where in the picture, in pixels from its upper left corner."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what to whom, in which stretch: one line of an act map.

    ``stretch`` is none where the line is not tied to footage. ``annotated``: it is an annotation
    with a severity, whose ``act`` is the name of its term, in Arabic ``act_ar``.
    ``beyond``: it lies, in part, outside the item as it was measured. ``rests_on`` are the
    observations (ids) of an inference, ``fallen`` those of them that were withdrawn.
    """

    id: str
    act: str
    actor: Party | None
    target: Party | None
    place: Party | None
    date: str | None
    incident: str | None
    item: str | None
    stretch: Stretch | None
    beyond: bool
    box: Box | None
    severity: int
    inferred: bool
    rests_on: tuple[str, ...]
    fallen: tuple[str, ...]
    note_en: str | None
    note_ar: str | None
    act_ar: str | None = None
    annotated: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim that somebody is seen in an item: by what method, under which conditions.

    It is the word of a source, for or against, and never a finding of this program.
    """

    relation: str
    person: Party
    label: str | None
    denied: bool
    method: str
    conditions: str | None
    stretch: Stretch | None
    speaker: Speaker | None
    asserted: str | None
    machine: bool


@dataclass(frozen=True, slots=True)
class ActMap:
    """All that is described of one item, in order of time.

    ``bands`` cover the whole item by severity; ``undescribed`` is what no observation covers.
    """

    item: str
    clock: Clock
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    undescribed: tuple[Gap, ...]
    seen: tuple[Seen, ...]

    @property
    def worst(self) -> Band | None:
        """The first of the bands with the highest severity; none where nothing is described."""
        known = [band for band in self.bands if band.severity is not None]
        return max(known, key=lambda b: (b.severity or 0, -b.start), default=None)

    @property
    def silence(self) -> Fraction:
        """How many seconds no observation describes."""
        return sum((each.end - each.start for each in self.undescribed), Fraction(0))


def act_map(casebook: Casebook, item: str, view: View) -> ActMap:
    """Return the act map of an item.

    Raises:
        NoSuchThing: nothing that may be seen is described in it.

    """
    clock, cast = clock_of(casebook.archive, item), Cast(casebook, view)
    speaking = [known.record for known in casebook.of_item(item, view, *IN_MAP)]
    told = [each for each in speaking if isinstance(each, Conduct)]
    seen = tuple(_seen_in(speaking, clock, cast))
    described = [each for each in speaking if isinstance(each, Annotation)]
    lines = lines_of(casebook, told, view, cast, {item: clock})
    lines += _annotated(casebook, described, view, clock)
    if not lines and not seen and not clock.sealed:
        raise NoSuchThing(f"item {item}: nothing is described of it")
    return mapped(item, clock, lines, seen)


def mapped(item: str, clock: Clock, lines: Sequence[Line], seen: tuple[Seen, ...]) -> ActMap:
    """Put the lines of one item in order of time, with what they leave open."""
    placed = [line for line in lines if line.stretch is not None]
    placed.sort(key=lambda line: (*_span(line), line.id))
    marked = [(line.stretch, line.severity) for line in placed if line.stretch is not None]
    observed = [line.stretch for line in placed if line.stretch is not None and not line.inferred]
    return ActMap(
        item,
        clock,
        bands(marked, observed, clock.length),
        tuple(placed),
        gaps(observed, _reach(clock, marked)),
        seen,
    )


def _reach(clock: Clock, marked: Sequence[tuple[Stretch, int]]) -> Fraction | None:
    """Return up to where an item is known to go: its length, or the end of the last line."""
    if clock.length is not None:
        return clock.length
    return max((stretch.end for stretch, _ in marked), default=None)


def lines_of(
    casebook: Casebook,
    told: Iterable[Conduct],
    view: View,
    cast: Cast,
    clocks: dict[str, Clock],
) -> list[Line]:
    """Return the lines of conduct that stands, by the clocks of its items (added where missing)."""
    standing = [each for each in told if each.withdrawn is None and held_then(view, each.date)]
    grounds = _grounds(casebook, standing, view)
    lines = []
    for each in standing:
        clock = Clock()
        if each.item is not None:
            if each.item not in clocks:
                clocks[each.item] = clock_of(casebook.archive, each.item)
            clock = clocks[each.item]
        lines.append(_line(each, clock, cast, grounds))
    return lines


def _line(told: Conduct, clock: Clock, cast: Cast, grounds: Mapping[str, bool]) -> Line:
    stretch = None
    if told.item is not None:
        stretch = stretch_of(told.pts_start, told.pts_end, told.timebase, clock)
    return Line(
        id=told.id,
        act=told.act,
        actor=cast.party(told.actor, told.actor_label),
        target=cast.party(told.target, told.target_label),
        place=cast.party(told.place),
        date=told.date,
        incident=told.incident,
        item=told.item,
        stretch=stretch,
        beyond=_is_beyond(stretch, clock),
        box=None if told.box is None else Box(**told.box),
        severity=told.severity,
        inferred=told.basis == "inference",
        rests_on=tuple(each for each in told.rests_on if each in grounds),
        fallen=tuple(each for each in told.rests_on if grounds.get(each)),
        note_en=told.note_en,
        note_ar=told.note_ar,
    )


def _is_beyond(stretch: Stretch | None, clock: Clock) -> bool:
    """Whether a stretch lies, in part, outside the item as it was measured."""
    if stretch is None:
        return False
    length = clock.length
    late = length is not None and stretch.end > length + Fraction(stretch.timebase)
    return stretch.start < 0 or late


def _annotated(
    casebook: Casebook, described: Sequence[Annotation], view: View, clock: Clock
) -> Iterator[Line]:
    """Yield the annotations that say how severe something is, by themselves or by their term."""
    ids = {each.term for each in described if each.term is not None}
    terms = {k.record.id: k.record for k in casebook.find(Term, view, ids=ids)}
    grounds = _grounds(casebook, described, view)
    for each in described:
        found = terms.get(each.term or "")
        term = found if isinstance(found, Term) else None
        severity = each.severity
        if severity is None and term is not None:
            severity = term.severity
        if severity is None:
            continue
        stretch = stretch_of(each.pts_start, each.pts_end, each.timebase, clock)
        yield Line(
            id=each.id,
            act=_named(term, "en") or each.text_en or each.text_ar or each.label or each.lane,
            act_ar=_named(term, "ar") or each.text_ar or each.text_en or each.label or each.lane,
            actor=Party(each.label, None, ()) if each.label else None,
            target=None,
            place=None,
            date=None,
            incident=None,
            item=each.item,
            stretch=stretch,
            beyond=_is_beyond(stretch, clock),
            box=None if each.box is None else Box(**each.box),
            severity=severity,
            inferred=each.basis == "inference",
            rests_on=tuple(e for e in each.rests_on if e in grounds),
            fallen=tuple(e for e in each.rests_on if grounds.get(e)),
            note_en=each.text_en,
            note_ar=each.text_ar,
            annotated=True,
        )


def _named(term: Term | None, lang: str) -> str | None:
    if term is None:
        return None
    names = (term.name_ar, term.name_en) if lang == "ar" else (term.name_en, term.name_ar)
    return next(filter(None, names), None)


def described_items(casebook: Casebook, view: View) -> frozenset[str]:
    """Return the items in which something is described that may be seen."""
    chosen = select(FOOTAGE.c.item).distinct().where(view.rows(FOOTAGE))
    with casebook.reading() as connection:
        found = connection.execute(
            chosen.where(FOOTAGE.c.kind.in_((Conduct.kind, Annotation.kind)))
        )
        return frozenset(item for (item,) in found)


def _seen_in(claims: Iterable[Record], clock: Clock, cast: Cast) -> Iterator[Seen]:
    for each in claims:
        if not isinstance(each, Relation) or each.relation != "identified_in":
            continue
        person = cast.party(each.a)
        if each.withdrawn is not None:
            continue
        if person is None or not cast.said_in_time(each):
            continue
        detail, where = each.detail or {}, each.locator or {}
        yield Seen(
            relation=each.id,
            person=person,
            label=detail.get("label"),
            denied=each.polarity == "denies",
            method=detail.get("method", ""),
            conditions=detail.get("conditions"),
            stretch=stretch_of(
                where.get("pts_start"), where.get("pts_end"), where.get("timebase"), clock
            ),
            speaker=cast.speaker(each.source),
            asserted=each.asserted,
            machine=each.machine,
        )


def _grounds(
    casebook: Casebook, told: Iterable[Conduct | Annotation], view: View
) -> dict[str, bool]:
    """Return what may be seen of what these rest on, and whether it was withdrawn."""
    ids = {ground for each in told for ground in each.rests_on}
    found = [k.record for kind in (Conduct, Annotation) for k in casebook.find(kind, view, ids=ids)]
    return {each.id: each.withdrawn is not None for each in found}


def _span(line: Line) -> tuple[Fraction, Fraction]:
    stretch = line.stretch
    return (stretch.start, stretch.end) if stretch is not None else (Fraction(0), Fraction(0))
