"""Traces of how a file was written, out of the tables of its seal, and of an earlier coding."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.kernel.salt import SealSecret
from dalil.match.copies.lineage.traces import period_of_earlier_coding, read_traces
from dalil.media.survey import seal_bytes, survey
from dalil.media.tables import Tables
from footage import Clip
from shared_data import shared

SECRET = SealSecret(bytes(32), bytes(16))


def surveyed(path: Path, folder: Path) -> Tables:
    folder.mkdir()
    survey(path, folder, SECRET, tiles=False)
    return Tables(folder)


def test_what_a_seal_tells_of_a_clip(tmp_path: Path) -> None:
    clip = Clip("x.mp4", options={"g": "10", "bf": "0", "x264-params": "scenecut=0"}).make(tmp_path)
    told = read_traces(surveyed(clip, tmp_path / "seal"), "phone/VID-20130416-WA0007.mp4")
    assert told is not None
    assert (told.codec, told.width, told.height, told.key_every) == ("h264", 192, 144, 10)
    assert told.rate == pytest.approx(25, rel=0.01)
    assert told.messenger
    assert told.coded_before is None


def test_a_file_that_is_no_footage_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_bytes(os.urandom(9))
    (tmp_path / "seal").mkdir()
    seal_bytes(tmp_path / "note.txt", tmp_path / "seal", SECRET, "no footage")
    assert read_traces(Tables(tmp_path / "seal"), "note.txt") is None
    assert read_traces(Tables(tmp_path / "nothing"), "note.txt") is None


def coded(frames: list[Any], path: Path, **options: str) -> list[tuple[int, int, bool]]:
    with av.open(path, "w") as out:
        film: Any = out.add_stream("libx264", rate=25, options={"threads": "1", **options})
        film.width, film.height, film.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        for i, frame in enumerate(frames):
            fresh = av.VideoFrame.from_ndarray(frame.to_ndarray(), format="yuv420p")
            fresh.pts = i
            out.mux(film.encode(fresh))
        out.mux(film.encode(None))
    with av.open(path) as made:
        packets = [(int(p.pts or 0), p.size, p.is_keyframe) for p in made.demux(video=0) if p.size]
    return sorted(packets)


def frames_of(path: Path, many: int) -> Iterator[Any]:
    with av.open(path) as opened:
        for _, frame in zip(range(many), opened.decode(video=0), strict=False):
            yield frame.reformat(192, 108, "yuv420p", interpolation="AREA")


def period(packets: list[tuple[int, int, bool]]) -> int | None:
    sizes = np.array([size for _, size, _ in packets], np.int64)
    return period_of_earlier_coding(sizes, np.array([key for _, _, key in packets], np.bool_))


def test_an_earlier_coding_shows_where_a_later_one_predicts_from_it(tmp_path: Path) -> None:
    clip = shared("data", "footage", "intel_bottle-detection.mp4")
    frames = list(frames_of(clip, 200))
    phone = {"g": "30", "bf": "0", "preset": "veryfast", "crf": "28", "sc_threshold": "0"}
    assert period(coded(frames, tmp_path / "once.mkv", **phone)) is None
    first = {"g": "12", "bf": "0", "preset": "veryfast", "crf": "24", "sc_threshold": "0"}
    coded(frames, tmp_path / "first.mkv", **first)
    with av.open(tmp_path / "first.mkv") as opened:
        again = list(opened.decode(video=0))
    assert period(coded(again, tmp_path / "twice.mkv", **phone)) == 12


@given(st.integers(0, 400), st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_sizes_without_a_period_say_nothing(count: int, every: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    sizes = luck.lognormal(8, 0.5, count).astype(np.int64)
    keys = np.arange(count) % every == 0 if every else np.zeros(count, np.bool_)
    assert period_of_earlier_coding(sizes, keys) is None
