"""The index of looks at size: building, its memory and disk, and one look asked of it.

Made-up looks: for what is measured here only their number counts, not what they show. Descriptors
lie in clusters as real ones do, or lists would be of no use.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from dalil.match.held import index as looks
from dalil.match.held.index import LookIndex
from dalil.media.features.features import EDITION, NANO, Features, Motion, Points, Prints, Seen

MILLION = 1_000_000
LOOKS_OF_AN_ITEM = 1000
# One in four looks is described in footage that moves; each gives the index 24 points.
DESCRIBED = 4
CLUSTERS = 20_000


def say(name: str, reached: float, target: float, unit: str, note: str = "") -> None:
    """Print one measurement."""
    line = {"name": name, "reached": round(reached, 3), "target": target, "unit": unit}
    print(json.dumps(line | {"better": "less", "note": note, "ratio_to": ""}), flush=True)


def film(chance: np.random.Generator, centres: NDArray[np.uint8], count: int) -> Features:
    """Return features of a film of so many looks that differ."""
    described = np.arange(count) % DESCRIBED == 0
    start = np.concatenate(([0], np.cumsum(described * looks.POINTS_OF_A_LOOK))).astype(np.int64)
    many = int(start[-1])
    rows = centres[chance.integers(0, len(centres), many)]
    rows = rows + chance.integers(0, 16, rows.shape, np.uint8)
    times = np.arange(count, dtype=np.int64) * NANO
    hashes = np.zeros((count, 8, 32), np.uint8)
    hashes[:] = chance.integers(0, 256, (count, 1, 32), np.uint8)
    points = Points(
        start, np.zeros((many, 2), np.float32), np.ones(many, np.float32),
        np.zeros(many, np.float32), rows,
    )  # fmt: skip
    seen = Seen(
        0, 640, 480, count, count * NANO, times[:1], times, 512, 384,
        Prints(hashes, np.full(count, 100, np.uint8)), points,
        Motion(NANO // 8, np.zeros((0, 1, 1), np.uint8)), np.zeros((0, 512), np.float16),
    )  # fmt: skip
    return Features(EDITION, (seen,), (), "", ())


def films(number: int) -> Iterator[tuple[int, Features]]:
    """Yield items of a thousand looks each."""
    chance = np.random.default_rng(5)
    centres = chance.integers(0, 80, (CLUSTERS, 128), np.uint8)
    for item in range(number // LOOKS_OF_AN_ITEM):
        yield item + 1, film(chance, centres, LOOKS_OF_AN_ITEM)


def cpu_of(ask: Callable[[], object], times: int = 5) -> float:
    """Return milliseconds of CPU of one call, the least of some."""
    least = float("inf")
    for _ in range(times):
        begun = time.process_time()
        ask()
        least = min(least, time.process_time() - begun)
    return least * 1000


def million() -> None:
    """Measure one million looks, whole path."""
    folder = Path(tempfile.mkdtemp())
    try:
        begun = time.process_time()
        LookIndex(folder / "index-1").add(films(MILLION))
        say("index of 1 M looks, built", time.process_time() - begun, 600, "s CPU")
        disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        say("index of 1 M looks, disk", disk / 2**20, 1500, "MiB")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        say("index of 1 M looks, memory while building", peak, 4096, "MiB")
        index = LookIndex(folder / "index-1")
        _, asked = next(films(LOOKS_OF_AN_ITEM))
        one = film(np.random.default_rng(7), asked.films[0].points.descriptors, 1)
        index.candidates(one, range(MILLION))
        took = cpu_of(lambda: index.candidates(one, range(MILLION)))
        say("one look asked of 1 M, 8 orientations and points", took, 50, "ms CPU")
    finally:
        shutil.rmtree(folder)


def ten_million() -> None:
    """Measure ten million fingerprints, eight orientations at once."""
    chance = np.random.default_rng(3)
    rows = chance.integers(0, 256, (10 * MILLION, 32), np.uint8)
    asked = chance.integers(0, 256, (8, 32), np.uint8)
    took = cpu_of(lambda: faiss.knn_hamming(asked, rows, looks.NEIGHBOURS))
    say("one look asked of 10 M fingerprints", took, 300, "ms CPU")


if __name__ == "__main__":
    million()
    ten_million()
