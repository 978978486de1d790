"""The room in a real browser: every page in both languages and themes, boxes drawn on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.publishing.forms_filled import FILLED

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.browsing import Browse

pytestmark = pytest.mark.browser


def fill(page: Page, asked: dict[str, str]) -> None:
    """Type a form as a person does."""
    for name, value in asked.items():
        if name in {"purpose", "whole_exists"}:
            page.check(f"[name={name}][value={value}]")
        else:
            page.fill(f"[name={name}]", value)


def test_pages_of_handing_over(browse: Browse) -> None:
    item = browse.desk.item()
    browse.shot("publishing/", "publishing", as_="lina")
    browse.shot(f"publishing/part/{item}/redact/", "publishing-part", as_="lina")
    browse.shot("publishing/case-file/?case=zumurruda", "publishing-case-file", as_="lina")
    browse.shot(f"publishing/paper/custody/{item}/", "publishing-custody", as_="lina")


def test_a_box_is_drawn_by_mouse_and_by_keyboard_and_hides_whole_tiles(browse: Browse) -> None:
    page = browse.open(f"publishing/part/{browse.desk.item()}/still/", as_="lina")
    page.click("details.grid > summary")
    grid = page.locator("dalil-boxes svg")
    grid.scroll_into_view_if_needed()
    edges = grid.bounding_box()
    assert edges is not None
    scale = edges["width"] / 320
    page.mouse.move(edges["x"] + 70 * scale, edges["y"] + 70 * scale)
    page.mouse.down()
    page.mouse.move(edges["x"] + 90 * scale, edges["y"] + 90 * scale)
    page.mouse.up()
    x, y, w, h = (int(each) for each in page.input_value("[name=hide]").split(","))
    assert (abs(x - 70), abs(y - 70), abs(w - 20), abs(h - 20)) <= (1, 1, 1, 1)
    assert "tiles hidden: 1 of" in page.inner_text("dalil-boxes output")
    grid.press("Delete")
    assert not page.input_value("[name=hide]")
    for key in ("Home", "Enter", "ArrowRight", "ArrowDown", "Enter"):
        grid.press(key)
    assert page.input_value("[name=hide]").count(",") == 3
    browse.axe(page)


def test_what_would_leave_is_shown_before_the_button_that_signs(browse: Browse) -> None:
    page = browse.open(f"publishing/part/{browse.desk.item()}/excerpt/", as_="lina")
    fill(page, FILLED | {"from_": "0:01", "to": "0:02"})
    page.click("button[value=look]")
    assert page.is_visible("text=Nothing is signed yet")
    browse.axe(page)
    page.click("button[value=change]")
    assert page.input_value("[name=recipient]") == FILLED["recipient"]
    page.click("button[value=look]")
    page.dblclick("button[value=sign]")
    page.wait_for_url("**/jobs/**")
    page.click("text=See the result", timeout=60_000)
    page.wait_for_url("**/made/**")
    browse.shot(page.url.partition("/en/")[2], "publishing-made", as_="lina")
