"""What weighing reads of the index: few statements, each with the condition of the view."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_in
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Connection, Select, func, select

from dalil.casebook.index.tables import ACT, MENTION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Assessment, CountGroup, Proposition
from dalil.casebook.record.form import Record, kinds, trusted_record_of
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.weigh.ground.matter import Said
from dalil.engines.sqlite import pieces

R = TypeVar("R", bound=Record)
LIES_IN = ("located_at", "part_of")


@dataclass(frozen=True, slots=True)
class SetStatus:
    """A status that a person set: when (UTC) and signed by which key (base64url)."""

    assessment: Assessment
    recorded_at: str
    by_key: str | None
    seq: int
    place: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: what is said, which statuses persons set, which counts make up others."""

    said: Said
    set_by: tuple[SetStatus, ...]
    groups: tuple[CountGroup, ...]


def read(
    connection: Connection, view: View, case: str | None, wanted: frozenset[str] | None
) -> Found:
    """Read all propositions, those of a case, or those beside the ``wanted`` ones; all on them.

    Of named propositions the whole cases are read: rivals and counts of other things are there.
    """
    reader = _Reader(connection, view)
    cases = _cases(reader, case, wanted)
    if cases is None:
        propositions = reader.records(Proposition)
        assertions = {each.id: each for each in reader.records(Assertion)}
        evidence = {each.id: each for each in reader.records(Evidence)}
    else:
        propositions = [each for one in cases for each in reader.of_case(Proposition, one)]
        assertions = reader.about(Assertion, {"proposition": Proposition}, cases)
        by = {"assertion": Assertion, "by_assertion": Assertion}
        evidence = reader.closed(assertions, reader.about(Evidence, by, cases))
    ids = frozenset(each.id for each in propositions)
    said = Said(
        tuple(propositions),
        tuple(assertions.values()),
        tuple(evidence.values()),
        tuple(reader.records(Source)),
        tuple(reader.records(Derivation)),
        reader.beside({each.subject for each in propositions if each.measure is not None}),
    )
    groups = (each for each in reader.records(CountGroup) if each.whole in ids)
    return Found(said, tuple(reader.set_statuses(ids)), tuple(groups))


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: Connection
    view: View

    def records(self, kind: type[R], *more: ColumnElement[bool]) -> list[R]:
        """Read the records of a kind as the view knows them."""
        return self._read(self._bodies(kind).where(*more))

    def of_case(self, kind: type[R], case: str | None) -> list[R]:
        """Read the records of a kind in a case, or in none."""
        return self.records(kind, _is_case(RECORD, case))

    def about(
        self, kind: type[R], fields: Mapping[str, type[Record]], cases: Iterable[str | None]
    ) -> dict[str, R]:
        """Read the records of a kind in some cases, and those that name one of theirs in a field.

        ``fields``: in which field, and of which kind what is named there is.
        """
        found: dict[str, R] = {}
        for case in cases:
            found.update({each.id: each for each in self.of_case(kind, case)})
            for field, of in fields.items():
                found.update({each.id: each for each in self._from_outside(kind, field, of, case)})
        return found

    def _from_outside(
        self, kind: type[R], field: str, of: type[Record], case: str | None
    ) -> list[R]:
        named = RECORD.alias("named")
        chosen = (
            select(RECORD.c.body)
            .select_from(named)
            .join(MENTION, (MENTION.c.target == named.c.id) & (MENTION.c.field == field))
            .join(RECORD, RECORD.c.n == MENTION.c.n)
            .where(named.c.kind == of.kind, _is_case(named, case), self.view.rows(named))
            .where(_has_kind(kind), self.view.rows(RECORD), ~_is_case(RECORD, case))
        )
        return self._read(chosen)

    def naming(self, kind: type[R], field: str, targets: Sequence[str]) -> list[R]:
        """Read the records of a kind that name one of ``targets`` in a field."""
        found: dict[str, R] = {}
        for chunk in pieces(targets):
            named = select(MENTION.c.n).where(MENTION.c.target.in_(chunk), MENTION.c.field == field)
            chosen = select(RECORD.c.body).where(
                RECORD.c.n.in_(named), _has_kind(kind), self.view.rows(RECORD)
            )
            found.update({each.id: each for each in self._read(chosen)})
        return list(found.values())

    def with_ids(self, kind: type[R], ids: Sequence[str]) -> list[R]:
        """Read the records of a kind with these ids."""
        found: list[R] = []
        for chunk in pieces(ids):
            chosen = select(RECORD.c.body).where(
                RECORD.c.id.in_(chunk), _has_kind(kind), self.view.rows(RECORD)
            )
            found += self._read(chosen)
        return found

    def closed(
        self, assertions: dict[str, Assertion], evidence: dict[str, Evidence]
    ) -> dict[str, Evidence]:
        """Add to ``assertions`` those that evidence leads to; return all that evidence."""
        new = evidence
        while new:
            named = {each.assertion for each in new.values()}
            named |= {each.by_assertion for each in new.values() if each.by_assertion}
            further = self.with_ids(Assertion, sorted(named - set(assertions)))
            on = sorted({each.proposition for each in further})
            beside = self.naming(Assertion, "proposition", on)
            fresh = {each.id: each for each in (*further, *beside) if each.id not in assertions}
            assertions |= fresh
            ids = sorted(fresh)
            found = [
                *self.naming(Evidence, "assertion", ids),
                *self.naming(Evidence, "by_assertion", ids),
            ]
            new = {each.id: each for each in found if each.id not in evidence}
            evidence = evidence | new
        return evidence

    def beside(self, subjects: set[str]) -> tuple[tuple[str, str], ...]:
        """Return which of some entities lie in which other one, as anybody has it."""
        found: set[tuple[str, str]] = set()
        for chunk in pieces(sorted(subjects)):
            chosen = select(RELATION.c.a, RELATION.c.b).where(
                self.view.rows(RELATION),
                RELATION.c.relation.in_(LIES_IN),
                RELATION.c.polarity == "affirms",
                RELATION.c.a.in_(chunk),
            )
            found |= {(a, b) for a, b in self.connection.execute(chosen) if b in subjects}
        return tuple(sorted(found))

    def set_statuses(self, propositions: frozenset[str]) -> list[SetStatus]:
        """Return the last assessment of each person on each proposition."""
        columns = (RECORD.c.seq, RECORD.c.place, RECORD.c.known_from, ACT.c.by_key, RECORD.c.body)
        chosen = select(*columns).join(ACT, ACT.c.seq == RECORD.c.seq)
        chosen = chosen.where(self._rows(Assessment)).order_by(RECORD.c.seq, RECORD.c.place)
        last: dict[tuple[str, str | None], SetStatus] = {}
        for seq, place, at, key, body in self.connection.execute(chosen):
            assessment = trusted_record_of(json.loads(body))
            if isinstance(assessment, Assessment) and assessment.proposition in propositions:
                one = SetStatus(assessment, at, key, seq, place)
                last[assessment.proposition, key] = one
        return [each for each in last.values() if each.assessment.withdrawn is None]

    def _rows(self, kind: type[Record]) -> ColumnElement[bool]:
        return (RECORD.c.kind == kind.kind) & self.view.rows(RECORD)

    def _bodies(self, kind: type[Record]) -> Select[*tuple[Any, ...]]:
        return select(RECORD.c.body).where(self._rows(kind))

    def _read(self, chosen: Select[*tuple[Any, ...]]) -> list[Any]:
        bodies = [body for (body,) in self.connection.execute(chosen)]
        # One text for the reader of JSON: ten thousands of small ones cost twice as much.
        return [_made(each) for each in json.loads(f"[{','.join(bodies)}]")]


