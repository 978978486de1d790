"""Two clips side by side: text first, one reason, two looks, each with its act."""

from __future__ import annotations

import json
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from dalil.ledger.ledger import Ledger
from dalil.match.found import SCENE
from web.copies.finding import candidate, found, pair
from web.viewing.looking import PATIENCE, REASON, body, opened, told_seen, write_sheet
from web.viewing.test_looking import SHOWING, acts

if TYPE_CHECKING:
    from django.test import Client

    from web.rooms import Desk


@pytest.fixture
def alike(desk: Desk) -> Desk:
    """Return a desk where two clips were found alike."""
    found(desk, candidate(*pair(desk)), candidate(*pair(desk, 0, 2), SCENE, pieces=()))
    return desk


def asked(desk: Desk, client: Client, **more: str) -> tuple[str, str]:
    """Ask to see the pair, wait for the copies, and return the two looks."""
    a, b = pair(desk)
    form = {"reason": REASON, "stretch": "0", "version": "grey", "once": secrets.token_hex(8)}
    sent = client.post(f"/en/viewing/beside/{a}/{b}/ask/", {**form, **more})
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    place = sent["Location"]
    if "/jobs/" in place:
        until = time.monotonic() + PATIENCE
        while (state := client.get(place + "state").json()["state"]) == "running":
            assert time.monotonic() < until
            time.sleep(0.1)
        page = client.get(place).content.decode()
        assert state == "done", page
        there = re.search(r'href="(/en/viewing/together/[^"]+)"', page)
        assert there, page
        place = there[1]
    first, second = place.strip("/").split("/")[-2:]
    return first, second


def test_text_comes_first_and_nothing_is_shown_or_written_before_asking(alike: Desk) -> None:
    a, b = pair(alike)
    page = alike.client("rima").get(f"/en/viewing/beside/{a}/{b}/").content.decode()
    assert not SHOWING.search(page)
    assert "00:00:01.000" in page
    assert acts(alike, a) == []
    alone = alike.client("rima").get(f"/en/viewing/beside/{'0' * 32}/{b}/")
    assert alone.status_code == 404
    assert alike.client("ghassan").get(f"/en/viewing/beside/{a}/{b}/").status_code == 403


def test_without_a_shared_stretch_there_is_nothing_to_ask_for(alike: Desk) -> None:
    a, b = pair(alike, 0, 2)
    page = alike.client("rima").get(f"/en/viewing/beside/{a}/{b}/").content.decode()
    assert "beside/ask" not in page
    sent = alike.client("rima").post(f"/en/viewing/beside/{a}/{b}/ask/", {"once": "x"})
    assert sent.status_code == 422
    assert acts(alike, a) == []


def test_both_are_asked_for_seen_and_ended_by_acts_of_their_own(alike: Desk) -> None:
    rima, (a, b) = alike.client("rima"), pair(alike)
    first, second = asked(alike, rima)
    page = rima.get(f"/en/viewing/together/{first}/{second}/").content.decode()
    assert not SHOWING.search(page)
    moments = json.loads(re.search(r'data-moments="([^"]+)"', page)[1].replace("&quot;", '"'))  # type: ignore[index]
    assert len(moments) == 12
    zero = 2048
    assert [int(moments[0][0]) - zero, int(moments[0][1]) - zero] == [
        int(12288 / 12),
        int(12288 * (1 + 2.5 / 24)),
    ]
    for look in (first, second):
        assert len(body(rima.get(f"/media/{look}/film", headers={"range": "bytes=0-9"}))) == 10
        assert told_seen(rima, look, [0, 2, 900]).status_code == 200
    sent = rima.post(f"/en/viewing/together/{first}/{second}/end/", {"once": "done"})
    assert sent["Location"] == f"/en/copies/pair/{a}/{b}/"
    for item in (a, b):
        (ask, said), (looked, seen) = acts(alike, item)
        assert (ask, looked) == ("look-asked", "looked")
        assert (said["reason"], said["version"]) == (REASON, "grey")
        assert seen["seen"]
    assert rima.get(f"/media/{first}/film").status_code == 404


def test_nobody_else_and_no_other_session_gets_the_pictures(alike: Desk) -> None:
    rima = alike.client("rima")
    first, second = asked(alike, rima)
    address = f"/en/viewing/together/{first}/{second}/"
    assert alike.client("idris").get(address).status_code == 404
    assert alike.client("idris").post(f"{address}end/", {"once": "x"}).status_code == 404
    assert alike.client("rima").get(f"/media/{first}/film").status_code == 404
    assert not [
        e for e in Ledger.open(alike.archive).acts("looked") if e.act.opened()["look"] == first
    ]


def test_a_stretch_that_is_not_shared_is_not_given(alike: Desk) -> None:
    rima, (a, b) = alike.client("rima"), pair(alike)
    form: Any = {"reason": REASON, "stretch": "7", "version": "sound", "once": "x"}
    assert rima.post(f"/en/viewing/beside/{a}/{b}/ask/", form).status_code == 422
    assert acts(alike, a) == []


def test_a_sheet_of_stills_is_behind_an_open_look_and_shows_its_stretch_alone(desk: Desk) -> None:
    rima, item = desk.client("rima"), desk.item()
    write_sheet(desk.archive, item)
    assert rima.get(f"/media/{'0' * 32}/montage").status_code == 404
    look = opened(rima, item, start="0:01", end="0:02")
    page = rima.get(f"/en/viewing/look/{look}/").content.decode()
    assert "<dalil-montage" in page
    assert not SHOWING.search(page)
    sheet = body(rima.get(f"/media/{look}/montage"))
    drawn = cv2.imdecode(np.frombuffer(sheet, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert drawn is not None
    # Four stills, of the second second: grey 40 to 70, and nothing of any other.
    assert drawn.shape == (90, 640)
    assert [round(float(drawn[:, x * 160 + 80].mean()) / 10) for x in range(4)] == [4, 5, 6, 7]
    assert desk.client("idris").get(f"/media/{look}/montage").status_code == 404
    rima.post(f"/en/viewing/look/{look}/end/", {"once": "done"})
    assert rima.get(f"/media/{look}/montage").status_code == 404
