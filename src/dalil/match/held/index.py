"""Which items may show the same pictures: an index over all looks, asked before any is compared.

Three kinds of rows, searched by faiss: fingerprints of looks, their largest local features, and
learned descriptors where there are any. What is near in any of them is a candidate and no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from dalil.engines.files import disk_room, make_folders, rename_durably
from dalil.match.picture.geometry import MIRRORED
from dalil.media.features.features import Features, Seen
from dalil.vault.derived import DERIVED
from dalil.vault.vault import remove_tree

Rows = NDArray[Any]
Numbers = NDArray[np.int32]

PRINTS, POINTS, LEARNED = "prints", "points", "learned"
FORMS: Mapping[str, tuple[type[np.generic], int]] = {
    PRINTS: (np.uint8, 32),
    POINTS: (np.uint8, 128),
    LEARNED: (np.float16, 512),
}
# Two looks of one file this near show the same: the later one is left out.
ALIKE_BITS = 12
REMEMBERED = 1000
# A fingerprint of a grey wall says nothing (hashing.pdf holds 50 for good enough to publish).
TELLING_QUALITY = 20
NEAR_BITS = 45
# Measured on 7 of 14 scenes under 29 attacks: two of the largest points of a picture this near
# find every true copy, and one pair of others in fifty.
NEAR_POINTS, VOTES = (0.35 * 512) ** 2, 2
POINTS_OF_A_LOOK, POINTS_ASKED = 24, 64
NEAR_LEARNED = 0.25
# So many looks of one file are asked for at most, spread over it; so many items answer each kind.
LOOKS_ASKED, CANDIDATES = 400, 20
NEIGHBOURS = 32
# Below this all rows are read; above, those of the nearest lists (inverted file, product codes).
FLAT_ROWS = 40_000
PROBED = 16
TRAINED_ON, TRAINED_AT_MOST = 64, 1 << 20
PORTION = 1 << 16
SEGMENT_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class _Looks:
    """What one file is found by, or asked with: rows of each kind."""

    prints: NDArray[np.uint8]
    points: NDArray[np.uint8]
    learned: NDArray[np.float16]

    def of(self, kind: str) -> Rows:
        rows: Mapping[str, Rows] = {
            PRINTS: self.prints, POINTS: self.points, LEARNED: self.learned,
        }  # fmt: skip
        return rows[kind]


class LookIndex:
    """The index of one catalogue: segments of items that came one after another."""

    def __init__(self, folder: Path) -> None:
        """Use ``open``."""
        self._folder = folder
        self._segments = [_Segment(each) for each in sorted(folder.glob("[0-9]*-*"), key=_first)]

    @classmethod
    def open(cls, archive: Path, catalogue: str) -> LookIndex:
        """Open what was made for a catalogue; nothing there is an empty index."""
        return cls(archive / DERIVED / f"index-{catalogue}")

    @property
    def last(self) -> int:
        """The number of the last item in it; 0 where it is empty."""
        return max((each.last for each in self._segments), default=0)

    def add(self, items: Iterable[tuple[int, Features | None]]) -> None:
        """Put items in, by rising number; each is a segment that is there whole or not at all.

        Raises:
            NoSpace: the disk is full; what was there stays.

        """
        for beside in self._folder.parent.glob("index-*"):
            if beside != self._folder:
                remove_tree(beside)
        make_folders(self._folder)
        for rest in self._folder.glob(".*"):
            remove_tree(rest)
        self._write(items)
        self._merge()

    def candidates(self, features: Features, among: Container[int]) -> set[int]:
        """Return the numbers out of ``among`` of items that may show the same as a file."""
        asked = [_asked(film) for film in features.films]
        return {
            number
            for looks in asked
            for kind in (PRINTS, POINTS, LEARNED)
            for number in self._near(kind, looks, among)
        }

    def _near(self, kind: str, looks: _Looks, among: Container[int]) -> list[int]:
        votes: Counter[int] = Counter()
        rows = looks.of(kind)
        for segment in self._segments if len(rows) else ():
            votes.update(segment.votes(kind, rows))
        least = VOTES if kind == POINTS else 1
        enough = (each for each in votes if votes[each] >= least and each in among)
        return sorted(enough, key=lambda number: (-votes[number], number))[:CANDIDATES]

    def _write(self, items: Iterable[tuple[int, Features | None]]) -> None:
        first = last = 0
        parts: dict[str, list[Rows]] = {kind: [] for kind in FORMS}
        owners: dict[str, list[Numbers]] = {kind: [] for kind in FORMS}
        for number, features in items:
            first, last = first or number, number
            for film in features.films if features is not None else ():
                held = _held(film)
                for kind in FORMS:
                    parts[kind].append(held.of(kind))
                    owners[kind].append(np.full(len(held.of(kind)), number, np.int32))
            if sum(map(len, parts[PRINTS])) >= SEGMENT_ROWS:
                self._keep(first, last, _whole(parts), _joined(owners))
                first, parts, owners = 0, {k: [] for k in FORMS}, {k: [] for k in FORMS}
        if first:
            self._keep(first, last, _whole(parts), _joined(owners))

    def _keep(
        self, first: int, last: int, rows: Mapping[str, Rows], owners: Mapping[str, Numbers]
    ) -> None:
        """Write a segment beside, then give it its name; what it replaces goes afterwards."""
        beside = self._folder / f".{first}-{last}"
        with disk_room(beside):
            beside.mkdir()
            for kind in FORMS:
                np.save(beside / f"{kind}.npy", rows[kind])
                np.save(beside / f"{kind}-of.npy", owners[kind])
                if kind != PRINTS and len(rows[kind]) > FLAT_ROWS:
                    faiss.write_index(_lists(kind, rows[kind]), str(beside / f"{kind}.faiss"))
        place = self._folder / f"{first}-{last}"
        rename_durably(beside, place)
        self._segments.append(_Segment(place))

    def _merge(self) -> None:
        """Join the last segments while together they are no smaller than the one before."""
        while len(self._segments) > 1:
            before, after = self._segments[-2:]
            both = before.count + after.count
            if after.count * 2 < before.count or both > SEGMENT_ROWS:
                return
            joined = {k: np.concatenate([before.rows(k), after.rows(k)]) for k in FORMS}
            owners = {k: np.concatenate([before.owners(k), after.owners(k)]) for k in FORMS}
            del self._segments[-2:]
            self._keep(before.first, after.last, joined, owners)
            for old in (before, after):
                remove_tree(old.folder)


class _Segment:
    """Rows of some items, in files that are mapped and not read whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first, self.last = (int(each) for each in folder.name.split("-"))
        self._mapped: dict[str, Rows] = {}

    @property
    def count(self) -> int:
        """How many looks it holds; one that holds none is as small as one that holds one."""
        return max(1, len(self.rows(PRINTS)))

    def rows(self, kind: str) -> Rows:
        return self._map(kind)

    def owners(self, kind: str) -> Numbers:
        return self._map(f"{kind}-of").astype(np.int32, copy=False)

    def votes(self, kind: str, asked: Rows) -> Counter[int]:
        """Count, by item, how many of the asked rows have a near one in it."""
        rows = self.rows(kind)
        if not len(rows):
            return Counter()
        if kind == PRINTS:
            near, there = faiss.knn_hamming(asked, rows, min(NEIGHBOURS, len(rows)))
            hits = near <= NEAR_BITS
        else:
            near, there = self._nearest(kind, asked)
            hits = near <= NEAR_POINTS if kind == POINTS else near >= NEAR_LEARNED
        who, which = np.nonzero(hits & (there >= 0))
        pairs = np.stack([who, self.owners(kind)[there[who, which]]], axis=1)
        return Counter(np.unique(pairs, axis=0)[:, 1].tolist())

    def _nearest(self, kind: str, asked: Rows) -> tuple[Rows, NDArray[np.int64]]:
        lists = self._points_lists if kind == POINTS else self._learned_lists
        metric = faiss.METRIC_L2 if kind == POINTS else faiss.METRIC_INNER_PRODUCT
        many = min(NEIGHBOURS, len(self.rows(kind)))
        if lists is None:
            near, there = faiss.knn(_reals(asked), self._flat(kind), many, metric=metric)
        else:
            near, there = lists.search(_reals(asked), many)
        return near, there

    @cached_property
    def _points_lists(self) -> faiss.Index | None:
        return self._lists(POINTS)

    @cached_property
    def _learned_lists(self) -> faiss.Index | None:
        return self._lists(LEARNED)

    def _lists(self, kind: str) -> faiss.Index | None:
        path = self.folder / f"{kind}.faiss"
        if not path.is_file():
            return None
        index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        index.nprobe = PROBED
        lists: faiss.Index = index
        return lists

    def _flat(self, kind: str) -> NDArray[np.float32]:
        name = f"{kind}-reals"
        if name not in self._mapped:
            self._mapped[name] = _reals(self.rows(kind))
        return self._mapped[name].astype(np.float32, copy=False)

    def _map(self, name: str) -> Rows:
        if name not in self._mapped:
            self._mapped[name] = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return self._mapped[name]


