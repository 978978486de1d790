"""What comes along with a hypothesis: every claim that bears on it, for and against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import SEES, View
from dalil.casebook.law.matrix import matrix
from dalil.casebook.law.shelf import trees
from dalil.casebook.record.law import Bearing
from dalil.casebook.record.relations import Relation
from dalil.errors import UsageRefused

EVERYTHING = View(SEES["sealed"])


@dataclass(frozen=True, slots=True)
class Brought:
    """What belongs to some hypotheses.

    ``claims`` are propositions, which bring all that is said on them; ``records`` the ids of
    everything that has to be there.
    """

    claims: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()


def brought_by(casebook: Casebook, case: str, hypotheses: Iterable[str]) -> Brought:
    """Gather what bears on some hypotheses of a case, sealed records too.

    Raises:
        NoSuchThing: there is no such hypothesis. UsageRefused: it belongs to another case.

    """
    claims: set[str] = set()
    records: set[str] = set()
    shelf = {held.tree.key: held for held in trees(casebook, EVERYTHING)}
    for id_ in hypotheses:
        found = matrix(casebook, id_, EVERYTHING)
        if found.case != case:
            raise UsageRefused(f"hypothesis {id_} is not of the case {case}")
        records |= {*found.records(), *found.strays}
        for known in casebook.naming(id_, EVERYTHING, Bearing.kind, "hypothesis"):
            bearing = known.record
            if isinstance(bearing, Bearing) and bearing.withdrawn is None:
                claims |= {bearing.proposition} if bearing.proposition else set()
                records |= {bearing.link} if bearing.link else set()
        if found.answer is not None:
            records |= _stated(casebook, found.answer.records())
        held = shelf[found.tree]
        records |= {held.brought.record.id} if held.brought else set()
    return Brought(frozenset(claims), frozenset(records | claims))


def _stated(casebook: Casebook, ids: Iterable[str]) -> set[str]:
    """Return the relations that a chain of command rests on; what these name comes with them."""
    found = casebook.with_ids(ids, EVERYTHING)
    return {known.record.id for known in found if isinstance(known.record, Relation)}
