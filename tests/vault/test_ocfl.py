"""Originals lie as OCFL 1.1 objects: another writer's validator agrees."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.errors import Malformed
from dalil.kernel.digest import Digests, Hasher
from dalil.vault import ocfl
from intake.reception import Reception, drive, open_reception

ITEM = "0123456789abcdef" * 2


def _validator() -> str:
    found = shutil.which("ocfl-validate.py", path=str(Path(sys.executable).parent))
    found = found or shutil.which("ocfl-validate.py")
    assert found, "ocfl-py is in requirements/dev.txt"
    return found


def _validate(*paths: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, _validator(), *map(str, paths)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Reception:
    folder = tmp_path_factory.mktemp("ocfl")
    reception = open_reception(folder / "archive")
    source = drive(folder / "drive", 2)
    (source / "empty").touch()
    reception.takes(source)
    return reception


def test_a_stock_validator_agrees_with_each_object(reception: Reception) -> None:
    places = list(reception.vault.places())
    assert len(places) == 3
    said = _validate(*places)
    assert said.returncode == 0, said.stdout
    assert "[W" not in said.stdout


def test_a_stock_validator_agrees_with_the_storage_root(
    reception: Reception, tmp_path: Path
) -> None:
    root = tmp_path / "originals"
    shutil.copytree(reception.vault.root, root)
    # Its author never taught this validator layout 0004; without the file it still walks it all.
    (root / "ocfl_layout.json").unlink()
    said = _validate(root)
    assert said.returncode == 0, said.stdout + said.stderr


def test_a_stock_validator_notices_what_we_notice(reception: Reception, tmp_path: Path) -> None:
    place = tmp_path / "object"
    shutil.copytree(next(reception.vault.places()), place)
    original = place / "v1/content/original"
    original.chmod(0o644)
    original.write_bytes(original.read_bytes() + b"!")
    assert _validate(place).returncode != 0


def test_the_place_of_an_object_follows_the_registered_layout() -> None:
    digest = hashlib.sha256(b"urn:dalil:item:" + ITEM.encode()).hexdigest()
    assert ocfl.place_of(ITEM) == f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{digest}"


def test_originals_are_written_once(reception: Reception) -> None:
    for place in reception.vault.places():
        for path in place.rglob("*"):
            if path.is_file():
                assert path.stat().st_mode & 0o777 == 0o444, path


def test_paths_are_ascii(reception: Reception) -> None:
    assert all(str(p.relative_to(reception.archive)).isascii() for p in reception.vault.places())


def _inventory() -> bytes:
    hasher = Hasher()
    hasher.update(b"x")
    files: dict[str, Digests] = {"original": hasher.finish(), "seal/units": hasher.finish()}
    return ocfl.inventory_bytes(ITEM, "2026-01-01T00:00:00Z", files)


def test_an_inventory_reads_back() -> None:
    read = ocfl.read_inventory(_inventory())
    assert read.item == ITEM
    assert set(read.files) == {"v1/content/original", "v1/content/seal/units"}


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(head="v2"),
        lambda value: value.update(digestAlgorithm="md5"),
        lambda value: value.update(id="urn:dalil:item:../../x"),
        lambda value: value.pop("manifest"),
        lambda value: value.update(manifest={"0" * 128: ["v1/content/../../../escape"]}),
        lambda value: value.update(manifest=[]),
        lambda value: value["versions"]["v1"]["state"].clear(),
        lambda value: value["fixity"]["sha256"].clear(),
    ],
    ids=["head", "digest", "id", "no manifest", "traversal", "list", "state", "fixity"],
)
def test_an_inventory_of_another_form_is_refused(change: object) -> None:
    value = json.loads(_inventory())
    change(value)  # type: ignore[operator]
    with pytest.raises(Malformed):
        ocfl.read_inventory(json.dumps(value).encode())


@pytest.mark.parametrize("name", ["", "../x", "ABCDEF" * 6, "0" * 31])
def test_what_is_no_item_has_no_place(reception: Reception, name: str) -> None:
    with pytest.raises(Malformed):
        reception.vault.object_path(name)
