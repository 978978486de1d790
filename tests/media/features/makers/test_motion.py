"""Small pictures at even steps, whatever the rate of the film, and bounded whatever it claims."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.media.features.features import MOTION_EVERY_NS, NANO
from dalil.media.features.makers.motion import (
    CELLS,
    LONGEST_NS,
    MOST_STEPS_PER_PICTURE,
    MotionMaker,
)

DAY_NS = 24 * 3600 * NANO


def _stripes(second: float) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    row = 128 + 90 * np.sin((np.arange(160) / 25 - second) * 1.5)
    return np.tile(row.astype(np.uint8), (90, 1))


def _kept(rate: float, seconds: float = 4) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    maker = MotionMaker()
    for k in range(int(rate * seconds) + 1):
        maker.take(_stripes(k / rate), round(k / rate * NANO))
    return maker.finish().grid


@pytest.mark.parametrize("rate", [12, 15, 30])
def test_films_of_any_rate_give_nearly_the_same_steps(rate: float) -> None:
    fine, coarse = _kept(200).astype(int), _kept(rate).astype(int)
    assert fine.shape == coarse.shape == (33, 36, CELLS)
    assert np.abs(fine - coarse).max() <= 4


@pytest.mark.parametrize("shape", [(1, 1), (1, 160), (160, 1), (20, 30)])
def test_small_pictures_are_never_enlarged(shape: tuple[int, int]) -> None:
    maker = MotionMaker()
    maker.take(np.full(shape, 7, np.uint8), 0)
    grid = maker.finish().grid
    assert grid.shape == (1, min(shape[0], CELLS), min(shape[1], CELLS))
    assert (grid == 7).all()


def test_nothing_taken_is_nothing_kept() -> None:
    assert len(MotionMaker().finish().grid) == 0


@settings(max_examples=30, deadline=None)
@given(times=st.lists(st.integers(1, DAY_NS * 400), unique=True, max_size=12).map(sorted))
def test_times_however_far_apart_fill_no_memory(times: list[int]) -> None:
    maker = MotionMaker()
    for at_ns in (0, *times):
        maker.take(np.full((9, 16), at_ns % 200, np.uint8), at_ns)
    grid = maker.finish().grid
    assert 1 <= len(grid) <= MOST_STEPS_PER_PICTURE * (1 + len(times))
    assert len(grid) <= LONGEST_NS // MOTION_EVERY_NS + 1


def test_a_film_is_kept_to_its_end_where_pictures_come_now_and_then() -> None:
    maker = MotionMaker()
    for second in range(0, 120, 5):
        maker.take(np.full((9, 16), second, np.uint8), second * NANO)
    grid = maker.finish().grid
    assert len(grid) == 115 * 8 + 1
    assert grid[::40, 0, 0].tolist() == list(range(0, 120, 5))
