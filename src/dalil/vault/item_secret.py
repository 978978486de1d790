"""The secret of one sealing at rest: AES-256-GCM under the archive's item secret."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dalil.errors import LockedOut
from dalil.kernel.salt import KEY_BYTES, ROOT_ID_BYTES, SealSecret

NONCE_BYTES = 12


def close(secret: SealSecret, item: str, key: bytes) -> bytes:
    """Return nonce (12 bytes) and what it closes, with the item's id as associated data."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, secret.key + secret.root_id, item.encode("ascii"))


def open_closed(untrusted: bytes, item: str, key: bytes) -> SealSecret:
    """Return the secret of an item's seal.

    Raises:
        LockedOut: it was closed under another key or for another item, or is not what it was.

    """
    nonce, closed = untrusted[:NONCE_BYTES], untrusted[NONCE_BYTES:]
    try:
        plain = AESGCM(key).decrypt(nonce, closed, item.encode("ascii"))
    except (InvalidTag, ValueError):
        raise LockedOut(f"the secret of item {item}") from None
    if len(plain) != KEY_BYTES + ROOT_ID_BYTES:
        raise LockedOut(f"the secret of item {item}")
    return SealSecret(plain[:KEY_BYTES], plain[KEY_BYTES:])
