"""Fixity of one object: inventory, every digest, what is missing and what should not be there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from dalil.errors import Malformed, Missing, Refusal, UsageRefused
from dalil.vault import ocfl
from dalil.vault.vault import Vault, digests_of

SIDE_FILES = (
    ocfl.OBJECT_NAMASTE[0],
    ocfl.INVENTORY,
    ocfl.SIDECAR,
    f"{ocfl.HEAD}/{ocfl.INVENTORY}",
    f"{ocfl.HEAD}/{ocfl.SIDECAR}",
)
FOLDERS = (ocfl.HEAD, ocfl.CONTENT, f"{ocfl.CONTENT}/seal")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is broken: a path below the archive, and how."""

    where: str
    what: str

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class ObjectCheck:
    """One object read again: whose it is, its original's SHA-256 as read, bytes, faults."""

    item: str | None
    sha256: str | None
    octets: int
    faults: tuple[Fault, ...]


def check_object(vault: Vault, place: Path, root: Path | None = None) -> ObjectCheck:
    """Read every byte of the object at ``place`` and name everything that does not fit.

    ``root`` is the storage root that it stands in, where that is not the vault's own.
    """
    shown = place.relative_to(vault.archive).as_posix()
    try:
        inventory = _inventory(place)
    except Refusal as refusal:
        return ObjectCheck(None, None, 0, (Fault(f"{shown}/{ocfl.INVENTORY}", str(refusal)),))
    faults = list(_side_faults(place, shown))
    if ocfl.place_of(inventory.item) != place.relative_to(root or vault.root).as_posix():
        faults.append(Fault(shown, f"the object of {inventory.item} does not belong here"))
    original, octets = None, 0
    for path, sha512 in sorted(inventory.files.items()):
        try:
            read = digests_of(place / path)
        except (Missing, OSError) as error:
            faults.append(Fault(f"{shown}/{path}", _why(error)))
            continue
        octets += read.length
        if (read.sha512, read.sha256) != (sha512, inventory.sha256[path]):
            faults.append(Fault(f"{shown}/{path}", "its bytes are not those of the inventory"))
        if path == f"{ocfl.CONTENT}/original":
            original = read.sha256
    expected = {*inventory.files, *SIDE_FILES, *FOLDERS}
    faults += [
        Fault(f"{shown}/{path}", "it does not belong here")
        for path in _below(place)
        if path not in expected
    ]
    return ObjectCheck(inventory.item, original, octets, tuple(faults))


def check_root(vault: Vault) -> Iterator[Fault]:
    """Yield what is wrong above the objects: files of the storage root, strays, empty folders."""
    expected = ocfl.root_files()
    for name, data in expected.items():
        file = vault.root / name
        if not file.is_file() or file.read_bytes() != data:
            yield Fault(f"{vault.root.name}/{name}", "it is not what every archive has here")
    folders = {str(Path(name).parent) for name in expected} | {"extensions"}
    places = {p.relative_to(vault.root).as_posix() for p in vault.places()}
    above = {"/".join(p.split("/")[:n]) for p in places for n in range(1, ocfl.TUPLES + 1)}
    for path in _above_objects(vault.root, ocfl.TUPLES + 1):
        if path not in expected and path not in folders | places | above:
            yield Fault(f"{vault.root.name}/{path}", "it does not belong here")


def parse_share(untrusted: str) -> Fraction:
    """Parse ``1/30``.

    Raises:
        UsageRefused: it is no fraction between 0 and 1.

    """
    with suppress(ValueError, ZeroDivisionError):
        share = Fraction(untrusted)
        if 0 < share <= 1:
            return share
    raise UsageRefused(f"--share {untrusted}: a part such as 1/30")


def is_due(name: str, share: Fraction, on: date) -> bool:
    """Return whether ``name`` is in the slice of that day; after a whole round all were."""
    whole, part = share.denominator, share.numerator
    slot = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % whole
    return (slot - on.toordinal() * part) % whole < part


def _inventory(place: Path) -> ocfl.Inventory:
    try:
        raw = (place / ocfl.INVENTORY).read_bytes()
        sidecar = (place / ocfl.SIDECAR).read_bytes()
    except OSError as error:
        raise Missing(_why(error)) from None
    if ocfl.read_sidecar(sidecar) != hashlib.sha512(raw).hexdigest():
        raise Malformed("it is not what its sidecar says")
    return ocfl.read_inventory(raw)


def _side_faults(place: Path, shown: str) -> Iterator[Fault]:
    expected = {ocfl.OBJECT_NAMASTE[0]: ocfl.OBJECT_NAMASTE[1]}
    for name in (ocfl.INVENTORY, ocfl.SIDECAR):
        expected[f"{ocfl.HEAD}/{name}"] = (place / name).read_bytes()
    for name, data in expected.items():
        try:
            if (place / name).read_bytes() != data:
                yield Fault(f"{shown}/{name}", "it is not what it should be")
        except OSError as error:
            yield Fault(f"{shown}/{name}", _why(error))


def _below(place: Path) -> Iterator[str]:
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        kind_fits = path.is_dir() if name in FOLDERS else path.is_file()
        yield name if kind_fits and not path.is_symlink() else f"{name} (of another kind)"


def _above_objects(root: Path, levels: int) -> Iterator[str]:
    folders = [(root, 0)]
    while folders:
        folder, depth = folders.pop()
        for path in sorted(folder.iterdir()):
            yield path.relative_to(root).as_posix()
            if path.is_dir() and not path.is_symlink() and depth + 1 < levels:
                folders.append((path, depth + 1))


def _why(error: Exception) -> str:
    if isinstance(error, (Missing, FileNotFoundError)):
        return "it is not there"
    return f"it cannot be read ({getattr(error, 'strerror', None) or error})"
