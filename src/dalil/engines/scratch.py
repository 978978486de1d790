"""What is too much for memory: ids that were said and named, in a file that nobody else sees.

SQLite keeps it in its folder for temporary files, without a name, and it is gone with the process.
It holds ids and numbers, never a word of what was read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

_LAID = """
PRAGMA cache_size=-16000;
PRAGMA journal_mode=OFF;
CREATE TABLE said (id BLOB PRIMARY KEY, turn INTEGER NOT NULL, kind TEXT NOT NULL,
place INTEGER) WITHOUT ROWID;
CREATE TABLE named (target BLOB, field TEXT, by BLOB NOT NULL, place INTEGER,
PRIMARY KEY (target, field)) WITHOUT ROWID;
CREATE TABLE marked (id BLOB PRIMARY KEY, mark BLOB NOT NULL) WITHOUT ROWID;
BEGIN;
"""


class Scratch:
    """Which ids (hexadecimal) were said, each once; which were named; which carry a mark."""

    def __init__(self) -> None:
        """Lay an empty one."""
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.executescript(_LAID)
        self._turn = 0

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let it go."""
        self._rows.close()

    def say(self, said: Sequence[tuple[str, str, int | None]]) -> Iterator[tuple[int, int | None]]:
        """Remember ids with kind and place; yield which were said before, and where that was."""
        # In their own order nearly, which is quicker; of equal ids the first one first.
        rows = sorted(
            (bytes.fromhex(id_), turn, kind, place)
            for turn, (id_, kind, place) in enumerate(said, self._turn)
        )
        start, self._turn = self._turn, self._turn + len(rows)
        before = self._rows.total_changes
        self._rows.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", rows)
        if self._rows.total_changes - before == len(rows):
            return
        chosen = "SELECT place, turn FROM said WHERE id = ?"
        for id_, turn, _, _ in rows:
            place, first = self._rows.execute(chosen, (id_,)).fetchone()
            if first != turn:
                yield turn - start, place

    def name(self, named: Iterable[tuple[str, str, str, int | None]]) -> None:
        """Remember that in a field an id was named: target, field, by which id, at which place."""
        rows = [(bytes.fromhex(t), field, bytes.fromhex(by), at) for t, field, by, at in named]
        self._rows.executemany("INSERT OR IGNORE INTO named VALUES (?, ?, ?, ?)", rows)

    def unsaid(self) -> Iterator[tuple[str, str, str, int | None]]:
        """Yield what was named and not said: target, field, by which id first, at which place."""
        chosen = """SELECT * FROM named WHERE target NOT IN (SELECT id FROM said)"""
        for target, field, by, place in self._rows.execute(chosen):
            yield target.hex(), field, by.hex(), place

    def said_and_named(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield what was named and said: target, field, by which id first, kind."""
        chosen = "SELECT target, field, by, kind FROM named JOIN said ON id = target"
        for target, field, by, kind in self._rows.execute(chosen):
            yield target.hex(), field, by.hex(), kind

    def said(self, id_: str) -> bool:
        """Whether an id was said."""
        found = self._rows.execute("SELECT 1 FROM said WHERE id = ?", (bytes.fromhex(id_),))
        return found.fetchone() is not None

    def mark(self, marks: Iterable[tuple[str, bytes]]) -> None:
        """Let each id carry a mark, instead of the one that it may have carried."""
        rows = [(bytes.fromhex(id_), mark) for id_, mark in marks]
        self._rows.executemany("INSERT OR REPLACE INTO marked VALUES (?, ?)", rows)

    def marks(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return which of these ids carry which marks."""
        found = {}
        for id_ in ids:
            row = self._rows.execute(
                "SELECT mark FROM marked WHERE id = ?", (bytes.fromhex(id_),)
            ).fetchone()
            if row:
                found[id_] = row[0]
        return found

    def unmark(self) -> None:
        """Take every mark away."""
        self._rows.execute("DELETE FROM marked")
