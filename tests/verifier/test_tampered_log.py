"""Edit, delete, insert, reorder, cut the tail of a log; forge who acted; forget an older state."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from dalil.ledger.ledger import Draft, Ledger
from dalil.verifier.verify import examine
from verifier.handed import take_in
from verifier.test_forged_case_file import codes
from verifier.test_one_flipped_bit import sentences


def change(archive: Path, *statements: str) -> None:
    """Run SQL on the act store."""
    with sqlite3.connect(archive / "acts.sqlite") as store:
        for statement in statements:
            store.execute(statement)
    store.close()


def test_an_edited_act_is_named(archive: Path) -> None:
    change(archive, "UPDATE acts SET jwt = replace(jwt, 'e', 'f') WHERE seq = 3")
    report = examine(str(archive))
    assert report.exit_code == 1
    assert any("act 3" in said for said in sentences(report))


def test_an_act_edited_with_its_entry_is_named(archive: Path) -> None:
    move = "UPDATE acts SET (jwt, disclosures, entry) = (SELECT jwt, disclosures, entry FROM acts"
    change(archive, move + " WHERE seq = 5) WHERE seq = 3")
    report = examine(str(archive))
    assert {"log-differs", "altered"} <= codes(report)
    assert any("log/tile" in said for said in sentences(report))


def test_a_deleted_act_is_named(archive: Path) -> None:
    change(archive, "DELETE FROM acts WHERE seq = 4")
    report = examine(str(archive))
    assert "act-missing" in codes(report)
    assert any("act 4" in said for said in sentences(report))


def test_a_deleted_act_whose_place_was_closed_is_found(archive: Path) -> None:
    change(archive, "DELETE FROM acts WHERE seq = 4", "UPDATE acts SET seq = seq - 1 WHERE seq > 4")
    assert "tail-missing" in codes(examine(str(archive)))


def test_an_inserted_act_is_found(archive: Path) -> None:
    change(
        archive,
        "UPDATE acts SET seq = -seq - 1 WHERE seq > 4",
        "UPDATE acts SET seq = -seq WHERE seq < 0",
        "INSERT INTO acts SELECT 5, jwt, disclosures, entry FROM acts WHERE seq = 2",
    )
    assert "log-differs" in codes(examine(str(archive)))


def test_reordered_acts_are_found(archive: Path) -> None:
    change(
        archive,
        "UPDATE acts SET seq = 1000 WHERE seq = 3",
        "UPDATE acts SET seq = 3 WHERE seq = 5",
        "UPDATE acts SET seq = 5 WHERE seq = 1000",
    )
    assert "log-differs" in codes(examine(str(archive)))


def test_a_cut_tail_is_found(archive: Path) -> None:
    change(archive, "DELETE FROM acts WHERE seq >= 6")
    assert "tail-missing" in codes(examine(str(archive)))


def test_a_log_cut_together_with_its_checkpoint_is_found_by_whoever_kept_a_receipt(
    tmp_path: Path,
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("one")
    signer, _ = take_in(tmp_path / "archive", [note])
    older = tmp_path / "older"
    shutil.copytree(tmp_path / "archive", older)
    ledger = Ledger.open(tmp_path / "archive")
    entry = ledger.append([Draft("checked", {"items": 1})], signer)[0]
    receipt = ledger.write_receipt(entry.seq, tmp_path / "receipt.tlog-proof")
    assert examine(str(older)).exit_code == 0
    assert "older-is-longer" in codes(examine(str(older), None, str(receipt)))
    kept = str(older / "log" / "checkpoint")
    assert examine(str(tmp_path / "archive"), None, kept).exit_code == 0
    assert examine(str(tmp_path / "archive"), None, str(receipt)).exit_code == 0


def test_a_log_that_was_forked_is_found_by_whoever_kept_a_receipt(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("one")
    signer, _ = take_in(tmp_path / "archive", [note])
    fork = tmp_path / "fork"
    shutil.copytree(tmp_path / "archive", fork)
    receipts = []
    for place in (tmp_path / "archive", fork):
        ledger = Ledger.open(place)
        entry = ledger.append([Draft("checked", {"items": 1})], signer)[0]
        receipts.append(ledger.write_receipt(entry.seq, place.with_suffix(".tlog-proof")))
        ledger.append([Draft("checked", {"items": 2})], signer)
    assert examine(str(fork), None, str(receipts[1])).exit_code == 0
    assert codes(examine(str(fork), None, str(receipts[0]))) == {"forked"}


@pytest.mark.parametrize(
    "name", ["log/checkpoint", "log/vkeys", "acts.sqlite", "dalil-archive.json"]
)
def test_an_archive_without_its_log_or_acts_is_not_called_intact(archive: Path, name: str) -> None:
    (archive / name).unlink()
    assert examine(str(archive)).exit_code in {1, 3}


def test_an_item_that_is_gone_is_named(archive: Path) -> None:
    held = next((archive / "originals").glob("*/*/*/*/inventory.json"))
    shutil.rmtree(held.parent)
    assert "item-missing" in codes(examine(str(archive)))


def test_a_file_put_beside_an_original_is_named(archive: Path) -> None:
    held = next((archive / "originals").glob("*/*/*/*/v1/content"))
    held.chmod(0o755)
    (held / "planted").write_text("x")
    report = examine(str(archive))
    assert codes(report) == {"stray"}
    assert any("planted" in said for said in sentences(report))


def test_acts_after_a_revocation_are_named(tmp_path: Path) -> None:
    from dalil.kernel.disclosure import b64url  # noqa: PLC0415

    note = tmp_path / "note.txt"
    note.write_text("one")
    signer, _ = take_in(tmp_path / "archive", [note])
    ledger = Ledger.open(tmp_path / "archive")
    key = b64url(signer.public_key)
    gone = {"person": signer.person_id, "name": "Salma", "role": "keeper", "key": key}
    # The real ledger refuses what follows; somebody who holds the archive's key need not.
    ledger._demand_right = lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001
    ledger.append([Draft("person-revoked", gone)], signer)
    entry = ledger.append([Draft("checked", {"items": 1})], signer)[0]
    report = examine(str(tmp_path / "archive"))
    assert codes(report) == {"after-revocation"}
    assert any(f"act {entry.seq}" in said for said in sentences(report))


def test_acts_that_still_lie_in_the_write_ahead_log_are_read(archive: Path) -> None:
    """SQLite keeps what was just committed beside its file while somebody has it open."""
    with sqlite3.connect(archive / "acts.sqlite") as store:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("PRAGMA wal_autocheckpoint = 0")
        store.execute("DELETE FROM acts WHERE seq = 4")
        store.commit()
        assert (archive / "acts.sqlite-wal").stat().st_size
        before = (archive / "acts.sqlite-wal").read_bytes()
        assert "act-missing" in codes(examine(str(archive)))
        assert (archive / "acts.sqlite-wal").read_bytes() == before
    store.close()


def test_acts_that_a_machine_signed_beyond_its_list_are_named(tmp_path: Path) -> None:
    from dalil.ledger.keyring import ScryptCost  # noqa: PLC0415
    from dalil.ledger.standing.machine import add_machine  # noqa: PLC0415

    note = tmp_path / "note.txt"
    note.write_text("one")
    signer, _ = take_in(tmp_path / "archive", [note])
    ledger = Ledger.open(tmp_path / "archive")
    night, _ = add_machine(ledger, signer, "Night", ["checked"], b"night", ScryptCost(n=2))
    ledger.append([Draft("checked", {"items": 1})], night)
    assert codes(examine(str(tmp_path / "archive"))) == set()
    # The real ledger refuses what follows; somebody who holds the machine's key need not.
    ledger._demand_right = lambda *_: None  # type: ignore[method-assign]  # noqa: SLF001
    entry = ledger.append([Draft("given-out", {"to": "somebody"})], night)[0]
    report = examine(str(tmp_path / "archive"))
    assert codes(report) == {"beyond-machine"}
    assert any(f"act {entry.seq}" in said for said in sentences(report))
