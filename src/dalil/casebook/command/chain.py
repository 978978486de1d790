"""From what was read to links and chains: pure, and the same in whatever order things came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dalil.casebook.command.answer import Gap, Inside, LeftAside, Nearby
from dalil.casebook.command.link import (
    COMMANDS,
    MEMBER,
    OTHERWISE,
    PRESENT,
    UNDER,
    Against,
    Chain,
    Citation,
    CitedSource,
    Link,
    Statement,
    Thing,
)
from dalil.casebook.command.origins import independent
from dalil.casebook.command.reach import DEPTH, FOLLOWED, Reach, Row, is_near, kind_of
from dalil.casebook.command.standing import Standing
from dalil.errors import UsageRefused

MOST_CHAINS = 20_000
# Which datapoint's sources state the link itself: the first of these that has any.
STATING = {
    PRESENT: ("b",),
    UNDER: ("b",),
    COMMANDS: ("role", "b"),
    MEMBER: ("b",),
    OTHERWISE: ("b",),
}
USUALLY = ("b",)
BESIDE = (MEMBER, OTHERWISE)
SURE = ("attested", "within", "between", "edge", "undated")

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is known of sources and things: who may be named, and what comes from what."""

    sources: Mapping[str, CitedSource]
    parents: Mapping[str, set[str]]
    things: Mapping[str, Thing]


@dataclass(slots=True)
class Weave:
    """The links of one question, by kind and ends, and the ways up through them."""

    reach: Reach
    grounds: Grounds
    limit: int
    rows: dict[Key, list[Row]] = field(default_factory=dict)
    denials: dict[Key, list[Row]] = field(default_factory=dict)
    links: dict[Key, Link] = field(default_factory=dict)
    heads: dict[str, list[Key]] = field(default_factory=dict)
    posted: dict[str, list[Row]] = field(default_factory=dict)
    aside: dict[str, int] = field(default_factory=dict)

    def gather(self) -> None:
        """Sort what was read into links; what is in none is counted."""
        for what, rows in (
            (PRESENT, self.reach.presences),
            (UNDER, self.reach.links),
            (COMMANDS, self.reach.postings),
            (MEMBER, self.reach.members),
        ):
            for row in rows:
                self._gather(what, row)
        for row in self.reach.postings:
            self.posted.setdefault(self.unit_of(row), []).append(row)
        for key in sorted(self.rows):
            if key[0] == COMMANDS:
                self.heads.setdefault(key[2], []).append(key)
        for key in sorted(self.rows):
            self.links[key] = self._link(key)

    def _gather(self, what: str, row: Row) -> None:
        followed = what != UNDER or kind_of(row) in FOLLOWED or row.relation is None
        what = what if followed else OTHERWISE
        key = (what, self.reach.same.of(row.a), self.unit_of(row))
        if row.denies:
            if row.standing is not None and row.standing.word in SURE:
                self.denials.setdefault(key, []).append(row)
        elif row.standing is None:
            return
        elif not is_near(row.standing, self.limit):
            self._count("beyond" if what not in BESIDE else "")
        elif what == COMMANDS and self.is_placeholder(key[2]):
            self._count("on_placeholders")
        else:
            self.rows.setdefault(key, []).append(row)

    def unit_of(self, row: Row) -> str:
        """Return to what a relation leads; a posting to a post leads to the post's unit."""
        return self.reach.same.of(self.reach.posts.get(row.b, row.b))

    def name_of(self, id_: str) -> str:
        """Return the first form of a thing's name; empty: it has none that may be seen."""
        thing = self.grounds.things.get(id_)
        return thing.names[0][0] if thing and thing.names else ""

    def is_placeholder(self, id_: str) -> bool:
        """Whether a unit only stands for a level that nobody named."""
        thing = self.grounds.things.get(id_)
        return thing is not None and thing.placeholder

    def _count(self, name: str) -> None:
        if name:
            self.aside[name] = self.aside.get(name, 0) + 1

    def _link(self, key: Key) -> Link:
        what, a, b = key
        rows = sorted(self.rows[key], key=_strength)
        best = [row for row in rows if _rank(row) == _rank(rows[0])]
        stated = {s for row in best for s in stating(row, what)}
        seen = sorted(s for s in stated if s in self.grounds.sources)
        origins = independent(seen, self.grounds.parents)
        strongest = rows[0].standing or Standing("undated")
        return Link(
            what=what,
            a=a,
            b=b,
            standing=strongest.word,
            rank=strongest.rank,
            gap=strongest.gap,
            side=strongest.side,
            stated_by=tuple(seen),
            # Whence a withheld source has it may not be told, so it adds to no other.
            origins=origins or (1 if stated else 0),
            withheld=len(seen) < len(stated),
            basis=_basis(best),
            statements=tuple(self._statement(row) for row in rows),
            against=tuple(self._against(key)),
        )

    def _statement(self, row: Row) -> Statement:
        relation, standing = row.relation, row.standing
        if relation is None or standing is None:
            raise ValueError(row.id)
        points = (relation.cited or {}).items()
        return Statement(
            id=relation.id,
            valid=relation.valid or "",
            standing=standing.word,
            gap=standing.gap,
            side=standing.side,
            basis=relation.basis,
            start_known=relation.start_known,
            end_known=relation.end_known,
            said=tuple((k, str(v)) for k, v in sorted((relation.detail or {}).items())),
            source=relation.source if relation.source in self.grounds.sources else None,
            citations=tuple(self._citation(name, point) for name, point in sorted(points)),
        )

    def _citation(self, name: str, point: Mapping[str, object]) -> Citation:
        ids = point.get("sources", ())
        cited = [str(each) for each in ids] if isinstance(ids, list | tuple) else []
        seen = tuple(each for each in cited if each in self.grounds.sources)
        return Citation(name, seen, len(seen) < len(cited), str(point.get("confidence", "")))

    def _against(self, key: Key) -> Iterator[Against]:
        what, a, b = key
        for row in sorted(self.denials.get(key, ()), key=_strength):
            yield self._spoken("denied", row, key, "")
        if what != COMMANDS:
            return
        for rival in sorted(k for k in self.heads[b] if k[1] != a):
            row = min(self.rows[rival], key=_strength)
            yield self._spoken("rival", row, key, rival[1])

    def _spoken(self, how: str, row: Row, key: Key, who: str) -> Against:
        standing = row.standing or Standing("undated")
        stated = sorted(s for s in set(stating(row, key[0])) if s in self.grounds.sources)
        teller = row.relation.source if row.relation else None
        told_by = teller if teller in self.grounds.sources and teller not in stated else None
        word, gap, side = standing.word, standing.gap, standing.side
        return Against(how, row.id, who, tuple(stated), told_by, word, gap, side)


