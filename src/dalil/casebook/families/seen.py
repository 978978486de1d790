"""Who is seen in a stretch of an item: by what is said of the item, and of its copies.

A copy shows whom the other shows, whatever item it was that people looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dalil.casebook.casebook import Casebook
from dalil.casebook.incident.clock import tick_of
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.things import Judgement
from dalil.casebook.record.victims import Appearance, Recognition, Victim
from dalil.errors import CannotCutHere, Malformed, Missing, NotAnArchive
from dalil.kernel.canonical import Json
from dalil.kernel.seal import nanoseconds
from dalil.match.copies.family import Family, Member
from dalil.match.copies.gathered import gather
from dalil.match.copies.placing import NANO
from dalil.media.cut import film_of, film_times
from dalil.media.tables import Tables
from dalil.vault.vault import Vault

# Ends of the pieces of a copy are placed to half a second each.
PLACED_TO_NS = NANO
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Pictures:
    """When each picture of an item is shown: ns of its own time stamps, in order."""

    shown: NDArray[np.int64]

    def meets(self, place: Mapping[str, Json], stretch: Stretch) -> bool:
        """Whether a place meets a stretch (ns since the first picture).

        A picture stays until the next one: whoever is seen between two is seen in the first.
        """
        tick, start = tick_of(place.get("timebase")), place.get("pts_start")
        if tick is None or start is None:
            return True
        until = place.get("pts_end")
        zero, (n, d) = int(self.shown[0]), (tick.numerator, tick.denominator)
        begin = nanoseconds(int(start), n, d)
        # A time stamp of a coarser clock than the film's stands for all of its tick.
        end = nanoseconds(int(start if until is None else until) + 1, n, d) - 1
        on_screen = int(np.searchsorted(self.shown, begin, "right")) - 1
        begin = int(self.shown[max(on_screen, 0)]) if on_screen >= 0 else begin
        return begin - zero <= stretch[1] and end - zero >= stretch[0]


def seen_in(
    casebook: Casebook, item: str, view: View, stretch: Stretch | None = None
) -> dict[str, frozenset[str]]:
    """Return the victims (ids) seen in an item or a stretch of it, each with where that is said.

    Where: the item, or copies of it. ``stretch``: ns since the first picture, both ends included.
    What has no place within its item is seen in all of it.
    """
    found: dict[str, set[str]] = {}
    for each, stretches in _alike(casebook.archive, item, stretch):
        pictures = None if stretches is None else _pictures(casebook.archive, each)
        for victims, place in _said_of(casebook, each, view):
            here = stretches is None or pictures is None or place is None
            if here or any(pictures.meets(place, one) for one in stretches):  # type: ignore[union-attr,arg-type]
                for victim in victims:
                    found.setdefault(victim, set()).add(each)
    return {victim: frozenset(where) for victim, where in found.items()}


def _alike(
    archive: Path, item: str, stretch: Stretch | None
) -> Iterator[tuple[str, list[Stretch] | None]]:
    """Yield the item and its copies, each with the stretches that are meant; None: all of it."""
    yield item, None if stretch is None else [stretch]
    for family in gather(archive, item).families:
        own = next((each for each in family.members if each.item == item), None)
        for copy in family.items:
            if copy == item:
                continue
            other = next((each for each in family.members if each.item == copy), None)
            if stretch is None or own is None or other is None:
                yield copy, None
            elif stretches := list(_over(own, other, stretch)):
                yield copy, stretches


def _over(own: Member, other: Member, stretch: Stretch) -> Iterator[Stretch]:
    """Yield where another copy holds a stretch of this one."""
    for mine in own.sits:
        begin, end = max(stretch[0], mine.own_from_ns), min(stretch[1], mine.own_to_ns)
        if begin > end + PLACED_TO_NS:
            continue
        at = [mine.from_ns + (each - mine.own_from_ns) * mine.speed for each in (begin, end)]
        for theirs in other.sits:
            first, last = max(at[0], theirs.from_ns), min(at[1], theirs.to_ns)
            if first <= last + PLACED_TO_NS:
                said = [
                    theirs.own_from_ns + (each - theirs.from_ns) / theirs.speed
                    for each in sorted((first, last))
                ]
                yield int(said[0]) - PLACED_TO_NS, int(said[1]) + PLACED_TO_NS


def copies_of(archive: Path, item: str) -> frozenset[str]:
    """Return the items that are copies of one, it among them."""
    families: tuple[Family, ...] = gather(archive, item).families
    return frozenset({item}.union(*(each.items for each in families)))


def _pictures(archive: Path, item: str) -> _Pictures | None:
    """Return the pictures of an item; none where no film was sealed."""
    try:
        tables = Tables(Vault.open(archive).tables(item))
        shown = np.sort(film_times(tables, film_of(tables)).shown)
    except (CannotCutHere, Missing, Malformed, NotAnArchive, KeyError):
        return None
    return _Pictures(shown)


def _said_of(
    casebook: Casebook, item: str, view: View
) -> Iterator[tuple[frozenset[str], Mapping[str, Json] | None]]:
    """Yield who is said to be seen in an item, and where in it (fields of a locator)."""
    for known in casebook.of_item(item, view, Appearance, Recognition, Relation, Conduct):
        said = known.record
        if isinstance(said, Appearance):
            yield frozenset({said.victim}), _place(said)
        elif isinstance(said, Conduct):
            named = [each for each in (said.actor, said.target) if each is not None]
            yield _victims(casebook, named, view), _place(said)
        elif not isinstance(said, Recognition | Relation) or said.polarity != "affirms":
            continue
        elif isinstance(said, Recognition):
            yield frozenset({said.victim}), said.locator
        elif said.relation == "identified_in":
            yield _victims(casebook, [said.a], view), said.locator


def _place(said: Appearance | Conduct) -> dict[str, Json]:
    return {"pts_start": said.pts_start, "pts_end": said.pts_end, "timebase": said.timebase}


def _victims(casebook: Casebook, named: list[str], view: View) -> frozenset[str]:
    """Return the victims among these; of anybody else, the victims whom people judged the same."""
    found = set()
    for known in casebook.with_ids(named, view):
        if isinstance(known.record, Victim):
            found.add(known.record.id)
        else:
            found |= _judged_same(casebook, known.record, view)
    return frozenset(found)


def _judged_same(casebook: Casebook, entity: Record, view: View) -> set[str]:
    same = set()
    for known in casebook.naming(entity.id, view, Judgement.kind):
        said = known.record
        if isinstance(said, Judgement) and said.withdrawn is None and said.verdict == "same":
            same |= {said.a, said.b}
    every = casebook.with_ids(same - {entity.id}, view)
    return {each.record.id for each in every if isinstance(each.record, Victim)}
