"""One query over everything: words, names in every script, and conditions, as somebody may see.

Who may see what is part of the query itself: a search runs over the rows of a clearance, so that
neither hits nor their number tell of anything above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, bindparam, func, select, text

from dalil.casebook.index.around import Document
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import View
from dalil.casebook.index.words import DOCUMENT, n_of, row_of
from dalil.casebook.search.conditions import facets_of, related_to
from dalil.casebook.search.hits import hits_of
from dalil.casebook.search.matching import Wanted
from dalil.casebook.search.past import rows_then
from dalil.casebook.search.query import Found, Query
from dalil.casebook.search.terms import Asked, asked_for
from dalil.engines.sqlite import pieces
from dalil.errors import UsageRefused

MOST_AT_ONCE = 1000
# Of more documents than this it is quicker to ask which match at all.
READ_ALL = 10_000
FEW = 2000


class Readable(Protocol):
    """What is searched: a casebook, or its index alone."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Yield a connection on rows that follow every act."""


def search(casebook: Readable, query: Query, view: View) -> Found:
    """Return what a query finds, as a view knows it.

    Raises:
        UsageRefused: the query asks for what a search cannot take; the message names it.

    """
    if not 0 <= query.limit <= MOST_AT_ONCE or query.offset < 0:
        raise UsageRefused(f"a page holds 0 to {MOST_AT_ONCE} hits, and does not begin before 0")
    with casebook.reading() as connection:
        sought = _sought(connection, query, view)
        if sought is None:
            return Found(0, ())
        asked, wanted, among = sought
        named = _rows_of(connection, asked.named, view)
        if _is_past(view):
            rows = rows_then(connection, wanted, among, view)
            total, page = len(rows), _cut(rows, named & set(rows), query)
        else:
            total, page = _page(_Rows(connection, wanted, among), named, query)
        return Found(total, hits_of(connection, page, asked))


def rows_found(casebook: Readable, query: Query, view: View) -> list[int] | None:
    """Return the rows (``n``) of all that a query finds; none where there are very many.

    Raises:
        UsageRefused: the query asks for what a search cannot take.

    """
    with casebook.reading() as connection:
        sought = _sought(connection, query, view)
        if sought is None:
            return []
        _, wanted, among = sought
        if _is_past(view):
            return rows_then(connection, wanted, among, view)
        return _Rows(connection, wanted, among).listed


def _sought(
    connection: Connection, query: Query, view: View
) -> tuple[Asked, Wanted, set[int] | None] | None:
    """Return what a query wants, and among which rows; nothing where it can find none."""
    asked = asked_for(connection, query.words, view)
    choices = facets_of(connection, query, view)
    if (query.words.strip() and not asked.terms) or () in choices:
        return None
    among = related_to(connection, query, view)
    return asked, Wanted(asked.terms, choices, view.clearance), among


def _is_past(view: View) -> bool:
    return view != View(view.clearance, author=view.author)


def _rows_of(connection: Connection, ids: Collection[str], view: View) -> set[int]:
    found: set[int] = set()
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(piece), view.rows(RECORD))
        found |= {n for (n,) in connection.execute(chosen)}
    return found


def _cut(rows: Sequence[int], first: Collection[int], query: Query) -> list[int]:
    ordered = [*sorted(first), *(n for n in rows if n not in first)]
    return ordered[query.offset : query.offset + query.limit]


class _Rows:
    """The rows that match, within a clearance; ``listed`` where they are few."""

    def __init__(self, connection: Connection, wanted: Wanted, among: set[int] | None) -> None:
        self._connection = connection
        self._wanted = wanted
        self._match = wanted.expression()
        self._clearance = wanted.clearance
        self.listed = self._few() if among is None else self._those(among)

    def count(self) -> int:
        if self.listed is not None:
            return len(self.listed)
        high = row_of(0, self._clearance + 1)
        if self._match:
            return self._numbers("SELECT count(*) FROM words WHERE {} rowid < ?", high)[0]
        chosen = select(func.count()).where(DOCUMENT.c.at < high)
        return int(self._connection.execute(chosen).scalar() or 0)

    def newest(self, count: int) -> list[int]:
        """Return the rows that were recorded last, the very last first."""
        if self.listed is not None:
            return self.listed[:count]
        found: list[int] = []
        for see in range(self._clearance + 1):
            low, high = row_of(0, see), row_of(0, see + 1)
            if self._match:
                found += self._numbers(
                    "SELECT rowid FROM words WHERE {} rowid >= ? AND rowid < ?"
                    " ORDER BY rowid DESC LIMIT ?",
                    low,
                    high,
                    count,
                )
            else:
                chosen = select(DOCUMENT.c.at).where(DOCUMENT.c.at >= low, DOCUMENT.c.at < high)
                chosen = chosen.order_by(DOCUMENT.c.at.desc()).limit(count)
                found += [at for (at,) in self._connection.execute(chosen)]
        return sorted(map(n_of, found), reverse=True)[:count]

    def holding(self, ns: Collection[int]) -> set[int]:
        """Return which of these are among the rows."""
        if self.listed is not None:
            return set(ns) & set(self.listed)
        return set(self._those(ns))

    def _few(self) -> list[int] | None:
        """Return the rows where they are few enough to be asked for once and for all."""
        if not self._match:
            return None
        found = self._numbers(
            "SELECT rowid FROM words WHERE {} rowid < ? LIMIT ?",
            row_of(0, self._clearance + 1),
            FEW,
        )
        return sorted(map(n_of, found), reverse=True) if len(found) < FEW else None

    def _those(self, ns: Collection[int]) -> list[int]:
        high = row_of(0, self._clearance + 1)
        standing: list[int] = []
        for piece in pieces(ns):
            chosen = select(DOCUMENT.c.at).where(DOCUMENT.c.n.in_(piece), DOCUMENT.c.at < high)
            standing += [at for (at,) in self._connection.execute(chosen)]
        if self._match and len(standing) > READ_ALL:
            matching = self._numbers("SELECT rowid FROM words WHERE {} rowid < ?", high)
            standing = list(set(standing).intersection(matching))
        elif self._match:
            standing = [
                at for at, document in self._read(standing) if self._wanted.met_by(document)
            ]
        return sorted(map(n_of, standing), reverse=True)

    def _numbers(self, statement: str, *values: int) -> list[int]:
        rows = self._connection.exec_driver_sql(
            statement.format("words MATCH ? AND"), (self._match, *values)
        )
        return [number for (number,) in rows.fetchall()]

    def _read(self, rows: Iterable[int]) -> Iterator[tuple[int, Document]]:
        """Yield documents as they are kept; to look at few is quicker than to ask for all."""
        kept = text("SELECT id, c0, c1, c2 FROM words_content WHERE id IN :rows")
        for piece in pieces(sorted(rows)):
            chosen = kept.bindparams(bindparam("rows", piece, expanding=True))
            for at, own, also, facets in self._connection.execute(chosen):
                yield at, Document(own, also, facets)


def _page(rows: _Rows, named: Collection[int], query: Query) -> tuple[int, list[int]]:
    first = rows.holding(named) if named else set()
    last = rows.newest(query.offset + query.limit + len(first))
    return rows.count(), _cut(last, first, query)
