"""Which items look alike to the learned descriptor: all its vectors, asked by their signs first.

The signs of a vector's numbers are a hash whose distance follows the angle between vectors
(Charikar, STOC 2002). So a million pictures are asked by 64 MB of signs, and only the nearest are
read whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray

from dalil.engines.files import disk_room, make_folders, sync_file, sync_folder, write_durably
from dalil.media.features.features import Features
from dalil.media.features.makers.learned import LENGTH

# Every one of 406 copies was as near as this to its recording, and one in a hundred other pairs.
LEAST = 0.25
# Read whole for each picture asked about; of 200,000, 64 were enough to find what .25 finds.
NEAREST = 256
# A picture as near as this to the one kept before it says nothing new: a fixed camera, a still.
SAME_AGAIN = 0.95
SIGNS = LENGTH // 8
ROWS = "rows"
ROW_BYTES = {"vectors": 2 * LENGTH, "signs": SIGNS, "items": 8}

Vectors = NDArray[np.float16]
Number = TypeVar("Number", bound=np.generic)


class VectorIndex:
    """The vectors of all items, in three files that only grow, and a fourth that says how far.

    What a crash left beyond that is not there, and is written over. ``len`` counts pictures.
    """

    def __init__(self, folder: Path) -> None:
        """Open what lies in a folder; where nothing does, it is empty."""
        self._folder = folder
        self._look()

    def _look(self) -> None:
        rows = _rows(self._folder)
        self._items = _mapped(self._folder / "items", np.dtype(np.int64), 1, rows)[:, 0]
        self._signs = _mapped(self._folder / "signs", np.dtype(np.uint8), SIGNS, rows)
        self._vectors = _mapped(self._folder / "vectors", np.dtype(np.float16), LENGTH, rows)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def last(self) -> int:
        """The highest number of an item of which a vector is held; 0 of none."""
        return int(self._items.max(initial=0))

    def add(self, entries: Iterable[tuple[int, Features]]) -> None:
        """Add items by rising number; those up to ``last`` are held already and passed over.

        Raises:
            NoSpace: the disk is full; what was held before still is.

        """
        last = self.last
        found = [(n, _telling(each)) for n, each in entries if n > last]
        items = np.concatenate([np.full(len(v), n, np.int64) for n, v in found] or [_NO_ITEMS])
        if not len(items):
            return
        vectors = np.concatenate([each for _, each in found])
        make_folders(self._folder)
        for name, rows in (("vectors", vectors), ("signs", _signs(vectors)), ("items", items)):
            _append(self._folder / name, np.ascontiguousarray(rows), len(self))
        sync_folder(self._folder)
        write_durably(self._folder / ROWS, str(len(self) + len(items)).encode("ascii"))
        self._look()

    def candidates(self, features: Features) -> set[int]:
        """Return the numbers of the items with a picture that looks like one of these."""
        asked = _telling(features)
        if not len(asked) or not len(self):
            return set()
        nearest = min(NEAREST, len(self))
        _, rows = faiss.knn_hamming(_signs(asked), self._signs, nearest)
        found = set[int]()
        for vector, near in zip(asked.astype(np.float32), rows, strict=True):
            likeness = self._vectors[near].astype(np.float32) @ vector
            found.update(self._items[near[likeness >= LEAST]].tolist())
        return found


_NO_ITEMS = np.empty(0, np.int64)


def _telling(features: Features) -> Vectors:
    """Return the vectors of all films, without those that say what the one before them said."""
    kept = [np.empty((0, LENGTH), np.float16)]
    for film in features.films:
        before = None
        for vector in film.learned:
            whole = vector.astype(np.float32)
            if before is None or float(before @ whole) < SAME_AGAIN:
                kept.append(vector[None])
                before = whole
    return np.concatenate(kept)


def _signs(vectors: Vectors) -> NDArray[np.uint8]:
    return np.packbits(vectors > 0, axis=1)


def _rows(folder: Path) -> int:
    """Return how many rows are whole; 0 where a file is shorter than was written."""
    try:
        rows = int((folder / ROWS).read_bytes())
        whole = all((folder / n).stat().st_size >= rows * w for n, w in ROW_BYTES.items())
    except (FileNotFoundError, ValueError):
        return 0
    return max(0, rows) if whole else 0


def _mapped(path: Path, kind: np.dtype[Number], width: int, rows: int) -> NDArray[Number]:
    """Map the first rows of a file into memory."""
    if not rows:
        return np.empty((0, width), kind)
    return np.memmap(path, kind, "r", shape=(rows, width))


def _append(path: Path, rows: NDArray[np.generic], after: int) -> None:
    """Write rows after the first ``after`` ones; what a crash left beyond them goes."""
    start = after * ROW_BYTES[path.name]
    with disk_room(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(start)
            file.seek(start)
            file.write(rows.tobytes())
            file.flush()
            sync_file(file.fileno())
