"""What every answer carries, what no page holds, and styles that turn with the direction."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.test import Client

from web.addresses import Address, addresses, path_of, samples
from web.rooms import Desk

WEB = Path(__file__).resolve().parents[2] / "src" / "dalil" / "web"
NEEDED = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son\w+=|\sstyle=|<style"
)
ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)|float\s*:\s*(?:left|right)"
    r"|text-align\s*:\s*(?:left|right)|letter-spacing)(?![\w-])\s*:?"
)


def shown(desk: Desk, who: str, lang: str = "en") -> list[tuple[Address, object]]:
    """Return every page that somebody gets, by its address."""
    given, client = samples(desk), desk.client(who, lang)
    left_out = {"door:logout", "door:lock", "door:leave"}
    found = [each for each in addresses() if each.name not in left_out]
    return [(each, client.get(path_of(each, given))) for each in found]


def test_every_answer_keeps_itself_to_itself(desk: Desk) -> None:
    for each, answer in shown(desk, "salma"):
        headers = answer.headers  # type: ignore[attr-defined]
        assert all(name in headers for name in NEEDED), each.name
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy, each.name
        assert headers["X-Content-Type-Options"] == "nosniff", each.name
        assert "no-store" in headers["Cache-Control"], each.name


def test_no_page_holds_a_script_a_style_or_an_address_from_elsewhere(desk: Desk) -> None:
    for each, answer in shown(desk, "salma"):
        if "html" in answer.headers.get("Content-Type", ""):  # type: ignore[attr-defined]
            text = answer.content.decode()  # type: ignore[attr-defined]
            assert INLINE.findall(text) == [], each.name
            assert ELSEWHERE.findall(text) == [], each.name


def test_no_footage_is_in_a_page_before_somebody_asks(desk: Desk) -> None:
    for each, answer in shown(desk, "rima"):
        if "html" in answer.headers.get("Content-Type", ""):  # type: ignore[attr-defined]
            text = answer.content.decode()  # type: ignore[attr-defined]
            # The one picture of the door is the square code of the second factor.
            own = text if each.name != "door:factor" else text.replace("<img", "", 1)
            assert not re.search(r"<(?:video|audio|img|picture|source)\b|poster=", own), each.name


def test_cookies_are_for_this_desk_alone(desk: Desk) -> None:
    client = desk.client("rima")
    client.get("/en/archive/")
    for name, morsel in Client().get("/en/door/login/").cookies.items():
        assert morsel["secure"], name
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Strict", name
    assert settings.SESSION_COOKIE_SECURE
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Strict"


def test_styles_turn_with_the_direction_of_the_text() -> None:
    own = [path for path in WEB.rglob("*.css") if "vendor" not in path.parts]
    assert own
    found = [
        f"{path.relative_to(WEB)}: {hit}"
        for path in own
        for hit in PHYSICAL.findall(path.read_text("utf-8"))
    ]
    assert found == []


def test_a_page_is_in_the_language_and_the_direction_of_its_address(desk: Desk) -> None:
    for lang, direction in (("en", "ltr"), ("ar", "rtl")):
        text = desk.client("rima", lang).get(f"/{lang}/archive/").content.decode()
        assert f'<html lang="{lang}" dir="{direction}"' in text


def test_an_answer_says_nothing_of_what_serves_it(desk: Desk) -> None:
    answer = desk.client("rima").get("/en/no-such-room/")
    assert answer.status_code == 404
    text = answer.content.decode().lower()
    assert "django" not in text
    assert "traceback" not in text


def test_what_somebody_may_not_see_and_what_is_not_there_look_alike(desk: Desk) -> None:
    client = desk.client("ghassan")
    absent = client.get(f"/en/casebook/record/{'0' * 32}/")
    closed = client.get(f"/en/casebook/record/{samples(desk)['claim']}/")
    assert (absent.status_code, closed.status_code) == (404, 404)
    drop = re.compile(r'(?:value|content|href)="[^"]*"|[0-9a-f]{32}')
    assert drop.sub("", absent.content.decode()) == drop.sub("", closed.content.decode())


def test_a_stranger_sends_no_large_body(desk: Desk) -> None:
    form, body = "multipart/form-data; boundary=x", b"x" * (2 << 20)
    assert Client().post("/en/door/login/", body, content_type=form).status_code == 413
    assert desk.client("rima").post("/draft/x", body, content_type=form).status_code != 413
