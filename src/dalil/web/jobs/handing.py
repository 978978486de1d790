"""A person's key on its way to the process that works for them: through a pipe, nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

from dalil.ledger.keyring import Signer, carried, carry

KEY_BYTES = 32


def handed_over(signer: Signer) -> bytes:
    """Return a signer as bytes for the pipe."""
    key = os.urandom(KEY_BYTES)
    return key + carry(signer, key)


def received(archive: Path, given: bytes) -> Signer:
    """Return the signer that came through the pipe.

    Raises:
        LockedOut: these bytes are no signer of this archive.

    """
    return carried(archive, given[KEY_BYTES:], given[:KEY_BYTES])
