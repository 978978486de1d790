"""Counted things are named as each language counts them."""

import pytest

from dalil.match.copies.wording import beside_id, phrase, told_apart


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "ونسخة أخرى في القائمة"), (2, "ونسختان أخريان في القائمة"),
        (3, "و3 نُسخ أخرى في القائمة"), (10, "و10 نُسخ أخرى في القائمة"),
        (11, "و11 نسخة أخرى في القائمة"),
        (100, "و100 نسخة أخرى في القائمة"), (103, "و103 نُسخ أخرى في القائمة"),
    ],
)  # fmt: skip
def test_arabic_has_a_dual_a_plural_and_a_singular_after_ten(n: int, said: str) -> None:
    assert phrase("more", "ar", n=n) == said


def test_an_item_is_told_by_its_id_and_its_name_whatever_that_holds() -> None:
    names = {"4f0c1d77" * 4: "a\u202eb.mp4"}
    assert beside_id("4f0c1d77" * 4, names, 8) == "4f0c1d77 \u2068a<U+202E>b.mp4\u2069"
    assert beside_id("77ab20e1" * 4, names, 8) == "77ab20e1"


def test_two_items_of_one_name_are_told_apart_by_their_ids() -> None:
    names = {"aaaaaaaaa": "VID.mp4", "bbbbbbbbb": "VID.mp4", "ccccccccc": "roof.mp4"}
    assert set(told_apart(names).values()) == {
        "VID.mp4 (aaaaaaaa)", "VID.mp4 (bbbbbbbb)", "roof.mp4",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["picture", "more", "steps-many", "unknown-many"])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100])
def test_every_number_has_a_form(key: str, n: int) -> None:
    for lang in ("en", "ar"):
        assert "{" not in phrase(key, lang, n=n, length="0:10")
