"""The same search in what was known on an earlier day: each document is made as it was then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, and_, or_, select

from dalil.casebook.index.around import Known, around_of, document_of, rows_with
from dalil.casebook.index.tables import ASSERTION, MENTION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.index.words import n_of
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Name
from dalil.casebook.search.matching import Wanted, quoted
from dalil.casebook.search.terms import Phrase, Term
from dalil.casebook.text.edtf import bounds_of
from dalil.engines.sqlite import pieces

AT_ONCE = 5000


def rows_then(
    connection: Connection, wanted: Wanted, among: set[int] | None, view: View
) -> list[int]:
    """Return the ``n`` of what a search finds in what a view knows, the last recorded first.

    ``known_on``: names, questions, places and texts as they were recorded by then. ``on``: where
    something was on that day. ``said_by``: what sources had not said by then is left out.
    """
    known = _known(view)
    found = []
    for piece in _in_pieces(_candidates(connection, wanted.terms, among, known)):
        rows = list(rows_with(connection, RECORD.c.n, piece, known))
        around = around_of(connection, rows, known)
        for row in rows:
            document = document_of(row, around)
            if (
                document is not None
                and not row.withdrawn
                and not isinstance(row.record, Name)
                and _was_said(row.record, view)
                and wanted.met_by(document)
            ):
                found.append(row.n)
    return sorted(found, reverse=True)


def _known(view: View) -> Known:
    relations = view.rows(RELATION)
    if view.on is not None:
        began = or_(RELATION.c.s_min.is_(None), RELATION.c.s_min <= view.on)
        ended = and_(RELATION.c.e_max.is_not(None), RELATION.c.e_max < view.on)
        relations = and_(relations, began, ~ended)
    return Known(view.rows(RECORD), relations)


def _in_pieces(ns: set[int]) -> Iterator[list[int]]:
    ordered = sorted(ns)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _candidates(
    connection: Connection, terms: Sequence[Term], among: set[int] | None, known: Known
) -> set[int]:
    """Return the rows of the view that could be found: no fewer than will be, seldom many more."""
    if not terms:
        every = {n for (n,) in connection.execute(select(RECORD.c.n).where(known.records))}
        return every if among is None else every & among
    ids = set.intersection(*(_ids_with(connection, term) for term in terms))
    found: set[int] = set()
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(piece), known.records)
        found |= {n for (n,) in connection.execute(chosen)}
    return found if among is None else found & among


def _ids_with(connection: Connection, term: Term) -> set[str]:
    """Return the ids of what ever had one of the wordings, itself or in a name or its question."""
    ids: set[str] = set()
    for wording in term.choice:
        direct = [p.words[0].removeprefix("id=") for p in wording if p.words[0].startswith("id=")]
        ids |= (
            set(direct)
            if direct
            else set.intersection(*(_ids_with_phrase(connection, each) for each in wording))
        )
    return ids


def _ids_with_phrase(connection: Connection, phrase: Phrase) -> set[str]:
    found = connection.exec_driver_sql(
        "SELECT rowid FROM words WHERE words MATCH ?", (f"{{own}} : ({quoted(phrase)})",)
    )
    ids: set[str] = set()
    asked: set[str] = set()
    names: set[int] = set()
    for piece in pieces(n_of(row) for (row,) in found.fetchall()):
        # By number alone: with its kind beside it, SQLite walks the whole kind.
        chosen = select(RECORD.c.n, RECORD.c.id, RECORD.c.kind).where(RECORD.c.n.in_(piece))
        for n, id_, kind in connection.execute(chosen):
            ids.add(id_)
            asked |= {id_} if kind == "proposition" else set()
            names |= {n} if kind == "name" else set()
    for piece in pieces(sorted(names)):
        named = select(MENTION.c.target).where(MENTION.c.n.in_(piece), MENTION.c.field == "entity")
        ids |= {id_ for (id_,) in connection.execute(named)}
    for some in pieces(sorted(asked)):
        said = select(ASSERTION.c.id).where(ASSERTION.c.proposition.in_(some))
        ids |= {id_ for (id_,) in connection.execute(said)}
    return ids


def _was_said(record: Record, view: View) -> bool:
    if view.said_by is None:
        return True
    if isinstance(record, Assertion | Relation):
        said = record.asserted
    else:
        said = record.published if isinstance(record, Source) else None
    first = bounds_of(said).s_min if said else None
    return first is None or first <= view.said_by
