"""What linking found: pairs of victims that may be one person, kept to be judged.

One SQLite file for each class, made by a run that saw no record above it: what is sealed changes
nothing in what others are shown. Thrown away and made again at will; what people judged is not
in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    or_,
    select,
    tuple_,
)

from dalil.casebook.record.form import CLASSES
from dalil.engines.files import make_folders, sync_folder
from dalil.engines.sqlite import create_database, insert_rows, open_database, reading, writing
from dalil.errors import LogBroken, Missing
from dalil.ledger.ledger import TIME_FORM
from dalil.vault.derived import DERIVED

FOLDER = "victims"
VERSION = "1"
AT_ONCE, PAGE = 5000, 500

_META = MetaData()
_STATE = Table("state", _META, Column("name", Text, primary_key=True), Column("value", Text))
_PAIR = Table(
    "pair",
    _META,
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("score", Float, nullable=False),
    Column("best", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),
    Index("pair_b", "b"),
    Index("pair_score", "score", "a", "b"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """What of two victims was compared (``of``: a name, a date), and how it was found."""

    of: str
    found: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two victims (ids, in their order) that may be one person.

    ``score``: 0 to 1, for the order alone. ``best``: of two lists, each is the other's likeliest.
    """

    a: str
    b: str
    score: float
    best: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A run of linking: victims compared, pairs found, when (UTC), by which method, on what view.

    ``see``: the class of its view. ``compared`` is 0 where none was made.
    """

    compared: int
    pairs: int
    at: str
    method: str
    see: str


class Candidates:
    """What was found as one class sees it; without a run it reads as empty."""

    def __init__(self, engine: Engine | None, linked: Linked) -> None:
        """Use ``open``."""
        self._engine = engine
        self.linked = linked

    @classmethod
    def open(cls, archive: Path, clearance: int) -> Candidates:
        """Open what the widest run found that saw nothing above a clearance (0 to 2)."""
        for see in reversed(CLASSES[: clearance + 1]):
            found = _current(_path(archive, see))
            if found is not None:
                return cls(*found)
        return cls(None, Linked(0, 0, "", "", CLASSES[clearance]))

    def of(self, victim: str) -> tuple[Candidate, ...]:
        """Return what was found of one victim, the likeliest first."""
        return tuple(self._read(_chosen().where(or_(_PAIR.c.a == victim, _PAIR.c.b == victim))))

    def of_pair(self, a: str, b: str) -> Candidate | None:
        """Return what was found of two victims, in whichever order they are named."""
        a, b = sorted((a, b))
        found = self._read(_chosen().where(_PAIR.c.a == a, _PAIR.c.b == b))
        return next(iter(found), None)

    def in_order(self) -> Iterator[Candidate]:
        """Yield every pair, the likeliest first."""
        chosen = _chosen().limit(PAGE)
        after: Candidate | None = None
        while True:
            page = chosen
            if after is not None:
                lower = _PAIR.c.score < after.score
                later = tuple_(_PAIR.c.a, _PAIR.c.b) > (after.a, after.b)
                page = chosen.where(or_(lower, (_PAIR.c.score == after.score) & later))
            found = self._read(page)
            yield from found
            if len(found) < PAGE:
                return
            after = found[-1]

    def _read(self, chosen: Select[str, str, float, bool, str]) -> list[Candidate]:
        if self._engine is None:
            return []
        with reading(self._engine) as connection:
            return [
                Candidate(a, b, score, best, _reasons(said))
                for a, b, score, best, said in connection.execute(chosen)
            ]


def keep(archive: Path, see: str, found: Iterable[Candidate], compared: int, method: str) -> Linked:
    """Keep what a run found, in place of what the last one of its class did.

    Raises:
        NoSpace: the disk is full; the last one stays.

    """
    path = _path(archive, see)
    make_folders(path.parent)
    fresh = path.with_name(f"{path.name}.new")
    for each in (fresh, *_beside(fresh)):
        each.unlink(missing_ok=True)
    engine = create_database(fresh)
    pairs, waiting = 0, iter(found)
    with writing(engine) as connection:
        _META.create_all(connection)
        while some := list(islice(waiting, AT_ONCE)):
            insert_rows(connection, _PAIR, [_row(each) for each in some])
            pairs += len(some)
        at = datetime.now(UTC).strftime(TIME_FORM)
        linked = Linked(compared, pairs, at, method, see)
        said = {"version": VERSION, "compared": compared, "pairs": pairs, "at": at}
        rows = [(name, str(value)) for name, value in (said | {"method": method}).items()]
        insert_rows(connection, _STATE, rows)
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    for each in _beside(path):
        each.unlink(missing_ok=True)
    fresh.replace(path)
    sync_folder(path.parent)
    return linked


def _path(archive: Path, see: str) -> Path:
    return archive / DERIVED / FOLDER / f"{see}.sqlite"


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + each) for each in ("-wal", "-shm", "-journal")]


def _current(path: Path) -> tuple[Engine, Linked] | None:
    try:
        engine = open_database(path)
        with reading(engine) as connection:
            if not connection.dialect.has_table(connection, _STATE.name):
                return None
            said = {str(name): str(value) for name, value in connection.execute(select(_STATE))}
    except (Missing, LogBroken):
        return None
    if said.get("version") != VERSION:
        return None
    counted = (int(said["compared"]), int(said["pairs"]))
    return engine, Linked(*counted, said["at"], said["method"], path.stem)


def _chosen() -> Select[str, str, float, bool, str]:
    p = _PAIR.c
    chosen = select(p.a, p.b, p.score, p.best, p.reasons)
    return chosen.order_by(p.score.desc(), p.a, p.b)


def _row(found: Candidate) -> tuple[str, str, float, bool, str]:
    reasons = json.dumps([[each.of, each.found] for each in found.reasons])
    return found.a, found.b, found.score, found.best, reasons


def _reasons(said: str) -> tuple[Reason, ...]:
    told: Sequence[Sequence[str]] = json.loads(said)
    return tuple(Reason(of, found) for of, found in told)
