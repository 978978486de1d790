"""Looks as people ask for them, and the footage that they look at."""

from __future__ import annotations

import html
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from dalil.casebook.record.relations import Conduct
from dalil.kernel.seal import NANO
from dalil.media.features.makers.montage import MontageMaker
from dalil.media.features.stored import write_montages
from dalil.media.working_copy.recipe import GREY, Recipe
from dalil.vault.derived import montages_place
from dalil.web.viewing import copies
from dalil.web.viewing.pages.asking import film_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

    from web.rooms import Desk

PATIENCE = 60
REASON = "to place the sign over the door"
TIMEBASE = "1/12288"
SECOND, ZERO = 12288, 2048


def described(desk: Desk, item: str, rows: list[tuple[int, int, int]]) -> None:
    """Write who did what from second to second, with a severity: (from, to, severity)."""
    told: list[Any] = [
        Conduct(
            id=secrets.token_hex(16),
            act=f"act {n}",
            actor_label=f"person {n}",
            item=item,
            pts_start=ZERO + start * SECOND,
            pts_end=ZERO + end * SECOND,
            timebase=TIMEBASE,
            severity=severity,
            basis="observation",
        )
        for n, (start, end, severity) in enumerate(rows)
    ]
    desk.casebook.write(told, desk.signer("rima"))


def asked(
    client: Client, item: str, version: str = "grey", lang: str = "en", **more: str
) -> Answer:
    """Send the form that asks."""
    fields = {"reason": REASON, "version": version, "once": secrets.token_hex(8), **more}
    return client.post(f"/{lang}/viewing/item/{item}/ask/", fields)


def opened(client: Client, item: str, version: str = "grey", **more: str) -> str:
    """Ask, wait for the working copy, and return the look's id."""
    sent = asked(client, item, version, **more)
    assert sent.status_code == 302, html.unescape(sent.content.decode())[-3000:]
    place = sent["Location"]
    if "/jobs/" in place:
        until = time.monotonic() + PATIENCE
        while (state := client.get(place + "state").json()["state"]) == "running":
            assert time.monotonic() < until, "it is still running"
            time.sleep(0.1)
        page = client.get(place).content.decode()
        assert state == "done", page
        found = re.search(r'href="(/en/viewing/look/[0-9a-f]{32}/)"', page)
        assert found, page
        place = found[1]
    return place.split("/")[-2]


def told_seen(client: Client, look: str, *runs: list[int]) -> Answer:
    """Report what was on the screen, as the player does."""
    return client.post(f"/media/{look}/seen", {"seen": list(runs)}, "application/json")


def body(answer: Any) -> bytes:  # noqa: ANN401 - plain or streamed
    """Return the bytes of an answer."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def copied(desk: Desk, item: str, version: str = GREY) -> str:
    """Make the working copy of a whole item beforehand; return the item."""
    film = film_in(desk.archive, item)
    assert film is not None
    span = (film.pts_start, film.pts_end)
    copies.make(desk.archive, item, Recipe(film.original, film.stream, *span, version))
    return item


def write_sheet(archive: Path, item: str) -> None:
    """Lay by the stills of a film of six seconds: four a second, each of one grey, 0 to 230."""
    maker = MontageMaker(0)
    for number in range(24):
        maker.take(np.full((90, 160), 10 * number, np.uint8), number * NANO // 4)
    place = montages_place(archive, item)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_montages(place, [maker.finish()])
