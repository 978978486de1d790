"""A working copy of a stretch of footage, in what browsers play (H.264, AAC, MP4).

It is made anew from decoded pictures, so that nothing of an untrusted file reaches a browser, and
a silent version holds no packet of sound. One thread and no stamps of time or tools: the same
recipe on the same release gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.stream import Stream
from av.video.frame import VideoFrame

from dalil.errors import MediaUnreadable, NoSuchThing
from dalil.media import container
from dalil.media.container import FFMPEG_SAYS_NO
from dalil.media.working_copy.recipe import GREY, SOUND, Recipe

PORTION = 1 << 20
SOUND_RATE = 48_000
# A key picture every second or so: a step back decodes little.
KEY_EVERY = "24"
CODING = {
    "threads": "1",
    "preset": "veryfast",
    "crf": "20",
    "bf": "0",
    "g": KEY_EVERY,
    "flags": "+bitexact",
    "x264-params": "scenecut=0:sliced-threads=0",
}
TURNS = {90: "cclock", -90: "clock", 270: "clock", -270: "cclock"}
UPSIDE_DOWN = 180

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A working copy as it was made.

    ``pts``: of each of its pictures, the time stamp in the original, in ticks of ``timebase``.
    ``width`` and ``height`` in pixels. ``sha256`` of the file, hexadecimal.
    """

    sha256: str
    length: int
    width: int
    height: int
    timebase: tuple[int, int]
    pts: tuple[int, ...]
    with_sound: bool


def make_rendition(
    original: Path, out: Path, recipe: Recipe, progress: Progress | None = None
) -> Rendition:
    """Write the working copy of a stretch to ``out``.

    The first picture is the one that is on the screen when the stretch begins. Time in the copy is
    the original's, moved so that this picture is at 0.

    Args:
        original: only read.
        out: the file to write.
        recipe: of which stretch, in which version.
        progress: is told ticks done and ticks in all, now and then.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it. NoSuchThing: no picture lies there.

    """
    with av.open(
        str(out), "w", format="mp4", options={"fflags": "+bitexact", "movflags": "+faststart"}
    ) as copy:
        making = _Making(copy, original, recipe, progress)
        for frame in pictures_of(original, recipe):
            making.put(frame)
        if not making.pts:
            raise NoSuchThing("no picture lies in this stretch")
        making.finish()
    with out.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    film = making.film
    tick = making.tick
    return Rendition(
        sha256,
        out.stat().st_size,
        film.width,
        film.height,
        (tick.numerator, tick.denominator),
        tuple(making.pts),
        making.sound is not None,
    )


def pictures_of(original: Path, recipe: Recipe) -> Iterator[VideoFrame]:
    """Yield the pictures on the screen within a stretch, in order, time stamps rising.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it.

    """
    for from_start in (False, True):
        begun = False
        for frame in _from_seek(original, recipe, from_start=from_start):
            begun = True
            yield frame
        if begun:
            return


def _from_seek(original: Path, recipe: Recipe, *, from_start: bool) -> Iterator[VideoFrame]:
    """Yield them after a seek; nothing where the seek went too far."""
    with container.open_footage(original) as opened:
        film = _stream(opened, recipe.stream)
        if not from_start:
            with suppress(*FFMPEG_SAYS_NO):
                opened.seek(recipe.pts_start, stream=film, backward=True)
        held: VideoFrame | None = None
        for number, frame in enumerate(_decoded(opened, film)):
            pts = frame.pts or 0
            if pts <= recipe.pts_start:
                held = frame
                continue
            if held is None and number == 0 and not from_start:
                return
            if held is not None:
                yield held
                held = None
            if pts > recipe.pts_end:
                return
            yield frame
        if held is not None:
            yield held


def _decoded(opened: InputContainer, film: Stream) -> Iterator[VideoFrame]:
    context: Any = film.codec_context
    context.thread_count = 1
    last: int | None = None
    for packet in _packets(opened, film):
        try:
            frames = context.decode(packet)
        except FFMPEG_SAYS_NO:
            continue
        for frame in frames:
            pts = frame.pts if frame.pts is not None else frame.dts
            if pts is None or (last is not None and pts <= last):
                pts = 0 if last is None else last + 1
            frame.pts = last = pts
            yield frame


def _packets(opened: InputContainer, stream: Stream) -> Iterator[Any]:
    with suppress(*FFMPEG_SAYS_NO):
        yield from (each for each in opened.demux(stream) if each.size)
    yield None


def _stream(opened: InputContainer, number: int) -> Stream:
    films = container.moving_pictures(opened)
    found = next((each for each in films if each.index == number), None)
    if found is None:
        raise MediaUnreadable(f"stream {number} is no moving picture")
    return found


