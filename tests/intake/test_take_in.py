"""A drive taken in: every file once, as bytes, with what came along; nothing of it touched."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.engines.files import locked
from dalil.errors import ArchiveBusy, NoSpace
from dalil.intake.accession import CLOSED, OPENED, SEALED, TAKEN_IN, TOLD, manifest, read_accession
from dalil.intake.take_in import LOCK, Options, take_in
from dalil.intake.telling import Hop
from dalil.kernel.digest import sha256
from dalil.kernel.disclosure import from_b64url
from footage import QUICK
from intake.reception import QUICKLY, Reception, drive, open_reception, state_of

TOLD_ONCE = Hop(1, "a man", "", "2019~", "", "copied", "his letter", "")
TOLD_OTHERWISE = Hop(1, "another", "", "2018", "", "found", "a newspaper", "")


@pytest.fixture
def reception(tmp_path: Path) -> Reception:
    return open_reception(tmp_path / "archive")


def test_one_clip_becomes_one_object_and_two_acts(reception: Reception, tmp_path: Path) -> None:
    clip = QUICK[0].make(tmp_path)
    receipt = take_in(reception.archive, [clip], reception.signer, options=Options())
    [item] = [each.item for each in receipt.items]
    kinds = [entry.act.type for entry in reception.ledger.acts_about(item)]
    assert kinds == [TAKEN_IN, SEALED]
    assert reception.vault.original_path(item).read_bytes() == clip.read_bytes()
    sealed = next(e.act for e in reception.ledger.acts_about(item) if e.act.type == SEALED)
    assert sealed.opened()["sealed_by"] == "units"
    assert sum(sealed.opened()["frames"]) == QUICK[0].pictures
    assert reception.checked().broken == ()


def test_24_files_of_one_name_are_24_items(reception: Reception, tmp_path: Path) -> None:
    for number in range(24):
        folder = tmp_path / "drive" / f"{number}"
        folder.mkdir(parents=True)
        (folder / "video.mp4").write_bytes(b"%d" % number)
    receipt = reception.takes(tmp_path / "drive")
    assert len({each.item for each in receipt.items}) == 24
    assert {each.name_text.rpartition("/")[2] for each in receipt.items} == {"video.mp4"}


def test_names_times_and_sidecars_are_kept_as_they_are(
    reception: Reception, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    name = "كليب أحمد".encode() + b"\xff.mp4"
    (folder / os.fsdecode(name)).write_bytes(b"clip")
    (folder / os.fsdecode(name[:-4] + b".srt")).write_bytes(b"words")
    os.utime(folder / os.fsdecode(name), ns=(1, 1366109400_123456789))
    reception.takes(folder)
    acts = [entry.act.opened() for entry in reception.ledger.acts(TAKEN_IN)]
    fields = next(each for each in acts if each["length"] == 4)
    assert from_b64url(fields["name"]) == name
    assert fields["mtime_ns"] == "1366109400123456789"
    assert fields["sidecars"] == ["كليب أحمد\\xff.srt"]


def test_the_source_is_not_touched(reception: Reception, tmp_path: Path) -> None:
    folder = drive(tmp_path / "drive", 3)
    before = state_of(folder)
    reception.takes(folder)
    assert state_of(folder) == before


def test_a_second_copy_is_a_new_receipt_of_the_same_item(
    reception: Reception, tmp_path: Path
) -> None:
    folder = drive(tmp_path / "drive", 2)
    shutil.copyfile(folder / "000.bin", folder / "again.bin")
    first = reception.takes(folder)
    assert [each.duplicate_of for each in first.items].count(True) == 1
    assert first.new_items == 2
    second = reception.takes(folder / "000.bin")
    assert second.items[0].duplicate_of
    assert second.new_items == 0
    assert second.accession != first.accession
    assert len(list(reception.vault.places())) == 2
    assert reception.checked().broken == ()


def test_empty_files_are_items_too(reception: Reception, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    (tmp_path / "drive" / "a").touch()
    (tmp_path / "drive" / "b").touch()
    receipt = reception.takes(tmp_path / "drive")
    assert len(receipt.items) == 2
    assert receipt.new_items == 1
    assert reception.checked().broken == ()


def test_damaged_and_foreign_files_are_sealed_by_bytes(
    reception: Reception, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    clip = QUICK[0].make(tmp_path).read_bytes()
    (folder / "torn.mp4").write_bytes(clip[:300])
    (folder / "page.pdf").write_bytes(b"%PDF-1.7\n" + random.Random(1).randbytes(70_000))
    (folder / "letter.txt").write_text("سلام")
    receipt = reception.takes(folder)
    for each in receipt.items:
        sealed = next(e for e in reception.ledger.acts_about(each.item) if e.act.type == SEALED)
        assert sealed.act.opened()["sealed_by"] == "bytes", each.name_text
    assert reception.checked().broken == ()


def test_the_acts_of_an_accession_tell_its_whole_story(
    reception: Reception, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    for number in "١٢٤":
        (folder / f"كليب {number}.txt").write_text(number)
    (folder / "link").symlink_to("/nowhere")
    receipt = reception.takes(folder, telling=(TOLD_ONCE, TOLD_OTHERWISE))
    acts = list(reception.ledger.accession_acts(receipt.accession))
    kinds = [entry.act.type for entry in acts]
    assert kinds == [OPENED, TOLD, TOLD, TAKEN_IN, TAKEN_IN, TAKEN_IN, CLOSED]
    closed = acts[-1].act.opened()
    assert closed["gaps"] == ["كليب ٣.txt"]
    assert closed["unread"] == ["link: a link, not followed"]
    assert (closed["items"], closed["receipts"]) == (3, 3)
    assert closed["manifest_sha256"] == receipt.manifest_sha256
    told = [entry.act.opened()["who"] for entry in acts if entry.act.type == TOLD]
    assert told == ["a man", "another"]


def test_the_manifest_is_what_the_page_says(reception: Reception, tmp_path: Path) -> None:
    receipt = reception.takes(drive(tmp_path / "drive", 2))
    lines = ["manifest@v1", receipt.accession]
    lines += sorted(f"{r.sha256} {r.length} {r.item} {r.name}" for r in receipt.items)
    text = "".join(f"{line}\n" for line in lines)
    assert sha256(text.encode()).hex() == receipt.manifest_sha256
    kept = read_accession(reception.ledger, receipt.accession)
    assert manifest(kept.id, reversed(kept.receipts)) == text


def test_taken_in_and_sealed_stand_side_by_side(reception: Reception, tmp_path: Path) -> None:
    reception.takes(drive(tmp_path / "drive", 3))
    kinds = [entry.act.type for entry in reception.ledger.acts()]
    places = [n for n, kind in enumerate(kinds) if kind == SEALED]
    assert [kinds[n - 1] for n in places] == [TAKEN_IN] * 3


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    reception: Reception, tmp_path: Path
) -> None:
    folder = drive(tmp_path / "drive", 3)

    def grow(_done: int, _total: int) -> None:
        with (folder / "000.bin").open("ab") as file:
            file.write(b"x")

    receipt = take_in(reception.archive, [folder], reception.signer, (), QUICKLY, grow)
    assert [each.name for each in receipt.unread] == ["000.bin"]
    assert receipt.unread[0].refused
    assert sorted(each.name_text for each in receipt.items) == ["001.bin", "002.bin"]


def test_two_at_once_do_not_mix(reception: Reception, tmp_path: Path) -> None:
    folder = drive(tmp_path / "drive", 1)
    with locked(reception.archive / "staging" / LOCK), pytest.raises(ArchiveBusy):
        reception.takes(folder)


def test_progress_ends_where_everything_is_done(reception: Reception, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    take_in(
        reception.archive,
        [drive(tmp_path / "drive", 3)],
        reception.signer,
        (),
        QUICKLY,
        lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1] > 0
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_a_stray_in_staging_is_swept_and_a_torn_one_is_redone(
    reception: Reception, tmp_path: Path
) -> None:
    staging = reception.archive / "staging"
    (staging / ("a" * 32) / "object").mkdir(parents=True)
    (staging / ("a" * 32) / "acts.json").write_bytes(b"[{")
    (staging / "other").mkdir()
    reception.takes(drive(tmp_path / "drive", 1))
    assert [path.name for path in staging.iterdir()] == [LOCK]


FULL = """
import resource, sys
from pathlib import Path
from dalil.errors import NoSpace
from dalil.intake.take_in import Options, take_in
from dalil.ledger.keyring import unlock
from ledger.counting_house import PASSPHRASE
archive, source = map(Path, sys.argv[1:3])
signer = unlock(archive, PASSPHRASE)
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    take_in(archive, [source], signer, options=Options(tiles=False))
except NoSpace:
    sys.exit(7)
