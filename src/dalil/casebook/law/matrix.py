"""A hypothesis, element by element: what is there for and against each, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.who import who_commanded
from dalil.casebook.incident.incident import WHERE
from dalil.casebook.index.view import View
from dalil.casebook.law.ground import (
    Chart,
    Ground,
    Links,
    chart_of,
    ground_of_claim,
)
from dalil.casebook.law.shelf import Signed, signed_off, tree_called
from dalil.casebook.law.strength import EMPTY, STATES, state_of
from dalil.casebook.law.tree import COMMAND, Element, Part
from dalil.casebook.record.law import BEARS, Bearing, Hypothesis
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.weigh.weighing import weigh_few
from dalil.errors import NoSuchThing, UsageRefused


@dataclass(frozen=True, slots=True)
class Cell:
    """One element, and all that bears on it: ``state`` is one of `STATES`.

    ``signed``: who checked its wording; while nobody whose check still holds did, a lawyer is
    to check it.
    """

    element: Element
    state: str
    grounds: tuple[Ground, ...]
    chart: Chart | None
    signed: tuple[Signed, ...]

    @property
    def checked(self) -> bool:
        """Whether somebody checked the wording as it stands."""
        return any(each.holds for each in self.signed)


@dataclass(frozen=True, slots=True)
class Section:
    """The cells of a context, of the crime, or of the mode."""

    part: Part
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A hypothesis as somebody may see it, element by element.

    ``day``: of the incident (YYYY-MM-DD; empty: none, or several). ``strays``: bearings on
    elements that the tree no longer has, or that belong to another crime. ``answer``: the chains
    of command of that place and day, where an element asks for them.
    """

    hypothesis: str
    case: str | None
    suspect: str
    incident: str
    tree: str
    version: str
    day: str
    sections: tuple[Section, ...]
    strays: tuple[str, ...]
    answer: Answer | None

    def cells(self) -> Iterator[Cell]:
        """Yield every cell, in the order of the law."""
        for each in self.sections:
            yield from each.cells

    def counts(self) -> dict[str, int]:
        """Return how many elements are in each state."""
        found = dict.fromkeys(STATES, 0)
        for each in self.cells():
            found[each.state] += 1
        return found

    def to_do(self) -> tuple[Element, ...]:
        """Return the elements for which nothing is there yet."""
        return tuple(each.element for each in self.cells() if each.state == EMPTY)

    def records(self) -> Iterator[str]:
        """Yield the id of every record that it rests on, each once."""
        told = dict.fromkeys((self.hypothesis, self.suspect, self.incident))
        for cell in self.cells():
            for each in cell.grounds:
                told |= dict.fromkeys((each.bearing, each.claim, *each.against))
            told |= dict.fromkeys(each.record for each in cell.signed)
        yield from told


def matrix(casebook: Casebook, id_: str, view: View) -> Matrix:
    """Return the matrix of a hypothesis.

    Raises:
        NoSuchThing: there is no such hypothesis that may be seen, or its tree has no such crime
            or mode.

    """
    with casebook.at_once():
        hypothesis = hypothesis_called(casebook, id_, view)
        tree = tree_called(casebook, view, hypothesis.tree)
        parts = tree.asked(hypothesis.crime, hypothesis.mode)
        elements = [element for part in parts for element in part.elements]
        bearings = list(_bearings(casebook, hypothesis.id, view))
        day = _day(casebook, hypothesis, view)
        grounds = _grounds(casebook, bearings, view, day)
        answer = _answer(casebook, hypothesis, elements, view, day)
        chart = None if answer is None else chart_of(answer, hypothesis.suspect)
        signed = signed_off(casebook, view, tree, elements)
    known = {element.id for element in elements}
    return Matrix(
        hypothesis.id,
        hypothesis.case,
        hypothesis.suspect,
        hypothesis.incident,
        tree.key,
        tree.version,
        "" if day is None else date.fromordinal(day).isoformat(),
        tuple(Section(part, tuple(_cells(part, grounds, chart, signed))) for part in parts),
        tuple(b.id for _, b in bearings if b.element not in known),
        answer,
    )


