"""All rows of a new index, and then its full text.

What is only searched is laid when its rows are there: to sort once is quicker than a million
times. However many rows there are, a few thousand are in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, Index, func, select

from dalil.casebook.index import words
from dalil.casebook.index.project import TABLES, Prepared, Recorded, prepare, write_rows
from dalil.casebook.index.tables import ACT, META, RECORD
from dalil.engines.processes import run_in_order
from dalil.engines.sqlite import insert_rows, open_database, reading, writing
from dalil.kernel.canonical import Json

AT_ONCE = 2000
# So many results are one transaction.
RESULTS = 50
# KiB: ids come in no order, and their pages are best kept until they are full.
CACHE = 48_000
# By these rows are found while others are written.
NEEDED = frozenset({"record_id", "mention_n"})


@dataclass(frozen=True, slots=True)
class Followed:
    """Some records in order of the log, and the rows of the acts up to there.

    ``clock``: the latest time that any act so far has said.
    """

    acts: tuple[tuple[Json, ...], ...]
    records: tuple[Recorded, ...]
    clock: str


def lay(connection: Connection) -> None:
    """Lay the tables of a new index, without what is laid when their rows are there."""
    META.create_all(connection)
    for index in _later():
        index.drop(connection)
    words.create(connection)


def write_all(engine: Engine, path: Path, followed: Iterable[Followed]) -> None:
    """Write the rows of all records into the new index at ``path``, then their full text."""
    made = run_in_order(_prepared, _numbered(followed))
    while _write(engine, made):
        pass
    with writing(engine) as connection:
        for index in _later():
            index.create(connection)
    with reading(engine) as connection:
        count = int(connection.execute(select(func.count()).select_from(RECORD)).scalar() or 0)
    starts = range(0, count, AT_ONCE)
    texts = run_in_order(_texts, ((str(path), n, min(n + AT_ONCE, count)) for n in starts))
    while _write_texts(engine, texts):
        pass


def _later() -> list[Index]:
    found = [index for table in TABLES for index in table.indexes if index.name not in NEEDED]
    return sorted(found, key=lambda index: str(index.name))


def _numbered(followed: Iterable[Followed]) -> Iterator[tuple[int, Followed]]:
    """Yield as many records as are worth handing over, with the ``n`` of the first."""
    n = 0
    acts: tuple[tuple[Json, ...], ...] = ()
    records: tuple[Recorded, ...] = ()
    clock = ""
    for each in followed:
        acts, records, clock = acts + each.acts, records + each.records, each.clock
        while len(records) >= AT_ONCE:
            yield n, Followed(acts, records[:AT_ONCE], clock)
            n, acts, records = n + AT_ONCE, (), records[AT_ONCE:]
    yield n, Followed(acts, records, clock)


def _prepared(start: int, followed: Followed) -> tuple[tuple[tuple[Json, ...], ...], Prepared]:
    return followed.acts, prepare(start, followed.records)


def _write(engine: Engine, made: Iterator[tuple[tuple[tuple[Json, ...], ...], Prepared]]) -> bool:
    """Write some of what was made; return whether there may be more."""
    written = 0
    with writing(engine) as connection:
        connection.exec_driver_sql(f"PRAGMA cache_size=-{CACHE}")
        for acts, prepared in islice(made, RESULTS):
            insert_rows(connection, ACT, acts)
            write_rows(connection, prepared)
            written += 1
    return written == RESULTS


def _texts(path: str, start: int, stop: int) -> words.Texts:
    with reading(open_database(Path(path))) as connection:
        return words.texts_of(connection, range(start, stop))


def _write_texts(engine: Engine, texts: Iterator[words.Texts]) -> bool:
    written = 0
    with writing(engine) as connection:
        for each in islice(texts, RESULTS):
            words.add(connection, each)
            written += 1
    return written == RESULTS
