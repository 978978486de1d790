"""The page of a clip's copies, and results of a search that hold copies together."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pytest

from dalil.casebook.record.describing import Speech
from dalil.match.copies.judgement import NOT_SAME
from dalil.match.found import SAME
from web.copies.finding import candidate, found, pair, typed

if TYPE_CHECKING:
    from web.rooms import Desk

WORDS = "the third sack by the gate"


def spoken(desk: Desk, *clips: int) -> None:
    """Write the same words down for several clips."""
    told: Any = [
        Speech(
            id=secrets.token_hex(16),
            lang="en",
            words=WORDS,
            item=desk.item(clip),
            pts_start=2048,
            pts_end=14336,
            timebase="1/12288",
        )
        for clip in clips
    ]
    desk.casebook.write(told, desk.signer("rima"))


@pytest.fixture
def copies(desk: Desk) -> Desk:
    """Return a desk where the first two clips were found to be the same footage."""
    found(desk, candidate(*pair(desk), SAME, 0.9))
    spoken(desk, 0, 1, 2)
    return desk


def test_a_clip_s_page_draws_its_family_without_a_picture_and_says_the_same_in_words(
    copies: Desk,
) -> None:
    page = copies.client("rima").get(f"/en/copies/item/{copies.item()}/").content.decode()
    assert "One recording, 2 files" in page
    assert page.count("<svg") == 1
    assert "<image" not in page
    assert "style=" not in page
    other = copies.client("rima").get(f"/en/copies/item/{copies.item(3)}/").content.decode()
    assert "<svg" not in other
    guest = copies.client("ghassan").get(f"/en/copies/item/{copies.item()}/").content.decode()
    assert "<svg" not in guest


def test_results_about_copies_are_folded_under_the_first_and_none_is_lost(copies: Desk) -> None:
    rima = copies.client("rima")
    page = rima.get("/en/search/", {"q": f'"{WORDS}"'}).content.decode()
    assert "3 records" in page
    assert "and 1 record about a copy of the same recording" in page
    assert page.count("/casebook/record/") == 3
    unfolded = rima.get("/en/search/", {"q": f'"{WORDS}"', "copies": "each"}).content.decode()
    assert "about a copy of the same recording" not in unfolded
    assert unfolded.count("/casebook/record/") == 3


def test_a_judgement_unfolds_them_and_taking_it_back_folds_them_again(copies: Desk) -> None:
    idris = copies.client("idris")
    a, b = pair(copies)
    address = f"/en/copies/pair/{a}/{b}/"
    folded = "about a copy of the same recording"
    idris.post(f"{address}judge/", typed(idris, address, judgement=NOT_SAME))
    assert folded not in idris.get("/en/search/", {"q": f'"{WORDS}"'}).content.decode()
    idris.post(f"{address}withdraw/", {"reasons": "the wrong clip", "once": "undo"})
    assert folded in idris.get("/en/search/", {"q": f'"{WORDS}"'}).content.decode()


def test_a_page_of_results_in_a_lower_view_does_not_tell_of_copies(copies: Desk) -> None:
    page = copies.client("rima").get("/en/search/", {"q": f'"{WORDS}"', "see": "open"})
    assert "copy of the same recording" not in page.content.decode()
