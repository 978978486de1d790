"""Sound as second witness: it agrees, it differs, or it cannot tell, and never more than that."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from dalil.match.found import Piece
from dalil.match.sound import second_witness, shared_sound
from dalil.media.features.features import NANO, Heard

EVERY = 123_809_523
LOUD = 40_000_000


def track(prints: NDArray[np.uint32], loudness: int = 110, start_ns: int = 0) -> Heard:
    """Return a track of such prints, equally loud throughout."""
    length = prints.size * EVERY + 2_600_000_000
    curve = np.full(length // LOUD, loudness, np.uint8)
    return Heard(1, start_ns, length, EVERY, prints, LOUD, curve)


def prints(count: int, seed: int) -> NDArray[np.uint32]:
    """Return prints that change slowly, as those that overlap do."""
    random = np.random.default_rng(seed)
    bits = random.random((count, 32)) < 0.5
    for i in range(1, count):
        stays = random.random(32) < 0.8
        bits[i, stays] = bits[i - 1, stays]
    return np.packbits(bits, axis=1).view(">u4").ravel().astype(np.uint32)


def hurt(which: NDArray[np.uint32], share: float, seed: int = 9) -> NDArray[np.uint32]:
    """Return prints of which a share of the bits is turned."""
    flips = np.random.default_rng(seed).random((which.size, 32)) < share
    return which ^ np.packbits(flips, axis=1).view(">u4").ravel().astype(np.uint32)


def piece(a_from: float, a_to: float, b_from: float, speed: float = 1.0) -> Piece:
    b_to = b_from + (a_to - a_from) * speed
    times = [round(each * NANO) for each in (a_from, a_to, b_from, b_to)]
    return Piece(times[0], times[1], times[2], times[3], speed, None)


LONG = prints(400, 1)


@pytest.mark.parametrize("off", [-0.4, 0.0, 0.4])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.2])
def test_a_copy_with_up_to_a_fifth_of_its_bits_turned_agrees(share: float, off: float) -> None:
    cut = track(hurt(LONG[100:200], share))
    said = second_witness(cut, track(LONG), [piece(0, 14, 100 * EVERY / NANO + off)])
    assert said.said == "yes"
    assert said.score == pytest.approx(share, abs=0.03)


def test_times_count_from_the_first_picture_and_not_from_the_first_sample() -> None:
    cut = track(LONG[100:200], start_ns=-3 * NANO)
    there = track(LONG, start_ns=2 * NANO)
    moment = 100 * EVERY / NANO + 5
    assert second_witness(cut, there, [piece(0, 11, moment)]).said == "yes"
    assert second_witness(cut, there, [piece(0, 11, moment + 4)]).said == "no"


def test_other_sound_in_the_same_place_is_no() -> None:
    music = track(prints(200, 5))
    assert second_witness(music, track(LONG), [piece(0, 20, 5)]).said == "no"


@pytest.mark.parametrize(
    ("a", "b", "asked"),
    [
        (track(LONG, loudness=20), track(LONG), piece(0, 20, 0)),
        (track(LONG), track(LONG), piece(0, 3, 0)),
        (track(LONG), track(LONG), piece(100, 140, 100)),
        (track(prints(0, 1)), track(LONG), piece(0, 20, 0)),
        (track(np.full(300, 7, np.uint32)), track(np.full(300, 7, np.uint32)), piece(0, 20, 0)),
        (track(np.tile(LONG[:16], 20)), track(np.tile(LONG[:16], 20)), piece(0, 20, 0)),
        (track(prints(300, 5)), track(LONG), piece(0, 20, 5, 1.2)),
    ],
    ids=["silence", "too short", "beyond the end", "no prints", "a hum", "a beat", "other speed"],
)
def test_what_says_nothing_is_cannot_tell(a: Heard, b: Heard, asked: Piece) -> None:
    assert second_witness(a, b, [asked]).said == "cannot-tell"


def test_without_pieces_it_cannot_tell() -> None:
    assert second_witness(track(LONG), track(LONG), []).said == "cannot-tell"


def test_sound_put_under_other_pictures_is_found_where_it_lies() -> None:
    other = np.concatenate((prints(80, 6), hurt(LONG[150:260], 0.05), prints(60, 7)))
    (found,) = shared_sound(track(other), track(LONG))
    assert found.transform is None
    assert found.a_from_ns == pytest.approx(80 * EVERY, abs=NANO)
    assert found.b_from_ns - found.a_from_ns == 70 * EVERY
    assert found.a_to_ns - found.a_from_ns == pytest.approx(110 * EVERY + 2 * NANO, abs=2 * NANO)


def test_two_stretches_of_one_track_in_another_order_are_two_pieces() -> None:
    other = np.concatenate((LONG[300:380], prints(30, 8), LONG[40:140]))
    found = shared_sound(track(other), track(LONG))
    assert [round((each.b_from_ns - each.a_from_ns) / EVERY) for each in found] == [300, -70]


@pytest.mark.parametrize(
    "other", [prints(400, 11), np.full(400, 7, np.uint32), np.zeros(0, np.uint32)]
)
def test_tracks_that_share_no_sound_share_no_stretch(other: NDArray[np.uint32]) -> None:
    assert shared_sound(track(other), track(LONG)) == ()
    assert shared_sound(track(other), replace(track(LONG), print_every_ns=1)) == ()
