"""A supposition about the harbour of the garrison, with claims by short names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from casebook.command.garrison import Garrison, entity, harbour, id_of, relation
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View, view_of
from dalil.casebook.law.matrix import Cell, Matrix, matrix
from dalil.casebook.law.shelf import tree_called
from dalil.casebook.law.wording import told
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.law import Bearing, Hypothesis
from dalil.casebook.report.desk import open_desk

DAY = "2016-11-09"
WAS_TOLD, KILLED = "28-a/knew", "7-1-a/killed"
COMMANDER, MEASURES = "28-a/commander", "28-a/measures"
POSTED = "posted_to Adel Company 2016-03-01/2016-12-24"


def claim(name: str, *sources: str, **more: Any) -> Iterator[Record]:  # noqa: ANN401 - as the record
    """Yield a proposition on the killing, affirmed by each source with evidence."""
    subject = id_of(more.pop("subject", "Killing"))
    yield Proposition(id=id_of(name), subject=subject, predicate=name, value="so", **more)
    for each in sources:
        yield says(name, each)


def says(name: str, source: str, **more: Any) -> Assertion:  # noqa: ANN401 - as the record
    """Return what a source says on a proposition; it offers evidence unless told otherwise."""
    more.setdefault("evidence_offered", "a photograph")
    id_ = id_of(f"{source} on {name} {more.get('polarity', '')}")
    return Assertion(id=id_, proposition=id_of(name), source=id_of(source), **more)


def place() -> list[Record]:
    """Return the harbour of the garrison and a killing at its quay."""
    names = ("The quay", "الرصيف")
    return [
        *harbour(),
        entity("Killing", "incident", *names, date=DAY),
        relation("located_at", "Killing", "Quay", None),
    ]


def hypothesis(**more: Any) -> Hypothesis:  # noqa: ANN401 - as the record
    """Return the supposition that Adel answers for it as its commander."""
    given: dict[str, Any] = {
        "suspect": id_of("Adel"), "incident": id_of("Killing"), "tree": "rome",
        "crime": "7-1-a", "mode": "28-a", "case": "harbour", **more,
    }  # fmt: skip
    return Hypothesis(id=id_of("supposed"), **given)


def bearing(element: str, bears: str, name: str, **more: Any) -> Bearing:  # noqa: ANN401 - the same
    """Return how a claim bears on an element; ``name`` is a proposition's, else a relation's."""
    linked = name if " " in name else ""
    more |= {"link": id_of(name)} if linked else {"proposition": id_of(name)}
    more.setdefault("reasoning", f"because of {name}")
    id_ = id_of(f"{name} {bears} {element}")
    return Bearing(
        id=id_, hypothesis=id_of("supposed"), element=element, bears=bears, case="harbour",
        **more,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Supposed:
    """A casebook with the supposition in it."""

    garrison: Garrison

    @property
    def casebook(self) -> Casebook:
        """The casebook."""
        return self.garrison.bureau.casebook

    def write(self, *records: Record) -> None:
        """Write records down."""
        self.garrison.write(records)

    def withdraw(self, record: Record) -> None:
        """Take a record back."""
        self.garrison.write([replace(record, withdrawn="a mistake")])

    def matrix(self, view: View | None = None) -> Matrix:
        """Return the matrix."""
        return matrix(self.casebook, id_of("supposed"), view or view_of("restricted"))

    def cell(self, element: str, view: View | None = None) -> Cell:
        """Return one element's cell."""
        return next(each for each in self.matrix(view).cells() if each.element.id == element)

    def told(self, lang: str, view: View | None = None) -> str:
        """Return the matrix as text."""
        seen = view or view_of("restricted")
        found = self.matrix(seen)
        tree = tree_called(self.casebook, seen, found.tree)
        return told(found, tree, open_desk(self.casebook, seen), lang)
