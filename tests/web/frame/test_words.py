"""Every sentence of the desk is in both languages, and every one that is asked for is there."""

import re
from pathlib import Path

import pytest
from babel import Locale

from dalil.web.frame.say import day, number, say, say_html, words_of
from dalil.web.settings import ROOMS

WEB = Path(__file__).resolve().parents[3] / "src" / "dalil" / "web"
ASKED = re.compile(r"""(?:say|say_html)[ (](?:lang, |self\.lang, )?["']([a-z]+\.[\w-]+)["']""")
PLACES = re.compile(r"\{(\w+)\}")
ARABIC = re.compile(r"[\u0600-\u06ff]")


def forms(said: object) -> list[str]:
    """Return the texts of a wording, plural forms one by one."""
    return list(said.values()) if isinstance(said, dict) else [str(said)]


@pytest.mark.parametrize("room", ROOMS)
def test_each_sentence_has_both_languages_and_the_same_places(room: str) -> None:
    for key, said in words_of(room).items():
        assert set(said) == {"en", "ar"}, key
        wanted = {place for text in forms(said["en"]) for place in PLACES.findall(text)}
        given = {place for text in forms(said["ar"]) for place in PLACES.findall(text)}
        assert wanted == given, key
        for lang in ("en", "ar"):
            plural = said[lang]
            if isinstance(plural, dict):
                needed = set(Locale(lang).plural_form.tags) | {"other"}
                assert needed <= set(plural) | {"zero", "two"}, f"{room}.{key} {lang}"


@pytest.mark.parametrize("room", ROOMS)
def test_arabic_is_arabic(room: str) -> None:
    for key, said in words_of(room).items():
        for text in forms(said["ar"]):
            bare = PLACES.sub("", text)
            letters = re.sub(r"[\W\d_]", "", bare)
            is_name = key == "other-language" or not letters or letters.isascii()
            assert is_name or ARABIC.search(bare), f"{room}.{key}"


def test_each_sentence_that_a_page_asks_for_is_there() -> None:
    missing = []
    for path in [*WEB.rglob("*.html"), *WEB.rglob("*.py")]:
        for key in ASKED.findall(path.read_text("utf-8")):
            room, _, name = key.partition(".")
            if room in ROOMS and name not in words_of(room) and not name.endswith("-"):
                missing.append(f"{path.relative_to(WEB)}: {key}")
    assert missing == []


def test_numbers_and_days_are_written_as_the_language_does() -> None:
    from datetime import date

    assert number(120_450, "en") == "120,450"
    assert number(120_450, "ar") == "١٢٠٬٤٥٠"
    assert day(date(2013, 4, 16), "ar") == "١٦ نيسان ٢٠١٣"
    assert day(date(2013, 4, 16), "en") == "16 April 2013"


def test_a_value_cannot_become_markup_or_turn_the_line_around() -> None:
    said = say_html("en", "frame.own-page", name="<script>x</script>")
    assert "<script>" not in said
    assert said.startswith("<bdi>")


def test_a_sentence_that_is_not_there_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        say("en", "frame.no-such-words")