def chains_of(weave: Weave, start: set[str]) -> tuple[tuple[Link, ...], tuple[Chain, ...]]:
    """Return the links that some chain uses, and the chains, weakest first.

    ``start``: units to begin with where no place was asked for.

    Raises:
        UsageRefused: there are more chains than anybody could read.

    """
    used: dict[Key, int] = {}
    chains = []
    for path in _paths(weave, start):
        for key in path:
            used.setdefault(key, len(used))
        places = tuple(used[key] for key in path)
        grades = [weave.links[key].grade for key in path]
        weakest = max(range(len(path)), key=lambda i: (grades[i], -i))
        chains.append(Chain(places, weakest, grades[weakest]))
        if len(chains) > MOST_CHAINS:
            raise UsageRefused(f"more than {MOST_CHAINS:,} chains; name a smaller place, or a unit")
    links = tuple(weave.links[key] for key in used)
    order = sorted(chains, key=lambda c: (tuple(-g for g in c.grade), len(c.links), c.links))
    return links, tuple(order)


def _paths(weave: Weave, start: set[str]) -> Iterator[tuple[Key, ...]]:
    up: dict[str, list[Key]] = {}
    present = []
    for key in sorted(weave.links):
        if key[0] == PRESENT:
            present.append(key)
        elif key[0] == UNDER:
            up.setdefault(key[1], []).append(key)
    begin = [((), unit) for unit in sorted(start)] + [((key,), key[1]) for key in present]
    waiting: list[tuple[tuple[Key, ...], str]] = list(reversed(begin))
    while waiting:
        path, unit = waiting.pop()
        yield from ((*path, head) for head in weave.heads.get(unit, ()))
        passed = {unit, *(key[1] for key in path)}
        if sum(key[0] == UNDER for key in path) < DEPTH:
            waiting += [((*path, key), key[2]) for key in up.get(unit, ()) if key[2] not in passed]


