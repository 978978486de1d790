"""Every component is on one page, in both directions and themes."""

import os
import re

import pytest

from architecture.house import PACKAGE
from web.browsing import PICTURES, Browse, keep
from web.rooms import Desk

CSS = PACKAGE / "web/frame/static/frame/calm.css"
# Shown on every page of all: by the frame itself, not among the components.
OF_THE_FRAME = {
    "skip",
    "own",
    "desk",
    "theme",
    "leave",
    "wide",
    "scroll",
    "rows",
    "button",
    "faint",
}


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_side_is_in_its_language_and_theme(desk: Desk, lang: str, theme: str) -> None:
    answer = desk.client("rima", lang).get(f"/{lang}/patterns/shown/{theme}")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}" data-theme="{theme}"' in html


def test_each_class_of_the_style_sheet_is_shown(desk: Desk) -> None:
    html = desk.client("rima").get("/en/patterns/shown/light").content.decode()
    shown = {name for each in re.findall(r'class="([^"]+)"', html) for name in each.split()}
    defined = set(re.findall(r"\.([a-z][\w-]*)(?=[\s.,:>{\[])", CSS.read_text("utf-8")))
    assert defined - shown - OF_THE_FRAME == set()


def test_there_is_no_third_theme(desk: Desk) -> None:
    assert desk.client("rima").get("/en/patterns/shown/pink").status_code == 404
    assert desk.client("rima").get("/en/patterns/sample/other").status_code == 404


@pytest.mark.browser
def test_all_four_sides_stand_beside_each_other(browse: Browse) -> None:
    page = browse.open("patterns/", "rima")
    page.set_viewport_size({"width": 1600, "height": 1200})
    page.wait_for_load_state("networkidle")
    assert len(page.frames) == 5
    for frame in page.frames[1:]:
        frame.wait_for_selector("dalil-graph[data-drawn=yes]")
    browse.axe(page)
    if os.environ.get("DALIL_PICTURES"):
        keep(page.screenshot(full_page=True), PICTURES / "patterns-en.png")
