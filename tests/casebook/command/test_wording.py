"""An answer in words: both languages say the same, and no name stands bare."""

import json
import re
import string
from importlib import resources

import pytest

from casebook.bureau import open_bureau
from casebook.command.garrison import Garrison, commands, entity, harbour, id_of, source
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.wording import counted, told
from dalil.casebook.text.names import isolate

WORDS = json.loads(
    (resources.files("dalil.casebook.command") / "words.json").read_text(encoding="utf-8")
)
SENTENCES = {key: words for key, words in WORDS.items() if isinstance(words["en"], str)}
STANDINGS = ("attested", "between", "roughly", "inferred", "unknown")


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    garrison = Garrison(open_bureau(tmp_path_factory.mktemp("words")))
    more = [
        entity("Dalia", "person", "داليا"),
        source("Witness", see="sealed"),
        commands("Dalia", "Company", "2016-11-09", sources=["Witness"]),
        entity("\u202eEvil", "person"),
        commands("\u202eEvil", "Brigade", None),
    ]
    garrison.write([*harbour(), *more])
    return garrison.ask()


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", sorted(SENTENCES))
def test_both_languages_say_the_same_things(key: str) -> None:
    assert places(WORDS[key]["en"]) == places(WORDS[key]["ar"])
    said = {lang: re.sub(r"\{\w+\}", "", WORDS[key][lang]) for lang in ("en", "ar")}
    assert bool(re.search("[a-z]", said["en"])) == bool(re.search("[ء-ي]", said["ar"]))


def test_every_sentence_is_used() -> None:
    folder = resources.files("dalil.casebook.command")
    code = "".join(path.read_text("utf-8") for path in folder.iterdir() if path.name[-3:] == ".py")
    built = ("asked_", "kind_", "inferred_", "nearby_")
    unused = {
        key
        for key in WORDS
        if not key.startswith(built) and not re.search(f"[\"']{key}[\"']", code)
    }
    assert unused <= {"de_jure", "de_facto", "rival", "denied"}


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (1, "يوم واحد"),
        (2, "يومان"),
        (7, "7 أيام"),
        (11, "11 يومًا"),
        (100, "100 يوم"),
        (104, "104 أيام"),
        (365, "365 يومًا"),
    ],
)
def test_arabic_numbers_agree_with_their_noun(n: int, expected: str) -> None:
    assert counted(n, "day", "ar") == expected


def test_english_numbers_agree_with_their_noun() -> None:
    assert [counted(n, "day", "en") for n in (1, 2, 1500)] == ["1 day", "2 days", "1,500 days"]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_two_cautions_are_always_said(answer: Answer, lang: str) -> None:
    assert WORDS["caution"][lang] in told(answer, lang).splitlines()


def test_no_commander_is_named_without_how_that_is_known(answer: Answer) -> None:
    for line in told(answer, "en").splitlines():
        if "in command of" in line:
            assert any(word in line for word in STANDINGS), line


def test_what_speaks_against_is_said_even_where_nothing_does(answer: Answer) -> None:
    text = told(answer, "en")
    assert (
        f"against: {isolate('Dalia')} is also said to command it then, attested on that day" in text
    )
    assert text.count("against: nothing recorded") == sum(not link.against for link in answer.links)


def test_a_name_is_told_in_the_language_of_the_answer(answer: Answer) -> None:
    assert isolate("داليا") in told(answer, "ar")
    assert isolate("Dalia") in told(answer, "en")


def test_a_withheld_source_is_told_as_withheld_and_not_counted(answer: Answer) -> None:
    text = told(answer, "en")
    assert "a withheld source" in text
    assert "Witness" not in text
    assert id_of("Witness") not in text


def test_no_direction_mark_of_a_name_reaches_the_terminal(answer: Answer) -> None:
    for lang in ("en", "ar"):
        assert "\u202e" not in told(answer, lang)
    assert "‹U+202E›Evil" in told(answer, "en")


def test_the_program_itself_judges_nobody(answer: Answer) -> None:
    words = r"\b(guilty|perpetrator|proves?|authentic|identified|responsible)\b"
    judging = re.compile(words, re.IGNORECASE)
    assert not judging.search(json.dumps(WORDS))
    assert not judging.search(told(answer, "en"))