def beside_of(weave: Weave) -> tuple[Link, ...]:
    """Return memberships and administrative or informal subordinations: told, not followed."""
    return tuple(weave.links[key] for key in sorted(weave.links) if key[0] in BESIDE)


def gaps_of(weave: Weave) -> tuple[Gap, ...]:
    """Return what is missing on the day, unit by unit."""
    commanded = {key[2] for key in weave.links if key[0] == COMMANDS}
    has_superior = {key[1] for key in weave.links if key[0] == UNDER}
    found = []
    units = {weave.reach.same.of(each) for each in weave.reach.units}
    for unit in sorted(units, key=lambda each: (weave.name_of(each), each)):
        if weave.is_placeholder(unit):
            found.append(Gap("placeholder", unit))
        elif unit not in commanded:
            found.append(Gap("no_commander", unit, tuple(_nearby(weave, unit))))
        if unit not in has_superior:
            found.append(Gap("no_superior", unit))
    return tuple(found)


def inside_of(weave: Weave, links: tuple[Link, ...]) -> tuple[Inside, ...]:
    """Return in what each place of the links lies, as far as the place that was asked."""
    around: dict[str, list[Inside]] = {}
    denied: dict[tuple[str, str], list[str]] = {}
    for row in weave.reach.parts:
        if row.denies and row.standing is not None and row.standing.word in SURE:
            denied.setdefault((row.a, row.b), []).append(row.id)
    for row in weave.reach.parts:
        if not row.denies and is_near(row.standing, weave.limit):
            against = tuple(sorted(denied.get((row.a, row.b), ())))
            around.setdefault(row.a, []).append(Inside(row.a, row.b, row.id, against))
    waiting = [link.b for link in links if link.what == PRESENT]
    found: dict[Inside, None] = {}
    while waiting:
        for each in around.get(waiting.pop(), ()):
            if each not in found:
                found[each] = None
                waiting.append(each.outer)
    return tuple(sorted(found, key=lambda each: (each.inner, each.outer, each.record)))


def left_aside(weave: Weave) -> LeftAside:
    """Return the counts of what was found and is in no chain."""
    return LeftAside(wider=len(weave.reach.wider), **weave.aside)


def _nearby(weave: Weave, unit: str) -> Iterator[Nearby]:
    """Yield the nearest posting before the day and the nearest after it."""
    found: dict[str, tuple[int, str, Row]] = {}
    for row in weave.posted.get(unit, ()):
        days, side = row.distance
        if side and not row.denies and (days, row.id) < found.get(side, (days + 1, ""))[:2]:
            found[side] = (days, row.id, row)
    for side, (days, record, row) in sorted(found.items()):
        yield Nearby(weave.reach.same.of(row.a), record, days, side, row.standing is None)


def _rank(row: Row) -> int:
    return row.standing.rank if row.standing else 0


def _strength(row: Row) -> tuple[int, int, str]:
    gap = row.standing.gap if row.standing else 0
    return _rank(row), gap, row.id


def _basis(rows: list[Row]) -> str:
    said = {row.relation.basis for row in rows if row.relation} - {"unstated"}
    return said.pop() if len(said) == 1 else "both" if said else "unstated"


def stating(row: Row, what: str) -> tuple[str, ...]:
    """Return the sources that state what a relation says, not merely when; ``what``: the link."""
    relation = row.relation
    if relation is None:
        return ()
    cited = relation.cited or {}
    for point in STATING.get(what, USUALLY):
        if cited.get(point, {}).get("sources"):
            return tuple(cited[point]["sources"])
    every = tuple(s for point in cited.values() for s in point.get("sources", ()))
    speaker = relation.origin or relation.source
    return every or ((speaker,) if speaker else ())
