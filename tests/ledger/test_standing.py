import os
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import ArchiveExists, LockedOut, NoSuchThing, NotAllowed, UsageRefused
from dalil.kernel.act import draft_act, entry_of
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url
from dalil.ledger import people
from dalil.ledger.act_store import Row, Written, subjects_of
from dalil.ledger.keyring import Signer, carried, carry, change_passphrase, unlock
from dalil.ledger.ledger import Draft
from dalil.ledger.people import Person
from dalil.ledger.standing.founding import found
from dalil.ledger.standing.giving import give_clearance, give_role
from dalil.ledger.standing.machine import MACHINES_MAY, add_machine
from dalil.verifier import verify
from ledger.counting_house import CHEAP, PASSPHRASE, House, build, tellings


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "archive")


def _add(house: House, name: str, role: str = "archivist") -> Signer:
    return people.add(house.ledger, house.signer, name, role, name.encode(), CHEAP)[0]


def _machine(house: House, *may: str) -> Signer:
    return add_machine(house.ledger, house.signer, "Night", may, b"night", CHEAP)[0]


def _named(house: House, name: str) -> Person:
    return house.ledger.roster().named(name)


def _force(house: House, signer: Signer, kind: str, **fields: Json) -> int:
    """Append as somebody would who holds the keys and not our program."""
    ledger = house.ledger
    said = {"time": "2026-01-01T00:00:00Z", **fields}
    keys = {"archive_key": signer.archive_ed25519, "person_key": signer.person_key}
    act = draft_act(kind, said, visible={}, entropy=os.urandom, **keys)
    row = Row(ledger.store.count(), act.jwt, "~".join(act.disclosures), entry_of(act.jwt))
    ledger.store.add([Written(row, subjects_of(kind, said))])
    ledger.recover(signer)
    return row.seq


def _codes(house: House) -> set[str]:
    return {each.code for each in verify.examine(str(house.archive), None, None).findings}


def test_a_machine_signs_what_its_list_says_and_nothing_else(house: House) -> None:
    night = _machine(house, "checked")
    house.ledger.append([Draft("checked", {"items": 0})], night)
    for refused in ("told", "stamped", "disclosed", "person-added", "clearance-given"):
        with pytest.raises(NotAllowed):
            house.ledger.append([Draft("checked", {}), Draft(refused, {})], night)
    assert house.findings() == []
    assert "beyond-machine" not in _codes(house)


def test_an_act_beyond_a_machines_list_is_named_by_both_readings(house: House) -> None:
    night = _machine(house, "checked")
    seq = _force(house, night, "sealed", item="a" * 32)
    [finding] = [each for each in house.findings() if each.seq == seq]
    assert "a machine that may not sign acts sealed" in finding.what
    assert "beyond-machine" in _codes(house)


def test_a_machine_without_a_list_may_sign_nothing(house: House) -> None:
    other = build(house.archive.with_name("other")).signer
    key = b64url(other.public_key)
    said = {"person": "b" * 32, "name": "Night", "role": "machine", "key": key, "reason": "x"}
    _force(house, house.signer, "person-added", **said)
    mixed = Signer(
        "b" * 32, "Night", "machine", other.person_key, house.signer.archive_ed25519,
        house.signer.archive_ml_dsa, b"", b"",
    )  # fmt: skip
    _force(house, mixed, "checked")
    assert any("may not sign acts checked" in each.what for each in house.findings())
    assert "beyond-machine" in _codes(house)


@given(st.sets(st.sampled_from([*MACHINES_MAY, "told", "recorded", "person-added", "sealed"])))
def test_a_machines_list_holds_only_what_a_machine_may_ever_sign(listed: set[str]) -> None:
    if listed and listed <= set(MACHINES_MAY):
        return
    with pytest.raises(UsageRefused):
        add_machine(_Roster(), _NOBODY, "Night", sorted(listed), b"n", CHEAP)  # type: ignore[arg-type]


class _Roster:
    """A ledger whose only keeper signs; the list is judged before anything is written."""

    def roster(self) -> people.Roster:
        person = Person("a" * 32, "Salma", "keeper", _NOBODY.public_key, 0)
        return people.Roster({person.person_id: person})


class _Nobody:
    public_key = b"k" * 32
    person_name = "Salma"


_NOBODY = _Nobody()


