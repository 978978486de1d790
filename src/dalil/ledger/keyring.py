"""The keys of an archive at rest, and unlocked (spec/custody.md, "Keys")."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from dalil.engines.files import make_folders, write_durably
from dalil.errors import (
    Altered,
    ArchiveExists,
    LockedOut,
    Malformed,
    Missing,
    NoSuchThing,
    Unsupported,
)
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.digest import sha256
from dalil.kernel.disclosure import b64url, from_b64url
from dalil.ledger.sheet import RecoverySheet, code_of
from dalil.vault.archive import read_plate

FORMAT = 1
CIPHER = "ChaCha20-Poly1305"
KEEPER = "keeper"
GUEST_READER, MACHINE = "guest-reader", "machine"
ROLES = (
    KEEPER, "archivist", "reviewer", "investigator", "lawyer", "lead", GUEST_READER, MACHINE,
)  # fmt: skip
HOLDER_FIELDS = ("person", "name", "role", "public_key")
SEED, PERSON, NONCE = 32, 16, 12
CARRIED = b"dalil/carried/v1\0"
PRIVATE = 0o600
MAX_FILE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """How dear one guess of a passphrase is (RFC 7914): 128 MiB and about 0.4 s by default."""

    n: int = 1 << 17
    r: int = 8
    p: int = 1


COST = ScryptCost()
MAX_COST = ScryptCost(1 << 20, 16, 4)


@dataclass(frozen=True, slots=True)
class Signer:
    """An unlocked person: their own key, the archive's two keys, the secret of all items."""

    person_id: str
    person_name: str
    role: str
    person_key: Ed25519PrivateKey = field(repr=False)
    archive_ed25519: Ed25519PrivateKey = field(repr=False)
    archive_ml_dsa: MLDSA44PrivateKey = field(repr=False)
    item_secret: bytes = field(repr=False)
    archive_key: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The person's public key, 32 bytes."""
        return self.person_key.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The open part of a person's key file."""

    person_id: str
    name: str
    role: str
    public_key: bytes


def create_keys(
    archive: Path, passphrase: bytes, keeper_name: str, cost: ScryptCost = COST
) -> Signer:
    """Make the archive's keys and its first keeper's, sealed under the passphrase.

    Raises:
        ArchiveExists: there are keys already.

    """
    place = archive / "keys" / "archive.json"
    if place.exists():
        raise ArchiveExists(str(place))
    make_folders(archive / "keys" / "people")
    (archive / "keys").chmod(0o700)
    archive_key = ChaCha20Poly1305.generate_key()
    head: dict[str, Json] = {"format": FORMAT, "archive": read_plate(archive).id}
    _write(place, _closed(head, archive_key, os.urandom(3 * SEED)))
    return add_holder(archive, archive_key, passphrase, keeper_name, KEEPER, cost)


def add_holder(
    archive: Path,
    archive_key: bytes,
    passphrase: bytes,
    name: str,
    role: str,
    cost: ScryptCost = COST,
) -> Signer:
    """Make a new person's key file; the act that introduces the person is `people.add`'s."""
    if not passphrase:
        raise LockedOut("an empty passphrase")
    seed = os.urandom(SEED)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    holder = KeyHolder(os.urandom(PERSON).hex(), name, role, public)
    _write_holder(archive, holder, seed + archive_key, passphrase, cost)
    return _signer(archive, archive_key, holder, seed)


def unlock(archive: Path, passphrase: bytes, who: str | None = None) -> Signer:
    """Unlock a person's key; ``who`` is their id or name, None where there is one person.

    Raises:
        LockedOut: another passphrase. NoSuchThing: no such person, or it is not said which.
        Altered: a key file is not what it was.

    """
    holder = _find(archive, who)
    value = _read(holder_path(archive, holder.person_id))
    opened = _opened(value, _stretch(passphrase, *_kdf(value)), holder.name, 2 * SEED)
    return _signer(archive, opened[SEED:], holder, opened[:SEED])


