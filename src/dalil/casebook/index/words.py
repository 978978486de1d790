"""Full-text documents of records (SQLite FTS5): folded words, and facets beside them.

The row number of a document tells who may find it, so that a search within a clearance is a range
of rows: ``state << 42 | class << 40 | n``. State 0: as known now; 1: an earlier revision; 2: one
form of a name, which stands for its entity. What a document holds beyond its own class is written
with that class in front (``2=word``) and asked for only from there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, Text, delete, select
from sqlalchemy.dialects.sqlite import insert

from dalil.casebook.index.document import (
    ALWAYS,
    facet,
    is_searched,
    own_facets,
    own_words,
    words_of,
    years_of,
)
from dalil.casebook.index.places import INTO, Placed, pieces, places_of
from dalil.casebook.index.tables import ASSERTION, MENTION, META, RECORD, RELATION
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, trusted_record_of
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.things import Entity, Name

NOW, EARLIER, FORM = 0, 1, 2
STATE_BITS, CLASS_BITS = 42, 40
PLACES = ("place", "site")

# Which document each record has, and a digest of it: what did not change is not written again.
DOCUMENT = Table(
    "document",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
)

# Where an entity is, in millionths of a degree; who may see it is said by its record.
SPOT = Table(
    "spot",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("lat_e6", Integer, nullable=False),
    Column("lon_e6", Integer, nullable=False),
    Index("spot_lat", "lat_e6", "lon_e6"),
)

_CREATE = """CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
own, also, facets, columnsize=0, tokenize="ascii tokenchars '=._-'")"""
_WRITE = "INSERT INTO words(rowid, own, also, facets) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class _Row:
    n: int
    id: str
    see: int
    latest: bool
    withdrawn: bool
    record: Record


@dataclass(frozen=True, slots=True)
class _Document:
    at: int
    own: str
    also: str = ""
    facets: str = ""

    @property
    def digest(self) -> str:
        """Return what tells it from another document."""
        said = f"{self.own}\0{self.also}\0{self.facets}".encode()
        return hashlib.blake2b(said, digest_size=12).hexdigest()


@dataclass(slots=True)
class _Around:
    """What documents hold of other records than their own."""

    forms: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    asked: dict[str, Proposition] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)


def row_of(n: int, see: int, state: int = NOW) -> int:
    """Return the row number of a document."""
    return state << STATE_BITS | see << CLASS_BITS | n


def rows_up_to(clearance: int, state: int = NOW) -> tuple[int, int]:
    """Return the first row that may be found from this clearance, and the first that may not."""
    return row_of(0, 0, state), row_of(0, clearance + 1, state)


def create(connection: Connection) -> None:
    """Lay the tables."""
    META.create_all(connection, [DOCUMENT, SPOT])
    connection.exec_driver_sql(_CREATE)


def clear(connection: Connection) -> None:
    """Take every document away."""
    for table in (DOCUMENT, SPOT):
        connection.execute(delete(table))
    connection.exec_driver_sql("DELETE FROM words")


def write_all(connection: Connection, ns: Iterable[int]) -> None:
    """Write the documents of these rows, where every row is there and each will be written."""
    _write(connection, list(_rows(connection, RECORD.c.n, ns)))


def refresh(connection: Connection, ns: Iterable[int]) -> None:
    """Write the documents of these rows anew, and of what says something of them.

    What comes out depends on the rows that are there, not on the order in which they came: when a
    document changes, those that repeat something of it are written again as well.
    """
    waiting = _with_neighbours(connection, set(ns))
    done: set[int] = set()
    while waiting:
        rows = list(_rows(connection, RECORD.c.n, waiting))
        changed = _write(connection, rows)
        done |= waiting
        waiting = _dependents(connection, [row for row in rows if row.n in changed]) - done


def _with_neighbours(connection: Connection, ns: set[int]) -> set[int]:
    """Add all revisions of these records, and the entities that a name or a place is said of."""
    ids: set[str] = set()
    for piece in pieces(sorted(ns)):
        chosen = select(RECORD.c.id).where(RECORD.c.n.in_(piece))
        ids |= {id_ for (id_,) in connection.execute(chosen)}
    rows = list(_rows(connection, RECORD.c.id, ids))
    of = {row.record.entity for row in rows if isinstance(row.record, Name)}
    of |= {r.record.a for r in rows if isinstance(r.record, Relation) and r.record.relation in INTO}
    return {row.n for row in rows} | _latest(connection, of - ids)


def _rows(
    connection: Connection, column: Column[int] | Column[str], values: Iterable[int | str]
) -> Iterator[_Row]:
    r = RECORD.c
    for piece in pieces(sorted(values)):
        chosen = select(r.n, r.id, r.see, r.known_to, r.withdrawn, r.body)
        for n, id_, see, known_to, withdrawn, body in connection.execute(
            chosen.where(column.in_(piece))
        ):
            record = trusted_record_of(json.loads(body))
            yield _Row(n, id_, int(see), known_to is None, bool(withdrawn), record)


def _latest(connection: Connection, ids: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(piece), RECORD.c.known_to.is_(None))
        found |= {n for (n,) in connection.execute(chosen)}
    return found


def _dependents(connection: Connection, rows: Iterable[_Row]) -> set[int]:
    """Return the documents that repeat something of these records; the unwritten come by itself."""
    entities = [row.id for row in rows if isinstance(row.record, Entity)]
    questions = [row.id for row in rows if isinstance(row.record, Proposition)]
    found: set[int] = set()
    fields = ("subject", "place", "incident", "b")
    for piece in pieces(sorted(set(entities))):
        chosen = select(MENTION.c.n).where(MENTION.c.target.in_(piece), MENTION.c.field.in_(fields))
        found |= {n for (n,) in connection.execute(chosen)}
        inner = select(RELATION.c.a).where(RELATION.c.relation.in_(INTO), RELATION.c.b.in_(piece))
        found |= _latest(connection, {a for (a,) in connection.execute(inner)})
    for piece in pieces(sorted(set(questions))):
        said = select(ASSERTION.c.n).where(ASSERTION.c.proposition.in_(piece))
        found |= {n for (n,) in connection.execute(said)}
    return set(_written(connection, found))


def _written(connection: Connection, ns: Iterable[int]) -> dict[int, tuple[int, str]]:
    d, found = DOCUMENT.c, {}
    for piece in pieces(sorted(ns)):
        for n, at, digest in connection.execute(select(d.n, d.at, d.digest).where(d.n.in_(piece))):
            found[n] = (at, digest)
    return found


def _write(connection: Connection, rows: list[_Row]) -> set[int]:
    """Write what changed; return the ``n`` of those documents."""
    before = _written(connection, [row.n for row in rows])
    around = _around(connection, rows)
    now = {row.n: made for row in rows if (made := _document(row, around)) is not None}
    changed = {
        row.n
        for row in rows
        if before.get(row.n) != ((now[row.n].at, now[row.n].digest) if row.n in now else None)
    }
    gone = sorted(n for n in changed if n in before)
    for piece in pieces(gone):
        connection.execute(delete(DOCUMENT).where(DOCUMENT.c.n.in_(piece)))
    if gone:
        connection.exec_driver_sql(
            "DELETE FROM words WHERE rowid = ?", [(before[n][0],) for n in gone]
        )
    new = [(n, now[n]) for n in sorted(changed) if n in now]
    if new:
        connection.exec_driver_sql(
            "INSERT INTO document(n, at, digest) VALUES (?, ?, ?)",
            [(n, made.at, made.digest) for n, made in new],
        )
        connection.exec_driver_sql(
            _WRITE, sorted((made.at, made.own, made.also, made.facets) for _, made in new)
        )
    _write_spots(connection, rows)
    return changed


def _write_spots(connection: Connection, rows: Iterable[_Row]) -> None:
    spots = [
        {"n": row.n, "lat_e6": row.record.lat_e6, "lon_e6": row.record.lon_e6}
        for row in rows
        if isinstance(row.record, Entity) and row.record.lat_e6 is not None
    ]
    if spots:
        connection.execute(insert(SPOT).on_conflict_do_nothing(), spots)


def _around(connection: Connection, rows: list[_Row]) -> _Around:
    around = _Around()
    now = [row.record for row in rows if row.latest and not row.withdrawn]
    questions = {each.proposition for each in now if isinstance(each, Assertion)}
    for row in _rows(connection, RECORD.c.id, questions):
        if row.latest and isinstance(row.record, Proposition):
            around.asked[row.id] = row.record
    entities = {each.id for each in now if isinstance(each, Entity)}
    of_names: set[int] = set()
    for piece in pieces(sorted(entities)):
        chosen = select(MENTION.c.n).where(MENTION.c.target.in_(piece), MENTION.c.field == "entity")
        of_names |= {n for (n,) in connection.execute(chosen)}
    for row in _rows(connection, RECORD.c.n, of_names):
        name = row.record
        if row.latest and not row.withdrawn and isinstance(name, Name) and is_searched(name):
            around.forms.setdefault(name.entity, []).append((row.see, name.form))
    where = {id_ for each in now for id_ in _whereabouts(each, around)}
    placed = places_of(connection, where)
    around.placed = {id_: placed(id_) for id_ in where}
    for row in _rows(connection, RECORD.c.id, where):
        if row.latest and isinstance(row.record, Entity):
            around.types[row.id] = row.record.type
    return around


def _whereabouts(record: Record, around: _Around) -> Iterator[str]:
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


def _document(row: _Row, around: _Around) -> _Document | None:
    record = row.record
    own = "" if row.withdrawn else own_words(record)
    if row.withdrawn or not (own or record.kind in ALWAYS):
        return None
    if isinstance(record, Name):
        return _Document(row_of(row.n, row.see, FORM), own)
    if not row.latest:
        return _Document(row_of(row.n, row.see, EARLIER), own)
    asked = around.asked.get(record.proposition) if isinstance(record, Assertion) else None
    also = [own_words(asked)] if asked else []
    for see, form in sorted(around.forms.get(record.id, [])):
        also += _marked(see, row.see, words_of([form]).split())
    facets = own_facets(record)
    facets += [facet("year", str(year)) for year in years_of(record, asked)]
    for id_ in dict.fromkeys(_whereabouts(record, around)):
        facets += _place_facets(id_, row.see, around)
    return _Document(row_of(row.n, row.see), own, " ".join(also), " ".join(dict.fromkeys(facets)))


def _place_facets(id_: str, see: int, around: _Around) -> Iterator[str]:
    placed = around.placed[id_]
    if around.types.get(id_) in PLACES:
        yield from (facet("at", id_), facet("in", id_))
    for name, found in (("at", placed.at), ("in", placed.within)):
        for place, needed in sorted(found.items()):
            yield from _marked(needed, see, [facet(name, place)])


def _marked(needed: int, see: int, tokens: list[str]) -> list[str]:
    """Write the class in front of what may not be known to everybody who may see the rest."""
    return [f"{needed}={token}" for token in tokens] if needed > see else tokens
