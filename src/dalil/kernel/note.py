"""C2SP signed-note: a text, an empty line, signature lines; here for tree checkpoints only."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from dalil.errors import Malformed, SignatureBroken, Unsupported
from dalil.kernel.checkpoint import Checkpoint, checkpoint_text, parse_checkpoint
from dalil.kernel.digest import sha256

ED25519 = 0x01
ML_DSA_44 = 0x06
ED25519_KEY_BYTES, ML_DSA_KEY_BYTES, ML_DSA_SIGNATURE_BYTES = 32, 1312, 2420
MAX_NOTE_BYTES = 1 << 20
NAME = re.compile(r"[^\s+]{1,255}")
DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name: ``<name>+<key id, 8 hex>+<base64 of type byte ‖ key>``."""

    name: str
    algorithm: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256(name ‖ LF ‖ type byte ‖ key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.key)[:4]

    def __str__(self) -> str:
        """Return the line in which verifier keys are handed on."""
        body = base64.b64encode(bytes([self.algorithm]) + self.key).decode("ascii")
        return f"{self.name}+{self.key_id.hex()}+{body}"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line ``— name base64(key id ‖ signature)``."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        """Return the line without its end."""
        body = base64.b64encode(self.key_id + self.signature).decode("ascii")
        return f"{DASH} {self.name} {body}"


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and all its signature lines, witnesses' among them."""

    checkpoint: Checkpoint
    signatures: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        """Return the note."""
        return checkpoint_text(self.checkpoint) + "\n" + "".join(f"{s}\n" for s in self.signatures)


def parse_vkey(untrusted: str) -> VerifierKey:
    """Parse one verifier key strictly.

    Raises:
        Malformed: another form. Unsupported: an algorithm that is not 0x01 or 0x06.

    """
    name, _, rest = untrusted.partition("+")
    key_id, _, body = rest.partition("+")
    raw = _from_base64(body)
    if not NAME.fullmatch(name) or not raw:
        raise Malformed("this is not a verifier key")
    length = {ED25519: ED25519_KEY_BYTES, ML_DSA_44: ML_DSA_KEY_BYTES}.get(raw[0])
    if length is None:
        raise Unsupported(f"a key of type {raw[0]:#04x}")
    key = VerifierKey(name, raw[0], raw[1:])
    if len(key.key) != length or key.key_id.hex() != key_id:
        raise Malformed("a verifier key whose id or length does not fit")
    return key


def parse_note(untrusted: str) -> SignedCheckpoint:
    """Parse a signed checkpoint strictly; signatures are checked by ``check_note``.

    Raises:
        Malformed: another form.

    """
    head, separator, tail = untrusted.rpartition("\n\n")
    if len(untrusted) > MAX_NOTE_BYTES or not separator or not tail.endswith("\n"):
        raise Malformed("this is not a signed checkpoint")
    lines = tuple(map(_parse_line, tail[:-1].split("\n")))
    note = SignedCheckpoint(parse_checkpoint(head + "\n"), lines)
    if str(note) != untrusted:
        raise Malformed("this signed checkpoint is not in its one form")
    return note


def check_note(note: SignedCheckpoint, key: VerifierKey) -> int | None:
    """Check the signature of ``key``; return its time stamp (Unix seconds) where it has one.

    Raises:
        SignatureBroken: there is none by this key, or it does not hold.

    """
    for line in note.signatures:
        if line.name == key.name and line.key_id == key.key_id:
            return _check_line(note.checkpoint, key, line.signature)
    raise SignatureBroken(f"of {key.name}: there is none on the checkpoint")


def sign_checkpoint(
    checkpoint: Checkpoint,
    ed25519: Ed25519PrivateKey,
    ml_dsa: MLDSA44PrivateKey,
    unix_time: int,
) -> SignedCheckpoint:
    """Sign a checkpoint under its origin's name with both algorithms of an archive."""
    keys = vkeys_of(checkpoint.origin, ed25519, ml_dsa)
    message = cosigned_message(checkpoint.origin, unix_time, checkpoint)
    signatures = (
        ed25519.sign(checkpoint_text(checkpoint).encode()),
        unix_time.to_bytes(8, "big") + ml_dsa.sign(message),
    )
    return SignedCheckpoint(
        checkpoint,
        tuple(
            SignatureLine(checkpoint.origin, key.key_id, signature)
            for key, signature in zip(keys, signatures, strict=True)
        ),
    )


def vkeys_of(
    origin: str, ed25519: Ed25519PrivateKey, ml_dsa: MLDSA44PrivateKey
) -> tuple[VerifierKey, VerifierKey]:
    """Return the two verifier keys of an archive, Ed25519 first."""
    return (
        VerifierKey(origin, ED25519, ed25519.public_key().public_bytes_raw()),
        VerifierKey(origin, ML_DSA_44, ml_dsa.public_key().public_bytes_raw()),
    )


def cosigned_message(name: str, unix_time: int, checkpoint: Checkpoint) -> bytes:
    """Return what ML-DSA-44 signs (C2SP tlog-cosignature, ``cosigned_message``)."""
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(cosigner)]),
            cosigner,
            unix_time.to_bytes(8, "big"),
            bytes([len(origin)]),
            origin,
            (0).to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _check_line(checkpoint: Checkpoint, key: VerifierKey, signature: bytes) -> int | None:
    try:
        if key.algorithm == ED25519:
            text = checkpoint_text(checkpoint).encode()
            Ed25519PublicKey.from_public_bytes(key.key).verify(signature, text)
            return None
        if len(signature) != 8 + ML_DSA_SIGNATURE_BYTES:
            raise SignatureBroken(f"of {key.name}")
        unix_time = int.from_bytes(signature[:8], "big")
        message = cosigned_message(key.name, unix_time, checkpoint)
        MLDSA44PublicKey.from_public_bytes(key.key).verify(signature[8:], message)
    except (InvalidSignature, ValueError):
        raise SignatureBroken(f"of {key.name} on the checkpoint") from None
    return unix_time


def _parse_line(untrusted: str) -> SignatureLine:
    words = untrusted.split(" ")
    if len(words) != 3 or words[0] != DASH or not NAME.fullmatch(words[1]):  # noqa: PLR2004
        raise Malformed("a signature line is dash, name, base64")
    raw = _from_base64(words[2])
    if len(raw) <= 4:  # noqa: PLR2004 - the key id alone
        raise Malformed("a signature line without a signature")
    return SignatureLine(words[1], raw[:4], raw[4:])


def _from_base64(untrusted: str) -> bytes:
    try:
        return base64.b64decode(untrusted.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Malformed("this is not base64") from None


def check_all(note: SignedCheckpoint, keys: Sequence[VerifierKey]) -> int | None:
    """Check the signatures of all ``keys``; return the last time stamp among them."""
    stamps = [check_note(note, key) for key in keys]
    return max((stamp for stamp in stamps if stamp is not None), default=None)