def change_passphrase(
    archive: Path, who: str, old: bytes, new: bytes, cost: ScryptCost = COST
) -> Signer:
    """Seal a person's key file anew, under another passphrase; the key stays the same.

    Raises:
        LockedOut: ``old`` does not open it, or ``new`` is empty. NoSuchThing: no such person.

    """
    if not new:
        raise LockedOut("an empty passphrase")
    signer = unlock(archive, old, who)
    holder = KeyHolder(signer.person_id, signer.person_name, signer.role, signer.public_key)
    seed = signer.person_key.private_bytes_raw()
    _write_holder(archive, holder, seed + signer.archive_key, new, cost)
    return signer


def carry(signer: Signer, key: bytes) -> bytes:
    """Seal an unlocked key under ``key`` (32 random bytes), to be opened again by ``carried``.

    For as long as somebody stays: one holds the sealed bytes, somebody else the key to them.
    """
    nonce, whose = os.urandom(NONCE), bytes.fromhex(signer.person_id)
    secret = signer.person_key.private_bytes_raw() + signer.archive_key
    return whose + nonce + ChaCha20Poly1305(key).encrypt(nonce, secret, CARRIED + whose)


def carried(archive: Path, sealed: bytes, key: bytes) -> Signer:
    """Open what ``carry`` sealed.

    Raises:
        LockedOut: another key, other bytes, or somebody who has no key file here any more.
        Altered: a key file is not what it was.

    """
    whose, nonce, rest = sealed[:PERSON], sealed[PERSON : PERSON + NONCE], sealed[PERSON + NONCE :]
    try:
        opened = ChaCha20Poly1305(key).decrypt(nonce, rest, CARRIED + whose)
        holder = _find(archive, whose.hex())
    except (InvalidTag, ValueError, NoSuchThing):
        raise LockedOut("the key that was unlocked before") from None
    return _signer(archive, opened[SEED:], holder, opened[:SEED])


def holders(archive: Path) -> Iterator[KeyHolder]:
    """Yield whoever has a key file here, by name.

    Raises:
        Altered: a key file is not what it was.

    """
    found = []
    for path in sorted((archive / "keys" / "people").glob("*.json")):
        value = _read(path)
        person, name, role, key = (str(value.get(each)) for each in HOLDER_FIELDS)
        if person != path.stem:
            raise Altered(str(path))
        found.append(KeyHolder(person, name, role, from_b64url(key)))
    yield from sorted(found, key=lambda holder: (holder.name, holder.person_id))


def holder_path(archive: Path, person_id: str) -> Path:
    """Return where a person's key file is."""
    return archive / "keys" / "people" / f"{person_id}.json"


def recovery_sheet(signer: Signer, archive: Path) -> RecoverySheet:
    """Return the sheet that opens the archive's keys without any passphrase."""
    plate = read_plate(archive)
    return RecoverySheet(
        plate.origin, signer.person_name, str(archive), code_of(signer.archive_key)
    )


def opens_archive(archive: Path, archive_key: bytes) -> None:
    """Raise LockedOut where ``archive_key`` is not this archive's."""
    _archive_secrets(archive, archive_key)


def broken_key_files(archive: Path) -> Iterator[str]:
    """Yield the path below the archive of each key file that is not what it was."""
    paths = [archive / "keys" / "archive.json", *sorted((archive / "keys" / "people").glob("*"))]
    for path in paths:
        try:
            _read(path)
        except (Altered, Missing):
            yield str(path.relative_to(archive))


def _find(archive: Path, who: str | None) -> KeyHolder:
    found = [h for h in holders(archive) if who in (None, h.person_id, h.name)]
    if len(found) == 1:
        return found[0]
    if who is None and found:
        raise NoSuchThing("several people have a key here: set DALIL_KEY to a name or an id")
    raise NoSuchThing(f"no one key of {who}" if who else "nobody has a key here")


def _signer(archive: Path, archive_key: bytes, holder: KeyHolder, seed: bytes) -> Signer:
    secrets = _archive_secrets(archive, archive_key)
    return Signer(
        holder.person_id,
        holder.name,
        holder.role,
        Ed25519PrivateKey.from_private_bytes(seed),
        Ed25519PrivateKey.from_private_bytes(secrets[:SEED]),
        MLDSA44PrivateKey.from_seed_bytes(secrets[SEED : 2 * SEED]),
        secrets[2 * SEED :],
        archive_key,
    )


