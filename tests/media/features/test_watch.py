"""Films and sounds watched as they are sealed: which pictures are taken, when, and how upright."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import footage
from dalil.kernel.salt import SealSecret
from dalil.media.features import watch
from dalil.media.features.features import LOOK_EVERY_NS, NANO, Features, Seen
from dalil.media.features.makers import learned
from dalil.media.features.makers.motion import MotionMaker
from dalil.media.features.makers.points import PointMaker
from dalil.media.features.makers.prints import PrintMaker
from dalil.media.features.stored import read_features, read_montages
from dalil.media.features.watched import FEATURES, MONTAGES, survey_and_watch, watch_alone
from dalil.media.survey import Survey, survey

SECRET = SealSecret(bytes(range(32)), bytes(range(16)))


@pytest.fixture(autouse=True)
def _without_the_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(learned, "place", lambda _: None)
        yield


def watched(path: Path, folder: Path) -> tuple[Survey, Features]:
    out, beside = folder / "seal", folder / "beside"
    for each in (out, beside):
        each.mkdir(parents=True)
    said = survey_and_watch(path, out, SECRET, True, beside)  # noqa: FBT003 - as workers call it
    found = read_features(beside / FEATURES)
    assert found is not None
    return said, found


def only(features: Features) -> Seen:
    (film,) = features.films
    return film


def problems(features: Features) -> list[str]:
    """Return what is said to be missing, but for what this machine lacks."""
    return [each for each in features.problems if "libchromaprint" not in each]


def made(tmp_path: Path, clip: footage.Clip) -> Path:
    return clip.make(tmp_path)


LONG_GOP = {"g": "50", "preset": "ultrafast"}


def test_a_film_is_looked_at_each_second_and_followed_eight_times_as_often(tmp_path: Path) -> None:
    clip = footage.Clip("a.mp4", options=LONG_GOP, pictures=86)
    _, features = watched(made(tmp_path, clip), tmp_path)
    film = only(features)
    assert (film.width, film.height, film.frames) == (192, 144, 86)
    assert (film.look_width, film.look_height) == (192, 144)
    assert film.length_ns == 85 * NANO // 25
    assert film.looks.tolist() == [0, NANO, 2 * NANO, 3 * NANO]
    assert len(film.motion.grid) == 28
    assert film.prints.hashes.shape == (4, 8, 32)
    assert film.points.start[-1] > 50
    assert problems(features) == []
    (sound,) = features.sounds
    assert abs(sound.length_ns - film.length_ns) < NANO // 10


def test_watching_changes_nothing_of_the_seal(tmp_path: Path) -> None:
    path = made(tmp_path, footage.QUICK[0])
    alone = tmp_path / "alone"
    alone.mkdir()
    without = survey(path, alone, SECRET)
    within, _ = watched(path, tmp_path)
    assert within == without
    for table in alone.iterdir():
        assert table.read_bytes() == (tmp_path / "seal" / table.name).read_bytes()


@pytest.mark.parametrize("clip", footage.QUICK, ids=lambda clip: clip.name)
def test_the_same_bytes_give_the_same_features_sealed_or_watched_alone(
    clip: footage.Clip, tmp_path: Path
) -> None:
    path = made(tmp_path, clip)
    found = []
    for name in ("once", "twice"):
        watched(path, tmp_path / name)
        beside = tmp_path / name / "beside"
        found.append([(beside / each).read_bytes() for each in (FEATURES, MONTAGES)])
    alone = tmp_path / "alone"
    alone.mkdir()
    watch_alone(path, alone)
    found.append([(alone / each).read_bytes() for each in (FEATURES, MONTAGES)])
    assert found[0] == found[1] == found[2]


def test_a_film_turned_for_viewing_is_watched_upright(tmp_path: Path) -> None:
    lying = made(tmp_path, footage.Clip("lying.mp4", options=footage.GOP))
    turned = made(tmp_path, footage.Clip("turned.mp4", options=footage.GOP, rotated=True))
    _, before = watched(lying, tmp_path / "lying")
    _, after = watched(turned, tmp_path / "turned")
    first, second = only(before), only(after)
    assert (second.width, second.height) == (first.height, first.width)
    assert second.motion.grid.shape[1:] == first.motion.grid.shape[:0:-1]
    turns = [np.rot90(first.motion.grid, k, (1, 2)).astype(int) for k in (1, 3)]
    apart = [np.abs(second.motion.grid - turn).mean() for turn in turns]
    assert min(apart) < 1 < max(apart)


def test_the_shortest_films_are_looked_at_twice(tmp_path: Path) -> None:
    short = footage.Clip("short.mp4", options=LONG_GOP, pictures=7, sound=None)
    single = footage.Clip("single.mp4", options=LONG_GOP, pictures=1, sound=None)
    _, features = watched(made(tmp_path, short), tmp_path / "short")
    assert only(features).looks.tolist() == [0, 6 * NANO // 25]
    _, features = watched(made(tmp_path, single), tmp_path / "single")
    assert only(features).looks.tolist() == [0]


def test_in_a_long_film_looks_come_half_as_often_after_each_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOKS_OF_A_PACE", 3)
    clip = footage.Clip(
        "long.mp4", options=LONG_GOP, pictures=20, sound=None, times=lambda i: 25 * i
    )
    _, features = watched(made(tmp_path, clip), tmp_path)
    looks = (only(features).looks // LOOK_EVERY_NS).tolist()
    assert looks == [0, 1, 2, 3, 4, 6, 8, 12, 16]


def test_what_lies_beyond_a_day_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LONGEST_NS", NANO)
    said, features = watched(made(tmp_path, footage.QUICK[0]), tmp_path)
    film = only(features)
    assert (film.frames, film.length_ns, len(film.looks)) == (50, NANO, 2)
    assert said.frames[0] == 50
    assert problems(features) == ["stream 0: only its first 24 hours are looked at"]


def test_a_maker_that_fails_is_left_out_and_the_rest_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise ValueError("hurt")

    monkeypatch.setattr(PrintMaker, "take", fall)
    monkeypatch.setattr(MotionMaker, "finish", fall)
    said, features = watched(made(tmp_path, footage.QUICK[0]), tmp_path)
    film = only(features)
    assert said.sealed_by == "units"
    assert not film.prints.quality.any()
    assert film.motion.grid.shape == (0, 0, 0)
    assert film.points.start[-1] > 0
    assert problems(features) == [
        "PrintMaker stopped: ValueError",
        "MotionMaker stopped: ValueError",
    ]


def test_a_maker_without_memory_ends_the_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(PointMaker, "take", fall)
    with pytest.raises(MemoryError):
        watched(made(tmp_path, footage.QUICK[0]), tmp_path)


def test_what_is_no_footage_has_no_features_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("no pictures here", encoding="ascii")
    said, features = watched(path, tmp_path)
    assert said.sealed_by == "bytes"
    assert (features.films, features.sounds) == ((), ())
    assert len(features.problems) == 1


def test_sound_alone_is_sealed_by_bytes_and_heard(tmp_path: Path) -> None:
    path = tmp_path / "voice.mkv"
    footage.sound_alone(path, seconds=4)
    said, features = watched(path, tmp_path)
    assert said.sealed_by == "bytes"
    (sound,) = features.sounds
    assert (sound.start_ns, features.films) == (0, ())
    assert abs(sound.length_ns - 4 * NANO) < NANO // 10


def test_the_sheet_of_stills_spans_the_film(tmp_path: Path) -> None:
    watched(made(tmp_path, footage.QUICK[0]), tmp_path)
    montages = read_montages(tmp_path / "beside" / MONTAGES)
    assert montages is not None
    (sheet,) = montages
    assert (sheet.stream, sheet.width, sheet.height) == (0, 160, 120)
    assert sheet.times[0] == 0
    assert sheet.times[-1] > 49 * NANO // 25 - NANO // 4
    assert (np.diff(sheet.times) > 0).all()
