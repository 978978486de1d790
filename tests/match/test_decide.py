"""A copy is placed on its recording whatever was done to it; another moment is never called it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from dalil.match.decide import Decision, compare
from dalil.match.found import NONE, SAME, SCENE, UNSURE
from dalil.media.features.features import NANO, Seen
from match.picture.drawn_films import HIGH, WIDE, Film, Picture, carried, fixed, ground, seen

STREET, WALK = fixed(1, 1), carried(2)
STREET_16 = seen(STREET, 16)
WALK_16 = seen(WALK, 16)


def off(decision: Decision, begin: float, speed: float = 1.0) -> float:
    """How many seconds the ends of the longest piece are off their true places."""
    piece = max(decision.pieces, key=lambda each: each.a_to_ns - each.a_from_ns)
    return max(
        abs(there / NANO - begin - speed * here / NANO)
        for here, there in (
            (piece.a_from_ns, piece.b_from_ns),
            (piece.a_to_ns, piece.b_to_ns),
        )
    )


def _mirrored(picture: Picture) -> Picture:
    return picture[:, ::-1]


def _turned(picture: Picture) -> Picture:
    return np.rot90(picture, k=-1)


def _cropped(picture: Picture) -> Picture:
    return picture[20:160, 30:290]


def _boxed(picture: Picture) -> Picture:
    return np.pad(picture, ((60, 60), (0, 0)))


def _small_in_another(picture: Picture) -> Picture:
    other = ground(77)[: HIGH * 7 // 5, : WIDE * 7 // 5].copy()
    other[20 : 20 + HIGH, 100 : 100 + WIDE] = picture
    return other


def _filmed_from_a_screen(picture: Picture) -> Picture:
    corners = np.array([[30, 20], [300, 8], [310, 168], [18, 160]], np.float32)
    whole = np.array([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]], np.float32)
    path = cv2.getPerspectiveTransform(whole, corners)
    bright = np.asarray(255 * (picture / 255) ** 0.8, np.uint8)
    return np.asarray(cv2.warpPerspective(bright, path, (WIDE, HIGH)), np.uint8)


@pytest.mark.parametrize(
    ("change", "film", "whole"),
    [
        (_mirrored, STREET, STREET_16),
        (_turned, WALK, WALK_16),
        (_cropped, STREET, STREET_16),
        (_boxed, WALK, WALK_16),
        (_small_in_another, STREET, STREET_16),
        (_filmed_from_a_screen, STREET, STREET_16),
        (_filmed_from_a_screen, WALK, WALK_16),
    ],
)
def test_a_cut_is_placed_through_what_was_done_to_it(
    change: Callable[[Picture], Picture], film: Film, whole: Seen
) -> None:
    decision = compare(seen(film, 6, begin=7.4, change=change), whole)
    assert decision.verdict == SAME
    assert off(decision, 7.4) < 0.5


@pytest.mark.parametrize("speed", [0.75, 1.25])
def test_another_speed_is_found_and_told(speed: float) -> None:
    decision = compare(seen(STREET, 8, begin=3.0, speed=speed), STREET_16)
    assert decision.verdict == SAME
    assert decision.pieces[0].speed == pytest.approx(speed, abs=0.03)
    assert off(decision, 3.0, speed) < 0.5


def test_the_longer_film_is_placed_on_its_cut_as_well() -> None:
    (piece,) = compare(STREET_16, seen(STREET, 6, begin=7.4)).pieces
    assert piece.a_from_ns / NANO == pytest.approx(7.4, abs=0.3)
    assert piece.b_from_ns / NANO == pytest.approx(0, abs=0.3)


def test_a_usual_speed_is_told_as_one() -> None:
    decision = compare(seen(STREET, 6, begin=7.4), STREET_16)
    assert [piece.speed for piece in decision.pieces] == [1.0]


def test_what_was_done_to_the_picture_is_told() -> None:
    (piece,) = compare(seen(STREET, 6, begin=7.4, change=_mirrored), STREET_16).pieces
    assert piece.transform is not None
    assert piece.transform.mirrored
    (piece,) = compare(seen(STREET, 6, begin=7.4, change=_turned), STREET_16).pieces
    assert piece.transform is not None
    assert piece.transform.turned == pytest.approx(-90, abs=2)
    (piece,) = compare(seen(STREET, 6, begin=7.4, change=_cropped), STREET_16).pieces
    assert piece.transform is not None
    assert piece.transform.shown == pytest.approx(
        (30 / 320, 20 / 180, 260 / 320, 140 / 180), abs=0.03
    )


@pytest.mark.parametrize("walker", [2, 4])
def test_another_moment_of_a_scene_is_not_the_same_footage(walker: int) -> None:
    decision = compare(seen(fixed(1, walker), 10), STREET_16)
    assert decision.verdict in {SCENE, UNSURE}


def test_another_walk_through_a_place_is_not_the_same_footage() -> None:
    assert compare(seen(carried(2, path=2), 10), WALK_16).verdict != SAME


def test_two_moments_of_an_empty_scene_cannot_be_told_apart() -> None:
    def empty(_: float) -> Picture:
        return ground(1)[100 : 100 + HIGH, 100 : 100 + WIDE]

    decision = compare(seen(empty, 6), seen(empty, 12))
    assert decision.verdict == UNSURE


def test_other_places_share_nothing() -> None:
    for other in (fixed(3, 1), carried(5)):
        decision = compare(seen(other, 6), WALK_16)
        assert decision.verdict == NONE
        assert decision.pieces == ()


def test_a_logo_and_titles_that_both_carry_make_no_copy() -> None:
    titles = ground(88)[: HIGH // 4, :WIDE]

    def broadcast(picture: Picture) -> Picture:
        shown = picture.copy()
        shown[-HIGH // 4 :] = titles
        shown[:30, -80:] = titles[:30, :80]
        return shown

    one, other = seen(carried(9), 5, change=broadcast), seen(carried(10), 5, change=broadcast)
    assert compare(one, other).verdict != SAME


def test_a_compilation_is_placed_piece_by_piece() -> None:
    def compiled(second: float) -> Picture:
        if second < 5:
            return WALK(second + 2)
        return carried(6)(second) if second < 9 else WALK(second + 3)

    pieces = compare(seen(compiled, 14), WALK_16).pieces
    assert [round(piece.a_from_ns / NANO) for piece in pieces] == [0, 9]
    assert [round(piece.b_from_ns / NANO) for piece in pieces] == [2, 12]
    assert pieces[0].a_to_ns / NANO == pytest.approx(5, abs=0.5)


def test_a_film_without_pictures_is_compared_with_nothing_found() -> None:
    nothing = replace(
        seen(STREET, 0.1),
        prints=replace(STREET_16.prints, hashes=STREET_16.prints.hashes[:0],
                       quality=STREET_16.prints.quality[:0]),
        points=replace(STREET_16.points, start=np.zeros(1, np.int64)),
        motion=replace(STREET_16.motion, grid=STREET_16.motion.grid[:0]),
        looks=np.zeros(0, np.int64),
    )  # fmt: skip
    assert compare(nothing, STREET_16).verdict == NONE
    assert compare(STREET_16, nothing).verdict == NONE
    assert compare(nothing, nothing).verdict == NONE
