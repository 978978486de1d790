"""PDQ fingerprints of a film's looked-at pictures, each in 8 orientations.

PDQ is Meta's (ThreatExchange, `hashing/hashing.pdf`), computed by the kept binding `pdqhash`.
Black bars above, below and beside are left out: a letter box is no part of what was filmed.
"""

from __future__ import annotations

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

from dalil.media.features.features import Bytes, Prints

ORIENTATIONS = 8
HASH_BYTES = 32
# What PDQ itself goes on from. Shrunk to it by areas, a turned or mirrored picture gives the very
# bits of the turned hash (PDQ's own shrinking is 24 to 42 bits off); 10 to 14 bits from its own.
SIDE = 64
# A line of a bar is near black and even, also with the noise of a messenger's compression.
BAR_MEAN, BAR_SPREAD = 24.0, 6.0
# Where less than this is left of a side, the picture itself is dark.
LEAST_LEFT = 0.35


class PrintMaker:
    """Collects the fingerprints of one film: 257 bytes a picture, 0.9 MB an hour."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._hashes = bytearray()
        self._quality = bytearray()

    def take(self, picture: Bytes, at_ns: int) -> None:  # noqa: ARG002 - as all makers
        """Take one grey picture u1[h, w]."""
        hashes, quality = prints_of(picture)
        self._hashes += hashes.tobytes()
        self._quality.append(quality)

    def finish(self) -> Prints:
        """Return what was taken, in its order."""
        hashes = np.frombuffer(bytes(self._hashes), np.uint8)
        quality = np.frombuffer(bytes(self._quality), np.uint8)
        return Prints(hashes.reshape(-1, ORIENTATIONS, HASH_BYTES), quality)


def prints_of(picture: Bytes) -> tuple[Bytes, int]:
    """Return PDQ of a grey picture in 8 orientations, u1[8, 32], upright first, and its quality."""
    small = cv2.resize(without_bars(picture), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    # The binding takes colours only.
    bits, quality = pdqhash.compute_dihedral(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB))
    return np.packbits(np.asarray(bits, np.uint8), axis=1), int(quality)


def without_bars(picture: Bytes) -> Bytes:
    """Return the picture without black bars at its edges; as it is where little would be left."""
    rows = _between_bars(picture)
    columns = _between_bars(picture.T)
    height, width = picture.shape
    enough = (
        rows.stop - rows.start >= LEAST_LEFT * height
        and columns.stop - columns.start >= LEAST_LEFT * width
    )
    return picture[rows, columns] if enough else picture


def _between_bars(lines: NDArray[np.uint8]) -> slice:
    # Most pictures have no bar.
    if _shown(lines[[0, -1]]).all():
        return slice(0, len(lines))
    places = np.flatnonzero(_shown(lines))
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


def _shown(lines: NDArray[np.uint8]) -> NDArray[np.bool_]:
    shown: NDArray[np.bool_] = (lines.mean(axis=1) > BAR_MEAN) | (lines.std(axis=1) > BAR_SPREAD)
    return shown
