"""Where the sound of two recordings meets: through noise, echo, gain and drift, or not at all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.match.sync.clock import Sighting
from dalil.match.sync.sound import RATE, Heard, made_ready, shared_moment
from dalil.media.sound.track import Track

Reals = NDArray[np.float64]
MS = 10**6


def street(seconds: float, seed: int = 5) -> Reals:
    """Return something like a street: coloured noise whose bands come and go, and calls."""
    random = np.random.default_rng(seed)
    size = int(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    sound = np.zeros(size)
    for low in (200, 500, 1100, 2000):
        band = np.fft.irfft(spectrum * ((hertz > low) & (hertz < 1.6 * low)), size)
        steps = random.exponential(1, int(seconds * 4) + 2) ** 2
        sound += band * np.interp(np.arange(size) / RATE * 4, np.arange(steps.size), steps)
    return np.asarray(sound / sound.std())


STREET = street(40)


def ready(sound: Reals, start_ns: int = 0) -> Heard:
    loudest = float(np.abs(sound).max()) or 1.0
    return made_ready(Track(RATE, start_ns, np.asarray(sound / loudest * 25_000, np.int16), ""))


WHOLE = ready(STREET)


def later_ms(found: Sighting | str) -> float:
    """Return how much later the second begins, in ms."""
    assert isinstance(found, Sighting), found
    return float(np.mean([a - b for a, b in found.marks])) / MS


def noisy(sound: Reals, seed: int, decibels: float = -6) -> Reals:
    noise = np.random.default_rng(seed).standard_normal(sound.size)
    return np.asarray(sound + noise * sound.std() * 10 ** (-decibels / 20))


def echoing(sound: Reals) -> Reals:
    out = sound.copy()
    for ms, share in ((23, 0.6), (71, 0.4), (160, 0.3)):
        out[ms * 8 :] += share * sound[: -ms * 8]
    return out


@pytest.mark.parametrize(
    "change",
    [
        lambda sound: sound,
        lambda sound: noisy(sound, 1),
        echoing,
        lambda sound: np.clip(sound * 9, -2, 2),
        lambda sound: sound * np.linspace(0.05, 1, sound.size),
        lambda sound: np.convolve(sound, np.ones(3) / 3, "same"),
    ],
    ids=["clean", "noise at -6 dB", "echo", "overdriven", "rising gain", "muffled"],
)
def test_two_microphones_agree_to_a_third_of_a_millisecond(change: object) -> None:
    assert callable(change)
    first, second = ready(STREET[: 25 * RATE]), ready(change(STREET[7 * RATE + 3 :]))
    found = shared_moment(0, first, 1, second)
    assert later_ms(found) == pytest.approx(7000 + 3 / 8, abs=0.3)


def test_both_in_noise_of_their_own_at_minus_6_db_still_meet() -> None:
    first, second = noisy(STREET[: 25 * RATE], 2), noisy(STREET[7 * RATE :], 3)
    found = shared_moment(0, ready(first), 1, ready(second))
    assert later_ms(found) == pytest.approx(7000, abs=0.5)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 24 * RATE), st.integers(-(10**12), 10**12))
def test_moving_a_recording_moves_the_answer(cut: int, start_ns: int) -> None:
    found = shared_moment(0, WHOLE, 1, ready(STREET[cut : cut + 12 * RATE], start_ns))
    assert later_ms(found) == pytest.approx(cut * 1000 / RATE - start_ns / MS, abs=0.2)


def test_it_is_the_same_seen_from_the_other_side() -> None:
    first, second = ready(STREET[: 20 * RATE]), ready(noisy(STREET[5 * RATE :], 4))
    there, back = shared_moment(0, first, 1, second), shared_moment(1, second, 0, first)
    assert later_ms(there) == pytest.approx(-later_ms(back), abs=0.1)


@pytest.mark.parametrize("ppm", [-80, 100])
def test_a_sampling_clock_that_drifts_is_followed(ppm: int) -> None:
    sound = street(70, 7)
    at = np.arange(int(sound.size / (1 + abs(ppm) * 1e-6))) * (1 + ppm * 1e-6)
    slow = np.interp(at, np.arange(sound.size), sound)
    found = shared_moment(0, ready(sound), 1, ready(slow))
    assert isinstance(found, Sighting)
    (a0, b0), (a1, b1) = found.marks
    assert ((a1 - a0) / (b1 - b0) - 1) * 1e6 == pytest.approx(ppm, abs=5)
    for at_a, at_b in found.marks:
        assert at_a / (1 + ppm * 1e-6) == pytest.approx(at_b, abs=MS // 2)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (STREET[: 18 * RATE], STREET[20 * RATE :], "nothing-shared"),
        (STREET[: 18 * RATE], street(20, 99), "nothing-shared"),
        (STREET, np.zeros(20 * RATE), "silent"),
        (STREET, STREET[: RATE * 2], "nothing-shared"),
    ],
    ids=["no overlap", "another street", "silence", "too short"],
)
def test_where_nothing_is_shared_nothing_is_said(first: Reals, second: Reals, said: str) -> None:
    assert shared_moment(0, ready(first), 1, ready(second)) == said


@pytest.mark.parametrize("every", [0.5, 1.0, 2.0])
def test_beeps_that_repeat_fit_everywhere_and_that_is_said(every: float) -> None:
    at = np.arange(24 * RATE) / RATE
    beeps = np.asarray((at % every < 0.1) * np.sin(2 * np.pi * 1000 * at), np.float64)
    first, second = noisy(beeps, 5, 12), noisy(beeps[RATE // 4 :], 6, 12)
    assert shared_moment(0, ready(first), 1, ready(second)) == "repeats"


def test_a_hum_tells_no_time() -> None:
    at = np.arange(20 * RATE) / RATE
    hum = np.sin(2 * np.pi * 400 * at)
    found = shared_moment(0, ready(noisy(hum, 8, 20)), 1, ready(noisy(hum[500:], 9, 20)))
    assert isinstance(found, str)
