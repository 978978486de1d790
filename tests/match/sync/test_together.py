"""Items on one clock, out of files with pictures: edit lists, hurt files, and what is refused."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

import footage
from dalil.errors import MediaTooLarge, MediaUnreadable
from dalil.media.sound.track import read_track
from terminal import Terminal

RATE = 48_000
PICTURES = 10
Sound = NDArray[np.int16]


def street(seconds: float) -> Sound:
    """Return noise that comes and goes in three bands."""
    random = np.random.default_rng(11)
    size = int(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    sound = np.zeros(size)
    for low in (200, 700, 1900):
        loud = np.interp(
            np.arange(size) / RATE * 4,
            np.arange(seconds * 4 + 2),
            random.exponential(1, int(seconds * 4) + 2) ** 2,
        )
        part = np.fft.irfft(spectrum * ((hertz > low) & (hertz < 1.7 * low)), size)
        sound += part / part.std() * loud
    return np.asarray(np.clip(sound / sound.std() * 5000, -32_000, 32_000), np.int16)


STREET = street(18)


def clip(path: Path, sound: Sound, coding: str = "aac") -> Path:
    """Write pictures with B-frames and a sound that begins with them."""
    with av.open(path, "w", options={"fflags": "+bitexact"}) as out:
        film: Any = out.add_stream("libx264", rate=PICTURES, options=footage.GOP | {"threads": "1"})
        film.width, film.height, film.pix_fmt = 64, 48, "yuv420p"
        track: Any = out.add_stream(coding, rate=RATE)
        track.layout = "mono"
        out.start_encoding()
        size = track.codec_context.frame_size or 1024
        passed = 0
        for index in range(sound.size * PICTURES // RATE):
            frame = footage.picture(index, 64, 48, "yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, PICTURES)
            out.mux(film.encode(frame))
            while passed + size <= (index + 1) * RATE // PICTURES:
                part = AudioFrame.from_ndarray(
                    sound[None, passed : passed + size], format="s16", layout="mono"
                )
                part.sample_rate, part.pts, part.time_base = RATE, passed, Fraction(1, RATE)
                for made in av.AudioResampler(track.format.name, "mono", RATE).resample(part):
                    out.mux(track.encode(made))
                passed += size
        for stream in (film, track):
            out.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "coding"), [("phone.mp4", "aac"), ("phone.mov", "pcm_s16le"), ("phone.ts", "aac")]
)
def test_sound_lies_to_the_first_picture_as_a_player_plays_it(
    tmp_path: Path, name: str, coding: str
) -> None:
    silence = np.zeros(2 * RATE, np.int16)
    loud = np.concatenate((silence, STREET[: 2 * RATE]))
    track = read_track(clip(tmp_path / name, loud, coding), 8_000, 60)
    heard = int(np.argmax(np.abs(track.samples.astype(np.int32)) > 300)) / 8_000
    assert track.start_ns / 1e9 + heard == pytest.approx(2.0, abs=0.003)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return an archive with three recordings of one street, one of none, and no footage."""
    folder = tmp_path_factory.mktemp("street")
    drive = folder / "drive"
    drive.mkdir()
    noise, other = np.random.default_rng(1).integers(-3000, 3000, (2, STREET.size), np.int16)
    clip(drive / "a.mp4", STREET[: 11 * RATE])
    clip(drive / "b.mov", STREET[5 * RATE : 16 * RATE] // 3 + other[: 11 * RATE] // 2, "pcm_s16le")
    clip(drive / "c.mkv", STREET[7 * RATE + 4800 :], "flac")
    clip(drive / "d.mp4", noise[: 6 * RATE])
    (drive / "e.bin").write_bytes(b"no footage at all")
    at = Terminal(folder)
    at.does("init", "archive", "--keeper", "Salma", "--sheet", "sheet.txt")
    at.does("take-in", "archive", "drive", "--no-tiles")
    return at


@pytest.fixture(scope="module")
def items(desk: Terminal) -> dict[str, str]:
    receipts = desk.does("list", "archive", "--json").json()["accessions"][0]["receipts"]
    return {Path(each["name_text"]).stem: str(each["item"]) for each in receipts}


def test_recordings_of_one_street_come_onto_the_clock_of_the_first(
    desk: Terminal, items: dict[str, str]
) -> None:
    told = desk.does("sync", "archive", *(items[name] for name in "abcde"), "--json").json()
    placed = {"abcde"[each["recording"]]: each for each in told["clock"]["placed"]}
    assert set(placed) == {"a", "b", "c"}
    for name, truth in (("b", 5.0), ("c", 7.1)):
        assert placed[name]["begins_ns"] / 1e9 == pytest.approx(truth, abs=0.003)
        assert placed[name]["error_ns"] < 5_000_000
    assert abs(told["clock"]["triangles"][0]["error_ns"]) < 1_000_000
    assert [number for number, _ in told["unheard"]] == [4]


def test_it_is_told_in_sentences_with_what_cannot_be_told(
    desk: Terminal, items: dict[str, str]
) -> None:
    said = desk.does("sync", "archive", *(items[name] for name in "bad"), "--lang", "ar").out
    assert f"{items['a'][:8]} \u2068a.mp4\u2069  تبدأ عند -5.00" in said
    assert f"{items['d'][:8]} \u2068d.mp4\u2069  لا يمكن الجزم" in said


@pytest.mark.parametrize(("names", "code"), [("ad", 3), ("aa", 2)])
def test_where_it_cannot_be_told_or_was_asked_wrongly_the_exit_code_says_so(
    desk: Terminal, items: dict[str, str], names: str, code: int
) -> None:
    assert desk.says("sync", "archive", *(items[name] for name in names)).code == code


@pytest.mark.parametrize("hurt", [footage.cut_short, footage.damaged])
def test_a_hurt_file_gives_what_decodes_or_our_own_refusal(
    tmp_path: Path, hurt: Callable[[Path], Path]
) -> None:
    path = hurt(clip(tmp_path / "phone.ts", STREET[: 3 * RATE]))
    try:
        assert read_track(path, 8_000, 60).samples.size
    except MediaUnreadable:
        return


def test_what_sounds_for_longer_than_allowed_is_refused(tmp_path: Path) -> None:
    path = clip(tmp_path / "long.mkv", STREET[: 4 * RATE], "flac")
    with pytest.raises(MediaTooLarge):
        read_track(path, 8_000, 2)
