"""The drill: copy, destroy, bring back, check everything; the last good copy is never touched."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dalil.errors import Altered, ArchiveExists, LogBroken, UsageRefused
from dalil.ledger.ledger import Draft
from dalil.vault.replica import bring_back, copy_archive
from dalil.vault.vault import Vault
from intake.reception import Reception, drive, open_reception, state_of


@pytest.fixture
def reception(tmp_path: Path) -> Reception:
    reception = open_reception(tmp_path / "archive")
    reception.takes(drive(tmp_path / "drive", 2))
    return reception


def _same(one: Path, other: Path) -> None:
    words = ["diff", "-r", "-x", "staging", "-x", "acts.*", "-x", "set-aside", str(one), str(other)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def _break_one(archive: Path) -> Path:
    original = next(Vault.open(archive).places()) / "v1/content/original"
    original.chmod(0o644)
    original.write_bytes(b"rot")
    return original


def test_destroyed_and_brought_back_everything_checks(reception: Reception, tmp_path: Path) -> None:
    made = copy_archive(reception.archive, tmp_path / "copy")
    assert (made.copied, made.kept, made.faults) == (2, 0, ())
    shutil.copytree(reception.archive, tmp_path / "before")
    shutil.rmtree(reception.archive)
    bring_back(tmp_path / "copy", reception.archive)
    _same(tmp_path / "before", reception.archive)
    assert reception.checked().broken == ()
    reception.takes(drive(tmp_path / "more", 1, seed=9))
    assert reception.checked().broken == ()


def test_a_second_copy_brings_over_only_what_is_new(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    reception.takes(drive(tmp_path / "more", 1, seed=9))
    made = copy_archive(reception.archive, tmp_path / "copy")
    assert (made.copied, made.kept) == (1, 2)
    _same(reception.archive, tmp_path / "copy")


def test_rot_is_repaired_from_a_copy_and_kept_aside(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    _break_one(reception.archive)
    assert reception.checked().broken
    made = bring_back(tmp_path / "copy", reception.archive)
    assert reception.checked().broken == ()
    [aside] = made.set_aside
    assert (reception.archive / aside / "v1/content/original").read_bytes() == b"rot"


def test_rot_never_replaces_the_good_copy(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    _break_one(reception.archive)
    before = state_of(tmp_path / "copy" / "originals")
    made = copy_archive(reception.archive, tmp_path / "copy")
    assert (made.copied, made.kept, made.set_aside) == (0, 2, ())
    after = state_of(tmp_path / "copy" / "originals")
    assert {n: s[:4] for n, s in after.items()} == {n: s[:4] for n, s in before.items()}


def test_rot_is_named_and_not_copied(reception: Reception, tmp_path: Path) -> None:
    original = _break_one(reception.archive)
    made = copy_archive(reception.archive, tmp_path / "copy")
    assert made.copied == 1
    assert [each.where for each in made.faults] == [
        original.relative_to(reception.archive).as_posix()
    ]


def test_two_broken_copies_repair_nothing(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    _break_one(reception.archive)
    _break_one(tmp_path / "copy")
    with pytest.raises(Altered):
        bring_back(tmp_path / "copy", reception.archive)
    assert not (reception.archive / "set-aside").exists()


def test_bringing_back_never_loses_an_act(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    reception.ledger.append([Draft("told", {"accession": "a", "hop": 1})], reception.signer)
    _break_one(reception.archive)
    made = bring_back(tmp_path / "copy", reception.archive)
    assert made.copied == 1
    assert len(list(reception.ledger.acts("told"))) == 1
    assert reception.checked().broken == ()


def test_a_copy_with_other_acts_is_not_brought_back(reception: Reception, tmp_path: Path) -> None:
    copy_archive(reception.archive, tmp_path / "copy")
    copy = Reception(tmp_path / "copy", reception.signer)
    for each in (reception, copy):
        each.ledger.append([Draft("told", {"accession": "a", "hop": 1})], reception.signer)
    with pytest.raises(LogBroken):
        bring_back(copy.archive, reception.archive)


def test_a_copy_is_not_laid_over_another_archive(reception: Reception, tmp_path: Path) -> None:
    other = open_reception(tmp_path / "other")
    with pytest.raises(ArchiveExists):
        copy_archive(reception.archive, other.archive)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").touch()
    with pytest.raises(ArchiveExists):
        copy_archive(reception.archive, tmp_path / "full")


def test_a_copy_inside_itself_is_refused(reception: Reception) -> None:
    with pytest.raises(UsageRefused):
        copy_archive(reception.archive, reception.archive / "copy")


def test_a_copy_that_was_stopped_goes_on(reception: Reception, tmp_path: Path) -> None:
    goal = tmp_path / "copy"
    copy_archive(reception.archive, goal)
    shutil.rmtree(next(Vault.open(goal).places()))
    half = goal / "staging" / "copying" / "abc"
    half.mkdir(parents=True)
    (half / "original").write_bytes(b"half")
    (goal / "acts.sqlite.part").write_bytes(b"half")
    (goal / "dalil-archive.json").unlink()
    made = copy_archive(reception.archive, goal)
    assert (made.copied, made.kept) == (1, 1)
    _same(reception.archive, goal)
    assert Reception(goal, reception.signer).checked().broken == ()
