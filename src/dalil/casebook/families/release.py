"""Footage that shows a victim goes to the public once the family has answered.

The refusal tells how many families have not, and names nobody: who publishes need not be cleared
for who is seen. A family is asked of a whole person, whatever lists and clips hold of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.seen import copies_of, seen_in
from dalil.casebook.families.told import GOES, Told, answer_on_release, same_person, told_of
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.victims import Victim
from dalil.casebook.victims.judged import judgements_on_any
from dalil.casebook.victims.resolved import people_in
from dalil.errors import FamilyNotAnswered


@dataclass(frozen=True, slots=True)
class Asked:
    """How the family of somebody seen in an item answered (None: nobody asked it)."""

    victims: frozenset[str]
    answer: str | None

    @property
    def goes(self) -> bool:
        """Whether footage that shows them may go to the public."""
        return self.answer in GOES


@dataclass(frozen=True, slots=True)
class Families:
    """Whoever may be the family of one person, and what they were told.

    ``named``: the persons (ids of victims) as whom somebody is recognised. Where there are
    several, one at most is the person, and nobody knows which: each family is asked.
    """

    victims: frozenset[str]
    told: tuple[Told, ...]
    named: tuple[frozenset[str], ...]

    def on(self, items: Collection[str], copies: Collection[str] = ()) -> Asked:
        """Return how they answered on showing these items, whose copies these are."""
        answer = answer_on_release(self.told, items, copies)
        for person in self.named if len(self.named) > 1 else ():
            own = (each for each in self.told if each.said.victim in person)
            if answer in GOES:
                answer = answer_on_release(own, items, copies)
        return Asked(self.victims, answer)


def families_of(casebook: Casebook, victim: str, view: View) -> Families:
    """Return the families that are asked about a victim, as a view sees them."""
    victims = same_person(casebook, victim, view)
    person_of = people_in(judgements_on_any(casebook, victims, view))
    persons: dict[str, set[str]] = {}
    for each in victims:
        persons.setdefault(person_of.get(each, each), set()).add(each)
    every = (known.record for known in casebook.with_ids(victims, view))
    with_name = {each.id for each in every if isinstance(each, Victim) and each.names}
    named = tuple(frozenset(each) for _, each in sorted(persons.items()) if each & with_name)
    return Families(victims, told_of(casebook, victims, view), named)


def families_of_item(
    casebook: Casebook,
    item: str,
    view: View,
    begin_ns: int | None = None,
    end_ns: int | None = None,
) -> tuple[Asked, ...]:
    """Return, for each person who is seen in a stretch of an item, how their family answered.

    Without a stretch: in all of the item. Times in ns since its first picture.
    """
    stretch = None if begin_ns is None or end_ns is None else (begin_ns, end_ns)
    with casebook.at_once():
        seen = seen_in(casebook, item, view, stretch)
        return tuple(_asked(casebook, item, view, seen))


def _asked(
    casebook: Casebook, item: str, view: View, seen: Mapping[str, Collection[str]]
) -> Iterator[Asked]:
    copies, met = copies_of(casebook.archive, item), set[str]()
    for victim in sorted(seen):
        if victim in met:
            continue
        asked = families_of(casebook, victim, view)
        met |= asked.victims
        where = frozenset().union(*(seen.get(each, ()) for each in asked.victims))
        # Who agreed to a copy in which they are seen agreed to no more of this item than that.
        items = {item} if item in where else {item, *where}
        yield asked.on(items, copies)


def demand_families_answered(
    casebook: Casebook, item: str, begin_ns: int | None = None, end_ns: int | None = None
) -> None:
    """Go on only where every family agrees, or was sought and not found.

    Raises:
        FamilyNotAnswered: so many have not answered, or asked not to show it.

    """
    asked = families_of_item(casebook, item, view_of("sealed"), begin_ns, end_ns)
    held = sum(not each.goes for each in asked)
    if held:
        raise FamilyNotAnswered(f"families that have not agreed: {held} of {len(asked)}")
