import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from dalil.errors import LockedOut, NotAllowed
from dalil.kernel.act import check_by
from dalil.ledger.keyring import ScryptCost
from dalil.ledger.ledger import Draft
from dalil.ledger.standing.machine import add_machine
from dalil.vault.vault import Vault
from dalil.web.door.night import PASSPHRASE_FILE, check_tonight, is_due, watch
from ledger.counting_house import PASSPHRASE, House, build

CHEAP = ScryptCost(n=2)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = build(tmp_path / "archive")
    Vault.create(made.archive)
    return made


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "night.txt"
    place.write_text("night walks alone\n")
    monkeypatch.setenv(PASSPHRASE_FILE, str(place))
    return place


def _checks(house: House) -> list[str]:
    roster = house.ledger.roster()
    signers = [roster.of_key(check_by(entry.act) or b"") for entry in house.ledger.acts("checked")]
    return [signer.name for signer in signers if signer]


def test_without_a_passphrase_file_nothing_runs_without_anyone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSPHRASE_FILE, raising=False)
    add_machine(house.ledger, house.signer, "Night", ["checked"], b"night walks alone", CHEAP)
    assert check_tonight(house.archive) is None
    assert _checks(house) == []


@pytest.mark.usefixtures("file")
def test_the_machine_checks_under_its_own_name(house: House) -> None:
    add_machine(house.ledger, house.signer, "Night", ["checked"], b"night walks alone", CHEAP)
    found = check_tonight(house.archive)
    assert found is not None
    assert (found.intact, found.share) == (True, "1/30")
    assert _checks(house) == ["Night"]
    assert house.findings() == []


def test_a_humans_passphrase_makes_no_machine(house: House, file: Path) -> None:
    file.write_bytes(PASSPHRASE)
    with pytest.raises(LockedOut):
        check_tonight(house.archive)
    add_machine(house.ledger, house.signer, "Night", ["stamped"], PASSPHRASE, CHEAP)
    with pytest.raises(NotAllowed):
        check_tonight(house.archive)
    assert _checks(house) == []


def test_it_checks_at_night_and_by_day_only_when_it_is_late(house: House) -> None:
    now = datetime.now().astimezone().replace(hour=3, minute=0)
    assert is_due(house.archive, now)
    said = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    house.ledger.append([Draft("checked", {"time": said})], house.signer)
    for hours, due in ((1, False), (9, False), (24, True), (33, False), (57, True)):
        assert is_due(house.archive, now + timedelta(hours=hours)) is due, hours


@pytest.mark.usefixtures("file")
def test_what_is_refused_is_tried_again_and_stops_nothing(house: House) -> None:
    ended = Event()
    times = iter([datetime.now(UTC)])

    def clock() -> datetime:
        ended.set()
        return next(times)

    watch(house.archive, ended, clock)
    assert _checks(house) == []


def test_the_watch_is_a_process_that_ends_when_it_is_told_to(house: House, file: Path) -> None:
    add_machine(house.ledger, house.signer, "Night", ["checked"], b"night walks alone", CHEAP)
    words = [sys.executable, "-m", "dalil.web.door.night", str(house.archive)]
    with subprocess.Popen(words, env={**os.environ, PASSPHRASE_FILE: str(file)}) as process:
        try:
            until = time.monotonic() + 30
            while not _checks(house) and time.monotonic() < until:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        finally:
            process.kill()
    assert _checks(house) == ["Night"]
