"""The viewing room in a real browser: nothing uncovered before a press, exact to the frame."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dalil.web.viewing.models import Limit, Look
from web.viewing.looking import copied, described, opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.browsing import Browse

pytestmark = pytest.mark.browser
FRAMES = 72


def until(page: Page, said: str) -> None:
    """Wait until something holds in the page; the page itself lets nobody evaluate texts."""
    for _ in range(200):
        if page.evaluate(said):
            return
        page.wait_for_timeout(50)
    raise AssertionError(said)


def shown(page: Page, name: str) -> str:
    """Return what the player says of its place."""
    return str(page.locator(f'[data-show="{name}"]').text_content())


def told(page: Page) -> str:
    """Return what the player says of its state."""
    return str(page.locator('[data-show="told"]').text_content())


def ready(browse: Browse, look: str, lang: str = "en") -> Page:
    """Open a look's page and wait until its player can be uncovered."""
    page = browse.open(f"viewing/look/{look}/", as_="rima", lang=lang)
    page.wait_for_selector("dalil-player[data-ready]")
    return page


def pictures(browse: Browse) -> list[str]:
    """Return the requests for pictures so far."""
    return [each for each in browse.requests if each.endswith("/film")]


def look_of(browse: Browse, item: str, version: str = "grey", **more: str) -> str:
    """Ask in the browser's own session, as the form does."""
    context = browse.context("rima")
    client: Any = browse.desk.client()
    for cookie in context.cookies():
        client.cookies[cookie["name"]] = cookie["value"]
    return opened(client, copied(browse.desk, item, version), version, **more)


def test_no_picture_is_asked_for_before_somebody_lifts_the_cover(browse: Browse) -> None:
    item = browse.desk.item()
    look = look_of(browse, item)
    # The session of the browser that asked; the other language is the same session.
    browse.contexts["rima", "ar"] = browse.context("rima")
    for lang in ("en", "ar"):
        text = browse.open(f"viewing/item/{item}/", as_="rima", lang=lang)
        assert text.locator("video, img, picture").count() == 0
        text.close()
        browse.requests.clear()
        page = ready(browse, look, lang)
        page.wait_for_timeout(300)
        assert page.locator("video, img, picture").count() == 0
        assert pictures(browse) == []
        page.click('[data-do="show"]')
        until(page, "document.querySelector('video')?.readyState > 1")
        assert pictures(browse)
        page.keyboard.press("Escape")
        assert page.locator("video").count() == 0
        assert page.locator(".cover[data-do=show]").is_visible()
        page.close()


def test_every_frame_is_reached_and_named_by_its_number_and_time_stamp(browse: Browse) -> None:
    look = look_of(browse, browse.desk.item(), "silent")
    page = ready(browse, look)
    page.select_option('[data-set="tagged"]', "9")
    page.select_option('[data-set="rate"]', "0.1")
    page.click('[data-do="show"]')
    until(page, "document.querySelector('video')?.readyState > 1")
    page.click('[data-do="play"]')
    page.evaluate("document.querySelector('dalil-player').go(0)")
    seen = []
    for number in range(12):
        until(page, "!document.querySelector('video').seeking")
        assert shown(page, "frame") == str(number)
        seen.append((shown(page, "pts"), stripes(page)))
        page.locator("dalil-player").focus()
        page.keyboard.press(".")
    # The stripes of a drawn clip count its frames from 1: each step shows the next picture.
    assert [count for _, count in seen] == list(range(1, 13))
    assert len({pts for pts, _ in seen}) == 12
    page.keyboard.press(",")
    until(page, "!document.querySelector('video').seeking")
    assert stripes(page) == 12


STRIPES = """() => {
  const video = document.querySelector("video");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [320, 192];
  const drawn = canvas.getContext("2d");
  drawn.drawImage(video, 0, 0, 320, 192);
  let count = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    const [red, green, blue] = drawn.getImageData(13 + 14 * bit, 12, 1, 1).data;
    if (red + green + blue > 540) count |= 1 << bit;
  }
  return count;
}"""


def stripes(page: Page) -> int:
    """Return the number that is drawn into the picture on the screen."""
    page.wait_for_timeout(120)
    return int(page.evaluate(STRIPES))


