"""Two count persons in a clip blind; what both marked stands, the rest a third decides."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.describe.describing_bureau import Office, blind, done, mark, open_office
from dalil.casebook.counting.figures import MEETING, figures_in, groups_of, likeness
from dalil.casebook.counting.reconciled import Reconciled, reconciled
from dalil.casebook.counting.written import write_down
from dalil.casebook.index.view import view_of
from dalil.casebook.record.count import Interval
from dalil.casebook.record.describing import Annotation, Decision, Round
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Appearance, Victim
from dalil.casebook.victims.counted import Scope
from dalil.casebook.victims.counted import counted as persons_in
from dalil.errors import RecordRefused
from dalil.ledger.keyring import Signer

SEALED = view_of("sealed")
# Seconds; it took ten while each two marks were compared as fractions.
LONGEST = 2.0


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def box(x: int, y: int = 10) -> dict[str, int]:
    return {"x": x, "y": y, "w": 40, "h": 90}


def person(round_: Round, by: Signer, label: str, x: int, start: int = 0) -> Annotation:
    told = {"round": round_.id, "annotator": by.person_id, "label": label, "box": box(x)}
    return mark(start, start + 2000, **told)


def two_counts(office: Office) -> Round:
    """Both mark two persons, under labels of their own; Idris marks a third, far to the right."""
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    of_rima = [person(round_, office.rima, "1", 100), person(round_, office.rima, "2", 300)]
    of_idris = [
        person(round_, office.idris, "2", 105, 500),
        person(round_, office.idris, "1", 296, 500),
        person(round_, office.idris, "3", 700, 900),
    ]
    office.write(office.rima, *of_rima)
    office.write(office.idris, *of_idris)
    office.write(office.rima, done(round_, office.rima))
    office.write(office.idris, done(round_, office.idris))
    return round_


def counted(office: Office, round_: Round) -> Reconciled:
    return reconciled(office.casebook, round_.id, "deeds", SEALED)


def decision(round_: Round, between: tuple[str, ...], accepts: str | None) -> Decision:
    return Decision(
        id=new_id(), round=round_.id, lane="deeds", pts_start=0, pts_end=2000, timebase="1/1000",
        reasoning="seen again at half speed", between=between, accepts=accepts,
    )  # fmt: skip


def test_labels_of_two_counters_say_nothing_and_boxes_do(office: Office) -> None:
    found = counted(office, two_counts(office))
    assert dict(found.totals) == {office.rima.person_id: 2, office.idris.person_id: 3}
    assert (found.met, found.groups, found.shared) == (2, 3, Fraction(2, 3))
    assert [{f.label for f in each.group.figures} for each in found.persons] == [{"1", "2"}] * 2
    assert [each.group.figures[0].label for each in found.open] == ["3"]


def test_nothing_is_compared_before_both_have_submitted(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    office.write(office.rima, person(round_, office.rima, "1", 100), done(round_, office.rima))
    with pytest.raises(RecordRefused, match="1 of 2"):
        counted(office, round_)


def test_a_third_decides_whether_somebody_counts_and_the_last_word_holds(office: Office) -> None:
    round_ = two_counts(office)
    (lone,) = counted(office, round_).open[0].group.marks
    office.write(office.layla, decision(round_, (lone.id,), None))
    assert len(counted(office, round_).persons) == 2
    assert not counted(office, round_).open
    office.write(office.layla, decision(round_, (lone.id,), lone.id))
    assert len(counted(office, round_).persons) == 3


def test_a_third_can_say_that_two_figures_are_one_person(office: Office) -> None:
    round_ = two_counts(office)
    found = counted(office, round_)
    lone, other = found.open[0].group.marks[0], found.persons[0].group.marks[0]
    office.write(office.layla, decision(round_, (lone.id, other.id), other.id))
    assert len(counted(office, round_).persons) == 2


def test_who_counts_becomes_a_victim_without_a_name_and_only_once(office: Office) -> None:
    round_ = two_counts(office)
    with pytest.raises(RecordRefused, match="differences still"):
        write_down(office.casebook, counted(office, round_), office.salma)
    (lone,) = counted(office, round_).open[0].group.marks
    office.write(office.layla, decision(round_, (lone.id,), None))
    write_down(office.casebook, counted(office, round_), office.salma)
    victims = [each.record for each in office.casebook.find(Victim, SEALED)]
    assert [v.label for v in victims if isinstance(v, Victim)] == ["person 1", "person 2"]
    places = [each.record for each in office.casebook.find(Appearance, SEALED)]
    assert {p.item for p in places if isinstance(p, Appearance)} == {round_.item}
    with pytest.raises(RecordRefused, match="nobody"):
        write_down(office.casebook, counted(office, round_), office.salma)
    office.write(office.layla, decision(round_, (lone.id,), lone.id))
    write_down(office.casebook, counted(office, round_), office.salma)
    labels = [getattr(e.record, "label", "") for e in office.casebook.find(Victim, SEALED)]
    assert labels == ["person 1", "person 2", "person 3"]


def write_persons(office: Office, round_: Round) -> None:
    write_down(office.casebook, counted(office, round_), office.salma)


def test_where_any_counter_saw_somebody_is_written(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    office.write(office.salma, round_)
    office.write(office.rima, person(round_, office.rima, "1", 100))
    both = (person(round_, office.idris, "1", 100), person(round_, office.idris, "1", 400, 9000))
    office.write(office.idris, *both)
    office.write(office.rima, done(round_, office.rima))
    office.write(office.idris, done(round_, office.idris))
    write_persons(office, round_)
    places = [each.record for each in office.casebook.find(Appearance, SEALED)]
    assert {p.pts_start for p in places if isinstance(p, Appearance)} == {0, 9000}
    assert len({p.victim for p in places if isinstance(p, Appearance)}) == 1


@pytest.mark.parametrize("first", [False, True])
def test_whoever_was_written_and_is_then_taken_for_another_counts_once(
    office: Office,
    first: bool,  # noqa: FBT001 - whether they counted before
) -> None:
    round_ = two_counts(office)
    found = counted(office, round_)
    (lone,), other = found.open[0].group.marks, found.persons[0].group.marks[0]
    office.write(office.layla, decision(round_, (lone.id,), lone.id if first else None))
    write_persons(office, round_)
    office.write(office.layla, decision(round_, (lone.id, other.id), other.id))
    write_persons(office, round_)
    assert persons_in(office.casebook, Scope("item", round_.item), SEALED).persons == Interval(2, 2)
    labels = [getattr(e.record, "label", "") for e in office.casebook.find(Victim, SEALED)]
    assert labels == ["person 1", "person 2", "person 3"][: 2 + first]
    with pytest.raises(RecordRefused, match="nobody"):
        write_persons(office, round_)


def test_a_later_word_on_one_of_two_takes_apart_what_was_taken_for_one(office: Office) -> None:
    round_ = two_counts(office)
    found = counted(office, round_)
    (lone,), other = found.open[0].group.marks, found.persons[0].group.marks[0]
    office.write(office.layla, decision(round_, (lone.id, other.id), other.id))
    office.write(office.layla, decision(round_, (lone.id,), None))
    again = counted(office, round_)
    assert [each.counts for each in again.outcomes].count(True) == 2
    assert not again.open


def test_a_mark_without_a_box_meets_nobody() -> None:
    a, b = mark(0, 1000, box=box(5), label="1"), mark(0, 1000, label="1")
    assert likeness(a, b) == 0
    assert likeness(a, replace(b, box=box(5))) == 1
    assert likeness(a, replace(b, box=box(5), pts_start=1001, pts_end=1500)) == 0


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.integers(0, 40)), max_size=12),
    st.integers(0, 9),
)
def test_what_is_taken_for_one_does_not_hang_on_the_order(
    drawn: list[tuple[int, int, int]], seed: int
) -> None:
    marks = [
        mark(0, 1000, annotator=str(who), round="0" * 32, label=str(n), box=box(x, y))
        for n, (who, x, y) in enumerate(drawn)
    ]
    shuffled = random.Random(seed).sample(marks, len(marks))
    groups = groups_of(figures_in(marks))
    assert groups_of(figures_in(shuffled)) == groups
    assert all(len({f.counter for f in g.figures}) == len(g.figures) for g in groups)
    assert sum(len(g.figures) for g in groups) == len(marks)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1), st.integers(0, 60), st.integers(0, 9), st.integers(0, 4),
            st.sampled_from(["1/1000", "1/3", "1001/30000"]),
        ),
        max_size=10,
    )
)  # fmt: skip
def test_two_figures_are_laid_together_only_where_marks_of_theirs_are_alike(
    drawn: list[tuple[int, int, int, int, str]],
) -> None:
    marks = [
        mark(
            at, at + long, annotator=str(who), round="0" * 32, label=str(n), box=box(x), timebase=t
        )
        for n, (who, x, at, long, t) in enumerate(drawn)
    ]
    groups = groups_of(figures_in(marks))
    for group in (each for each in groups if len(each.figures) > 1):
        assert likeness(*group.marks) >= MEETING
    alone = [group.marks[0] for group in groups if len(group.figures) == 1]
    for a, b in combinations(alone, 2):
        assert a.annotator == b.annotator or likeness(a, b) < MEETING


def test_many_marks_of_a_crowd_are_compared_at_once() -> None:
    marks = [
        mark(at, at + 900, annotator=who, round="0" * 32, label=str(n), box=box(n * 10))
        for who in "ab" for n in range(40) for at in range(0, 12000, 1000)
    ]  # fmt: skip
    began = perf_counter()
    groups = groups_of(figures_in(marks))
    assert perf_counter() - began < LONGEST
    assert [len(group.figures) for group in groups] == [2] * 40
