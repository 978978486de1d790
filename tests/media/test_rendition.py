"""Working copies: any clip becomes one that browsers play, with the original's own time stamps."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.errors import MediaUnreadable, NoSuchThing, UsageRefused
from dalil.media.container import open_footage
from dalil.media.working_copy.recipe import GREY, SILENT, SOUND, VERSIONS, Recipe
from dalil.media.working_copy.rendition import Rendition, make_rendition
from dalil.media.working_copy.waveform import waveform
from footage import LONG, QUICK, Clip

ALL = (-(10**12), 10**15)
ROTATED = next(clip for clip in LONG if clip.rotated)
VARIABLE = next(clip for clip in LONG if clip.name == "vfr.mp4")


def made(original: Path, out: Path, version: str = GREY, span: tuple[int, int] = ALL) -> Rendition:
    """Make a working copy of the film in ``original``."""
    return make_rendition(original, out, Recipe("0" * 64, _film(original), *span, version))


def _film(path: Path) -> int:
    with open_footage(path) as opened:
        return opened.streams.video[0].index


def stamps(path: Path) -> list[Fraction]:
    """Return when each picture of a file is shown, in seconds, edit lists ignored."""
    with open_footage(path) as opened:
        film = opened.streams.video[0]
        tick = film.time_base or Fraction(1)
        return [(frame.pts or 0) * tick for frame in opened.decode(film)]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    return {clip.name: clip.make(folder) for clip in (*QUICK, ROTATED, VARIABLE)}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("clip", [*QUICK, VARIABLE], ids=lambda clip: clip.name)
def test_every_picture_comes_at_its_own_time(
    clips: dict[str, Path], tmp_path: Path, clip: Clip, version: str
) -> None:
    copy = tmp_path / "copy.mp4"
    found = made(clips[clip.name], copy, version)
    tick = Fraction(*found.timebase)
    theirs = stamps(clips[clip.name])
    assert [each * tick for each in found.pts] == theirs
    assert stamps(copy) == [each - theirs[0] for each in theirs]
    with av.open(copy) as opened:
        assert opened.streams.video[0].codec_context.name == "h264"


@pytest.mark.parametrize("version", [GREY, SILENT])
@pytest.mark.parametrize("clip", QUICK, ids=lambda clip: clip.name)
def test_a_silent_copy_holds_no_packet_of_sound(
    clips: dict[str, Path], tmp_path: Path, clip: Clip, version: str
) -> None:
    copy = tmp_path / "copy.mp4"
    found = made(clips[clip.name], copy, version)
    with av.open(copy) as opened:
        kinds = {packet.stream.type for packet in opened.demux()}
        assert [stream.type for stream in opened.streams] == ["video"]
    assert kinds == {"video"}
    assert not found.with_sound


def test_sound_is_there_when_it_is_asked_for_and_as_long_as_the_pictures(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.mp4"
    assert made(clips["bframes.mp4"], copy, SOUND).with_sound
    with av.open(copy) as opened:
        lengths = [float((s.duration or 0) * (s.time_base or 0)) for s in opened.streams]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.1)


def test_a_grey_copy_has_no_colour_and_is_small(clips: dict[str, Path], tmp_path: Path) -> None:
    wide = Clip("wide.mp4", width=640, height=360, pictures=3, sound=None).make(tmp_path)
    copy = tmp_path / "copy.mp4"
    found = made(wide, copy, GREY)
    assert (found.width, found.height) == (320, 180)
    with av.open(copy) as opened:
        for frame in opened.decode(video=0):
            colours = frame.to_ndarray(format="yuv420p")[180:]
            assert np.abs(colours.astype(int) - 128).max() <= 2
    assert made(clips["bframes.mp4"], copy, SILENT).width == 192


def test_a_rotated_clip_stands_upright(clips: dict[str, Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy.mp4"
    found = made(clips[ROTATED.name], copy, SILENT)
    assert (found.width, found.height) == (ROTATED.height, ROTATED.width)
    with av.open(copy) as opened:
        frame = next(opened.decode(video=0))
    assert not frame.rotation
    # The square begins in the upper left corner; turned clockwise, it stands in the upper right.
    shown = frame.to_ndarray(format="rgb24").astype(int)
    assert np.abs(shown[10:30, -30:-10] - (240, 60, 30)).mean() < 20


@pytest.mark.parametrize("clip", QUICK, ids=lambda clip: clip.name)
def test_the_same_recipe_gives_the_same_bytes(
    clips: dict[str, Path], tmp_path: Path, clip: Clip
) -> None:
    first, second = tmp_path / "1.mp4", tmp_path / "2.mp4"
    one, other = (made(clips[clip.name], out, SOUND) for out in (first, second))
    assert first.read_bytes() == second.read_bytes()
    assert one == other


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([clip.name for clip in (*QUICK, VARIABLE)]),
    span=st.tuples(st.integers(0, 49), st.integers(0, 49)).map(sorted),
)
def test_a_stretch_holds_its_pictures_and_no_other(
    clips: dict[str, Path], tmp_path: Path, name: str, span: list[int]
) -> None:
    whole = made(clips[name], tmp_path / "whole.mp4").pts
    first, last = (whole[min(each, len(whole) - 1)] for each in span)
    found = made(clips[name], tmp_path / "part.mp4", GREY, (first, last))
    assert list(found.pts) == [each for each in whole if first <= each <= last]


def test_a_stretch_begins_with_the_picture_that_is_on_the_screen(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    whole = made(clips["bframes.mp4"], tmp_path / "whole.mp4").pts
    between = (whole[20] + 1, whole[23])
    assert made(clips["bframes.mp4"], tmp_path / "p.mp4", GREY, between).pts == whole[20:24]


def test_what_is_no_footage_or_no_stretch_is_refused(
    clips: dict[str, Path], tmp_path: Path
) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("no film")
    with pytest.raises(MediaUnreadable):
        make_rendition(text, tmp_path / "o.mp4", Recipe("0" * 64, 0, 0, 1, GREY))
    with pytest.raises(NoSuchThing):
        made(clips["bframes.mp4"], tmp_path / "o.mp4", GREY, (-(10**9), -(10**8)))
    with pytest.raises(UsageRefused):
        Recipe("0" * 64, 0, 5, 4, GREY)
    with pytest.raises(UsageRefused):
        Recipe("0" * 64, 0, 4, 5, "loud")


def test_two_recipes_have_two_names() -> None:
    recipes = [
        Recipe(original * 64, stream, start, 9, version)
        for original in "ab"
        for stream in (0, 1)
        for start in (1, 2)
        for version in VERSIONS
    ]
    assert len({each.digest for each in recipes}) == len(recipes)


def test_a_waveform_is_high_where_it_is_loud_and_flat_where_nothing_sounds(
    tmp_path: Path, clips: dict[str, Path]
) -> None:
    level = waveform(clips["bframes.mp4"], Fraction(0), Fraction(2), 20).peaks
    assert len(level) == 20
    assert all(40 <= each <= 90 for each in level[:-1]), list(level)
    # Before and after the film there is nothing to hear.
    around = waveform(clips["bframes.mp4"], Fraction(-2), Fraction(4), 30).peaks
    assert set(around[:9]) == {0}
    assert min(around[11:18]) >= 40
    assert set(around[-8:]) == {0}
    silent = Clip("silent.mp4", pictures=3, sound=None).make(tmp_path)
    assert waveform(silent, Fraction(0), Fraction(1), 20).peaks == b""
