"""Small matters to weigh, written by short names: each name becomes a fixed id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dalil.casebook.record.claims import Assertion, CountGroup, Proposition
from dalil.casebook.record.form import Record, check, id_for
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.weigh.ground.matter import Matter, Said, limited
from dalil.casebook.weigh.suggestion import Suggestion
from dalil.casebook.weigh.weighing import Weighed, weighed


def named(name: str) -> str:
    """Return the id of a short name."""
    return id_for("test", name)


SPEAKERS = ("source", "origin", "child", "parent", "by_source")
NAMES = (
    *SPEAKERS,
    "proposition",
    "subject",
    "object",
    "entity",
    "assertion",
    "by_assertion",
    "whole",
)


@dataclass
class Sayings:
    """What is said; ``case`` goes into each record."""

    records: list[Record] = field(default_factory=list)
    case: str | None = "quay"
    withheld: frozenset[str] = frozenset()

    def add(self, kind: type[Record], name: str, **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add a record; names in it become ids. Its sources are added by themselves."""
        given: dict[str, Any] = {k: named(v) if k in NAMES and v else v for k, v in fields.items()}
        record = kind(id=named(name), case=self.case, **given)
        check(record)
        self.records.append(record)
        for key in SPEAKERS:
            self._introduce(fields.get(key))
        return record.id

    def _introduce(self, name: str | None) -> None:
        if name is None or name in self.withheld:
            return
        if named(name) not in {each.id for each in self.records}:
            self.source(name)

    def source(self, name: str, type: str = "journalism", **fields: Any) -> str:  # noqa: A002, ANN401 - the record's own words
        """Add a source."""
        return self.add(Source, name, type=type, key=name, **fields)

    def ask(self, name: str, **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add a proposition."""
        given = {"subject": "quay", "predicate": "asked", **fields}
        return self.add(Proposition, name, **given)

    def count(self, name: str, scope: str = "the clip", **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add a question for a number of the dead."""
        return self.ask(name, measure="dead", scope=scope, predicate="dead", **fields)

    def say(self, name: str, on: str, by: str, origin: str | None = None, **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add an assertion."""
        return self.add(Assertion, name, proposition=on, source=by, origin=origin, **fields)

    def number(self, name: str, on: str, by: str, n: int, **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add an assertion of an exact number, with evidence unless said otherwise."""
        given = {"evidence_offered": "footage", "lo": n, "hi": n, **fields}
        return self.say(name, on, by, **given)

    def derive(self, child: str, parent: str, how: str = "based_on") -> str:
        """Add that one source comes from another."""
        return self.add(Derivation, f"{child}<{parent}", child=child, parent=parent, how=how)

    def evidence(self, on: str, relation: str, **fields: Any) -> str:  # noqa: ANN401 - any field
        """Add an evidence record."""
        by = fields.get("by_assertion") or fields.get("by_source")
        return self.add(
            Evidence, f"{by} {relation} {on}", assertion=on, relation=relation, **fields
        )

    @property
    def said(self) -> Said:
        """Return the records by kind."""

        def of(kind: type[Record]) -> tuple[Any, ...]:
            return tuple(each for each in self.records if isinstance(each, kind))

        return Said(of(Proposition), of(Assertion), of(Evidence), of(Source), of(Derivation))

    def weigh(self, until: int | None = None, on: int | None = None) -> Weighed:
        """Weigh all of it."""
        groups = [each for each in self.records if isinstance(each, CountGroup)]
        return weighed(Matter.of(limited(self.said, until, on)), groups=groups)

    def status(self, proposition: str) -> str:
        """Return the suggested status of one proposition."""
        return self.suggestion(proposition).status

    def suggestion(self, proposition: str) -> Suggestion:
        """Return the suggestion for one proposition."""
        return self.weigh().suggestion(named(proposition))


def keys(suggestion: Suggestion) -> set[str]:
    """Return the keys of the reasons."""
    return {reason.key for reason in suggestion.reasons}
