"""Footage that shows a victim goes to the public once the family has answered.

The refusal tells how many families have not, and names nobody: who publishes need not be cleared
for who is seen. A family is asked of a whole person, whatever lists and clips hold of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.told import AGREES, NOT_FOUND, answer_on_release, same_person, told_of
from dalil.casebook.incident.clock import Clock, clock_of, tick_of
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.victims import Appearance, Recognition, Victim
from dalil.errors import FamilyNotAnswered

NANO = 10**9
GOES = (AGREES, NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Asked:
    """How the family of somebody seen in an item answered (None: nobody asked it)."""

    victims: frozenset[str]
    answer: str | None

    @property
    def goes(self) -> bool:
        """Whether footage that shows them may go to the public."""
        return self.answer in GOES


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
    clock = clock_of(casebook.archive, item)
    found: dict[frozenset[str], Asked] = {}
    for victim in sorted(set(_seen_in(casebook, item, view, clock, begin_ns, end_ns))):
        if any(victim in each for each in found):
            continue
        person = same_person(casebook, victim, view)
        answer = answer_on_release(told_of(casebook, person, view), item)
        found[person] = Asked(person, answer)
    return tuple(found.values())


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


def _seen_in(
    casebook: Casebook,
    item: str,
    view: View,
    clock: Clock,
    begin_ns: int | None,
    end_ns: int | None,
) -> Iterator[str]:
    for known in casebook.of_item(item, view, Appearance, Recognition, Relation):
        said = known.record
        if isinstance(said, Appearance):
            place = {"pts_start": said.pts_start, "pts_end": said.pts_end}
            if _meets(clock, {**place, "timebase": said.timebase}, begin_ns, end_ns):
                yield said.victim
            continue
        if not isinstance(said, Recognition | Relation) or said.polarity != "affirms":
            continue
        if not _meets(clock, said.locator, begin_ns, end_ns):
            continue
        if isinstance(said, Recognition):
            yield said.victim
        elif said.relation == "identified_in":
            named = casebook.with_ids([said.a], view)
            yield from (each.record.id for each in named if isinstance(each.record, Victim))


def _meets(
    clock: Clock, place: dict[str, int | str] | None, begin_ns: int | None, end_ns: int | None
) -> bool:
    """Whether a place in an item meets a stretch; where its place is not known, it does."""
    tick = tick_of(str((place or {}).get("timebase", "")))
    if place is None or tick is None or begin_ns is None or end_ns is None:
        return True
    start = Fraction(int(place["pts_start"])) * tick - clock.zero
    end = Fraction(int(place.get("pts_end", place["pts_start"]))) * tick - clock.zero
    return start * NANO <= end_ns and end * NANO >= begin_ns
