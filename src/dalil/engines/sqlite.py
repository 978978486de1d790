"""SQLite as it is used here: one file, write-ahead log, every commit on the disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from dalil.engines.failpoint import cross
from dalil.engines.files import sync_folder
from dalil.errors import ArchiveBusy, LogBroken, Missing, NoSpace

WAIT_SECONDS = 30
PIECE = 900

T = TypeVar("T")

# The latter two where a quota, not the disk, is full.
NO_ROOM = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF")


def create_database(path: Path) -> Engine:
    """Return the engine of a new database at ``path``."""
    path.touch(mode=0o600, exist_ok=True)
    engine = open_database(path)
    sync_folder(path.parent)
    return engine


def open_database(path: Path) -> Engine:
    """Return the engine of the database at ``path``.

    Raises:
        Missing: there is none.

    """
    if not path.is_file():
        raise Missing(str(path))
    if not os.access(path.parent, os.W_OK):
        # A write-protected stick: nobody can change the file, so no lock file is needed.
        place = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        return create_engine(
            URL.create("sqlite", database=path.name),
            poolclass=NullPool,
            creator=lambda: sqlite3.connect(place, uri=True),
        )
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": WAIT_SECONDS},
    )
    event.listen(engine, "connect", _settle)
    return engine


def _settle(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection; a damaged file becomes ``LogBroken``."""
    with _in_our_words(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction, which is on the disk when the block ends.

    Raises:
        NoSpace: the disk is full; nothing of the transaction is kept.

    """
    with _in_our_words(engine):
        with engine.begin() as connection:
            yield connection
            cross("commit")
        cross("committed")


@contextmanager
def _in_our_words(engine: Engine) -> Iterator[None]:
    name = Path(engine.url.database or "").name
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = getattr(error, "orig", error)
        kind = getattr(cause, "sqlite_errorname", "")
        if kind in NO_ROOM:
            raise NoSpace(name) from None
        if kind.startswith("SQLITE_BUSY"):
            raise ArchiveBusy(name) from None
        raise LogBroken(f"{name}: {cause}") from None


def faults_of(engine: Engine) -> list[str]:
    """Return what SQLite itself finds wrong with the file; nothing where it is whole."""
    with reading(engine) as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if said == ["ok"] else said


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each with a value for every column of ``table``, in its order.

    Past the layer that turns each row into a dict and back: it costs more than SQLite does.
    """
    if rows:
        connection.exec_driver_sql(str(insert(table).compile(connection.engine)), list(rows))


def pieces(values: Iterable[T], size: int = PIECE) -> Iterator[Sequence[T]]:
    """Yield values in pieces that a statement can carry."""
    found = list(values)
    for start in range(0, len(found), size):
        yield found[start : start + size]
