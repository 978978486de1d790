"""Which cases there are, and what is asked in one, counted and not weighed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import PROPOSITION, RECORD, STATE
from dalil.casebook.index.view import View
from dalil.casebook.record.form import kinds
from dalil.errors import NoSuchThing

KEPT = 200
IN_ORDER = (PROPOSITION.c.measure.is_(None), PROPOSITION.c.n)
_COUNTED: dict[tuple[str, str, int, int | None, str], tuple[int, int]] = {}


@dataclass(frozen=True, slots=True)
class CaseListed:
    """A case, and how much is asked in it of what may be seen."""

    case: str
    questions: int
    claims: int


@dataclass(frozen=True, slots=True)
class QuestionListed:
    """A question of a case: its id, its place from 1, how many claims."""

    id: str
    number: int
    claims: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What is asked in a case: how much in all, and some of its questions in their order."""

    case: str
    questions: int
    claims: int
    listed: tuple[QuestionListed, ...]


def cases(casebook: Casebook, view: View) -> tuple[CaseListed, ...]:
    """Return the cases of which something may be seen, by name."""
    with casebook.reading() as connection:
        found = [each for each in _names(connection) if _is_seen(connection, view, each)]
        return tuple(CaseListed(each, *_asked(connection, view, each)) for each in found)


def contents(casebook: Casebook, case: str, view: View, first: int, most: int) -> Contents:
    """Return some questions of a case, from the ``first`` (0) on.

    Raises:
        NoSuchThing: nothing of such a case may be seen.

    """
    questions, claims = count_asked(casebook, case, view)
    with casebook.reading() as connection:
        p = PROPOSITION.c
        chosen = (
            select(p.question, func.count())
            .where(p.case == case, view.rows(PROPOSITION))
            .group_by(p.place, p.question)
            .order_by(p.place, p.question)
        )
        rows = connection.execute(chosen.limit(most).offset(first)).all()
    listed = (
        QuestionListed(question, number, count)
        for number, (question, count) in enumerate(rows, first + 1)
    )
    return Contents(case, questions, claims, tuple(listed))


def count_asked(casebook: Casebook, case: str, view: View) -> tuple[int, int]:
    """Return how many questions and claims of a case may be seen.

    Raises:
        NoSuchThing: nothing of such a case may be seen.

    """
    with casebook.reading() as connection:
        if not _is_seen(connection, view, case):
            raise NoSuchThing(f"case {case}")
        return _asked(connection, view, case)


def question_named(casebook: Casebook, question: str, view: View) -> tuple[str | None, str, int]:
    """Return the case of a question, its name, and how many of its claims may be seen.

    Raises:
        NoSuchThing: there is none, or none that may be seen.

    """
    p = PROPOSITION.c
    chosen = select(p.case, func.min(p.name), func.count()).where(
        p.question == question, view.rows(PROPOSITION)
    )
    with casebook.reading() as connection:
        for case, name, count in connection.execute(chosen.group_by(p.case)):
            return case, name, count
    raise NoSuchThing(f"question {question}")


def claims_in(
    casebook: Casebook, question: str, view: View, first: int, most: int
) -> tuple[str, ...]:
    """Return the ids of some claims on a question: counts first, then as they were recorded."""
    p = PROPOSITION.c
    chosen = select(p.id).where(p.question == question, view.rows(PROPOSITION))
    with casebook.reading() as connection:
        rows = connection.execute(chosen.order_by(*IN_ORDER).limit(most).offset(first)).all()
    return tuple(str(id_) for (id_,) in rows)


def first_claims(
    casebook: Casebook, questions: Sequence[str], view: View, most: int
) -> tuple[tuple[str, ...], ...]:
    """Return the ids of the first claims on each of some questions."""
    p = PROPOSITION.c
    place = func.row_number().over(partition_by=p.question, order_by=IN_ORDER).label("place")
    ranked = select(p.question, p.id, place).where(
        p.question.in_(questions), view.rows(PROPOSITION)
    )
    inner = ranked.subquery()
    found: dict[str, list[str]] = {}
    chosen = select(inner.c.question, inner.c.id).where(inner.c.place <= most)
    with casebook.reading() as connection:
        for question, id_ in connection.execute(chosen.order_by(inner.c.place)):
            found.setdefault(question, []).append(id_)
    return tuple(tuple(found.get(each, ())) for each in questions)


def _names(connection: Connection) -> list[str]:
    """Return the names of all cases: a look-up for each, not a walk through all records."""
    found: set[str] = set()
    for kind in kinds():
        last = ""
        while True:
            of_kind = (RECORD.c.kind == kind) & (RECORD.c.case > last)
            name = connection.execute(select(func.min(RECORD.c.case)).where(of_kind)).scalar()
            if name is None:
                break
            found.add(last := str(name))
    return sorted(found)


def _is_seen(connection: Connection, view: View, case: str) -> bool:
    return any(_first(connection, view, case, kind) for kind in _usual_first())


def _usual_first() -> Iterator[str]:
    yield from ("proposition", "source")
    yield from (kind for kind in kinds() if kind not in ("proposition", "source"))


def _first(connection: Connection, view: View, case: str, kind: str) -> bool:
    of: ColumnElement[bool] = (RECORD.c.kind == kind) & (RECORD.c.case == case)
    chosen = select(RECORD.c.n).where(of, view.rows(RECORD)).limit(1)
    return connection.execute(chosen).first() is not None


def _asked(connection: Connection, view: View, case: str) -> tuple[int, int]:
    """Return how many questions and claims there are; counted once for a state of the index."""
    chosen = select(STATE.c.value).where(STATE.c.name == "followed")
    followed = str(connection.execute(chosen).scalar())
    key = (str(connection.engine.url), followed, view.clearance, view.known_on, case)
    found = _COUNTED.get(key)
    if found is None:
        found = _count(connection, view, case)
        # Other threads may be reading: nothing is looked up after it was cleared.
        if len(_COUNTED) >= KEPT:
            _COUNTED.clear()
        _COUNTED[key] = found
    return found


def _count(connection: Connection, view: View, case: str) -> tuple[int, int]:
    p = PROPOSITION.c
    chosen = select(p.question, func.count()).where(p.case == case, view.rows(PROPOSITION))
    inner = chosen.group_by(p.place, p.question).subquery()
    counted = select(func.count(), func.coalesce(func.sum(inner.c[1]), 0))
    questions, claims = connection.execute(counted.select_from(inner)).one()
    return int(questions), int(claims)
