"""What is written in a blind round nobody else reads until all are done, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.describe.describing_bureau import ITEM, Office, blind, done, mark, open_office
from casebook.history import FEW
from dalil.casebook import recording
from dalil.casebook.describe.exchange.carrying import carry_out
from dalil.casebook.describe.lanes import lanes
from dalil.casebook.describe.rounds import agreement, round_state
from dalil.casebook.incident.act_map import act_map
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Decision, Round, Submission
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.errors import NoSuchThing, RecordRefused
from dalil.ledger.keyring import Signer

ALL = View(2)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def of(round_: Round, by: Signer, start: int, end: int, **more: Any) -> Annotation:  # noqa: ANN401
    return mark(start, end, round=round_.id, annotator=by.person_id, **more)


def read_in(office: Office, view: View) -> set[str]:
    return {m.id for lane in lanes(office.casebook, ITEM, view).lanes for m in lane.marks}


def test_until_all_have_submitted_each_reads_only_their_own(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.layla, round_)
    hers = of(round_, office.rima, 0, 100, text_en="canarybird walks", severity=3)
    his = of(round_, office.idris, 50, 150, text_en="canarybird falls", severity=5)
    office.write(office.rima, hers)
    office.write(office.idris, his)
    assert read_in(office, office.seen_by(office.rima)) == {hers.id}
    assert read_in(office, office.seen_by(office.idris)) == {his.id}
    for view in (ALL, office.seen_by(office.salma), office.seen_by(office.layla)):
        assert read_in(office, view) == set()
        assert search(office.casebook, Query("canarybird"), view).total == 0
        with pytest.raises(NoSuchThing):
            office.casebook.get(hers.id, view)
        with pytest.raises(NoSuchThing):
            act_map(office.casebook, ITEM, view)
        assert not list(office.casebook.naming(round_.id, view, "annotation"))
        assert not list(office.casebook.find(Annotation, view))
    with pytest.raises(NoSuchThing):
        # What leaves, leaves without what is blind, even for whoever wrote it.
        carry_out(office.casebook, ITEM, "elan", office.seen_by(office.rima))
    office.write(office.rima, done(round_, office.rima))
    assert read_in(office, office.seen_by(office.idris)) == {his.id}
    assert round_state(office.casebook, round_.id, ALL).submitted == (office.rima.person_id,)
    with pytest.raises(RecordRefused, match="1 of 2"):
        agreement(office.casebook, round_.id, ALL)
    office.write(office.idris, done(round_, office.idris))
    for view in (ALL, office.seen_by(office.rima)):
        assert read_in(office, view) == {hers.id, his.id}
    assert search(office.casebook, Query("canarybird"), View(1)).total == 2
    assert act_map(office.casebook, ITEM, ALL).worst is not None


def test_then_its_own_class_holds_again(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    hidden = of(round_, office.rima, 0, 100, text_en="x", see="sealed")
    office.write(office.layla, round_)
    office.write(office.rima, hidden, done(round_, office.rima))
    assert read_in(office, office.seen_by(office.rima, 1)) == set()
    office.write(office.idris, done(round_, office.idris))
    assert read_in(office, View(1)) == set()
    assert read_in(office, View(2)) == {hidden.id}


def test_a_round_that_was_stopped_stays_blind_and_its_authors_take_their_work_out(
    office: Office,
) -> None:
    round_ = blind(office.rima, office.idris)
    hers = of(round_, office.rima, 0, 100, text_en="x")
    office.write(office.layla, round_)
    office.write(office.rima, hers)
    office.write(office.layla, replace(round_, state="stopped", revises=1))
    assert read_in(office, ALL) == set()
    out = replace(hers, round=None, annotator=None, revises=1)
    with pytest.raises(RecordRefused, match="round"):
        office.write(office.idris, out)
    office.write(office.rima, out)
    assert read_in(office, View(1)) == {hers.id}
    # What was blind stays blind: the earlier revision is not told to others.
    assert len(office.casebook.revisions(hers.id, ALL)) == 1
    assert len(office.casebook.revisions(hers.id, office.seen_by(office.rima))) == 2


REFUSED: dict[str, Callable[[Office, Round], tuple[Signer, Record]]] = {
    "another's name": lambda o, r: (o.idris, of(r, o.rima, 0, 9, text_en="x")),
    "somebody who is not in it": lambda o, r: (o.layla, of(r, o.layla, 0, 9, text_en="x")),
    "another lane": lambda o, r: (o.rima, replace(of(r, o.rima, 0, 9, text_en="x"), lane="sound")),
    "another item": lambda o, r: (o.rima, replace(of(r, o.rima, 0, 9, label="1"), item="b" * 32)),
    "submitting for another": lambda o, r: (o.idris, done(r, o.rima)),
    "submitting from outside": lambda o, r: (o.layla, done(r, o.layla)),
    "deciding before all are in": lambda o, r: (
        o.layla,
        Decision(
            id=new_id(), round=r.id, lane="deeds", pts_start=0, pts_end=1, timebase="1/1",
            reasoning="because",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_round_refuses(office: Office, what: str) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    signer, record = REFUSED[what](office, round_)
    with pytest.raises(RecordRefused):
        office.write(signer, record)


def test_after_submitting_nothing_of_ones_own_changes(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    hers = of(round_, office.rima, 0, 100, text_en="x")
    submitted = done(round_, office.rima)
    office.write(office.salma, round_)
    office.write(office.rima, hers)
    office.write(office.rima, submitted)
    for record in (
        replace(hers, text_en="y", revises=1),
        replace(hers, withdrawn="no", revises=1),
        of(round_, office.rima, 5, 6, text_en="more"),
        done(round_, office.rima),
    ):
        with pytest.raises(RecordRefused):
            office.write(office.rima, record)
    # As long as it is not done, a submission may be taken back.
    office.write(office.rima, replace(submitted, withdrawn="not yet", revises=1))
    office.write(office.rima, replace(hers, text_en="y", revises=1))
    office.write(office.rima, done(round_, office.rima))
    office.write(office.idris, last := done(round_, office.idris))
    with pytest.raises(RecordRefused):
        office.write(office.idris, replace(last, withdrawn="no", revises=1))
    for changed in (
        replace(round_, annotators=(*round_.annotators, office.layla.person_id), revises=1),
        replace(round_, state="stopped", revises=1),
        replace(round_, withdrawn="no", revises=1),
    ):
        with pytest.raises(RecordRefused):
            office.write(office.salma, changed)


def test_nobody_adds_what_was_seen_to_a_round_or_takes_it_out_to_be_seen(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    open_one, blind_one = mark(0, 5, text_en="x"), of(round_, office.rima, 0, 5, text_en="y")
    office.write(office.rima, open_one, blind_one)
    person = office.rima.person_id
    for moved in (
        replace(open_one, round=round_.id, annotator=person, revises=1),
        replace(blind_one, round=None, annotator=None, revises=1),
    ):
        with pytest.raises(RecordRefused, match="round"):
            office.write(office.rima, moved)


def test_an_import_ends_no_round(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    office.write(office.rima, of(round_, office.rima, 0, 5, text_en="y"))
    forged = [done(round_, office.rima), done(round_, office.idris)]
    with pytest.raises(RecordRefused, match="round"):
        office.casebook.bring_in("list", forged, office.idris)
    assert read_in(office, ALL) == set()


def test_a_third_decides_with_reasons_and_no_annotator_does(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    hers = of(round_, office.rima, 0, 100, term=office.terms["walk"].id)
    his = of(round_, office.idris, 0, 100, term=office.terms["fall"].id)
    office.write(office.salma, round_)
    office.write(office.rima, hers, done(round_, office.rima))
    office.write(office.idris, his, done(round_, office.idris))
    found = agreement(office.casebook, round_.id, ALL)
    assert found.undecided == 1
    [difference] = found.lanes[0].differences
    assert (difference.pts_start, difference.pts_end) == (0, 100)
    assert [each.annotations for each in difference.said] == [(hers.id,), (his.id,)]
    decision = Decision(
        id=new_id(), round=round_.id, lane="deeds", pts_start=0, pts_end=100, timebase="1/1000",
        between=(hers.id, his.id), accepts=his.id, reasoning="the knees give way at 40 ms",
    )  # fmt: skip
    with pytest.raises(RecordRefused, match="third"):
        office.write(office.rima, decision)
    stray = mark(0, 1, text_en="z")
    office.write(office.layla, stray)
    with pytest.raises(RecordRefused, match="between"):
        office.write(office.layla, replace(decision, between=(stray.id,), accepts=stray.id))
    office.write(office.layla, decision)
    assert agreement(office.casebook, round_.id, ALL).undecided == 0
    said = {m.id: m.decided for e in lanes(office.casebook, ITEM, ALL).lanes for m in e.marks}
    assert (said[hers.id], said[his.id]) == ("set-aside", "accepted")


def _history(office: Office, random: Random) -> list[tuple[Signer, list[Record]]]:
    """Return acts about two rounds, as a program without our rules could have written them."""
    people = [office.rima, office.idris]
    made = [blind(*people), blind(*people)]
    acts: list[tuple[Signer, list[Record]]] = [(office.layla, [each]) for each in made]
    latest: dict[str, Record] = {each.id: each for each in made}
    later: list[tuple[Signer, list[Record]]] = []
    for _ in range(random.randint(4, 9)):
        round_, by = random.choice(made), random.choice(people)
        record: Record = random.choice(
            (of(round_, by, 0, 5, text_en="x", see=random.choice(("open", "sealed"))),
             done(round_, by))
        )  # fmt: skip
        latest[record.id] = record
        later.append((by, [record]))
    for _ in range(random.randint(0, 4)):
        old = random.choice(list(latest.values()))
        revised = replace(old, revises=old.revises + 1, withdrawn=random.choice((None, "no")))
        if isinstance(revised, Round) and random.random() < 0.5:
            revised = replace(revised, state="stopped")
        latest[old.id] = revised
        later.append((office.layla, [revised]))
    return acts + later


@FEW
@given(st.integers(0, 2**32))
def test_blindness_follows_from_what_stands_and_not_from_the_order_of_acts(seed: int) -> None:
    with TemporaryDirectory() as folder:
        office = open_office(Path(folder))
        acts = _history(office, Random(seed))
        for by, records in acts:
            recording.write_act(office.casebook.ledger, records, by)
            if Random(seed).random() < 0.5:
                list(office.casebook.find(Round, ALL))
        latest = {each.id: each for _, records in acts for each in records}
        first_by = {records[0].id: by for by, records in reversed(acts)}
        submitted = {
            (each.round, each.annotator)
            for each in latest.values()
            if isinstance(each, Submission) and each.withdrawn is None
        }
        for id_, record in latest.items():
            if not isinstance(record, Annotation):
                continue
            round_ = latest[record.round or ""]
            assert isinstance(round_, Round)
            over = round_.state == "open" and round_.withdrawn is None
            over &= all((round_.id, each) in submitted for each in round_.annotators)
            for clearance in range(3):
                # The round that it names is restricted, and so is what was written in it.
                allowed = max(("open", "restricted", "sealed").index(record.see), 1) <= clearance
                found = {k.record.id for k in office.casebook.find(Annotation, View(clearance))}
                assert (id_ in found) == (over and allowed)
            if seed % 3 == 0:
                office.casebook.rebuild()
            # The author reads their own, as long as nobody else revised it.
            if record.revises == 0 and record.see == "open" and not over:
                view = office.seen_by(first_by[id_], 0)
                assert office.casebook.get(id_, view).record == record