def _first(segment: Path) -> int:
    return int(segment.name.split("-")[0])


def _held(film: Seen) -> _Looks:
    """Return what a film is found by: looks that differ, their largest points."""
    looks = _different(film)
    prints = np.ascontiguousarray(film.prints.hashes[looks, 0])
    learned = film.learned[looks] if len(film.learned) else film.learned
    return _Looks(
        prints.reshape(-1, 32),
        _largest(film, range(len(film.looks)), POINTS_OF_A_LOOK),
        learned.astype(np.float16).reshape(-1, 512),
    )


def _asked(film: Seen) -> _Looks:
    """Return what a film asks with: looks in 8 orientations, points upright and mirrored."""
    looks = _different(film)
    looks = looks[_spread(len(looks))]
    described = np.flatnonzero(np.diff(film.points.start))
    points = _largest(film, described[_spread(len(described))].tolist(), POINTS_ASKED)
    learned = film.learned[looks] if len(film.learned) else film.learned
    return _Looks(
        np.ascontiguousarray(film.prints.hashes[looks]).reshape(-1, 32),
        np.concatenate([points, points[:, MIRRORED]]),
        learned.astype(np.float16).reshape(-1, 512),
    )


def _different(film: Seen) -> NDArray[np.intp]:
    """Return the looks that say something and are not like one that was taken before."""
    hashes = np.ascontiguousarray(film.prints.hashes[:, 0]).view(np.uint64)
    kept: list[int] = []
    for look in np.flatnonzero(film.prints.quality >= TELLING_QUALITY).tolist():
        bits = np.bitwise_count(hashes[kept[-REMEMBERED:]] ^ hashes[look]).sum(axis=1)
        if not kept or bits.min() > ALIKE_BITS:
            kept.append(look)
    return np.array(kept, np.intp)


