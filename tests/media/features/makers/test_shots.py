import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import MOTION_EVERY_NS
from dalil.media.features.makers.shots import ShotMaker

Film = list[NDArray[np.uint8]]


def scene(seed: int, pictures: int, shake: int = 2) -> Film:
    """Return pictures of one drawn place, from a hand that shakes, with grain."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (12, 20)).astype(np.uint8)
    ground = cv2.resize(coarse, (240, 144), interpolation=cv2.INTER_CUBIC).astype(int)
    film = []
    for _ in range(pictures):
        moved = np.roll(ground, random.integers(-shake, shake + 1, 2), (0, 1))[:90, :160]
        grain = random.normal(0, 4, moved.shape)
        film.append(np.clip(moved + grain, 0, 255).astype(np.uint8))
    return film


def cuts(*scenes: Film) -> list[int]:
    """Return at which pictures shots begin."""
    maker = ShotMaker()
    for number, picture in enumerate(each for one in scenes for each in one):
        maker.take(picture, number * MOTION_EVERY_NS)
    return [int(at) // MOTION_EVERY_NS for at in maker.finish()]


def test_each_cut_between_places_is_found_and_no_other() -> None:
    for seed in range(8):
        assert cuts(scene(seed, 20), scene(seed + 50, 9), scene(seed + 90, 30)) == [0, 20, 29]


def test_a_shot_of_half_a_second_is_one() -> None:
    assert cuts(scene(1, 20), scene(2, 4), scene(3, 20)) == [0, 20, 24]


def test_a_hand_that_shakes_much_cuts_nothing() -> None:
    assert cuts(scene(4, 60, shake=12)) == [0]


def test_light_that_grows_slowly_is_no_cut() -> None:
    still = scene(5, 1)[0].astype(int)
    film = [np.clip(still // 2 + 3 * i, 0, 255).astype(np.uint8) for i in range(40)]
    assert cuts(film) == [0]


def test_one_picture_or_none() -> None:
    assert cuts(scene(6, 1)) == [0]
    assert cuts() == []
    assert cuts([np.zeros((1, 1), np.uint8)] * 3) == [0]
