"""Bars around a picture, and a logo that stays where a copy moves."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dalil.match.copies.laid_over import lies_over, steadiness

SAME = np.eye(3)
MIRRORED = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])


@pytest.fixture(scope="module")
def moving() -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(30, 220, (80, 36, 64), np.uint8)


def test_black_bars_are_no_part_of_a_picture_and_a_dark_film_has_none(
    moving: NDArray[np.uint8],
) -> None:
    barred = moving.copy()
    barred[:, :6] = barred[:, -6:] = 16
    assert steadiness(barred).own == pytest.approx((0, 6 / 36, 1, 30 / 36))
    assert steadiness(moving).own == (0, 0, 1, 1)
    assert steadiness(np.full_like(moving, 16)).own == (0, 0, 1, 1)


@pytest.mark.parametrize("matrix", [SAME, MIRRORED])
def test_a_logo_is_told_where_the_other_copy_moves_and_in_its_own_film_alone(
    moving: NDArray[np.uint8], matrix: NDArray[np.float64]
) -> None:
    logo = moving.copy()
    logo[:, 3:9, 4:14] = 200
    with_logo, without = steadiness(logo), steadiness(moving)
    assert lies_over(with_logo, without, matrix)
    assert not lies_over(without, with_logo, matrix)
    assert not lies_over(with_logo, with_logo, SAME)


def test_what_stands_still_in_both_copies_is_part_of_the_scene(moving: NDArray[np.uint8]) -> None:
    scene = moving.copy()
    scene[:, :20] = 120
    assert not lies_over(steadiness(scene), steadiness(scene // 2), SAME)


def test_outside_the_other_picture_nothing_is_told(moving: NDArray[np.uint8]) -> None:
    framed = moving.copy()
    framed[:, :, :20] = 90
    beside = np.array([[2.0, 0, -1.0], [0, 1, 0], [0, 0, 1]])
    assert not lies_over(steadiness(framed), steadiness(moving), beside)
