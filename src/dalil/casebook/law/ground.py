"""What a claim carries that bears on an element, and what is weakest in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from dalil.casebook.casebook import Known
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.chain import SURE, stating
from dalil.casebook.command.link import ENOUGH_ORIGINS, Chain
from dalil.casebook.command.origins import independent
from dalil.casebook.command.reach import Reader, Row, is_near, read_parents, read_sources
from dalil.casebook.command.who import LIMIT
from dalil.casebook.index.view import View
from dalil.casebook.law.strength import CONTESTED, CORROBORATED, NOTHING, SINGLE, strength_of
from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.law import Bearing
from dalil.casebook.record.relations import Relation
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.weigh.suggestion import Reason, Suggestion
from dalil.casebook.weigh.weighing import Weighed

# Why a link carries nothing: its dates, a machine, no source.
NOT_THEN, BY_MACHINE, UNCITED = "not_then", "machine", "uncited"
# How a statement stands that is not tied to the day of the incident.
STATED = "stated"
# What has to have held on that day; one may learn of it, or do something about it, later.
OF_THE_DAY = ("posted_to", "subordinate_to", "member_of", "present_at", "part_of", "located_at")


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weakest link of a chain from an element to what it rests on.

    ``what``: a ``claim`` (``key``: its status), a stated ``link`` or a link of a command chain
    (``key``: how it stands on the day, or why it carries nothing). ``origins`` independent ones,
    ``gap`` days from the nearest sighting and on which ``side``; ``hearsay``: through how many
    others it came, at the least; ``against``: how many speak against it.
    """

    what: str
    key: str
    origins: int = 0
    gap: int = 0
    side: str = ""
    hearsay: int = 0
    against: int = 0


