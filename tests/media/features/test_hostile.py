"""Footage made up to hurt whoever looks at it: bounded, sealed, and said in our own words."""

import random
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame

import footage
from dalil.engines.processes import Bounds, run_isolated
from dalil.errors import MediaTooLarge, Refusal
from dalil.kernel.salt import SealSecret
from dalil.media.features.features import NANO, Features
from dalil.media.features.stored import read_features
from dalil.media.features.watch import FILMS_AT_MOST, LONGEST_NS
from dalil.media.features.watched import FEATURES, survey_and_watch
from dalil.media.survey import Survey
from media.conftest import Clips
from media.test_malformed import mutants

SECRET = SealSecret(bytes(32), bytes(16))
SOON = Bounds(4 << 30, 60.0)


def watched(
    files: list[Path], folder: Path, bounds: Bounds = SOON
) -> list[tuple[Survey | Refusal, Features | None]]:
    """Survey and watch files in processes of their own; return what each came to, in order."""
    calls = []
    for number, path in enumerate(files):
        out, beside = folder / f"seal{number}", folder / f"beside{number}"
        out.mkdir()
        beside.mkdir()
        calls.append((path, out, SECRET, True, beside))
    ended = dict(run_isolated(survey_and_watch, calls, 2, lambda _: bounds))
    return [(ended[call], read_features(call[4] / FEATURES)) for call in calls]


def one(path: Path, folder: Path) -> tuple[Survey, Features]:
    [(said, features)] = watched([path], folder)
    assert isinstance(said, Survey), said
    assert features is not None
    return said, features


def coherent(features: Features) -> None:
    """Hold features to what they promise, however they came about."""
    for film in features.films:
        looks = film.looks
        assert 1 <= len(looks) <= film.frames
        assert (np.diff(looks) > 0).all()
        assert 0 <= looks[0] <= looks[-1] <= film.length_ns <= LONGEST_NS
        assert film.motion.grid.size <= 64 * 64 * 64 * film.frames
        assert len(film.prints.quality) == len(film.points.start) - 1 == len(looks)
        assert (film.shots <= film.length_ns).all()


def drawn(
    path: Path,
    size: tuple[int, int],
    times: list[int],
    tick: Fraction = Fraction(1, 1000),
    codec: str = "ffv1",
) -> Path:
    """Write a film of random grey pictures, each at its time in ticks."""
    dice = np.random.default_rng(0)
    with av.open(path, "w", options={"fflags": "+bitexact"}) as out:
        film: Any = out.add_stream(codec, rate=25)
        film.width, film.height, film.pix_fmt = *size, "gray"
        film.time_base = film.codec_context.time_base = tick
        for at in times:
            grey = dice.integers(0, 256, (size[1], size[0])).astype(np.uint8)
            frame = VideoFrame.from_ndarray(grey, format="gray")
            frame.pts, frame.time_base = at, tick
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
    return path


@pytest.mark.parametrize("name", ["bframes.mp4", "stream.ts"])
def test_mutants_are_watched_as_far_as_they_go(name: str, clips: Clips, tmp_path: Path) -> None:
    source = clips(name).path
    files = []
    for number, data in enumerate(mutants(source.read_bytes(), 8, seed=1)):
        files.append(tmp_path / f"{number}{source.suffix}")
        files[-1].write_bytes(data)
    seen = 0
    for said, features in watched(files, tmp_path):
        assert isinstance(said, Survey), said
        assert features is not None
        coherent(features)
        seen += len(features.films)
    assert seen


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1500, 1), (1, 1500), (17, 3)])
def test_the_smallest_and_thinnest_pictures_are_watched(
    size: tuple[int, int], tmp_path: Path
) -> None:
    said, features = one(
        drawn(tmp_path / "small.nut", size, [0, 500, 1500, 2500], codec="rawvideo"), tmp_path
    )
    (film,) = features.films
    assert said.frames == (4,)
    assert (film.width, film.height, len(film.looks)) == (*size, 3)
    assert features.problems == ()
    coherent(features)


def test_pictures_of_16k_are_watched(tmp_path: Path) -> None:
    said, features = one(footage.huge(tmp_path, 16384, 2048), tmp_path)
    (film,) = features.films
    assert said.sealed_by == "units"
    assert (film.look_width, film.look_height) == (512, 64)


def test_ten_thousand_pictures_a_second_are_taken_by_time(tmp_path: Path) -> None:
    times = list(range(3000))
    path = drawn(tmp_path / "fast.nut", (16, 16), times, Fraction(1, 10_000))
    _, features = one(path, tmp_path)
    (film,) = features.films
    assert film.frames == 3000
    assert film.length_ns == 2999 * NANO // 10_000
    assert (len(film.looks), len(film.motion.grid)) == (2, 3)


def test_pictures_that_all_claim_one_moment_are_taken_once(tmp_path: Path) -> None:
    path = drawn(tmp_path / "stopped.mkv", (16, 16), [0] * 200)
    _, features = one(path, tmp_path)
    (film,) = features.films
    assert film.length_ns < NANO // 8
    assert len(film.looks) <= 2
    coherent(features)


def test_films_without_any_time_go_by_their_rate(tmp_path: Path) -> None:
    clip = footage.Clip("raw.h264", options=footage.GOP, sound=None, muxer="h264")
    _, features = one(clip.make(tmp_path), tmp_path)
    (film,) = features.films
    assert film.frames == 50
    assert 1 * NANO <= film.length_ns <= 3 * NANO


def test_time_that_runs_back_goes_on(clips: Clips, tmp_path: Path) -> None:
    path = tmp_path / "twice.ts"
    path.write_bytes(clips("stream.ts").path.read_bytes() * 3)
    said, features = one(path, tmp_path)
    (film,) = features.films
    assert said.frames[0] > 100
    assert 5 * NANO < film.length_ns < 7 * NANO
    coherent(features)


