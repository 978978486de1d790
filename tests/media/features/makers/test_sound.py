"""What is kept of a sound track: Chromaprint's own bits, loudness, and where they lie in time."""

import shutil
import subprocess
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.media.features.features import Heard
from dalil.media.features.makers.sound import LOUD_EVERY_NS, SoundMaker, chromaprint
from dalil.media.sound.samples import MOST_SILENCE_SECONDS, Sampling

RATE = 16_000
NANO = 10**9
needs_library = pytest.mark.skipif(chromaprint() is None, reason="libchromaprint is not here")


def melody(seconds: float, seed: int = 1, rate: int = RATE) -> NDArray[np.int16]:
    """Return tones that change five times a second, in a little noise."""
    random = np.random.default_rng(seed)
    at = np.arange(int(seconds * rate)) / rate
    tones = random.integers(200, 3000, int(seconds * 5) + 1)[(at * 5).astype(int)]
    sound = 0.4 * np.sin(2 * np.pi * tones * at) + 0.02 * random.standard_normal(at.size)
    return np.asarray(sound * 20_000, np.int16)


def frame_of(sound: NDArray[np.int16], rate: int = RATE, layout: str = "mono") -> AudioFrame:
    frame = AudioFrame.from_ndarray(sound.reshape(1, -1), format="s16", layout=layout)
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    return frame


def heard(sound: NDArray[np.int16], at_ns: int = 0, each: int = 1024) -> Heard:
    maker = SoundMaker(1)
    for start in range(0, sound.size, each):
        maker.take(frame_of(sound[start : start + each]), at_ns + start * NANO // RATE)
    return maker.finish()


@needs_library
@pytest.mark.skipif(shutil.which("fpcalc") is None, reason="fpcalc is not here")
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2), (8_000, 1)])
def test_the_fingerprint_is_that_of_chromaprints_own_program_bit_for_bit(
    tmp_path: Path, rate: int, channels: int
) -> None:
    sound = np.repeat(melody(12, rate=rate), channels)
    path = tmp_path / "melody.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())
    said = subprocess.run(
        ["fpcalc", "-raw", "-plain", "-length", "0", str(path)],
        capture_output=True, check=False, text=True,
    ).stdout  # fmt: skip
    maker = SoundMaker(0)
    with av.open(str(path)) as opened:
        for frame in opened.decode(audio=0):
            maker.take(frame, int((frame.pts or 0) * (frame.time_base or 0) * NANO))
    assert maker.finish().chromaprint.tolist() == [int(each) for each in said.split(",")]


@needs_library
def test_sound_that_fills_the_length_gives_a_print_each_eighth_of_a_second() -> None:
    found = heard(melody(20))
    assert abs(found.length_ns - 20 * NANO) < NANO // 100
    assert 20 - 3 < found.chromaprint.size * found.print_every_ns / NANO < 20


def test_loudness_tells_when_it_is_loud_and_how_loud() -> None:
    quiet, loud = np.zeros(RATE, np.int16), np.full(RATE, 1 << 14, np.int16)
    curve = heard(np.concatenate((quiet, loud, quiet))).loudness
    steps = NANO // LOUD_EVERY_NS
    assert set(curve[: steps - 1]) == {0}
    assert set(curve[steps + 1 : 2 * steps - 1]) == {122}
    assert set(curve[2 * steps + 2 :]) == {0}


def test_a_gap_in_the_time_stamps_is_silence_and_what_follows_stays_in_its_place() -> None:
    maker = SoundMaker(0)
    sound = np.full(RATE, 1 << 14, np.int16)
    maker.take(frame_of(sound), 5 * NANO)
    maker.take(frame_of(sound), 9 * NANO)
    found = maker.finish()
    assert found.start_ns == 5 * NANO
    assert abs(found.length_ns - 5 * NANO) < NANO // 100
    steps = NANO // LOUD_EVERY_NS
    assert not found.loudness[2 * steps : 4 * steps - 2].any()
    assert found.loudness[4 * steps + 2 : 5 * steps - 2].min() == 122


def test_time_stamps_that_run_back_add_nothing_that_was_heard_already() -> None:
    maker = SoundMaker(0)
    for at in (0, 1, 0, 1, 2):
        maker.take(frame_of(np.full(RATE, 1000, np.int16)), at * NANO)
    assert abs(maker.finish().length_ns - 3 * NANO) < NANO // 100


@pytest.mark.parametrize("jump", [MOST_SILENCE_SECONDS + 10, 10**9])
def test_a_jump_beyond_an_hour_ends_it_in_words_and_keeps_what_came_before(jump: int) -> None:
    maker = SoundMaker(0)
    maker.take(frame_of(melody(4)), 0)
    maker.take(frame_of(melody(4)), jump * NANO)
    maker.take(frame_of(melody(4)), jump * NANO + NANO)
    assert abs(maker.finish().length_ns - 4 * NANO) < NANO // 100
    assert "hour" in maker.problem


@pytest.mark.parametrize("rate", [1, 100, 2_000_000])
def test_a_rate_that_no_microphone_has_is_left_out_and_said(rate: int) -> None:
    maker = SoundMaker(0)
    maker.take(frame_of(np.zeros(4096, np.int16), rate), 0)
    assert maker.finish().length_ns == 0
    assert maker.problem


def test_a_track_that_changes_its_shape_without_end_is_left_in_words() -> None:
    maker = SoundMaker(0)
    for number in range(400):
        maker.take(frame_of(np.zeros(512, np.int16), 8_000 + number), None)
    assert maker.finish().length_ns < 400 * 512 * NANO // 8_000
    assert maker.problem


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=1, max_size=12), st.integers(-(10**12), 10**12))
def test_how_the_sound_was_cut_into_frames_changes_no_sample(cuts: list[int], at: int) -> None:
    sound = melody(1)
    whole, parts = Sampling(11_025), Sampling(11_025)
    expected = [*whole.take(frame_of(sound), at), *whole.rest()]
    found: list[NDArray[np.int16]] = []
    start = 0
    for end in [*np.cumsum(cuts).tolist(), sound.size]:
        part = sound[start:end]
        if part.size:
            found += parts.take(frame_of(part), at + start * NANO // RATE)
        start = max(start, end)
    found += parts.rest()
    assert np.array_equal(np.concatenate(found), np.concatenate(expected))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=14))
def test_whatever_the_time_stamps_each_moment_holds_what_came_for_it_first_or_silence(
    places: list[int],
) -> None:
    part = RATE // 2
    sampling = Sampling(RATE)
    found: list[NDArray[np.int16]] = []
    expected: list[int] = []
    for place in [0, *places]:
        level = 1000 * (place + 1)
        found += sampling.take(frame_of(np.full(part, level, np.int16)), place * NANO // 2)
        if place >= len(expected):
            expected += [0] * (place - len(expected)) + [level]
    found += sampling.rest()
    sound = np.concatenate(found)
    assert abs(sound.size - part * len(expected)) < RATE // 100
    middles = sound[part // 2 :: part][: len(expected)]
    assert middles.tolist() == pytest.approx(expected, abs=2)
