"""The queue by keyboard, two clips under one cover, and pages that everybody can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dalil.ledger.ledger import Ledger
from dalil.match.copies.judgement import judgements
from dalil.match.found import SAME, SCENE, UNSURE
from web.copies.finding import REASONS, candidate, found, pair
from web.viewing.looking import REASON, write_sheet
from web.viewing.test_in_the_browser import until

if TYPE_CHECKING:
    from web.browsing import Browse
    from web.rooms import Desk

pytestmark = pytest.mark.browser


def three(desk: Desk) -> None:
    """Leave three candidates."""
    found(
        desk,
        candidate(*pair(desk, 0, 1), SAME, 0.9),
        candidate(*pair(desk, 0, 2), SCENE, 0.5),
        candidate(*pair(desk, 1, 2), UNSURE, 0.1, pieces=()),
    )


def test_the_queue_is_judged_and_taken_back_without_a_mouse(browse: Browse) -> None:
    three(browse.desk)
    page = browse.open("copies/", "idris")
    until(page, "Boolean(customElements.get('dalil-queue'))")
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
    page.keyboard.press("2")
    assert page.evaluate("document.activeElement.name") == "reasons"
    page.keyboard.type(REASONS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-undo]")
    [said] = judgements(Ledger.open(browse.desk.archive))
    assert (said.judgement, said.pair) == (SCENE, pair(browse.desk, 0, 2))
    assert page.locator(".candidate").count() == 2
    until(page, "Boolean(customElements.get('dalil-queue'))")
    page.keyboard.press("u")
    page.wait_for_selector("form[action$='/withdraw/']", state="attached")
    page.locator("summary", has_text="Take it back").press("Enter")
    page.locator("#id_withdraw_reasons").fill("pressed by mistake")
    page.locator("form[action$='/withdraw/'] button").press("Enter")
    until(page, "document.body.textContent.includes('Nobody has judged it')")
    assert judgements(Ledger.open(browse.desk.archive)) == ()


def test_two_clips_are_under_one_cover_until_somebody_takes_it_off(browse: Browse) -> None:
    three(browse.desk)
    a, b = pair(browse.desk)
    page = browse.open(f"viewing/beside/{a}/{b}/", "rima")
    page.fill("#id_reason", REASON)
    page.click(".clip button")
    page.wait_for_url("**/jobs/**")
    page.click("text=See the result", timeout=30_000)
    page.wait_for_selector("dalil-together[data-ready]")
    browse.axe(page)
    films = [each for each in browse.requests if each.endswith("/film")]
    assert films == []
    assert page.locator("video").count() == 0
    page.click(".cover")
    until(
        page, "[...document.querySelectorAll('video')].filter(v => v.readyState > 1).length === 2"
    )
    page.keyboard.press(".")
    until(page, "document.querySelector('[data-show=told]').textContent.includes('2')")
    until(
        page, "[...document.querySelectorAll('video')].every(v => !v.seeking && v.currentTime > 0)"
    )
    clocks = page.locator("figure output").all_text_contents()
    assert clocks == ["00:00:00.250", "00:00:01.250"]
    page.keyboard.press("Escape")
    assert page.locator("video").count() == 0
    page.click("text=I am done")
    page.wait_for_url("**/copies/pair/**")
    looked = [e.act.opened() for e in Ledger.open(browse.desk.archive).acts("looked")]
    assert {each["item"] for each in looked} == {a, b}
    assert all(each["seen"] for each in looked)


def test_a_sheet_of_stills_is_asked_for_only_when_somebody_takes_its_cover_off(
    browse: Browse,
) -> None:
    item = browse.desk.item()
    write_sheet(browse.desk.archive, item)
    page = browse.open(f"viewing/item/{item}/", "rima")
    page.fill("#id_reason", REASON)
    page.click(".clip button")
    page.click("text=See the result", timeout=30_000)
    page.wait_for_selector("dalil-montage[data-ready]")
    assert page.locator("img").count() == 0
    assert not [each for each in browse.requests if each.endswith("/montage")]
    page.click("dalil-montage .cover")
    until(page, "(document.querySelector('dalil-montage img') || {}).naturalWidth > 0")
    browse.axe(page)
    page.wait_for_timeout(400)
    page.click("text=I am done")
    page.wait_for_selector("text=This look is over")
    [looked] = [e.act.opened() for e in Ledger.open(browse.desk.archive).acts("looked")]
    assert len(looked["seen"]) > 3
    assert looked["screen_ms"] > 200


def test_pages_are_usable_by_everybody_in_both_languages_and_in_the_dark(browse: Browse) -> None:
    three(browse.desk)
    a, b = pair(browse.desk)
    browse.shot("copies/", "copies-queue", "idris")
    browse.shot(f"copies/pair/{a}/{b}/", "copies-pair", "idris")
    browse.shot(f"copies/item/{browse.desk.item()}/", "copies-item", "idris")
    browse.shot("copies/outside/", "copies-outside", "idris")
    browse.shot(f"viewing/beside/{a}/{b}/", "viewing-beside", "rima")
