"""Local features: found again in what changed, passed over where nothing did."""

from __future__ import annotations

import numpy as np
import pytest

from dalil.media.features.features import NANO
from dalil.media.features.makers.points import KEPT, Describer, PointMaker
from match.picture.drawn_films import carried, fixed, ground, seen


def test_a_camera_that_stands_is_described_rarely_and_one_that_moves_often() -> None:
    standing, moving = (
        (np.diff(seen(film, 9).points.start) > 0).nonzero()[0].tolist()
        for film in (lambda _: fixed(1, 1)(0.0), carried(2))
    )
    assert standing == [0, 8]
    assert {0, 2, 4, 6, 8} <= set(moving)


def test_a_cut_is_described_at_once() -> None:
    maker = PointMaker()
    for second, grey in enumerate((0, 0, 0, 200, 200)):
        maker.take(
            np.clip(ground(1)[:180, :320] // 4 + grey, 0, 255).astype(np.uint8), second * NANO
        )
    assert (np.diff(maker.finish().start) > 0).tolist() == [True, False, False, True, False]


def test_long_films_are_described_more_rarely() -> None:
    maker = PointMaker()
    for k in range(100):
        picture = ground(2)[:64, :64] // 4 + np.uint8(40 + 20 * (k % 2))
        maker.take(picture, (86_000 + k) * NANO)
    assert (np.diff(maker.finish().start) > 0).sum() == 3


def test_points_are_few_spread_and_of_one_length() -> None:
    described = Describer()(ground(3)[:288, :512])
    assert 100 < len(described.places) <= KEPT
    assert (described.places >= 0).all()
    assert (described.places <= (512, 288)).all()
    length = np.linalg.norm(described.descriptors.astype(np.float64), axis=1)
    assert np.abs(length - 512).max() < 20
    cells = np.unique((described.places // (128, 72)).astype(int), axis=0)
    assert len(cells) >= 14


@pytest.mark.parametrize("shape", [(1, 1), (1, 512), (512, 1), (90, 160)])
def test_an_empty_picture_has_none(shape: tuple[int, int]) -> None:
    maker = PointMaker()
    maker.take(np.full(shape, 90, np.uint8), 0)
    assert maker.finish().start.tolist() == [0, 0]
