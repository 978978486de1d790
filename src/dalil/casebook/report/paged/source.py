"""A source: who speaks, where that comes from, how persons graded it, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.tables import ASSERTION
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.form import Record
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.sources import Derivation, Grade, Source
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.lines.line import line_about
from dalil.casebook.report.page import Worded
from dalil.casebook.report.phrases import in_both
from dalil.errors import NoSuchThing

LINKS = 100


@dataclass(frozen=True, slots=True)
class Leads:
    """Another source (id) from which one comes, or which comes from it; ``record`` says so."""

    record: str
    how: str
    source: str
    line: Worded
    note: str | None


@dataclass(frozen=True, slots=True)
class Graded:
    """How reliable a person holds a source to be (A to F), and why."""

    record: str
    value: str
    by: str
    at: str
    topic: str | None
    reasoning: str


@dataclass(frozen=True, slots=True)
class SaidHere:
    """One assertion of a source, in one line, and the claim that it speaks to."""

    record: str
    line: Worded
    claim: str
    statement: Worded


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source, ``said`` of which ``sayings`` there are in all.

    ``comes_from`` and ``leads_to`` stop at 100.
    """

    source: Source
    line: Worded
    revision: int
    recorded_at: str
    recorded_by: str
    comes_from: tuple[Leads, ...]
    leads_to: tuple[Leads, ...]
    grades: tuple[Graded, ...]
    sayings: int
    said: tuple[SaidHere, ...]


def show_source(casebook: Casebook, view: View, id_: str, first: int, most: int) -> SourcePage:
    """Return a source with some of what it says, from the ``first`` (0) on.

    Raises:
        NoSuchThing: there is none, or none that may be seen.

    """
    known = casebook.get(id_, view)
    source = known.record
    if not isinstance(source, Source):
        raise NoSuchThing(f"source {id_}")
    desk = open_desk(casebook, view)
    return SourcePage(
        source=source,
        line=line_in_both(desk, source),
        revision=known.revision,
        recorded_at=known.recorded_at,
        recorded_by=desk.who(known.by_key),
        comes_from=tuple(_leads(desk, id_, "child")),
        leads_to=tuple(_leads(desk, id_, "parent")),
        grades=tuple(_grades(desk, id_)),
        sayings=count_sayings(casebook, view, id_),
        said=tuple(_said(desk, id_, first, most)),
    )


def line_in_both(desk: Desk, record: Record) -> Worded:
    """Return what a record says in one line, in both languages."""
    return in_both(lambda lang: line_about(desk, record, lang))


def count_sayings(casebook: Casebook, view: View, id_: str) -> int:
    """Return how many assertions of a source may be seen."""
    of = (ASSERTION.c.source == id_) & view.rows(ASSERTION)
    with casebook.reading() as connection:
        return int(connection.execute(select(func.count()).where(of)).scalar() or 0)


def _said(desk: Desk, id_: str, first: int, most: int) -> Iterator[SaidHere]:
    chosen = select(ASSERTION.c.id).where(ASSERTION.c.source == id_, desk.view.rows(ASSERTION))
    chosen = chosen.order_by(ASSERTION.c.said_min.is_(None), ASSERTION.c.said_min, ASSERTION.c.n)
    with desk.casebook.reading() as connection:
        ids = [one for (one,) in connection.execute(chosen.limit(most).offset(first))]
    found = {each.record.id: each.record for each in desk.casebook.with_ids(ids, desk.view)}
    desk.fetch(m.target for each in found.values() for m in mentions_of(each))
    # What their claims speak of is named too.
    claims = [desk.record(e.proposition) for e in found.values() if isinstance(e, Assertion)]
    desk.fetch(m.target for each in claims if each is not None for m in mentions_of(each))
    for one in ids:
        said = found.get(one)
        if isinstance(said, Assertion):
            asked = desk.record(said.proposition)
            statement = line_in_both(desk, asked) if asked else Worded("", "")
            yield SaidHere(said.id, line_in_both(desk, said), said.proposition, statement)


def _leads(desk: Desk, id_: str, field: str) -> Iterator[Leads]:
    found = islice(desk.casebook.naming(id_, desk.view, Derivation.kind, field), LINKS)
    made = [each.record for each in found if isinstance(each.record, Derivation)]
    standing = [each for each in made if each.withdrawn is None]
    desk.fetch(end for each in standing for end in (each.child, each.parent))
    for each in standing:
        other = each.parent if field == "child" else each.child
        source = desk.record(other)
        line = line_in_both(desk, source) if source else Worded("", "")
        yield Leads(each.id, each.how, other, line, each.note)


def _grades(desk: Desk, id_: str) -> Iterator[Graded]:
    found: list[Known] = list(desk.casebook.naming(id_, desk.view, Grade.kind, "source"))
    for known in found:
        made = known.record
        if isinstance(made, Grade) and made.withdrawn is None:
            yield Graded(
                record=made.id,
                value=made.value,
                by=desk.who(known.by_key),
                at=known.recorded_at,
                topic=made.topic,
                reasoning=made.reasoning,
            )
