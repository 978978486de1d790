"""The index follows the acts, and can be written anew from them (docs/decisions/18)."""

from __future__ import annotations

import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select

from dalil.casebook.index.anew.all_rows import Followed, lay, write_all
from dalil.casebook.index.project import Recorded, project, write_words
from dalil.casebook.index.tables import ACT, RECORD, STATE
from dalil.engines.files import locked, make_folders, sync_folder
from dalil.engines.sqlite import create_database, insert_rows, open_database, reading, writing
from dalil.errors import CannotTell
from dalil.kernel.act import Act
from dalil.kernel.canonical import Json
from dalil.ledger.ledger import Entry, Ledger

RECORDED = "recorded"
FOLDER, FILE, LOCK = "index", "casebook.sqlite", "lock"
VERSION = "6"
BATCH = 5000
PAGE = 2000
ACTS_AT_ONCE = 500
WAIT_SECONDS = 600.0
MUCH = 20_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wrote:
    """What an act says of its records: when, by which key, of which import, how many."""

    at: str
    by_key: str | None
    note: str | None
    brought: str | None
    last: bool
    records: int


def wrote(act: Act) -> Wrote:
    """Read what the index needs of an act that wrote records; its form is `check`'s to judge."""
    opened = (json.loads(urlsafe_b64decode(each + "==")) for each in act.disclosures)
    fields = {name: value for _, name, value in opened}
    by = fields.get("by")
    return Wrote(
        str(fields.get("time", "")),
        by["key"] if isinstance(by, dict) else None,
        fields.get("note"),
        fields.get("import"),
        bool(fields.get("last", "import" not in fields)),
        int(fields.get("records", 0)),
    )


