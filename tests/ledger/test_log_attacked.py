"""Five mutations, whole rewritings, and one bit anywhere: each is found and named."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from dalil.errors import LogBroken, Refusal
from dalil.kernel.checkpoint import Checkpoint
from dalil.kernel.note import sign_checkpoint
from dalil.ledger.ledger import Draft, Ledger
from dalil.ledger.tiles import Edge
from ledger.counting_house import House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "archive", 20)


def test_an_edited_act_is_named(house: House) -> None:
    house.sql("UPDATE acts SET jwt = substr(jwt, 1, 400) || 'A' || substr(jwt, 402) WHERE seq = 7")
    assert 7 in {f.seq for f in house.findings()}


def test_an_edited_field_is_named(house: House) -> None:
    house.sql(
        "UPDATE acts SET disclosures = (SELECT disclosures FROM acts WHERE seq = 8) WHERE seq = 7"
    )
    assert {f.seq for f in house.findings()} == {7}


def test_a_removed_field_is_named(house: House) -> None:
    house.sql("UPDATE acts SET disclosures = '' WHERE seq = 7")
    assert {f.seq for f in house.findings()} == {7}


def test_a_deleted_act_is_named(house: House) -> None:
    house.sql("DELETE FROM acts WHERE seq = 7")
    found = house.findings()
    assert 7 in {f.seq for f in found}
    assert "log/checkpoint" in {f.where for f in found}


def test_a_deleted_act_whose_place_was_closed_up_is_named(house: House) -> None:
    house.sql(
        "DELETE FROM acts WHERE seq = 7",
        "UPDATE acts SET seq = -seq WHERE seq > 7",
        "UPDATE acts SET seq = -seq - 1 WHERE seq < 0",
    )
    assert "log/checkpoint" in {f.where for f in house.findings()}


def test_an_inserted_act_is_named(house: House, tmp_path: Path) -> None:
    other = build(tmp_path / "other", 3)
    with sqlite3.connect(other.archive / "acts.sqlite") as connection:
        row = connection.execute(
            "SELECT jwt, disclosures, entry FROM acts WHERE seq = 2"
        ).fetchone()
    connection.close()
    with sqlite3.connect(house.archive / "acts.sqlite") as connection:
        for i in range(20, 6, -1):
            connection.execute("UPDATE acts SET seq = ? WHERE seq = ?", (i + 1, i))
        connection.execute("INSERT INTO acts VALUES (7, ?, ?, ?)", row)
    connection.close()
    found = house.findings()
    assert 7 in {f.seq for f in found}
    assert "log/checkpoint" in {f.where for f in found}


def test_reordered_acts_are_named(house: House) -> None:
    house.sql(
        "UPDATE acts SET seq = 100 WHERE seq = 5",
        "UPDATE acts SET seq = 5 WHERE seq = 6",
        "UPDATE acts SET seq = 6 WHERE seq = 100",
    )
    assert "log/checkpoint" in {f.where for f in house.findings()}


def test_a_cut_tail_is_named(house: House) -> None:
    house.sql("DELETE FROM acts WHERE seq > 17", "DELETE FROM about WHERE seq > 17")
    assert any("cut off" in f.what for f in house.findings())
    with pytest.raises(LogBroken):
        house.tell(1)


def test_a_tail_cut_everywhere_is_named_by_an_older_receipt(house: House, tmp_path: Path) -> None:
    before = house.copied(tmp_path / "before")
    house.tell(5)
    kept = house.ledger.proof(23).note
    assert before.findings() == []
    found = before.ledger.check(against=[kept]).findings
    assert any("cut off" in f.what for f in found)


def test_a_log_written_anew_by_the_holder_of_all_keys_is_named_by_an_older_receipt(
    house: House,
) -> None:
    kept = house.ledger.note()
    ledger, signer = house.ledger, house.signer
    rows = [row for row in ledger.store.rows() if row.seq != 7]
    shutil.rmtree(house.archive / "log" / "tile")
    house.sql("DELETE FROM acts", "DELETE FROM about")
    with sqlite3.connect(house.archive / "acts.sqlite") as connection:
        for i, row in enumerate(rows):
            values = (i, row.jwt, row.disclosures, row.entry)
            connection.execute("INSERT INTO acts VALUES (?, ?, ?, ?)", values)
    connection.close()
    edge = Edge()
    ledger.tiles.extend(edge, (row.entry for row in rows))
    note = sign_checkpoint(
        Checkpoint(ledger.origin, edge.size, edge.root()),
        signer.archive_ed25519,
        signer.archive_ml_dsa,
        1,
    )
    (house.archive / "log" / "checkpoint").write_text(str(note))
    ledger.rebuild_index()
    house.tell(1)
    assert house.findings() == []
    assert house.ledger.check(against=[kept]).findings


def test_a_log_of_another_archive_is_named(house: House, tmp_path: Path) -> None:
    other = build(tmp_path / "other", 3)
    shutil.copy(other.archive / "log" / "vkeys", house.archive / "log" / "vkeys")
    assert "log/vkeys" in {f.where for f in house.findings()}
    with pytest.raises(LogBroken):
        house.tell(1)


def test_what_is_no_part_of_the_log_is_named(house: House) -> None:
    (house.archive / "log/tile/0/001").write_bytes(b"x" * 8192)
    (house.archive / "log/tile/notes.txt").write_text("hello")
    wheres = {f.where for f in house.findings()}
    assert {"log/tile/0/001", "log/tile/notes.txt"} <= wheres


def test_a_clock_that_was_set_back_is_noted_and_breaks_nothing(house: House) -> None:
    early = Draft("told", {"accession": "a", "time": "2001-01-01T00:00:00Z"})
    house.ledger.append([early], house.signer)
    found = house.ledger.check()
    assert found.intact
    assert "act 21 states 2001-01-01T00:00:00Z" in found.notes[0]


def _rows(archive: Path) -> list[object]:
    try:
        with sqlite3.connect(f"file:{archive / 'acts.sqlite'}?mode=ro", uri=True) as connection:
            return [
                *connection.execute("SELECT * FROM acts ORDER BY seq"),
                *connection.execute("SELECT * FROM about ORDER BY what, name, seq"),
            ]
    except sqlite3.DatabaseError as error:
        return [error]
    finally:
        connection.close()


def _flip(path: Path, chance: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)


def _named(house: House) -> set[str]:
    try:
        return {f.where for f in house.ledger.check().findings}
    except Refusal as refusal:
        return {str(refusal)}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = build(tmp_path_factory.mktemp("large") / "archive", 255)
    house.tell(2)
    house.tell(3)
    return house


def _public_and_keys(house: House) -> list[str]:
    folders = [house.archive / "log", house.archive / "keys"]
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return sorted(path.relative_to(house.archive).as_posix() for path in found)


def test_one_bit_in_any_file_of_log_or_keys_is_found_and_named(
    large: House, tmp_path: Path
) -> None:
    chance = random.Random(1)
    for i, place in enumerate(_public_and_keys(large)):
        house = large.copied(tmp_path / str(i))
        _flip(house.archive / place, chance)
        assert place in _named(house), place


def test_one_bit_in_the_rows_is_found_wherever_it_changes_one(large: House, tmp_path: Path) -> None:
    chance = random.Random()
    whole = _rows(large.archive)
    for i in range(12):
        house = large.copied(tmp_path / str(i))
        _flip(house.archive / "acts.sqlite", chance)
        if _rows(house.archive) != whole:
            assert _named(house)


@pytest.mark.long
def test_one_bit_in_the_rows_is_found_wherever_it_changes_one_at_length(
    large: House, tmp_path: Path
) -> None:
    for i in range(20):
        test_one_bit_in_the_rows_is_found_wherever_it_changes_one(large, tmp_path / f"turn-{i}")


def test_the_ledger_of_a_flipped_archive_opens_without_a_traceback(
    large: House, tmp_path: Path
) -> None:
    house = large.copied(tmp_path / "copy")
    (house.archive / "log" / "checkpoint").write_bytes(b"\xff\xfe")
    with pytest.raises(Refusal):
        Ledger.open(house.archive).note()
