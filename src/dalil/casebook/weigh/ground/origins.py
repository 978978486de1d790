"""Where assertions come from: seven papers on one leak are one origin.

An origin is followed to its roots: through the assertion's own ``origin`` first, then through the
derivations of its source. Copies of one work are one source. Two assertions depend on each other
when they share a root; what is counted are groups that share none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.sources import Derivation
from dalil.casebook.weigh.ground.matter import Matter

Roots = frozenset[str]
NOWHERE: Roots = frozenset()
# All sources that the viewer may not see, together: whether they are one is not told, and what
# is not told cannot make two origins out of one.
WITHHELD = ""


@dataclass(frozen=True)
class Pedigree:
    """Which sources are copies of one work, and which come from which."""

    copy_of: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]]
    visible: frozenset[str]
    known: dict[str, Roots] = field(default_factory=dict, repr=False, compare=False)
    in_order: dict[Roots, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, matter: Matter) -> Pedigree:
        """Read the derivations of sources."""
        copies = joined((d.child, d.parent) for d in matter.derivations if d.how == "version")
        parents: dict[str, set[str]] = {}
        for each in matter.derivations:
            child, parent = copies.get(each.child, each.child), copies.get(each.parent, each.parent)
            if child != parent:
                parents.setdefault(child, set()).add(parent)
        ordered = {child: tuple(sorted(found)) for child, found in parents.items()}
        return cls(copies, ordered, frozenset(matter.sources))

    def work(self, source: str) -> str:
        """Return the id that stands for all copies of one work."""
        return self.copy_of.get(source, source)

    def roots(self, source: str) -> Roots:
        """Return the sources at the end of every line of derivation, this one if there is none.

        Lines that only run in a circle (refused when written) end in one source of the circle.
        """
        found = self.known.get(source)
        if found is None:
            found = self.known[source] = self._follow(self.work(source))
        return found

    def ordered(self, roots: Roots) -> tuple[str, ...]:
        """Return roots in the order of ids; many assertions share them."""
        found = self.in_order.get(roots)
        if found is None:
            found = self.in_order[roots] = tuple(sorted(roots))
        return found

    def named(self, source: str) -> str:
        """Return the source, or ``WITHHELD`` if the viewer may not see it."""
        return source if source in self.visible else WITHHELD

    def _follow(self, work: str) -> Roots:
        parents = self.parents.get(work)
        if not parents:
            return frozenset((self.named(work),))
        reached, waiting = {work}, [work]
        ends = set()
        while waiting:
            each = waiting.pop()
            further = self.parents.get(each, ())
            if not further:
                ends.add(each)
            new = [parent for parent in further if parent not in reached]
            reached.update(new)
            waiting += new
        return frozenset(self.named(end) for end in ends or {min(reached)})


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each member of a pair the least id of all that are joined to it."""
    least: dict[str, str] = {}

    def find(one: str) -> str:
        while least.setdefault(one, one) != one:
            one = least[one]
        return one

    for one, other in pairs:
        a, b = sorted((find(one), find(other)))
        least[b] = a
    return {one: find(one) for one in sorted(least)}


def own_ground(assertion: Assertion, pedigree: Pedigree) -> Roots:
    """Return the roots of an assertion that names no other one on the same proposition.

    Without an ``origin`` it is its source's own, if it offers evidence, and comes from nowhere
    otherwise. A source that leans on others counts as these: independence is to be shown.
    """
    origin = assertion.origin
    if origin == assertion.source:
        return frozenset((pedigree.named(pedigree.work(origin)),))
    if origin is not None:
        return pedigree.roots(origin)
    return pedigree.roots(assertion.source) if assertion.evidence_offered else NOWHERE


@dataclass(frozen=True)
class Lines:
    """How the assertions on one proposition hang together.

    ``repeats``: for each assertion those on the same proposition that its origin makes.
    """

    pedigree: Pedigree
    assertions: Sequence[Assertion]
    repeats: Mapping[str, Sequence[Assertion]]
    known: dict[str, Roots] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, assertions: Sequence[Assertion], pedigree: Pedigree) -> Lines:
        """Find which of the assertions on one proposition come from which."""
        if len(assertions) == 1 or all(each.origin is None for each in assertions):
            return cls(pedigree, assertions, {})
        work, theirs = pedigree.copy_of, by_work(assertions, pedigree)
        repeats = {}
        for each in assertions:
            origin = each.origin
            if origin is not None and origin != each.source:
                found = theirs.get(work.get(origin, origin))
                if found:
                    repeats[each.id] = _made_by(origin, found, each)
        return cls(pedigree, assertions, repeats)

    def roots(self, assertion: Assertion) -> Roots:
        """Return where an assertion comes from in the end: roots, or nowhere.

        A circle of assertions that all name each other ends in one source of the circle.
        """
        if not self.repeats.get(assertion.id):
            return own_ground(assertion, self.pedigree)
        if assertion.id in self.known:
            return self.known[assertion.id]
        found: set[str] = set()
        reached, waiting = {assertion.id: assertion}, [assertion]
        ended = False
        while waiting:
            each = waiting.pop()
            further = self.repeats.get(each.id)
            if each.id in self.known or not further:
                ended = True
                known = self.known.get(each.id)
                found |= own_ground(each, self.pedigree) if known is None else known
                continue
            for one in further:
                if one.id not in reached:
                    reached[one.id] = one
                    waiting.append(one)
        if ended:
            return self.known.setdefault(assertion.id, frozenset(found))
        # Not noted: another one that leads into the circle has more of it on its way.
        circle = {self.pedigree.work(each.source) for each in reached.values()}
        return frozenset((self.pedigree.named(min(circle)),))


def by_work(assertions: Iterable[Assertion], pedigree: Pedigree) -> dict[str, list[Assertion]]:
    """Return the assertions of each work."""
    work = pedigree.copy_of
    found: dict[str, list[Assertion]] = {}
    for each in assertions:
        found.setdefault(work.get(each.source, each.source), []).append(each)
    return found


def _made_by(origin: str, theirs: Sequence[Assertion], by: Assertion) -> Sequence[Assertion]:
    """Return what the origin itself says, or what a copy of the same work says for it."""
    exact = [each for each in theirs if each.source == origin]
    return [e for e in exact or theirs if e.id != by.id and e.modality != "retracts"]


def components(roots: Iterable[Roots]) -> tuple[tuple[str, ...], ...]:
    """Return the independent origins: groups of roots, no two of which share one.

    What comes from nowhere adds none. Withheld sources are an origin of their own only where
    nothing else is.
    """
    # Most share one origin, or have one root each: told apart without joining anything.
    distinct = {each for each in roots if each}
    if len(distinct) == 1:
        return (tuple(sorted(*distinct)),)
    pairs = [(min(each), root) for each in distinct for root in each]
    groups: dict[str, set[str]] = {}
    for root, least in joined(pairs).items():
        groups.setdefault(least, set()).add(root)
    found = sorted(tuple(sorted(group)) for group in groups.values())
    visible = [group for group in found if group != (WITHHELD,)]
    return tuple(visible or found)


def copies(derivations: Iterable[Derivation]) -> tuple[tuple[str, ...], ...]:
    """Return the sources that are copies of one work, work by work."""
    groups: dict[str, list[str]] = {}
    pairs = ((d.child, d.parent) for d in derivations if d.how == "version")
    for source, least in joined(pairs).items():
        groups.setdefault(least, []).append(source)
    return tuple(tuple(group) for _, group in sorted(groups.items()))
