"""One clock out of pairs: exact where they agree, and silent where they contradict each other."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.match.sync.clock import Sighting, common_clock

NANO = 10**9
MS = 10**6


def pair(a: int, b: int, later_ns: int, error_ns: int = MS, at: int = 20 * NANO) -> Sighting:
    """Return what is seen where ``b`` begins ``later_ns`` after ``a``."""
    return Sighting(a, b, ((at, at - later_ns),), error_ns, "sound")


beginnings = st.lists(st.integers(-100 * NANO, 100 * NANO), min_size=2, max_size=5)


@settings(max_examples=40, deadline=None)
@given(beginnings)
def test_pairs_that_agree_place_every_recording_where_it_began(starts: list[int]) -> None:
    seen = [pair(a, b, starts[b] - starts[a]) for a, b in combinations(range(len(starts)), 2)]
    clock = common_clock(len(starts), seen)
    assert not clock.left_out
    for placed, start in zip(clock.placed, starts, strict=True):
        assert abs(placed.begins_ns - (start - starts[0])) <= max(2 * MS, placed.error_ns)
    assert all(abs(each.error_ns) < MS for each in clock.triangles)


@settings(max_examples=40, deadline=None)
@given(beginnings, st.integers(-50 * NANO, 50 * NANO))
def test_moving_one_recording_moves_it_alone(starts: list[int], by: int) -> None:
    def placed(starts: list[int]) -> list[int]:
        numbers = combinations(range(len(starts)), 2)
        clock = common_clock(len(starts), [pair(a, b, starts[b] - starts[a]) for a, b in numbers])
        return [each.begins_ns for each in clock.placed]

    before, after = placed(starts), placed([*starts[:-1], starts[-1] + by])
    assert all(abs(x - y) < 4 * MS for x, y in zip(before[:-1], after[:-1], strict=True))
    assert abs(after[-1] - before[-1] - by) < 4 * MS + abs(by) // 10**4


def test_of_four_recordings_the_one_pair_that_lies_is_named_and_left_out() -> None:
    starts = [0, 3 * NANO, -5 * NANO, 11 * NANO]
    numbers = list(combinations(range(4), 2))
    seen = [pair(a, b, starts[b] - starts[a]) for a, b in numbers if (a, b) != (1, 2)]
    lie = pair(1, 2, 2 * NANO)
    clock = common_clock(4, [*seen, lie])
    assert clock.left_out == (lie,)
    found = [round(each.begins_ns / NANO, 2) for each in clock.placed]
    assert found == [0, 3, -5, 11]


def test_three_pairs_that_do_not_close_place_nobody_for_any_of_them_may_lie() -> None:
    clock = common_clock(3, [pair(0, 1, NANO), pair(1, 2, NANO), pair(0, 2, 4 * NANO)])
    assert len(clock.left_out) == 3
    assert [each.recording for each in clock.placed] == [0]
    assert clock.triangles[0].error_ns == -2 * NANO


def test_whoever_shares_nothing_with_the_first_is_not_placed() -> None:
    clock = common_clock(4, [pair(0, 1, NANO), pair(2, 3, NANO)])
    assert [each.recording for each in clock.placed] == [0, 1]


def test_nobody_is_placed_without_pairs() -> None:
    assert [each.recording for each in common_clock(3, []).placed] == [0]


def test_a_clock_that_runs_slow_is_told_and_does_not_bend_the_beginning() -> None:
    later, ppm = 7 * NANO, 40

    def in_b(at: int) -> int:
        return round((at - later) / (1 + ppm * 1e-6))

    marks = tuple((at, in_b(at)) for at in (20 * NANO, 620 * NANO))
    placed = common_clock(2, [Sighting(0, 1, marks, MS // 10, "sound")]).placed[1]
    assert placed.drift_ppb == pytest.approx(ppm * 1000, abs=500)
    assert abs(placed.begins_ns - later) <= placed.error_ns < 2 * MS


def test_one_short_meeting_tells_no_drift_and_admits_what_drift_may_do() -> None:
    near = common_clock(2, [pair(0, 1, 0, at=10 * NANO)]).placed[1]
    far = common_clock(2, [pair(0, 1, 0, at=3600 * NANO)]).placed[1]
    assert near.drift_ppb is None
    assert far.drift_ppb is None
    assert near.error_ns < 10 * MS < 100 * MS < far.error_ns
