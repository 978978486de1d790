"""Where the sound of two recordings meets: to a tenth of a millisecond, or not at all.

First roughly, by what changes in 32 bands of pitch (16 ms steps); then exactly, by generalised
cross-correlation with phase transform (Knapp and Carter 1976) of blocks of some seconds: blocks
that agree on one line in time give offset, drift and their uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dalil.match.sync.clock import NANO, Sighting
from dalil.media.sound.samples import Samples
from dalil.media.sound.track import Track

RATE = 8_000
STEP = 128
WINDOW = 512
BANDS = 32
LOWEST_HZ, HIGHEST_HZ = 150.0, 3_500.0
# Blocks: a drift of 100 in a million moves the sound in a block by .4 ms.
BLOCK_SECONDS, MOST_BLOCKS = 3.5, 24
LEAST_SHARED_SECONDS, LEAST_BLOCKS = 3.0, 3
REACH_SECONDS = 0.4
CANDIDATES = 6
APART_STEPS = 12
# Of a correlation's peak in its standard deviations: noise reaches 4 within the reach. Blocks that
# agree must reach this together.
BLOCK_PEAK, LEAST_STRENGTH = 4.5, 18.0
# Of the usual strength of a frequency: what is weaker says little of its phase.
FLOOR = 0.1
AGREE_SECONDS = 0.002
LARGEST_PPM = 300.0
DRIFT_SPAN_SECONDS = 30.0
# A second place this good says that the sound repeats.
RIVAL = 0.75
LEAST_ERROR_NS = 50_000
STRAY_SPREADS = 4.0
# Of 32,768: what a converter leaves where nothing is plugged in.
SILENT = 3

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording made ready: samples i2[n], what changes in bands f4[bands, steps]."""

    start_ns: int
    samples: Samples
    changes: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Line:
    """Blocks that agree: when in a, how much later in b (seconds, seconds), summed peaks."""

    at: Reals
    lag: Reals
    strength: float


def made_ready(track: Track) -> Heard:
    """Return a track (8,000 samples a second) with what changes in it when."""
    return Heard(track.start_ns, track.samples, _changes(track.samples))


def shared_moment(number_a: int, a: Heard, number_b: int, b: Heard) -> Sighting | str:
    """Return the same moments in two recordings, or in words why they cannot be told.

    The words are ``silent``, ``nothing-shared`` or ``repeats``.
    """
    if min(a.changes.shape[1], b.changes.shape[1]) < LEAST_SHARED_SECONDS * RATE / STEP:
        return "nothing-shared"
    if not (_sounds(a) and _sounds(b)):
        return "silent"
    lines = [line for lag in _rough_lags(a, b) if (line := _line(a, b, lag)) is not None]
    if not lines:
        return "nothing-shared"
    lines.sort(key=lambda line: -line.strength)
    best = lines[0]
    apart = 2 * AGREE_SECONDS
    rivals = [each for each in lines[1:] if abs(np.median(each.lag) - np.median(best.lag)) > apart]
    if rivals and rivals[0].strength > RIVAL * best.strength:
        return "repeats"
    return _sighting(number_a, a, number_b, b, best)


def _sounds(heard: Heard) -> bool:
    return max(-int(heard.samples.min(initial=0)), int(heard.samples.max(initial=0))) > SILENT


def _changes(samples: Samples) -> NDArray[np.float32]:
    """Return how the loudness of each band changes: mean 0 and variance 1 over some seconds."""
    steps = max(0, (samples.size - WINDOW) // STEP + 1)
    if not steps:
        return np.zeros((BANDS, 0), np.float32)
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1) * WINDOW / RATE
    bins = np.unique(np.round(edges).astype(np.int64))
    window = (np.hanning(WINDOW) / (1 << 15)).astype(np.float32)
    rows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::STEP]
    bands = np.empty((bins.size - 1, steps), np.float32)
    for start in range(0, steps, 4096):
        power = np.square(np.abs(np.fft.rfft(rows[start : start + 4096] * window, axis=1)))
        sums = np.add.reduceat(power, bins, axis=1)[:, :-1]
        bands[:, start : start + 4096] = np.log(sums + 1e-6).T
    bands -= _smoothed(bands, 32)
    spread = np.sqrt(_smoothed(np.square(bands), 256)) + 0.05
    return np.asarray(np.clip(bands / spread, -4, 4), np.float32)


