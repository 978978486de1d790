"""Linking in the casebook: what is compared, on whose view, and where it is kept."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.victims.listing import (
    BROTHER,
    CASE,
    OTHER,
    RED,
    SALIM,
    SALIM_TOO,
    UNNAMED,
    everybody,
    list_named,
    victim,
)
from dalil.casebook.index.view import SEES, view_of
from dalil.casebook.record.form import id_for
from dalil.casebook.record.things import Name
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.remarks import names_that_meet
from dalil.casebook.victims.candidates import Candidates, folder_of, keep
from dalil.casebook.victims.judged import Judging, judge
from dalil.casebook.victims.linking import link
from dalil.casebook.victims.queue import candidates_of, queue
from dalil.match.persons.row import About, Candidate, Reason

VIEW, ALL = view_of("restricted"), view_of("sealed")
WHY = (Reason(About.NAME, "alike", 9.5), Reason(About.SEX, "other", -4.25))


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    """Return an archive with two lists."""
    made = open_bureau(tmp_path)
    made.casebook.write(everybody(), made.signer)
    return made


def pairs(bureau: Bureau, see: str = "restricted") -> list[Candidate]:
    """Return what is kept, in order."""
    return list(Candidates.open(bureau.archive, SEES[see]).in_order())


def test_linking_finds_one_person_across_scripts_and_calls_a_sibling_a_sibling(
    bureau: Bureau,
) -> None:
    linked = link(bureau.casebook, VIEW)
    assert (linked.compared, linked.see) == (4, "restricted")
    one = pairs(bureau)[0]
    assert {one.a, one.b} == {SALIM.id, SALIM_TOO.id}
    assert one.suggested
    sibling = Candidates.open(bureau.archive, VIEW.clearance).of_pair(SALIM.id, BROTHER.id)
    assert sibling is not None
    assert sibling.reasons[0].level == "lineage"
    assert not sibling.suggested
    assert not [each for each in folder_of(bureau.archive).iterdir() if each.is_dir()]


def test_what_is_sealed_is_compared_with_nothing_for_whoever_may_not_see_it(
    bureau: Bureau,
) -> None:
    link(bureau.casebook, VIEW)
    before = pairs(bureau)
    secret = list_named("secret", see="sealed")
    twin = victim(secret, "1", *(each["form"] for each in SALIM.names), see="sealed", sex="male")
    form = Name(
        id=id_for("name", "1"), case=CASE, entity=OTHER.id, form="سليم يوسف منصور الحلاق",
        see="sealed",
    )  # fmt: skip
    bureau.casebook.write([secret, twin, form], bureau.signer)
    link(bureau.casebook, VIEW)
    assert pairs(bureau) == before
    assert link(bureau.casebook, ALL).compared == 5
    assert twin.id in {id_ for each in pairs(bureau, "sealed") for id_ in (each.a, each.b)}
    assert pairs(bureau) == before
    assert list(queue(bureau.casebook, VIEW, 9).waiting) == before


def test_who_is_sealed_after_linking_is_shown_to_nobody_below(bureau: Bureau) -> None:
    keep(bureau.archive, "restricted", [found(SALIM.id, SALIM_TOO.id)], lambda: 4)
    assert len(queue(bureau.casebook, VIEW, 9).waiting) == 1
    hidden = replace(SALIM_TOO, see="sealed", revises=1)
    bureau.casebook.write([hidden], bureau.signer)
    assert queue(bureau.casebook, VIEW, 9).waiting == ()
    assert candidates_of(bureau.casebook, VIEW, SALIM.id) == ()
    assert len(queue(bureau.casebook, ALL, 9).waiting) == 1


def found(a: str, b: str, bits: float = 3.0, rank: int = 1) -> Candidate:
    """Return a candidate."""
    a, b = sorted((a, b))
    return Candidate(a, b, bits, WHY, bits > 1, rank, rank)


def test_pairs_come_back_as_they_were_kept_the_likeliest_first(tmp_path: Path) -> None:
    ids = [id_for("victim", str(n)) for n in range(40)]
    made = [found(a, b, (n * 7 % 13) / 2) for n, (a, b) in enumerate(pairwise(ids))]
    many = [found(ids[0], id_for("more", str(n)), -float(n % 3)) for n in range(1200)]
    keep(tmp_path, "open", [*made, *many], lambda: 40)
    read = list(Candidates.open(tmp_path, 0).in_order())
    assert read == sorted([*made, *many], key=lambda each: (-each.bits, each.a, each.b))
    assert Candidates.open(tmp_path, 0).of_pair(ids[1], ids[0]) == made[0]
    assert Candidates.open(tmp_path, 0).linked.pairs == len(read)


def test_of_one_victim_only_its_own_ten_are_shown(tmp_path: Path) -> None:
    many = [found(SALIM.id, id_for("victim", str(n)), -float(n), n + 1) for n in range(14)]
    keep(tmp_path, "restricted", many, lambda: 15)
    assert list(Candidates.open(tmp_path, 1).of(SALIM.id)) == many[:10]


def test_a_run_that_is_cut_short_leaves_the_last_one(tmp_path: Path) -> None:
    keep(tmp_path, "restricted", [found(SALIM.id, OTHER.id)], lambda: 2)

    def cut() -> list[Candidate]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path, "restricted", (each for each in cut()), lambda: 0)
    assert len(list(Candidates.open(tmp_path, 1).in_order())) == 1
    assert [each.name for each in folder_of(tmp_path).iterdir() if each.is_dir()] == []


def test_what_a_killed_run_left_goes_a_day_later_and_not_before(tmp_path: Path) -> None:
    old, young = (folder_of(tmp_path) / name for name in ("run-old", "run-young"))
    for each in (old, young):
        each.mkdir(parents=True)
    os.utime(old, (0, 0))
    keep(tmp_path, "restricted", [], lambda: 0)
    assert (old.exists(), young.exists()) == (False, True)


def test_two_runs_at_once_keep_what_either_found_whole(tmp_path: Path) -> None:
    def with_another() -> Iterator[Candidate]:
        yield found(SALIM.id, OTHER.id, 1.0)
        keep(tmp_path, "restricted", [found(SALIM.id, BROTHER.id, 2.0)], lambda: 2)
        yield found(OTHER.id, BROTHER.id, 3.0)

    keep(tmp_path, "restricted", with_another(), lambda: 3)
    kept = Candidates.open(tmp_path, 1)
    assert [each.bits for each in kept.in_order()] == [3.0, 1.0]
    assert kept.linked.compared == 3


def test_what_another_method_found_or_a_broken_file_reads_as_nothing(tmp_path: Path) -> None:
    keep(tmp_path, "restricted", [found(SALIM.id, OTHER.id)], lambda: 2)
    path = folder_of(tmp_path) / "restricted.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("UPDATE state SET value = 'older' WHERE name = 'version'")
    connection.commit()
    connection.close()
    assert Candidates.open(tmp_path, 1).linked.at == ""
    path.write_bytes(b"no database at all" * 99)
    assert list(Candidates.open(tmp_path, 2).in_order()) == []


def test_whoever_has_no_name_or_was_withdrawn_is_not_compared(bureau: Bureau) -> None:
    gone = replace(BROTHER, withdrawn="entered twice", revises=1)
    bureau.casebook.write([gone], bureau.signer)
    assert link(bureau.casebook, VIEW).compared == 3
    told = {id_ for each in pairs(bureau) for id_ in (each.a, each.b)}
    assert not told & {UNNAMED.id, BROTHER.id}
    assert RED.id not in told


def test_the_report_of_a_case_leaves_victims_to_linking(bureau: Bureau) -> None:
    judge(bureau.casebook, bureau.signer, Judging(SALIM.id, OTHER.id, "different", "sexes"), VIEW)
    assert names_that_meet(open_desk(bureau.casebook, VIEW), CASE) == ()
