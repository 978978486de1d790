"""What linking found: pairs of victims that may be one person, kept to be judged.

One SQLite file for each class, made by a run that saw no record above it: what is sealed changes
nothing in what others are shown. Thrown away and made again at will; what people judged is not
in it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
    Integer,
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
from dalil.match.persons.row import METHOD, About, Candidate, Reason
from dalil.vault.derived import DERIVED

FOLDER, SCRATCH = "victims", "run-"
KEPT_SECONDS = 24 * 3600
# What was found by another method is not shown.
VERSION = f"2 {METHOD}"
AT_ONCE, PAGE = 5000, 500
# So many are shown of one victim; a pair is kept when either has it among them.
MOST = 10

Chosen = Select[str, str, float, str, bool, int, int]

_META = MetaData()
_STATE = Table("state", _META, Column("name", Text, primary_key=True), Column("value", Text))
_PAIR = Table(
    "pair",
    _META,
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    # The bits taken negative, so that an index yields the likeliest first.
    Column("doubt", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("suggested", Boolean, nullable=False),
    Column("rank_a", Integer, nullable=False),
    Column("rank_b", Integer, nullable=False),
    Index("pair_b", "b"),
    Index("pair_doubt", "doubt", "a", "b"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A run of linking: victims compared, pairs found, when (UTC), on the view of which class.

    ``at`` is empty where none was made.
    """

    compared: int
    pairs: int
    at: str
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
        return cls(None, Linked(0, 0, "", CLASSES[clearance]))

    def of(self, victim: str) -> tuple[Candidate, ...]:
        """Return the ten likeliest of one victim, or fewer, in their order."""
        p = _PAIR.c
        first = (p.a == victim) & (p.rank_a <= MOST)
        second = (p.b == victim) & (p.rank_b <= MOST)
        return tuple(self._read(_chosen().where(or_(first, second))))

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
                p = _PAIR.c
                page = chosen.where(tuple_(p.doubt, p.a, p.b) > (-after.bits, after.a, after.b))
            found = self._read(page)
            yield from found
            if len(found) < PAGE:
                return
            after = found[-1]

    def _read(self, chosen: Chosen) -> list[Candidate]:
        if self._engine is None:
            return []
        with reading(self._engine) as connection:
            return [
                Candidate(a, b, -doubt, _reasons(said), suggested, rank_a, rank_b)
                for a, b, doubt, said, suggested, rank_a, rank_b in connection.execute(chosen)
            ]


def keep(
    archive: Path, see: str, found: Iterable[Candidate], compared: Callable[[], int]
) -> Linked:
    """Keep what a run found, in place of what the last one of its class did.

    ``compared``: asked when all is found, how many victims were.

    Raises:
        NoSpace: the disk is full; the last one stays.

    """
    path = _path(archive, see)
    with scratch_in(path.parent) as scratch:
        fresh = scratch / path.name
        engine = create_database(fresh)
        linked = _write(engine, see, found, compared)
        with reading(engine) as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        for each in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + each).unlink(missing_ok=True)
        fresh.replace(path)
    sync_folder(path.parent)
    return linked


@contextmanager
def scratch_in(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards; one whose run was killed goes a day later."""
    make_folders(folder)
    for each in folder.glob(f"{SCRATCH}*"):
        if time.time() - each.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(each, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder) as scratch:
        yield Path(scratch)


def _write(
    engine: Engine, see: str, found: Iterable[Candidate], compared: Callable[[], int]
) -> Linked:
    pairs, waiting = 0, iter(found)
    with writing(engine) as connection:
        _META.create_all(connection)
        while some := list(islice(waiting, AT_ONCE)):
            insert_rows(connection, _PAIR, [_row(each) for each in some])
            pairs += len(some)
        at = datetime.now(UTC).strftime(TIME_FORM)
        linked = Linked(compared(), pairs, at, see)
        said = {"version": VERSION, "compared": linked.compared, "pairs": pairs, "at": at}
        insert_rows(connection, _STATE, [(name, str(value)) for name, value in said.items()])
    return linked


def folder_of(archive: Path) -> Path:
    """Return where what linking finds lies."""
    return archive / DERIVED / FOLDER


def _path(archive: Path, see: str) -> Path:
    return folder_of(archive) / f"{see}.sqlite"


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
    return engine, Linked(*counted, said["at"], path.stem)


def _chosen() -> Chosen:
    p = _PAIR.c
    chosen = select(p.a, p.b, p.doubt, p.reasons, p.suggested, p.rank_a, p.rank_b)
    return chosen.order_by(p.doubt, p.a, p.b)


def _row(found: Candidate) -> tuple[str, str, float, str, bool, int, int]:
    reasons = json.dumps([[each.about, each.level, each.bits] for each in found.reasons])
    ranks = (found.rank_a, found.rank_b)
    return found.a, found.b, -found.bits, reasons, found.suggested, *ranks


def _reasons(said: str) -> tuple[Reason, ...]:
    told: Sequence[tuple[str, str, float]] = json.loads(said)
    return tuple(Reason(About(about), level, bits) for about, level, bits in told)
