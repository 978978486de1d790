"""Who is seen in a stretch: whatever the clock, and of whichever copy it was said."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from dalil.casebook.casebook import Casebook
from dalil.casebook.families.release import families_of_item
from dalil.casebook.families.seen import seen_in
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.things import Entity, Judgement
from dalil.casebook.record.victims import Appearance, Notification, Recognition, Victim
from dalil.kernel.seal import NANO
from dalil.match.copies.judgement import Judging, judge
from dalil.match.found import SAME, SCENE, Found, Piece
from disclose.evidence_room import Room, open_room, seal_clip
from match.copies.drawn_families import lead

MILLI = 1_000_000
SEALED = view_of("sealed")
# When a picture is shown, in ms: the first at five seconds, and the second stands for four.
SHOWN = (5000, 5040, 9040, 9080, 9120)


def drawn(path: Path) -> Path:
    """Write a film of small grey pictures whose first time stamp is not zero."""
    tick = Fraction(1, 1000)
    with av.open(str(path), "w") as file:
        film = file.add_stream("mjpeg", rate=25)
        film.width, film.height, film.pix_fmt = 64, 48, "yuvj420p"
        film.time_base = film.codec_context.time_base = tick
        for number, at in enumerate(SHOWN):
            grey = np.full((48, 64, 3), 40 * number, np.uint8)
            image = av.VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuvj420p")
            image.pts, image.time_base = at, tick
            file.mux(film.encode(image))
        file.mux(film.encode(None))
    return path


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    folder = tmp_path_factory.mktemp("room")
    signer, clip = open_room(folder / "archive"), drawn(folder / "drawn.mkv")
    item = seal_clip(folder / "archive", signer, clip, tiles=False)
    return Room(folder / "archive", signer, item, clip)


@pytest.fixture
def copied(room: Room) -> Callable[[], str]:
    """Return how to take the same clip in once more, under an item of its own."""
    return lambda: seal_clip(room.archive, room.signer, room.original, tiles=False)


def wrote(room: Room, *records: Record) -> None:
    Casebook.open(room.archive).write(records, room.signer)


def somebody(room: Room) -> Victim:
    victim = Victim(id=new_id(), unidentified=True, label="person 3")
    wrote(room, victim)
    return victim


def named(room: Room) -> Victim:
    victim = Victim(id=new_id(), names=({"form": "عادل بدران"},))
    wrote(room, victim)
    return victim


def place(victim: Victim, item: str, start: int, end: int, tick: str = "1/1000") -> Appearance:
    return Appearance(
        id=new_id(), victim=victim.id, item=item, pts_start=start, pts_end=end, timebase=tick
    )


def seen(room: Room, item: str, begin: int, end: int) -> set[str]:
    """Return who is seen in a stretch, in ms since the first picture."""
    stretch = (begin * MILLI, end * MILLI)
    return set(seen_in(Casebook.open(room.archive), item, SEALED, stretch))


def test_time_is_counted_from_the_first_picture_of_a_film_that_does_not_begin_at_zero(
    room: Room,
) -> None:
    victim = somebody(room)
    wrote(room, place(victim, room.item, 9080, 9080))
    assert victim.id in seen(room, room.item, 4080, 4120)
    assert victim.id not in seen(room, room.item, 4120, 4160)
    assert victim.id not in seen(room, room.item, 9080, 9080)


def test_whoever_is_marked_while_a_picture_stands_still_is_seen_in_that_picture(room: Room) -> None:
    victim = somebody(room)
    wrote(room, place(victim, room.item, 7000, 7500))
    # A still of that picture says that it lasts 40 ms.
    assert victim.id in seen(room, room.item, 40, 80)
    assert victim.id not in seen(room, room.item, 0, 39)


def test_a_mark_on_a_coarser_clock_misses_no_picture(room: Room) -> None:
    victim = somebody(room)
    wrote(room, place(victim, room.item, 90, 90, "1/10"))
    assert victim.id in seen(room, room.item, 4080, 4080)


def test_a_place_without_a_time_is_all_of_the_item(room: Room) -> None:
    victim, known = somebody(room), named(room)
    where = {"item": room.item, "timebase": "1/1000"}
    said = Recognition(
        id=new_id(), victim=victim.id, as_victim=known.id, grade="visual", locator=where,
        conditions="one still, shown alone",
    )  # fmt: skip
    wrote(room, said)
    assert victim.id in seen(room, room.item, 0, 1)


def test_an_act_done_to_somebody_shows_them(room: Room) -> None:
    victim = somebody(room)
    act = Conduct(
        id=new_id(), act="struck", actor_label="a man", target=victim.id, item=room.item,
        pts_start=5000, pts_end=5040, timebase="1/1000",
    )  # fmt: skip
    wrote(room, act)
    assert victim.id in seen(room, room.item, 0, 40)
    assert victim.id not in seen(room, room.item, 4080, 4120)


def test_a_person_seen_who_was_judged_to_be_a_victim_is_seen_as_that_victim(room: Room) -> None:
    victim, person = named(room), Entity(id=new_id(), type="person", names=({"form": "عادل"},))
    at = {"item": room.item, "pts_start": 5000, "pts_end": 5040, "timebase": "1/1000"}
    there = Relation(
        id=new_id(), relation="identified_in", a=person.id, detail={"method": "gait"}, locator=at
    )
    wrote(room, person, there)
    assert victim.id not in seen(room, room.item, 0, 40)
    same = Judgement(id=new_id(), a=victim.id, b=person.id, verdict="same", reasoning="one number")
    wrote(room, same)
    assert victim.id in seen(room, room.item, 0, 40)
    wrote(room, replace(same, revises=1, withdrawn="another man"))
    assert victim.id not in seen(room, room.item, 0, 40)


def test_a_copy_shows_whom_the_other_shows(room: Room, copied: Callable[[], str]) -> None:
    other, victim = copied(), somebody(room)
    wrote(room, place(victim, room.item, 9080, 9120))
    assert victim.id not in seen(room, other, 0, 5000)
    judge(room.archive, room.signer, Judging(room.item, other, SAME, "the same door", None))
    # Nobody said which second of the one is which of the other.
    assert victim.id in seen(room, other, 0, 10)
    judge(room.archive, room.signer, Judging(room.item, other, SCENE, "another take", None))
    assert victim.id not in seen(room, other, 0, 5000)


def test_of_a_copy_that_is_placed_only_what_lies_on_the_stretch_counts(
    room: Room, copied: Callable[[], str]
) -> None:
    first, other, victim = copied(), copied(), somebody(room)
    wrote(room, place(victim, first, 9080, 9120))
    # Second 2 of the first is second 0 of the other.
    piece = Piece(2 * NANO, 5 * NANO, 0, 3 * NANO, 1.0, None)
    found = replace(lead("a", "b", [piece]), a=first, b=other)
    judge(room.archive, room.signer, Judging(first, other, SAME, "the same door", found))
    assert isinstance(found, Found)
    assert victim.id in seen(room, other, 2080, 2100)
    assert victim.id not in seen(room, other, 0, 500)


def answered(victim: Victim, item: str | None = None, answer: str = "agrees") -> Notification:
    return Notification(
        id=new_id(), victim=victim.id, what="release", to=f"F-{victim.id[:4]}", by="Salma",
        on="2026-03-01", answer=answer, item=item,
    )  # fmt: skip


def test_who_agrees_to_the_footage_agrees_to_its_copy_and_who_refuses_refuses_both(
    room: Room, copied: Callable[[], str]
) -> None:
    first, other, victim = copied(), copied(), somebody(room)
    judge(room.archive, room.signer, Judging(first, other, SAME, "the same door", None))
    wrote(room, place(victim, first, 9080, 9120), answered(victim, first))
    casebook = Casebook.open(room.archive)
    assert [each.goes for each in families_of_item(casebook, other, SEALED)] == [True]
    wrote(room, replace(answered(victim, other, "declines"), on="2026-04-01"))
    assert [each.goes for each in families_of_item(casebook, first, SEALED)] == [False]


def test_recognised_as_two_persons_both_families_are_asked(
    room: Room, copied: Callable[[], str]
) -> None:
    item, victim, one, other = copied(), somebody(room), named(room), named(room)
    said = [
        Recognition(
            id=new_id(), victim=victim.id, as_victim=each.id, grade="visual",
            conditions="one still, shown alone",
        )
        for each in (one, other)
    ]  # fmt: skip
    wrote(room, place(victim, item, 5000, 5040), *said, answered(one))
    casebook = Casebook.open(room.archive)
    assert [each.goes for each in families_of_item(casebook, item, SEALED)] == [False]
    wrote(room, answered(other))
    assert [each.goes for each in families_of_item(casebook, item, SEALED)] == [True]
