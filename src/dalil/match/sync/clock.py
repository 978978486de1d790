"""One clock for several recordings of one moment, out of what pairs of them share.

Least squares over all pairs at once: each recording has a beginning and a rate, and two recordings
put the same moment at the same time. Where pairs contradict each other, whichever does so alone is
left out by name; where it cannot be told which, all of them are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

NANO = 10**9
# Sampling clocks of phones and cameras: within 50 in a million of each other, as a rule.
USUAL_PPM = 50.0
# What pairs may disagree by: sound takes 3 ms a metre, and not each pair hears the same source.
AGREE_NS = 50_000_000
SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """What two recordings share: the same moments on both clocks, in ns.

    ``a`` and ``b`` are numbers of recordings; ``marks`` (moment in a, moment in b), one or two.
    ``error_ns``: one standard deviation of a mark. ``by`` is "sound" or "motion".
    """

    a: int
    b: int
    marks: tuple[tuple[int, int], ...]
    error_ns: int
    by: str


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a recording begins on the common clock, which is that of the first recording.

    ``error_ns`` holds in 95 of 100 cases, pairs that disagree counted in; ``drift_ppb`` is how much
    slower its clock runs (parts in a thousand million), None where too little is shared to tell.
    """

    recording: int
    begins_ns: int
    error_ns: int
    drift_ppb: int | None


@dataclass(frozen=True, slots=True)
class Triangle:
    """Three recordings, and by how much their three pairs fail to close, in ns."""

    recordings: tuple[int, int, int]
    error_ns: int


@dataclass(frozen=True, slots=True)
class Clock:
    """The recordings that could be placed, what each sighting is off, and what was left out."""

    placed: tuple[Placed, ...]
    used: tuple[Sighting, ...]
    residuals_ns: tuple[int, ...]
    left_out: tuple[Sighting, ...]
    triangles: tuple[Triangle, ...]


def common_clock(count: int, sightings: Sequence[Sighting]) -> Clock:
    """Place ``count`` recordings on the clock of the first, as far as sightings reach."""
    used, left_out = _agreeing(list(sightings))
    reached = _reached(used)
    used = [each for each in used if each.a in reached]
    solution = _solve(used, reached)
    placed = tuple(
        _placed(number, used, reached, solution) for number in sorted(reached) if number < count
    )
    off = _off(used, reached, solution.values)
    residuals = tuple(round(each) for each in off)
    return Clock(placed, tuple(used), residuals, tuple(left_out), _triangles(sightings))


@dataclass(frozen=True, slots=True)
class _Solution:
    """Beginnings in ns, then rates in ppm, in the order of the recordings; covariance."""

    values: NDArray[np.float64]
    covariance: NDArray[np.float64]


def _solve(sightings: Sequence[Sighting], reached: Sequence[int]) -> _Solution:
    place = {number: i for i, number in enumerate(reached)}
    n = len(reached)
    rows, wanted = [], []
    for each in sightings:
        a, b = place[each.a], place[each.b]
        for at_a, at_b in each.marks:
            row = np.zeros(2 * n)
            row[a], row[b] = 1, -1
            row[n + a], row[n + b] = at_a / 1e6, -at_b / 1e6
            rows.append(row / max(1, each.error_ns))
            wanted.append((at_b - at_a) / max(1, each.error_ns))
    for i in range(n):
        row = np.zeros(2 * n)
        row[n + i] = 1 / (USUAL_PPM if i else USUAL_PPM * 1e-6)
        rows.append(row)
        wanted.append(0.0)
    fixed = np.zeros(2 * n)
    fixed[0] = 1.0
    rows.append(fixed)
    wanted.append(0.0)
    matrix = np.array(rows)
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-30)
    inverse = np.linalg.pinv(matrix / scale, rcond=1e-13)
    values = inverse @ np.array(wanted) / scale
    covariance = inverse @ inverse.T / np.outer(scale, scale)
    return _Solution(values, covariance)


