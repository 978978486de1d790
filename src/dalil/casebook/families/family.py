"""One family: whose it is, what it was told, who recognised whom, which footage waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.recognised import Recognised, recognitions_of
from dalil.casebook.families.release import Asked, families_of
from dalil.casebook.families.told import Told
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.victims import Appearance, Recognition
from dalil.match.held.families import family_by_item

# Which kinds of record say in which field whom an item shows.
SEEN_IN: tuple[tuple[type[Record], str], ...] = (
    (Appearance, "victim"), (Recognition, "victim"), (Relation, "a"),
    (Conduct, "actor"), (Conduct, "target"),
)  # fmt: skip


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
    with casebook.at_once():
        asked = families_of(casebook, victim, view)
        victims = asked.victims
        recognised = recognitions_of(casebook, victims, view)
        items = sorted(set(_seen(casebook, victims, view)))
    copies = family_by_item(casebook.archive, casebook.ledger)
    footage = tuple(
        (item, asked.on({item}, copies[item].items if item in copies else ())) for item in items
    )
    return Family(victims, asked.told, recognised, footage)


def _seen(casebook: Casebook, victims: Iterable[str], view: View) -> Iterator[str]:
    for kind, field in SEEN_IN:
        for known in casebook.naming_any(victims, view, kind.kind, field):
            said = known.record
            if said.withdrawn is not None:
                continue
            if isinstance(said, Appearance):
                yield said.item
            elif isinstance(said, Conduct):
                yield from () if said.item is None else (said.item,)
            elif isinstance(said, Recognition | Relation) and said.polarity == "affirms":
                item = (said.locator or {}).get("item")
                yield from () if item is None else (item,)
