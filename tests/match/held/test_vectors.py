from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.match.held import vectors
from dalil.match.held.vectors import LEAST, NEAREST, VectorIndex
from dalil.media.features.features import Features, Motion, Points, Prints, Seen
from dalil.media.features.makers.learned import LENGTH, no_vectors

Vectors = NDArray[np.float16]


def features(*films: Vectors) -> Features:
    """Return features that hold nothing but learned vectors, one array a film."""
    seen = tuple(_film(number, each) for number, each in enumerate(films))
    return Features(1, seen, (), "drawn", ())


def _film(number: int, vectors: Vectors) -> Seen:
    count = len(vectors)
    looks = np.arange(count, dtype=np.int64) * 10**9
    prints = Prints(np.zeros((count, 8, 32), np.uint8), np.zeros(count, np.uint8))
    no_reals, no_bytes = np.zeros(0, np.float32), np.zeros((0, 128), np.uint8)
    start = np.zeros(count + 1, np.int64)
    points = Points(start, np.zeros((0, 2), np.float32), no_reals, no_reals, no_bytes)
    motion = Motion(10**9 // 8, np.zeros((0, 1, 1), np.uint8))
    shots = np.zeros(1, np.int64)
    return Seen(number, 320, 180, count, 0, shots, looks, 320, 180, prints, points, motion, vectors)


def unlike(count: int, seed: int) -> Vectors:
    """Return unit vectors in directions of their own."""
    drawn = np.random.default_rng(seed).normal(size=(count, LENGTH))
    unit: Vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float16)
    return unit


def near(vectors: Vectors, cosine: float, seed: int) -> Vectors:
    """Return unit vectors at an angle from these."""
    aside = unlike(len(vectors), seed).astype(float)
    whole = vectors.astype(float)
    aside -= (aside * whole).sum(1, keepdims=True) * whole
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    turned: Vectors = (cosine * whole + np.sqrt(1 - cosine**2) * aside).astype(np.float16)
    return turned


@pytest.mark.parametrize("cosine", [0.9, 0.5, 0.32])
def test_an_item_that_looks_alike_is_found_among_a_thousand_pictures(
    tmp_path: Path, cosine: float
) -> None:
    index = VectorIndex(tmp_path)
    index.add((number, features(unlike(10, number))) for number in range(1, 101))
    asked = features(near(unlike(10, 42)[:1], cosine, 7777))
    assert index.candidates(asked) == {42}


def test_what_looks_like_nothing_held_has_no_candidates(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.add((number, features(unlike(5, number))) for number in range(1, 20))
    assert index.candidates(features(unlike(5, 777))) == set()


def test_without_weights_there_is_nothing_to_hold_and_nothing_to_find(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path / "none")
    index.add([(1, features(no_vectors()))])
    assert not (tmp_path / "none").exists()
    assert index.last == len(index) == 0
    assert index.candidates(features(unlike(3, 1))) == set()
    index.add([(2, features(unlike(3, 1)))])
    assert index.candidates(features(no_vectors())) == set()


def test_a_still_picture_is_held_once(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.add([(1, features(np.repeat(unlike(1, 1), 600, axis=0)))])
    assert len(index) == 1


def test_every_film_of_a_file_is_held(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.add([(1, features(unlike(2, 1), unlike(2, 2)))])
    assert index.candidates(features(unlike(1, 2))) == {1}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sets(st.integers(1, 11), max_size=4))
def test_however_items_came_the_answer_is_that_of_looking_at_all(
    tmp_path_factory: pytest.TempPathFactory, seed: int, stops: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    theirs = {n: unlike(8, seed + n) for n in range(1, 13)}
    entries = [(n, features(each)) for n, each in theirs.items()]
    cuts = [0, *sorted(stops), len(entries)]
    for since, until in pairwise(cuts):
        VectorIndex(folder).add(entries[since:until])
    assert len(VectorIndex(folder)) <= NEAREST
    asked = near(theirs[1 + seed % 12], 0.1 + seed % 80 / 100, seed)
    all_of_them = {
        n
        for n, each in theirs.items()
        if (asked.astype(np.float32) @ each.astype(np.float32).T).max() >= LEAST
    }
    assert VectorIndex(folder).candidates(features(asked)) == all_of_them


def test_what_a_crash_left_half_written_is_not_there_and_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    VectorIndex(tmp_path).add([(1, features(unlike(4, 1)))])
    second = [(2, features(unlike(4, 2)))]
    for stop in range(1, 12):
        writes = iter(range(stop))
        with monkeypatch.context() as broken:
            # The disk takes some writes and syncs, then no more.
            broken.setattr(vectors, "sync_file", lambda _, left=writes: next(left))
            broken.setattr(vectors, "write_durably", lambda *_, left=writes: next(left))
            with suppress(StopIteration):
                VectorIndex(tmp_path).add(second)
        assert len(VectorIndex(tmp_path)) == 4
        assert VectorIndex(tmp_path).candidates(features(unlike(4, 2))) == set()
    VectorIndex(tmp_path).add(second)
    assert VectorIndex(tmp_path).candidates(features(unlike(4, 2))) == {2}
    assert VectorIndex(tmp_path).candidates(features(unlike(4, 1))) == {1}


@pytest.mark.parametrize("name", ["items", "signs", "vectors", "rows"])
def test_a_damaged_index_is_an_empty_one(tmp_path: Path, name: str) -> None:
    VectorIndex(tmp_path).add([(1, features(unlike(4, 1)))])
    (tmp_path / name).write_bytes(b"?")
    assert VectorIndex(tmp_path).candidates(features(unlike(4, 1))) == set()


def test_an_item_is_not_held_twice(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    for _ in range(2):
        index.add([(1, features(unlike(4, 1))), (2, features(unlike(4, 2)))])
    assert len(index) == 8
