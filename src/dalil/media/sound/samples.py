"""Decoded sound as one channel of 16 bit at one rate, each sample where the track's clock puts it.

Where time stamps jump ahead there is silence, where they run back what was heard already is left
out, so that the n-th sample is n / rate seconds after the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

from dalil.media.container import FFMPEG_SAYS_NO

NANO = 10**9
Samples = NDArray[np.int16]
# Chromaprint's own settings of the resampler (audio/ffmpeg_audio_processor_swresample.h), so that
# a fingerprint made from these samples is the one that its own program makes.
RESAMPLING = "filter_size=16:phase_shift=8:linear_interp=1:cutoff=0.8"
# Containers round time stamps; what is nearer than this follows on.
FOLLOWS_NS = NANO // 20
RATES = range(2_000, 768_001)
MOST_CHANNELS = 64
MOST_SHAPES = 64
MOST_JUMPS = 10_000
MOST_SECONDS = 24 * 3600
MOST_SILENCE_SECONDS = 3600
SILENCE_AT_ONCE = 1 << 20


class Sampling:
    """Takes decoded frames of one track and gives back samples that follow each other.

    They come about a second at a time. ``start_ns``: when the first sample is heard, on the clock
    of ``at_ns``; None before it. ``problem``: why the rest was left out, in words; empty while all
    is taken. No more than a day is given, and no more than an hour of silence where time stamps
    jump.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.start_ns: int | None = None
        self.given = 0
        self.problem = ""
        self._reached = 0.0
        self._skip = self._silence = self._shapes = self._jumps = 0
        self._held = 0
        self._shape: tuple[object, ...] = ()
        self._first: Any = None
        self._last: Any = None
        self._graph: Graph | None = None

    def take(self, frame: AudioFrame, at_ns: int | None) -> Iterator[Samples]:
        """Yield samples i2[n] that are ready; ``at_ns`` None where the track tells no time."""
        if self.problem or not frame.samples:
            return
        try:
            yield from self._taken(frame, at_ns)
        except FFMPEG_SAYS_NO as why:
            self.problem = f"sound that cannot be resampled: {type(why).__name__}"

    def rest(self) -> Iterator[Samples]:
        """Yield what is still held."""
        if self.problem:
            return
        try:
            yield from self._flushed()
        except FFMPEG_SAYS_NO:
            return

    def _taken(self, frame: AudioFrame, at_ns: int | None) -> Iterator[Samples]:
        shape = (frame.sample_rate, frame.format.name, frame.layout.name)
        if shape != self._shape:
            yield from self._flushed()
            self._admit(frame)
            self._shape = shape
        length = frame.samples * self.rate / frame.sample_rate
        if self.start_ns is None:
            self.start_ns = at_ns or 0
        if at_ns is not None:
            off = (at_ns - self.start_ns) * self.rate / NANO - self._reached
            if off + length <= 0:
                return
            if abs(off) * NANO > FOLLOWS_NS * self.rate:
                yield from self._flushed()
                yield from self._jumped(round(off))
        if self.problem:
            return
        if self._first is None:
            self._begin(frame)
        frame.pts = None
        self._first.push(frame)
        self._held += frame.samples
        self._reached += length
        if self._held >= frame.sample_rate:
            self._held = 0
            yield from self._bounded(self._pulled())

    def _jumped(self, off: int) -> Iterator[Samples]:
        """Fill a gap with silence, or see to it that what was heard already is left out."""
        self._jumps += 1
        if self._jumps > MOST_JUMPS:
            self.problem = "time stamps of sound jump without end"
        elif off < 0:
            self._skip -= off
            self._reached += off
        else:
            self._silence += off
            if self._silence > MOST_SILENCE_SECONDS * self.rate:
                self.problem = "more than an hour of sound is missing"
                return
            self._reached += off
            for start in range(0, off, SILENCE_AT_ONCE):
                yield from self._bounded(np.zeros(min(SILENCE_AT_ONCE, off - start), np.int16))

    def _bounded(self, made: Samples) -> Iterator[Samples]:
        skipped = min(self._skip, made.size)
        self._skip -= skipped
        made = made[skipped:]
        if self.problem or not made.size:
            return
        if self.given + made.size > MOST_SECONDS * self.rate:
            self.problem = "it sounds for more than a day"
            return
        self.given += made.size
        yield made

    def _admit(self, frame: AudioFrame) -> None:
        self._shapes += 1
        if frame.sample_rate not in RATES or frame.layout.nb_channels > MOST_CHANNELS:
            raise ValueError
        if self._shapes > MOST_SHAPES:
            raise OverflowError

    def _begin(self, frame: AudioFrame) -> None:
        graph = Graph()
        self._first = graph.add_abuffer(
            sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name
        )
        wanted = f"sample_fmts=s16:channel_layouts=mono:sample_rates={self.rate}"
        parts = [
            self._first,
            graph.add("aresample", f"{self.rate}:{RESAMPLING}"),
            graph.add("aformat", wanted),
            # Each frame that is fetched costs as much as its resampling: fewer, longer ones.
            graph.add("asetnsamples", f"n={self.rate}:p=0"),
            graph.add("abuffersink"),
        ]
        for one, following in pairwise(parts):
            one.link_to(following)
        graph.configure()
        self._graph, self._last = graph, parts[-1]

    def _flushed(self) -> Iterator[Samples]:
        """Yield what the resampler holds, and leave it."""
        if self._first is None:
            return
        self._first.push(None)
        made = self._pulled()
        self._first = self._last = self._graph = None
        self._held = 0
        yield from self._bounded(made)

    def _pulled(self) -> Samples:
        parts = []
        while True:
            try:
                parts.append(self._last.pull().to_ndarray().ravel())
            except (av.BlockingIOError, av.EOFError):
                break
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)
