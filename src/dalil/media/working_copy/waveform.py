"""How loud a stretch is, moment by moment, so that nobody needs to hear it to know."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from dalil.media.working_copy.rendition import SOUND_RATE, has_sound, heard

LOUDEST = 255


@dataclass(frozen=True, slots=True)
class Waveform:
    """The loudest sample in each of equal parts of a stretch, 0 to 255; empty without sound."""

    peaks: bytes


def waveform(original: Path, start: Fraction, end: Fraction, parts: int) -> Waveform:
    """Return how loud ``parts`` equal parts are, from ``start`` up to ``end`` in seconds.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it.

    """
    if not has_sound(original):
        return Waveform(b"")
    loudest = np.zeros(parts, np.float64)
    each = max(Fraction(1, SOUND_RATE), (end - start) / parts)
    for frame in heard(original, start, end):
        levels = np.abs(frame.to_ndarray()).max(axis=0)
        places = (np.arange(levels.size) + (frame.pts or 0)) / float(each * SOUND_RATE)
        np.maximum.at(loudest, np.minimum(places.astype(np.int64), parts - 1), levels)
    return Waveform(np.minimum(loudest * LOUDEST, LOUDEST).astype(np.uint8).tobytes())
