"""Full-text documents of records (SQLite FTS5): folded words, and facets beside them.

The row number of a document tells who may find it, so that a search within a clearance is a range
of rows: ``state << 42 | class << 40 | n``. State 0: as known now; 1: an earlier revision; 2: one
form of a name, which stands for its entity; 3: a withdrawn entity, which is not found. What a
document holds beyond its own class is written with that class in front (``2=word``), and is asked
for only from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, Table, Text, delete, select

from dalil.casebook.index.around import Document, Row, around_of, document_of, rows_with
from dalil.casebook.index.places import INTO
from dalil.casebook.index.tables import ASSERTION, MENTION, META, RECORD, RELATION
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.describing import Term
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Position
from dalil.casebook.record.things import Entity, Name
from dalil.engines.sqlite import pieces

STANDING, EARLIER, FORM, WITHDRAWN = range(4)
STATE_BITS, CLASS_BITS = 42, 40
# In which fields a record names an entity whose places are its own too.
REPEATING = ("subject", "place", "incident", "b")

# Which document each record has, and a digest of it: what did not change is not written again.
DOCUMENT = Table(
    "document",
    META,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False, unique=True),
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


def row_of(n: int, see: int, state: int = STANDING) -> int:
    """Return the row number of a document."""
    return state << STATE_BITS | see << CLASS_BITS | n


def n_of(row: int) -> int:
    """Return the ``n`` of the record whose document has this row number."""
    return row & ((1 << CLASS_BITS) - 1)


def create(connection: Connection) -> None:
    """Lay the tables."""
    META.create_all(connection, [DOCUMENT, SPOT])
    connection.exec_driver_sql(_CREATE)


def clear(connection: Connection) -> None:
    """Take every document away."""
    for table in (DOCUMENT, SPOT):
        connection.execute(delete(table))
    connection.exec_driver_sql("DELETE FROM words")


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents to be added: rows of DOCUMENT, of the full text, and of SPOT."""

    documents: list[tuple[int, int, str]]
    words: list[tuple[int, str, str, str]]
    spots: list[tuple[int, int, int]]


def texts_of(connection: Connection, ns: Iterable[int]) -> Texts:
    """Return the documents of these rows, where every row is there and each will be written."""
    rows = list(rows_with(connection, RECORD.c.n, ns))
    made = _made(connection, rows)
    return _texts({n: (at, each) for n, (at, each) in made.items() if each is not None}, rows)


def add(connection: Connection, texts: Texts) -> None:
    """Write documents that are not there yet."""
    for sql, rows in (
        ("INSERT INTO document(n, at, digest) VALUES (?, ?, ?)", texts.documents),
        ("INSERT INTO words(rowid, own, also, facets) VALUES (?, ?, ?, ?)", texts.words),
        ("INSERT OR IGNORE INTO spot(n, lat_e6, lon_e6) VALUES (?, ?, ?)", texts.spots),
    ):
        if rows:
            connection.exec_driver_sql(sql, rows)


def refresh(connection: Connection, ns: Iterable[int]) -> None:
    """Write the documents of these rows anew, and of what says something of them.

    What comes out depends on the rows that are there, not on the order in which they came: when a
    document changes, those that repeat something of it are written again as well.
    """
    rows = _with_neighbours(connection, set(ns))
    done: set[int] = set()
    while rows:
        changed = _write(connection, rows)
        done |= {row.n for row in rows}
        waiting = _dependents(connection, [row for row in rows if row.n in changed]) - done
        rows = list(rows_with(connection, RECORD.c.n, waiting))


def _with_neighbours(connection: Connection, ns: set[int]) -> list[Row]:
    """Return all revisions of these records, and the entities that a name or place is said of."""
    ids: set[str] = set()
    for piece in pieces(sorted(ns)):
        chosen = select(RECORD.c.id).where(RECORD.c.n.in_(piece))
        ids |= {id_ for (id_,) in connection.execute(chosen)}
    rows = list(rows_with(connection, RECORD.c.id, ids))
    of = {row.record.entity for row in rows if isinstance(row.record, Name)}
    of |= {r.record.a for r in rows if isinstance(r.record, Relation) and r.record.relation in INTO}
    return rows + list(rows_with(connection, RECORD.c.n, _latest(connection, of - ids)))


