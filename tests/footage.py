"""Test clips of drawn shapes and tones, made by this code and the wheel's encoders alone.

Each clip is some seconds of a square that walks over stripes, with a tone.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import VideoFrame

RATE = 25
SOUND_RATE = 48000


@dataclass(frozen=True, slots=True)
class Clip:
    """How a clip is made: coding of picture and sound, container, size, length in pictures."""

    name: str
    codec: str = "libx264"
    pixels: str = "yuv420p"
    width: int = 192
    height: int = 144
    pictures: int = 50
    options: dict[str, str] = field(default_factory=dict)
    sound: str | None = "aac"
    tracks: int = 1
    sound_rate: int = SOUND_RATE
    muxer: str | None = None
    times: Callable[[int], int] = lambda i: i
    rotated: bool = False

    def make(self, folder: Path) -> Path:
        """Write the clip into ``folder`` and return its path."""
        path = folder / self.name
        _write(self, path)
        if self.rotated:
            _rotate(path)
        return path


GOP = {"g": "10", "bf": "2", "x264-params": "scenecut=0:open-gop=0"}
# The six of the quick tests need nothing but the wheel's own encoders.
QUICK = (
    Clip("bframes.mp4", options=GOP),
    Clip("editlist.mp4", options=GOP, times=lambda i: i - 23),
    Clip("stream.ts", options=GOP),
    Clip("odd.mkv", codec="libvpx-vp9", width=190, height=130, sound="libopus",
         options={"deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1",
                  "lag-in-frames": "10", "g": "25"}),
    Clip("motion.avi", codec="mjpeg", pixels="yuvj420p", sound="pcm_s16le", pictures=20),
    Clip("tenbit.mov", codec="libx265", pixels="yuv420p10le", sound=None, pictures=25,
         options={"g": "10", "preset": "ultrafast", "x265-params": "log-level=none:pools=1"}),
)  # fmt: skip
AV1 = {"preset": "10", "g": "10", "svtav1-params": "lp=1"}
LONG = (
    Clip("vfr.mp4", options=GOP, times=lambda i: i * i // 3 + i),
    Clip("rotated.mp4", options=GOP, rotated=True),
    Clip("h264-422.mkv", pixels="yuv422p", width=130, height=98, options=GOP, sound="flac"),
    Clip("h264-444.mp4", pixels="yuv444p", options=GOP),
    Clip("grey.mkv", codec="ffv1", pixels="gray", sound=None),
    Clip("mono.mp4", pixels="gray", options=GOP, sound=None),
    Clip("tracks.mkv", options=GOP, tracks=3),
    Clip("hevc.mp4", codec="libx265",
         options={"g": "10", "x265-params": "log-level=none:bframes=3:open-gop=0"}),
    Clip("hevc.ts", codec="libx265", options={"g": "10", "x265-params": "log-level=none"}),
    Clip("vp8.webm", codec="libvpx", sound="libopus", options={"deadline": "realtime"}),
    Clip("av1.mp4", codec="libsvtav1", pictures=25, options=AV1),
    Clip("av1.mkv", codec="libsvtav1", pictures=25, options=AV1,
         sound="libopus"),
    Clip("part2.avi", codec="mpeg4", options={"g": "10", "bf": "2"}, sound="libmp3lame"),
    Clip("part2.mp4", codec="mpeg4", options={"g": "10", "bf": "2"}),
    Clip("mpeg2.ts", codec="mpeg2video", options={"g": "10", "bf": "2"}, sound="mp2"),
    Clip("mpeg1.mpg", codec="mpeg1video", options={"g": "10"}, sound="mp2", muxer="mpeg"),
    Clip("phone.3gp", codec="h263", width=176, height=144, sound="libopencore_amrnb",
         sound_rate=8000, options={"g": "10"}),
    Clip("h264.avi", options=GOP, sound="libmp3lame"),
    Clip("flash.flv", codec="flv", sound="libmp3lame", sound_rate=44100),
    Clip("fields.mp4", options=GOP | {"flags": "+ildct+ilme", "x264-params": "tff=1"}),
    Clip("alpha.mov", codec="png", pixels="rgba", pictures=10, sound=None),
    Clip("rgb.mov", codec="qtrle", pixels="rgb24", pictures=10, sound=None),
)  # fmt: skip


def picture(index: int, width: int, height: int, pixels: str) -> VideoFrame:
    """Return the drawing number ``index``: a square that walks over stripes."""
    x = np.arange(width)[None, :]
    y = np.arange(height)[:, None]
    stripes = np.stack([(x + y + 3 * index) % 256 * (y > -1), (2 * x + y) % 256, (x + 3 * y) % 256])
    drawing = stripes.transpose(1, 2, 0).astype(np.uint8)
    left, top = (7 * index) % max(1, width - 40), (5 * index) % max(1, height - 40)
    drawing[top : top + 40, left : left + 40] = (240, 60, 30)
    return VideoFrame.from_ndarray(drawing, format="rgb24").reformat(format=pixels)


def tone(index: int, samples: int, rate: int, layout: str, form: str) -> AudioFrame:
    """Return ``samples`` of a tone, the ``index``-th such piece."""
    at = (np.arange(samples) + index * samples) / rate
    wave = (np.sin(2 * np.pi * 440 * at) * 8000).astype(np.int16)
    frame = AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, index * samples, Fraction(1, rate)
    (made,) = av.AudioResampler(form, layout, rate).resample(frame)
    return made


def _write(clip: Clip, path: Path) -> None:
    av.logging.set_level(None)
    with av.open(path, "w", format=clip.muxer, options={"fflags": "+bitexact"}) as out:
        film: Any = out.add_stream(clip.codec, rate=RATE, options={"threads": "1"} | clip.options)
        film.width, film.height, film.pix_fmt = clip.width, clip.height, clip.pixels
        film.codec_context.time_base = Fraction(1, RATE)
        sounds: list[Any] = []
        for _ in range(clip.tracks if clip.sound else 0):
            sound: Any = out.add_stream(str(clip.sound), rate=clip.sound_rate)
            sound.layout = "mono"
            sounds.append(sound)
        out.start_encoding()
        passed = 0
        for index in range(clip.pictures):
            frame = picture(index, clip.width, clip.height, clip.pixels)
            frame.pts, frame.time_base = clip.times(index), Fraction(1, RATE)
            out.mux(film.encode(frame))
            passed = _sound_until(
                out, sounds, passed, (index + 1) * clip.sound_rate // RATE, clip.sound_rate
            )
        for stream in (film, *sounds):
            out.mux(stream.encode(None))


def _sound_until(
    out: OutputContainer, sounds: list[Any], passed: int, until: int, rate: int
) -> int:
    size = sounds[0].codec_context.frame_size or 960 if sounds else until
    while sounds and (passed + 1) * size <= until:
        for sound in sounds:
            form = sound.codec_context.format.name
            out.mux(sound.encode(tone(passed, size, rate, "mono", form)))
        passed += 1
    return passed


def _rotate(path: Path) -> None:
    """Write a quarter turn into the matrix of the first track's header (ISO 14496-12, 8.3.2)."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 4 + 20 + 16
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    data[at : at + 36] = quarter
    path.write_bytes(data)


