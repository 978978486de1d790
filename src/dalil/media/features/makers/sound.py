"""The sound maker: a fingerprint by Chromaprint, and how loud it is when.

Chromaprint 1.5, algorithm 2 (acoustid.org/chromaprint): 32 bits for each 1,365 samples at
11,025 Hz, of the 2.6 s that begin there. An hour of sound leaves 206 kB.
"""

from __future__ import annotations

import math
from functools import cache
from types import ModuleType

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from dalil.media.features.features import NANO, Heard
from dalil.media.sound.samples import Samples, Sampling

RATE = 11_025
PRINT_SAMPLES = 1_365
LOUD_SAMPLES = 441
PRINT_EVERY_NS = PRINT_SAMPLES * NANO // RATE
LOUD_EVERY_NS = LOUD_SAMPLES * NANO // RATE
FULL_SCALE = 1 << 15
FULL_SCALE_DB = 128


@cache
def chromaprint() -> ModuleType | None:
    """Return pyacoustid's binding, or None where the system has no libchromaprint."""
    try:
        import chromaprint as binding  # noqa: PLC0415 - it fails where the library is absent
    except ImportError:
        return None
    return binding if hasattr(binding, "Fingerprinter") else None


class SoundMaker:
    """Makes the features of one track from its decoded frames, holding what it returns."""

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._sampling = Sampling(RATE)
        self._loud = bytearray()
        self._left = np.zeros(0, np.int16)
        binding = chromaprint()
        self._printing = binding.Fingerprinter() if binding else None
        if self._printing is not None:
            self._printing.start(RATE, 1)

    def take(self, frame: AudioFrame, at_ns: int | None) -> None:
        """Take a frame that is heard at ``at_ns`` (container's clock), None if not told."""
        for samples in self._sampling.take(frame, at_ns):
            self._put(samples)

    def finish(self) -> Heard:
        """Return the features, ``start_ns`` on the container's clock."""
        for samples in self._sampling.rest():
            self._put(samples)
        if self._left.size:
            self._loud += _loudness(self._left[None, :])
        given = self._sampling.given
        return Heard(
            stream=self._stream,
            start_ns=self._sampling.start_ns or 0,
            length_ns=given * NANO // RATE,
            print_every_ns=PRINT_EVERY_NS,
            chromaprint=self._prints(given),
            loud_every_ns=LOUD_EVERY_NS,
            loudness=np.frombuffer(bytes(self._loud), np.uint8),
        )

    @property
    def problem(self) -> str:
        """What was left out, in words; empty where nothing was."""
        missing = "" if chromaprint() else "no fingerprint of sound: libchromaprint is not here"
        return self._sampling.problem or missing

    def _put(self, samples: Samples) -> None:
        if self._printing is not None:
            self._printing.feed(samples.tobytes())
        whole = np.concatenate((self._left, samples))
        full = whole.size // LOUD_SAMPLES * LOUD_SAMPLES
        if full:
            self._loud += _loudness(whole[:full].reshape(-1, LOUD_SAMPLES))
        self._left = whole[full:]

    def _prints(self, given: int) -> NDArray[np.uint32]:
        binding = chromaprint()
        if binding is None or self._printing is None or not given:
            return np.zeros(0, np.uint32)
        prints, _ = binding.decode_fingerprint(self._printing.finish())
        return np.asarray(prints, np.uint32)


def _loudness(parts: Samples) -> bytes:
    """Return the root mean square of each row in dB full scale + 128, silence as 0."""
    power = np.square(parts.astype(np.float64) / FULL_SCALE).mean(axis=1)
    decibels = 10 * np.log10(np.maximum(power, math.ulp(0)))
    levels = np.clip(np.round(decibels + FULL_SCALE_DB), 0, 255)
    return bytes(levels.astype(np.uint8))