def hypothesis_called(casebook: Casebook, id_: str, view: View) -> Hypothesis:
    """Return a hypothesis that stands.

    Raises:
        NoSuchThing: there is none that may be seen.

    """
    found = casebook.get(id_, view).record
    if not isinstance(found, Hypothesis) or found.withdrawn is not None:
        raise NoSuchThing(f"hypothesis {id_}")
    return found


def hypotheses(casebook: Casebook, view: View, case: str | None = None) -> tuple[Hypothesis, ...]:
    """Return the hypotheses that stand, of one case or of all, as they were written."""
    found = (known.record for known in casebook.find(Hypothesis, view, case=case))
    return tuple(h for h in found if isinstance(h, Hypothesis) and h.withdrawn is None)


def _cells(
    part: Part,
    grounds: Mapping[str, list[Ground]],
    chart: Chart | None,
    signed: Mapping[str, tuple[Signed, ...]],
) -> Iterator[Cell]:
    for element in part.elements:
        own = sorted(grounds.get(element.id, []), key=_order)
        drawn = chart if element.chart == COMMAND else None
        supporting = [each.strength for each in own if each.bears == "supports"]
        supporting += [drawn.strength] if drawn else []
        undermining = [each.strength for each in own if each.bears == "undermines"]
        state = state_of(supporting, undermining)
        yield Cell(element, state, tuple(own), drawn, signed.get(element.id, ()))


def _order(ground: Ground) -> tuple[int, str, str]:
    return BEARS.index(ground.bears), ground.since, ground.bearing


def _bearings(casebook: Casebook, hypothesis: str, view: View) -> Iterator[tuple[Known, Bearing]]:
    for known in casebook.naming(hypothesis, view, Bearing.kind, "hypothesis"):
        bearing = known.record
        if isinstance(bearing, Bearing) and bearing.withdrawn is None:
            yield known, bearing


def _grounds(
    casebook: Casebook, bearings: Iterable[tuple[Known, Bearing]], view: View, day: int | None
) -> dict[str, list[Ground]]:
    found: dict[str, list[Ground]] = {}
    every = list(bearings)
    claims = {b.proposition for _, b in every if b.proposition}
    weighed = weigh_few(casebook, view, claims, beside=False)
    seen = {each.proposition for each in weighed.suggestions}
    named = {b.link for _, b in every if b.link}
    stated = {known.record.id: known.record for known in casebook.with_ids(named, view)}
    with casebook.reading() as connection:
        links = Links(connection, view, day)
        for known, bearing in every:
            relation = stated.get(bearing.link or "")
            if bearing.proposition in seen:
                ground = ground_of_claim(known, bearing, weighed)
            elif isinstance(relation, Relation) and relation.withdrawn is None:
                ground = links.ground(known, bearing, relation)
            else:
                # It was withdrawn, or does not hold on the day of the view.
                continue
            found.setdefault(bearing.element, []).append(ground)
    return found


def _answer(
    casebook: Casebook,
    hypothesis: Hypothesis,
    elements: Iterable[Element],
    view: View,
    day: int | None,
) -> Answer | None:
    """Return who is said to have commanded at the place of the incident on its day, if asked."""
    if day is None or all(each.chart != COMMAND for each in elements):
        return None
    for known in casebook.naming(hypothesis.incident, view, Relation.kind, "a"):
        link = known.record
        if not isinstance(link, Relation) or link.withdrawn is not None or link.b is None:
            continue
        if link.relation in WHERE and link.polarity == "affirms":
            # What is no place, or has more chains than anybody could read, has no chart here.
            with suppress(NoSuchThing, UsageRefused):
                return who_commanded(casebook, link.b, day, view)
    return None


def _day(casebook: Casebook, hypothesis: Hypothesis, view: View) -> int | None:
    """Return the day of the incident, where it is one day."""
    incident = casebook.get(hypothesis.incident, view).record
    if not isinstance(incident, Entity) or not incident.date:
        return None
    bounds = bounds_of(incident.date)
    return bounds.s_min if bounds.s_min == bounds.e_max else None
