"""What a record's full text repeats of other records: names, the question asked, places."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from sqlalchemy import Column, ColumnElement, Connection, select

from dalil.casebook.index.document import (
    ALWAYS,
    called,
    facet,
    is_searched,
    names_of,
    own_facets,
    own_words,
    words_of,
    years_of,
)
from dalil.casebook.index.places import INTO, Placed, places_of
from dalil.casebook.index.tables import MENTION, RECORD, RELATION
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Annotation, Term
from dalil.casebook.record.form import Record, trusted_record_of
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.things import Entity, Name
from dalil.casebook.record.victims import Victim
from dalil.engines.sqlite import pieces

PLACES = ("place", "site")


@dataclass(frozen=True, slots=True)
class Known:
    """Which rows count: those known now, or those that a view knows."""

    records: ColumnElement[bool]
    relations: ColumnElement[bool]


NOW = Known(RECORD.c.known_to.is_(None), RELATION.c.known_to.is_(None))


@dataclass(frozen=True, slots=True)
class Row:
    """One revision of a record; ``counts``: it is the one that is known."""

    n: int
    id: str
    see: int
    counts: bool
    withdrawn: bool
    recorded_at: str
    record: Record


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a record itself, the words of others beside it, and its facets."""

    own: str
    also: str = ""
    facets: str = ""

    @property
    def digest(self) -> str:
        """Return what tells it from another document."""
        said = f"{self.own}\0{self.also}\0{self.facets}".encode()
        return hashlib.blake2b(said, digest_size=12).hexdigest()


@dataclass(slots=True)
class Around:
    """What documents hold of other records than their own."""

    forms: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    asked: dict[str, Proposition] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)


def rows_with(
    connection: Connection,
    column: Column[int] | Column[str],
    values: Iterable[int] | Iterable[str],
    known: Known = NOW,
) -> Iterator[Row]:
    """Yield the revisions whose ``column`` has one of these values, all of them."""
    r = RECORD.c
    columns = select(r.n, r.id, r.see, known.records, r.withdrawn, r.known_from, r.body)
    for piece in pieces(sorted(set(values))):  # type: ignore[type-var]
        for n, id_, see, counts, withdrawn, known_from, body in connection.execute(
            columns.where(column.in_(piece))
        ):
            record = trusted_record_of(json.loads(body))
            yield Row(n, id_, int(see), bool(counts), bool(withdrawn), known_from, record)


def around_of(connection: Connection, rows: Sequence[Row], known: Known = NOW) -> Around:
    """Read what the documents of these rows repeat of other records."""
    around = Around()
    standing = [row.record for row in rows if row.counts and not row.withdrawn]
    questions = {each.proposition for each in standing if isinstance(each, Assertion)}
    terms = {each.term for each in standing if isinstance(each, Annotation) and each.term}
    for row in rows_with(connection, RECORD.c.id, questions | terms, known):
        if row.counts and not row.withdrawn and isinstance(row.record, Proposition):
            around.asked[row.id] = row.record
        # A term that is no longer offered still says what was meant by it.
        if row.counts and isinstance(row.record, Term):
            around.terms[row.id] = row.record
    _read_names(connection, {e.id for e in standing if isinstance(e, Entity)}, around, known)
    where = {id_ for each in standing for id_ in whereabouts(each, around)}
    where |= {row.id for row in rows if row.counts and isinstance(row.record, Entity)}
    placed = places_of(connection, where, known.relations)
    around.placed = {id_: placed(id_) for id_ in where}
    here = {row.id: row for row in rows if row.counts}
    elsewhere = rows_with(connection, RECORD.c.id, where - here.keys(), known)
    for row in chain(here.values(), elsewhere):
        if row.counts and not row.withdrawn and isinstance(row.record, Entity):
            around.types[row.id] = row.record.type
    return around


def _read_names(connection: Connection, entities: set[str], around: Around, known: Known) -> None:
    named: set[int] = set()
    for piece in pieces(sorted(entities)):
        chosen = select(MENTION.c.n).where(MENTION.c.target.in_(piece), MENTION.c.field == "entity")
        named |= {n for (n,) in connection.execute(chosen)}
    for row in rows_with(connection, RECORD.c.n, named, known):
        name = row.record
        if row.counts and not row.withdrawn and isinstance(name, Name) and is_searched(name):
            around.forms.setdefault(name.entity, []).append((row.see, name.form))


def whereabouts(record: Record, around: Around) -> Iterator[str]:
    """Yield the entities whose places are the record's too."""
    if isinstance(record, Entity):
        yield record.id
    elif isinstance(record, Proposition):
        yield record.subject
    elif isinstance(record, Assertion) and record.proposition in around.asked:
        yield around.asked[record.proposition].subject
    elif isinstance(record, Conduct):
        yield from filter(None, (record.place, record.incident))
    elif isinstance(record, Relation) and record.b and record.relation in (*INTO, "took_part_in"):
        yield record.b


def document_of(row: Row, around: Around) -> Document | None:
    """Return what the full text holds of a row, a withdrawn entity's places included."""
    record = row.record
    if row.withdrawn:
        # It is not to be found, yet what lies in it must learn when it moves.
        moved = row.counts and isinstance(record, Entity)
        return Document("", "", " ".join(_place_facets(row.id, 0, around))) if moved else None
    own = own_words(record)
    if not own and record.kind not in ALWAYS:
        return None
    if isinstance(record, Name) or not row.counts:
        return Document(own)
    asked = around.asked.get(record.proposition) if isinstance(record, Assertion) else None
    also = [own_words(asked)] if asked else []
    if isinstance(record, Annotation) and record.term in around.terms:
        also.append(names_of(around.terms[record.term]))
    facets = own_facets(record)
    for see, form in sorted(around.forms.get(record.id, [])):
        also.append(" ".join(marked(see, row.see, words_of([form]).split())))
        if isinstance(record, Victim):
            facets += marked(see, row.see, called(form))
    facets += [facet("year", str(year)) for year in years_of(record, asked)]
    for id_ in dict.fromkeys(whereabouts(record, around)):
        facets += _place_facets(id_, row.see, around)
    return Document(own, " = ".join(also), " ".join(dict.fromkeys(facets)))


def _place_facets(id_: str, see: int, around: Around) -> Iterator[str]:
    placed = around.placed[id_]
    if around.types.get(id_) in PLACES:
        yield from (facet("at", id_), facet("in", id_))
    for name, found in (("at", placed.at), ("in", placed.within)):
        for place, needed in sorted(found.items()):
            yield from marked(needed, see, [facet(name, place)])


def marked(needed: int, see: int, tokens: list[str]) -> list[str]:
    """Write the class in front of what not everybody may know who may see the rest."""
    return [f"{needed}={token}" for token in tokens] if needed > see else tokens
