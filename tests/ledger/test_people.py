import os
from pathlib import Path

import pytest

from dalil.errors import LockedOut, NoSuchThing, NotAllowed, UsageRefused
from dalil.kernel.act import draft_act, entry_of
from dalil.kernel.disclosure import b64url
from dalil.ledger import people
from dalil.ledger.act_store import Row, Written, subjects_of
from dalil.ledger.keyring import Signer, add_holder, recovery_sheet, unlock
from dalil.verifier import verify
from ledger.counting_house import CHEAP, PASSPHRASE, House, build, tellings


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "archive")


def _add(house: House, name: str, role: str = "archivist") -> Signer:
    signer, _ = people.add(house.ledger, house.signer, name, role, name.encode(), CHEAP)
    return signer


def _force(house: House, signer: Signer, kind: str = "told", **fields: str) -> None:
    """Append as somebody would who holds the keys and not our program."""
    ledger = house.ledger
    act = draft_act(
        kind,
        {"time": "2026-01-01T00:00:00Z", **fields},
        visible={},
        archive_key=signer.archive_ed25519,
        person_key=signer.person_key,
        entropy=os.urandom,
    )
    row = Row(ledger.store.count(), act.jwt, "~".join(act.disclosures), entry_of(act.jwt))
    ledger.store.add([Written(row, subjects_of(kind, dict(fields)))])
    ledger.recover(signer)


def test_a_person_who_was_added_may_act(house: House) -> None:
    omar = _add(house, "Omar")
    house.ledger.append(tellings(1), unlock(house.archive, b"Omar", "Omar"))
    assert house.findings() == []
    assert [p.name for p in people.people_of(house.archive)] == ["Salma", "Omar"]
    assert house.ledger.roster().of_key(omar.public_key) is not None


def test_a_revoked_person_may_not_act_and_what_they_did_stays_good(house: House) -> None:
    omar = _add(house, "Omar")
    house.ledger.append(tellings(1), omar)
    people.revoke(house.ledger, house.signer, "Omar", "left")
    with pytest.raises(NotAllowed):
        house.ledger.append(tellings(1), omar)
    with pytest.raises(NoSuchThing):
        unlock(house.archive, b"Omar", "Omar")
    assert house.findings() == []


def test_what_a_revoked_person_did_later_is_named(house: House) -> None:
    omar = _add(house, "Omar")
    house.ledger.append(tellings(1), omar)
    people.revoke(house.ledger, house.signer, "Omar", "left")
    _force(house, omar)
    report = verify.examine(str(house.archive), None, None)
    assert "after-revocation" in {each.code for each in report.findings}
    [found] = house.findings()
    assert (found.seq, "after being revoked by act 3" in found.what) == (4, True)


def test_what_a_stranger_signed_is_named(house: House, tmp_path: Path) -> None:
    other = build(tmp_path / "other").signer
    mixed = Signer(
        other.person_id,
        "Stranger",
        "keeper",
        other.person_key,
        house.signer.archive_ed25519,
        house.signer.archive_ml_dsa,
        b"",
        b"",
    )
    with pytest.raises(NotAllowed):
        house.ledger.append(tellings(1), mixed)
    _force(house, mixed)
    [found] = house.findings()
    assert "never introduced" in found.what


def test_only_a_keeper_adds_and_revokes(house: House) -> None:
    omar = _add(house, "Omar")
    with pytest.raises(NotAllowed):
        people.add(house.ledger, omar, "Rima", "archivist", b"r", CHEAP)
    with pytest.raises(NotAllowed):
        people.revoke(house.ledger, omar, "Salma", "no")
    key = b64url(house.signer.public_key)
    _force(house, omar, "person-revoked", person=house.signer.person_id, name="Salma", key=key)
    assert {"Omar is no keeper", "it revokes the last keeper"} <= {f.what for f in house.findings()}


def test_the_last_keeper_stays(house: House) -> None:
    with pytest.raises(NotAllowed):
        people.revoke(house.ledger, house.signer, "Salma", "tired")
    rima = _add(house, "Rima", "keeper")
    people.revoke(house.ledger, rima, "Salma", "tired")
    with pytest.raises(NotAllowed):
        people.revoke(house.ledger, rima, "Rima", "tired")
    assert house.findings() == []


def test_one_name_is_one_human(house: House) -> None:
    for name, role in (("Salma", "archivist"), (" ", "archivist"), ("Omar", "king")):
        with pytest.raises(UsageRefused):
            people.add(house.ledger, house.signer, name, role, b"x", CHEAP)
    with pytest.raises(LockedOut):
        people.add(house.ledger, house.signer, "Omar", "archivist", b"", CHEAP)


@pytest.mark.parametrize("role", ["keeper", "archivist"])
def test_a_lost_passphrase_is_overcome_with_the_sheet_and_the_log_says_so(
    house: House, role: str
) -> None:
    _add(house, "Omar", role)
    sheet = recovery_sheet(house.signer, house.archive)
    fresh, entries = people.recover(house.ledger, sheet.code, b"new", "Omar", CHEAP)
    assert [e.act.type for e in entries] == ["person-added", "person-revoked"]
    assert entries[0].act.opened()["reason"] == "recovery sheet"
    assert "recovery sheet" in str(entries[1].act.opened()["reason"])
    house.ledger.append(tellings(1), unlock(house.archive, b"new", "Omar"))
    with pytest.raises(LockedOut):
        unlock(house.archive, b"Omar", "Omar")
    assert fresh.role == role
    assert house.findings() == []


def test_the_only_keeper_comes_back_with_the_sheet(house: House) -> None:
    sheet = recovery_sheet(house.signer, house.archive)
    people.recover(house.ledger, sheet.code, b"new", "Salma", CHEAP)
    assert unlock(house.archive, b"new").role == "keeper"
    with pytest.raises(LockedOut):
        unlock(house.archive, PASSPHRASE)
    assert house.findings() == []


def test_a_sheet_of_another_archive_opens_nothing(house: House, tmp_path: Path) -> None:
    other = build(tmp_path / "other")
    sheet = recovery_sheet(other.signer, other.archive)
    with pytest.raises(LockedOut):
        people.recover(house.ledger, sheet.code, b"new", "Salma", CHEAP)
    assert house.ledger.size == 1


def test_a_key_file_that_a_fall_left_behind_does_not_stand_in_the_way(house: House) -> None:
    add_holder(house.archive, house.signer.archive_key, b"fell", "Omar", "archivist", CHEAP)
    with pytest.raises(NotAllowed):
        house.ledger.append(tellings(1), unlock(house.archive, b"fell", "Omar"))
    _add(house, "Omar")
    house.ledger.append(tellings(1), unlock(house.archive, b"Omar", "Omar"))
    sheet = recovery_sheet(house.signer, house.archive)
    add_holder(house.archive, house.signer.archive_key, b"fell", "Omar", "archivist", CHEAP)
    people.recover(house.ledger, sheet.code, b"new", "Omar", CHEAP)
    house.ledger.append(tellings(1), unlock(house.archive, b"new", "Omar"))
    assert house.findings() == []
