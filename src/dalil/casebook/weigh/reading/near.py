"""What weighing reads to weigh a few claims of a large case: what bears on them, and no more.

What comes out is what weighing the whole case says of them (tests/casebook/weigh/test_near.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, or_, select

from dalil.casebook.index.tables import PROPOSITION, RECORD, RELATION
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, CountGroup, Proposition
from dalil.casebook.record.form import id_for
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.weigh.ground.matter import Said, question_of, states_something
from dalil.casebook.weigh.reading.rows import LIES_IN, Reader
from dalil.casebook.weigh.reading.whole import Found
from dalil.engines.sqlite import pieces

VERSION: ColumnElement[bool] = func.json_extract(RECORD.c.body, "$.how") == "version"


def read_near(
    connection: Connection, view: View, wanted: frozenset[str], *, beside: bool = True
) -> Found:
    """Read the ``wanted`` propositions, and all by which their statuses may differ.

    That is: rivals, the counts beside them and their parts, what is said on any of these, what
    that rests on as far as evidence leads, and where its sources come from.
    """
    near = _Near(Reader(connection, view))
    near.take(near.reader.with_ids(Proposition, sorted(wanted)))
    groups = near.reader.naming(CountGroup, "whole", sorted(near.propositions))
    near.take_parts(groups)
    if beside:
        near.take_families()
    near.take_rivals()
    return Found(near.said(), tuple(near.reader.set_on(wanted)), tuple(groups))


@dataclass(slots=True)
class _Near:
    """Propositions found so far; ``cases``: of which cases, since no others weigh with them."""

    reader: Reader
    propositions: dict[str, Proposition] = field(default_factory=dict)
    cases: set[str | None] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)

    def take(self, wanted: Iterable[Proposition]) -> None:
        for each in wanted:
            self.propositions[each.id] = each
            self.cases.add(each.case)

    def take_parts(self, groups: Iterable[CountGroup]) -> None:
        """Take the counts that are recorded as parts of a wanted one."""
        ids = {part["proposition"] for group in groups for part in group.parts}
        self._add(ids)

    def take_families(self) -> None:
        """Take the counts of the same measure of one subject, of those in it, or of a group."""
        waiting = [each for each in self.propositions.values() if each.measure is not None]
        while waiting:
            subjects = self._around({each.subject for each in waiting})
            measures = {each.measure for each in waiting}
            groups = {
                id_for("question", each.case or "", each.group)
                for each in waiting
                if each.group is not None
            }
            found = {*self._ids(PROPOSITION.c.subject, subjects, measures)}
            found.update(self._ids(PROPOSITION.c.question, groups, measures))
            waiting = [each for each in self._add(found) if each.measure is not None]

    def take_rivals(self) -> None:
        """Take the other values of which only one can hold."""
        asked = {
            id_for("answers", *(each or "" for each in question_of(one)))
            for one in self.propositions.values()
            if one.functional and states_something(one)
        }
        self._add(self._ids(PROPOSITION.c.asked, asked))

    def said(self) -> Said:
        """Read what is said on them, what that rests on, and where it comes from."""
        reader = self.reader
        on = reader.naming(Assertion, "proposition", sorted(self.propositions))
        assertions = {each.id: each for each in on}
        evidence = reader.closed(assertions, reader.evidence_on(sorted(assertions)))
        self._add({each.proposition for each in assertions.values()})
        speakers = {each.source for each in assertions.values()}
        speakers |= {each.origin for each in assertions.values() if each.origin}
        speakers |= {each.by_source for each in evidence.values() if each.by_source}
        derivations = self._pedigree(speakers)
        return Said(
            tuple(self.propositions.values()),
            tuple(assertions.values()),
            tuple(evidence.values()),
            tuple(reader.with_ids(Source, sorted(speakers))),
            tuple(derivations.values()),
            reader.beside(self.subjects),
        )

    def _pedigree(self, speakers: set[str]) -> dict[str, Derivation]:
        """Return what leads from these sources upwards, copies included; add all that it names."""
        found: dict[str, Derivation] = {}
        waiting = sorted(speakers)
        while waiting:
            new = {
                each.id: each
                for each in (
                    *self.reader.naming(Derivation, "child", waiting),
                    *self.reader.naming(Derivation, "parent", waiting, VERSION),
                )
            }
            found |= new
            ends = {end for each in new.values() for end in (each.child, each.parent)}
            waiting = sorted(ends - speakers)
            speakers |= ends
        return found

    def _around(self, subjects: set[str]) -> set[str]:
        """Return the counted things that these lie in or that lie in these, however far."""
        new = subjects - self.subjects
        while new:
            self.subjects |= new
            ends = {end for chunk in pieces(sorted(new)) for end in self._beside(chunk)}
            new = self._counted(ends - self.subjects)
        return self.subjects

    def _beside(self, subjects: Sequence[str]) -> Iterable[str]:
        chosen = select(RELATION.c.a, RELATION.c.b).where(
            self.reader.view.rows(RELATION),
            RELATION.c.relation.in_(LIES_IN),
            RELATION.c.polarity == "affirms",
            or_(RELATION.c.a.in_(subjects), RELATION.c.b.in_(subjects)),
        )
        for a, b in self.reader.connection.execute(chosen):
            yield from (each for each in (a, b) if each is not None)

    def _counted(self, subjects: set[str]) -> set[str]:
        found: set[str] = set()
        for chunk in pieces(sorted(subjects)):
            chosen = select(PROPOSITION.c.subject, PROPOSITION.c.case).where(
                PROPOSITION.c.subject.in_(chunk),
                PROPOSITION.c.measure.is_not(None),
                self.reader.view.rows(PROPOSITION),
            )
            rows = self.reader.connection.execute(chosen.distinct())
            found |= {subject for subject, case in rows if case in self.cases}
        return found

    def _ids(
        self, column: ColumnElement[str], values: set[str], measures: Iterable[str | None] = ()
    ) -> set[str]:
        found: set[str] = set()
        wanted = {each for each in measures if each is not None}
        for chunk in pieces(sorted(values)):
            columns = (PROPOSITION.c.id, PROPOSITION.c.case, PROPOSITION.c.measure)
            chosen = select(*columns).where(column.in_(chunk), self.reader.view.rows(PROPOSITION))
            # Asked for by measure as well, SQLite would walk through all counts of it.
            for id_, case, measure in self.reader.connection.execute(chosen):
                if case in self.cases and (not wanted or measure in wanted):
                    found.add(id_)
        return found

    def _add(self, ids: set[str]) -> list[Proposition]:
        """Take the propositions of these cases that are not there yet; return them."""
        new = sorted(ids - self.propositions.keys())
        found = [e for e in self.reader.with_ids(Proposition, new) if e.case in self.cases]
        self.propositions.update({each.id: each for each in found})
        return found
