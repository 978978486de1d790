import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dalil.engines.files import locked
from dalil.errors import ArchiveBusy, CannotTell, LogBroken, Missing, NoSuchThing
from dalil.kernel.act import check_by, check_form, check_issuer, entry_of
from dalil.kernel.merkle import check_consistency, leaf_hash, root
from dalil.kernel.tlogproof import check_tlog_proof, parse_tlog_proof
from dalil.ledger import ledger as ledger_module
from dalil.ledger.ledger import Draft, Ledger
from ledger.counting_house import House, build, tellings


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[int, bytes]]:
    """Grow a log in uneven steps past two full tiles; keep its roots on the way."""
    house = build(tmp_path_factory.mktemp("grown") / "archive")
    roots = {}
    for step in (1, 2, 251, 1, 1, 1, 254, 3):
        house.tell(step)
        checkpoint = house.ledger.note().checkpoint
        roots[checkpoint.size] = checkpoint.root
    return house, roots


def test_the_root_is_that_of_rfc_6962_over_all_entries(
    grown: tuple[House, dict[int, bytes]],
) -> None:
    house, roots = grown
    leaves = [leaf_hash(entry_of(e.act.jwt)) for e in house.ledger.acts()]
    for size, signed in roots.items():
        assert signed == root(leaves[:size])


def test_every_act_has_a_receipt_that_checks(grown: tuple[House, dict[int, bytes]]) -> None:
    house, _ = grown
    ledger = house.ledger
    for entry in ledger.acts():
        text = str(ledger.proof(entry.seq))
        stamp = check_tlog_proof(parse_tlog_proof(text), entry_of(entry.act.jwt), ledger.vkeys())
        assert stamp is not None


def test_each_older_log_is_shown_to_be_the_beginning(grown: tuple[House, dict[int, bytes]]) -> None:
    house, roots = grown
    checkpoint = house.ledger.note().checkpoint
    for size, old in roots.items():
        proof = house.ledger.consistency(size)
        check_consistency(size, old, checkpoint.size, checkpoint.root, proof)
        assert house.ledger.root_at(size) == old


def test_full_tiles_take_the_place_of_begun_ones(grown: tuple[House, dict[int, bytes]]) -> None:
    house, _ = grown
    log = house.archive / "log" / "tile"
    names = {path.relative_to(log).as_posix() for path in log.rglob("*") if path.is_file()}
    assert {"0/000", "0/001", "entries/000", "entries/001", "1/000.p/2"} <= names
    assert not [name for name in names if name.startswith(("0/000.p", "0/001.p", "entries/000.p"))]


def test_a_bundle_holds_each_entry_after_its_length(grown: tuple[House, dict[int, bytes]]) -> None:
    house, _ = grown
    raw = (house.archive / "log/tile/entries/000").read_bytes()
    first = next(house.ledger.acts())
    assert raw[:64] == (62).to_bytes(2, "big") + entry_of(first.act.jwt)
    assert len(raw) == 256 * 64


def test_the_acts_carry_both_signatures_and_a_time(grown: tuple[House, dict[int, bytes]]) -> None:
    house, _ = grown
    archive_key = house.ledger.vkeys()[0].key
    for entry in house.ledger.acts("told"):
        check_form(entry.act)
        check_issuer(entry.act, archive_key)
        assert check_by(entry.act) == house.signer.public_key
        assert len(entry.act.opened()["time"]) == len("2026-01-01T00:00:00Z")


def test_a_grown_log_is_found_whole(grown: tuple[House, dict[int, bytes]]) -> None:
    house, _ = grown
    seen: list[tuple[int, int]] = []
    found = house.ledger.check(lambda done, total: seen.append((done, total)))
    assert found.findings == ()
    assert (found.acts, found.signed, seen[-1]) == (515, 515, (515, 515))


