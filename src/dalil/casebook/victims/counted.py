"""How many persons a list, a clip or a case speaks of: counted here, beside what others state.

A count is a range: whoever people say are one person count once, and where people disagree on
that, both are told. Nothing that is stated is changed by what is counted, nor the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import VICTIM
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.count import Interval, interval_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.victims import Appearance, Recognition
from dalil.casebook.victims.judged import pair_of
from dalil.casebook.victims.resolved import people_among, people_of
from dalil.engines.sqlite import pieces

SCOPES = ("item", "source", "case")
# What is more than an assertion or a likeness; recognition by sight never is (VIC-04).
SCIENTIFIC, CIRCUMSTANTIAL = "scientific", "circumstantial"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: the persons seen in an ``item``, or those of a ``source`` or a ``case``."""

    what: str
    id: str


@dataclass(frozen=True, slots=True)
class Counted:
    """``persons`` = ``known`` + ``unidentified``, of so many ``records`` within the scope.

    ``known``: a list names them, or who they are is held to be known by a scientific method, or
    by circumstances and a person's judgement. ``recognised``: those of the unidentified whom
    somebody recognised, which is no identification. ``disputed``: persons of whom some say
    that they are one, and some that they are more.
    """

    scope: Scope
    records: int
    persons: Interval
    known: Interval
    unidentified: Interval
    recognised: int
    disputed: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody states: how many of what (``scope``, in words), by which source (id)."""

    proposition: str
    scope: str
    measure: str
    source: str
    number: Interval
    about: bool


def counted(casebook: Casebook, scope: Scope, view: View) -> Counted:
    """Count the persons of a scope, as far as a view may see them."""
    with casebook.at_once():
        named = dict(_in_scope(casebook, scope, view))
        person_of = people_among(casebook, view)
        persons: dict[str, set[str]] = {}
        for victim in named:
            persons.setdefault(person_of.get(victim, victim), set()).add(victim)
        disputed = {each.id for each in people_of(casebook, view) if each.against}
        known, seen = _grades(casebook, persons, named, view)
    certain = {
        person
        for person, members in persons.items()
        if person in known or (scope.what != "item" and any(named[each] for each in members))
    }
    numbers = {
        person: Interval(1, len(members) if person in disputed else 1)
        for person, members in persons.items()
    }
    recognised = seen & set(persons) - certain
    return Counted(
        scope,
        len(named),
        _sum(numbers.values()),
        _sum(each for person, each in numbers.items() if person in certain),
        _sum(each for person, each in numbers.items() if person not in certain),
        len(recognised),
        len(disputed & set(persons)),
    )


def stated(casebook: Casebook, scope: Scope, view: View) -> tuple[Stated, ...]:
    """Return every number that is stated within a scope, each with its own scope in words."""
    found = []
    for said in _assertions(casebook, scope, view):
        number = interval_of(said)
        for known in casebook.with_ids([said.proposition], view):
            asked = known.record
            if isinstance(asked, Proposition) and asked.measure and number.says_something:
                words = (asked.id, asked.scope or "", asked.measure)
                found.append(Stated(*words, said.source, number, said.about))
    return tuple(sorted(found, key=lambda each: (each.scope, each.measure, each.source)))


def _in_scope(casebook: Casebook, scope: Scope, view: View) -> Iterator[tuple[str, bool]]:
    """Yield each victim of a scope that stands, and whether a list names it."""
    chosen = select(VICTIM.c.id, VICTIM.c.unidentified).where(view.rows(VICTIM))
    if scope.what != "item":
        column = VICTIM.c.source if scope.what == "source" else VICTIM.c.case
        with casebook.reading() as connection:
            for id_, unidentified in connection.execute(chosen.where(column == scope.id)):
                yield id_, not unidentified
        return
    with casebook.reading() as connection:
        for chunk in pieces(sorted(set(_seen_in(casebook, scope.id, view)))):
            for id_, unidentified in connection.execute(chosen.where(VICTIM.c.id.in_(chunk))):
                yield id_, not unidentified


def _seen_in(casebook: Casebook, item: str, view: View) -> Iterator[str]:
    for known in casebook.of_item(item, view, Appearance, Relation):
        said = known.record
        if isinstance(said, Appearance):
            yield said.victim
        elif isinstance(said, Relation) and _identifies(said):
            yield said.a


def _identifies(said: Relation) -> bool:
    return said.relation == "identified_in" and said.polarity == "affirms"


def _grades(
    casebook: Casebook, persons: Mapping[str, set[str]], named: Mapping[str, bool], view: View
) -> tuple[set[str], set[str]]:
    """Return of which persons more than sight says who they are, and whom somebody recognised."""
    known, seen = set[str](), set[str]()
    person_of = people_among(casebook, view)
    for record in _recognitions(casebook, view):
        one, other = (person_of.get(e, e) for e in (record.victim, record.as_victim))
        seen.add(one)
        if record.grade == SCIENTIFIC or (record.grade == CIRCUMSTANTIAL and one == other):
            known.add(one)
    holder = {
        each: person
        for person, members in persons.items()
        if person not in known and any(named[one] for one in members)
        for each in members
    }
    for told in casebook.naming_any(holder, view, Relation.kind, "a"):
        said = told.record
        if isinstance(said, Relation) and said.withdrawn is None and _identifies(said):
            seen.add(holder[said.a])
            if (said.detail or {}).get("grade") == SCIENTIFIC:
                known.add(holder[said.a])
    return known, seen


def _recognitions(casebook: Casebook, view: View) -> Iterator[Recognition]:
    said = [e.record for e in casebook.find(Recognition, view) if isinstance(e.record, Recognition)]
    standing = [each for each in said if each.withdrawn is None]
    denied = {pair_of(e.victim, e.as_victim) for e in standing if e.polarity == "denies"}
    affirmed = [each for each in standing if each.polarity == "affirms"]
    with_name = _with_name(casebook, {each.as_victim for each in affirmed}, view)
    for each in affirmed:
        # Whom one relative recognises and another does not, of them nothing is known; nor of
        # whoever is recognised as somebody without a name.
        if each.as_victim in with_name and pair_of(each.victim, each.as_victim) not in denied:
            yield each


def _with_name(casebook: Casebook, ids: Iterable[str], view: View) -> set[str]:
    found = set[str]()
    chosen = select(VICTIM.c.id).where(view.rows(VICTIM), ~VICTIM.c.unidentified)
    with casebook.reading() as connection:
        for chunk in pieces(sorted(ids)):
            found |= {id_ for (id_,) in connection.execute(chosen.where(VICTIM.c.id.in_(chunk)))}
    return found


def _assertions(casebook: Casebook, scope: Scope, view: View) -> Iterator[Assertion]:
    if scope.what == "item":
        found: Iterable[object] = (k.record for k in casebook.of_item(scope.id, view, Assertion))
    elif scope.what == "source":
        found = (k.record for k in casebook.naming(scope.id, view, Assertion.kind, "source"))
    else:
        found = (k.record for k in casebook.find(Assertion, view, scope.id))
    for said in found:
        if isinstance(said, Assertion) and said.withdrawn is None:
            yield said


def _sum(numbers: Iterable[Interval]) -> Interval:
    total = Interval(0, 0)
    for each in numbers:
        total = total.plus(each)
    return total