def _off(
    sightings: Sequence[Sighting], reached: Sequence[int], values: NDArray[np.float64]
) -> list[float]:
    """Return how far each sighting is from the clock, at its worst mark, in ns."""
    place = {number: i for i, number in enumerate(reached)}
    n = len(reached)

    def on_clock(number: int, at: int) -> float:
        i = place[number]
        return float(values[i] + at * (1 + values[n + i] * 1e-6))

    return [
        max((on_clock(each.a, a) - on_clock(each.b, b) for a, b in each.marks), key=abs)
        for each in sightings
    ]


def _agrees(sightings: Sequence[Sighting]) -> bool:
    """Whether sightings fit one clock."""
    for part in _parts(sightings):
        inside = [each for each in sightings if each.a in part]
        off = _off(inside, part, _solve(inside, part).values)
        if any(
            abs(by) > max(AGREE_NS, SIGMAS * each.error_ns)
            for by, each in zip(off, inside, strict=True)
        ):
            return False
    return True


def _agreeing(sightings: list[Sighting]) -> tuple[list[Sighting], list[Sighting]]:
    """Return those that fit one clock, and those that were left out for it."""
    left_out: list[Sighting] = []
    while not _agrees(sightings):
        guilty = [
            each for each in sightings if _agrees([other for other in sightings if other != each])
        ]
        guilty = guilty or [_worst(sightings)]
        left_out.extend(guilty)
        sightings = [each for each in sightings if each not in guilty]
    return sightings, left_out


def _worst(sightings: Sequence[Sighting]) -> Sighting:
    found: list[tuple[float, Sighting]] = []
    for part in _parts(sightings):
        inside = [each for each in sightings if each.a in part]
        off = _off(inside, part, _solve(inside, part).values)
        found.extend((abs(by), each) for by, each in zip(off, inside, strict=True))
    return max(found, key=lambda each: each[0])[1]


def _parts(sightings: Sequence[Sighting]) -> list[tuple[int, ...]]:
    """Return the groups of recordings that sightings connect."""
    parts: list[set[int]] = []
    for each in sightings:
        ends = {each.a, each.b}
        touched = [part for part in parts if part & ends]
        parts = [part for part in parts if not part & ends]
        parts.append(ends.union(*touched))
    return [tuple(sorted(part)) for part in parts]


def _reached(sightings: Sequence[Sighting]) -> tuple[int, ...]:
    return next((part for part in _parts(sightings) if 0 in part), (0,))


def _placed(
    number: int, used: Sequence[Sighting], reached: Sequence[int], solution: _Solution
) -> Placed:
    i, n = reached.index(number), len(reached)
    if not i:
        return Placed(number, 0, 0, 0)
    off = _off(used, reached, solution.values)
    worst = max(
        abs(by) for by, each in zip(off, used, strict=True) if number in {each.a, each.b}
    )  # at the least one sighting led here
    error = 2 * float(np.sqrt(solution.covariance[i, i]))
    ppm, ppm_error = solution.values[n + i], float(np.sqrt(solution.covariance[n + i, n + i]))
    told = ppm_error < USUAL_PPM / 5
    return Placed(
        number,
        round(float(solution.values[i])),
        round(max(error, worst)),
        round(float(ppm) * 1000) if told else None,
    )


def _triangles(sightings: Sequence[Sighting]) -> tuple[Triangle, ...]:
    """Return by how much each three recordings fail to close, at the middle of what they share."""
    by_pair = {(min(each.a, each.b), max(each.a, each.b)): each for each in sightings}
    found = []
    numbers = sorted({end for pair in by_pair for end in pair})
    for a, b, c in combinations(numbers, 3):
        sides = [by_pair.get(pair) for pair in ((a, b), (b, c), (a, c))]
        if None not in sides:
            ab, bc, ac = (_later(each) for each in sides if each is not None)
            found.append(Triangle((a, b, c), round(ab + bc - ac)))
    return tuple(found)


def _later(sighting: Sighting) -> float:
    """Return how much later the recording with the higher number begins."""
    later = float(np.mean([a - b for a, b in sighting.marks]))
    return later if sighting.a < sighting.b else -later
