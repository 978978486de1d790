"""What judgements do to persons, whatever comes in whatever order; and that taking back undoes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from casebook.history import FEW
from casebook.victims.listing import BLUE, RED, list_named, victim
from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.things import Judgement
from dalil.casebook.report.paged.thing import show_thing
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.victims.candidates import keep
from dalil.casebook.victims.judged import (
    DIFFERENT,
    SAME,
    UNSURE,
    WITHDRAWN,
    Judging,
    Pair,
    judge,
    pair_of,
)
from dalil.casebook.victims.listed import Wanted, count_listed, listed
from dalil.casebook.victims.queue import candidates_of, pairing, queue
from dalil.casebook.victims.resolved import people_among, people_of, person_of
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost, Signer, unlock
from dalil.match.persons.row import About, Candidate, Reason

VIEW = view_of("restricted")
WHO = [victim(RED if n % 2 else BLUE, str(n), f"Yusuf {n}", sex="male") for n in range(4)]
PAIRS: list[Pair] = [pair_of(a.id, b.id) for a, b in combinations(WHO, 2)]
SAID = st.tuples(
    st.sampled_from(range(2)), st.sampled_from(PAIRS), st.sampled_from([SAME, DIFFERENT, UNSURE])
)
Saying = tuple[int, Pair, str]
REASON = "Regenpfeifer"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return an archive with four victims, six candidates, and two who may judge."""
    bureau = open_bureau(tmp_path_factory.mktemp("laws"))
    bureau.casebook.write([RED, BLUE, *WHO], bureau.signer)
    people.add(
        bureau.casebook.ledger, bureau.signer, "Idris", "investigator", b"two", ScryptCost(2)
    )
    reason = (Reason(About.NAME, "alike", 5.0),)
    found = [Candidate(a, b, 9.0 - n, reason, n == 0, 1, 1) for n, (a, b) in enumerate(PAIRS)]
    keep(bureau.archive, "restricted", found, lambda: len(WHO))
    return bureau


@contextmanager
def copied(founded: Bureau) -> Iterator[tuple[Casebook, list[Signer]]]:
    """Yield a copy of the archive, and both who judge."""
    with tempfile.TemporaryDirectory() as place:
        archive = Path(place) / "archive"
        shutil.copytree(founded.archive, archive)
        idris = unlock(archive, b"two", "Idris")
        yield Casebook.open(archive), [founded.signer, idris]


def say(casebook: Casebook, signer: Signer, pair: Pair, verdict: str) -> None:
    """Judge a pair."""
    judge(casebook, signer, Judging(*pair, verdict, REASON), VIEW)


def answers(casebook: Casebook, view: View = VIEW) -> list[object]:
    """Return everything that is told of victims, but for the log."""
    ids = [each.id for each in WHO]
    return [
        queue(casebook, view, 100),
        people_among(casebook, view),
        list(people_of(casebook, view)),
        [person_of(casebook, each, view) for each in ids],
        [candidates_of(casebook, view, each) for each in ids],
        [pairing(casebook, view, *pair) for pair in PAIRS[:3]],
        [show_thing(casebook, view, each, 0, 9).judgements for each in ids[:2]],
        listed(casebook, view, Wanted(name="Yusuf"), 0, 9),
        count_listed(casebook, view, Wanted()),
        search(casebook, Query(REASON), view),
    ]


@FEW
@given(said=st.lists(SAID, max_size=3), one=SAID)
def test_an_undone_judgement_leaves_no_trace_in_any_answer_but_one_in_the_log(
    founded: Bureau, said: list[Saying], one: Saying
) -> None:
    who, pair, verdict = one
    with copied(founded) as (casebook, signers):
        for by, about, word in said:
            if (by, about) != (who, pair):
                say(casebook, signers[by], about, word)
        before, acts = answers(casebook), casebook.ledger.store.count()
        say(casebook, signers[who], pair, verdict)
        assert answers(casebook) != before
        say(casebook, signers[who], pair, WITHDRAWN)
        assert answers(casebook) == before
        assert casebook.ledger.store.count() == acts + 2
        casebook.rebuild()
        assert answers(casebook) == before


@FEW
@given(said=st.lists(SAID, min_size=1, max_size=5, unique_by=lambda e: e[:2]), data=st.data())
def test_who_is_one_person_does_not_hang_on_the_order_of_judgements(
    founded: Bureau, said: list[Saying], data: st.DataObject
) -> None:
    told = []
    for order in (said, data.draw(st.permutations(said))):
        with copied(founded) as (casebook, signers):
            for by, about, word in order:
                say(casebook, signers[by], about, word)
            told.append((people_among(casebook, VIEW), contradictions(casebook)))
    assert told[0] == told[1]
    assert set(told[0][0].items()) == set(components(said))


def contradictions(casebook: Casebook) -> set[tuple[str, tuple[Pair, ...]]]:
    """Return each person of whom somebody says that two of its records are two persons."""
    return {
        (each.id, tuple(sorted({one.pair for one in each.against})))
        for each in people_of(casebook, VIEW)
    }


def components(said: Sequence[Saying]) -> Iterator[tuple[str, str]]:
    """Yield each victim with the first of all that it hangs together with, the slow way."""
    near: dict[str, set[str]] = {}
    for _, (a, b), verdict in said:
        if verdict == SAME:
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    for victim_id in near:
        reached, waiting = {victim_id}, [victim_id]
        while waiting:
            new = near[waiting.pop()] - reached
            reached |= new
            waiting += new
        yield victim_id, min(reached)


def test_what_is_sealed_changes_nothing_for_whoever_may_not_see_it(founded: Bureau) -> None:
    with copied(founded) as (casebook, signers):
        say(casebook, signers[0], PAIRS[0], SAME)
        before = answers(casebook)
        secret = list_named("sealed list", see="sealed")
        hidden = victim(secret, "1", "Yusuf 1", sex="male", see="sealed")
        casebook.write([secret, hidden], signers[0])
        for each in WHO[:2]:
            said = Judging(hidden.id, each.id, SAME, "papers")
            judge(casebook, signers[0], said, view_of("sealed"))
        assert answers(casebook) == before
        assert hidden.id in person_of(casebook, WHO[0].id, view_of("sealed")).members


def test_what_a_machine_suggests_makes_nobody_one(founded: Bureau) -> None:
    with copied(founded) as (casebook, signers):
        before = answers(casebook)[:6]
        a, b = PAIRS[0]
        said = Judgement(id=new_id(), a=a, b=b, verdict="maybe-same", machine=True)
        casebook.write([said], signers[0])
        assert answers(casebook)[:6] == before


def test_what_was_known_on_a_day_is_told_as_it_was(founded: Bureau) -> None:
    with copied(founded) as (casebook, signers):
        say(casebook, signers[0], PAIRS[0], SAME)
        earlier = view_of(known_on="2020-01-01")
        assert people_among(casebook, earlier) == {}
        assert listed(casebook, earlier, Wanted(name="Yusuf"), 0, 9) == ()
        today = view_of(known_on=str(casebook.ledger.act(1).act.opened()["time"])[:10])
        assert len(listed(casebook, today, Wanted(name="Yusuf"), 0, 9)) == len(WHO)
        assert people_among(casebook, today) == people_among(casebook, VIEW) != {}
