"""The features of one file: what copies are recognised by. Derived, sensitive, never evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What is made otherwise than before is another edition, and is made anew.
EDITION = 1
NANO = 10**9
MOTION_EVERY_NS = NANO // 8
LOOK_EVERY_NS = NANO
MOTION_SIDE = 160
LOOK_SIDE = 512

Bytes = NDArray[np.uint8]
Times = NDArray[np.int64]
Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Prints:
    """PDQ of looked-at pictures in 8 orientations (ThreatExchange, hashing.pdf).

    ``hashes`` u1[n, 8, 32], the upright one first; ``quality`` u1[n], 0 to 100.
    """

    hashes: Bytes
    quality: Bytes


@dataclass(frozen=True, slots=True)
class Points:
    """Local features (RootSIFT) of looked-at pictures, ragged: picture i has [start[i]:start[i+1]].

    ``start`` i8[n + 1]. ``places`` f4[m, 2]: x and y in pixels of the look picture, whose longest
    side is ``LOOK_SIDE`` or less. ``sizes`` and ``angles`` (degrees) f4[m].
    ``descriptors`` u1[m, 128], square roots scaled so that a squared distance compares.
    """

    start: Times
    places: Reals
    sizes: Reals
    angles: Reals
    descriptors: Bytes


@dataclass(frozen=True, slots=True)
class Motion:
    """Small grey pictures at even steps, from which motion is read when two films are compared.

    ``grid`` u1[t, h, w], step t at t * ``every_ns``. Pictures and no differences of them: only a
    comparison can tell the shake of a copying hand from what moved before it.
    """

    every_ns: int
    grid: Bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """Features of one film of a file, times in ns since its first picture shown.

    ``stream`` in the file; ``width`` and ``height`` as shown, ``frames`` counted, ``length_ns`` up
    to the last picture. ``shots`` i8[s]: where a new shot begins, 0 first. ``looks`` i8[n]: when
    the pictures of ``prints`` and ``points`` are shown; ``look_width`` and ``look_height`` in
    pixels. ``learned`` f2[n, k], unit length, or n = 0 without the extra.
    """

    stream: int
    width: int
    height: int
    frames: int
    length_ns: int
    shots: Times
    looks: Times
    look_width: int
    look_height: int
    prints: Prints
    points: Points
    motion: Motion
    learned: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Heard:
    """Features of one sound track, times in ns since the first picture shown (or first sample).

    ``start_ns`` of the first sample. ``chromaprint`` u4[k], one each ``print_every_ns``, empty
    without the library. ``loudness`` u1[t]: dB full scale + 128 clipped, each ``loud_every_ns``.
    """

    stream: int
    start_ns: int
    length_ns: int
    print_every_ns: int
    chromaprint: NDArray[np.uint32]
    loud_every_ns: int
    loudness: Bytes


@dataclass(frozen=True, slots=True)
class Features:
    """Of one file: its films and sounds, by which edition, and what could not be made (words)."""

    edition: int
    films: tuple[Seen, ...]
    sounds: tuple[Heard, ...]
    learned_by: str
    problems: tuple[str, ...]