def _smoothed(rows: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the mean over ``width`` steps about each step."""
    padded = np.pad(rows, ((0, 0), (width // 2 + 1, width - width // 2)), mode="edge")
    sums = np.cumsum(padded, axis=1, dtype=np.float64)
    means = (sums[:, width:] - sums[:, :-width])[:, : rows.shape[1]] / width
    return means.astype(np.float32)


def _rough_lags(a: Heard, b: Heard) -> list[float]:
    """Return the likeliest lags in seconds (a moment in b less the moment in a), best first."""
    n, m = a.changes.shape[1], b.changes.shape[1]
    size = 1 << (n + m - 1).bit_length()
    total = np.zeros(size // 2 + 1, np.complex128)
    for row_a, row_b in zip(a.changes, b.changes, strict=True):
        total += np.conj(np.fft.rfft(row_a, size)) * np.fft.rfft(row_b, size)
    curve = np.fft.irfft(total, size)
    lags = np.arange(-(n - 1), m)
    shared = np.minimum(n, m - lags) - np.maximum(0, -lags)
    score = curve[lags % size] / np.sqrt(np.maximum(shared, 1))
    score[shared < LEAST_SHARED_SECONDS * RATE / STEP] = -np.inf
    found: list[float] = []
    for _ in range(CANDIDATES):
        best = int(np.argmax(score))
        if not np.isfinite(score[best]) or score[best] <= 0:
            break
        found.append(float(lags[best]) * STEP / RATE)
        score[max(0, best - APART_STEPS) : best + APART_STEPS + 1] = -np.inf
    return found


def _line(a: Heard, b: Heard, lag: float) -> _Line | None:
    """Return the blocks that agree near a lag; None where they do not."""
    begin = max(0.0, -lag)
    end = min(a.samples.size, b.samples.size - lag * RATE) / RATE
    block = min(BLOCK_SECONDS, (end - begin) / 2)
    # Each block fades in and out, so that the next begins in its middle.
    count = int(min(MOST_BLOCKS, 2 * (end - begin) / block - 1))
    starts = np.linspace(begin, end - block, count)
    blocks = [_block_lag(a, b, start, lag, block) for start in starts]
    at = starts + block / 2
    lags = np.array([each[0] for each in blocks])
    peaks = np.array([each[1] for each in blocks])
    good = peaks >= BLOCK_PEAK
    if good.sum() < LEAST_BLOCKS:
        return None
    chosen = _on_one_line(at[good], lags[good], peaks[good])
    strength = float(peaks[good][chosen].sum())
    if chosen.sum() < max(LEAST_BLOCKS, good.sum() / 3) or strength < LEAST_STRENGTH:
        return None
    return _Line(at[good][chosen], lags[good][chosen], strength)


def _on_one_line(at: Reals, lags: Reals, weights: Reals) -> NDArray[np.bool_]:
    """Return which blocks lie on the line that most of them (by weight) lie on."""
    best = np.zeros(at.size, bool)
    for i in range(at.size):
        for j in range(i, at.size):
            apart = at[j] - at[i]
            rate = (lags[j] - lags[i]) / apart if apart >= DRIFT_SPAN_SECONDS else 0.0
            if abs(rate) * 1e6 > LARGEST_PPM:
                continue
            on = np.abs(lags - lags[i] - rate * (at - at[i])) < AGREE_SECONDS
            if weights[on].sum() > weights[best].sum():
                best = on
    return best


def _block_lag(a: Heard, b: Heard, start: float, lag: float, block: float) -> tuple[float, float]:
    """Return a block's lag in seconds and its peak in standard deviations of the rest."""
    first, length = round(start * RATE), round(block * RATE)
    reach = round(REACH_SECONDS * RATE)
    from_b = first + round(lag * RATE) - reach
    part_a = a.samples[first : first + length]
    part_b = b.samples[max(0, from_b) : max(0, from_b + length + 2 * reach)]
    curve = _phase_transform(part_a * _fading(part_a.size), part_b * _fading(part_b.size))
    shift = max(0, -from_b)
    near = curve[: 2 * reach + 1 - shift] if shift <= reach else curve[:1]
    peak = int(np.argmax(near))
    spread = float(near.std()) or 1.0
    fine = _between(near, peak)
    return (max(0, from_b) + peak + fine - first) / RATE, float(near[peak]) / spread


@lru_cache(maxsize=64)
def _fading(size: int) -> NDArray[np.float32]:
    return np.asarray(np.hanning(size), np.float32)


def _phase_transform(a: NDArray[np.float32], b: NDArray[np.float32]) -> Reals:
    """Return the correlation of a and b by phase alone; bins that are all but empty count less."""
    size = 1 << (a.size + b.size).bit_length()
    cross = np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    cross[(hertz < LOWEST_HZ) | (hertz > HIGHEST_HZ)] = 0
    strength = np.abs(cross)
    told = strength[strength > 0]
    floor = FLOOR * float(np.median(told)) if told.size else 1.0
    return np.asarray(np.fft.irfft(cross / (strength + floor), size), np.float64)


def _between(curve: Reals, peak: int) -> float:
    """Return where between samples a peak lies: the top of a parabola through three of them."""
    if not 0 < peak < curve.size - 1:
        return 0.0
    before, top, after = curve[peak - 1 : peak + 2]
    bend = before - 2 * top + after
    return float((before - after) / (2 * bend)) if bend else 0.0


def _without_strays(line: _Line) -> _Line:
    """Leave out blocks that an echo or noise moved away from what most of them say."""
    rate = np.polyfit(line.at, line.lag, 1)[0] if np.ptp(line.at) >= DRIFT_SPAN_SECONDS else 0.0
    off = line.lag - rate * line.at
    off = np.abs(off - np.median(off))
    kept = off <= max(STRAY_SPREADS * float(np.median(off)), 1 / RATE)
    return _Line(line.at[kept], line.lag[kept], line.strength)


def _sighting(number_a: int, a: Heard, number_b: int, b: Heard, line: _Line) -> Sighting:
    """Return where blocks that agree begin and end, on the clocks of the pictures."""
    line = _without_strays(line)
    middle = float(line.at.mean())
    span = float(np.ptp(line.at))
    drifts = span >= DRIFT_SPAN_SECONDS and line.at.size > LEAST_BLOCKS
    rate, lag = np.polyfit(line.at - middle, line.lag, 1) if drifts else (0.0, line.lag.mean())
    off = line.lag - lag - rate * (line.at - middle)
    error = float(np.sqrt(np.square(off).sum() / max(1, line.at.size - 2) / line.at.size))
    moments = (middle - span / 2, middle + span / 2) if drifts else (middle,)
    marks = tuple(
        (
            a.start_ns + round(at * NANO),
            b.start_ns + round((at + lag + rate * (at - middle)) * NANO),
        )
        for at in moments
    )
    scale = np.sqrt(2) if drifts else 1.0
    error_ns = max(LEAST_ERROR_NS, round(error * scale * NANO))
    return Sighting(number_a, number_b, marks, error_ns, "sound")
