"""Light that changes for everybody at once places films; what each sees for itself does not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dalil.match.sync.clock import Sighting
from dalil.match.sync.motion import seen_moment
from dalil.media.features.features import Motion

EVERY = 125_000_000


def film(light: NDArray[np.float64], seed: int) -> Motion:
    """Return a film of its own scene under a light that all share."""
    random = np.random.default_rng(seed)
    scene = random.uniform(40, 160, (1, 18, 32))
    noise = random.normal(0, 2, (light.size, 18, 32))
    return Motion(EVERY, np.clip(scene + light[:, None, None] + noise, 0, 255).astype(np.uint8))


def flashes(seconds: int, seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    light = np.zeros(seconds * 8)
    for at in random.integers(0, light.size, seconds // 4):
        light[at:] += random.choice((-25, 25)) * 0.6 ** np.arange(light.size - at)
    return light


@pytest.mark.parametrize("cut", [0, 13, 100])
def test_flashes_place_two_films_of_different_scenes_to_an_eighth_of_a_second(cut: int) -> None:
    light = flashes(60, 1)
    found = seen_moment(0, film(light[:400], 2), 1, film(light[cut:], 3))
    assert isinstance(found, Sighting)
    ((at_a, at_b),) = found.marks
    assert at_a - at_b == pytest.approx(cut * EVERY, abs=EVERY)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (flashes(60, 1), flashes(60, 4)),
        (flashes(60, 1), np.zeros(480)),
        (np.zeros(480), np.zeros(480)),
        (np.where(np.arange(480) % 16 < 2, 30.0, 0), np.where(np.arange(472) % 16 < 2, 30.0, 0)),
        (flashes(60, 1), flashes(4, 1)),
    ],
    ids=["other flashes", "no flashes", "nothing happens", "a lamp that blinks", "too short"],
)
def test_where_nothing_tells_the_time_nothing_is_said(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> None:
    assert isinstance(seen_moment(0, film(first, 5), 1, film(second, 6)), str)


def walked_by(seconds: int, at: tuple[int, ...], seed: int) -> Motion:
    """Return a film of a still place in which somebody crosses at these seconds."""
    still = film(np.zeros(seconds * 8), seed)
    grid = still.grid.copy()
    for start in at:
        for i in range(32):
            grid[start * 8 + i, 6:14, i : i + 4] = 20
    return Motion(EVERY, grid)


def test_somebody_who_walks_by_in_each_is_no_moment_that_both_share() -> None:
    first, second = walked_by(40, (8, 25), 7), walked_by(40, (12, 31), 8)
    assert isinstance(seen_moment(0, first, 1, second), str)
    first, second = walked_by(12, (4,), 9), walked_by(12, (6,), 10)
    assert isinstance(seen_moment(0, first, 1, second), str)
