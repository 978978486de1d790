"""Sound as second witness: whether two tracks sound alike where two films look alike.

Fingerprints are Chromaprint's. Where two are of one sound, less than .30 of their bits differ, of
six seconds and more; unlike ones of that length begin at .36 and lie about .48. Sound never
overrules pictures: people put music under footage, and noise can hide a sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dalil.match.found import Piece, Stage
from dalil.media.features.features import NANO, Heard

ALIKE = 0.30
# Prints overlap: a few of them agree by chance more often.
SHORT, ALIKE_SHORT = 28, 0.22
UNLIKE = 0.45
# What a print covers (16 steps of 1,365 samples after filters that reach 4 steps further), so that
# prints begin this long before a stretch ends.
COVERED_NS = 26 * NANO // 10
FEWEST, MOST = 12, 240
AUDIBLE_DB = 128 - 70
AUDIBLE_SHARE = 0.25
# Pictures are placed this well; a second place as good outside of it says that sound repeats.
PLACED_NS = NANO // 2
RIVAL_MARGIN = 0.06
NEAR_SPEED = 0.03
# Prints that are common (silence, a hum) say nothing of where; these are looked up no further.
MOST_EQUAL, LEAST_EQUAL, MOST_SHIFTS = 16, 3, 12
SMOOTHED = 16

Prints = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Share of bits that differ at the place that pictures give, and at the best other place."""

    here: float
    elsewhere: float
    prints: int


def second_witness(a: Heard, b: Heard, pieces: Sequence[Piece]) -> Stage:
    """Say whether ``a`` and ``b`` sound alike in all their pieces together.

    ``yes``: few bits differ where the pictures lie, and nowhere else. ``no``: both are heard and
    differ there. ``cannot-tell``: silence, too short, a hum or a beat that fits everywhere,
    another speed. The score is the share of bits that differ.
    """
    compared = [each for piece in pieces if (each := _compare(a, b, piece)) is not None]
    if not compared:
        return Stage("sound", "cannot-tell")
    weights = [each.prints for each in compared]
    here = float(np.average([each.here for each in compared], weights=weights))
    elsewhere = float(np.average([each.elsewhere for each in compared], weights=weights))
    same_speed = all(abs(piece.speed - 1) < NEAR_SPEED for piece in pieces)
    said = "cannot-tell"
    if here < (ALIKE if sum(weights) >= SHORT else ALIKE_SHORT) and here + RIVAL_MARGIN < elsewhere:
        said = "yes"
    elif here > UNLIKE and same_speed:
        said = "no"
    return Stage("sound", said, round(here, 3))


def shared_sound(a: Heard, b: Heard) -> tuple[Piece, ...]:
    """Return the stretches in which two tracks sound alike, whatever their pictures show.

    Of six seconds and more, at one speed; ``transform`` None. What is found so is the same sound,
    never the same footage: sound is put under other pictures.
    """
    every = a.print_every_ns
    if every != b.print_every_ns or not (a.chromaprint.size and b.chromaprint.size):
        return ()
    found: list[Piece] = []
    for shift in _likely_shifts(a.chromaprint, b.chromaprint):
        for first, last in _alike_runs(a.chromaprint, b.chromaprint, shift):
            start, end = a.start_ns + first * every, a.start_ns + (last - 1) * every + COVERED_NS
            apart = b.start_ns + shift * every - a.start_ns
            piece = Piece(start, end, start + apart, end + apart, 1.0, None)
            free = all(end <= each.a_from_ns or start >= each.a_to_ns for each in found)
            if free and second_witness(a, b, (piece,)).said == "yes":
                found.append(piece)
    return tuple(sorted(found, key=lambda piece: piece.a_from_ns))


def _likely_shifts(a: Prints, b: Prints) -> list[int]:
    """Return by how many prints b lies after a, most equal prints first."""
    order = np.argsort(b, kind="stable")
    low, high = (np.searchsorted(b, a, side, sorter=order) for side in ("left", "right"))
    times = np.where(high - low <= MOST_EQUAL, high - low, 0)
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    shifts = order[np.repeat(low, times) + within] - np.repeat(np.arange(a.size), times)
    values, votes = np.unique(shifts, return_counts=True)
    best = np.argsort(-votes, kind="stable")[:MOST_SHIFTS]
    return [int(values[i]) for i in best if votes[i] >= LEAST_EQUAL]


