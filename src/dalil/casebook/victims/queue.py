"""Pairs of victims that wait for a person, and those that people judged, as a view may see them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.tables import VICTIM
from dalil.casebook.index.view import View
from dalil.casebook.victims.candidates import Candidates
from dalil.casebook.victims.judged import (
    Judged,
    Pair,
    all_judgements,
    judgements_of,
    judgements_on,
    pair_of,
)
from dalil.casebook.victims.resolved import people_in
from dalil.engines.sqlite import pieces
from dalil.errors import NoSuchThing
from dalil.match.persons.row import METHOD, About, Candidate

AT_ONCE = 400
# What it mostly means where names agree in this and differ in the rest.
LOOKS_LIKE = {"lineage": "sibling", "ends": "namesake", "start": "namesake"}


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two victims (ids, in order), what was found of them, what people say, the newest first."""

    a: str
    b: str
    found: Candidate | None
    judged: tuple[Judged, ...]

    @property
    def known(self) -> str:
        """What somebody has seen of it who judges now: another value, and it has changed."""
        said = [(each.id, each.seq) for each in self.judged]
        return hashlib.sha256(repr((said, self.found)).encode()).hexdigest()[:32]

    @property
    def apart(self) -> bool:
        """Whether people differ."""
        return len({each.verdict for each in self.judged}) > 1

    def of_key(self, key: str | None) -> Judged | None:
        """Return what whoever holds a key says of it."""
        return next((each for each in self.judged if each.key == key), None)


@dataclass(frozen=True, slots=True)
class Queue:
    """Pairs that nobody judged, the likeliest first, and those that people did, the last first.

    ``more``: there are others behind those that wait.
    """

    waiting: tuple[Candidate, ...]
    more: bool
    judged: tuple[Pair, ...]


def queue(casebook: Casebook, view: View, most: int) -> Queue:
    """Return the first pairs that nobody judged, of victims that may be seen, and all judged ones.

    Two that people hold to be one through a third are not asked for again.
    """
    said = all_judgements(casebook, view)
    judged, people = tuple(dict.fromkeys(each.pair for each in said)), people_in(said)
    done = set(judged)
    found = Candidates.open(casebook.archive, view.clearance).in_order()
    open_ = (
        each
        for each in found
        if (each.a, each.b) not in done and people.get(each.a, each.a) != people.get(each.b, each.b)
    )
    some = tuple(islice(_seen(casebook, view, open_), most + 1))
    return Queue(some[:most], len(some) > most, judged)


def pairing(casebook: Casebook, view: View, a: str, b: str) -> Pairing:
    """Return two victims; also where nothing was found, for a person may compare any two.

    Raises:
        NoSuchThing: one of them is not there, or may not be seen.

    """
    a, b = pair_of(a, b)
    if a == b or len(seen_among(casebook, view, (a, b))) < len((a, b)):
        raise NoSuchThing("two victims")
    found = Candidates.open(casebook.archive, view.clearance).of_pair(a, b)
    return Pairing(a, b, found, judgements_of(casebook, (a, b), view))


def candidates_of(casebook: Casebook, view: View, victim: str) -> tuple[Pairing, ...]:
    """Return the likeliest of one victim, at most ten, with what people say of each."""
    found = Candidates.open(casebook.archive, view.clearance).of(victim)
    said = judgements_on(casebook, victim, view)
    return tuple(
        Pairing(each.a, each.b, each, tuple(j for j in said if j.pair == (each.a, each.b)))
        for each in _seen(casebook, view, found)
    )


def method_of(found: Candidate | None) -> str | None:
    """Return what a judgement says of what the machine had found when it was made."""
    if found is None:
        return None
    told = ", ".join(f"{each.about}: {each.level}" for each in found.reasons)
    return f"{METHOD}; {found.bits:+.1f} bits; {told}"[:200]


def guess_of(found: Candidate) -> str:
    """Return what two look like: ``sibling``, ``namesake``, ``perhaps`` one person, ``unlikely``.

    Or ``suggested``: one person, and of two lists each is the other's likeliest.
    """
    if found.suggested:
        return "suggested"
    level = next((each.level for each in found.reasons if each.about is About.NAME), "")
    return LOOKS_LIKE.get(level) or ("perhaps" if found.bits > 0 else "unlikely")


def percent_of(found: Candidate) -> int:
    """Return the likelihood for people to read: 1 to 99, since nothing here is certain."""
    return min(99, max(1, round(100 * found.likelihood)))


def seen_among(casebook: Casebook, view: View, ids: Iterable[str]) -> set[str]:
    """Return which of these are victims that may be seen and were not withdrawn."""
    seen: set[str] = set()
    with casebook.reading() as connection:
        for piece in pieces(sorted(ids)):
            chosen = select(VICTIM.c.id).where(VICTIM.c.id.in_(piece), view.rows(VICTIM))
            seen |= {str(id_) for (id_,) in connection.execute(chosen)}
    return seen


def _seen(casebook: Casebook, view: View, found: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield the pairs of which both may be seen."""
    rest = iter(found)
    while some := list(islice(rest, AT_ONCE)):
        seen = seen_among(casebook, view, {id_ for each in some for id_ in (each.a, each.b)})
        yield from (each for each in some if {each.a, each.b} <= seen)
