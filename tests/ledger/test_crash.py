"""The power fails at any write, fsync, rename or commit: no row is lost, the log never forks."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dalil.errors import LogBroken, Malformed
from dalil.kernel.checkpoint import Checkpoint
from dalil.kernel.merkle import check_consistency
from dalil.kernel.note import SignedCheckpoint, check_all, parse_note, sign_checkpoint
from ledger.counting_house import House, build

FALL = Path(__file__).with_name("fall.py")
BEFORE = 252  # acts, so that the batch that falls fills a tile


def _fall(house: House, out: Path, first: int, step: int) -> list[Path]:
    out.mkdir()
    words = [sys.executable, *map(str, (FALL, house.archive, out, first, step))]
    path = os.pathsep.join(each for each in sys.path if each)
    subprocess.run(words, check=True, env={**os.environ, "PYTHONPATH": path}, capture_output=True)
    return sorted(out.iterdir(), key=lambda each: int(each.name))


def _signed(house: House) -> list[SignedCheckpoint]:
    """Every checkpoint that a crash left behind; a torn one never left the process."""
    found = []
    for name in ("checkpoint", "checkpoint.next"):
        path = house.archive / "log" / name
        try:
            found.append(parse_note(path.read_text()))
        except (FileNotFoundError, Malformed):
            continue
    return found


def _rises_again(house: House, before: SignedCheckpoint) -> int:
    rows = [row.entry for row in house.ledger.store.rows()]
    left = [before, *_signed(house)]
    assert len(rows) >= before.checkpoint.size
    house.ledger.recover(house.signer)
    assert [row.entry for row in house.ledger.store.rows()] == rows
    house.tell(2)
    assert house.findings() == []
    now = house.ledger.note().checkpoint
    assert now.size == len(rows) + 2
    for each in left:
        check_all(each, house.ledger.vkeys())
        old = each.checkpoint
        proof = house.ledger.consistency(old.size)
        check_consistency(old.size, old.root, now.size, now.root, proof)
    return len(rows)


def _all_rise(tmp_path: Path, first: int, step: int) -> None:
    house = build(tmp_path / "archive", BEFORE - 1)
    before = house.ledger.note()
    fallen = _fall(house, tmp_path / "fallen", first, step)
    assert fallen
    kept = {_rises_again(House(path, house.signer), before) for path in fallen}
    # An append is there whole or not at all: the first batch has 9 acts, the second one.
    assert kept <= {BEFORE, BEFORE + 9, BEFORE + 10}
    assert len(kept) > 1


def test_a_fall_at_every_sixth_point_loses_nothing(tmp_path: Path) -> None:
    _all_rise(tmp_path, random.Random().randrange(1, 7), 6)


@pytest.mark.long
def test_a_fall_at_every_point_loses_nothing(tmp_path: Path) -> None:
    _all_rise(tmp_path, 1, 1)


@pytest.mark.long
def test_a_fall_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random()
    source = (
        "import sys; from pathlib import Path\n"
        "from dalil.ledger.keyring import unlock; from dalil.ledger.ledger import Ledger\n"
        "from ledger.counting_house import PASSPHRASE, tellings\n"
        "a = Path(sys.argv[1]); s = unlock(a, PASSPHRASE); l = Ledger.open(a); print(flush=True)\n"
        "while True: l.append(tellings(40), s)\n"
    )
    house = build(tmp_path / "archive", 5)
    path = os.pathsep.join(each for each in sys.path if each)
    for _ in range(40):
        before = house.ledger.note()
        child = subprocess.Popen(
            [sys.executable, "-c", source, house.archive],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
        )
        with child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(chance.random() / 5)
            child.kill()
        _rises_again(house, before)


FULL = """
import resource, sys
from pathlib import Path
from dalil.errors import NoSpace
from dalil.ledger.keyring import unlock
from dalil.ledger.ledger import Ledger
from ledger.counting_house import PASSPHRASE, tellings
archive, room = Path(sys.argv[1]), int(sys.argv[2])
signer = unlock(archive, PASSPHRASE)
ledger = Ledger.open(archive)
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    ledger.append(tellings(150), signer)
except NoSpace as full:
    print(full.happened)
"""


@pytest.mark.parametrize("room", [4_000, 12_000, 200_000])
def test_a_full_disk_keeps_what_was_finished_and_nothing_half(tmp_path: Path, room: int) -> None:
    house = build(tmp_path / "archive", 150)
    before = house.ledger.note()
    path = os.pathsep.join(each for each in sys.path if each)
    ran = subprocess.run(
        [sys.executable, "-c", FULL, house.archive, str(room)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "The disk is full.\n"
    assert _rises_again(house, before) in {151, 301}


def test_rows_beyond_the_checkpoint_are_noted_and_then_covered(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 3)
    [old] = _fall(house, tmp_path / "fallen", 3, 1000)
    fallen = House(old, house.signer)
    rows, signed = fallen.ledger.store.count(), fallen.ledger.size
    assert rows > signed
    found = fallen.ledger.check()
    assert found.intact
    assert "wait for their checkpoint" in found.notes[0]
    assert fallen.ledger.recover(house.signer) == rows - signed
    assert fallen.ledger.recover(house.signer) == 0


def test_a_torn_checkpoint_is_left_behind(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 3)
    before = house.ledger.note()
    (house.archive / "log" / "checkpoint.next").write_text(str(before)[:99])
    _rises_again(house, before)


def test_a_checkpoint_that_was_signed_and_not_renamed_is_kept_to(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 3)
    older = house.copied(tmp_path / "older")
    house.tell(2)
    log = house.archive / "log"
    (log / "checkpoint").rename(log / "checkpoint.next")
    (older.archive / "log" / "checkpoint").rename(log / "checkpoint")
    newest = parse_note((log / "checkpoint.next").read_text())
    assert house.ledger.recover(house.signer) == 0
    assert str(house.ledger.note()) == str(newest)


def test_a_waiting_checkpoint_of_another_log_stops_everything(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 3)
    signer, origin = house.signer, house.ledger.origin
    other = sign_checkpoint(
        Checkpoint(origin, 4, b"x" * 32), signer.archive_ed25519, signer.archive_ml_dsa, 1
    )
    (house.archive / "log" / "checkpoint.next").write_text(str(other))
    with pytest.raises(LogBroken):
        house.tell(1)


def test_tiles_beyond_the_rows_are_removed(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 254)
    older = house.copied(tmp_path / "older")
    house.tell(300)
    # The tiles of the longer log lie in the shorter one, as after a fall before the commit.
    for path in (house.archive / "log" / "tile").rglob("*"):
        if path.is_file():
            place = older.archive / "log" / path.relative_to(house.archive / "log")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    assert older.findings()
    older.ledger.recover(older.signer)
    assert older.findings() == []
