"""The index names every item that may show the same, however it was built up, and few others."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dalil.match.held import index as looks
from dalil.match.held.index import LookIndex
from dalil.match.picture.geometry import MIRRORED
from dalil.media.features.features import EDITION, NANO, Features, Motion, Points, Prints, Seen

EVERYTHING = range(1_000_000)
SHOWN, PLACES = 6, 40


def features(seed: int, like: int | None = None, *, mirrored: bool = False) -> Features:
    """Return features of a film of its own, or of one that is much like another's."""
    chance = np.random.default_rng(seed)
    model = np.random.default_rng(seed if like is None else like)
    hashes = model.integers(0, 256, (SHOWN, 8, 32), np.uint8)
    rows = np.abs(model.normal(size=(SHOWN * PLACES, 128)))
    learned = model.normal(size=(SHOWN, 512))
    if like is not None:
        hashes = np.roll(hashes, 3, axis=1)
        rows += 0.06 * np.abs(chance.normal(size=rows.shape))
        learned += 0.5 * chance.normal(size=learned.shape)
    descriptors = rooted(rows)
    return film(hashes, descriptors[:, MIRRORED] if mirrored else descriptors, learned)


def rooted(rows: NDArray[np.float64]) -> NDArray[np.uint8]:
    shares = rows / rows.sum(axis=1, keepdims=True)
    found: NDArray[np.uint8] = np.minimum(255, np.sqrt(shares) * 512).astype(np.uint8)
    return found


def film(
    hashes: NDArray[np.uint8], descriptors: NDArray[np.uint8], learned: NDArray[np.float64]
) -> Features:
    many = len(descriptors)
    sizes = np.tile(np.arange(PLACES, 0, -1).astype(np.float32), SHOWN)
    points = Points(
        np.arange(SHOWN + 1, dtype=np.int64) * PLACES,
        np.zeros((many, 2), np.float32), sizes, np.zeros(many, np.float32), descriptors,
    )  # fmt: skip
    unit = (learned / np.linalg.norm(learned, axis=1, keepdims=True)).astype(np.float16)
    times = np.arange(SHOWN, dtype=np.int64) * NANO
    seen = Seen(
        0, 640, 480, 150, SHOWN * NANO, times[:1], times, 512, 384,
        Prints(hashes, np.full(SHOWN, 100, np.uint8)), points,
        Motion(NANO // 8, np.zeros((0, 1, 1), np.uint8)), unit,
    )  # fmt: skip
    return Features(EDITION, (seen,), (), "", ())


def only(kind: str, of: Features) -> Features:
    """Return features that can be found by one kind of rows alone."""
    (seen,) = of.films
    blank = np.random.default_rng(9).integers(0, 256, seen.prints.hashes.shape, np.uint8)
    hashes = seen.prints.hashes if kind == looks.PRINTS else blank
    rows = (
        seen.points.descriptors if kind == looks.POINTS else np.zeros_like(seen.points.descriptors)
    )
    learned = seen.learned.astype(float) if kind == looks.LEARNED else np.eye(SHOWN, 512)
    return film(hashes, rows, learned)


def built(folder: Path, *parts: range) -> LookIndex:
    for part in parts:
        LookIndex(folder).add((number, features(number)) for number in part)
    return LookIndex(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LookIndex:
    return built(tmp_path_factory.mktemp("index") / "index-1", range(1, 41))


@pytest.mark.parametrize("kind", [looks.PRINTS, looks.POINTS, looks.LEARNED])
def test_each_kind_alone_finds_what_is_alike(kind: str, index: LookIndex) -> None:
    asked = only(kind, features(1000, like=17))
    assert 17 in index.candidates(asked, EVERYTHING)


def test_a_mirrored_picture_is_found_by_its_points(index: LookIndex) -> None:
    assert 5 in index.candidates(
        only(looks.POINTS, features(1000, like=5, mirrored=True)), EVERYTHING
    )


def test_what_is_like_nothing_finds_nothing(index: LookIndex) -> None:
    assert index.candidates(features(2000), EVERYTHING) == set()


def test_only_those_are_named_that_were_asked_for(index: LookIndex) -> None:
    assert index.candidates(features(1000, like=17), range(1, 17)) == set()


@settings(max_examples=4)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=5))
def test_however_it_grew_it_answers_alike(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("grown")
    ends = [1, *(1 + sum(steps[: i + 1]) for i in range(len(steps)))]
    grown = built(folder / "grown" / "index-1", *(range(a, b) for a, b in pairwise(ends)))
    at_once = built(folder / "at-once" / "index-1", range(1, ends[-1]))
    assert grown.last == at_once.last == ends[-1] - 1
    for number in range(1, ends[-1], 3):
        asked = features(1000, like=number)
        assert grown.candidates(asked, EVERYTHING) == at_once.candidates(asked, EVERYTHING)


def test_a_segment_that_was_not_finished_does_not_count(tmp_path: Path) -> None:
    folder = tmp_path / "index-1"
    built(folder, range(1, 4))
    (folder / ".4-9").mkdir()
    again = LookIndex(folder)
    assert again.last == 3
    again.add([(4, features(4))])
    assert 4 in LookIndex(folder).candidates(features(1000, like=4), EVERYTHING)
    assert not list(folder.glob(".*"))


def test_many_rows_are_found_through_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "FLAT_ROWS", 1000)
    index = built(tmp_path / "index-1", range(1, 61))
    for kind in (looks.POINTS, looks.LEARNED):
        assert list(tmp_path.glob(f"index-1/*/{kind}.faiss")) or kind == looks.LEARNED
    for number in (3, 30, 60):
        asked = only(looks.POINTS, features(1000, like=number))
        assert number in index.candidates(asked, EVERYTHING)


def test_a_file_without_films_is_counted_and_found_by_nothing(tmp_path: Path) -> None:
    index = built(tmp_path / "index-1", range(1, 3))
    index.add([(3, None), (4, Features(EDITION, (), (), "", ()))])
    assert index.last == 4
    assert index.candidates(Features(EDITION, (), (), "", ()), EVERYTHING) == set()
