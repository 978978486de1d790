"""The page of a site in a real browser: both directions, both themes, from nothing outside."""

from __future__ import annotations

import pytest

from casebook.bureau import Bureau
from casebook.sites.pit import dug, rival
from web.browsing import Browse
from web.rooms import Desk

pytestmark = pytest.mark.browser


def test_a_site_is_drawn_and_breaks_no_rule(desk: Desk, browse: Browse) -> None:
    pit = dug(Bureau(desk.archive, desk.casebook, desk.signer("idris")))
    pit.write(rival(pit, north=900))
    browse.axe(browse.open("sites/", "idris", "ar"))
    browse.shot(f"sites/{pit.site}/", "site", "idris")
    page = browse.open(f"sites/{pit.site}/", "idris", "ar")
    assert page.locator("svg.sketch circle.said").count() == 3
    box = page.locator("svg.sketch").bounding_box()
    for each in page.locator("svg.sketch circle.said").all():
        inner = each.bounding_box()
        assert box is not None
        assert inner is not None
        assert box["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= box["x"] + box["width"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    browse.demand_loopback()