def _write_holder(
    archive: Path, holder: KeyHolder, secret: bytes, passphrase: bytes, cost: ScryptCost
) -> None:
    salt = os.urandom(16)
    head: dict[str, Json] = {
        "format": FORMAT,
        "archive": read_plate(archive).id,
        "person": holder.person_id,
        "name": holder.name,
        "role": holder.role,
        "public_key": b64url(holder.public_key),
        "kdf": {"name": "scrypt", "n": cost.n, "r": cost.r, "p": cost.p, "salt": b64url(salt)},
    }
    sealed = _closed(head, _stretch(passphrase, salt, cost), secret)
    _write(holder_path(archive, holder.person_id), sealed)


def _archive_secrets(archive: Path, archive_key: bytes) -> bytes:
    return _opened(_read(archive / "keys" / "archive.json"), archive_key, "archive", 3 * SEED)


def _closed(head: dict[str, Json], key: bytes, secret: bytes) -> dict[str, Json]:
    nonce = os.urandom(NONCE)
    head = {**head, "cipher": CIPHER, "nonce": b64url(nonce)}
    sealed = ChaCha20Poly1305(key).encrypt(nonce, secret, canonical.encode(head))
    return {**head, "sealed": b64url(sealed)}


def _opened(value: dict[str, Json], key: bytes, whose: str, length: int) -> bytes:
    head = {name: each for name, each in value.items() if name not in ("sealed", "sha256")}
    if value.get("format") != FORMAT or value.get("cipher") != CIPHER:
        raise Unsupported(f"the key file of {whose}")
    try:
        nonce, sealed = (from_b64url(str(value.get(name))) for name in ("nonce", "sealed"))
        secret = ChaCha20Poly1305(key).decrypt(nonce, sealed, canonical.encode(head))
    except (InvalidTag, ValueError):
        raise LockedOut(whose) from None
    if len(secret) != length:
        raise Altered(f"the key file of {whose}")
    return secret


def _kdf(value: dict[str, Json]) -> tuple[bytes, ScryptCost]:
    kdf = value.get("kdf")
    if not isinstance(kdf, dict) or kdf.get("name") != "scrypt":
        raise Unsupported("a key file with another way from passphrase to key")
    if not all(isinstance(kdf.get(name), int) for name in ("n", "r", "p")):
        raise Unsupported("a key file with another way from passphrase to key")
    cost = ScryptCost(kdf["n"], kdf["r"], kdf["p"])
    dear = cost.n > MAX_COST.n or cost.r > MAX_COST.r or cost.p > MAX_COST.p
    if dear or cost.n < 2 or cost.n & (cost.n - 1) or min(cost.r, cost.p) < 1:  # noqa: PLR2004
        raise Unsupported("a key file that asks for too much memory")
    return from_b64url(str(kdf.get("salt"))), cost


def _stretch(passphrase: bytes, salt: bytes, cost: ScryptCost) -> bytes:
    return Scrypt(salt=salt, length=SEED, n=cost.n, r=cost.r, p=cost.p).derive(passphrase)


def _write(path: Path, value: dict[str, Json]) -> None:
    # The digest shows a damaged disk without the passphrase; whoever means harm can rewrite it,
    # and then the file no longer opens.
    value = {**value, "sha256": sha256(canonical.encode(value)).hex()}
    write_durably(path, canonical.encode(value), PRIVATE)


def _read(path: Path) -> dict[str, Json]:
    try:
        value = canonical.decode(path.read_bytes(), MAX_FILE_BYTES)
    except FileNotFoundError:
        raise Missing(str(path)) from None
    except (Malformed, OSError):
        raise Altered(str(path)) from None
    if not isinstance(value, dict):
        raise Altered(str(path))
    rest = {name: each for name, each in value.items() if name != "sha256"}
    if not hmac.compare_digest(str(value.get("sha256")), sha256(canonical.encode(rest)).hex()):
        raise Altered(str(path))
    return value