def test_of_a_hundred_streams_a_few_are_watched_and_all_sealed(tmp_path: Path) -> None:
    said, features = one(footage.many_streams(tmp_path, 100), tmp_path)
    assert len(said.units) == 100
    assert len(features.films) == FILMS_AT_MOST
    assert "only" in features.problems[0]


def patched(clips: Clips, path: Path, box: bytes, at: int, value: int) -> Path:
    """Write a clip with one number of a box of its index changed."""
    data = bytearray(clips("bframes.mp4").path.read_bytes())
    place = data.index(box) + 4 + at
    data[place : place + 4] = struct.pack(">I", value)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("box", "at"),
    [(b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16), (b"stts", 12), (b"stts", 8), (b"mdhd", 12)],
)
@pytest.mark.parametrize("value", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_that_is_claimed_fills_nothing(
    box: bytes, at: int, value: int, clips: Clips, tmp_path: Path
) -> None:
    path = patched(clips, tmp_path / "claims.mp4", box, at, value)
    out, beside = tmp_path / "seal", tmp_path / "beside"
    out.mkdir()
    beside.mkdir()
    said = survey_and_watch(path, out, SECRET, True, beside)  # noqa: FBT003 - as workers call it
    features = read_features(beside / FEATURES)
    assert said.tree_root
    assert features is not None
    coherent(features)
    assert (beside / FEATURES).stat().st_size < 2_000_000


def test_hours_between_pictures_are_no_hours_of_nothing(tmp_path: Path) -> None:
    hour = 3_600_000
    times = [0, hour - 1, 2 * hour, 40 * hour, 40 * hour + 40, 3000 * hour]
    _, features = one(drawn(tmp_path / "rare.mkv", (64, 48), times), tmp_path)
    (film,) = features.films
    assert film.frames == 6
    coherent(features)


def test_pictures_that_change_their_size_keep_the_features_of_one_shape(tmp_path: Path) -> None:
    first, second = (
        footage.Clip(f"{w}.ts", width=w, height=h, options=footage.GOP, sound=None)
        for w, h in ((320, 240), (96, 64))
    )
    path = tmp_path / "both.ts"
    path.write_bytes(first.make(tmp_path).read_bytes() + second.make(tmp_path).read_bytes())
    _, features = one(path, tmp_path)
    (film,) = features.films
    assert (film.width, film.height, film.look_width) == (320, 240, 320)
    assert film.frames > 90
    coherent(features)


@pytest.mark.parametrize("rate", [1, 7350, 96_000])
def test_sound_of_any_rate_is_heard(rate: int, tmp_path: Path) -> None:
    path = tmp_path / "voice.mkv"
    with av.open(path, "w") as out:
        sound: Any = out.add_stream("pcm_s16le", rate=rate)
        sound.layout = "mono"
        for index in range(4):
            out.mux(sound.encode(footage.tone(index, 960, rate, "mono", "s16")))
        out.mux(sound.encode(None))
    _, features = one(path, tmp_path)
    for heard in features.sounds:
        assert heard.loudness.size <= 4 * 960 * 26 // rate + 26


def small_file_of_much(folder: Path) -> Path:
    """Write a few kilobytes that come to gigabytes of pictures."""
    path = folder / "bomb.mov"
    with av.open(path, "w") as out:
        film: Any = out.add_stream("qtrle", rate=25)
        film.width, film.height, film.pix_fmt = 2048, 2048, "rgb24"
        frame = VideoFrame(2048, 2048, "rgb24")
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        for index in range(40):
            frame.pts, frame.time_base = index, Fraction(1, 25)
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
    return path


def test_a_bomb_that_unpacks_to_much_is_watched_in_little_memory(tmp_path: Path) -> None:
    path = small_file_of_much(tmp_path)
    assert path.stat().st_size < 600_000
    [(said, features)] = watched([path], tmp_path, Bounds(1 << 30, 60.0))
    assert isinstance(said, Survey)
    assert said.sealed_by == "units"
    assert features is not None
    assert features.films[0].frames == 40


@pytest.mark.long
def test_the_largest_picture_that_a_coder_makes_is_sealed_whatever_becomes_of_it(
    tmp_path: Path,
) -> None:
    [(said, features)] = watched([footage.huge(tmp_path, 16384, 16384)], tmp_path)
    assert isinstance(said, Survey | MediaTooLarge)
    assert features is None or features.films[0].look_width == 512


@pytest.mark.parametrize("bounds", [Bounds(4 << 30, 0.2), Bounds(200 << 20, 60.0)])
def test_what_takes_too_long_or_too_much_ends_in_a_refusal_of_ours(
    bounds: Bounds, tmp_path: Path
) -> None:
    path = footage.huge(tmp_path, 8192, 4096)
    [(said, features)] = watched([path], tmp_path, bounds)
    assert isinstance(said, MediaTooLarge | Refusal)
    assert features is None


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("clip", [*footage.QUICK, *footage.LONG], ids=lambda clip: clip.name)
def test_many_mutants_of_each_clip_are_watched_as_far_as_they_go(
    clip: footage.Clip, seed: int, clips: Clips, tmp_path: Path
) -> None:
    source = clips(clip.name).path
    dice: Callable[[int], int] = random.Random(seed).randrange
    files = []
    for number, data in enumerate(mutants(source.read_bytes(), 20, seed=dice(1000))):
        files.append(tmp_path / f"{number}{source.suffix}")
        files[-1].write_bytes(data)
    ended = watched(files, tmp_path)
    assert sum(not isinstance(said, Survey) for said, _ in ended) <= 2
    for _, features in ended:
        if features is not None:
            coherent(features)
