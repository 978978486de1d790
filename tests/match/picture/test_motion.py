"""The same footage moves alike through whatever was done to it; another moment does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.match.found import Piece, Transform
from dalil.match.picture.motion import moved_alike
from dalil.media.features.features import NANO, Motion
from match.picture.drawn_scenes import HIGH, WIDE, Picture, filmed, scene, walk

MAN, BIRD = (walk(1), 7.0, 30.0), (walk(2), 3.0, 230.0)
STREET = scene(MAN, BIRD)
LONG = filmed(STREET, 24)


def through(*matrix: float) -> Transform:
    return Transform(matrix, mirrored=False, turned=0.0, shown=(0.0, 0.0, 1.0, 1.0), covers=1.0)


def whole(a: Motion, b: Motion, speed: float = 1.0, transform: Transform | None = None) -> Piece:
    """All of a, somewhere in b."""
    a_to, b_to = ((len(each.grid) - 1) * each.every_ns for each in (a, b))
    return Piece(0, a_to, 0, b_to, speed, transform)


def said(a: Motion, b: Motion, speed: float = 1.0, transform: Transform | None = None) -> str:
    return moved_alike(a, b, whole(a, b, speed, transform)).stage.said


def test_a_cut_is_found_where_it_was_cut() -> None:
    cut = filmed(STREET, 6, begin=9.3)
    moved = moved_alike(cut, LONG, whole(cut, LONG))
    assert moved.stage.said == "yes"
    assert abs(moved.piece.b_from_ns - 9.3 * NANO) < 0.1 * NANO


@settings(max_examples=5, deadline=None)
@given(begin=st.floats(0, 17.9), rate=st.sampled_from([10.0, 12.0, 24.0, 30.0, 50.0]))
def test_wherever_and_at_whatever_rate_it_is_cut_it_is_placed_there(
    begin: float, rate: float
) -> None:
    cut = filmed(STREET, 6, begin=begin, rate=rate)
    moved = moved_alike(cut, LONG, whole(cut, LONG))
    assert moved.stage.said == "yes"
    assert abs(moved.piece.b_from_ns - begin * NANO) < 0.25 * NANO


def _mirrored(picture: Picture, _: int) -> Picture:
    return picture[:, ::-1]


def _cropped(picture: Picture, _: int) -> Picture:
    part = picture[HIGH // 4 :, : WIDE * 3 // 4]
    return np.asarray(cv2.resize(part, (WIDE, HIGH)), np.float32)


def _turned(picture: Picture, _: int) -> Picture:
    return np.rot90(picture, k=-1)


def _shaken(picture: Picture, k: int) -> Picture:
    path = np.array([[1, 0, 1.5 * np.sin(k / 4)], [0, 1, 1.2 * np.cos(k / 3)]])
    return np.asarray(
        cv2.warpAffine(picture, path, (WIDE, HIGH), borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _lit(picture: Picture, k: int) -> Picture:
    return np.asarray(255 * (picture / 255) ** 0.7 * (0.8 + 0.1 * np.sin(k / 9)), np.float32)


def _titled(picture: Picture, k: int) -> Picture:
    titled = picture.copy()
    titled[HIGH * 4 // 5 :] = np.roll(np.tile([20.0, 20.0, 235.0, 20.0], WIDE // 4), -2 * k)
    return titled


SAME = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("change", "matrix"),
    [
        (_mirrored, (-1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)),
        (_cropped, (0.75, 0.0, 0.0, 0.0, 0.75, 0.25, 0.0, 0.0, 1.0)),
        (_turned, (0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 1.0)),
        (_shaken, SAME),
        (_lit, SAME),
        (_titled, SAME),
    ],
)
def test_what_is_done_to_a_copy_does_not_hide_it(
    change: Callable[[Picture, int], Picture], matrix: tuple[float, ...]
) -> None:
    copy = filmed(STREET, 6, begin=9.3, change=change, noise=4)
    piece = whole(copy, LONG, transform=through(*matrix))
    moved = moved_alike(copy, LONG, piece)
    assert moved.stage.said == "yes"
    assert abs(moved.piece.b_from_ns - 9.3 * NANO) < 0.2 * NANO


@pytest.mark.parametrize("speed", [0.75, 1.25])
def test_a_speed_known_to_a_few_in_a_hundred_is_made_better(speed: float) -> None:
    copy = filmed(lambda second: STREET(5 + second * speed), 9)
    moved = moved_alike(copy, LONG, whole(copy, LONG, speed * 1.04))
    assert moved.stage.said == "yes"
    assert moved.piece.speed == pytest.approx(speed, rel=0.015)
    ends = (moved.piece.b_from_ns, moved.piece.b_to_ns)
    assert ends == pytest.approx((5 * NANO, (5 + 9 * speed) * NANO), abs=0.25 * NANO)


def test_another_moment_of_the_same_scene_is_never_called_the_same() -> None:
    for seed in range(3, 8):
        later = filmed(scene((walk(seed), 7.0, 30.0), (walk(seed + 50), 3.0, 230.0)), 6)
        assert said(later, LONG) == "no"


def test_somebody_else_on_the_same_path_is_not_called_the_same() -> None:
    other = filmed(scene((walk(1, pace=1.1), 5.0, 70.0)), 8)
    same_pace = filmed(scene((walk(1), 5.0, 200.0)), 8)
    assert said(other, LONG) != "yes"
    assert said(same_pace, LONG) != "yes"


def test_a_still_scene_with_noise_cannot_be_told() -> None:
    still = scene()
    a, b = filmed(still, 8, noise=8), filmed(still, 12, noise=8, begin=60)
    assert said(a, b) == "cannot-tell"
    assert said(filmed(still, 8), filmed(still, 8)) == "cannot-tell"


def test_a_still_cut_of_a_film_that_moves_later_is_not_denied() -> None:
    first = scene((lambda t: (WIDE * (-0.2 if t < 10 else 0.1 * (t - 10)), 40.0), 8.0, 20.0))
    film, cut = filmed(first, 20), filmed(first, 6, begin=2)
    assert said(cut, film) == "cannot-tell"


def test_what_repeats_itself_cannot_be_told() -> None:
    swing = scene((lambda t: (WIDE * (0.5 + 0.3 * np.sin(np.pi * t)), 45.0), 8.0, 20.0))
    assert said(filmed(swing, 8), filmed(swing, 20)) == "cannot-tell"


def test_too_little_shared_or_nothing_at_all_cannot_be_told() -> None:
    nothing = replace(LONG, grid=LONG.grid[:0])
    corner = through(40.0, 0.0, 0.0, 0.0, 40.0, 0.0, 0.0, 0.0, 1.0)
    for a, b, transform in (
        (nothing, LONG, None), (LONG, nothing, None), (LONG, LONG, corner),
        (replace(LONG, grid=LONG.grid[:1]), LONG, None),
        (replace(LONG, grid=LONG.grid[:, :1, :1]), LONG, None),
    ):  # fmt: skip
        assert said(a, b, 1.0, transform) == "cannot-tell"
    assert said(LONG, LONG, -1.0) == "cannot-tell"


@pytest.mark.parametrize("told", [0.97, 1.03])
def test_a_film_at_its_own_speed_is_not_said_to_be_slowed(told: float) -> None:
    copy = filmed(STREET, 8, begin=6.4, noise=6)
    moved = moved_alike(copy, LONG, whole(copy, LONG, told))
    assert moved.stage.said == "yes"
    assert moved.piece.speed == pytest.approx(1, abs=1e-9)


def test_a_cut_is_found_in_a_film_too_long_to_be_looked_at_closely() -> None:
    parts = [filmed(scene((walk(seed), 7.0, 30.0)), 22).grid for seed in range(30, 32)]
    film = replace(LONG, grid=np.concatenate([*parts, *parts[::-1], LONG.grid, *parts]))
    begin = 4 * len(parts[0]) * LONG.every_ns
    cut = filmed(STREET, 6, begin=9.3)
    moved = moved_alike(cut, film, whole(cut, film))
    assert moved.stage.said == "yes"
    assert abs(moved.piece.b_from_ns - begin - 9.3 * NANO) < 0.1 * NANO
    # What is in it twice is one of two places.
    twice = Motion(film.every_ns, parts[1][:60])
    assert said(twice, film) == "cannot-tell"


def test_films_that_share_only_their_ends_are_laid_end_on_end() -> None:
    for length, shared in ((12, 5), (40, 12)):
        first = filmed(STREET, length)
        second = filmed(STREET, length, begin=length - shared)
        moved = moved_alike(first, second, whole(first, second))
        assert moved.stage.said == "yes"
        ends = (moved.piece.a_from_ns, moved.piece.a_to_ns, moved.piece.b_from_ns)
        ought = ((length - shared) * NANO, length * NANO, 0)
        assert ends == pytest.approx(ought, abs=0.1 * NANO)


def test_a_stretch_of_a_longer_film_is_judged_alone() -> None:
    beside = filmed(scene((walk(77), 9.0, 10.0)), 5)
    cut = filmed(STREET, 5, begin=12)
    film = replace(cut, grid=np.concatenate([beside.grid, cut.grid, beside.grid]))
    begin = len(beside.grid) * film.every_ns
    piece = Piece(begin, begin + 5 * NANO, 0, 24 * NANO, 1.0, None)
    moved = moved_alike(film, LONG, piece)
    assert moved.stage.said == "yes"
    assert moved.piece.a_from_ns == begin
    assert abs(moved.piece.b_from_ns - 12 * NANO) < 0.1 * NANO
