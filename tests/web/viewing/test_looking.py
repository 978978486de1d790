"""Looking: text first, asked for with a reason, one's own alone, ended by an act."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dalil.dossier.opening import Opening, ProtectedNames
from dalil.ledger.ledger import Ledger
from dalil.media.working_copy.recipe import GREY, SOUND
from dalil.web.viewing import copies
from dalil.web.viewing.looks import OnScreen, note_seen, recipe_of
from dalil.web.viewing.models import SILENT, Limit, Look
from dalil.web.viewing.pages.own import day_of
from dalil.web.viewing.totals import totals
from web.viewing.looking import REASON, asked, body, copied, described, opened, told_seen

if TYPE_CHECKING:
    from web.rooms import Desk

SHOWING = re.compile(r"<(video|img|picture|audio|source|object|embed|iframe)\b|poster=|preload=")


def acts(desk: Desk, item: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the acts about looks at an item."""
    found = Ledger.open(desk.archive).acts_about(item)
    return [(e.act.type, e.act.opened()) for e in found if e.act.type.startswith("look")]


def test_what_is_known_is_read_before_anything_is_shown(desk: Desk) -> None:
    item = desk.item()
    described(desk, item, [(0, 1, 1), (2, 4, 4)])
    for who in ("rima", "ghassan"):
        said = desk.client(who).get(f"/en/viewing/item/{item}/").content.decode()
        assert not SHOWING.search(said)
    assert "person 1" in desk.client("rima").get(f"/en/viewing/item/{item}/").content.decode()
    # What was written is restricted: whoever sees open records alone reads none of it.
    guest = desk.client("ghassan").get(f"/en/viewing/item/{item}/").content.decode()
    assert "person 1" not in guest
    assert '<form method="post" action="/en/viewing' not in guest
    assert acts(desk, item) == []