class _Making:
    """A working copy while it is made."""

    def __init__(
        self, copy: OutputContainer, original: Path, recipe: Recipe, progress: Progress | None
    ) -> None:
        self.recipe, self.pts = recipe, list[int]()
        self.tick = Fraction(1)
        self.film: Any = None
        self.sound: Any = None
        self._heard: Iterator[AudioFrame] = iter(())
        self._copy, self._original, self._progress = copy, original, progress
        self._shaping: _Shaping | None = None

    def put(self, frame: VideoFrame) -> None:
        """Code one picture, and the sound up to it."""
        if self._shaping is None or not self._shaping.fits(frame):
            self._shaping = _Shaping(frame, self.recipe, self.film)
        shaped = self._shaping.shaped(frame)
        pts = frame.pts or 0
        if self.film is None:
            self._begin(frame, shaped)
        self.pts.append(pts)
        shaped.pts, shaped.time_base = pts - self.pts[0], self.tick
        shaped.pict_type = av.video.frame.PictureType.NONE
        self._copy.mux(self.film.encode(shaped))
        self._put_sound((pts - self.pts[0]) * self.tick)
        if self._progress and not len(self.pts) % 16:
            whole = self.recipe.pts_end - self.recipe.pts_start
            self._progress(min(pts - self.recipe.pts_start, whole), whole)

    def finish(self) -> None:
        """Write what the coders still hold."""
        self._copy.mux(self.film.encode(None))
        if self.sound is not None:
            self._put_sound(None)
            self._copy.mux(self.sound.encode(None))

    def _begin(self, frame: VideoFrame, shaped: VideoFrame) -> None:
        self.tick = frame.time_base or Fraction(1, 1000)
        film: Any = self._copy.add_stream("libx264", options=CODING)
        film.width, film.height, film.pix_fmt = shaped.width, shaped.height, "yuv420p"
        film.time_base = film.codec_context.time_base = self.tick
        self.film = film
        if self.recipe.version == SOUND and has_sound(self._original):
            options = {"flags": "+bitexact", "threads": "1"}
            sound: Any = self._copy.add_stream("aac", rate=SOUND_RATE, options=options)
            sound.layout = "stereo"
            self.sound = sound
            zero = (frame.pts or 0) * self.tick
            until = max(self.recipe.pts_end, (frame.pts or 0) + 1) * self.tick
            self._heard = heard(self._original, zero, until)

    def _put_sound(self, until: Fraction | None) -> None:
        if self.sound is None:
            return
        for frame in self._heard:
            self._copy.mux(self.sound.encode(frame))
            if until is not None and Fraction(frame.pts or 0, SOUND_RATE) >= until:
                return


def has_sound(original: Path) -> bool:
    """Whether there is sound beside the pictures."""
    with container.open_footage(original) as opened:
        return bool(opened.streams.audio)


class _Shaping:
    """Turns pictures upright, to square pixels, small enough, and grey where asked."""

    def __init__(self, frame: VideoFrame, recipe: Recipe, film: Any) -> None:  # noqa: ANN401
        self._shape = (frame.width, frame.height, frame.format.name, frame.rotation)
        graph = Graph()
        tick = frame.time_base or Fraction(1, 1000)
        first = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format, time_base=tick
        )
        parts = [first]
        for name, said in self._steps(frame, recipe, film):
            parts.append(graph.add(name, said))
            parts[-2].link_to(parts[-1])
        last = graph.add("buffersink")
        parts[-1].link_to(last)
        graph.configure()
        self._graph, self._first, self._last = graph, first, last

    def fits(self, frame: VideoFrame) -> bool:
        """Whether a picture has the shape that this was made for."""
        return self._shape == (frame.width, frame.height, frame.format.name, frame.rotation)

    def shaped(self, frame: VideoFrame) -> VideoFrame:
        """Return the picture in its new shape."""
        self._first.push(frame)
        return cast("VideoFrame", self._last.pull())

    def _steps(
        self,
        frame: VideoFrame,
        recipe: Recipe,
        film: Any,  # noqa: ANN401 - PyAV's stream
    ) -> Iterator[tuple[str, str]]:
        turn = round(frame.rotation) if frame.rotation else 0
        if turn in TURNS:
            yield "transpose", TURNS[turn]
        elif abs(turn) == UPSIDE_DOWN:
            yield "hflip", ""
            yield "vflip", ""
        width, height = (frame.width, frame.height)
        if turn in TURNS:
            width, height = height, width
        if film is not None:
            width, height = film.width, film.height
        else:
            most = Fraction(recipe.side, max(width, height, recipe.side))
            width, height = (max(2, int(side * most) // 2 * 2) for side in (width, height))
        yield "scale", f"{width}:{height}:flags=bicubic+bitexact+accurate_rnd"
        if recipe.version == GREY:
            yield "format", "gray"
        yield "format", "yuv420p"


def heard(original: Path, start: Fraction, end: Fraction) -> Iterator[AudioFrame]:
    """Yield the sound from ``start`` up to ``end`` (seconds of the file's time), both as 0.

    48 kHz, two channels; silence where the sound begins later.
    """
    resampler = av.AudioResampler("fltp", "stereo", SOUND_RATE)
    at = 0
    for pts, samples in _samples(original, start, end, resampler):
        if pts > at:
            yield _sounding(np.zeros((2, pts - at), np.float32), at)
            at = pts
        if pts + samples.shape[1] > at:
            part = samples[:, at - pts :]
            yield _sounding(part, at)
            at += part.shape[1]


def _samples(
    original: Path, start: Fraction, end: Fraction, resampler: av.AudioResampler
) -> Iterator[tuple[int, Any]]:
    """Yield places (samples after ``start``) with what is heard there, cut to the stretch."""
    most = int((end - start) * SOUND_RATE)
    following: int | None = None
    with container.open_footage(original) as opened:
        sound = opened.streams.audio[0]
        with suppress(*FFMPEG_SAYS_NO):
            opened.seek(int(max(start - 1, Fraction(0)) * av.time_base), backward=True)
        for packet in _packets(opened, sound):
            try:
                frames = sound.codec_context.decode(packet)
            except FFMPEG_SAYS_NO:
                continue
            for frame in frames:
                at = frame.pts
                if at is not None and frame.time_base is not None:
                    following = round((at * frame.time_base - start) * SOUND_RATE)
                frame.pts = None
                for made in resampler.resample(frame):
                    samples = made.to_ndarray()
                    place = following or 0
                    following = place + samples.shape[1]
                    if place >= most:
                        return
                    if following > 0:
                        cut = max(0, -place)
                        yield place + cut, samples[:, cut : most - place]


def _sounding(samples: Any, at: int) -> AudioFrame:  # noqa: ANN401 - an array of float32
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, at, Fraction(1, SOUND_RATE)
    return frame