class CasebookIndex:
    """The rows of one archive's casebook."""

    def __init__(self, ledger: Ledger) -> None:
        """Work beside the acts of ``ledger``; nothing is read yet."""
        self._ledger = ledger
        self.path = ledger.archive / FOLDER / FILE
        self._engine: Engine | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection on rows that follow every act."""
        with reading(self._followed()) as connection:
            yield connection

    def follow(self) -> None:
        """Write the rows of the acts that came since; all of them where there is no index."""
        self._followed()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Write all rows anew beside the old ones, then put them in their place.

        Returns how many revisions of records there are.
        """
        make_folders(self.path.parent)
        with locked(self.path.parent / LOCK, WAIT_SECONDS):
            self._engine = None
            fresh = self.path.with_name(FILE + ".new")
            for each in (fresh, *_beside(fresh)):
                each.unlink(missing_ok=True)
            engine = create_database(fresh)
            with writing(engine) as connection:
                lay(connection)
                rows = {"version": VERSION, "followed": "0", "clock": ""}
                insert_rows(connection, STATE, list(rows.items()))
            self._write_all(engine, fresh, progress)
            with reading(engine) as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                count = _count(connection)
            for each in _beside(self.path):
                each.unlink(missing_ok=True)
            fresh.replace(self.path)
            sync_folder(self.path.parent)
        return count

    def _followed(self) -> Engine:
        engine = self._engine or self._opened()
        behind = self._behind(engine) if engine is not None else -1
        if engine is not None and behind == 0:
            self._engine = engine
            return engine
        if not os.access(self._ledger.archive, os.W_OK):
            raise CannotTell("the index does not follow the acts, and this folder is read-only")
        if engine is None or behind < 0 or self._much_comes(engine):
            self.rebuild()
            engine = open_database(self.path)
        else:
            with locked(self.path.parent / LOCK, WAIT_SECONDS):
                self._catch_up(engine)
        self._engine = engine
        return engine

    def _opened(self) -> Engine | None:
        if not self.path.is_file():
            return None
        return open_database(self.path)

    def _behind(self, engine: Engine) -> int:
        """Return how many acts have not been followed; -1 where the rows are of no use."""
        with reading(engine) as connection:
            if not connection.dialect.has_table(connection, STATE.name):
                return -1
            state = _state(connection)
        here = self._ledger.store.count()
        if state.get("version") != VERSION or not 0 < int(state["followed"]) <= here:
            return -1
        return here - int(state["followed"])

    def _much_comes(self, engine: Engine) -> bool:
        """Whether an import brings more than there is: all of it is then sooner written anew."""
        with reading(engine) as connection:
            followed, there = int(_state(connection)["followed"]), _count(connection)
        coming = 0
        for name, seq in self._ledger.store.last_about("import").items():
            if seq >= followed and wrote(self._ledger.act(seq).act).last:
                coming += sum(wrote(each.act).records for each in self._ledger.import_acts(name))
        return coming > max(there, MUCH)

    def _write_all(self, engine: Engine, path: Path, progress: Progress | None) -> None:
        end = self._ledger.store.count()
        clock = ""

        def followed() -> Iterator[Followed]:
            nonlocal clock
            for page in self._pages(0):
                for each in self._followed_in(page, clock):
                    clock = each.clock
                    yield each
                if progress:
                    progress(page[-1].seq + 1, end)

        write_all(engine, path, followed())
        with writing(engine) as connection:
            _mark(connection, end, clock)

    def _catch_up(self, engine: Engine) -> None:
        with reading(engine) as connection:
            state = _state(connection)
        end, clock = self._ledger.store.count(), state["clock"]
        for page in self._pages(int(state["followed"])):
            with writing(engine) as connection:
                touched: set[int] = set()
                for each in self._followed_in(page, clock):
                    clock = each.clock
                    insert_rows(connection, ACT, each.acts)
                    touched |= set(project(connection, each.records))
                write_words(connection, touched)
                _mark(connection, page[-1].seq + 1, clock)
        with writing(engine) as connection:
            _mark(connection, end, clock)

    def _pages(self, start: int) -> Iterator[list[Entry]]:
        entries = self._ledger.acts(RECORDED, start)
        while page := list(islice(entries, PAGE)):
            yield page

    def _followed_in(self, page: Sequence[Entry], clock: str) -> Iterator[Followed]:
        """Yield records in order of the log; an import as a whole, when its last part is in."""
        batch: list[Recorded] = []
        rows: list[tuple[Json, ...]] = []
        for start in range(0, len(page), ACTS_AT_ONCE):
            some = [(e.seq, wrote(e.act)) for e in page[start : start + ACTS_AT_ONCE]]
            bodies = self._ledger.store.record_fields([s for s, w in some if w.brought is None])
            for seq, said in some:
                rows.append((seq, said.at, said.by_key, said.note))
                # A clock that was set back must not change what was known on an earlier day.
                clock = max(clock, said.at)
                if said.brought is None:
                    batch += _recorded(seq, bodies.get(seq, []), clock)
                elif said.last:
                    yield Followed(tuple(rows), tuple(batch), clock)
                    batch, rows = [], []
                    yield from self._whole_import(said.brought, seq, clock)
                if len(batch) >= BATCH:
                    yield Followed(tuple(rows), tuple(batch), clock)
                    batch, rows = [], []
        yield Followed(tuple(rows), tuple(batch), clock)

    def _whole_import(self, brought: str, last: int, clock: str) -> Iterator[Followed]:
        for entry in self._ledger.import_acts(brought):
            if entry.seq > last:
                return
            bodies = self._ledger.store.record_fields([entry.seq])
            found = bodies.get(entry.seq, [])
            yield Followed((), tuple(_recorded(entry.seq, found, clock)), clock)


def _recorded(seq: int, bodies: list[str], clock: str) -> Iterator[Recorded]:
    for place, body in enumerate(bodies):
        yield Recorded(seq, place, clock, body)


def _state(connection: Connection) -> dict[str, str]:
    return {name: value for name, value in connection.execute(select(STATE))}  # noqa: C416 - rows


def _mark(connection: Connection, followed: int, clock: str) -> None:
    for name, value in (("followed", str(followed)), ("clock", clock)):
        connection.execute(STATE.update().where(STATE.c.name == name).values(value=value))


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(RECORD)).scalar() or 0)


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + each) for each in ("-wal", "-shm", "-journal")]
