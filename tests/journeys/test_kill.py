"""The power fails while a drive is taken in: nothing is lost, nothing half, nothing twice."""

import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dalil.kernel.digest import sha256
from intake.reception import Reception, drive, open_reception

PLUG = Path(__file__).with_name("plug.py")
A_FILE = 45  # crossings, about


def _pull(reception: Reception, source: Path, turns: str) -> int:
    path = os.pathsep.join(each for each in sys.path if each)
    ran = subprocess.run(
        [sys.executable, PLUG, reception.archive, source, turns],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


def _goes_on_and_ends(reception: Reception, source: Path) -> None:
    receipt = reception.takes(source)
    files = {path.name: sha256(path.read_bytes()).hex() for path in source.iterdir()}
    got = {each.name_text: each.sha256 for each in receipt.items}
    assert got == files
    assert len(receipt.items) == len(files)
    everything = Counter((each.source, each.name) for each in reception.receipts())
    assert set(everything.values()) == {1}
    found = reception.checked()
    assert found.broken == ()
    assert found.objects == len({each.item for each in reception.receipts()})
    assert [path.name for path in (reception.archive / "staging").iterdir()] == ["lock"]


def test_the_plug_pulled_thirty_times_loses_nothing(tmp_path: Path) -> None:
    reception = open_reception(tmp_path / "archive")
    source = drive(tmp_path / "drive", 24)
    chance = random.Random(os.urandom(4))
    turns = [chance.randint(1, A_FILE) for _ in range(30)]
    assert _pull(reception, source, "at:" + " ".join(map(str, turns))) >= 29, turns
    _goes_on_and_ends(reception, source)


@pytest.mark.long
@pytest.mark.parametrize("start", [1, 2])
def test_the_plug_pulled_at_every_point_loses_nothing(tmp_path: Path, start: int) -> None:
    # Each turn begins where the last one ended, so each point of a whole taking-in is met.
    reception = open_reception(tmp_path / "archive")
    source = drive(tmp_path / "drive", 120)
    turns = " ".join(str(turn) for turn in range(start, 160, 2))
    assert _pull(reception, source, "at:" + turns) >= 70
    _goes_on_and_ends(reception, source)


@pytest.mark.long
def test_the_plug_pulled_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    reception = open_reception(tmp_path / "archive")
    source = drive(tmp_path / "drive", 400)
    chance = random.Random(os.urandom(4))
    turns = " ".join(f"{chance.uniform(0.05, 2.5):.3f}" for _ in range(60))
    assert _pull(reception, source, "after:" + turns) >= 55
    _goes_on_and_ends(reception, source)
