"""The lanes at a real browser: by keyboard alone, nothing lost or doubled, smooth when full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dalil.casebook.describe.lanes import lanes
from dalil.casebook.index.view import View
from web.describing.written import annotation, terms

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.browsing import Browse
    from web.rooms import Desk

pytestmark = pytest.mark.browser
FRAME_MS = 1000 / 60
MANY = 5000
# Scrolls through everything, then drags one end, and tells how long drawing one frame took.
MEASURED = """async lanes => {
  const spent = [], gaps = [], draw = lanes.drawn.draw.bind(lanes.drawn);
  lanes.drawn.draw = what => {
    const at = performance.now();
    draw(what);
    spent.push(performance.now() - at);
  };
  const id = lanes.marks.now.keys().next().value;
  lanes.zoom(8);
  let last = performance.now();
  for (let i = 0; i < 240; i++) {
    await new Promise(requestAnimationFrame);
    gaps.push(performance.now() - last); last = performance.now();
    const mark = lanes.marks.get(id);
    if (i < 120) lanes.scroller.scrollLeft = i * 23;
    else lanes.marks.drag(id, lanes.times(mark.start, mark.end + (i % 2 ? 1024 : -1024)));
  }
  const middle = list => list.sort((a, b) => a - b)[list.length >> 1];
  return {draw: middle(spent), gap: middle(gaps), size: lanes.marks.size};
}"""


def opened(browse: Browse, who: str = "rima", lang: str = "en", query: str = "") -> Page:
    """Open the lanes of the first clip; they have the keyboard."""
    page = browse.open(f"describing/item/{browse.desk.item()}/{query}", who, lang)
    page.wait_for_selector("dalil-lanes[data-ready]")
    page.locator("[data-part=scroller]").focus()
    return page


def said(page: Page) -> str:
    """Return what the lanes said last."""
    return page.inner_text("[data-part=said]")


def signed(page: Page) -> None:
    """Sign, and wait until it is."""
    with page.expect_response(lambda answer: answer.url.endswith("/annotations")):
        page.keyboard.press("Control+s")
    page.locator("[data-part=unsigned]", has_text="Everything here is signed").wait_for()


def test_a_clip_is_described_by_keyboard_alone(desk: Desk, browse: Browse) -> None:
    told = terms(desk)
    page = opened(browse)
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    page.keyboard.type("vehi")
    page.keyboard.press("Enter")
    page.locator("[data-part=scroller]").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    signed(page)
    [lane] = lanes(desk.casebook, desk.item(), View()).lanes
    [mark] = lane.marks
    # 12 pictures a second, 1024 ticks apart, the first one at 2048.
    assert (mark.pts_start, mark.pts_end, mark.timebase) == (26624, 38912, "1/12288")
    assert mark.term is not None
    assert mark.term.id == told[1].id
    assert mark.by_key is not None
    browse.axe(page)


def test_an_inference_cites_what_was_chosen_in_the_lanes(desk: Desk, browse: Browse) -> None:
    terms(desk)
    seen = annotation(desk, "something is seen", 2048, 8192)
    desk.casebook.write([seen], desk.signer("idris"))
    page = opened(browse)
    page.keyboard.press("End")
    page.keyboard.press("a")
    page.fill("[name=text_en]", "what follows from it")
    page.check("[name=basis][value=inference]")
    page.click("[data-part=pick]")
    page.keyboard.press("p")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    signed(page)
    marks = lanes(desk.casebook, desk.item(), View()).lanes[0].marks
    assert [each.rests_on for each in marks if each.inferred] == [(seen.id,)]


def test_what_is_not_signed_is_there_again_after_a_break(desk: Desk, browse: Browse) -> None:
    page = opened(browse)
    page.keyboard.press("a")
    page.fill("[name=text_en]", "half a thought")
    with page.expect_response(
        lambda answer: "/draft/" in answer.url and answer.request.method == "POST"
    ):
        page.keyboard.press("Tab")
    page.close()
    assert lanes(desk.casebook, desk.item(), View()).count == 0
    again = opened(browse)
    assert "1 change" in said(again)
    again.keyboard.press("n")
    assert again.input_value("[name=text_en]") == "half a thought"
    again.keyboard.press("Control+z")
    assert "Everything here is signed" in again.inner_text("[data-part=unsigned]")
    again.keyboard.press("Control+y")
    signed(again)
    assert lanes(desk.casebook, desk.item(), View()).count == 1


def test_a_session_that_ends_while_describing_costs_nothing(desk: Desk, browse: Browse) -> None:
    page = opened(browse)
    page.keyboard.press("a")
    page.fill("[name=text_en]", "before it ended")
    page.locator("[data-part=scroller]").focus()
    context = browse.context("rima")
    context.clear_cookies()
    page.keyboard.press("Control+s")
    page.locator("[data-part=said]", has_text="signed").wait_for()
    assert lanes(desk.casebook, desk.item(), View()).count == 0
    browse.contexts.clear()
    for each in browse.context("rima").cookies():
        context.add_cookies([{"name": each["name"], "value": each["value"], "url": browse.address}])
    signed(page)
    [mark] = lanes(desk.casebook, desk.item(), View()).lanes[0].marks
    assert mark.text_en == "before it ended"


def test_two_who_change_one_annotation_lose_nothing(desk: Desk, browse: Browse) -> None:
    desk.casebook.write([annotation(desk, "as it was", 2048, 8192)], desk.signer("layla"))
    rima, idris = opened(browse, "rima"), opened(browse, "idris")
    for page, text in ((rima, "hers"), (idris, "his")):
        page.keyboard.press("n")
        page.fill("[name=text_en]", text)
        page.locator("[data-part=scroller]").focus()
    signed(rima)
    with idris.expect_response(lambda answer: answer.status == 409):
        idris.keyboard.press("Control+s")
    conflict = idris.locator("[data-part=conflicts]")
    conflict.wait_for()
    assert "hers" in conflict.inner_text()
    assert "his" in conflict.inner_text()
    browse.axe(idris)
    idris.get_by_role("button", name="Keep mine").click()
    idris.locator("[data-part=scroller]").focus()
    signed(idris)
    [mark] = lanes(desk.casebook, desk.item(), View()).lanes[0].marks
    assert (mark.text_en, mark.revises) == ("his", 3)


def test_an_end_is_dragged_from_picture_to_picture(desk: Desk, browse: Browse) -> None:
    desk.casebook.write([annotation(desk, "dragged", 14336, 26624)], desk.signer("layla"))
    page = opened(browse)
    where = page.evaluate(
        """() => { const lanes = document.querySelector("dalil-lanes");
        const mark = lanes.marks.now.values().next().value;
        const box = lanes.piece("canvas").getBoundingClientRect();
        return [box.x + lanes.drawn.x(mark.end), box.y + 45, lanes.drawn.view.scale * 1024]; }"""
    )
    x, y, picture = where
    page.mouse.move(x - 2, y)
    page.mouse.down()
    page.mouse.move(x - 2 + picture * 5.3, y, steps=6)
    page.mouse.up()
    assert "1 change" in page.inner_text("[data-part=unsigned]")
    page.locator("[data-part=scroller]").focus()
    signed(page)
    [mark] = lanes(desk.casebook, desk.item(), View()).lanes[0].marks
    assert (mark.pts_start, mark.pts_end) == (14336, 26624 + 5 * 1024)


def test_five_thousand_annotations_are_drawn_well_within_a_frame(
    desk: Desk, browse: Browse
) -> None:
    marks = [
        annotation(desk, f"{n}", n * 14, n * 14 + (n % 7 + 1) * 80, lane=f"lane {n % 12}")
        for n in range(MANY)
    ]  # fmt: skip
    desk.casebook.write(marks, desk.signer("layla"))
    page = opened(browse)
    took = page.evaluate(f"({MEASURED})(document.querySelector('dalil-lanes'))")
    assert took["size"] == MANY
    # Half of a frame for drawing leaves the browser the other half; the gap is what is seen.
    assert took["draw"] < FRAME_MS / 2, took
    assert took["gap"] < FRAME_MS * 1.5, took


def test_each_kind_of_page_can_be_read_by_everybody(desk: Desk, browse: Browse) -> None:
    told = terms(desk)
    marks = [
        annotation(desk, f"what is seen {n}", 2048 + n * 5120, 9000 + n * 5120, term=told[n % 3].id,
                   lane=("what happens", "vehicles", "who")[n % 3])
        for n in range(12)
    ]  # fmt: skip
    desk.casebook.write(marks, desk.signer("idris"))
    item = desk.item()
    for name, path in (
        ("describing-lanes", f"item/{item}/"), ("describing-book", "book/conduct/"),
        ("describing-term", f"term/{told[0].id}/"),
        ("describing-sheet", f"item/{item}/transcript/sheet/?lang=ar"),
        ("describing-exchange", f"item/{item}/exchange/"),
    ):  # fmt: skip
        browse.shot(f"describing/{path}", name, "rima")
