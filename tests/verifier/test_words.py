"""Every sentence exists in both languages, with the same places, and is said somewhere."""

import re
import string

import pytest

from dalil.verifier.verify import (
    KINDS_IN_WORDS,
    SECTIONS,
    TITLES,
    VERDICTS,
    WORDS,
    Report,
    as_text,
    printable,
)
from verifier.handed import VERIFIER

SOURCE = VERIFIER.read_text(encoding="utf-8")
CODE = SOURCE.split("\nWORDS = {", maxsplit=1)[0] + SOURCE.split("# The command")[1]
VERB = (VERIFIER.parents[1] / "cli" / "verify.py").read_text(encoding="utf-8")


def places(sentence: str) -> set[str]:
    """Return the names of the places in a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_sentence_has_the_same_places_in_both_languages(code: str) -> None:
    english, arabic = WORDS[code]
    assert places(english) == places(arabic)
    assert re.search(r"[\u0600-\u06ff]", arabic) or code == "field"


def test_every_code_has_words_and_all_words_are_used() -> None:
    said = set(re.findall(r'Verdict\(\s*"([a-z-]+)"', CODE))
    said |= set(re.findall(r'say\(\s*"[a-z-]+",\s*"([a-z-]+)"', CODE + VERB))
    assert said - set(WORDS) == {"part-"}
    assert [code for code in WORDS if f'"{code}' not in CODE + VERB] == [
        "part-excerpt",
        "part-redacted",
        "part-still",
    ]


def test_every_section_and_kind_has_its_title() -> None:
    assert set(TITLES) == set(SECTIONS)
    assert set(VERDICTS) == {0, 1, 3}
    assert all(len(titles) == 2 for titles in KINDS_IN_WORDS.values())


@pytest.mark.parametrize(
    "character", ["\x1b", "\n", "\u202e", "\u2028", "\x00", "\udc80", "\u2066"]
)
def test_untrusted_text_cannot_steer_the_terminal(character: str) -> None:
    report = Report("case-file", f"a{character}b")
    assert character not in as_text(report, "en").split("\n", maxsplit=1)[0]
    assert "\\u" in printable(character)


def test_text_without_end_is_shortened() -> None:
    assert len(printable("x" * 10_000)) == 401
