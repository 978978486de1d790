"""Features on the disk: what is written is read, and what is not exactly that counts as absent."""

import io
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.media.features import stored
from dalil.media.features.features import EDITION, Features, Heard, Motion, Points, Prints, Seen
from dalil.media.features.makers.montage import Montage
from dalil.media.features.stored import (
    read_features,
    read_montages,
    write_features,
    write_montages,
)


def features(seed: int, films: int = 1, sounds: int = 1, learned: int = 0) -> Features:
    """Return features of random numbers in the right shapes."""
    dice = np.random.default_rng(seed)

    def octets(*shape: int) -> Any:  # noqa: ANN401 - an array
        return dice.integers(0, 256, shape).astype(np.uint8)

    def film(stream: int) -> Seen:
        looks, steps = int(dice.integers(0, 5)), int(dice.integers(0, 9))
        start = np.concatenate([[0], np.cumsum(dice.integers(0, 4, looks))]).astype(np.int64)
        total = int(start[-1])
        reals = dice.random((4, total), np.float32)
        return Seen(
            stream, 640, 480, 50, 2 * 10**9, np.zeros(1, np.int64),
            np.arange(looks, dtype=np.int64) * 10**9, 512, 384,
            Prints(octets(looks, 8, 32), octets(looks)),
            Points(start, np.ascontiguousarray(reals[:2].T), reals[2], reals[3],
                   octets(total, 128)),
            Motion(125_000_000, octets(steps, 9, 16)),
            dice.random((looks if learned else 0, 8)).astype(np.float16),
        )  # fmt: skip

    heard = tuple(
        Heard(i, -5, 10**9, 123_809_523, dice.integers(0, 2**32, 7).astype(np.uint32), 40_000_000,
              octets(25))
        for i in range(sounds)
    )  # fmt: skip
    by = "sscd" if learned else ""
    return Features(EDITION, tuple(map(film, range(films))), heard, by, ("one, of مقطع",))


def flat(thing: object) -> list[object]:
    """Return all that stands in features, arrays as kind, shape and bytes."""
    if isinstance(thing, np.ndarray):
        return [thing.dtype.str, thing.shape, thing.tobytes()]
    if isinstance(thing, tuple):
        return [part for each in thing for part in flat(each)]
    names = getattr(thing, "__slots__", None)
    if names is None:
        return [thing]
    return [part for name in names for part in flat(getattr(thing, name))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1))
def test_what_was_written_is_read(
    tmp_path: Path, seed: int, films: int, sounds: int, learned: int
) -> None:
    path = tmp_path / "a.npz"
    before = features(seed, films, sounds, learned)
    write_features(path, before)
    after = read_features(path)
    assert flat(after) == flat(before)
    again = tmp_path / "b.npz"
    write_features(again, before)
    assert path.read_bytes() == again.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_montages_are_read_as_written_and_are_no_features(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    sheet = Montage(2, 1, 16, 9, np.zeros(1, np.int64), np.arange(30, dtype=np.uint8))
    write_montages(path, [sheet, sheet])
    assert flat(read_montages(path)) == flat((sheet, sheet))
    assert read_features(path) is None
    write_features(path, features(1))
    assert read_montages(path) is None


def test_another_edition_counts_as_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npz"
    write_features(path, replace(features(1), edition=EDITION + 1))
    assert read_features(path) is None
    write_features(path, features(1))
    monkeypatch.setattr(stored, "EDITION", EDITION + 1)
    assert read_features(path) is None
    assert read_features(tmp_path / "nowhere.npz") is None


def test_each_octet_that_is_changed_or_missing_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_features(path, features(7))
    whole = path.read_bytes()
    good = flat(read_features(path))
    dice = random.Random(1)
    for _ in range(300):
        hurt = bytearray(whole)
        hurt[dice.randrange(len(hurt))] ^= 1 << dice.randrange(8)
        path.write_bytes(hurt)
        found = read_features(path)
        # A bit of what ZIP says of a member's rights or day changes nothing of the features.
        assert found is None or flat(found) == good
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert read_features(path) is None


def rewritten(path: Path, change: dict[str, np.ndarray[Any, Any]], *, packed: bool = False) -> None:
    """Write the members of an npz anew, some of them changed."""
    with np.load(path) as before:
        arrays = {name: before[name] for name in before.files} | change
    with path.open("wb") as file:
        (np.savez_compressed if packed else np.savez)(file, **arrays)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("film0.hashes", np.zeros((1, 8, 31), np.uint8)),
        ("film0.hashes", np.zeros((99, 8, 32), np.uint8)),
        ("film0.quality", np.zeros(0, np.int8)),
        ("film0.start", np.array([0, 5, 2, 9, 12, 1], np.int64)),
        ("film0.start", np.array([[0]], np.int64)),
        ("film0.places", np.zeros((2, 2), np.float64)),
        ("film0.motion", np.zeros((4, 9), np.uint8)),
        ("film0.learned", np.zeros((77, 8), np.float16)),
        ("film0.looks", np.array([5, 5, 5, 5], np.int64)),
        ("sound0.chromaprint", np.zeros(4, ">u4")),
        ("about", np.frombuffer(b"{}", np.uint8)),
        ("about", np.frombuffer(b"[" * 100_000, np.uint8)),
        ("strange", np.zeros(1, np.uint8)),
    ],
)
def test_arrays_of_another_form_count_as_absent(
    name: str, array: np.ndarray[Any, Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.npz"
    write_features(path, features(3))
    rewritten(path, {})
    assert read_features(path) is not None
    rewritten(path, {name: array})
    assert read_features(path) is None


def test_what_is_packed_or_pickled_is_never_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_features(path, features(3))
    rewritten(path, {"film0.motion": np.zeros((200_000, 9, 16), np.uint8)}, packed=True)
    assert read_features(path) is None
    write_features(path, features(3))
    rewritten(path, {"film0.quality": np.array([print], object)})
    assert read_features(path) is None


def test_a_head_that_claims_more_than_there_is_counts_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_features(path, features(3))
    with zipfile.ZipFile(path) as before:
        members = {name: before.read(name) for name in before.namelist()}
    claim = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        claim, {"descr": "|u1", "fortran_order": False, "shape": (1 << 40, 9, 16)}
    )
    members["film0.motion.npy"] = claim.getvalue()
    with zipfile.ZipFile(path, "w") as after:
        for name, data in members.items():
            after.writestr(name, data)
    assert read_features(path) is None
