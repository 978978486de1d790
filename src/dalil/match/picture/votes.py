"""Which moments of two films may show the same picture: fingerprints vote on speed and offset.

PDQ is compared in 8 orientations, and each near pair of looks votes for the lines through time that
it lies on. One chance likeness votes alone; a copy's looks vote together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import NANO, Prints, Seen

Exact = NDArray[np.float64]

# Bits of 256. PDQ calls 31 a match; votes may be laxer, for they must agree.
MATCH, VOTING, HALF = 31, 48, 64.0
QUALITY = 40
SPEEDS = tuple(np.round(np.arange(0.7, 1.31, 0.05), 2))
BIN_S = 0.5
MOST_VOTES, MOST_LINES = 4000, 4

# From places in a to places in b, as fractions, where a's hash in orientation k is b's upright one:
# the order in which PDQ gives them.
_X, _Y, _1 = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_LEFT, _UP = (-1.0, 0.0, 1.0), (0.0, -1.0, 1.0)
ORIENTATIONS = tuple(
    np.array([*rows, _1])
    for rows in (
        (_X, _Y),
        (_Y, _LEFT),
        (_LEFT, _UP),
        (_UP, _X),
        (_X, _UP),
        (_LEFT, _Y),
        (_Y, _X),
        (_UP, _LEFT),
    )
)


@dataclass(frozen=True, slots=True)
class Votes:
    """Near pairs of looks, nearest first: their numbers in a and b, orientation, bits apart."""

    of_a: NDArray[np.intp]
    of_b: NDArray[np.intp]
    orientation: NDArray[np.intp]
    bits: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Line:
    """b's second = ``offset`` + ``speed`` * a's, by ``support`` votes of full weight."""

    speed: float
    offset: float
    support: float


def votes(a: Seen, b: Seen) -> Votes:
    """Return the pairs of looks whose fingerprints are near in one orientation."""
    found: list[NDArray[np.intp]] = []
    good_b = np.flatnonzero(b.prints.quality >= QUALITY)
    there = _words(b.prints)[good_b, 0]
    here = _words(a.prints)
    for look in np.flatnonzero(a.prints.quality >= QUALITY):
        apart = np.bitwise_count(here[look][:, None] ^ there[None]).sum(axis=2, dtype=np.intp)
        turned = apart.argmin(axis=0) if good_b.size else np.zeros(0, np.intp)
        bits = apart[turned, np.arange(good_b.size)]
        near = np.flatnonzero(bits <= VOTING)
        if near.size:
            rows = (np.full(near.size, look), good_b[near], turned[near], bits[near])
            found.append(np.stack(rows, axis=1))
    every = np.concatenate(found) if found else np.zeros((0, 4), np.intp)
    every = every[np.argsort(every[:, 3], kind="stable")][:MOST_VOTES]
    return Votes(every[:, 0], every[:, 1], every[:, 2], every[:, 3])


def lines(cast: Votes, a: Seen, b: Seen) -> tuple[Line, ...]:
    """Return the lines through time that most votes agree on, strongest first."""
    at_a, at_b = a.looks[cast.of_a] / NANO, b.looks[cast.of_b] / NANO
    weight: Exact = np.asarray((HALF - cast.bits) / HALF, np.float64)
    found = [
        Line(float(speed), float(offset), support)
        for speed in SPEEDS
        for offset, support in _counted(np.asarray(at_b - speed * at_a, np.float64), weight, cast)
    ]
    # Of speeds that explain as much, the film's own.
    found.sort(key=lambda line: (-round(line.support, 6), abs(line.speed - 1), line.offset))
    kept: list[Line] = []
    for line in found:
        if all(abs(line.offset - other.offset) > 2 * BIN_S for other in kept):
            kept.append(line)
        if len(kept) == MOST_LINES:
            break
    return tuple(kept)


def _words(prints: Prints) -> NDArray[np.uint64]:
    return np.ascontiguousarray(prints.hashes).view(np.uint64)


def _counted(offsets: Exact, weight: Exact, cast: Votes) -> list[tuple[float, float]]:
    """Return bins of offsets and what each is worth: a look votes once, on either side."""
    number = np.rint(offsets / BIN_S).astype(np.int64)
    worth: list[tuple[float, float]] = []
    for bin_ in np.unique(number):
        inside = np.abs(number - bin_) <= 1
        sides = [_best(looks[inside], weight[inside]) for looks in (cast.of_a, cast.of_b)]
        worth.append((float(bin_) * BIN_S, min(sides)))
    return sorted(worth, key=lambda each: -each[1])[:MOST_LINES]


def _best(looks: NDArray[np.intp], weight: Exact) -> float:
    best: dict[int, float] = {}
    for look, each in zip(looks.tolist(), weight.tolist(), strict=True):
        best[look] = max(best.get(look, 0.0), each)
    return sum(best.values())
