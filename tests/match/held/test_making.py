"""Features are made with the seal, or made later where they are missing, and never evidence."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import dalil
import footage
import workers
from dalil.engines.files import locked
from dalil.errors import ArchiveBusy
from dalil.intake import take_in as door
from dalil.intake.take_in import Options, take_in
from dalil.match.held.making import LOCK, MAKING, make_missing
from dalil.media.features.makers import learned
from dalil.media.features.stored import read_features, read_montages, write_features
from dalil.vault.derived import DERIVED, features_place, montages_place
from dalil.vault.replica import bring_back, copy_archive
from intake.reception import Reception, open_reception


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("clips")
    for name in ("a.mp4", "b.mp4"):
        pictures = 30 if name == "a.mp4" else 20
        footage.Clip(name, options={"preset": "ultrafast"}, pictures=pictures).make(place)
    (place / "letter.txt").write_text("no pictures here", encoding="ascii")
    return place


@pytest.fixture
def reception(tmp_path: Path) -> Reception:
    return open_reception(tmp_path / "archive")


@pytest.fixture(autouse=True)
def _one_place_of_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(learned, "place", lambda *_: None)
        yield


def items(reception: Reception) -> list[str]:
    return [each.item for each in reception.receipts()]


def contents(reception: Reception) -> dict[str, bytes]:
    found = {}
    for item in items(reception):
        found[item] = features_place(reception.archive, item).read_bytes()
    return found


def originals(reception: Reception) -> dict[str, tuple[bytes, int]]:
    paths = [p for p in sorted(reception.vault.root.rglob("*")) if p.is_file()]
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in paths}


def test_taking_in_leaves_features_and_sheets_and_no_trace_in_the_object(
    reception: Reception, folder: Path
) -> None:
    take_in(reception.archive, [folder], reception.signer)
    for item in items(reception):
        assert read_features(features_place(reception.archive, item)) is not None
        assert read_montages(montages_place(reception.archive, item)) is not None
        assert not list(reception.vault.object_path(item).rglob("*.npz"))
    assert not [p for p in (reception.archive / "staging").iterdir() if p.is_dir()]
    assert make_missing(reception.archive) == 0
    assert reception.checked().intact


def test_what_is_made_later_is_what_would_have_been_made_at_once(
    reception: Reception, folder: Path
) -> None:
    take_in(reception.archive, [folder], reception.signer)
    at_once, evidence = contents(reception), originals(reception)
    first, second = items(reception)[:2]
    features_place(reception.archive, first).unlink()
    features_place(reception.archive, second).unlink()
    told: list[tuple[int, int]] = []
    assert make_missing(reception.archive, lambda *at: told.append(at)) == 2
    assert told == [(1, 2), (2, 2)]
    assert contents(reception) == at_once
    assert originals(reception) == evidence
    assert not (reception.archive / DERIVED / MAKING).exists()


def test_without_tiles_nothing_is_decoded_until_features_are_asked_for(
    reception: Reception, folder: Path
) -> None:
    take_in(reception.archive, [folder], reception.signer, (), Options(tiles=False))
    assert not (reception.archive / DERIVED).exists()
    assert make_missing(reception.archive) == 3
    assert make_missing(reception.archive) == 0


def test_features_say_by_what_they_were_made_before_anything_else_is_read(
    reception: Reception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    (item,) = items(reception)
    place = features_place(reception.archive, item)
    made = read_features(place)
    assert made is not None
    monkeypatch.setattr(learned, "place", lambda *_: folder / "weights")
    write_features(place, replace(made, learned_by=learned.NAME))
    whole = place.read_bytes()
    at = whole.index(b"film0.motion.npy") + 2000
    place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert read_features(place) is None
    assert make_missing(reception.archive) == 0
    for other in (b"", whole[: len(whole) // 2]):
        place.write_bytes(other)
        assert make_missing(reception.archive) == 1
    write_features(place, replace(made, learned_by="another network"))
    assert make_missing(reception.archive) == 1


def test_what_an_earlier_edition_made_is_removed_and_nothing_else(
    reception: Reception, folder: Path
) -> None:
    take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    at_once, derived = contents(reception), reception.archive / DERIVED
    beside = sorted(derived.iterdir())
    for name in ("features-0", "montages-0", "index-0"):
        (derived / name / "aa").mkdir(parents=True)
        (derived / name / "aa" / "old.npz").write_bytes(b"of another edition")
    assert make_missing(reception.archive) == 0
    left = {each.name for each in derived.iterdir()} - {each.name for each in beside}
    assert left - {LOCK} == {"index-0"}
    assert contents(reception) == at_once
    assert all(each.exists() for each in beside)


def test_one_alone_makes_features(reception: Reception) -> None:
    (reception.archive / DERIVED).mkdir()
    with locked(reception.archive / DERIVED / LOCK), pytest.raises(ArchiveBusy):
        make_missing(reception.archive)


def test_footage_that_brings_its_makers_down_is_sealed_all_the_same(
    reception: Reception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "survey_and_watch", workers.die_watching)
    take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    (item,) = items(reception)
    (sealed,) = reception.ledger.acts("sealed")
    assert sealed.act.opened()["sealed_by"] == "units"
    found = read_features(features_place(reception.archive, item))
    assert found is not None
    assert found.films == ()
    assert "ended before its work was done" in found.problems[0]
    assert make_missing(reception.archive) == 0


def test_stopped_after_the_seal_and_before_its_features_nothing_that_counts_is_lost(
    reception: Reception, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(door, "keep_made", stop)
        with pytest.raises(KeyboardInterrupt):
            take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    assert len(set(items(reception))) == 1
    assert make_missing(reception.archive) == 1
    assert reception.checked().intact


STOPPED = """
import sys
from pathlib import Path
from dalil.match.held.making import make_missing
print("ready", flush=True)
make_missing(Path(sys.argv[1]), lambda *at: print(*at, flush=True))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_while_they_are_made_the_same_call_goes_on(
    how: signal.Signals, reception: Reception, folder: Path
) -> None:
    take_in(reception.archive, [folder], reception.signer, (), Options(tiles=False))
    environment = os.environ | {"PYTHONPATH": str(Path(dalil.__file__).parents[1])}
    command = [sys.executable, "-c", STOPPED, str(reception.archive)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        assert running.stdout.readline() == b"1 3\n"
        running.send_signal(how)
        running.wait()
    until = time.monotonic() + 10
    while time.monotonic() < until and not _free(reception.archive):
        time.sleep(0.05)
    assert make_missing(reception.archive) <= 2
    assert all(read_features(features_place(reception.archive, i)) for i in items(reception))
    assert not (reception.archive / DERIVED / MAKING).exists()


def _free(archive: Path) -> bool:
    try:
        with locked(archive / DERIVED / LOCK, 0):
            return True
    except ArchiveBusy:
        return False


def test_what_is_derived_stays_out_of_copies_and_in_the_way_of_none(
    reception: Reception, folder: Path, tmp_path: Path
) -> None:
    take_in(reception.archive, [folder / "a.mp4"], reception.signer)
    copy = tmp_path / "copy"
    copy_archive(reception.archive, copy)
    assert not (copy / DERIVED).exists()
    (reception.archive / "dalil-archive.json").unlink()
    bring_back(copy, reception.archive)
    assert read_features(features_place(reception.archive, items(reception)[0])) is not None
