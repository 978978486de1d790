"""Sentences follow from modality and status, in both languages, and judge nobody."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib import resources
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.weigh.said import Sayings, named
from dalil.casebook.record.claims import MODALITIES, OBTAINED, STATUSES, Assertion
from dalil.casebook.record.count import Interval
from dalil.casebook.weigh.counts import parts_of
from dalil.casebook.weigh.suggestion import Reason
from dalil.casebook.weigh.wording import (
    counted,
    history_in_words,
    number_in_words,
    parts_in_words,
    plural,
    reason_in_words,
    said_in_words,
    stated_number_in_words,
    status_in_words,
    tally_in_words,
)

WORDS = json.loads((resources.files("dalil.casebook.weigh") / "words.json").read_text("utf-8"))
NEVER = ("authentic", "proves", "perpetrator", "identified", "guilty", "true", "false", "score")


def said(**fields: Any) -> Assertion:  # noqa: ANN401 - any field
    """Return an assertion with evidence."""
    given = {"evidence_offered": "footage", "asserted": "2022-05-30", **fields}
    return Assertion(id="1" * 32, proposition="2" * 32, source="3" * 32, **given)


def plainly(text: str) -> str:
    """Return a sentence without the marks that keep its parts apart."""
    return re.sub("[\u2068\u2069]", "", text)


def test_an_allegation_without_evidence_is_only_claimed_whoever_makes_it() -> None:
    bare = said(evidence_offered=None)
    for modality in ("states", "alleges", "infers"):
        english = said_in_words(
            said(evidence_offered=None, modality=modality),
            "SNHR",
            "30 May 2022",
            "he is held",
            "en",
        )
        assert plainly(english) == "claimed by SNHR on 30 May 2022; no evidence given: he is held"
    arabic = said_in_words(bare, "الشبكة", "30 أيار 2022", "هو محتجز", "ar")
    assert plainly(arabic) == "ادعاء الشبكة في 30 أيار 2022؛ لم يُقدَّم أي دليل: هو محتجز"


def test_who_repeats_another_is_said_to_repeat_him() -> None:
    bare = said(evidence_offered=None, asserted="2022-05")
    sentence = said_in_words(bare, "Daily", "May 2022", "held", "en", "SNHR")
    assert plainly(sentence) == "Daily repeats SNHR (May 2022); no evidence of its own: held"
    assert "الشبكة" in said_in_words(bare, "صحيفة", "", "محتجز", "ar", "الشبكة")


def test_how_it_was_said_stands_in_the_sentence() -> None:
    held = said(obtained_how="custody", machine=True)
    assert said_in_words(held, "He", "", "500", "en").endswith(
        "; said in custody; written by a machine"
    )
    assert "الاحتجاز" in said_in_words(held, "هو", "", "500", "ar")
    assert "; " not in said_in_words(said(), "He", "", "500", "en")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_each_modality_and_way_of_obtaining_has_its_words(lang: str) -> None:
    sentences = {
        said_in_words(said(modality=modality, polarity=polarity), "W", "", "x", lang)
        for modality in MODALITIES
        for polarity in ("affirms", "denies")
    }
    assert len(sentences) == 6
    how = {said_in_words(said(obtained_how=each), "W", "", "x", lang) for each in OBTAINED}
    assert len(how) == len(OBTAINED) - 1  # freely and unknown: nothing is added
    assert len({status_in_words(each, lang) for each in STATUSES}) == len(STATUSES)


def test_numbers_are_ranges_in_words() -> None:
    spans = [(41, 41), (41, None), (None, 12), (41, 288), (None, None)]
    english = [number_in_words(Interval(*each), "en") for each in spans]
    assert english == ["41", "at least 41", "at most 12", "from 41 to 288", "no number"]
    arabic = [number_in_words(Interval(*each), "ar") for each in spans]
    assert arabic == ["41", "41 على الأقل", "12 على الأكثر", "من 41 إلى 288", "بلا عدد"]
    assert number_in_words(Interval(288, 288), "en", about=True) == "about 288"
    assert number_in_words(Interval(288, 288), "ar", about=True) == "نحو 288"


def test_stated_parts_and_what_they_leave_are_told_apart() -> None:
    whole = said(
        lo=288, hi=288, parts_how="incomplete",
        parts=({"label": "women", "lo": 7, "hi": 7}, {"label": "children", "lo": 12, "hi": 12}),
    )  # fmt: skip
    number = stated_number_in_words(whole, "en")
    assert plainly(number) == "288, of these 7 women, 12 children"
    made = parts_of(whole)
    assert made is not None
    derived = plainly(parts_in_words(made, "en"))
    assert derived == (
        "269: what remains of 288 without 7 women, 12 children; derived here, no source says so"
    )
    # Their labels stand apart once, not twice.
    sentence = said_in_words(whole, "A", "", number, "en")
    assert "‹U+" not in sentence
    assert sentence.count("\u2068") == sentence.count("\u2069") == 3


def test_a_part_without_a_number_is_named_and_leaves_at_most_the_rest() -> None:
    parts = ({"label": "women", "lo": 7, "hi": 7}, {"label": "children"})
    made = parts_of(said(lo=41, hi=41, parts=parts, parts_how="incomplete"))
    assert made is not None
    assert plainly(parts_in_words(made, "en")).startswith(
        "at most 34: what remains of 41 without 7 women, children (no number); "
    )
    about = parts_of(said(lo=41, hi=41, about=True, parts=parts[:1], parts_how="incomplete"))
    assert about is not None
    assert plainly(parts_in_words(about, "en")).startswith("about 34: what remains of about 41")
    every = parts_of(said(lo=7, hi=7, parts=parts[:1], parts_how="incomplete"))
    assert every is not None
    assert plainly(parts_in_words(every, "en")).startswith("0: what remains of 7")


def test_whoever_speaks_cannot_turn_the_sentence_around() -> None:
    for lang in ("en", "ar"):
        sentence = said_in_words(said(), "A\u202ecba\u2069", "", "x\n\u2069y", lang)
        assert "\u202e" not in sentence
        assert "\n" not in sentence
        assert sentence.count("\u2068") == sentence.count("\u2069") == 2


@given(st.integers(0, 1000))
def test_arabic_counts_by_the_rules_of_unicode(n: int) -> None:
    expected = {0: "zero", 1: "one", 2: "two"}.get(n)
    if expected is None:
        tail = n % 100
        expected = "few" if 3 <= tail <= 10 else "many" if tail >= 11 else "other"
    assert plural(n, "ar") == expected
    for key in ("outlets", "declared", "origins", "assertions"):
        words = counted(key, n, "ar")
        assert str(n) in words or n < 3
    assert plural(n, "en") == {0: "zero", 1: "one"}.get(n, "other")


def test_all_three_numbers_are_told_and_the_way_to_the_status() -> None:
    sayings = Sayings()
    sayings.ask("held", value="held")
    sayings.ask("free", value="free")
    sayings.say("t1", "held", "ngo", asserted="2022-05-30")
    sayings.say("t2", "held", "daily", "ngo", asserted="2022-05-31")
    sayings.say("t3", "free", "paper", evidence_offered="seen", asserted="2022-10-28")
    sayings.evidence("t1", "contradicts", by_assertion="t3")
    weighed = sayings.weigh()
    found = weighed.suggestion(named("held"))
    assert tally_in_words(found, "en") == (
        "2 outlets, 1 named origin, no origin that offers evidence"
    )
    assert tally_in_words(found, "ar") == "منشوران، منبع واحد مصرَّح به، لا منبع يقدّم دليلًا"
    stages = weighed.since(named("held"))
    day = lambda one: date.fromordinal(one).isoformat()  # noqa: E731 - one expression
    assert history_in_words(stages, day, "en") == (
        "unsupported from 2022-05-30; contested from 2022-10-28"
    )
    assert history_in_words(stages, day, "ar") == (
        "بلا سند منذ 2022-05-30؛ محل خلاف منذ 2022-10-28"
    )


def test_each_sentence_is_in_both_languages_with_the_same_places() -> None:
    for key, sentence in WORDS.items():
        assert set(sentence) == {"en", "ar"}, key
        places = {lang: _places(sentence[lang]) for lang in ("en", "ar")}
        assert places["en"] == places["ar"], key
        english = json.dumps(sentence["en"]).lower()
        assert not any(re.search(rf"\b{word}\b", english) for word in NEVER), key


def test_each_reason_that_weighing_gives_has_words() -> None:
    keys = [key.removeprefix("reason-") for key in WORDS if key.startswith("reason-")]
    source = "".join(
        (resources.files("dalil.casebook.weigh") / name).read_text("utf-8")
        for name in ("status.py", "weighing.py")
    )
    given = set(re.findall(r'Reason\("([a-z_]+)"', source)) | {"contested_without_evidence"}
    remarks = re.search(r"REMARKS = \((.*?)\)", source, re.DOTALL)
    assert remarks is not None
    given |= {f"counted_not_{each}" for each in re.findall(r'"([a-z_]+)"', remarks[1])}
    assert given | {"contested"} == set(keys)
    for key in keys:
        for lang in ("en", "ar"):
            assert "{" not in reason_in_words(Reason(key, (), 3), lang)


def _places(sentence: str | dict[str, str]) -> set[str]:
    texts = [sentence] if isinstance(sentence, str) else list(sentence.values())
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
