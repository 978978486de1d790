"""Each refusal says what happened, what is safe and what to do, here and on paper."""

import re

import pytest

from architecture.house import PACKAGE, modules
from dalil.errors import Refusal
from refusals import PAGE, classes, page


@pytest.mark.parametrize("refusal", classes(), ids=lambda c: c.__name__)
def test_a_refusal_says_what_happened_what_is_safe_and_what_to_do(
    refusal: type[Refusal],
) -> None:
    for text in (vars(refusal)["__doc__"], refusal.safe, refusal.next_step):
        assert text
        assert text[0].isupper()
        assert text.rstrip().endswith(".")
    assert refusal.exit_code in {1, 2, 3}


def test_the_page_on_refusals_says_what_the_program_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tools/refusals.py"


@pytest.mark.parametrize("refusal", classes(), ids=lambda c: c.__name__)
def test_no_refusal_is_kept_that_is_never_made(refusal: type[Refusal]) -> None:
    elsewhere = [path for path in modules() if path != PACKAGE / "errors.py"]
    word = re.compile(rf"\b{refusal.__name__}\b")
    used = any(word.search(path.read_text(encoding="utf-8")) for path in elsewhere)
    assert used or refusal.__subclasses__()
