"""The queue of pairs by keyboard, and pages that everybody can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from casebook.victims.listing import BROTHER, SALIM, SALIM_TOO
from dalil.casebook.index.view import view_of
from dalil.casebook.victims.judged import all_judgements
from web.victims.finding import ONE, REASONS, SIBLING, linked, pair
from web.viewing.test_in_the_browser import until

if TYPE_CHECKING:
    from web.browsing import Browse

pytestmark = pytest.mark.browser


def test_pairs_are_judged_and_taken_back_without_a_mouse(browse: Browse) -> None:
    linked(browse.desk, ONE, SIBLING)
    page = browse.open("victims/queue/", "idris")
    until(page, "Boolean(customElements.get('dalil-victims'))")
    for key in ("j", "j", "k", "j", "d"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.name") == "reasons"
    page.keyboard.type(REASONS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-undo]")
    [said] = all_judgements(browse.desk.casebook, view_of("restricted"))
    assert (said.verdict, said.pair) == ("different", pair(SALIM, BROTHER))
    assert page.locator(".candidate").count() == 1
    until(page, "Boolean(customElements.get('dalil-victims'))")
    page.keyboard.press("z")
    page.locator("summary", has_text="Take it back").press("Enter")
    page.locator("#id_withdraw_reasons").fill("pressed by mistake")
    page.locator("form[action*='/withdraw/'] button").press("Enter")
    until(page, "document.body.textContent.includes('Nobody has judged it')")
    assert all_judgements(browse.desk.casebook, view_of("restricted")) == ()


def test_pages_are_usable_by_everybody_in_both_languages_and_in_the_dark(browse: Browse) -> None:
    linked(browse.desk, ONE, SIBLING)
    browse.shot("victims/", "victims-list", "idris")
    browse.shot("victims/queue/", "victims-queue", "idris")
    browse.shot("victims/pair/{}/{}/".format(*pair(SALIM, SALIM_TOO)), "victims-pair", "idris")
    browse.shot(f"victims/person/{SALIM.id}/", "victims-person", "idris")
