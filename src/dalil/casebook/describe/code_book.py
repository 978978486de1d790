"""The code book: which terms there are to describe with, and what each means since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Term
from dalil.errors import NoSuchThing


@dataclass(frozen=True, slots=True)
class TermShown:
    """A term as a view knows it.

    ``broader`` is the id of the term that it is a case of, ``depth`` how many there are above it.
    ``recorded_at`` is when this definition was recorded; ``revises`` what the next revision says
    in its field of that name. A withdrawn term is no longer offered, and stays readable.
    """

    id: str
    book: str
    key: str
    name_en: str | None
    name_ar: str | None
    definition_en: str | None
    definition_ar: str | None
    since: str | None
    broader: str | None
    severity: int | None
    case: str | None
    recorded_at: str
    revises: int
    withdrawn: str | None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class CodeBook:
    """The terms of one code book: each after the term that it is a case of."""

    book: str
    terms: tuple[TermShown, ...]


def books(casebook: Casebook, view: View) -> tuple[str, ...]:
    """Return the names of all code books of which a term may be seen."""
    return tuple(sorted({term.book for term in _terms(casebook, view)}))


def code_book(casebook: Casebook, book: str, view: View) -> CodeBook:
    """Return a code book as it is, or as it was on the day that the view asks for (``known_on``).

    Raises:
        NoSuchThing: it has no term that may be seen.

    """
    found = [each for each in _terms(casebook, view) if each.book == book]
    if not found:
        raise NoSuchThing(f"code book {book}")
    return CodeBook(book, tuple(_in_order(found)))


def terms_of(casebook: Casebook, ids: Iterable[str], view: View) -> dict[str, TermShown]:
    """Return those of these terms (ids) that may be seen."""
    found = (_shown(each) for each in casebook.find(Term, view, ids=ids))
    return {each.id: each for each in found if each is not None}


def definitions(casebook: Casebook, term: str, view: View) -> tuple[TermShown, ...]:
    """Return all that a term has meant, the first definition first.

    Raises:
        NoSuchThing: there is no such term, or none that may be seen.

    """
    found = tuple(filter(None, map(_shown, casebook.revisions(term, view))))
    if not found:
        raise NoSuchThing(f"term {term}")
    return found


def meant_then(told: Iterable[TermShown], recorded_at: str) -> TermShown | None:
    """Return which of a term's definitions somebody had who wrote at an instant (RFC 3339)."""
    before = [each for each in told if each.recorded_at <= recorded_at]
    return max(before, key=lambda each: each.revises, default=None)


def _terms(casebook: Casebook, view: View) -> Iterator[TermShown]:
    yield from filter(None, map(_shown, casebook.find(Term, view)))


def _shown(known: Known) -> TermShown | None:
    term = known.record
    if not isinstance(term, Term):
        return None
    return TermShown(
        term.id, term.book, term.key, term.name_en, term.name_ar, term.definition_en,
        term.definition_ar, term.since, term.broader, term.severity, term.case,
        known.recorded_at, known.revision + 1, term.withdrawn,
    )  # fmt: skip


def _in_order(terms: Iterable[TermShown]) -> Iterator[TermShown]:
    """Yield terms by key, each followed by those that are cases of it."""
    below: dict[str | None, list[TermShown]] = {}
    here = {each.id for each in terms}
    for each in sorted(terms, key=lambda each: (each.key, each.id), reverse=True):
        below.setdefault(each.broader if each.broader in here else None, []).append(each)
    waiting = [(each, 0) for each in below.pop(None, [])]
    while waiting:
        term, depth = waiting.pop()
        yield replace(term, depth=depth)
        waiting += [(each, depth + 1) for each in below.pop(term.id, [])]
