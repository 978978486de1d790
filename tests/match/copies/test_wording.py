"""Counted things are named as each language counts them."""

import pytest

from dalil.match.copies.wording import phrase


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


@pytest.mark.parametrize("key", ["picture", "more", "steps-many", "unknown-many"])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 11, 100])
def test_every_number_has_a_form(key: str, n: int) -> None:
    for lang in ("en", "ar"):
        assert "{" not in phrase(key, lang, n=n, length="0:10")
