"""One object checked: whatever is changed, missing or added is named."""

import random
import shutil
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from dalil.errors import LockedOut, Missing, UsageRefused
from dalil.vault.fixity import check_object, check_root, is_due, parse_share
from dalil.vault.vault import Vault
from intake.reception import Reception, drive, open_reception


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Reception:
    folder = tmp_path_factory.mktemp("fixity")
    reception = open_reception(folder / "archive")
    reception.takes(drive(folder / "drive", 1))
    return reception


@pytest.fixture
def vault(sound: Reception, tmp_path: Path) -> Vault:
    shutil.copytree(sound.archive, tmp_path / "archive")
    return Vault.open(tmp_path / "archive")


def _faults(vault: Vault) -> list[str]:
    objects = [fault for place in vault.places() for fault in check_object(vault, place).faults]
    return [str(each) for each in (*objects, *check_root(vault))]


def test_a_sound_object_has_no_fault(vault: Vault) -> None:
    assert _faults(vault) == []


def test_a_flipped_bit_in_any_file_is_named(vault: Vault) -> None:
    [place] = vault.places()
    chance = random.Random(3)
    files = [path for path in sorted(vault.root.rglob("*")) if path.is_file()]
    assert len(files) > 12
    for path in files:
        whole = path.read_bytes()
        if not whole:
            continue
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.chmod(0o644)
        path.write_bytes(changed)
        named = path.relative_to(vault.archive).as_posix()
        beside = str(Path(named).parent)
        found = _faults(vault)
        assert any(f.startswith((named, f"{beside}/inventory.json")) for f in found), named
        path.write_bytes(whole)
    assert check_object(vault, place).faults == ()


def test_a_missing_file_is_named(vault: Vault) -> None:
    [place] = vault.places()
    (place / "v1/content/seal/units").unlink()
    assert [f.split(": ")[1] for f in _faults(vault)] == ["it is not there"]


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_a_stray_is_named_wherever_it_lies(vault: Vault, kind: str) -> None:
    [place] = vault.places()
    for folder in (vault.root, place.parent, place, place / "v1/content/seal"):
        stray = folder / "stray"
        if kind == "file":
            stray.touch()
        elif kind == "folder":
            stray.mkdir()
        else:
            stray.symlink_to("/")
        assert any("stray" in f for f in _faults(vault)), stray
        if kind == "folder":
            stray.rmdir()
        else:
            stray.unlink()


def test_a_table_that_is_only_a_link_is_named(vault: Vault) -> None:
    [place] = vault.places()
    units = place / "v1/content/seal/units"
    units.rename(vault.archive / "elsewhere")
    units.symlink_to(vault.archive / "elsewhere")
    assert any("units" in f for f in _faults(vault))


def test_an_object_in_a_wrong_place_is_named(vault: Vault) -> None:
    [place] = vault.places()
    place.rename(place.with_name("f" * 64))
    assert any("does not belong here" in f for f in _faults(vault))


def test_what_is_not_there_is_missing(vault: Vault) -> None:
    with pytest.raises(Missing):
        vault.original("0" * 32)


def test_the_original_opens_for_reading_only(vault: Vault) -> None:
    [item] = vault.items()
    with vault.original(item) as original, pytest.raises(OSError, match="write"):
        original.write(b"x")


def test_a_secret_opens_only_for_its_item_and_key(vault: Vault, sound: Reception) -> None:
    [item] = vault.items()
    assert vault.secret(item, sound.signer.item_secret).root_id
    with pytest.raises(LockedOut):
        vault.secret(item, bytes(32))


def test_a_secret_moved_to_another_item_stays_closed(tmp_path: Path) -> None:
    reception = open_reception(tmp_path / "archive")
    reception.takes(drive(tmp_path / "drive", 2))
    one, other = reception.vault.items()
    theirs = reception.vault.tables(one) / "secret"
    ours = reception.vault.tables(other) / "secret"
    ours.chmod(0o644)
    ours.write_bytes(theirs.read_bytes())
    with pytest.raises(LockedOut):
        reception.vault.secret(other, reception.signer.item_secret)


@pytest.mark.parametrize("share", ["1/30", "2/7", "1/1", "3/10"])
def test_a_round_of_slices_reads_each_object(share: str) -> None:
    part = parse_share(share)
    names = [f"{n:064x}" for n in range(300)]
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(part.denominator)]
    seen = {name: sum(is_due(name, part, day) for day in days) for name in names}
    assert set(seen.values()) == {part.numerator}


def test_a_slice_is_about_its_share() -> None:
    names = [f"{n:064x}" for n in range(3000)]
    due = sum(is_due(name, Fraction(1, 30), date(2026, 5, 3)) for name in names)
    assert 60 < due < 150


@pytest.mark.parametrize("untrusted", ["0", "2", "-1/3", "1/0", "x", ""])
def test_what_is_no_part_is_refused(untrusted: str) -> None:
    with pytest.raises(UsageRefused):
        parse_share(untrusted)