def cut_short(path: Path, share: Fraction = Fraction(2, 3)) -> Path:
    """Return a copy of a clip of which only the first part is there."""
    data = path.read_bytes()
    short = path.with_name("short-" + path.name)
    short.write_bytes(data[: int(len(data) * share)])
    return short


def damaged(path: Path, every: int = 997, seed: int = 0) -> Path:
    """Return a copy of a clip with one bit flipped in about every ``every`` bytes of its media."""
    data = bytearray(path.read_bytes())
    random = np.random.default_rng(seed)
    for at in random.integers(len(data) // 10, len(data), max(1, len(data) // every)).tolist():
        data[at] ^= 1 << (at % 8)
    hurt = path.with_name(f"damaged{seed}-" + path.name)
    hurt.write_bytes(data)
    return hurt


def progressive_mp4(folder: Path) -> Path:
    """Return a fragmented MP4, whose first part stands alone when the rest is lost."""
    path = folder / "fragments.mp4"
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "fflags": "+bitexact"}
    with av.open(path, "w", format="mp4", options=options) as out:
        film: Any = out.add_stream("libx264", rate=RATE, options=GOP)
        film.width, film.height, film.pix_fmt = 192, 144, "yuv420p"
        for index in range(50):
            frame = picture(index, 192, 144, "yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
    return path


def many_streams(folder: Path, count: int) -> Path:
    """Return a Matroska file with so many streams of moving pictures."""
    path = folder / "many.mkv"
    with av.open(path, "w", options={"fflags": "+bitexact"}) as out:
        films: list[Any] = [out.add_stream("mjpeg", rate=RATE) for _ in range(count)]
        for film in films:
            film.width, film.height, film.pix_fmt = 32, 32, "yuvj420p"
        for index in range(3):
            for film in films:
                frame = picture(index, 32, 32, "yuvj420p")
                frame.pts, frame.time_base = index, Fraction(1, RATE)
                out.mux(film.encode(frame))
        for film in films:
            out.mux(film.encode(None))
    return path


def sound_alone(path: Path, seconds: int) -> None:
    """Write a tone, and no picture."""
    with av.open(path, "w", options={"fflags": "+bitexact"}) as out:
        sound: Any = out.add_stream("flac", rate=SOUND_RATE)
        sound.layout = "mono"
        out.start_encoding()
        _sound_until(out, [sound], 0, seconds * SOUND_RATE, SOUND_RATE)
        out.mux(sound.encode(None))


def huge(folder: Path, width: int, height: int) -> Path:
    """Return one picture of a size that no camera of ours makes."""
    path = folder / "huge.mkv"
    with av.open(path, "w", options={"fflags": "+bitexact"}) as out:
        film: Any = out.add_stream("mjpeg", rate=RATE)
        film.width, film.height, film.pix_fmt = width, height, "yuvj420p"
        for index in range(2):
            frame = VideoFrame(width, height, "yuvj420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
    return path
