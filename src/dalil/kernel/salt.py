"""Salts of one sealing, drawn from one secret (spec/seal.md, "Salts")."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

DOMAIN = b"dalil/seal/v1\0"
KEY_BYTES = 32
ROOT_ID_BYTES = 16
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class SealSecret:
    """A fresh 32-byte key and a 16-byte root id; whoever holds both can rebuild every salt."""

    key: bytes = field(repr=False)
    root_id: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse other lengths: a short key would be guessable."""
        if len(self.key) != KEY_BYTES or len(self.root_id) != ROOT_ID_BYTES:
            message = "a seal secret is 32 bytes of key and 16 bytes of root id"
            raise ValueError(message)

    def draw(self, kind: str, stream: int, j: int, length: int) -> bytes:
        """Return ``length`` bytes of SHAKE-256 (FIPS 202) for this place, used nowhere else."""
        name = kind.encode("ascii")
        place = b"%c%s%s%s" % (len(name), name, stream.to_bytes(4, "big"), j.to_bytes(8, "big"))
        return hashlib.shake_256(DOMAIN + self.key + self.root_id + place).digest(length)
