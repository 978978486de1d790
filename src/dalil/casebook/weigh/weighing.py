"""All that can be said of the propositions of a case, or of some, as somebody may see it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, CountGroup, Proposition
from dalil.casebook.weigh.conflicts import families, self_conflicts, version_differences
from dalil.casebook.weigh.counts import Checked, checked
from dalil.casebook.weigh.ground.matter import Matter, limited
from dalil.casebook.weigh.ground.standing import Standing, standing_of
from dalil.casebook.weigh.history import history
from dalil.casebook.weigh.reading.near import read_near
from dalil.casebook.weigh.reading.rows import SetStatus
from dalil.casebook.weigh.reading.whole import read
from dalil.casebook.weigh.status import suggest
from dalil.casebook.weigh.suggestion import (
    Family,
    Reason,
    SelfConflict,
    Stage,
    Suggestion,
    VersionDifference,
)
from dalil.errors import NoSuchThing

if TYPE_CHECKING:
    from dalil.casebook.casebook import Casebook

# Of a large family, a reason names this many members; the family names all.
SHOWN = 20


@dataclass(frozen=True)
class Weighed:
    """Suggested and set statuses side by side.

    ``suggestions`` are in the order of propositions' ids. ``set_by``: what each person last set for
    each proposition, the latest first; none of them is dropped for another.
    """

    suggestions: tuple[Suggestion, ...]
    set_by: tuple[SetStatus, ...]
    families: tuple[Family, ...]
    counts: tuple[Checked, ...]
    matter: Matter = field(repr=False)
    standing: Standing = field(repr=False)
    _place: Mapping[str, int] = field(repr=False)
    _set: Mapping[str, tuple[SetStatus, ...]] = field(repr=False)

    @cached_property
    def self_conflicts(self) -> tuple[SelfConflict, ...]:
        """Return each source that gives two answers to one question."""
        return self_conflicts(self.matter, self.standing)

    @cached_property
    def version_differences(self) -> tuple[VersionDifference, ...]:
        """Return copies of one work whose words differ on one question."""
        return version_differences(self.matter, self.standing)

    def suggestion(self, proposition: str) -> Suggestion:
        """Return what the rule suggests for a proposition.

        Raises:
            NoSuchThing: it was not weighed, or may not be seen.

        """
        if proposition not in self._place:
            raise NoSuchThing(f"proposition {proposition}")
        return self.suggestions[self._place[proposition]]

    def set_for(self, proposition: str) -> tuple[SetStatus, ...]:
        """Return what persons set for a proposition, the latest first, dissent included."""
        return self._set.get(proposition, ())

    def since(self, proposition: str) -> tuple[Stage, ...]:
        """Return how the suggested status went, by the days on which something was said."""
        return history(self.matter, self.standing.pedigree, proposition)

    def said_on(self, proposition: str) -> tuple[Assertion, ...]:
        """Return every assertion on a proposition, in the order of ids."""
        return tuple(self.matter.on.get(proposition, ()))

    def about(self, proposition: str) -> Proposition:
        """Return the proposition itself."""
        return self.matter.propositions[proposition]


def weigh(
    casebook: Casebook,
    view: View,
    case: str | None = None,
    propositions: Iterable[str] | None = None,
) -> Weighed:
    """Weigh all propositions, those of one case, or the named ones.

    What the view may not see weighs nothing; what its ``said_by`` and ``on`` leave out, neither.

    Raises:
        NoSuchThing: one of the named propositions is not there, or may not be seen.

    """
    wanted = None if propositions is None else frozenset(propositions)
    with _uncollected():
        with casebook.reading() as connection:
            found = read(connection, view, case, wanted)
        said = limited(found.said, view.said_by, view.on)
        return weighed(Matter.of(said), found.set_by, found.groups, wanted)


def weigh_few(
    casebook: Casebook, view: View, propositions: Iterable[str], *, beside: bool = True
) -> Weighed:
    """Weigh the named propositions as the whole of their case weighs them, without reading it.

    Those that do not hold on the day of the view, or may not be seen, are left out; what bears on
    the named ones is weighed as far as they need it. ``beside``: the counts of other things that
    stand beside them too (``families``, of the named ones); no status depends on them.
    """
    wanted = frozenset(propositions)
    with casebook.reading() as connection:
        found = read_near(connection, view, wanted, beside=beside)
    made = weighed(
        Matter.of(limited(found.said, view.said_by, view.on)), found.set_by, found.groups
    )
    return replace(made, families=tuple(f for f in made.families if wanted & {*f.propositions}))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no circles in memory meanwhile: hundred thousands of records make none.

    Looking through all of them again and again took two fifths of the time. In the end they are
    laid with what is old, which is looked through seldom.
    """
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def weighed(
    matter: Matter,
    set_by: Iterable[SetStatus] = (),
    groups: Iterable[CountGroup] = (),
    wanted: frozenset[str] | None = None,
) -> Weighed:
    """Weigh what is said; of ``wanted`` propositions only, where these are named."""
    standing = standing_of(matter)
    every = {one: suggest(matter, standing, one) for one in matter.propositions}
    related = families(matter, every)
    for family in related:
        for one in family.propositions:
            every[one] = _beside(every[one], family)
    for one in wanted or ():
        if one not in every:
            raise NoSuchThing(f"proposition {one}")
    shown = tuple(each for one, each in every.items() if wanted is None or one in wanted)
    ordered = tuple(sorted(set_by, key=_latest_first))
    return Weighed(
        shown,
        ordered,
        related,
        checked(groups, every),
        matter,
        standing,
        {each.proposition: place for place, each in enumerate(shown)},
        _by_proposition(ordered),
    )


def _beside(suggestion: Suggestion, family: Family) -> Suggestion:
    """Name the counts of other things that stand beside one; it keeps its own status."""
    others = tuple(each for each in family.propositions if each != suggestion.proposition)
    reasons = (*suggestion.reasons, Reason("divergent_scope", others[:SHOWN], len(others)))
    return replace(suggestion, reasons=reasons, divergent=family.propositions)


def _by_proposition(set_by: Iterable[SetStatus]) -> dict[str, tuple[SetStatus, ...]]:
    found: dict[str, tuple[SetStatus, ...]] = {}
    for each in set_by:
        of = each.assessment.proposition
        found[of] = (*found.get(of, ()), each)
    return found


def _latest_first(one: SetStatus) -> tuple[int, int]:
    return (-one.seq, -one.place)
