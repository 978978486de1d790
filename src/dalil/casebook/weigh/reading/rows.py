"""Rows of the index as the records that weighing reads, each with the condition of the view."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_in
from functools import cache, lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, func, select

from dalil.casebook.index.tables import ACT, MENTION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Assessment
from dalil.casebook.record.form import Record, kinds, trusted_record_of
from dalil.casebook.record.sources import Evidence
from dalil.engines.sqlite import pieces

R = TypeVar("R", bound=Record)
VALUES: BindParameter[Any] = bindparam("values", expanding=True)
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
class Reader:
    """What a view may see, kind by kind."""

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
            .where(_has_kind(kind.kind), self.view.rows(RECORD), ~_is_case(RECORD, case))
        )
        return self._read(chosen)

    def naming(
        self,
        kind: type[R],
        field: str,
        targets: Sequence[str],
        more: ColumnElement[bool] | None = None,
    ) -> list[R]:
        """Read the records of a kind that name one of ``targets`` in a field."""
        found: dict[str, R] = {}
        for chunk in pieces(targets):
            chosen = _bodies_naming(self.view, kind.kind, field)
            if more is not None:
                chosen = chosen.where(more)
            found.update({each.id: each for each in self._read(chosen, chunk)})
        return list(found.values())

    def with_ids(self, kind: type[R], ids: Sequence[str]) -> list[R]:
        """Read the records of a kind with these ids."""
        found: list[R] = []
        for chunk in pieces(ids):
            found += self._read(_bodies_with_ids(self.view, kind.kind), chunk)
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
            new = {i: e for i, e in self.evidence_on(ids).items() if i not in evidence}
            evidence = evidence | new
        return evidence

    def evidence_on(self, assertions: Sequence[str]) -> dict[str, Evidence]:
        """Return the evidence that names one of these assertions, on either side."""
        found = [
            *self.naming(Evidence, "assertion", assertions),
            *self.naming(Evidence, "by_assertion", assertions),
        ]
        return {each.id: each for each in found}

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
        return self._set(self._rows(Assessment), propositions)

    def set_on(self, propositions: frozenset[str]) -> list[SetStatus]:
        """Return the same, looked up by the propositions where these are few."""
        found: list[SetStatus] = []
        for chunk in pieces(sorted(propositions)):
            on = RECORD.c.n.in_(_naming("proposition", chunk))
            found += self._set(
                on & _has_kind(Assessment.kind) & self.view.rows(RECORD), frozenset(chunk)
            )
        return found

    def _set(self, rows: ColumnElement[bool], propositions: frozenset[str]) -> list[SetStatus]:
        columns = (RECORD.c.seq, RECORD.c.place, RECORD.c.known_from, ACT.c.by_key, RECORD.c.body)
        chosen = select(*columns).join(ACT, ACT.c.seq == RECORD.c.seq).where(rows)
        last: dict[tuple[str, str | None], SetStatus] = {}
        for seq, place, at, key, body in self.connection.execute(
            chosen.order_by(RECORD.c.seq, RECORD.c.place)
        ):
            assessment = trusted_record_of(json.loads(body))
            if isinstance(assessment, Assessment) and assessment.proposition in propositions:
                one = SetStatus(assessment, at, key, seq, place)
                last[assessment.proposition, key] = one
        return [each for each in last.values() if each.assessment.withdrawn is None]

    def _rows(self, kind: type[Record]) -> ColumnElement[bool]:
        return (RECORD.c.kind == kind.kind) & self.view.rows(RECORD)

    def _bodies(self, kind: type[Record]) -> Select[*tuple[Any, ...]]:
        return select(RECORD.c.body).where(self._rows(kind))

    def _read(self, chosen: Select[*tuple[Any, ...]], values: Sequence[str] = ()) -> list[Any]:
        given = {"values": list(values)} if values else {}
        bodies = [body for (body,) in self.connection.execute(chosen, given)]
        # One text for the reader of JSON: ten thousands of small ones cost twice as much.
        return [_made(each) for each in json.loads(f"[{','.join(bodies)}]")]


# Making a statement takes longer than SQLite needs for it: each is made once for a view.
@lru_cache(maxsize=256)
def _bodies_naming(view: View, kind: str, field: str) -> Select[tuple[str]]:
    named = select(MENTION.c.n).where(MENTION.c.target.in_(VALUES), MENTION.c.field == field)
    return select(RECORD.c.body).where(RECORD.c.n.in_(named), _has_kind(kind), view.rows(RECORD))


@lru_cache(maxsize=256)
def _bodies_with_ids(view: View, kind: str) -> Select[tuple[str]]:
    return select(RECORD.c.body).where(RECORD.c.id.in_(VALUES), _has_kind(kind), view.rows(RECORD))


def _naming(field: str, targets: Sequence[str]) -> Select[tuple[int]]:
    return select(MENTION.c.n).where(MENTION.c.target.in_(targets), MENTION.c.field == field)


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


def _has_kind(kind: str) -> ColumnElement[bool]:
    """Return the condition on the kind, written so that no engine looks rows up by it.

    SQLite else walks all records of the kind instead of taking the few that are named.
    """
    return func.coalesce(RECORD.c.kind, "") == kind
