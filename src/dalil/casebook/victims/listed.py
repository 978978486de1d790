"""Victims as lists have them, found by name in any script, by list, sex and age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, text

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.document import HEARD, HEARD_IN_ARABIC, NAMED, facet, name_words
from dalil.casebook.index.tables import VICTIM
from dalil.casebook.index.view import View
from dalil.casebook.index.words import CLASS_BITS
from dalil.casebook.record.victims import Victim
from dalil.casebook.report.desk import Desk, Form
from dalil.casebook.report.page import SourceShown, Worded
from dalil.casebook.search.matching import Wanted as Words
from dalil.casebook.search.terms import MOST_WORDS, Phrase, Term
from dalil.casebook.sites.told import positions
from dalil.casebook.text.names import fold, script_of, sounds
from dalil.errors import UsageRefused

# More than this is told as "more than", since counting a million takes longer than finding some.
COUNTED = 10_000
NOBODY = (Phrase((facet("kind", "nobody"),)),)
ONE_RECORD = (1 << CLASS_BITS) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which victims are asked for; all that is given must hold.

    ``name``: words of a name, in any script. ``source``: the list (id). Ages in whole years:
    whoever may have been of one between the two.
    """

    name: str = ""
    source: str | None = None
    sex: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    unidentified: bool | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many victims there are; ``more``: more than that, and nobody counted them."""

    n: int
    more: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What one list says of one person: the record, its names, which list, and the place in words.

    ``source`` is none where no list is named, and tells nothing where it may not be seen.
    """

    victim: Victim
    name: Worded
    forms: tuple[Form, ...]
    source: SourceShown | None
    place: Worded | None
    recorded_at: str
    by: str


def count_listed(casebook: Casebook, view: View, wanted: Wanted) -> Count:
    """Return how many victims are asked for, up to ten thousand.

    Raises:
        UsageRefused: the name has more words than are looked for.

    """
    few = _chosen(view, wanted).limit(COUNTED + 1).subquery()
    with casebook.reading() as connection:
        n = int(connection.execute(select(func.count()).select_from(few)).scalar() or 0)
    return Count(min(n, COUNTED), n > COUNTED)


def listed(
    casebook: Casebook, view: View, wanted: Wanted, first: int, most: int
) -> tuple[str, ...]:
    """Return the ids of some victims that are asked for, from the ``first`` (0) on, as recorded.

    Raises:
        UsageRefused: the name has more words than are looked for.

    """
    with casebook.reading() as connection:
        some = connection.execute(_chosen(view, wanted).limit(most).offset(first))
        return tuple(str(id_) for _, id_ in some)


def said_of(desk: Desk, ids: Iterable[str]) -> tuple[Said, ...]:
    """Return what lists say, each list for itself, in the order asked for."""
    wanted = list(ids)
    found = {known.record.id: known for known in desk.casebook.with_ids(wanted, desk.view)}
    records = [each.record for each in found.values() if isinstance(each.record, Victim)]
    desk.fetch([*found, *(each.source for each in records), *(each.place for each in records)])
    with desk.casebook.reading() as connection:
        where = positions(connection, desk.view.clearance, found)
    said = []
    for id_ in wanted:
        known = found.get(id_)
        victim = known.record if known is not None else None
        if known is None or not isinstance(victim, Victim):
            continue
        said.append(
            Said(
                where.worn_by(victim),
                desk.name(id_),
                tuple(desk.forms(id_)),
                desk.source(victim.source) if victim.source else None,
                desk.name(victim.place) if victim.place else None,
                known.recorded_at,
                desk.who(known.by_key),
            )
        )
    return tuple(said)


def lists_of(casebook: Casebook, view: View) -> tuple[str, ...]:
    """Return the sources (ids) that victims are listed in, of those that may be seen."""
    found: list[str] = []
    last = ""
    v = VICTIM.c
    with casebook.reading() as connection:
        # A look-up for each list, not a walk through all victims.
        while True:
            chosen = select(func.min(v.source)).where(v.source > last)
            source = connection.execute(chosen).scalar()
            if source is None:
                return tuple(found)
            last = str(source)
            seen = select(v.n).where(v.source == last, view.rows(VICTIM)).limit(1)
            if connection.execute(seen).first() is not None:
                found.append(last)


def _chosen(view: View, wanted: Wanted) -> Select[int, str]:
    v = VICTIM.c
    conditions = [view.rows(VICTIM), *_conditions(wanted)]
    if not wanted.name.strip():
        return select(v.n, v.id).where(*conditions).order_by(v.n)
    row: ColumnElement[int] = literal_column("words.rowid")
    match = text("words MATCH :match").bindparams(match=_expression(view, wanted.name))
    of_row = v.n == row.op("&")(ONE_RECORD)
    chosen = select(v.n, v.id).select_from(text("words")).join(VICTIM, and_(of_row, *conditions))
    return chosen.where(match).order_by(row)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    v = VICTIM.c
    if wanted.source is not None:
        yield v.source == wanted.source
    if wanted.sex is not None:
        yield v.sex == wanted.sex
    if wanted.unidentified is not None:
        yield v.unidentified == wanted.unidentified
    if wanted.age_from is not None or wanted.age_to is not None:
        yield or_(v.age_lo.is_not(None), v.age_hi.is_not(None))
    if wanted.age_from is not None:
        yield or_(v.age_hi.is_(None), v.age_hi >= wanted.age_from)
    if wanted.age_to is not None:
        yield or_(v.age_lo.is_(None), v.age_lo <= wanted.age_to)


def _expression(view: View, name: str) -> str:
    # Of what was known on an earlier day the full text holds the words alone.
    past = view.known_on is not None
    kinds = [] if past else [(facet("kind", Victim.kind),)]
    words = name.split()
    if len(words) > MOST_WORDS:
        raise UsageRefused(f"a name is looked for by at most {MOST_WORDS} words")
    terms = [_written(word) if past else _called(word) for word in words]
    asked = [term for term in terms if term.choice]
    # Signs alone are no name, and nobody has one.
    return Words(asked or [Term((NOBODY,))], kinds, view.clearance).expression()


def _written(word: str) -> Term:
    words = tuple(fold(word).split())
    return Term(((Phrase(words),),) if words else ())


def _called(word: str) -> Term:
    """Return one word of a name: as it is written, or as it sounds in another script."""
    heard = (HEARD,) if script_of(word) == "Arab" else (HEARD, HEARD_IN_ARABIC)
    ways = [(NAMED, name_words(word)), *((name, sounds(word)) for name in heard)]
    choice = (tuple(Phrase((facet(name, each),)) for each in words) for name, words in ways)
    return Term(tuple(filter(None, choice)))