"""


def _in_a_process(*words: object) -> int:
    path = os.pathsep.join(each for each in sys.path if each)
    ran = subprocess.run(
        [sys.executable, "-c", FULL, *map(str, words)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.returncode


@pytest.mark.parametrize("room", [3_000, 100_000, 400_000])
def test_a_full_disk_leaves_nothing_half_and_the_same_call_goes_on(
    reception: Reception, tmp_path: Path, room: int
) -> None:
    # A file may grow so far and no further: wherever that first happens, it is the same refusal.
    folder = drive(tmp_path / "drive", 2)
    (folder / "large.bin").write_bytes(random.Random(2).randbytes(600_000))
    assert _in_a_process(reception.archive, folder, room) == 7
    assert reception.checked().broken == ()
    assert _in_a_process(reception.archive, folder) == 0
    assert len(reception.receipts()) == 3
    assert reception.checked().broken == ()


def test_a_really_full_disk_refuses_in_our_words(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("NOT CHECKED on a small disk: this user may not mount one")
    try:
        reception = open_reception(disk / "archive")
        folder = drive(tmp_path / "drive", 2)
        (folder / "large.bin").write_bytes(random.Random(2).randbytes(4_000_000))
        with pytest.raises(NoSpace):
            reception.takes(folder)
        assert reception.checked().broken == ()
        (folder / "large.bin").unlink()
        receipt = reception.takes(folder)
        assert receipt.resumed
        assert len(receipt.items) == 2
        assert reception.checked().broken == ()
    finally:
        subprocess.run(["umount", disk], check=True)
