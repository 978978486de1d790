"""Digests of bytes: three families at once, streaming."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from blake3 import blake3


def sha256(data: bytes | memoryview) -> bytes:
    """Return the 32-byte SHA-256 of ``data`` (FIPS 180-4)."""
    return hashlib.sha256(data).digest()


@dataclass(frozen=True, slots=True)
class Digests:
    """Length in bytes and lower-case hexadecimal digests of one file."""

    length: int
    sha256: str
    sha512: str
    blake3: str


class Hasher:
    """Take bytes in any portions and give ``Digests`` of all of them."""

    def __init__(self) -> None:
        """Begin with no bytes."""
        self._length = 0
        self._sha256 = hashlib.sha256()
        self._sha512 = hashlib.sha512()
        self._blake3 = blake3()

    def update(self, data: bytes | memoryview) -> None:
        """Add ``data``."""
        self._length += len(data)
        self._sha256.update(data)
        self._sha512.update(data)
        self._blake3.update(data)

    def finish(self) -> Digests:
        """Return the digests of what was added so far."""
        return Digests(
            self._length,
            self._sha256.hexdigest(),
            self._sha512.hexdigest(),
            self._blake3.hexdigest(),
        )
