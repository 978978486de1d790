from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dalil.media.features.clock import BACK_AT_MOST_NS, GAP_AT_MOST_NS, Clock
from dalil.media.features.features import NANO

TICK = Fraction(1, 1000)
STAMPS = st.lists(st.none() | st.integers(-(2**62), 2**62), min_size=1, max_size=40)


def times(stamps: list[int | None], rate: Fraction | None = Fraction(25)) -> list[int]:
    clock = Clock(TICK, rate)
    return [clock.at(each) for each in stamps]


@given(STAMPS, st.none() | st.fractions(-10, 10**9))
def test_times_begin_at_0_and_rise_whatever_the_stamps_say(
    stamps: list[int | None], rate: Fraction | None
) -> None:
    found = times(stamps, rate)
    assert found[0] == 0
    assert all(later > earlier for earlier, later in pairwise(found))
    assert all(b - a <= GAP_AT_MOST_NS for a, b in pairwise(found))


@given(st.lists(st.integers(1, 10_000), max_size=30), st.integers(-(10**9), 10**9))
def test_rising_stamps_are_kept_and_their_beginning_does_not_matter(
    steps: list[int], beginning: int
) -> None:
    stamps, at = [beginning], beginning
    for step in steps:
        at += step
        stamps.append(at)
    assert times(list(stamps)) == [(each - beginning) * 1_000_000 for each in stamps]


def test_after_a_jump_time_goes_on_as_players_do() -> None:
    ahead = times([0, 40, 100_000_000, 100_000_040])
    back = times([90_000, 90_040, 10_000, 10_040])
    assert ahead == back == [0, 40_000_000, 80_000_000, 120_000_000]


def test_a_little_step_back_is_no_jump() -> None:
    found = times([0, 1000, 1000 - BACK_AT_MOST_NS // 2_000_000, 1040])
    assert found == [0, NANO, NANO + 1, 1040 * 1_000_000]


def test_pictures_without_stamps_follow_at_the_rate() -> None:
    assert times([None, None, None], Fraction(10)) == [0, NANO // 10, NANO // 5]
    assert times([None, None], None) == times([None, None], Fraction(0)) == [0, NANO // 25]
