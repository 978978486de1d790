"""vPDQ, the peer: PDQ of one picture a second, matched at its makers' standard thresholds.

By its own program `vpdq-hash-video` where that is on the PATH (PyPI `vpdq`, its folder cpp/, built
with CMake and FFmpeg's development files), else the same steps out of `pdqhash`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import pdqhash
from numpy.typing import NDArray

PROGRAM = "vpdq-hash-video"
DISTANCE, QUALITY, SHARE = 31, 50, 0.8
Hashes = NDArray[np.uint8]


def by() -> str:
    """Return whose hashing is used."""
    return PROGRAM if shutil.which(PROGRAM) else "its steps out of pdqhash"


def hashes(film: Path, kept: Path) -> Hashes:
    """Return u1[n, 32] of the pictures that are good enough, each kind once."""
    if shutil.which(PROGRAM):
        out = kept / f"{film.stem}.txt"
        if not out.exists():
            arguments = [PROGRAM, "-i", str(film), "-o", str(out), "-r", "1"]
            subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
        rows = [line.split(",") for line in out.read_text("ascii").splitlines()]
        good = [bytes.fromhex(row[2]) for row in rows if int(row[1]) >= QUALITY]
    else:
        good = _out_of_pdqhash(film)
    return np.array([list(each) for each in sorted(set(good))], np.uint8).reshape(-1, 32)


def _out_of_pdqhash(film: Path) -> list[bytes]:
    good = []
    with av.open(film) as file:
        stream = file.streams.video[0]
        every = max(1, round(float(stream.average_rate or 1)))
        for count, frame in enumerate(file.decode(stream)):
            if count % every == 0:
                bits, quality = pdqhash.compute(frame.to_ndarray(format="rgb24"))
                if quality >= QUALITY:
                    good.append(np.packbits(bits).tobytes())
    return good


def shares(copy: Hashes, reference: Hashes) -> tuple[float, float]:
    """Return which share of the copy's and of the reference's pictures meets one of the other."""
    if not len(copy) or not len(reference):
        return 0.0, 0.0
    meets = np.bitwise_count(copy[:, None] ^ reference[None]).sum(-1, dtype=int) <= DISTANCE
    return float(meets.any(1).mean()), float(meets.any(0).mean())


def says(copy: Hashes, reference: Hashes) -> bool:
    """Tell whether enough of either film is found in the other."""
    return max(shares(copy, reference)) >= SHARE
