"""Who commanded the unit present at a place on a day, and how that is known (spec/command.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.command.answer import Answer, Gap
from dalil.casebook.command.chain import (
    Grounds,
    Weave,
    beside_of,
    chains_of,
    gaps_of,
    inside_of,
    left_aside,
)
from dalil.casebook.command.link import Link
from dalil.casebook.command.reach import (
    Reach,
    Reader,
    Row,
    all_cited,
    read_parents,
    read_sources,
    read_things,
)
from dalil.casebook.index.tables import NAME, RECORD
from dalil.casebook.index.view import View
from dalil.casebook.text.names import fold, skeleton
from dalil.errors import NoSuchThing

# A year: officers are seldom posted for less, and seldom seen less often.
LIMIT = 365
PLACES = ("place", "site")
SHOWN = 80
UNITS = ("unit", "organisation", "post")


@dataclass(frozen=True, slots=True)
class _Asked:
    asked: str
    about: tuple[str, ...]
    start: set[str]
    day: int
    limit: int


def who_commanded(
    casebook: Casebook, place: str, day: int, view: View, limit: int = LIMIT
) -> Answer:
    """Answer for a place: its id, its key or any form of its name; ``day`` is an ordinal.

    A name that several places carry means all of them. ``limit``: for how many days outside its
    first or last sighting a statement is still inferred to hold.

    Raises:
        NoSuchThing: no place that may be seen goes by this name. UsageRefused: too many chains.

    """
    with casebook.reading() as connection:
        about = _meant(connection, view, place, PLACES)
        reader = Reader(connection, view, day, limit)
        reach = reader.from_places(about)
        return _answer(connection, view, reach, _Asked("place", about, set(), day, limit))


def who_commanded_unit(
    casebook: Casebook, unit: str, day: int, view: View, limit: int = LIMIT
) -> Answer:
    """Answer for a unit, wherever it was: itself and every unit above it.

    Raises:
        NoSuchThing: no unit that may be seen goes by this name.

    """
    with casebook.reading() as connection:
        about = _meant(connection, view, unit, UNITS)
        reader = Reader(connection, view, day, limit)
        reach = reader.from_units(about)
        start = {reach.same.of(each) for each in about}
        return _answer(connection, view, reach, _Asked("unit", about, start, day, limit))


def _answer(connection: Connection, view: View, reach: Reach, asked: _Asked) -> Answer:
    held = [row for row in _all_rows(reach) if row.relation is not None]
    cited = {source for row in held if row.relation for source in all_cited(row.relation)}
    ends = {end for row in held for end in (row.a, row.b)}
    sources = read_sources(connection, view, cited)
    things = read_things(connection, view, ends | reach.units | reach.places)
    grounds = Grounds(sources, read_parents(connection, view, sources), things)
    weave = Weave(reach, grounds, asked.limit)
    weave.gather()
    links, chains = chains_of(weave, asked.start)
    gaps = gaps_of(weave)
    things |= read_things(connection, view, {n.who for gap in gaps for n in gap.nearby})
    inside, beside = inside_of(weave, links), beside_of(weave)
    things |= read_things(connection, view, {each.outer for each in inside} - things.keys())
    named = _named((*links, *beside), gaps) | set(asked.about) | {each.outer for each in inside}
    return Answer(
        asked=asked.asked,
        about=asked.about,
        day=date.fromordinal(asked.day).isoformat(),
        limit=asked.limit,
        chains=chains,
        links=links,
        beside=beside,
        inside=inside,
        gaps=gaps,
        left_aside=left_aside(weave),
        things=tuple(things[each] for each in sorted(named & things.keys())),
        sources=tuple(
            sources[each] for each in sorted(_told_sources((*links, *beside)) & sources.keys())
        ),
    )


def _all_rows(reach: Reach) -> list[Row]:
    return [*reach.presences, *reach.links, *reach.postings, *reach.members]


def _named(links: tuple[Link, ...], gaps: tuple[Gap, ...]) -> set[str]:
    named = {each for link in links for each in (link.a, link.b)}
    named |= {against.who for link in links for against in link.against}
    named |= {gap.unit for gap in gaps}
    return named | {near.who for gap in gaps for near in gap.nearby}


def _told_sources(links: tuple[Link, ...]) -> set[str]:
    statements = [statement for link in links for statement in link.statements]
    told = {s for each in statements for c in each.citations for s in c.sources}
    told |= {each.source for each in statements if each.source}
    told |= {s for link in links for s in link.stated_by}
    against = [each for link in links for each in link.against]
    told |= {each.told_by for each in against if each.told_by}
    return told | {s for each in against for s in each.sources}


def _meant(
    connection: Connection, view: View, text: str, types: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the entities that an id, a key or a name means, the strictest reading first."""
    entity = select(RECORD.c.id).where(RECORD.c.kind == "entity", view.rows(RECORD))
    name = select(NAME.c.entity).where(NAME.c.searched, view.rows(NAME))
    readings = (
        entity.where(RECORD.c.id == text),
        entity.where(RECORD.c.key == text),
        name.where(NAME.c.folded == fold(text)),
        name.where(NAME.c.skeleton == skeleton(text)),
    )
    for reading in readings:
        things = read_things(connection, view, (id_ for (id_,) in connection.execute(reading)))
        found = tuple(sorted(each.id for each in things.values() if each.type in types))
        if found:
            return found
    raise NoSuchThing(f"{types[0]} “{text[:SHOWN]}”{_hint(connection, view, text, types)}")


def _hint(connection: Connection, view: View, text: str, types: tuple[str, ...]) -> str:
    """Say where a name that is no place is a unit's, and the other way round."""
    chosen = select(NAME.c.entity).where(NAME.c.searched, view.rows(NAME))
    named = (id_ for (id_,) in connection.execute(chosen.where(NAME.c.folded == fold(text))))
    other, how = (UNITS, "with --unit") if types is PLACES else (PLACES, "without --unit")
    found = read_things(connection, view, named).values()
    return f"; it names a {other[0]}: ask {how}" if {t.type for t in found} & set(other) else ""
