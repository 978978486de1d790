"""What the index holds of a place on a day: presences, the units above them, who commanded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from dalil.casebook.command.link import PLACEHOLDER, CitedSource, Thing
from dalil.casebook.command.standing import Span, Standing, distance_from, standing_on
from dalil.casebook.index.tables import MENTION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record.form import trusted_record_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Judgement
from dalil.casebook.text.edtf import bounds_of
from dalil.engines.sqlite import pieces

# No army has more levels; what is deeper is a circle or a mistake.
DEPTH = 12
WITHIN = ("part_of", "located_at")
# So many derivations or judgements are read as a whole; of more, only those that are asked for.
FEW = 2000
# In the order of `Span`, after what else is read of each.
_RELATIONS = select(
    RECORD.c.body,
    RELATION.c.id,
    RELATION.c.a,
    RELATION.c.b,
    RELATION.c.polarity,
    RELATION.c.is_command,
    RELATION.c.s_min,
    RELATION.c.s_max,
    RELATION.c.e_min,
    RELATION.c.e_max,
    RELATION.c.start_known,
    RELATION.c.end_known,
    RELATION.c.sometime,
).join(RELATION, RELATION.c.n == RECORD.c.n)
# Only these carry command; administrative and informal subordination is told, not followed.
FOLLOWED = ("command", "")


@dataclass(frozen=True, slots=True)
class Row:
    """A relation that touches the question, and how it stands on the day (None: it did not hold).

    ``distance``: days from its nearest sighting, and on which side of it the day lies.
    ``relation`` is the record itself where the day is near enough for it to matter.
    """

    id: str
    a: str
    b: str
    denies: bool
    is_command: bool
    standing: Standing | None
    distance: tuple[int, str]
    relation: Relation | None


@dataclass(slots=True)
class Sameness:
    """Which entities a person judged to be one, where nobody judged otherwise."""

    first: dict[str, str] = field(default_factory=dict)

    def of(self, id_: str) -> str:
        """Return the one id that stands for all that are the same."""
        while id_ in self.first:
            id_ = self.first[id_]
        return id_

    def join(self, a: str, b: str) -> None:
        """Take two entities as one from here on."""
        one, other = sorted((self.of(a), self.of(b)))
        if one != other:
            self.first[other] = one

    def all_of(self, ids: Iterable[str]) -> set[str]:
        """Return ids with everything that is the same as one of them."""
        wanted = {self.of(each) for each in ids}
        return wanted | {each for each in self.first if self.of(each) in wanted}


@dataclass(slots=True)
class Reach:
    """Everything that was read for one question, by kind of relation."""

    places: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    parts: list[Row] = field(default_factory=list)
    presences: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    posts: dict[str, str] = field(default_factory=dict)
    wider: set[str] = field(default_factory=set)
    same: Sameness = field(default_factory=Sameness)


class Reader:
    """Reads relations as one view knows them and one day finds them."""

    def __init__(self, connection: Connection, view: View, day: int, limit: int) -> None:
        """``limit``: how many days from a sighting a statement may still be inferred to hold."""
        self._connection, self._view = connection, view
        self._day, self._limit = day, limit
        self._judged: set[str] = set()
        self._few_judgements: list[Judgement] | None = None
        self._many_judgements = False
        self.reach = Reach()

    def from_places(self, ids: Iterable[str]) -> Reach:
        """Read from places down to their parts, then to the units present, and up."""
        reach = self.reach
        reach.places = self._parts_of(set(ids))
        reach.presences = self._rows(("present_at",), RELATION.c.b, reach.places)
        present = {row.a for row in reach.presences if self.holds(row)}
        reach.wider = self._wider(set(ids))
        return self.from_units(present)

    def from_units(self, ids: Iterable[str]) -> Reach:
        """Read the units above these, and every posting to command any of them."""
        reach, frontier = self.reach, self._with_same(set(ids))
        for _ in range(DEPTH):
            reach.units |= frontier
            rows = self._rows(("subordinate_to",), RELATION.c.a, frontier)
            reach.links += rows
            above = {r.b for r in rows if r.b and self.climbs(r)}
            frontier = self._with_same(above) - reach.units
            if not frontier:
                break
        reach.units |= frontier
        reach.posts = self._posts(reach.units)
        commanded = reach.units | set(reach.posts)
        reach.postings = [
            row
            for row in self._rows(("posted_to",), RELATION.c.b, commanded)
            if row.is_command or row.denies
        ]
        reach.members = self._rows(("member_of",), RELATION.c.a, reach.units)
        self._with_same({row.a for row in reach.postings})
        return reach

    def between(self, relation: str, a: str, b: str | None) -> list[Row]:
        """Read every statement of one relation between two, whether it affirms or denies."""
        rows = self._rows((relation,), RELATION.c.a, self._with_same({a}))
        others = self._with_same({b}) if b else {""}
        return [row for row in rows if row.b in others]

    def holds(self, row: Row) -> bool:
        """Whether a statement affirms something that may have held on the day."""
        return not row.denies and self.near(row)

    def near(self, row: Row) -> bool:
        """Whether the day is no further from a sighting than the limit."""
        return is_near(row.standing, self._limit)

    def climbs(self, row: Row) -> bool:
        """Whether a subordination that may have held on the day carries command."""
        return self.holds(row) and kind_of(row) in FOLLOWED

    def _parts_of(self, ids: set[str]) -> set[str]:
        found: set[str] = set()
        frontier = self._with_same(ids)
        while frontier:
            found |= frontier
            rows = self._rows(WITHIN, RELATION.c.b, frontier)
            self.reach.parts += rows
            inner = {row.a for row in rows if self.holds(row)}
            frontier = self._with_same(inner) - found
        return found

    def _wider(self, ids: set[str]) -> set[str]:
        """Return units present in a place around these, and in no part of them."""
        found: set[str] = set()
        frontier = set(ids)
        while frontier:
            found |= frontier
            rows = self._rows(WITHIN, RELATION.c.a, frontier)
            frontier = {r.b for r in rows if r.b and self.holds(r)} - found
        around = self._rows(("present_at",), RELATION.c.b, found - self.reach.places)
        present = {row.a for row in self.reach.presences if self.holds(row)}
        return {row.a for row in around if self.holds(row)} - present

    def _posts(self, units: set[str]) -> dict[str, str]:
        """Return the posts of units: post → its unit."""
        rows = [row for row in self._rows(("part_of",), RELATION.c.b, units) if self.holds(row)]
        return {row.a: row.b for row in rows}

    def _rows(
        self, relations: tuple[str, ...], column: ColumnElement[str], ids: set[str]
    ) -> list[Row]:
        chosen = _RELATIONS.where(RELATION.c.relation.in_(relations), self._view.rows(RELATION))
        found: list[Row] = []
        for chunk in pieces(sorted(ids)):
            found += map(self._row, self._connection.execute(chosen.where(column.in_(chunk))))
        return found if self._view.said_by is None else self._said(found, self._view.said_by)

    def _row(self, columns: Sequence[Any]) -> Row:
        body, id_, a, b, polarity, is_command, *dated = columns
        span = Span(*dated)
        relation = None
        # What goes on without an end (`/..`) is nearer than its days say.
        if '/.."' in body and (relation := _relation(body)):
            span = _going_on(span, relation)
        standing = standing_on(span, self._day)
        if relation is None and is_near(standing, self._limit):
            relation = _relation(body)
        if relation and relation.valid and any(mark in relation.valid for mark in "?~%"):
            standing = standing_on(_rough(span, relation.valid), self._day)
        distance = distance_from(span, self._day)
        return Row(id_, a, b or "", polarity == "denies", is_command, standing, distance, relation)

    def _said(self, rows: list[Row], by: int) -> list[Row]:
        """Return what was said by a day, cited by nothing later."""
        cited = {source for row in rows if row.relation for source in all_cited(row.relation)}
        in_time = {
            source.id
            for source in read_sources(self._connection, self._view, cited).values()
            if _is_by(source.published, by)
        }
        found: list[Row] = []
        for row in rows:
            if row.relation is None:
                continue
            asserted = row.relation.asserted
            kept = _cited_only(row.relation, in_time)
            sources = set(all_cited(kept)) & in_time
            if _is_by(asserted, by) if asserted else sources:
                found.append(replace(row, relation=kept))
        return found

    def _with_same(self, ids: set[str]) -> set[str]:
        new = ids - self._judged
        while new:
            self._judged |= new
            for a, b in self._judged_same(new):
                self.reach.same.join(a, b)
            new = self.reach.same.all_of(new) - self._judged
        return self.reach.same.all_of(ids)

    def _judged_same(self, ids: set[str]) -> Iterator[tuple[str, str]]:
        said: dict[tuple[str, str], set[str]] = {}
        for record in self._judgements(ids):
            if not record.machine:
                pair = (min(record.a, record.b), max(record.a, record.b))
                said.setdefault(pair, set()).add(record.verdict)
        yield from (pair for pair, verdicts in sorted(said.items()) if verdicts == {"same"})

    def _judgements(self, ids: set[str]) -> Iterator[Judgement]:
        chosen = select(RECORD.c.body).where(
            RECORD.c.kind == "judgement", ~RECORD.c.withdrawn, self._view.rows(RECORD)
        )
        if self._few_judgements is None:
            some = select(RECORD.c.n).where(RECORD.c.kind == "judgement").limit(FEW + 1)
            number = len(self._connection.execute(some).all())
            self._few_judgements = list(self._read(chosen)) if number <= FEW else []
            self._many_judgements = number > FEW
        yield from self._few_judgements
        if self._many_judgements:
            named = chosen.join(MENTION, MENTION.c.n == RECORD.c.n)
            for chunk in pieces(sorted(ids)):
                fields = MENTION.c.field.in_(("a", "b"))
                yield from self._read(named.where(fields, MENTION.c.target.in_(chunk)))

    def _read(self, chosen: Select[Any]) -> Iterator[Judgement]:
        for (body,) in self._connection.execute(chosen):
            record = trusted_record_of(json.loads(body))
            if isinstance(record, Judgement):
                yield record


def is_near(standing: Standing | None, limit: int) -> bool:
    """Whether something held, or may have: no further than ``limit`` days from a sighting."""
    return standing is not None and standing.gap <= limit


def kind_of(row: Row) -> str:
    """Return the kind of a subordination or presence in lower case; empty: not said."""
    detail = row.relation.detail if row.relation else None
    return str((detail or {}).get("kind", "")).strip().casefold()


def read_things(connection: Connection, view: View, ids: Iterable[str]) -> dict[str, Thing]:
    """Return the entities that may be seen, by id."""
    found = {}
    for said in _bodies(connection, view, "entity", ids):
        names = tuple((str(n["form"]), str(n.get("lang", ""))) for n in said.get("names", ()))
        placeholder = PLACEHOLDER in said.get("labels", ())
        id_, key = said["id"], said.get("key", "")
        found[id_] = Thing(id_, said["type"], names, key, placeholder)
    return found


def read_sources(connection: Connection, view: View, ids: Iterable[str]) -> dict[str, CitedSource]:
    """Return the sources that may be seen, by id; the others are withheld."""
    found = {}
    for said in _bodies(connection, view, "source", ids):
        words = (said.get(name, "") for name in ("key", "title", "publisher", "published"))
        found[said["id"]] = CitedSource(said["id"], *words)
    return found


def read_parents(connection: Connection, view: View, ids: Iterable[str]) -> dict[str, set[str]]:
    """Return from which sources these come, and those in turn: child → parents."""
    child, parent = MENTION.alias("child"), MENTION.alias("parent")
    chosen = (
        select(child.c.target, parent.c.target)
        .join(parent, parent.c.n == child.c.n)
        .join(RECORD, RECORD.c.n == child.c.n)
        .where(child.c.field == "child", parent.c.field == "parent")
        .where(RECORD.c.kind == "derivation", ~RECORD.c.withdrawn, view.rows(RECORD))
    )
    found: dict[str, set[str]] = {}
    some = select(RECORD.c.n).where(RECORD.c.kind == "derivation").limit(FEW + 1)
    if len(connection.execute(some).all()) <= FEW:
        for source, origin in connection.execute(chosen):
            found.setdefault(source, set()).add(origin)
        return found
    frontier = set(ids)
    seen: set[str] = set()
    while frontier:
        seen |= frontier
        above = set()
        for chunk in pieces(sorted(frontier)):
            for source, origin in connection.execute(chosen.where(child.c.target.in_(chunk))):
                found.setdefault(source, set()).add(origin)
                above.add(origin)
        frontier = above - seen
    return found


def _relation(body: str) -> Relation | None:
    record = trusted_record_of(json.loads(body))
    return record if isinstance(record, Relation) else None


def _going_on(span: Span, relation: Relation) -> Span:
    if not relation.valid or not bounds_of(relation.valid).open_end:
        return span
    said_on = bounds_of(relation.asserted).e_max if relation.asserted else None
    return replace(span, goes_on=True, said_on=said_on)


def _rough(span: Span, valid: str) -> Span:
    start, _, end = valid.partition("/")
    marked = [bool(side.strip("0123456789-X.")) for side in (start, end or start)]
    return replace(span, start_rough=marked[0], end_rough=marked[1])


def _is_by(date: str | None, by: int) -> bool:
    first = bounds_of(date).s_min if date else None
    return first is not None and first <= by


def all_cited(relation: Relation) -> Iterator[str]:
    """Yield every source that a statement names, datapoint by datapoint."""
    for point in (relation.cited or {}).values():
        yield from point.get("sources", ())
    yield from (each for each in (relation.source, relation.origin) if each)


def _cited_only(relation: Relation, kept: set[str]) -> Relation:
    if relation.cited is None:
        return relation
    cited = {
        name: {**point, "sources": [s for s in point.get("sources", ()) if s in kept]}
        for name, point in relation.cited.items()
    }
    return replace(relation, cited=cited)


def _bodies(
    connection: Connection, view: View, kind: str, ids: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Yield records as the objects that were checked before they were signed."""
    # Asked for its kind too, SQLite walks all records of that kind instead of these few.
    chosen = select(RECORD.c.kind, RECORD.c.body).where(view.rows(RECORD))
    for chunk in pieces(sorted(set(ids))):
        for found, body in connection.execute(chosen.where(RECORD.c.id.in_(chunk))):
            if found == kind:
                yield json.loads(body)
