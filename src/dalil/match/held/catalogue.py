"""What was compared in an archive and what came of it: one SQLite file, made again at will."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Self

import numpy as np
from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)

from dalil.engines.files import make_folders
from dalil.engines.sqlite import (
    PIECE,
    create_database,
    insert_rows,
    open_database,
    pieces,
    reading,
    writing,
)
from dalil.errors import CannotTell, LogBroken, Malformed, Missing
from dalil.kernel import canonical
from dalil.ledger.ledger import TIME_FORM
from dalil.match.exact import HEAD_WORDS, Chain
from dalil.match.found import METHOD, Found
from dalil.match.stated import found_from, stated
from dalil.vault.derived import DERIVED

FILE = "match.sqlite"
# With what was compared otherwise than today nothing is compared further.
VERSION = f"3 {METHOD}"

_META = MetaData()
_STATE = Table("state", _META, Column("name", Text, primary_key=True), Column("value", Text))
# ``made_by``: the edition of the features that the pairs of an item were compared by; "" where it
# was not yet compared with those before it.
_ITEMS = Table(
    "items",
    _META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("item", Text, nullable=False, unique=True),
    Column("made_by", Text, nullable=False),
    # No number is given twice: the index of pictures knows items by it.
    sqlite_autoincrement=True,
)
_SAMPLES = Table(
    "samples",
    _META,
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column("head", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
_CHAINS = Table(
    "chains",
    _META,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Integer, primary_key=True, autoincrement=False),
    Column("film", Integer, primary_key=True, autoincrement=False),
    Column("heads", LargeBinary, nullable=False),
    Column("times", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
_PAIRS = Table(
    "pairs",
    _META,
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("score", Float, nullable=False),
    Column("found", LargeBinary, nullable=False),
    Index("pairs_b", "b"),
    # In the order of leads: a part of them is read without the rest.
    Index("pairs_ranked", text("score DESC"), "a", "b"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class State:
    """How many items were compared with one another, when the last, and by which method."""

    compared: int
    waiting: int
    last_at: str
    method: str


@dataclass(frozen=True, slots=True)
class Entered:
    """One item of the catalogue: its number, in the order of coming, and what it was compared by.

    ``made_by`` is empty where it was not compared yet.
    """

    number: int
    item: str
    made_by: str


Chains = Mapping[tuple[int, int], Chain]
Pair = tuple[str, str]


class Catalogue:
    """The catalogue of one archive; without one it reads as empty."""

    def __init__(self, engine: Engine | None) -> None:
        """Use ``open`` or ``made``."""
        self._engine = engine

    @classmethod
    def open(cls, archive: Path) -> Catalogue:
        """Open it for reading; where there is none, or one of another method, it is empty."""
        return cls(_current(path_of(archive)))

    @classmethod
    def made(cls, archive: Path) -> Catalogue:
        """Open it for writing; where there is none, or none of this method, make it empty."""
        path = path_of(archive)
        if (engine := _current(path)) is not None:
            return cls(engine)
        make_folders(path.parent)
        for each in (path, *(path.with_name(f"{FILE}-{end}") for end in ("wal", "shm"))):
            each.unlink(missing_ok=True)
        engine = create_database(path)
        with writing(engine) as connection:
            _META.create_all(connection)
            insert_rows(
                connection,
                _STATE,
                [("version", VERSION), ("last_at", ""), ("id", os.urandom(8).hex())],
            )
        return cls(engine)

    def __enter__(self) -> Self:
        """Return itself; every connection is closed as soon as it was read."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        if self._engine is not None:
            self._engine.dispose()

    def leads(self, item: str | None = None) -> tuple[Found, ...]:
        """Return what was found, of one item or all, the highest score first."""
        if self._engine is None:
            return ()
        chosen = select(_PAIRS.c.found).order_by(_PAIRS.c.score.desc(), _PAIRS.c.a, _PAIRS.c.b)
        if item is not None:
            chosen = chosen.where(or_(_PAIRS.c.a == item, _PAIRS.c.b == item))
        with reading(self._engine) as connection:
            return tuple(_found(each) for (each,) in connection.execute(chosen))

    def ranked(self, left_out: Container[Pair], part: slice) -> tuple[Found, ...]:
        """Return a part of what was found in the order of ``leads``, some pairs left out.

        No more of it is read than that, and the names of those before it.
        """
        if self._engine is None:
            return ()
        order = (_PAIRS.c.score.desc(), _PAIRS.c.a, _PAIRS.c.b)
        with reading(self._engine) as connection:
            every = connection.execute(select(_PAIRS.c.a, _PAIRS.c.b).order_by(*order))
            pairs = ((a, b) for a, b in every if (a, b) not in left_out)
            chosen = list(islice(pairs, part.start, part.stop))
            every.close()
        return tuple(found for a, b in chosen if (found := self.lead(a, b)) is not None)

    def count(self) -> int:
        """Return between how many pairs something was found."""
        if self._engine is None:
            return 0
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.count()).select_from(_PAIRS)).scalar() or 0)

    def scores(self, pairs: Iterable[Pair]) -> dict[Pair, float]:
        """Return the score of each of these pairs (names in their order) that were found alike."""
        if self._engine is None:
            return {}
        found: dict[Pair, float] = {}
        chosen = select(_PAIRS.c.a, _PAIRS.c.b, _PAIRS.c.score)
        with reading(self._engine) as connection:
            for some in pieces(pairs, PIECE // 2):
                asked = chosen.where(tuple_(_PAIRS.c.a, _PAIRS.c.b).in_(some))
                found |= {(a, b): float(score) for a, b, score in connection.execute(asked)}
        return found

    def lead(self, a: str, b: str) -> Found | None:
        """Return what was found between two items, in whichever order they are named."""
        if self._engine is None:
            return None
        a, b = sorted((a, b))
        chosen = select(_PAIRS.c.found).where(_PAIRS.c.a == a, _PAIRS.c.b == b)
        with reading(self._engine) as connection:
            found = connection.execute(chosen).scalar()
        return None if found is None else _found(found)

    def state(self) -> State:
        """Return how far comparing has come."""
        if self._engine is None:
            return State(0, 0, "", METHOD)
        counted = select(func.count(), func.count(func.nullif(_ITEMS.c.made_by, "")))
        with reading(self._engine) as connection:
            entered, compared = connection.execute(counted).one()
        return State(compared, entered - compared, self._said("last_at"), METHOD)

    @property
    def id(self) -> str:
        """What tells it from one that was made before; empty where there is none."""
        return self._said("id")

    def entered(self) -> tuple[Entered, ...]:
        """Return every item in it, in the order of coming."""
        if self._engine is None:
            return ()
        with reading(self._engine) as connection:
            rows = connection.execute(select(_ITEMS).order_by(_ITEMS.c.number)).all()
        return tuple(Entered(int(number), item, by) for number, item, by in rows)

    def enter(self, item: str, chains: Chains, samples: Iterable[tuple[int, int]]) -> None:
        """Put an item in: its chains by (kind, film), and its samples as (kind, head).

        Raises:
            NoSpace: the disk is full; nothing of it is kept.

        """
        with writing(self._writable()) as connection:
            made = connection.execute(_ITEMS.insert().values(item=item, made_by=""))
            number = int(made.lastrowid)
            rows = [
                (number, kind, film, chain.heads.astype("<u8").tobytes(), _times(chain))
                for (kind, film), chain in chains.items()
            ]
            insert_rows(connection, _CHAINS, rows)
            known = sorted(set(samples))
            insert_rows(connection, _SAMPLES, [(kind, head, number) for kind, head in known])

    def sharing(self, kind: int, heads: Sequence[int]) -> dict[int, int]:
        """Return, by number, how many of these samples each item has."""
        found: dict[int, int] = {}
        if self._engine is None:
            return found
        counted = select(_SAMPLES.c.number, func.count()).where(_SAMPLES.c.kind == kind)
        with reading(self._engine) as connection:
            for part in pieces(heads):
                chosen = counted.where(_SAMPLES.c.head.in_(part)).group_by(_SAMPLES.c.number)
                for number, count in connection.execute(chosen):
                    found[number] = found.get(number, 0) + count
        return found

    def chains(self, number: int) -> dict[tuple[int, int], Chain]:
        """Return the chains of an item by (kind, film)."""
        if self._engine is None:
            return {}
        chosen = select(_CHAINS).where(_CHAINS.c.number == number)
        with reading(self._engine) as connection:
            rows = connection.execute(chosen).all()
        return {(kind, film): _chain(heads, times) for _, kind, film, heads, times in rows}

    def keep(self, item: str, made_by: str, found: Sequence[Found]) -> None:
        """Say that an item was compared with all before it, and what came of it.

        Raises:
            NoSpace: the disk is full; the item counts as not compared.

        """
        rows = [(f.a, f.b, f.score, canonical.encode(stated(f))) for f in found]
        now = datetime.now(UTC).strftime(TIME_FORM)
        with writing(self._writable()) as connection:
            insert_rows(connection, _PAIRS, rows)
            connection.execute(update(_ITEMS).where(_ITEMS.c.item == item).values(made_by=made_by))
            connection.execute(update(_STATE).where(_STATE.c.name == "last_at").values(value=now))

    def forget(self, items: Sequence[str]) -> None:
        """Take items out, with all that was found of them."""
        with writing(self._writable()) as connection:
            for item in items:
                number = select(_ITEMS.c.number).where(_ITEMS.c.item == item).scalar_subquery()
                for table in (_SAMPLES, _CHAINS):
                    connection.execute(table.delete().where(table.c.number == number))
                connection.execute(_ITEMS.delete().where(_ITEMS.c.item == item))
                both = or_(_PAIRS.c.a == item, _PAIRS.c.b == item)
                connection.execute(_PAIRS.delete().where(both))

    def _said(self, name: str) -> str:
        if self._engine is None:
            return ""
        with reading(self._engine) as connection:
            chosen = select(_STATE.c.value).where(_STATE.c.name == name)
            return str(connection.execute(chosen).scalar() or "")

    def _writable(self) -> Engine:
        if self._engine is None:
            raise CannotTell("the catalogue of copies was not made yet")
        return self._engine


def path_of(archive: Path) -> Path:
    """Return where the catalogue of an archive lies."""
    return archive / DERIVED / FILE


def _current(path: Path) -> Engine | None:
    try:
        engine = open_database(path)
        with reading(engine) as connection:
            if not connection.dialect.has_table(connection, _STATE.name):
                return None
            chosen = select(_STATE.c.value).where(_STATE.c.name == "version")
            return engine if connection.execute(chosen).scalar() == VERSION else None
    except (Missing, LogBroken):
        return None


def _times(chain: Chain) -> bytes:
    return np.stack([chain.begins, chain.ends]).astype("<i8").tobytes()


def _chain(heads: bytes, times: bytes) -> Chain:
    begins, ends = np.frombuffer(times, "<i8").reshape(2, -1)
    return Chain(np.frombuffer(heads, "<u8").reshape(-1, HEAD_WORDS), begins, ends)


def _found(untrusted: bytes) -> Found:
    try:
        return found_from(canonical.decode(untrusted))
    except Malformed as why:
        raise LogBroken(f"{FILE}: {why.about}") from None