def _spread(count: int) -> NDArray[np.intp]:
    """Return at most ``LOOKS_ASKED`` places out of ``count``, evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, LOOKS_ASKED)).astype(np.intp))


def _largest(film: Seen, looks: Iterable[int], most: int) -> NDArray[np.uint8]:
    points, chosen = film.points, [np.empty(0, np.intp)]
    for look in looks:
        begin, end = int(points.start[look]), int(points.start[look + 1])
        order = np.argsort(-points.sizes[begin:end], kind="stable")[:most]
        chosen.append(begin + order)
    return points.descriptors[np.concatenate(chosen)]


def _lists(kind: str, rows: Rows) -> faiss.Index:
    """Return rows in inverted lists, with codes instead of the rows themselves."""
    metric = faiss.METRIC_L2 if kind == POINTS else faiss.METRIC_INNER_PRODUCT
    lists = 1 << max(6, int(np.log2(len(rows))) // 2 + 1)
    codes = "PQ32x4fs" if kind == POINTS else "SQ8"
    index = faiss.index_factory(rows.shape[1], f"IVF{lists},{codes}", metric)
    step = max(1, len(rows) // min(TRAINED_AT_MOST, lists * TRAINED_ON))
    index.train(_reals(rows[::step]))
    for start in range(0, len(rows), PORTION):
        index.add(_reals(rows[start : start + PORTION]))
    return index


def _reals(rows: Rows) -> NDArray[np.float32]:
    return np.ascontiguousarray(rows, np.float32)


def _whole(parts: Mapping[str, list[Rows]]) -> dict[str, Rows]:
    empty = {kind: np.empty((0, width), form) for kind, (form, width) in FORMS.items()}
    return {kind: np.concatenate([empty[kind], *parts[kind]]) for kind in FORMS}


def _joined(owners: Mapping[str, list[Numbers]]) -> dict[str, Numbers]:
    return {k: np.concatenate([np.empty(0, np.int32), *owners[k]]) for k in FORMS}
