"""Decoded sound as one channel of 16 bit at one rate, each sample where the track's clock puts it.

Where time stamps jump ahead there is silence, where they run back what was heard already is left
out, so that the n-th sample is n / rate seconds after the first.
"""

from __future__ import annotations

from collections.abc import Iterator
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
MOST_SECONDS = 24 * 3600
MOST_SILENCE_SECONDS = 3600
SILENCE_AT_ONCE = 1 << 20


class Sampling:
    """Takes decoded frames of one track and gives back samples that follow each other.

    ``start_ns``: when the first sample is heard, on the clock of ``at_ns``; None before it.
    ``problem``: why the rest was left out, in words; empty while all is taken. No more than a day
    is given, and no more than an hour of silence where time stamps jump.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.start_ns: int | None = None
        self.given = 0
        self.problem = ""
        self._silence = 0
        self._shapes = 0
        self._shape: tuple[object, ...] = ()
        self._first: Any = None
        self._last: Any = None
        self._graph: Graph | None = None

    def take(self, frame: AudioFrame, at_ns: int | None) -> Iterator[Samples]:
        """Yield the samples i2[n] that a frame adds; ``at_ns`` None where the track tells none."""
        if self.problem or not frame.samples:
            return
        try:
            made = self._resampled(frame)
        except FFMPEG_SAYS_NO as why:
            self.problem = f"sound that cannot be resampled: {type(why).__name__}"
            return
        if self.start_ns is None:
            self.start_ns = at_ns or 0
        if at_ns is not None:
            place = (at_ns - self.start_ns) * self.rate // NANO
            off = place - self.given
            if abs(off) * NANO > FOLLOWS_NS * self.rate:
                yield from self._silent(max(0, off))
                made = made[max(0, -off) :]
        yield from self._bounded(made)

    def rest(self) -> Iterator[Samples]:
        """Yield what the resampler still holds."""
        if self._first is None or self.problem:
            return
        try:
            self._first.push(None)
            made = self._pulled()
        except FFMPEG_SAYS_NO:
            return
        yield from self._bounded(made)

    def _silent(self, count: int) -> Iterator[Samples]:
        self._silence += count
        if self._silence > MOST_SILENCE_SECONDS * self.rate:
            self.problem = "more than an hour of sound is missing"
            return
        while count:
            part = min(count, SILENCE_AT_ONCE)
            yield from self._bounded(np.zeros(part, np.int16))
            count -= part

    def _bounded(self, made: Samples) -> Iterator[Samples]:
        if self.problem or not made.size:
            return
        if self.given + made.size > MOST_SECONDS * self.rate:
            self.problem = "it sounds for more than a day"
            return
        self.given += made.size
        yield made

    def _resampled(self, frame: AudioFrame) -> Samples:
        shape = (frame.sample_rate, frame.format.name, frame.layout.name)
        held = np.zeros(0, np.int16)
        if shape != self._shape:
            if self._first is not None:
                self._first.push(None)
                held = self._pulled()
            self._begin(frame)
            self._shape = shape
        frame.pts = None
        self._first.push(frame)
        return np.concatenate((held, self._pulled()))

    def _begin(self, frame: AudioFrame) -> None:
        self._shapes += 1
        if frame.sample_rate not in RATES or frame.layout.nb_channels > MOST_CHANNELS:
            raise ValueError
        if self._shapes > MOST_SHAPES:
            raise OverflowError
        graph = Graph()
        self._first = graph.add_abuffer(
            sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name
        )
        resample = graph.add("aresample", f"{self.rate}:{RESAMPLING}")
        wanted = f"sample_fmts=s16:channel_layouts=mono:sample_rates={self.rate}"
        one = graph.add("aformat", wanted)
        self._last = graph.add("abuffersink")
        self._first.link_to(resample)
        resample.link_to(one)
        one.link_to(self._last)
        graph.configure()
        self._graph = graph

    def _pulled(self) -> Samples:
        parts = []
        while True:
            try:
                parts.append(self._last.pull().to_ndarray().ravel())
            except (av.BlockingIOError, av.EOFError):
                break
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)
