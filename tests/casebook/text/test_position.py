"""Laws of positions that are told coarsely."""

from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.text.position import CELL, coarse, is_exact_for

LAT = st.integers(-90_000_000, 90_000_000)
LON = st.integers(-180_000_000, 180_000_000)
RADIUS = st.none() | st.integers(0, 20_000_000)


@given(LAT, LON, RADIUS)
def test_a_coarse_position_is_on_the_earth_and_near_the_exact_one(
    lat: int, lon: int, radius: int | None
) -> None:
    north, east, around = coarse(lat, lon, radius)
    assert abs(north) <= 90_000_000
    assert abs(east) <= 180_000_000
    assert max(abs(north - lat), abs(east - lon)) <= CELL // 2
    assert around >= max(radius or 0, 1_000)


@given(LAT, LON, RADIUS)
def test_what_is_coarse_stays_as_it_is(lat: int, lon: int, radius: int | None) -> None:
    once = coarse(lat, lon, radius)
    assert coarse(*once) == once
    assert once[0] % CELL == once[1] % CELL == 0


@given(LAT, LON, st.integers(-CELL // 2 + 1, CELL // 2 - 1))
def test_two_places_in_one_cell_are_told_alike(lat: int, lon: int, moved: int) -> None:
    middle_lat, middle_lon, _ = coarse(lat, lon, None)
    assert coarse(middle_lat + moved, middle_lon - moved, None)[:2] == (middle_lat, middle_lon)


def test_only_whoever_sees_open_records_alone_is_told_coarsely() -> None:
    assert [is_exact_for(clearance) for clearance in (0, 1, 2)] == [False, True, True]
