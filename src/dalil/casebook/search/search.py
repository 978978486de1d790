"""One query over everything: words, names in every script, and conditions, as somebody may see.

Who may see what is part of the query itself: a search runs over the rows of a clearance, so that
neither hits nor their number tell of anything above it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, func, select

from dalil.casebook.index.places import pieces
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import View
from dalil.casebook.index.words import DOCUMENT, n_of, row_of
from dalil.casebook.search.conditions import facets_of, related_to
from dalil.casebook.search.hits import hits_of
from dalil.casebook.search.past import quoted, rows_then
from dalil.casebook.search.query import Found, Query
from dalil.casebook.search.terms import Phrase, Term, asked_for
from dalil.errors import UsageRefused

MOST_AT_ONCE = 1000


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
        asked = asked_for(connection, query.words, view)
        choices = facets_of(connection, query, view)
        if (query.words.strip() and not asked.terms) or () in choices:
            return Found(0, ())
        among = related_to(connection, query, view)
        named = _rows_of(connection, asked.named, view)
        if view != View(view.clearance):
            rows = [n for n, _ in rows_then(connection, asked.terms, choices, among, view)]
            total, page = len(rows), _cut(rows, named & set(rows), query)
        else:
            match = _match(asked.terms, choices, view.clearance)
            total, page = _page(_Rows(connection, match, among, view.clearance), named, query)
        return Found(total, hits_of(connection, page, asked))


def _rows_of(connection: Connection, ids: Collection[str], view: View) -> set[int]:
    found: set[int] = set()
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(piece), view.rows(RECORD))
        found |= {n for (n,) in connection.execute(chosen)}
    return found


def _match(terms: Iterable[Term], choices: Iterable[Sequence[str]], clearance: int) -> str:
    """Return the FTS5 expression of some terms and facets; empty: everything matches."""
    marks = ["", *(f"{see}=" for see in range(1, clearance + 1))]

    def either(parts: Iterable[str]) -> str:
        return f"({' OR '.join(parts)})"

    def one(phrase: Phrase) -> str:
        return either(quoted(phrase, mark) for mark in marks)

    parts = [
        either(f"({' AND '.join(map(one, wording))})" for wording in term.choice) for term in terms
    ]
    parts += [either(one(Phrase((each,))) for each in choice) for choice in choices]
    return " AND ".join(parts)


def _cut(rows: Sequence[int], first: Collection[int], query: Query) -> list[int]:
    ordered = [*sorted(first), *(n for n in rows if n not in first)]
    return ordered[query.offset : query.offset + query.limit]


class _Rows:
    """The rows that match, within a clearance."""

    def __init__(
        self, connection: Connection, match: str, among: set[int] | None, clearance: int
    ) -> None:
        self._connection = connection
        self._match = match
        self._clearance = clearance
        self._listed = None if among is None else self._those(among)

    def count(self) -> int:
        if self._listed is not None:
            return len(self._listed)
        high = row_of(0, self._clearance + 1)
        if self._match:
            return self._numbers("SELECT count(*) FROM words WHERE {} rowid < ?", high)[0]
        chosen = select(func.count()).where(DOCUMENT.c.at < high)
        return int(self._connection.execute(chosen).scalar() or 0)

    def newest(self, count: int) -> list[int]:
        """Return the rows that were recorded last, the very last first."""
        if self._listed is not None:
            return self._listed[:count]
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
        if self._listed is not None:
            return set(ns) & set(self._listed)
        return set(self._those(ns))

    def _those(self, ns: Collection[int]) -> list[int]:
        high = row_of(0, self._clearance + 1)
        standing: list[int] = []
        for piece in pieces(ns):
            chosen = select(DOCUMENT.c.at).where(DOCUMENT.c.n.in_(piece), DOCUMENT.c.at < high)
            standing += [at for (at,) in self._connection.execute(chosen)]
        if self._match and standing:
            matching = self._numbers("SELECT rowid FROM words WHERE {} rowid < ?", high)
            standing = list(set(standing).intersection(matching))
        return sorted(map(n_of, standing), reverse=True)

    def _numbers(self, statement: str, *values: int) -> list[int]:
        rows = self._connection.exec_driver_sql(
            statement.format("words MATCH ? AND"), (self._match, *values)
        )
        return [number for (number,) in rows]


def _page(rows: _Rows, named: Collection[int], query: Query) -> tuple[int, list[int]]:
    first = rows.holding(named) if named else set()
    last = rows.newest(query.offset + query.limit + len(first))
    return rows.count(), _cut(last, first, query)