def test_no_human_becomes_a_machine_and_no_machine_a_human(house: House) -> None:
    _add(house, "Omar")
    _machine(house, "checked")
    with pytest.raises(UsageRefused):
        give_role(house.ledger, house.signer, "Omar", "machine", "no")
    with pytest.raises(NotAllowed):
        give_role(house.ledger, house.signer, "Night", "keeper", "no")
    with pytest.raises(UsageRefused):
        people.add(house.ledger, house.signer, "Other", "machine", b"x", CHEAP)
    night = _named(house, "Night").person_id
    _force(house, house.signer, "role-given", person=night, name="Night", role="keeper")
    assert any("a machine stays one" in each.what for each in house.findings())
    assert _named(house, "Night").role == "machine"


def test_a_machine_does_not_come_back_with_the_sheet(house: House) -> None:
    from dalil.ledger.keyring import recovery_sheet  # noqa: PLC0415

    _machine(house, "checked")
    with pytest.raises(NotAllowed):
        people.recover(
            house.ledger, recovery_sheet(house.signer, house.archive).code, b"n", "Night", CHEAP
        )


def test_who_reads_as_a_guest_sees_open_records_and_everybody_else_restricted_ones(
    house: House,
) -> None:
    for role in people.HUMAN_ROLES[1:]:
        _add(house, role, role)
        expected = "open" if role == "guest-reader" else "restricted"
        assert _named(house, role).clearance == expected
    assert _named(house, "Salma").clearance == "restricted"


def test_a_clearance_is_given_by_a_keeper_with_a_reason(house: House) -> None:
    omar = _add(house, "Omar")
    for signer, clearance, reason, refusal in (
        (omar, "sealed", "why", NotAllowed),
        (house.signer, "secret", "why", UsageRefused),
        (house.signer, "sealed", " ", UsageRefused),
    ):
        with pytest.raises(refusal):
            give_clearance(house.ledger, signer, "Omar", clearance, reason)
    entry = give_clearance(house.ledger, house.signer, "Omar", "sealed", "leads the case")
    assert entry.act.opened()["reason"] == "leads the case"
    assert _named(house, "Omar").clearance == "sealed"
    assert house.findings() == []


def test_another_role_begins_with_its_own_clearance(house: House) -> None:
    _add(house, "Omar")
    give_clearance(house.ledger, house.signer, "Omar", "sealed", "why")
    give_role(house.ledger, house.signer, "Omar", "guest-reader", "left the team")
    omar = _named(house, "Omar")
    assert (omar.role, omar.clearance) == ("guest-reader", "open")
    assert house.findings() == []


def test_there_is_always_a_keeper(house: House) -> None:
    with pytest.raises(NotAllowed):
        give_role(house.ledger, house.signer, "Salma", "reviewer", "tired")
    _add(house, "Omar")
    give_role(house.ledger, house.signer, "Omar", "keeper", "two are safer")
    give_role(house.ledger, unlock(house.archive, b"Omar", "Omar"), "Salma", "reviewer", "tired")
    with pytest.raises(NotAllowed):
        give_clearance(house.ledger, house.signer, "Omar", "open", "I was a keeper")
    assert house.findings() == []
    omar = _named(house, "Omar").person_id
    _force(house, unlock(house.archive, b"Omar", "Omar"), "role-given", person=omar, role="lead")
    assert "it leaves no keeper" in {each.what for each in house.findings()}


def test_what_others_than_keepers_give_is_named(house: House) -> None:
    omar = _add(house, "Omar")
    _force(house, omar, "clearance-given", person=omar.person_id, clearance="sealed")
    assert "Omar is no keeper" in {each.what for each in house.findings()}


def test_a_key_file_without_an_act_may_do_nothing(house: House) -> None:
    fresh = people.make_key(
        house.ledger, house.signer.archive_key, "Rima", "reviewer", b"rima", CHEAP
    )
    with pytest.raises(NotAllowed):
        house.ledger.append(tellings(1), fresh)
    people.introduce(house.ledger, house.signer, fresh.person_id)
    house.ledger.append(tellings(1), unlock(house.archive, b"rima", "Rima"))
    assert house.findings() == []


def test_another_passphrase_opens_the_same_key(house: House) -> None:
    before = house.signer
    with pytest.raises(LockedOut):
        change_passphrase(house.archive, "Salma", b"wrong", b"new", CHEAP)
    with pytest.raises(LockedOut):
        change_passphrase(house.archive, "Salma", PASSPHRASE, b"", CHEAP)
    change_passphrase(house.archive, "Salma", PASSPHRASE, b"new", CHEAP)
    after = unlock(house.archive, b"new", "Salma")
    assert (after.public_key, after.archive_key) == (before.public_key, before.archive_key)
    with pytest.raises(LockedOut):
        unlock(house.archive, PASSPHRASE, "Salma")
    house.ledger.append(tellings(1), after)
    assert house.findings() == []


