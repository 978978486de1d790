"""One name in many spellings is found; two names stay two; what hides in a name is shown."""

import csv
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dalil.casebook.text.names import (
    BIDI,
    NameWarning,
    fold,
    isolate,
    script_of,
    shown,
    skeleton,
    warnings_of,
)
from shared_data import shared

LETTERS = (
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىةکیپ ـَُّabcdefghijklmnopqrstuvwxyzABCĀḥṭşçöü'’ -0123٠١٢۳"
)
NAMES = st.text(alphabet=LETTERS, max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("إعدام", "اعدام"),
        ("أحمد", "احمد"),
        ("آمنة", "امنه"),
        ("مسؤول", "مسوول"),
        ("مصطفى", "مصطفي"),
        ("امجد یوسف", "أمجد يوسف"),
        ("کفر سوسة", "كفر سوسه"),
        ("التـــضامن", "التضامن"),
        ("التَّضَامُن", "التضامن"),
        ("فرع ٢٢٧", "فرع 227"),
        ("فرع ۲۲۷", "فرع 227"),
        ("ﺍﻟﺘﻀﺎﻣﻦ", "التضامن"),
        ("Uğur Ümit Üngör", "ugur umit ungor"),
        ("Ｔａｄａｍｕｎ", "tadamun"),
        ("Ta'mim", "Ta‘mim"),
        ("al-Tadamun", "AL TADAMUN"),
        ("Assad's", "assad"),
        ("Tada\u200bmun\u202e", "tadamun"),
    ],
)
def test_spellings_that_mean_the_same_letters_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
@example("İstanbul")
@example("ﷺ")
@example("ᾳ̈ſ")
def test_folding_twice_is_folding_once_and_leaves_words_and_single_spaces(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert all(unicodedata.category(c)[0] in "LNM" or c == " " for c in folded)


@example("’ş")
@given(NAMES)
def test_folding_does_not_depend_on_how_the_characters_are_composed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    "forms",
    [
        "التضامن|Tadamun|At-Tadamon|al Tadamun|Al-Tadamoun|Tadi-moon|تادامون|तदामोन|Тадамун",
        "Amjad Youssef|Amjad Yousef|أمجد يوسف|امجد یوسف|Amjad al-Youssef|Amjad Yūsuf|अमजद यूसुफ",
        "Kafr Sousa|كفرسوسة|كفر سوسة|Kafar Soussa",
        "عبد الرحمن|عبدالرحمن|Abd ar-Rahman|Abdul Rahman|Abdurrahman|Abdel-Rahman",
        "عبد الله|عبدالله|Abdullah",
        "حمزة|حمزه|Hamza|Hamzah",
        "صالح|Saleh|Salih",
        "دير الزور|Deir ez-Zor|Dayr az-Zawr",
        "Shahhoud|Shahoud|شحود|Chahhoud",
        "Branch 227|BRANCH ٢٢٧|branch-227",
        "الغوطة|Ghouta|al-Ghouta|AlGhouta",
        "اليرموك|Yarmouk|Yarmuk",
        "وليد|Walid|Waleed",
        "خالد|Khaled|Khalid",
    ],
)
def test_the_spellings_of_a_name_have_one_key(forms: str) -> None:
    assert len({skeleton(form) for form in forms.split("|")}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Branch 227", "Branch 277"),
        ("فرع 227", "فرع 277"),
        ("Branch 22 7", "Branch 227"),
        ("Tadamun", "Solidarity"),
        ("Saqr", "Youssef"),
        ("Ali", "Layla"),
        ("فادي صقر", "فادي القصر"),
        ("إلياس", "ياس"),
    ],
)
def test_names_that_are_two_keep_two_keys(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_never_share_a_key(one: int, other: int) -> None:
    assert (skeleton(f"Branch {one}") == skeleton(f"Branch {other}")) == (one == other)


@given(st.text(alphabet="bdfhjkmnrstzaiou ابتجحرسعفكمنوي", max_size=30))
def test_a_key_does_not_depend_on_capitals_vowel_signs_or_stretching(text: str) -> None:
    assert skeleton(text.title()) == skeleton(text)
    assert skeleton(text.replace("ت", "تَـ")) == skeleton(text)


def test_all_forms_of_the_real_place_but_its_translation_and_one_error_share_a_key() -> None:
    path = shared("data", "tadamon") / "name_variants.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["entity"] == "place:tadamon"]
    apart = {row["form"] for row in rows if skeleton(row["form"]) != skeleton("التضامن")}
    assert len(rows) > 15
    assert apart == {"Solidarity", "Tatamun", "حي التضامن"}


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Tadamun", "Latn"),
        ("التضامن", "Arab"),
        ("तदामोन", "Deva"),
        ("Юсуф", "Cyrl"),
        ("التضامن (T)", "Arab"),
        ("227", "Zyyy"),
        ("", "Zyyy"),
    ],
)
def test_the_script_of_a_name_is_that_of_most_of_its_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "what", "characters"),
    [
        ("abc\u202edef", "bidi_control", ("U+202E",)),
        ("Tada\u200bmun", "invisible", ("U+200B",)),
        ("Tada\u00admun", "invisible", ("U+00AD",)),
        ("Ami\u3164r", "invisible", ("U+3164",)),
        ("Amjad أمجد", "mixed_direction", ()),
        ("Аmjad", "mixed_script", ()),
        ("Аmjad", "look_alike", ("U+0410",)),
        ("Branch 2٢7", "mixed_digits", ()),
    ],
)
def test_what_can_deceive_the_eye_is_told(
    text: str, what: str, characters: tuple[str, ...]
) -> None:
    assert NameWarning(what, characters) in warnings_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "التضامن",
        "Branch 227",
        "فرع المنطقة 227",
        "Uğur Ümit Üngör",
        "کفر\u200cسوسه",
        "山田ひろし",
        "",
    ],
)
def test_an_ordinary_name_is_not_warned_of(text: str) -> None:
    assert warnings_of(text) == ()


@given(st.text(max_size=40))
@example("a\u202eb‹U+202E›")
@example("‹‹U+2039›")
@example("‹U")
def test_what_is_shown_can_be_read_back_and_hides_nothing(text: str) -> None:
    said = shown(text)
    assert re.sub(r"‹U\+([0-9A-F]{4,6})›", lambda m: chr(int(m[1], 16)), said) == text
    assert not BIDI & set(said)


@given(st.text(max_size=40))
@example("\u2069\u202e")
@example("X\n set: corroborated")
def test_a_quotation_cannot_leave_its_isolate_or_its_line(text: str) -> None:
    said = isolate(text)
    assert (said[0], said[-1]) == ("\u2068", "\u2069")
    assert not BIDI & set(said[1:-1])
    assert len(said.splitlines()) == 1
