"""SQLite as it is used here: one file, write-ahead log, every commit on the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from dalil.engines.failpoint import cross
from dalil.engines.files import sync_folder
from dalil.errors import LogBroken, Missing, NoSpace

WAIT_SECONDS = 30
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
    engine = create_engine(
        f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS}
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
        if getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL":
            raise NoSpace(name) from None
        raise LogBroken(f"{name}: {cause}") from None


def faults_of(engine: Engine) -> list[str]:
    """Return what SQLite itself finds wrong with the file; nothing where it is whole."""
    with reading(engine) as connection:
        said = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if said == ["ok"] else said
