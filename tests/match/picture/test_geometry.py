"""How one picture lies in another, by points alone: upright, mirrored, cut and turned."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from dalil.match.picture.geometry import MIRRORED, Described, lie

HIGH, WIDE = 288, 384
Picture = NDArray[np.uint8]


def scene(seed: int) -> Picture:
    chance = np.random.default_rng(seed)
    drawn = np.full((HIGH, WIDE), 128, np.uint8)
    for _ in range(160):
        x, y, w, h = (int(each) for each in chance.integers((0, 0, 6, 6), (WIDE, HIGH, 50, 50)))
        corners = cv2.boxPoints(((x, y), (w, h), float(chance.uniform(0, 90))))
        cv2.fillConvexPoly(drawn, corners.astype(np.int32), int(chance.integers(0, 256)))
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.8), np.uint8)


def described(picture: Picture) -> Described:
    points, found = cv2.SIFT.create(400).detectAndCompute(picture, None)
    high, wide = picture.shape
    side = np.float32(max(high, wide))
    rooted = np.sqrt(found / found.sum(axis=1, keepdims=True)) * 512
    return Described(
        np.array([each.pt for each in points], np.float32) / side,
        np.array([each.size for each in points], np.float32),
        np.deg2rad(np.array([each.angle for each in points], np.float32)),
        rooted.astype(np.float32),
        wide / float(side),
        high / float(side),
    )


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [None, cv2.ROTATE_90_CLOCKWISE])
def test_a_part_of_a_picture_is_found_mirrored_or_not_whichever_way_it_is_turned(
    *, mirrored: bool, turn: int | None
) -> None:
    whole = scene(3)
    part = whole[40:240, 60:340]
    part = np.asarray(part[:, ::-1] if mirrored else part)
    part = part if turn is None else np.asarray(cv2.rotate(part, turn), np.uint8)
    found = lie(described(np.ascontiguousarray(part)), described(whole))
    assert found is not None
    assert found.mirrored == mirrored
    assert found.points > 60
    corners = found.matrix @ np.array([[0, 1, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1]])
    places = (corners[:2] / corners[2]).T
    left, top, right, bottom = 60 / WIDE, 40 / HIGH, 340 / WIDE, 240 / HIGH
    for wanted in ((left, top), (left, bottom), (right, top), (right, bottom)):
        assert np.abs(places - wanted).max(axis=1).min() < 0.02


def test_another_picture_is_not_found_in_it() -> None:
    assert lie(described(scene(3)), described(scene(4))) is None


def test_a_mirror_s_mirror_is_the_descriptor_itself() -> None:
    assert (MIRRORED[MIRRORED] == np.arange(128)).all()
    assert (np.arange(128) != MIRRORED).any()
