"""The whole archive is checked, acts against objects; a court can build a seal anew."""

import random
import shutil
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from dalil.errors import Altered, ArchiveExists, NoSuchThing, UsageRefused
from dalil.intake.audit import STATE, check_archive, rebuild
from dalil.intake.listing import accessions, find_item, give_out, items, show_item
from dalil.intake.take_in import Options, take_in
from dalil.kernel import canonical
from dalil.ledger.ledger import Draft
from dalil.vault.vault import Vault
from footage import QUICK
from intake.reception import Reception, drive, open_reception


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Reception:
    folder = tmp_path_factory.mktemp("audit")
    reception = open_reception(folder / "archive")
    source = drive(folder / "drive", 2)
    QUICK[0].make(source)
    take_in(reception.archive, [source], reception.signer, options=Options())
    return reception


@pytest.fixture
def reception(sound: Reception, tmp_path: Path) -> Reception:
    shutil.copytree(sound.archive, tmp_path / "archive")
    return Reception(tmp_path / "archive", sound.signer)


def _item(reception: Reception, name: str) -> str:
    return next(each.item for each in items(reception.archive) if each.name_text == name)


def test_a_sound_archive_is_intact_and_the_check_is_an_act(reception: Reception) -> None:
    found = check_archive(reception.archive, signer=reception.signer)
    assert found.intact
    assert found.objects == 3
    [checked] = [entry.act.opened() for entry in reception.ledger.acts("checked")]
    assert (checked["items"], checked["broken"], checked["share"]) == (3, [], "1")


def test_an_object_that_is_gone_is_named(reception: Reception) -> None:
    place = next(reception.vault.places())
    shutil.rmtree(place)
    assert any(place.name in fault.where for fault in reception.checked().broken)


def test_an_object_without_acts_is_named(reception: Reception) -> None:
    stranger = Vault.open(reception.archive)
    staged = stranger.new_object("f" * 32)
    staged.original.write_bytes(b"planted")
    from dalil.vault.vault import digests_of  # noqa: PLC0415 - only this test plants

    stranger.finish(staged, digests_of(staged.original), "2026-01-01T00:00:00Z")
    stranger.commit(staged)
    faults = [str(each) for each in reception.checked().broken]
    assert any("no act says that it was taken-in" in each for each in faults)


def test_an_original_rewritten_with_its_inventory_is_named(reception: Reception) -> None:
    # A whole OCFL object written anew still validates: only the acts contradict it.
    item = _item(reception, "000.bin")
    place = reception.vault.object_path(item)
    vault = reception.vault
    seal = {p.name: p.read_bytes() for p in (place / "v1/content/seal").iterdir()}
    shutil.rmtree(place)
    staged = vault.new_object(item)
    staged.original.write_bytes(b"another")
    for name, data in seal.items():
        (staged.seal / name).write_bytes(data)
    from dalil.vault.vault import digests_of  # noqa: PLC0415 - only this test forges

    vault.finish(staged, digests_of(staged.original), "2026-01-01T00:00:00Z")
    vault.commit(staged)
    faults = [str(each) for each in reception.checked().broken]
    assert any("tells of another original" in each for each in faults)


def test_a_check_that_was_stopped_goes_on(reception: Reception) -> None:
    places = [place.name for place in reception.vault.places()]
    state = {
        "share": "1", "on": datetime.now(UTC).date().isoformat(), "last": places[1],
        "objects": 2, "octets": 10, "broken": [["somewhere", "broken before"]],
    }  # fmt: skip
    (reception.archive / "staging" / STATE).write_bytes(canonical.encode(state))
    found = check_archive(reception.archive)
    assert found.resumed
    assert found.objects == 3
    assert [str(each) for each in found.broken] == ["somewhere: broken before"]
    assert not (reception.archive / "staging" / STATE).exists()


def test_a_round_of_slices_reads_every_object(reception: Reception) -> None:
    day = date(2026, 5, 3)
    read = [
        check_archive(reception.archive, Fraction(1, 4), today=day + timedelta(days=n)).objects
        for n in range(4)
    ]
    assert sum(read) == 3


