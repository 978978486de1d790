"""Every sentence is there in both languages with the same places; dates are said as people do."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

import dalil.casebook.report
from dalil.casebook.record.claims import LIKELIHOODS, STATUSES
from dalil.casebook.record.form import CLASSES, fixed_words, kinds
from dalil.casebook.record.relations import RELATIONS
from dalil.casebook.record.sources import DERIVATIONS
from dalil.casebook.record.things import ROLES, TYPES
from dalil.casebook.report.phrases import date_in_words, field_name, phrase, quoted, term

WORDS: dict[str, Any] = json.loads(
    (Path(dalil.casebook.report.__file__).parent / "words.json").read_text(encoding="utf-8")
)
PLACE = re.compile(r"\{(\w+)\}")


def test_a_sentence_says_the_same_in_both_languages() -> None:
    months = WORDS["months"]
    assert len(months["en"]) == len(months["ar"]) == 12
    said = {key: (each["en"], each["ar"]) for key, each in WORDS.items() if key != "months"}
    assert [key for key, (en, ar) in said.items() if not (en.strip() and ar.strip())] == []
    assert [key for key, (en, ar) in said.items() if places(en) != places(ar)] == []


def places(sentence: str) -> list[str]:
    """Return what is to be filled in."""
    return sorted(PLACE.findall(sentence))


def test_an_arabic_sentence_is_arabic() -> None:
    latin = [
        key
        for key, said in WORDS.items()
        if key != "months" and re.search(r"[A-Za-z]", PLACE.sub("", said["ar"]))
    ]
    assert latin == []


def test_every_fixed_word_of_records_has_its_words() -> None:
    fixed = {*STATUSES, *LIKELIHOODS, *TYPES, *ROLES, *DERIVATIONS, *RELATIONS, *CLASSES, *kinds()}
    assert [word for word in sorted(fixed) if term(word, "ar") == word] == []
    fields = {each.name for kind in kinds().values() for each in dataclasses.fields(kind)}
    assert [name for name in sorted(fields) if field_name(name, "ar") == name] == []


@pytest.mark.parametrize(
    ("edtf", "en", "ar"),
    [
        ("2013-04-16", "16 April 2013", "16 نيسان 2013"),
        ("2013-04", "April 2013", "نيسان 2013"),
        ("2013", "2013", "2013"),
        ("2022-05~", "about May 2022", "نحو أيار 2022"),
        ("2022?", "perhaps 2022", "ربما 2022"),
        ("2018-12/2019-02", "from December 2018 to February 2019", None),
        ("2015/..", "from 2015 on", "منذ 2015"),
        ("2015/", "from 2015 to an unknown day", None),
        ("/2015", "until 2015, since an unknown day", None),
        ("..", "no date", "بلا تاريخ محدد"),
        ("201X", "201X", "201X"),
    ],
)
def test_a_date_is_said_in_words(edtf: str, en: str, ar: str | None) -> None:
    assert date_in_words(edtf, "en") == en
    assert ar is None or date_in_words(edtf, "ar") == ar


def test_somebody_elses_words_turn_no_direction_but_their_own() -> None:
    said = quoted("left\u202eright")
    assert "\u202e" not in said
    assert said[0] == "\u2068"
    assert said[-1] == "\u2069"
    assert phrase("source-with-key", "ar", source=said, code="S1").count("\u2068") == 1


def test_every_word_out_of_a_fixed_list_of_a_field_has_its_words() -> None:
    chosen = {
        word
        for kind, cls in kinds().items()
        for field in dataclasses.fields(cls)
        for word in fixed_words(kind, field.name)
        if len(word) > 1  # A to F are letters in both languages
    }
    assert [word for word in sorted(chosen) if term(word, "ar") == word] == []


def test_no_field_is_called_by_its_key() -> None:
    fields = {each.name for kind in kinds().values() for each in dataclasses.fields(kind)}
    assert [name for name in sorted(fields) if "_" in field_name(name, "en")] == []
