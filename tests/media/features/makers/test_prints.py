"""Fingerprints of a picture, turned and mirrored, without the bars around it."""

from __future__ import annotations

import numpy as np
import pytest

from dalil.match.picture.votes import MATCH, ORIENTATIONS
from dalil.media.features.makers.prints import PrintMaker, prints_of, without_bars
from match.picture.drawn_films import ground

PICTURE = ground(1)
# What each orientation does to a picture, in the order in which PDQ gives them.
TURNED = (
    PICTURE,
    np.rot90(PICTURE),
    np.rot90(PICTURE, 2),
    np.rot90(PICTURE, -1),
    PICTURE[::-1],
    PICTURE[:, ::-1],
    PICTURE.T,
    PICTURE[::-1, ::-1].T,
)


@pytest.mark.parametrize("orientation", range(8))
def test_a_turned_picture_gives_the_turned_hash(orientation: int) -> None:
    hashes, _ = prints_of(PICTURE)
    upright = prints_of(np.ascontiguousarray(TURNED[orientation]))[0][0]
    apart = np.bitwise_count(hashes ^ upright).sum(axis=1)
    assert apart.argmin() == orientation
    assert apart[orientation] <= 2


@pytest.mark.parametrize("orientation", range(8))
def test_a_place_lies_where_its_orientation_puts_it(orientation: int) -> None:
    mark = np.zeros((90, 90), np.uint8)
    mark[10, 20] = 1
    turned = (
        mark, np.rot90(mark), np.rot90(mark, 2), np.rot90(mark, -1),
        mark[::-1], mark[:, ::-1], mark.T, mark[::-1, ::-1].T,
    )[orientation]  # fmt: skip
    x, y, _ = ORIENTATIONS[orientation] @ (20.5 / 90, 10.5 / 90, 1)
    assert turned[int(y * 90), int(x * 90)] == 1


def test_black_bars_change_nothing() -> None:
    boxed = np.pad(PICTURE, ((80, 80), (30, 30)))
    assert without_bars(boxed).shape == PICTURE.shape
    apart = np.bitwise_count(prints_of(boxed)[0][0] ^ prints_of(PICTURE)[0][0]).sum()
    assert apart <= MATCH


def test_a_dark_picture_is_left_whole() -> None:
    dark = np.zeros((90, 160), np.uint8)
    assert without_bars(dark).shape == dark.shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 512), (512, 1)])
def test_the_smallest_pictures_are_taken(shape: tuple[int, int]) -> None:
    maker = PrintMaker()
    maker.take(np.full(shape, 200, np.uint8), 0)
    assert maker.finish().hashes.shape == (1, 8, 32)
    assert PrintMaker().finish().hashes.shape == (0, 8, 32)
