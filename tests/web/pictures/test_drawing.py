"""The pictures in a real browser: they are drawn, under the strict policy, from nothing outside."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page

from dalil.casebook.record.form import new_id
from dalil.casebook.record.things import Entity
from web.browsing import PICTURES, Browse, keep
from web.pictures.drawings import CASE, LAT, LON, contested_claim, grave, unit, write
from web.rooms import Desk

pytestmark = pytest.mark.browser


def places(desk: Desk) -> None:
    names = ({"form": "az-Zumurruda", "lang": "en"}, {"form": "الزمردة", "lang": "ar"})
    town = Entity(
        id=new_id(), case=CASE, see="open", type="place", names=names,
        lat_e6=LAT + 40_000, lon_e6=LON - 60_000, radius_m=3000,
    )  # fmt: skip
    write(desk, grave(), town)


def addresses(desk: Desk) -> dict[str, str]:
    return {
        "timeline": f"pictures/timeline/{CASE}",
        "map": f"pictures/map/{CASE}",
        "chain": f"pictures/chain/{unit(desk)}?on=2016-11-09",
        "origins": f"pictures/origins/{contested_claim(desk)}",
    }


def drawn(page: Page) -> str:
    element = page.locator("dalil-timeline, dalil-map, dalil-graph")
    page.wait_for_function(
        "() => document.querySelector('dalil-timeline, dalil-map, dalil-graph').dataset.drawn"
    )
    return element.get_attribute("data-drawn") or ""


def listener(said: list[str]) -> Callable[[ConsoleMessage], None]:
    return lambda each: said.append(each.text)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_pictures_are_drawn_and_break_no_policy(desk: Desk, browse: Browse, lang: str) -> None:
    places(desk)
    for name, path in addresses(desk).items():
        said: list[str] = []
        page = browse.context("idris", lang).new_page()
        page.on("console", listener(said))
        page.goto(f"{browse.address}/{lang}/{path}")
        assert drawn(page) == "yes", (name, said)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(250)
            browse.axe(page)
            keep_where_asked(page, f"pictures-{name}-{lang}{'-dark' if scheme == 'dark' else ''}")
        assert [each for each in said if "Content Security" in each or "violates" in each] == []
        page.close()


def keep_where_asked(page: Page, name: str) -> None:
    """Keep a picture of a page where DALIL_PICTURES is set."""
    if os.environ.get("DALIL_PICTURES"):
        keep(page.screenshot(full_page=True), PICTURES / f"{name}.png")


def test_without_the_means_to_draw_the_list_still_stands(desk: Desk, browse: Browse) -> None:
    places(desk)
    page = browse.context("idris").new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(f"{browse.address}/en/pictures/map/{CASE}")
    assert drawn(page) == "no"
    assert page.get_by_text("The list below holds all of it").is_visible()
    assert page.locator("ol.places li").count() == 2
