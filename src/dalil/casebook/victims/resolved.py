"""Who people say is one person: victims that hang together by what they judged to be the same.

Nothing is merged: whoever takes a judgement back takes the person apart again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.victims.judged import DIFFERENT, SAME, Judged, all_judgements, judgements_on


@dataclass(frozen=True, slots=True)
class ResolvedPerson:
    """Victims (ids, in order) that people say are one person; one alone is a person too.

    ``same``: the judgements that hold it together. ``against``: those that say of two of its
    members that they are two persons; they are shown, and settle nothing.
    """

    members: tuple[str, ...]
    same: tuple[Judged, ...] = ()
    against: tuple[Judged, ...] = ()

    @property
    def id(self) -> str:
        """What the person is called by: the first of the ids."""
        return self.members[0]


def person_of(casebook: Casebook, victim: str, view: View) -> ResolvedPerson:
    """Return the person whom a victim belongs to, as far as a view may see."""
    said: dict[str, Judged] = {}
    members, waiting = {victim}, [victim]
    while waiting:
        for each in judgements_on(casebook, waiting.pop(), view):
            said[each.id] = each
            new = {each.a, each.b} - members if each.verdict == SAME else ()
            members |= set(new)
            waiting += new
    return _person(members, said.values())


def people_of(casebook: Casebook, view: View) -> Iterator[ResolvedPerson]:
    """Yield every person of whom people say that two records or more are about them."""
    said = all_judgements(casebook, view)
    first = people_in(said)
    members: dict[str, set[str]] = {}
    for each, person in first.items():
        members.setdefault(person, set()).add(each)
    about: dict[str, list[Judged]] = {person: [] for person in members}
    for one in said:
        person = first.get(one.a, one.a)
        if person == first.get(one.b, one.b) and person in about:
            about[person].append(one)
    for person in sorted(members):
        yield _person(members[person], about[person])


def people_among(casebook: Casebook, view: View) -> Mapping[str, str]:
    """Return, for each victim whom people say is one with another, the person (``id``).

    Whoever is not in it is a person of their own.
    """
    return people_in(all_judgements(casebook, view))


def people_in(said: Iterable[Judged]) -> dict[str, str]:
    """Return the same from judgements that were read already."""
    above: dict[str, str] = {}

    def top(id_: str) -> str:
        while above.setdefault(id_, id_) != id_:
            above[id_] = above[above[id_]]
            id_ = above[id_]
        return id_

    for each in said:
        if each.verdict == SAME:
            first, second = sorted((top(each.a), top(each.b)))
            above[second] = first
    return {id_: top(id_) for id_ in list(above)}


def _person(members: Iterable[str], said: Iterable[Judged]) -> ResolvedPerson:
    within = frozenset(members)
    about = [each for each in said if {each.a, each.b} <= within]
    same, against = (
        tuple(sorted((e for e in about if e.verdict == verdict), key=lambda e: (-e.seq, e.place)))
        for verdict in (SAME, DIFFERENT)
    )
    return ResolvedPerson(tuple(sorted(within)), same, against)
