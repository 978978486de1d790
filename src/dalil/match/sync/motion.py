"""Where two films share a moment by light and movement: flashes, a lamp going on, all that moves.

Seen from two places nothing looks alike, but what happens, happens at once. Coarser than sound, and
silent where each camera shakes by itself: then it cannot tell.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dalil.match.sync.clock import NANO, Sighting
from dalil.media.features.features import Motion

LEAST_SHARED_SECONDS = 8.0
# Light and movement must both be told by steps that stand out from what lies about them.
ALIKE, LIKELY = 0.55, 8.0
RIVAL = 0.8
APART_SECONDS = 0.5
# A step of 1/8 s, halved by what lies between: what a peak is known to.
ERROR_SHARE = 0.35
CLIPPED = 5.0
SMALLEST_CHANGE = 0.25
DEPENDS_STEPS = 80

Reals = NDArray[np.float64]


def seen_moment(number_a: int, a: Motion, number_b: int, b: Motion) -> Sighting | str:
    """Return the same moment in two films, or in words why it cannot be told.

    The words are ``still``, ``nothing-shared`` or ``repeats``.
    """
    step = a.every_ns / NANO
    least = round(LEAST_SHARED_SECONDS / step)
    if min(len(a.grid), len(b.grid)) <= least or a.every_ns != b.every_ns:
        return "nothing-shared"
    pairs = list(zip(_happening(a), _happening(b), strict=True))
    pairs = [(x, y) for x, y in pairs if x.any() and y.any()]
    if not pairs:
        return "still"
    curves = [_likeness(x, y, least) for x, y in pairs]
    strengths = [float(np.nanmax(likely)) for _, likely in curves]
    alike, likely = curves[int(np.argmax(strengths))]
    best = int(np.nanargmax(likely))
    if likely[best] < LIKELY or alike[best] < ALIKE:
        return "nothing-shared"
    away = np.abs(np.arange(likely.size) - best) > APART_SECONDS / step
    if np.nanmax(likely[away], initial=0.0) > RIVAL * likely[best]:
        return "repeats"
    lag = best - (len(a.grid) - 1) + _between(alike, best)
    middle = (max(0.0, -lag) + min(len(a.grid), len(b.grid) - lag)) / 2
    mark = (round(middle * a.every_ns), round((middle + lag) * a.every_ns))
    return Sighting(number_a, number_b, (mark,), round(ERROR_SHARE * a.every_ns), "motion")


def _happening(motion: Motion) -> tuple[Reals, Reals]:
    """Return how the light of the whole changes, and how much moves, step by step."""
    light = motion.grid.reshape(len(motion.grid), -1).mean(axis=1, dtype=np.float64)
    moving = np.zeros(len(motion.grid))
    for i in range(1, len(motion.grid)):
        change = motion.grid[i].astype(np.int16) - motion.grid[i - 1]
        moving[i] = np.abs(change - np.median(change)).mean()
    # Of movement too only what changes: somebody who walks by is one slow hill, as anybody is.
    sudden = np.diff(moving, prepend=moving[0])
    return _standing_out(np.diff(light, prepend=light[0])), _standing_out(sudden)


def _standing_out(curve: Reals) -> Reals:
    """Return a curve about its median in its own usual deviation; zeros where nothing happens."""
    curve = curve - np.median(curve)
    if np.abs(curve).max() < SMALLEST_CHANGE:
        return np.zeros_like(curve)
    usual = max(1.4826 * float(np.median(np.abs(curve))), SMALLEST_CHANGE / CLIPPED)
    return np.clip(curve / usual, -CLIPPED, CLIPPED)


def _likeness(a: Reals, b: Reals, least: int) -> tuple[Reals, Reals]:
    """Return for each lag the correlation, and how unlikely it is to be chance (about normal)."""
    n, m = a.size, b.size
    size = 1 << (n + m).bit_length()

    def summed(x: Reals, y: Reals) -> Reals:
        curve = np.fft.irfft(np.conj(np.fft.rfft(x, size)) * np.fft.rfft(y, size), size)
        return curve[np.arange(-(n - 1), m) % size]

    ones_a, ones_b = np.ones(n), np.ones(m)
    shared = np.round(summed(ones_a, ones_b))
    enough = shared >= least
    shared = np.maximum(shared, 1)
    mean_a, mean_b = summed(a, ones_b) / shared, summed(ones_a, b) / shared
    spread_a = summed(a * a, ones_b) / shared - mean_a**2
    spread_b = summed(ones_a, b * b) / shared - mean_b**2
    spread = np.sqrt(np.maximum(spread_a, 1e-6) * np.maximum(spread_b, 1e-6))
    alike = np.clip((summed(a, b) / shared - mean_a * mean_b) / spread, -0.999, 0.999)
    alike[~enough] = np.nan
    return alike, np.arctanh(alike) * np.sqrt(shared / _dependence(a, b))


def _dependence(a: Reals, b: Reals) -> float:
    """Return of how many steps one is worth as much as one that is independent (Bartlett 1946)."""
    most = min(DEPENDS_STEPS, a.size, b.size)
    own = []
    for curve in (a - a.mean(), b - b.mean()):
        whole = float(np.dot(curve, curve)) or 1.0
        own.append([float(np.dot(curve[:-k], curve[k:])) / whole for k in range(1, most)])
    return max(1.0, 1 + 2 * float(np.sum(np.prod(own, axis=0))))


def _between(curve: Reals, peak: int) -> float:
    if not 0 < peak < curve.size - 1:
        return 0.0
    before, top, after = curve[peak - 1 : peak + 2]
    bend = before - 2 * top + after
    share = (before - after) / (2 * bend) if bend < 0 else 0.0
    return float(share)
