"""A few claims weighed alone weigh what they weigh in the whole of their case."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import (
    OBTAINED,
    STATUSES,
    Assertion,
    Assessment,
    CountGroup,
    Proposition,
)
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.record.things import Entity
from dalil.casebook.weigh.weighing import Weighed, weigh, weigh_few
from dalil.errors import NoSuchThing

CASES = ("harbour", "quay")
SUBJECTS, SOURCES, ASKED, SAID = 12, 14, 60, 220
RELATIONS = ("shows", "supports", "undermines", "contradicts", "explains_away", "context")


def named(kind: str, number: int) -> str:
    """Return a fixed id."""
    return id_for("near", kind, str(number))


def book(rng: random.Random) -> Iterator[Record]:
    """Yield a casebook of two cases in which everything may hang together."""

    def see() -> str:
        return rng.choice(("open", "restricted", "restricted", "sealed"))

    for i in range(SUBJECTS):
        yield Entity(id=named("e", i), type="person", case=rng.choice(CASES))
    for i in range(SOURCES):
        day = rng.choice((None, "2013-04", "2022-10-28"))
        yield Source(id=named("s", i), type="journalism", published=day, see=see())
    for i in range(1, SOURCES):
        how = rng.choice(("version", "repeats", "based_on"))
        if rng.random() < 0.6:
            parent = named("s", rng.randrange(i))
            yield Derivation(id=named("d", i), child=named("s", i), parent=parent, how=how)
    for i in range(6):
        a, b = rng.sample(range(SUBJECTS), 2)
        yield Relation(id=named("r", i), relation="part_of", a=named("e", a), b=named("e", b))
    yield from asked(rng, see())
    yield from said(rng)


def asked(rng: random.Random, see: str) -> Iterator[Record]:
    """Yield counts, ranks of which one can hold, statements and questions."""
    for i in range(ASKED):
        given: dict[str, Any] = {"predicate": "where"}
        shape = rng.randrange(4)
        if shape == 0:
            given = {"predicate": "dead", "measure": rng.choice(("dead", "held"))}
            given |= {"scope": f"clip {rng.randrange(3)}"}
        elif shape == 1:
            given = {"predicate": "rank", "value": rng.choice("abc"), "functional": True}
        elif shape == 2:
            given = {"predicate": "said of", "value": f"statement {i}"}
        group = rng.choice((None, None, "Q1", "Q2"))
        yield Proposition(
            id=named("p", i),
            subject=named("e", rng.randrange(SUBJECTS)),
            case=rng.choice(CASES),
            group=group,
            valid=rng.choice((None, None, "2013-04", "2014")),
            see=see if rng.random() < 0.2 else "restricted",
            withdrawn="a slip" if rng.random() < 0.05 else None,
            **given,
        )


def said(rng: random.Random) -> Iterator[Record]:
    """Yield what is said on them, what it rests on, parts of counts, and statuses set."""
    for i in range(SAID):
        lo = rng.choice((None, 11, 24, 41, 41, 288))
        yield Assertion(
            id=named("a", i),
            proposition=named("p", rng.randrange(ASKED)),
            source=named("s", rng.randrange(SOURCES)),
            origin=rng.choice((None, named("s", rng.randrange(SOURCES)))),
            case=rng.choice(CASES),
            lo=lo,
            hi=lo,
            about=rng.random() < 0.1,
            asserted=rng.choice((None, "2013-05", "2022-05", "2022-10-28")),
            evidence_offered=rng.choice((None, "footage")),
            polarity=rng.choice(("affirms", "affirms", "affirms", "denies")),
            modality=rng.choice(("states", "states", "states", "retracts")),
            obtained_how=rng.choice(OBTAINED),
            machine=rng.random() < 0.05,
            see=rng.choice(("open", "restricted", "sealed")),
        )
    for i in range(40):
        one, other = rng.sample(range(SAID), 2)
        yield Evidence(
            id=named("v", i),
            assertion=named("a", one),
            by_assertion=named("a", other),
            relation=rng.choice(RELATIONS),
            case=rng.choice(CASES),
        )
    for i in range(10):
        by, on = named("s", rng.randrange(SOURCES)), named("a", rng.randrange(SAID))
        how = rng.choice(RELATIONS)
        yield Evidence(id=named("w", i), assertion=on, by_source=by, relation=how)
    for i in range(4):
        whole, *parts = (named("p", n) for n in rng.sample(range(ASKED), 3))
        members = tuple({"proposition": each} for each in parts)
        yield CountGroup(id=named("g", i), whole=whole, parts=members, how="complete")
    for i in range(20):
        status, on = rng.choice(STATUSES), named("p", rng.randrange(ASKED))
        yield Assessment(id=named("t", i), proposition=on, status=status, reasoning="so")


def told(of: Weighed, one: str) -> tuple[object, ...]:
    """Return all that weighing tells of one proposition."""
    counts = [each for each in of.counts if each.whole == one]
    families = [each for each in of.families if one in each.propositions]
    rest = (of.set_for(one), of.since(one), of.said_on(one), of.about(one))
    return (of.suggestion(one), counts, families, *rest)


@pytest.mark.parametrize("seed", range(4))
def test_a_claim_weighed_alone_is_told_as_in_its_case(tmp_path: Path, seed: int) -> None:
    bureau = open_bureau(tmp_path)
    bureau.casebook.write(list(book(random.Random(seed))), bureau.signer, "written for a test")
    day = 735_000
    views = (View(2), View(1), View(0), View(1, said_by=day), View(1, on=day - 50))
    alone = 0
    for view in views:
        for case in CASES:
            whole = weigh(bureau.casebook, view, case=case)
            own = [each.proposition for each in whole.suggestions]
            own = [each for each in own if whole.about(each).case == case]
            for one in own[::3]:
                few = weigh_few(bureau.casebook, view, [one])
                assert told(few, one) == told(whole, one)
                alone += len(few.matter.propositions) < len(whole.matter.propositions)
            page = weigh_few(bureau.casebook, view, own[:7])
            for one in own[:7]:
                assert told(page, one) == told(whole, one)
    assert alone > 50


def test_what_may_not_be_seen_is_not_weighed(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    person = Entity(id=named("e", 1), type="person")
    asked = Proposition(id=named("p", 1), subject=person.id, predicate="rank", see="sealed")
    bureau.casebook.write([person, asked], bureau.signer)
    few = weigh_few(bureau.casebook, View(1), [asked.id])
    assert few.suggestions == ()
    with pytest.raises(NoSuchThing):
        few.suggestion(asked.id)