def test_two_windows_that_tell_at_once_both_count_until_the_look_is_closed(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    look = opened(rima, item)
    windows = [Look.objects.get(id=look), Look.objects.get(id=look)]
    for window, first in zip(windows, (0, 4096), strict=True):
        note_seen(window, [OnScreen(first, first + 1, 300)], (), Fraction(0))
    found = Look.objects.get(id=look)
    assert (found.screen_ms, len(found.seen)) == (600, 2)
    rima.post(f"/en/viewing/look/{look}/end/", {"once": "end"})
    note_seen(windows[0], [OnScreen(8192, 8193, 300)], (), Fraction(0))
    assert Look.objects.get(id=look).screen_ms == 600


def test_a_look_is_asked_for_made_watched_and_ended_by_acts(desk: Desk) -> None:
    rima, item = desk.client("rima"), desk.item()
    described(desk, item, [(0, 1, 1), (2, 4, 4)])
    look = opened(rima, item, beside="Omar")
    page = rima.get(f"/en/viewing/look/{look}/").content.decode()
    assert not SHOWING.search(page)
    assert json.loads(re.search(r'data-bands="([^"]+)"', page)[1].replace("&quot;", '"'))  # type: ignore[index]
    film = rima.get(f"/media/{look}/film", headers={"range": "bytes=0-99"})
    assert (film.status_code, len(body(film))) == (206, 100)
    assert body(rima.get(f"/media/{look}/times"))[:16] == (1).to_bytes(8, "little") + (
        12288
    ).to_bytes(8, "little")
    assert len(body(rima.get(f"/media/{look}/peaks"))) == copies.PARTS
    assert told_seen(rima, look, [0, 11, 1000], [24, 30, 500], [12, 13, 200]).status_code == 200
    rima.post(f"/en/viewing/look/{look}/end/", {"once": "done"})
    (first, said), (last, seen) = acts(desk, item)
    assert (first, last) == ("look-asked", "looked")
    assert (said["reason"], said["version"], said["look"]) == (REASON, GREY, look)
    assert (seen["look"], seen["ended"], seen["beside"]) == (look, "done", "Omar")
    # Frames 0 to 13 and 24 to 30, a twelfth of a second each, in the original's time stamps.
    assert seen["seen"] == [[2048, 2048 + 11 * 1024], [2048 + 12 * 1024, 2048 + 13 * 1024],
                            [2048 + 24 * 1024, 2048 + 30 * 1024]]  # fmt: skip
    assert seen["screen_ms"] == 1700
    assert Ledger.open(desk.archive).check().intact


def test_there_are_no_pictures_but_for_an_open_look_of_ones_own(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    look = opened(rima, item)
    parts = [f"/media/{look}/{each}" for each in ("film", "times", "peaks")]
    assert [rima.get(each).status_code for each in parts] == [200] * 3
    # Somebody else, the same person in another session, somebody without the right, nobody.
    for other in (desk.client("idris"), desk.client("rima")):
        assert [other.get(each).status_code for each in parts] == [404] * 3
        assert told_seen(other, look, [0, 1, 10]).status_code == 404
    assert {desk.client("ghassan").get(each).status_code for each in parts} == {403}
    assert {desk.client().get(each).status_code for each in parts} == {302}
    assert desk.client("idris").get(f"/en/viewing/look/{look}/").status_code == 404
    assert rima.get("/media/" + "0" * 32 + "/film").status_code == 404
    rima.post(f"/en/viewing/look/{look}/end/", {"once": "done"})
    assert [rima.get(each).status_code for each in parts] == [404] * 3
    assert told_seen(rima, look, [0, 1, 10]).status_code == 404


def test_nothing_is_asked_without_a_reason_a_place_and_a_second_yes_for_sound(desk: Desk) -> None:
    rima, item = desk.client("rima"), desk.item()
    for wrong in (
        {"reason": ""}, {"reason": "why"}, {"version": SOUND}, {"version": "loud"},
        {"start": "soon"}, {"start": "0:04", "end": "0:02"}, {"start": "1:00:00"},
        {"start": "frame:9999"}, {"end": "pts:1/0"},
    ):  # fmt: skip
        version = wrong.pop("version", GREY)
        answer = asked(rima, item, version, **wrong)
        assert answer.status_code == 422, wrong
        assert answer.content.decode().count('class="error"') >= 1
    assert asked(desk.client("ghassan"), item).status_code == 403
    assert asked(rima, "0" * 32).status_code == 404
    assert acts(desk, item) == []


def test_a_form_that_is_sent_twice_asks_once(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    sent = [asked(rima, item, once="a double click")["Location"] for _ in range(2)]
    assert sent[0] == sent[1]
    assert len(acts(desk, item)) == 1


def test_a_stretch_alone_is_what_leaves_the_disk(desk: Desk) -> None:
    rima, item = desk.client("rima"), desk.item()
    asked(rima, item, start="٠:٠٢", end="frame:29")
    look = Look.objects.get(item=item)
    copy = copies.make(desk.archive, item, recipe_of(look))
    stamps = copy.times()
    assert (stamps[0], stamps[-1]) == (2048 + 24 * 1024, 2048 + 29 * 1024)


def test_whoever_leaves_ends_the_look_with_its_act(desk: Desk) -> None:
    item = copied(desk, desk.item())
    for address in ("door:leave", "door:lock", "door:logout"):
        rima = desk.client("rima")
        look = opened(rima, item)
        told_seen(rima, look, [0, 1, 100])
        rima.post(reverse(address))
        ended = acts(desk, item)[-1]
        assert (ended[0], ended[1]["look"], ended[1]["ended"]) == ("looked", look, "left")


def test_a_look_whose_browser_died_is_signed_when_the_person_comes_back(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    look = opened(rima, item)
    told_seen(rima, look, [0, 1, 100])
    assert len(acts(desk, item)) == 1
    Look.objects.update(beat_at=datetime.now(UTC) - SILENT - timedelta(seconds=1))
    # Others come and go; only the person's own key signs.
    desk.client("idris").get("/en/viewing/")
    assert len(acts(desk, item)) == 1
    back = desk.client("rima")
    assert "This look is over" in back.get(f"/en/viewing/look/{look}/").content.decode()
    assert acts(desk, item)[-1][1]["ended"] == "lost"


BAD_REPORTS = (
    b"", b"{}", b"[]", b'{"seen": 5}', b'{"seen": [[0, 1]]}', b'{"seen": [[1, 0, 5]]}',
    b'{"seen": [[0, 999, 5]]}', b'{"seen": [[0, 1, -5]]}', b'{"seen": [[0, 1, 1e9]]}',
    b'{"seen": [[true, 1, 5]]}', b'{"seen": [["0", 1, 5]]}', b"\xff\xfe", b"[" * 5000,
    b'{"seen": [' + b"[0,1,1]," * 600 + b"[0,1,1]]}",
)  # fmt: skip


def test_what_a_page_says_was_seen_is_read_strictly(desk: Desk) -> None:
    rima = desk.client("rima")
    look = opened(rima, copied(desk, desk.item()))
    for said in BAD_REPORTS:
        answer = rima.post(f"/media/{look}/seen", said, "application/json")
        assert answer.status_code == 400, said[:40]
    assert Look.objects.get(id=look).seen == []


def test_no_more_is_noted_than_time_has_passed_and_severity_weighs(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    described(desk, item, [(0, 6, 5)])
    look = opened(rima, item)
    for _ in range(5):
        told_seen(rima, look, [0, 5, 60_000])
    found = Look.objects.get(id=look)
    assert 0 < found.screen_ms < 5 * 15_000
    assert found.weighed_ms == pytest.approx(4 * found.screen_ms, rel=0.01)


def test_how_much_one_looked_is_ones_own(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    look = opened(rima, item)
    for who in ("layla", "salma", "idris"):
        said = desk.client(who).get("/en/viewing/").content.decode()
        assert look not in said
        assert REASON not in said
    assert REASON in rima.get("/en/viewing/").content.decode()
    person = desk.signer("rima").person_id
    rima.post("/en/viewing/", {"minutes": "5", "once": "limit"})
    assert Limit.objects.get(person_id=person).minutes == 5
    Look.objects.update(weighed_ms=6 * 60_000)
    assert day_of(person).due
    assert "Stop here if you can" in rima.get(f"/en/viewing/item/{item}/").content.decode()
    assert told_seen(rima, look).json() == {"minutes": 6, "limit": 5, "due": True}
    assert not day_of(desk.signer("idris").person_id).due
    assert rima.post("/en/viewing/", {"minutes": "1", "once": "x"}).status_code == 422


def test_totals_are_of_whole_weeks_and_of_three_people_or_more(desk: Desk) -> None:
    rima = desk.client("rima")
    opened(rima, copied(desk, desk.item()))
    [look] = Look.objects.all()
    last_week = datetime.now(UTC) - timedelta(weeks=1)
    for person in ("a", "b"):
        look.id, look.person_id = person, person
        look.asked_at, look.screen_ms = last_week, 20 * 60_000
        look.save(force_insert=True)
    assert {(week.people, week.looks, week.seconds) for week in totals()} == {(None, None, None)}
    look.id = look.person_id = "c"
    look.save(force_insert=True)
    week = totals()[0]
    assert (week.people, week.looks, week.seconds) == (3, 3, 60 * 60)


def test_of_a_look_a_case_file_opens_when_and_nothing_else(desk: Desk) -> None:
    rima, item = desk.client("rima"), copied(desk, desk.item())
    look = opened(rima, item)
    rima.post(f"/en/viewing/look/{look}/end/", {"once": "done"})
    opening = Opening(ProtectedNames(frozenset(), frozenset()))
    for entry in Ledger.open(desk.archive).acts_about(item):
        if entry.act.type.startswith("look"):
            assert set(opening.fields(entry.act)) == {"time"}