def _made(fields: dict[str, Any]) -> Record:
    """Return a record of its fields, as `trusted_record_of` does, in half the time.

    It knows beforehand which fields are lists, and need not look at each value of each record.
    """
    kind, lists = _kind(fields.pop("kind"))
    for name in lists:
        if name in fields:
            fields[name] = tuple(fields[name])
    return kind(**fields)


@cache
def _kind(name: str) -> tuple[type[Record], tuple[str, ...]]:
    kind = kinds()[name]
    return kind, tuple(f.name for f in fields_in(kind) if str(f.type).startswith("tuple"))


def _is_case(table: Any, case: str | None) -> ColumnElement[bool]:  # noqa: ANN401 - an alias too
    """Return the condition that a row is of a case, or of none; never unknown."""
    return cast("ColumnElement[bool]", table.c.case.is_not_distinct_from(case))


def _has_kind(kind: type[Record]) -> ColumnElement[bool]:
    """Return the condition on the kind, written so that no engine looks rows up by it.

    SQLite else walks all records of the kind instead of taking the few that are named.
    """
    return func.coalesce(RECORD.c.kind, "") == kind.kind


def _cases(
    reader: _Reader, case: str | None, wanted: Iterable[str] | None
) -> frozenset[str | None] | None:
    """Return the cases that are to be read whole; None for all of them."""
    if wanted is None:
        return None if case is None else frozenset((case,))
    found = reader.with_ids(Proposition, sorted(wanted))
    return frozenset(each.case for each in found) | ({case} if case else frozenset())