def _alike_runs(a: Prints, b: Prints, shift: int) -> list[tuple[int, int]]:
    """Return from which print up to which of a the bits of b, so many later, are alike."""
    first, last = max(0, -shift), min(a.size, b.size - shift)
    if last - first < SHORT:
        return []
    shares = np.bitwise_count(a[first:last] ^ b[first + shift : last + shift]) / 32
    mean = np.convolve(shares, np.ones(SMOOTHED) / SMOOTHED, "valid")
    alike = np.concatenate(([False], mean < ALIKE, [False]))
    edges = np.flatnonzero(np.diff(alike.astype(np.int8)))
    runs: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        near = start + np.flatnonzero(shares[start : end + SMOOTHED - 1] < ALIKE)
        if near.size >= SHORT:
            runs.append((first + int(near[0]), first + int(near[-1]) + 1))
    return runs


def _compare(a: Heard, b: Heard, piece: Piece) -> _Compared | None:
    """Compare one piece; None where either is silent there or too short."""
    if not (
        _audible(a, piece.a_from_ns, piece.a_to_ns) and _audible(b, piece.b_from_ns, piece.b_to_ns)
    ):
        return None
    every = a.print_every_ns
    first = max(0, -(-(piece.a_from_ns - a.start_ns) // every))
    last = min(a.chromaprint.size, (piece.a_to_ns - COVERED_NS - a.start_ns) // every + 1)
    if last - first < FEWEST or every != b.print_every_ns:
        return None
    chosen = np.unique(np.linspace(first, last - 1, min(MOST, last - first)).astype(np.int64))
    after = a.start_ns + chosen * every - piece.a_from_ns
    places = (piece.b_from_ns + after * piece.speed - b.start_ns) / every
    curve, zero = _bit_errors(a.chromaprint[chosen], np.round(places).astype(np.int64), b)
    near = np.abs(np.arange(curve.size) - zero) <= PLACED_NS / every
    if not np.isfinite(curve[near]).any():
        return None
    far = curve[~near & np.isfinite(curve)]
    return _Compared(
        float(np.nanmin(curve[near])), float(far.min()) if far.size else 0.5, chosen.size
    )


def _bit_errors(
    prints: NDArray[np.uint32], places: NDArray[np.int64], b: Heard
) -> tuple[NDArray[np.float64], int]:
    """Return the share of bits that differ for each shift of ``places``, and which shift is 0.

    A shift that leaves fewer than ``FEWEST`` prints within ``b`` is not a number.
    """
    low, high = -int(places[-1]), b.chromaprint.size - int(places[0])
    shifts = np.arange(min(low, 0), max(high, 1))
    differing = np.zeros(shifts.size, np.int64)
    counted = np.zeros(shifts.size, np.int64)
    for each, place in zip(prints, places.tolist(), strict=True):
        start, end = place + int(shifts[0]), place + int(shifts[-1]) + 1
        inside = slice(max(0, -start), shifts.size - max(0, end - b.chromaprint.size))
        part = b.chromaprint[max(0, start) : min(end, b.chromaprint.size)]
        differing[inside] += np.bitwise_count(part ^ each)
        counted[inside] += 1
    shares = np.full(shifts.size, np.nan)
    enough = counted >= FEWEST
    shares[enough] = differing[enough] / (32 * counted[enough])
    return shares, -int(shifts[0])


def _audible(heard: Heard, from_ns: int, to_ns: int) -> bool:
    every = heard.loud_every_ns
    first, last = ((at - heard.start_ns) // every for at in (from_ns, to_ns))
    part = heard.loudness[max(0, first) : max(0, last)]
    return bool(part.size) and float((part > AUDIBLE_DB).mean()) >= AUDIBLE_SHARE
