"""One family: whose it is, what it was told, who recognised whom, which footage waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.recognised import Recognised, recognitions_of
from dalil.casebook.families.release import Asked, families_of
from dalil.casebook.families.told import Told
from dalil.casebook.index.view import View
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.victims import Appearance, Recognition
from dalil.match.held.families import family_by_item


@dataclass(frozen=True, slots=True)
class Family:
    """The family of a person: ``victims`` (ids) that are the person, as far as it is said.

    ``footage``: each item in which one of them is seen, and how the family answered on it.
    """

    victims: frozenset[str]
    told: tuple[Told, ...]
    recognised: tuple[Recognised, ...]
    footage: tuple[tuple[str, Asked], ...]


def family_of(casebook: Casebook, victim: str, view: View) -> Family:
    """Return the family of a victim as a view sees it."""
    asked = families_of(casebook, victim, view)
    victims = asked.victims
    recognised = {
        each.said.id: each for one in victims for each in recognitions_of(casebook, one, view)
    }
    ordered = sorted(recognised.values(), key=lambda each: (each.recorded_at, each.said.id))
    items = sorted({item for one in victims for item in _seen(casebook, one, view)})
    copies = family_by_item(casebook.archive, casebook.ledger)
    footage = tuple(
        (item, asked.on({item}, copies[item].items if item in copies else ())) for item in items
    )
    return Family(victims, asked.told, tuple(ordered), footage)


def _seen(casebook: Casebook, victim: str, view: View) -> Iterator[str]:
    for known in casebook.naming(victim, view):
        said = known.record
        if said.withdrawn is not None:
            continue
        if isinstance(said, Appearance):
            yield said.item
        elif isinstance(said, Recognition | Relation) and said.polarity == "affirms":
            item = (said.locator or {}).get("item")
            yield from () if item is None else (item,)