@dataclass(frozen=True, slots=True)
class SetBy:
    """The status that a person set for a claim, with reasons; it stands beside the rule's."""

    status: str
    by_key: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A claim that bears on an element.

    ``bearing`` is the record that says so, ``by_key`` whose key signed it, on what day
    (``since``, UTC) and why. ``claim`` is the proposition or relation. ``strength`` is what it
    carries (see `strength`); ``against`` the ids of what speaks against it; ``reasons`` the
    rule's, for a proposition.
    """

    bearing: str
    bears: str
    by_key: str
    since: str
    reasoning: str
    claim: str
    kind: str
    strength: str
    weakest: Weakest
    against: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    set_by: tuple[SetBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """What the chains of command say: how many end with the suspect, and the strongest one.

    ``strongest`` is its place in the answer, ``weakest`` its weakest link, ``link`` that link's
    place in the answer.
    """

    chains: int
    strongest: int
    link: int
    strength: str
    weakest: Weakest


def ground_of_claim(known: Known, bearing: Bearing, weighed: Weighed) -> Ground:
    """Return what a proposition carries, as weighing has it."""
    claim = str(bearing.proposition)
    suggestion = weighed.suggestion(claim)
    weakest = Weakest(
        "claim",
        suggestion.status,
        origins=suggestion.origins,
        hearsay=_hearsay(suggestion, weighed.said_on(claim)),
        against=len(suggestion.against),
    )
    set_by = tuple(
        SetBy(each.assessment.status, each.by_key or "", each.assessment.reasoning)
        for each in weighed.set_for(claim)
    )
    return Ground(
        bearing.id, bearing.bears, known.by_key or "", known.recorded_at, bearing.reasoning,
        claim, "proposition", strength_of(suggestion.status), weakest,
        suggestion.against, suggestion.reasons, set_by,
    )  # fmt: skip


def _hearsay(suggestion: Suggestion, said: Sequence[Assertion]) -> int:
    """Return through how many others it came, of those who affirm it with the fewest."""
    standing = set(suggestion.for_)
    return min((each.hearsay for each in said if each.id in standing), default=0)


@dataclass(frozen=True, slots=True)
class Links:
    """Stated relations as one view and one day find them."""

    connection: Connection
    view: View
    day: int | None

    def ground(self, known: Known, bearing: Bearing, relation: Relation) -> Ground:
        """Return what a stated relation carries on the day of the incident."""
        day = self.day if relation.relation in OF_THE_DAY else None
        rows = self._rows(relation, day)
        # What a denial denies is affirmed by others, and the other way round.
        own = relation.polarity == "denies"
        alike = [row for row in rows if row.denies == own]
        strength, weakest = self._strength(relation, alike, day)
        against = tuple(sorted(row.id for row in rows if row.denies != own and _stands(row)))
        if against and strength != NOTHING:
            strength = CONTESTED
        shown = Weakest(
            "link", weakest.key, weakest.origins, weakest.gap, weakest.side, against=len(against)
        )
        return Ground(
            bearing.id, bearing.bears, known.by_key or "", known.recorded_at, bearing.reasoning,
            relation.id, "relation", strength, shown, against,
        )  # fmt: skip

    def _rows(self, relation: Relation, day: int | None) -> list[Row]:
        if day is None:
            bounds = bounds_of(relation.valid) if relation.valid else None
            day = (bounds.s_min or bounds.e_max) if bounds else None
        reader = Reader(self.connection, self.view, day or 1, LIMIT)
        return reader.between(relation.relation, relation.a, relation.b)

    def _strength(
        self, relation: Relation, rows: Iterable[Row], day: int | None
    ) -> tuple[str, Weakest]:
        if relation.machine:
            return NOTHING, Weakest("link", BY_MACHINE)
        standing = [row for row in rows if _counts(row)]
        if not standing:
            return NOTHING, Weakest("link", NOT_THEN)
        best = min(standing, key=_order)
        sources = {s for row in standing if _same(row, best) for s in stating(row, "")}
        seen = read_sources(self.connection, self.view, sources)
        parents = read_parents(self.connection, self.view, seen)
        # Whence a withheld source has it may not be told, so it adds to no other.
        origins = independent(seen, parents) or (1 if sources else 0)
        how = best.standing if day is not None else None
        shown = (how.word, origins, how.gap, how.side) if how else (STATED, origins)
        if not origins:
            return NOTHING, Weakest("link", UNCITED)
        return CORROBORATED if origins >= ENOUGH_ORIGINS else SINGLE, Weakest("link", *shown)


def chart_of(answer: Answer, suspect: str) -> Chart | None:
    """Return what the chains of command say of a suspect; nothing where none ends with them."""
    numbers = [n for n, c in enumerate(answer.chains) if answer.links[c.links[-1]].a == suspect]
    if not numbers:
        return None
    # Chains come weakest first: the last of somebody's is the strongest.
    chain = answer.chains[numbers[-1]]
    place = chain.links[chain.weakest]
    link = answer.links[place]
    weakest = Weakest(
        "command", link.standing, link.origins, link.gap, link.side, against=len(link.against)
    )
    return Chart(len(numbers), numbers[-1], place, _chain_strength(answer, chain), weakest)


def _chain_strength(answer: Answer, chain: Chain) -> str:
    """Return what a chain carries: no more than any of its links."""
    links = [answer.links[n] for n in chain.links]
    if any(not link.origins for link in links):
        return NOTHING
    if any(link.against for link in links):
        return CONTESTED
    fewest = min(link.origins for link in links)
    return CORROBORATED if fewest >= ENOUGH_ORIGINS else SINGLE


def _counts(row: Row) -> bool:
    """Whether a statement was made by a person, and held on the day or not far from it."""
    made = row.relation is not None and not row.relation.machine
    return made and is_near(row.standing, LIMIT)


def _stands(row: Row) -> bool:
    return row.standing is not None and row.standing.word in SURE


def _order(row: Row) -> tuple[int, int, str]:
    standing = row.standing
    return (standing.rank, standing.gap, row.id) if standing else (99, 0, row.id)


def _same(row: Row, best: Row) -> bool:
    """Whether a statement stands as well as the best; what is inferred lends it nothing."""
    return _order(row)[0] == _order(best)[0]
