"""Persons are counted by who people say is one; what is stated stands beside, untouched."""

from dataclasses import replace
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.count import Interval
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Judgement
from dalil.casebook.record.victims import Appearance, Recognition, Victim
from dalil.casebook.victims.counted import Scope, counted, stated

CLIP, OTHER = "7" * 32, "8" * 32
SEALED = view_of("sealed")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def wrote(bureau: Bureau, *records: Record) -> None:
    bureau.casebook.write(list(records), bureau.signer)


def nameless(number: int, **more: str) -> Victim:
    return Victim(id=new_id(), unidentified=True, label=f"person {number}", **more)  # type: ignore[arg-type]


def seen(victim: Victim, item: str) -> Appearance:
    return Appearance(
        id=new_id(), victim=victim.id, item=item, pts_start=0, pts_end=9, timebase="1/25"
    )


def said(a: Victim, b: Victim, verdict: str) -> Judgement:
    return Judgement(id=new_id(), a=a.id, b=b.id, verdict=verdict, reasoning="a scar")


def recognised(victim: Victim, named: Victim, grade: str) -> Recognition:
    return Recognition(
        id=new_id(),
        victim=victim.id,
        as_victim=named.id,
        grade=grade,
        conditions="alone",
        method="two relatives, DNA",
    )


def numbers(bureau: Bureau, what: str, id_: str) -> tuple[Interval, Interval, Interval, int]:
    told = counted(bureau.casebook, Scope(what, id_), SEALED)
    return told.persons, told.known, told.unidentified, told.recognised


def exactly(number: int) -> Interval:
    return Interval(number, number)


def test_the_same_person_in_two_clips_counts_once_and_again_twice_when_taken_back(
    bureau: Bureau,
) -> None:
    one, two, other = (nameless(n, case="harbour") for n in (1, 2, 3))
    wrote(bureau, one, two, other, seen(one, CLIP), seen(two, OTHER), seen(other, CLIP))
    assert numbers(bureau, "case", "harbour")[0] == exactly(3)
    judged = said(one, two, "same")
    wrote(bureau, judged)
    assert numbers(bureau, "case", "harbour")[0] == exactly(2)
    assert numbers(bureau, "item", CLIP)[0] == exactly(2)
    wrote(bureau, replace(judged, revises=1, withdrawn="another scar"))
    assert numbers(bureau, "case", "harbour")[0] == exactly(3)


def test_where_people_disagree_the_count_is_a_range(bureau: Bureau) -> None:
    one, two = (nameless(n, case="harbour") for n in (1, 2))
    wrote(bureau, one, two, said(one, two, "same"), said(one, two, "different"))
    told = counted(bureau.casebook, Scope("case", "harbour"), SEALED)
    assert told.persons in {exactly(2), Interval(1, 2)}
    third = nameless(3, case="harbour")
    wrote(bureau, third, said(two, third, "same"), said(one, third, "same"))
    told = counted(bureau.casebook, Scope("case", "harbour"), SEALED)
    assert (told.persons, told.disputed) == (Interval(1, 3), 1)


@pytest.mark.parametrize(
    ("grade", "judged", "identified"),
    [("visual", False, 0), ("visual", True, 0), ("asserted", True, 0), ("circumstantial", False, 0),
     ("circumstantial", True, 1), ("scientific", False, 1)],
)  # fmt: skip
def test_recognition_by_sight_never_counts_as_identification(
    bureau: Bureau, grade: str, *, judged: bool, identified: int
) -> None:
    unknown, named = nameless(1), Victim(id=new_id(), names=({"form": "Salim Haddad"},))
    wrote(bureau, unknown, named, seen(unknown, CLIP), recognised(unknown, named, grade))
    if judged:
        wrote(bureau, said(unknown, named, "same"))
    persons, known, rest, sight = numbers(bureau, "item", CLIP)
    assert (persons, known) == (exactly(1), exactly(identified))
    assert rest == exactly(1 - identified)
    assert sight == 1 - identified


def test_whom_one_recognises_and_another_does_not_nobody_has_identified(bureau: Bureau) -> None:
    unknown, named = nameless(1), Victim(id=new_id(), names=({"form": "Salim Haddad"},))
    denied = replace(recognised(unknown, named, "visual"), polarity="denies")
    wrote(bureau, unknown, named, seen(unknown, CLIP), recognised(unknown, named, "scientific"))
    wrote(bureau, denied)
    assert numbers(bureau, "item", CLIP)[1:] == (exactly(0), exactly(1), 0)


def test_a_denial_counts_whichever_of_the_two_is_named_first(bureau: Bureau) -> None:
    known, one = Victim(id=new_id(), names=({"form": "سليم حداد"},)), nameless(1)
    denied = replace(recognised(known, one, "visual"), polarity="denies")
    wrote(bureau, known, one, seen(one, CLIP), recognised(one, known, "scientific"), denied)
    assert numbers(bureau, "item", CLIP)[1] == exactly(0)


def test_whoever_is_recognised_as_somebody_without_a_name_stays_unidentified(
    bureau: Bureau,
) -> None:
    one, other = nameless(1), nameless(2)
    wrote(bureau, one, other, seen(one, CLIP), recognised(one, other, "scientific"))
    assert numbers(bureau, "item", CLIP)[1:3] == (exactly(0), exactly(1))


def test_a_list_counts_the_named_and_the_nameless_apart_and_a_withdrawn_row_not_at_all(
    bureau: Bureau,
) -> None:
    source = Source(id=new_id(), type="list")
    rows = [Victim(id=new_id(), names=({"form": f"سليم {n}"},), source=source.id) for n in range(3)]
    wrote(bureau, source, *rows, nameless(9, source=source.id))
    assert numbers(bureau, "source", source.id)[:3] == (exactly(4), exactly(3), exactly(1))
    wrote(bureau, replace(rows[0], revises=1, withdrawn="entered by mistake"))
    assert numbers(bureau, "source", source.id)[:2] == (exactly(3), exactly(2))


def test_what_is_stated_stands_beside_with_its_own_scope_and_changes_nothing(
    bureau: Bureau,
) -> None:
    place = Entity(id=new_id(), type="place", names=({"form": "Marsa"},), case="harbour")
    source = Source(id=new_id(), type="journalism", case="harbour")
    asked = [
        Proposition(
            id=new_id(), case="harbour", subject=place.id, predicate="deaths", measure="deaths",
            scope=scope,
        )
        for scope in ("one clip", "27 clips")
    ]  # fmt: skip
    told = [
        Assertion(
            id=new_id(), case="harbour", proposition=one.id, source=source.id, lo=n, hi=n
        )
        for one, n in zip(asked, (41, 288), strict=True)
    ]  # fmt: skip
    wrote(bureau, place, source, *asked, *told, nameless(1, case="harbour"))
    found = stated(bureau.casebook, Scope("case", "harbour"), SEALED)
    assert [(each.scope, each.number) for each in found] == [
        ("27 clips", exactly(288)), ("one clip", exactly(41)),
    ]  # fmt: skip
    assert numbers(bureau, "case", "harbour")[0] == exactly(1)
