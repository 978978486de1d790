"""What shows a victim goes to the public only once the family has answered."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import clips
from dalil.casebook.casebook import Casebook
from dalil.casebook.families.release import demand_families_answered
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.things import Judgement
from dalil.casebook.record.victims import Appearance, Notification, Recognition, Victim
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import redact, still
from dalil.disclose.position import parse_position
from dalil.disclose.publish import Published
from dalil.errors import FamilyNotAnswered
from dalil.ledger.ledger import Ledger
from disclose.evidence_room import COURT, PUBLIC, Room, open_room, seal_clip

NAME = "عادل بدران"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    clips.draw(tmp_path / "drawn.mp4", 4)
    signer = open_room(tmp_path / "archive")
    item = seal_clip(tmp_path / "archive", signer, tmp_path / "drawn.mp4")
    return Room(tmp_path / "archive", signer, item, tmp_path / "drawn.mp4")


@pytest.fixture
def seen(room: Room) -> Victim:
    """Somebody without a name, seen from second 2 to 3."""
    victim = Victim(id=new_id(), unidentified=True, label="person 3", see="sealed")
    place = Appearance(
        id=new_id(), victim=victim.id, item=room.item, pts_start=2, pts_end=3, timebase="1/1"
    )
    wrote(room, victim, place)
    return victim


def wrote(room: Room, *records: Record) -> None:
    Casebook.open(room.archive).write(records, room.signer)


def answered(victim: Victim, answer: str, on: str, item: str | None = None) -> Notification:
    return Notification(
        id=new_id(), see="sealed", victim=victim.id, what="release", to="F-1", relation="sister",
        by="Salma", on=on, answer=answer, item=item,
    )  # fmt: skip


def held(room: Room, begin: float | None = None, end: float | None = None) -> bool:
    nanos = [None if each is None else int(each * 10**9) for each in (begin, end)]
    try:
        demand_families_answered(Casebook.open(room.archive), room.item, *nanos)
    except FamilyNotAnswered:
        return True
    return False


def test_no_part_that_shows_a_victim_goes_to_the_public_before_the_family_answers(
    room: Room, seen: Victim, tmp_path: Path
) -> None:
    begin, end = parse_position("2.2"), parse_position("2.6")
    count = Ledger.open(room.archive).store.count()
    calls: tuple[Callable[[], Published], ...] = (
        lambda: excerpt(room.archive, room.item, begin, end, PUBLIC, room.signer, tmp_path / "a"),
        lambda: redact(
            room.archive, room.item, begin, end, [], PUBLIC, room.signer, tmp_path / "b"
        ),
        lambda: still(room.archive, room.item, begin, [], PUBLIC, room.signer, tmp_path / "c"),
    )
    for call in calls:
        with pytest.raises(FamilyNotAnswered) as refused:
            call()
        assert "1 of 1" in str(refused.value)
        assert seen.id not in str(refused.value)
    assert Ledger.open(room.archive).store.count() == count
    assert not [each for each in tmp_path.iterdir() if each.name in {"a", "b", "c"}]
    wrote(room, answered(seen, "agrees", "2026-03-01"))
    assert calls[0]().files


def test_a_court_waits_for_no_family(room: Room, seen: Victim, tmp_path: Path) -> None:
    assert held(room)
    begin, end = parse_position("2.2"), parse_position("2.6")
    assert excerpt(room.archive, room.item, begin, end, COURT, room.signer, tmp_path / "a").files
    assert seen.id


def test_only_the_stretch_in_which_somebody_is_seen_waits(room: Room, seen: Victim) -> None:
    assert held(room, 2.5, 4)
    assert not held(room, 0, 1)
    assert seen.id


def test_the_latest_answer_counts_and_an_answer_on_other_footage_does_not(
    room: Room, seen: Victim
) -> None:
    wrote(room, answered(seen, "agrees", "2026-03-01", item="0" * 32))
    assert held(room)
    yes = answered(seen, "agrees", "2026-03-01", item=room.item)
    wrote(room, yes)
    assert not held(room)
    no = answered(seen, "declines", "2026-04-01")
    wrote(room, no)
    assert held(room)
    wrote(room, replace(no, revises=1, withdrawn="written by mistake"))
    assert not held(room)


def test_a_family_that_was_sought_and_not_found_does_not_hold_back_for_ever(
    room: Room, seen: Victim
) -> None:
    asked = answered(seen, "not_found", "2026-03-01")
    wrote(room, replace(asked, what="family_sought", to=None, relation=None))
    assert not held(room)
    wrote(room, answered(seen, "no_answer", "2026-05-01"))
    assert held(room)


def test_a_recognition_by_sight_asks_the_family_of_whoever_was_recognised(
    room: Room, seen: Victim
) -> None:
    wrote(room, answered(seen, "agrees", "2026-03-01"))
    named = Victim(id=new_id(), names=({"form": NAME},))
    again = Victim(id=new_id(), names=({"form": NAME},))
    said = Recognition(
        id=new_id(), victim=seen.id, as_victim=named.id, grade="visual", by="F-2",
        relation="cousin", conditions="one still, shown alone",
    )  # fmt: skip
    same = Judgement(id=new_id(), a=named.id, b=again.id, verdict="same", reasoning="one number")
    wrote(room, named, again, said, same, answered(again, "asks_to_hold", "2026-06-01"))
    assert held(room)
    wrote(room, replace(said, revises=1, withdrawn="another man"))
    assert not held(room)