def test_a_carried_key_signs_as_the_person_did(house: House) -> None:
    key = os.urandom(32)
    again = carried(house.archive, carry(house.signer, key), key)
    assert again.person_id == house.signer.person_id
    assert again.item_secret == house.signer.item_secret
    house.ledger.append(tellings(1), again)
    assert house.findings() == []


@given(place=st.integers(0, 10_000), mask=st.integers(1, 255))
def test_one_changed_byte_of_a_carried_key_opens_nothing(
    carried_away: tuple[House, bytes, bytes], place: int, mask: int
) -> None:
    house, sealed, key = carried_away
    broken = bytearray(sealed)
    broken[place % len(sealed)] ^= mask
    with pytest.raises(LockedOut):
        carried(house.archive, bytes(broken), key)


def test_what_is_sealed_says_nothing_without_its_key(
    carried_away: tuple[House, bytes, bytes],
) -> None:
    house, sealed, key = carried_away
    for wrong in (os.urandom(32), b"", key[:-1]):
        with pytest.raises(LockedOut):
            carried(house.archive, sealed, wrong)
    for cut in range(len(sealed)):
        with pytest.raises(LockedOut):
            carried(house.archive, sealed[:cut], key)
    assert house.signer.archive_key not in sealed
    assert house.signer.person_key.private_bytes_raw() not in sealed


@pytest.fixture(scope="module")
def carried_away(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, bytes, bytes]:
    house = build(tmp_path_factory.mktemp("carried") / "archive")
    key = os.urandom(32)
    return house, carry(house.signer, key), key


def test_a_revoked_person_carries_nothing_any_more(house: House) -> None:
    omar, key = _add(house, "Omar"), os.urandom(32)
    sealed = carry(omar, key)
    people.revoke(house.ledger, house.signer, "Omar", "left")
    with pytest.raises(LockedOut):
        carried(house.archive, sealed, key)


def test_an_archive_is_founded_whole_or_not_at_all(tmp_path: Path) -> None:
    place = tmp_path / "أرشيف"
    signer, origin = found(place, "سلمى", PASSPHRASE, CHEAP)
    house = House(place, signer)
    assert house.ledger.origin == origin
    assert house.findings() == []
    assert [p.name for p in tmp_path.iterdir()] == ["أرشيف"]
    with pytest.raises(ArchiveExists):
        found(place, "Omar", PASSPHRASE, CHEAP)
    for keeper, passphrase, refusal in ((" ", b"x", UsageRefused), ("Omar", b"", LockedOut)):
        with pytest.raises(refusal):
            found(tmp_path / "second", keeper, passphrase, CHEAP)
        assert not (tmp_path / "second").exists()


def test_the_last_act_about_people_is_found_without_reading_any(house: House) -> None:
    store = house.ledger.store
    assert store.last_of_types(people.ABOUT_PEOPLE) == 0
    house.tell(3)
    _add(house, "Omar")
    house.tell(2)
    give_clearance(house.ledger, house.signer, "Omar", "sealed", "why")
    house.tell(1)
    assert store.last_of_types(people.ABOUT_PEOPLE) == 7
    assert store.last_of_types(["disclosed"]) == -1


def test_two_keepers_who_revoke_each_other_at_once_leave_one(house: House) -> None:
    _add(house, "Rima", "keeper")
    rima = unlock(house.archive, b"Rima", "Rima")
    refused: list[Exception] = []

    def revoke(signer: Signer, who: str) -> None:
        try:
            people.revoke(house.ledger, signer, who, "no")
        except (NotAllowed, NoSuchThing) as refusal:
            refused.append(refusal)

    both = [Thread(target=revoke, args=each) for each in ((house.signer, "Rima"), (rima, "Salma"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(refused) == 1
    assert len(house.ledger.roster().keepers()) == 1
    assert house.findings() == []


def test_a_key_is_introduced_once(house: House) -> None:
    fresh = people.make_key(
        house.ledger, house.signer.archive_key, "Rima", "reviewer", b"rima", CHEAP
    )
    people.introduce(house.ledger, house.signer, fresh.person_id)
    with pytest.raises(UsageRefused):
        people.introduce(house.ledger, house.signer, fresh.person_id)
    assert house.findings() == []
