"""An incident: who did what to whom, where, when, and in which footage it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.incident.act_map import Line, lines_of
from dalil.casebook.incident.clock import Clock
from dalil.casebook.incident.days import held_then
from dalil.casebook.incident.party import Cast, Party, Speaker
from dalil.casebook.incident.stretch import Stretch
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import ID
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.things import Entity
from dalil.errors import NoSuchThing, UsageRefused

WHERE = ("located_at", "present_at")


@dataclass(frozen=True, slots=True)
class Told:
    """A relation of an incident to somebody or something, as a source tells it or denies it."""

    relation: str
    id: str
    other: Party | None
    denied: bool
    valid: str | None
    detail: tuple[tuple[str, str], ...]
    speaker: Speaker | None
    asserted: str | None
    verbatim: str | None
    machine: bool


@dataclass(frozen=True, slots=True)
class Footage:
    """Which part of an item shows an incident: its lines, from the first to the last of them."""

    item: str
    sealed: bool
    lines: tuple[Line, ...]
    first: Stretch | None
    last: Stretch | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked of the incident; its answers are weighed elsewhere.

    ``of``: what is counted, or the answer that is affirmed and denied, where it names one.
    """

    proposition: str
    question_en: str | None
    question_ar: str | None
    predicate: str
    of: str | None


@dataclass(frozen=True, slots=True)
class Incident:
    """All that is told of an incident and of its parts.

    ``parts`` are incidents that are part of it; what happened in them stands here too.
    ``footage`` is by item, ``unseen`` what is told without footage.
    """

    id: str
    key: str | None
    name: Party
    about: str | None
    date: str | None
    parts: tuple[Party, ...]
    places: tuple[Told, ...]
    people: tuple[Told, ...]
    footage: tuple[Footage, ...]
    unseen: tuple[Line, ...]
    asked: tuple[Asked, ...]


def find_incident(casebook: Casebook, named: str, view: View) -> str | None:
    """Return the id of the incident with this id, key or ``case/key``; none if there is none.

    Raises:
        UsageRefused: more than one case has an incident of this key.

    """
    ids = [named] if ID.fullmatch(named) else _with_key(casebook, named, view)
    found = [each.record for each in casebook.find(Entity, view, ids=ids)]
    ids = [e.id for e in found if isinstance(e, Entity) and e.type == "incident"]
    if len(ids) > 1:
        raise UsageRefused(f"{named}: {len(ids)} cases have an incident of this key; say CASE/KEY")
    return ids[0] if ids else None


def incident(casebook: Casebook, id_: str, view: View) -> Incident:
    """Return what is told of an incident.

    Raises:
        NoSuchThing: there is no such incident, or none that may be seen.

    """
    found, cast = casebook.get(id_, view).record, Cast(casebook, view)
    if not isinstance(found, Entity) or found.type != "incident":
        raise NoSuchThing(f"record {id_}")
    family = _with_parts(casebook, id_, view)
    relations = {t.id: t for each in family for t in _relations(casebook, each, cast, view)}
    told = [
        known.record
        for each in family
        for known in casebook.naming(each, view, Conduct.kind, "incident")
        if isinstance(known.record, Conduct)
    ]
    clocks: dict[str, Clock] = {}
    lines = lines_of(casebook, told, view, cast, clocks)
    parts = (cast.party(each) for each in family[1:])
    return Incident(
        id=id_,
        key=found.key,
        name=cast.party(id_) or Party(None, id_, ()),
        about=found.about,
        date=found.date,
        parts=tuple(each for each in parts if each is not None),
        places=tuple(each for each in relations.values() if each.relation in WHERE),
        people=tuple(each for each in relations.values() if each.relation not in WHERE),
        footage=tuple(_footage(lines, clocks)),
        unseen=tuple(line for line in lines if line.item is None),
        asked=tuple(_asked(casebook, family, view)),
    )


def _with_key(casebook: Casebook, named: str, view: View) -> list[str]:
    case, slash, key = named.partition("/")
    keys = [each for name in (named, key) if name for each in (name, f"incident:{name}")]
    chosen = select(RECORD.c.id, RECORD.c.case, RECORD.c.key)
    chosen = chosen.where(view.rows(RECORD), RECORD.c.kind == Entity.kind, RECORD.c.key.in_(keys))
    with casebook.reading() as connection:
        found = connection.execute(chosen).all()
    whole = [row.id for row in found if row.key in keys[:2]]
    return whole or [row.id for row in found if slash and row.case == case]


def _with_parts(casebook: Casebook, id_: str, view: View) -> list[str]:
    """Return an incident and the incidents that are part of it, however deep; each once."""
    found = [id_]
    for whole in found:
        for known in casebook.naming(whole, view, Relation.kind, "b"):
            link = known.record
            if not isinstance(link, Relation) or link.withdrawn is not None or link.a in found:
                continue
            part = link.relation == "part_of" and link.polarity == "affirms"
            if part and find_incident(casebook, link.a, view) is not None:
                found.append(link.a)
    return found


def _relations(casebook: Casebook, id_: str, cast: Cast, view: View) -> Iterator[Told]:
    for field, other in (("a", "b"), ("b", "a")):
        for known in casebook.naming(id_, view, Relation.kind, field):
            link = known.record
            if not isinstance(link, Relation) or link.withdrawn is not None:
                continue
            if link.relation == "part_of" and link.polarity == "affirms":
                continue
            if not cast.said_in_time(link) or not held_then(view, link.valid):
                continue
            yield Told(
                relation=link.relation,
                id=link.id,
                other=cast.party(getattr(link, other)),
                denied=link.polarity == "denies",
                valid=link.valid,
                detail=tuple(sorted((link.detail or {}).items())),
                speaker=cast.speaker(link.source),
                asserted=link.asserted,
                verbatim=link.verbatim,
                machine=link.machine,
            )


def _footage(lines: Iterable[Line], clocks: dict[str, Clock]) -> Iterator[Footage]:
    by_item: dict[str, list[Line]] = {}
    for line in lines:
        if line.item is not None:
            by_item.setdefault(line.item, []).append(line)
    for item, those in sorted(by_item.items()):
        placed = [line.stretch for line in those if line.stretch is not None]
        ordered = sorted(those, key=lambda e: (e.stretch.start if e.stretch else -1, e.id))
        yield Footage(
            item,
            clocks[item].sealed,
            tuple(ordered),
            min(placed, key=lambda each: each.start, default=None),
            max(placed, key=lambda each: each.end, default=None),
        )


def _asked(casebook: Casebook, family: list[str], view: View) -> Iterator[Asked]:
    for each in family:
        for known in casebook.naming(each, view, Proposition.kind, "subject"):
            asked = known.record
            if isinstance(asked, Proposition) and asked.withdrawn is None:
                of = asked.value or asked.scope
                yield Asked(asked.id, asked.question_en, asked.question_ar, asked.predicate, of)