def test_a_court_builds_the_seal_anew(reception: Reception, tmp_path: Path) -> None:
    for name in (QUICK[0].name, "000.bin"):
        item = _item(reception, name)
        court = tmp_path / f"court-{item}"
        court.write_bytes(reception.vault.original_path(item).read_bytes())
        found = rebuild(reception.archive, item, reception.signer, court)
        assert found.tree_root == show_item(reception.archive, item).tree_root


def test_another_file_does_not_pass_in_court(reception: Reception, tmp_path: Path) -> None:
    item = _item(reception, "000.bin")
    court = tmp_path / "court"
    changed = bytearray(reception.vault.original_path(item).read_bytes())
    changed[random.Random(1).randrange(len(changed))] ^= 1
    court.write_bytes(changed)
    with pytest.raises(Altered):
        rebuild(reception.archive, item, reception.signer, court)


def test_a_second_chain_in_the_padding_is_found(reception: Reception) -> None:
    # A dishonest sealer signs a root over more than the file: another root than the secret gives.
    item = _item(reception, "001.bin")
    sealed = next(e.act for e in reception.ledger.acts_about(item) if e.act.type == "sealed")
    copy = _item(reception, "000.bin")
    fields = {**sealed.opened(), "item": "e" * 32}
    fields.pop("time")
    visible = {"tree_root": "ab" * 32, "depth": 16, "tool": "dalil"}
    assert copy != item
    reception.ledger.append([Draft("sealed", fields, visible)], reception.signer)
    shutil.copytree(
        reception.vault.object_path(item), reception.vault.object_path("e" * 32), symlinks=True
    )
    secret = reception.vault.secret(item, reception.signer.item_secret)
    from dalil.vault.item_secret import close  # noqa: PLC0415 - only this test forges

    place = reception.vault.object_path("e" * 32) / "v1/content/seal/secret"
    place.unlink()
    place.write_bytes(close(secret, "e" * 32, reception.signer.item_secret))
    with pytest.raises(Altered, match="another root"):
        rebuild(reception.archive, "e" * 32, reception.signer)


def test_an_original_is_given_out_bit_for_bit_as_an_act(
    reception: Reception, tmp_path: Path
) -> None:
    item = _item(reception, "000.bin")
    given = give_out(reception.archive, item, "court", "asked", tmp_path / "o", reception.signer)
    assert (tmp_path / "o").read_bytes() == reception.vault.original_path(item).read_bytes()
    fields = reception.ledger.act(given.seq).act.opened()
    assert (fields["to"], fields["sha256"]) == ("court", given.sha256)
    with pytest.raises(ArchiveExists):
        give_out(reception.archive, item, "court", "asked", tmp_path / "o", reception.signer)
    with pytest.raises(UsageRefused):
        give_out(reception.archive, item, "court", " ", tmp_path / "p", reception.signer)


def test_a_rotten_original_is_not_given_out(reception: Reception, tmp_path: Path) -> None:
    item = _item(reception, "000.bin")
    path = reception.vault.original_path(item)
    path.chmod(0o644)
    path.write_bytes(b"rot")
    with pytest.raises(Altered):
        give_out(reception.archive, item, "court", "asked", tmp_path / "o", reception.signer)
    assert list(tmp_path.glob("o*")) == []
    assert not list(reception.ledger.acts("given-out"))


def test_items_are_found_by_how_they_begin(reception: Reception) -> None:
    item = _item(reception, "000.bin")
    assert find_item(reception.archive, item[:8]) == item
    with pytest.raises(NoSuchThing):
        find_item(reception.archive, "zzzz")
    with pytest.raises(UsageRefused):
        find_item(reception.archive, item[:2])


def test_what_is_listed_is_what_the_acts_say(reception: Reception) -> None:
    [accession] = accessions(reception.archive)
    assert accession.closed
    assert len(accession.receipts) == 3
    shown = show_item(reception.archive, _item(reception, QUICK[0].name))
    assert shown.sealed_by == "units"
    assert [act.type for act in shown.acts] == ["taken-in", "sealed"]
