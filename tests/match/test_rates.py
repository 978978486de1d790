import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.match.rates import COUNTS, rates, read_rates

GOOD = dict(zip(COUNTS, (10, 20, 200, 3, 9000, 0, 700, 0), strict=True))


def written(**changed: object) -> str:
    return json.dumps({"v": 1, "without": GOOD | changed, "with": GOOD})


def test_a_rate_is_the_share_of_counted_copies() -> None:
    without, learned = read_rates(written(missed=20))
    assert (without.missed, learned.missed) == (0.1, 0.015)
    assert (without.films, without.kinds) == (10, 20)
    assert (without.copies, without.others, without.scenes) == (200, 9000, 700)


@pytest.mark.parametrize("learned", [False, True])
def test_what_the_package_carries_is_in_its_form_and_no_pair_is_called_wrong(
    *, learned: bool
) -> None:
    carried = rates(learned)
    assert carried.films
    assert carried.kinds
    assert (carried.false, carried.false_scene) == (0, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"missed": 201}, {"false": 9001}, {"false_scene": 701}, {"missed": -1}, {"copies": "200"},
        {"copies": 200.0}, {"false": False}, {"films": "3"}, {"kinds": -1},
        {"more": 1},
    ],
)  # fmt: skip
def test_rates_that_cannot_be_are_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="measured rates"):
        read_rates(written(**changed))


@pytest.mark.parametrize("text", ["[]", "{}", '{"v": 2, "with": {}, "without": {}}'])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="another form"):
        read_rates(text)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_no_count_that_can_be_is_refused(counted: tuple[int, int]) -> None:
    copies, missed = counted
    without, _ = read_rates(written(copies=copies, missed=missed))
    assert without.missed == missed / copies