def test_acts_are_found_by_item_and_accession(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    item, other = "1" * 32, "2" * 32
    drafts = [
        Draft("taken-in", {"item": item, "accession": "one"}),
        Draft("taken-in", {"item": other, "accession": "two"}),
        Draft("handed-over", {"items": [item, other], "recipient": "court"}),
        Draft("accession-closed", {"accession": "one", "items": 1}),
    ]
    house.ledger.append(drafts, house.signer)
    ledger = house.ledger
    assert [e.seq for e in ledger.acts_about(item)] == [1, 3]
    assert [e.seq for e in ledger.acts_about(other)] == [2, 3]
    assert [e.seq for e in ledger.accession_acts("one")] == [1, 4]
    assert [e.seq for e in ledger.acts("taken-in")] == [1, 2]
    assert [e.seq for e in ledger.acts(start=3)] == [3, 4]
    assert list(ledger.acts_about("3" * 32)) == []


def test_losing_the_index_loses_nothing(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 400)
    house.sql("DELETE FROM about")
    assert list(house.ledger.accession_acts("a")) == []
    assert house.findings()
    assert house.ledger.rebuild_index() == 401
    assert len(list(house.ledger.accession_acts("a"))) == 400
    assert house.findings() == []


def test_an_index_that_says_too_much_is_named(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 3)
    house.sql("INSERT INTO about VALUES ('item', 'x', 2), ('item', 'y', 77)")
    assert {f.seq for f in house.findings()} >= {2}


def test_two_writers_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = build(tmp_path / "archive")
    monkeypatch.setattr(ledger_module, "WAIT_SECONDS", 0.1)
    with locked(house.archive / "acts.lock"), pytest.raises(ArchiveBusy):
        house.tell(1)
    house.tell(1)
    assert house.ledger.size == 2


def test_no_drafts_are_no_act(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    assert house.ledger.append([], house.signer) == []
    assert house.ledger.size == 1


def test_what_is_not_in_the_log_is_not_proved(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 2)
    with pytest.raises(NoSuchThing):
        house.ledger.proof(3)
    with pytest.raises(CannotTell):
        house.ledger.consistency(4)


def test_a_proof_is_refused_where_a_tile_is_not_that_of_the_rows(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 4)
    tile = house.archive / "log/tile/0/000.p/5"
    raw = bytearray(tile.read_bytes())
    raw[40] ^= 1
    tile.write_bytes(raw)
    with pytest.raises(LogBroken):
        house.ledger.proof(0)
    with pytest.raises(LogBroken):
        house.tell(1)


def test_a_missing_store_is_said_to_be_missing(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    (house.archive / "acts.sqlite").unlink()
    with pytest.raises(Missing):
        Ledger.open(house.archive)


def test_a_store_that_is_no_database_is_refused_in_our_words(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    (house.archive / "acts.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(LogBroken):
        house.tell(1)
    assert "acts.sqlite" in {f.where for f in house.findings()}


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 1)
    with sqlite3.connect(house.archive / "acts.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_receipt_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    house = build(tmp_path / "archive", 9)
    given = house.ledger.write_receipt(4, tmp_path / "out" / "mine.tlog-proof")
    assert given.read_text().startswith("c2sp.org/tlog-proof@v1\nindex 4\n")
    assert house.ledger.write_receipt(4).name == "act-4.tlog-proof"


def test_the_public_folder_says_nothing_of_what_was_done(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    secret = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    house.ledger.append([Draft("taken-in", {"sha256": secret, "name_text": "v.mp4"})], house.signer)
    public = b"".join(p.read_bytes() for p in (house.archive / "log").rglob("*") if p.is_file())
    for word in (secret.encode(), bytes.fromhex(secret), b"v.mp4", b"taken-in", b"Salma"):
        assert word not in public


def test_an_archive_of_no_acts_is_signed(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    text = str(house.ledger.note())
    assert text.split("\n")[1] == "1"
    assert json.loads((house.archive / "dalil-archive.json").read_bytes())["origin"] in text


def test_drafts_with_reserved_names_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    house = build(tmp_path / "archive")
    with pytest.raises(Exception, match="reserved"):
        house.ledger.append([*tellings(3), Draft("told", {"_sd": "x"})], house.signer)
    assert house.ledger.size == 1
    assert house.ledger.store.count() == 1


READ_ONLY = """
import os, sys
from pathlib import Path
import dalil.ledger.check, encodings.idna, sqlalchemy.dialects.sqlite
from dalil.ledger.ledger import Ledger
archive = Path(sys.argv[1])
if os.geteuid() == 0:
    os.setuid(65534)
ledger = Ledger.open(archive)
print(len(list(ledger.acts())), ledger.proof(3).index, ledger.check().findings)
"""


def test_an_archive_on_a_write_protected_stick_is_read_and_checked() -> None:
    path = os.pathsep.join(each for each in sys.path if each)
    with tempfile.TemporaryDirectory() as folder:
        house = build(Path(folder) / "archive #1", 5)
        (house.archive / "keys").chmod(0o755)
        for place in (Path(folder), house.archive, *house.archive.rglob("*")):
            place.chmod(0o555 if place.is_dir() else 0o444)
        ran = subprocess.run(
            [sys.executable, "-c", READ_ONLY, house.archive],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        for place in (Path(folder), house.archive, *house.archive.rglob("*")):
            place.chmod(0o755)
    assert ran.stdout == "6 3 ()\n", ran.stderr
