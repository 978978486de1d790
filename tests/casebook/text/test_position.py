"""Laws of positions that are told coarsely: nobody finds the border by asking again."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from dalil.casebook.text.position import CELL, RADII_M, coarsely, is_exact_for, metres_between

LAT = st.integers(-89_900_000, 89_900_000)
LON = st.integers(-179_900_000, 179_900_000)
POINT = st.tuples(LAT, LON)
RADIUS = st.none() | st.integers(0, 1_000_000)
# Rivals of one pit: measured a few hundred metres beside each other.
NOISE = st.tuples(st.integers(-CELL // 2, CELL // 2), st.integers(-CELL // 2, CELL // 2))


def cell(micro: int) -> int:
    """Return the whole number of cells, a half away from zero: once more, and by other means."""
    return int(math.copysign(math.floor(abs(micro) / CELL + 0.5), micro))


@given(POINT, RADIUS)
def test_a_position_is_told_with_two_decimals_and_a_circle_that_covers_it(
    point: tuple[int, int], radius: int | None
) -> None:
    north, east, around = coarsely([point]).told(*point, radius)
    assert north % CELL == east % CELL == 0
    assert around in RADII_M
    assert metres_between(point, (north, east)) + (radius or 0) <= around


@given(POINT, st.lists(NOISE, min_size=1, max_size=8))
def test_rival_positions_of_one_pit_are_told_as_one(
    point: tuple[int, int], noise: list[tuple[int, int]]
) -> None:
    rivals = [point, *((point[0] + n, point[1] + e) for n, e in noise)]
    told = coarsely(rivals)
    found = {told.told(*each, 20) for each in rivals}
    assert len(found) == 1
    north, east, around = found.pop()
    assert (north // CELL, east // CELL) == (cell(point[0]), cell(point[1]))
    assert all(metres_between(each, (north, east)) + 20 <= around for each in rivals)


@given(st.lists(POINT, min_size=1, max_size=6, unique=True), st.data())
def test_what_is_told_depends_on_cells_alone(
    points: list[tuple[int, int]], data: st.DataObject
) -> None:
    def within(value: int) -> int:
        middle = cell(value) * CELL
        return data.draw(st.integers(middle - CELL // 2 + 1, middle + CELL // 2 - 1))

    moved = [(within(north), within(east)) for north, east in points]
    assume(len(set(moved)) == len(moved))
    before, after = coarsely(points), coarsely(moved)
    told = [before.told(*each, 20) for each in points]
    assert told == [after.told(*each, 20) for each in moved]


@given(st.lists(POINT, min_size=2, max_size=6, unique=True))
def test_a_later_position_moves_no_earlier_one(points: list[tuple[int, int]]) -> None:
    early, late = coarsely(points[:-1]), coarsely(points)
    for each in points[:-1]:
        assert early.told(*each, 20)[:2] == late.told(*each, 20)[:2]


def test_rivals_that_lie_far_apart_are_told_apart() -> None:
    told = coarsely([(33_500_000, 36_300_000), (33_560_000, 36_300_000)])
    assert told.told(33_500_000, 36_300_000, 20) == (33_500_000, 36_300_000, 1_000)
    assert told.told(33_560_000, 36_300_000, 700) == (33_560_000, 36_300_000, 3_000)


def test_only_whoever_sees_open_records_alone_is_told_coarsely_unless_a_site_is_stricter() -> None:
    assert [is_exact_for(clearance) for clearance in (0, 1, 2)] == [False, True, True]
    assert [is_exact_for(clearance, 2) for clearance in (0, 1, 2)] == [False, False, True]
    assert not is_exact_for(0, 0)
