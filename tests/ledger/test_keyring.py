import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Altered, ArchiveExists, LockedOut, Missing, NoSuchThing, Unsupported
from dalil.kernel import canonical
from dalil.kernel.digest import sha256
from dalil.ledger.keyring import (
    Signer,
    add_holder,
    create_keys,
    holders,
    opens_archive,
    recovery_sheet,
    unlock,
)
from dalil.ledger.sheet import ALPHABET, CHECKS, code_of, key_of
from ledger.counting_house import CHEAP, PASSPHRASE, House, build


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build(tmp_path / "archive")


def _secrets(signer: Signer) -> list[bytes]:
    return [
        signer.person_key.private_bytes_raw(),
        signer.archive_ed25519.private_bytes_raw(),
        signer.archive_ml_dsa.private_bytes_raw(),
        signer.item_secret,
        signer.archive_key,
    ]


def test_what_is_unlocked_is_what_was_made(house: House) -> None:
    again = unlock(house.archive, PASSPHRASE)
    assert _secrets(again) == _secrets(house.signer)
    assert (again.person_id, again.person_name, again.role) == (
        house.signer.person_id,
        "Salma",
        "keeper",
    )
    assert {len(secret) for secret in _secrets(again)} == {32}
    assert len(set(_secrets(again))) == 5


def test_another_passphrase_opens_nothing(house: House) -> None:
    for wrong in (b"", b"x", PASSPHRASE + b" ", PASSPHRASE[:-1]):
        with pytest.raises(LockedOut):
            unlock(house.archive, wrong)


def test_no_secret_lies_plain_on_the_disk_or_in_a_text(house: House) -> None:
    kept = b"".join(p.read_bytes() for p in house.archive.rglob("*") if p.is_file())
    shown = repr(house.signer).encode()
    for secret in [*_secrets(house.signer), PASSPHRASE]:
        for form in (secret, secret.hex().encode(), canonical.encode(secret.hex())):
            assert form not in kept
            assert form not in shown


def test_key_files_are_for_their_owner_only(house: House) -> None:
    keys = house.archive / "keys"
    for path in keys.rglob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_bytes() == canonical.encode(json.loads(path.read_bytes()))
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


def test_keys_are_never_made_twice(house: House) -> None:
    with pytest.raises(ArchiveExists):
        create_keys(house.archive, b"y", "Omar", CHEAP)


def test_where_several_people_are_one_must_be_named(house: House) -> None:
    add_holder(house.archive, house.signer.archive_key, b"o", "Omar", "archivist", CHEAP)
    with pytest.raises(NoSuchThing):
        unlock(house.archive, PASSPHRASE)
    with pytest.raises(NoSuchThing):
        unlock(house.archive, PASSPHRASE, "Nobody")
    assert unlock(house.archive, b"o", "Omar").role == "archivist"
    assert unlock(house.archive, PASSPHRASE, house.signer.person_id).person_name == "Salma"
    assert [holder.name for holder in holders(house.archive)] == ["Omar", "Salma"]


def test_a_role_that_was_written_over_opens_nothing(house: House) -> None:
    add_holder(house.archive, house.signer.archive_key, b"o", "Omar", "archivist", CHEAP)
    [path] = [
        p
        for p in (house.archive / "keys" / "people").iterdir()
        if b"Omar" in p.read_bytes()
    ]  # fmt: skip
    value = json.loads(path.read_bytes())
    value["role"] = "keeper"
    path.write_bytes(canonical.encode(value))
    with pytest.raises(Altered):
        unlock(house.archive, b"o", "Omar")
    del value["sha256"]
    value["sha256"] = sha256(canonical.encode(value)).hex()
    path.write_bytes(canonical.encode(value))
    with pytest.raises(LockedOut):
        unlock(house.archive, b"o", "Omar")


def test_a_key_file_cannot_ask_for_all_the_memory(house: House) -> None:
    [path] = (house.archive / "keys" / "people").iterdir()
    for n, r, p in ((1 << 40, 8, 1), (1 << 14, 1 << 20, 1), (3, 8, 1), (0, 8, 1), (2, 0, 1)):
        value = json.loads(path.read_bytes())
        value["kdf"] |= {"n": n, "r": r, "p": p}
        del value["sha256"]
        value["sha256"] = sha256(canonical.encode(value)).hex()
        path.write_bytes(canonical.encode(value))
        with pytest.raises(Unsupported):
            unlock(house.archive, PASSPHRASE)


@pytest.mark.parametrize("kdf", [7, {"name": "scrypt"}, {"name": "md5"}, {}, None])
def test_a_key_file_of_another_form_is_refused_in_our_words(house: House, kdf: object) -> None:
    [path] = (house.archive / "keys" / "people").iterdir()
    value = json.loads(path.read_bytes()) | {"kdf": kdf}
    del value["sha256"]
    value["sha256"] = sha256(canonical.encode(value)).hex()
    path.write_bytes(canonical.encode(value))
    with pytest.raises(Unsupported):
        unlock(house.archive, PASSPHRASE)


def test_lost_archive_keys_are_said_to_be_missing(house: House) -> None:
    (house.archive / "keys" / "archive.json").unlink()
    with pytest.raises(Missing):
        unlock(house.archive, PASSPHRASE)


def test_the_sheet_opens_the_archive_and_no_other(house: House, tmp_path: Path) -> None:
    sheet = recovery_sheet(house.signer, house.archive)
    opens_archive(house.archive, key_of(sheet.code))
    with pytest.raises(LockedOut):
        opens_archive(build(tmp_path / "other").archive, key_of(sheet.code))
    for lang, word in (("en", "RECOVERY SHEET"), ("ar", "ورقة الاستعادة")):
        text = sheet.text(lang)
        assert word in text
        assert all(group in text for group in sheet.code.split(" "))
    assert sheet.code not in repr(sheet)


@given(st.binary(min_size=32, max_size=32))
def test_a_key_comes_back_from_paper(key: bytes) -> None:
    code = code_of(key)
    assert key_of(code) == key
    sloppy = code.lower().replace("0", "o").replace("1", "l").replace(" ", "\n - ")
    assert key_of(sloppy) == key


@given(st.binary(min_size=32, max_size=32), st.data())
def test_one_mistyped_character_is_noticed_and_its_group_named(
    key: bytes, data: st.DataObject
) -> None:
    code = code_of(key)
    at = data.draw(st.sampled_from([i for i, c in enumerate(code) if c != " "]))
    other = data.draw(st.sampled_from([c for c in CHECKS if c != code[at]]))
    with pytest.raises(LockedOut, match=f"group {code[:at].count(' ') + 1} "):
        key_of(code[:at] + other + code[at + 1 :])


def test_two_groups_that_swapped_places_are_noticed() -> None:
    groups = code_of(os.urandom(31) + b"\1").split(" ")
    if groups[3] != groups[4]:
        groups[3], groups[4] = groups[4], groups[3]
        with pytest.raises(LockedOut, match="group 4"):
            key_of(" ".join(groups))


def test_the_sheet_of_a_known_key_is_always_the_same() -> None:
    assert code_of(bytes(range(32))) == (
        "000GG 40R49 0M30~ E209U 185GD R38ET 1W81Z 24GKM 2GAHB C5RRA 34D1W P70X0 3RFG7"
    )
    assert code_of(b"\0" * 32).split(" ") == [
        f"0000{CHECKS[(number << 20) % 37]}" for number in range(13)
    ]
    assert set(ALPHABET) & set("ILOU") == set()
