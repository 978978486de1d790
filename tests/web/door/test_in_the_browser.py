import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import LazySettings

from dalil.ledger.ledger import Ledger
from web.door.coming_in import telephone
from web.rooms import CAST, Desk, passphrase

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.browsing import Browse

pytestmark = pytest.mark.browser

OWN = "door/own/"


@pytest.fixture
def new(
    tmp_path: Path,
    settings: LazySettings,
    transactional_db: None,  # noqa: ARG001 - it is asked for to be there
    live_server: Any,  # noqa: ANN401 - it is pytest-django's
    monkeypatch: pytest.MonkeyPatch,
) -> "Iterator[Browse]":
    """Yield a browser at a desk that has no archive yet."""
    from web.browsing import browsing

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    settings.ARCHIVE, settings.DESK = tmp_path / "archive", tmp_path / "archive.desk"
    settings.SETUP_CODE = "ab12cd34"
    desk = Desk(settings.ARCHIVE, settings.DESK)
    with browsing(desk, live_server.url.replace("127.0.0.1", "localhost")) as made:
        yield made


def _sign_in(page: "Page", who: str) -> None:
    page.get_by_label(re.compile("^Name|^الاسم")).fill(CAST[who][0])
    page.get_by_label(re.compile("^Passphrase|^عبارة المرور")).fill(passphrase(who))
    page.get_by_role("button", name=re.compile("Sign in|تسجيل الدخول")).click()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_somebody_signs_in_by_keyboard_alone(browse: "Browse", lang: str) -> None:
    page = browse.open("door/login/", lang=lang)
    page.get_by_label(re.compile("^Name|^الاسم")).focus()
    page.keyboard.type(CAST["rima"][0])
    page.keyboard.press("Tab")
    page.keyboard.type(passphrase("rima"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/{lang}/(?!door/login)"))
    page.goto(f"{browse.address}/{lang}/{OWN}")
    assert page.locator("h1").inner_text() == "Rima S."
    cookies = {each["name"]: each for each in page.context.cookies()}
    assert cookies["dalil-key"]["httpOnly"]
    assert cookies["dalil-key"]["secure"]
    assert "dalil-key" not in page.evaluate("document.cookie")


def test_escape_twice_leaves_at_once_in_every_tab(browse: "Browse") -> None:
    one, two = (browse.open(OWN, as_="rima") for _ in range(2))
    one.keyboard.press("Escape")
    one.wait_for_timeout(900)
    assert one.url.endswith(OWN)
    one.keyboard.press("Escape")
    one.keyboard.press("Escape")
    for page in (one, two):
        page.wait_for_url("**/door/away/")
        assert "Dalil" not in page.title()
        assert "Rima" not in page.content()
    one.wait_for_timeout(300)
    assert "dalil-key" not in {each["name"] for each in one.context.cookies()}
    # What was there before is not to be had again by going back.
    one.go_back()
    one.wait_for_timeout(300)
    assert "Rima" not in one.content()


def test_the_button_leaves_too_and_covers_before_anything_is_answered(browse: "Browse") -> None:
    page = browse.open(OWN, as_="idris")
    page.route("**/door/away/", lambda route: route.fulfill(status=204))
    page.locator("[data-leave]").click(no_wait_after=True)
    page.wait_for_function("document.body.hidden")
    assert page.title() == ""


def test_a_second_factor_is_set_up_and_asked_for(browse: "Browse") -> None:
    page = browse.open("door/login/")
    _sign_in(page, "lina")
    page.goto(f"{browse.address}/en/door/own/second-factor/")
    assert page.locator("img.qr").evaluate("each => each.complete && each.naturalWidth > 0")
    secret = page.locator("dd code").inner_text().replace(" ", "")
    page.get_by_label("The six digits that it shows").fill(telephone(secret))
    page.get_by_label("Your passphrase").fill(passphrase("lina"))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/codes/")
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(codes) == 10
    browse.axe(page)
    page.get_by_role("button", name="They are on paper").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/door/login/")
    _sign_in(page, "lina")
    page.wait_for_url("**/door/second/")
    browse.axe(page)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    page.goto(f"{browse.address}/en/{OWN}")
    assert "9 codes are left" in page.content()
    assert "Chrome · Linux" in page.content()
    browse.axe(page)


def test_a_keeper_asks_somebody_in_and_lets_them_in(browse: "Browse") -> None:
    keeper = browse.open("door/people/", as_="salma")
    keeper.get_by_role("link", name="Invite somebody").click()
    keeper.get_by_label("Name").fill("ناديا ن.")
    keeper.get_by_label("Role").select_option("investigator")
    keeper.get_by_role("button", name="Make the invitation").click()
    address, code = keeper.locator("dd code").all_inner_texts()
    browse.axe(keeper)
    newcomer = browse.open(address.split("/en/")[1], lang="ar")
    newcomer.get_by_label("الرمز الذي أُعطيته").fill(code)
    words = "أربع كلمات لا رابط بينها"
    newcomer.get_by_label("عبارة مرورك").fill(words)
    newcomer.get_by_label("العبارة نفسها مرة أخرى").fill(words)
    newcomer.get_by_role("button", name="أنشئ مفتاحي").click()
    read = newcomer.locator("p.under code").inner_text()
    browse.axe(newcomer)
    keeper.get_by_role("button", name="It is handed over").click()
    assert read in keeper.content()
    browse.axe(keeper)
    keeper.get_by_role("button", name="Let in").click()
    newcomer.get_by_role("link", name="تسجيل الدخول").click()
    newcomer.get_by_label("الاسم").fill("ناديا ن.")
    newcomer.get_by_label("عبارة المرور").fill(words)
    newcomer.get_by_role("button", name="تسجيل الدخول").click()
    newcomer.goto(f"{browse.address}/ar/{OWN}")
    assert newcomer.locator("h1").inner_text() == "ناديا ن."


def test_the_pages_of_the_door_can_be_read_by_everybody(browse: "Browse") -> None:
    client = browse.desk.client("salma")
    who = client.get("/en/door/people/").context["page"].active[2].person_id
    for path, name, as_ in (
        ("login/", "login", None), ("recover/", "recover", None), ("away/", "away", None),
        ("own/", "own", "salma"), ("people/", "people", "salma"),
        (f"people/{who}/", "person", "salma"), ("own/second-factor/", "factor", "salma"),
    ):  # fmt: skip
        if os.environ.get("DALIL_PICTURES"):
            browse.shot(f"door/{path}", f"door-{name}", as_)
            continue
        for lang, dark in (("en", False), ("ar", True)):
            page = browse.open(f"door/{path}", as_, lang)
            page.emulate_media(color_scheme="dark" if dark else "light")
            browse.axe(page)
            page.close()


def test_the_first_keeper_founds_an_archive_and_prints_the_sheet(new: "Browse") -> None:
    new.shot("door/set-up/", "door-set-up")
    page = new.open("", lang="ar")
    page.get_by_label("الرمز المطبوع في الطرفية").fill("AB12 CD34")
    page.get_by_label("اسمك").fill("سلمى ح.")
    words = "أربع كلمات لا رابط بينها"
    page.get_by_label("عبارة مرورك").fill(words)
    page.get_by_label("العبارة نفسها مرة أخرى").fill(words)
    page.get_by_role("button", name="أنشئ الأرشيف").dblclick()
    page.wait_for_url("**/door/**")
    if "login" in page.url:
        page.get_by_label("الاسم").fill("سلمى ح.")
        page.get_by_label("عبارة المرور").fill(words)
        page.get_by_role("button", name="تسجيل الدخول").click()
    page.wait_for_url("**/door/sheet/")
    new.axe(page)
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    page.locator("[data-print]").click()
    assert page.locator("body").get_attribute("data-printed") == "yes"
    page.emulate_media(media="print")
    assert not page.locator("header nav, footer, form").first.is_visible()
    assert page.locator("pre.sheet").is_visible()
    page.emulate_media(media="screen")
    page.locator("form button:not([type])").first.click()
    page.goto(f"{new.address}/ar/door/sheet/")
    assert page.locator("pre.sheet").count() == 0
    assert Ledger.open(new.desk.archive).size == 1
