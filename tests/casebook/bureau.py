"""A small archive with a casebook, for tests: quick keys, one keeper."""

import os
from dataclasses import dataclass
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

CREATED_AT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Bureau:
    """An archive, its casebook, and who signs."""

    archive: Path
    casebook: Casebook
    signer: Signer


def open_bureau(folder: Path) -> Bureau:
    """Make an archive with one keeper (passphrase ``bureau``) and an empty casebook."""
    archive = folder / "archive"
    plate = make_archive(archive, os.urandom(16).hex(), CREATED_AT)
    signer = create_keys(archive, b"bureau", "Salma", ScryptCost(n=2))
    key = b64url(signer.public_key)
    fields = {"tool": "test", "keeper": "Salma", "person": signer.person_id, "key": key}
    made = Draft("archive-created", {**fields, "time": CREATED_AT}, {"origin": plate.origin})
    Ledger.create(archive, signer).append([made], signer)
    return Bureau(archive, Casebook.open(archive), signer)
