"""What is answered: chains, weakest first, with their links, gaps and everything left aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dalil.casebook.command.link import Chain, CitedSource, Link, Thing


@dataclass(frozen=True, slots=True)
class Nearby:
    """Somebody who commanded a unit on another day: how far off (days), and on which side.

    ``ended``: by its own dates the posting did not hold on the day.
    """

    who: str
    record: str
    days: int
    side: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: ``no_commander``, ``no_superior``, ``placeholder`` (a level unnamed)."""

    kind: str
    unit: str
    nearby: tuple[Nearby, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """A place within another, the record that says so, and those that deny it."""

    inner: str
    outer: str
    record: str
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftAside:
    """What was found and is in no chain, counted.

    ``beyond``: statements whose last or first sighting is further from the day than ``limit``.
    ``wider``: units recorded only for a wider place. ``on_placeholders``: postings to a unit that
    nobody named.
    """

    beyond: int = 0
    wider: int = 0
    on_placeholders: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Who is said to have commanded, on ``day`` (YYYY-MM-DD), and how that is known.

    ``asked`` is ``place`` or ``unit``; ``about`` the ids that the question means. Chains name links
    by their index, weakest chain first. A statement is inferred up to ``limit`` days from a
    sighting. ``beside`` are memberships and subordinations that carry no command.

    Present in the area is not: took part. Commander on the day is not: liable.
    """

    asked: str
    about: tuple[str, ...]
    day: str
    limit: int
    chains: tuple[Chain, ...]
    links: tuple[Link, ...]
    beside: tuple[Link, ...]
    inside: tuple[Inside, ...]
    gaps: tuple[Gap, ...]
    left_aside: LeftAside
    things: tuple[Thing, ...]
    sources: tuple[CitedSource, ...]

    def commanders(self) -> tuple[str, ...]:
        """Return the ids of everybody whom a chain ends with, each once."""
        return tuple(dict.fromkeys(self.links[c.links[-1]].a for c in self.chains))

    def records(self) -> Iterator[str]:
        """Yield the id of every record that the answer rests on or speaks of, each once."""
        told: dict[str, None] = dict.fromkeys(self.about)
        for link in (*self.links, *self.beside):
            told |= dict.fromkeys((link.a, link.b))
            told |= dict.fromkeys(statement.id for statement in link.statements)
            for against in link.against:
                told |= dict.fromkeys(each for each in (against.record, against.who) if each)
        for each in self.inside:
            told |= dict.fromkeys((each.inner, each.outer, each.record, *each.against))
        for gap in self.gaps:
            told |= dict.fromkeys((gap.unit, *(i for n in gap.nearby for i in (n.who, n.record))))
        yield from told | dict.fromkeys(source.id for source in self.sources)