def _latest(connection: Connection, ids: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(piece), RECORD.c.known_to.is_(None))
        found |= {n for (n,) in connection.execute(chosen)}
    return found


def _dependents(connection: Connection, rows: Iterable[Row]) -> set[int]:
    """Return the documents that repeat something of these records.

    What has no document yet is left out: it is new, and is written in its turn.
    """
    entities = {row.id for row in rows if isinstance(row.record, Entity)}
    questions = {row.id for row in rows if isinstance(row.record, Proposition)}
    found: set[int] = set()
    for piece in pieces(sorted(entities)):
        chosen = select(MENTION.c.n).where(
            MENTION.c.target.in_(piece), MENTION.c.field.in_(REPEATING)
        )
        found |= {n for (n,) in connection.execute(chosen)}
        inner = select(RELATION.c.a).where(RELATION.c.relation.in_(INTO), RELATION.c.b.in_(piece))
        found |= _latest(connection, {a for (a,) in connection.execute(inner)})
    for piece in pieces(sorted({row.id for row in rows if isinstance(row.record, Term)})):
        by_term = select(MENTION.c.n).where(MENTION.c.target.in_(piece), MENTION.c.field == "term")
        found |= {n for (n,) in connection.execute(by_term)}
    for piece in pieces(sorted(questions)):
        said = select(ASSERTION.c.n).where(ASSERTION.c.proposition.in_(piece))
        found |= {n for (n,) in connection.execute(said)}
    return set(_written(connection, found))


def _written(connection: Connection, ns: Iterable[int]) -> dict[int, tuple[int, str]]:
    d, found = DOCUMENT.c, {}
    for piece in pieces(sorted(ns)):
        for n, at, digest in connection.execute(select(d.n, d.at, d.digest).where(d.n.in_(piece))):
            found[n] = (at, digest)
    return found


def _write(connection: Connection, rows: list[Row]) -> set[int]:
    """Write what changed; return the ``n`` of those documents."""
    made = _made(connection, rows)
    now = {n: (at, document) for n, (at, document) in made.items() if document is not None}
    before = _written(connection, made)
    same = {
        n for n, (at, document) in now.items() if n in before and before[n] == (at, document.digest)
    }
    _take_away(connection, {n: at for n, (at, _) in before.items() if n not in same})
    add(connection, _texts({n: each for n, each in now.items() if n not in same}, rows))
    return (set(now) | set(before)) - same


def _made(connection: Connection, rows: list[Row]) -> dict[int, tuple[int, Document | None]]:
    around = around_of(connection, rows)
    return {row.n: (_at(row), document_of(row, around)) for row in rows}


def _at(row: Row) -> int:
    if isinstance(row.record, Name):
        return row_of(row.n, row.see, FORM)
    if row.withdrawn:
        return row_of(row.n, row.see, WITHDRAWN)
    return row_of(row.n, row.see, STANDING if row.counts else EARLIER)


def _take_away(connection: Connection, gone: dict[int, int]) -> None:
    for piece in pieces(sorted(gone)):
        connection.execute(delete(DOCUMENT).where(DOCUMENT.c.n.in_(piece)))
    if gone:
        rows = [(at,) for at in sorted(gone.values())]
        connection.exec_driver_sql("DELETE FROM words WHERE rowid = ?", rows)


def _texts(new: Mapping[int, tuple[int, Document]], rows: Iterable[Row]) -> Texts:
    return Texts(
        [(n, at, document.digest) for n, (at, document) in sorted(new.items())],
        sorted((at, d.own, d.also, d.facets) for at, d in new.values()),
        [
            (row.n, row.record.lat_e6, row.record.lon_e6)
            for row in rows
            if isinstance(row.record, Entity | Position)
            and row.record.lat_e6 is not None
            and row.record.lon_e6 is not None
        ],
    )