def test_it_stops_before_a_tagged_stretch_and_passes_it_on_demand(browse: Browse) -> None:
    item = browse.desk.item()
    described(browse.desk, item, [(0, 2, 1), (2, 4, 4), (4, 6, 1)])
    page = ready(browse, look_of(browse, item))
    page.fill('[data-set="before"]', "1")
    page.click('[data-do="show"]')
    until(page, "document.querySelector('[data-show=told]').textContent.includes('everity 4')")
    at = page.evaluate("document.querySelector('video').currentTime")
    assert page.evaluate("document.querySelector('video').paused")
    assert 0.9 <= at < 2, at
    page.locator("dalil-player").focus()
    page.keyboard.press("s")
    until(page, "!document.querySelector('video').seeking")
    assert int(shown(page, "frame")) >= 48
    assert shown(page, "time") >= "00:00:04.000"


def test_what_was_on_the_screen_is_signed_when_one_is_done(browse: Browse) -> None:
    look = look_of(browse, browse.desk.item(), "sound", hear="on")
    page = ready(browse, look)
    assert page.locator("canvas.wave").is_visible()
    page.select_option('[data-set="tagged"]', "9")
    page.click('[data-do="show"]')
    until(page, "document.querySelector('video')?.currentTime > 1")
    assert page.evaluate("document.querySelector('video').volume") <= 0.2
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('dalil-player').seen.tell()")
    page.wait_for_timeout(300)
    page.click(f'form[action$="{look}/end/"] button')
    page.wait_for_selector("h1:has-text('This look is over')")
    assert "00:00:0" in page.locator("dl").inner_text()


def test_pages_of_looking(browse: Browse) -> None:
    item = browse.desk.item()
    described(browse.desk, item, [(0, 2, 1), (2, 3, 4), (4, 6, 2)])
    browse.context("rima", "en")
    look = look_of(browse, item, "sound", hear="on")
    browse.contexts["rima", "ar"] = browse.context("rima", "en")
    browse.shot(f"viewing/item/{item}/", "viewing-item", as_="rima")
    browse.shot(f"viewing/look/{look}/", "viewing-look", as_="rima")
    browse.shot("viewing/", "viewing-own", as_="rima")


def test_lanes_in_another_window_follow_the_player_and_lead_it(browse: Browse) -> None:
    item = browse.desk.item()
    page = ready(browse, look_of(browse, item))
    other = browse.open(f"viewing/item/{item}/", as_="rima")
    other.evaluate("""async () => {
      await import("/static/viewing/beside.js");
      window.heard = [];
      document.addEventListener("dalil-time", ({ detail }) => window.heard.push(detail));
    }""")
    page.evaluate("document.querySelector('dalil-player').go(5)")
    until(other, "window.heard.length > 0")
    assert other.evaluate("window.heard.at(-1)") == {
        "pts": str(2048 + 5 * 1024), "timebase": "1/12288", "frame": 5,
    }  # fmt: skip
    # Frame 9 begins at 2048 + 9 * 1024 ticks of 1/12288, whatever base it is told in.
    detail = '{pts: (2048 + 9 * 1024) * 2, timebase: "1/24576"}'
    other.evaluate(f'document.dispatchEvent(new CustomEvent("dalil-seek", {{detail: {detail}}}))')
    until(page, "document.querySelector('[data-show=frame]').textContent === '9'")
    assert pictures(browse) == []


def test_at_the_limit_that_one_set_the_player_covers_and_says_so(browse: Browse) -> None:
    browse.desk.account("rima")
    Limit.objects.create(person_id=browse.desk.signer("rima").person_id, minutes=5)
    look = look_of(browse, browse.desk.item())
    Look.objects.filter(id=look).update(weighed_ms=6 * 60_000)
    page = ready(browse, look)
    page.click('[data-do="show"]')
    page.wait_for_selector(".rest:not([hidden])")
    assert page.locator("video").count() == 0
    assert page.locator(".cover[data-do=show]").is_disabled()
    browse.axe(page)
    page.click('[data-do="more"]')
    assert page.locator(".cover[data-do=show]").is_enabled()


def test_a_look_that_ended_elsewhere_is_covered_for_good(browse: Browse) -> None:
    look = look_of(browse, browse.desk.item())
    page = ready(browse, look)
    page.click('[data-do="show"]')
    until(page, "document.querySelector('video')?.readyState > 1")
    Look.objects.filter(id=look).update(closed_at=datetime.now(UTC), ended="done")
    page.evaluate("document.querySelector('dalil-player').seen.tell()")
    until(page, "document.querySelector('[data-show=told]').textContent.includes('over')")
    assert page.locator("video").count() == 0
    assert page.locator(".cover[data-do=show]").is_disabled()
