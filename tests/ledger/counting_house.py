"""A small archive with acts in its log, made of the real parts."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from dalil.kernel.disclosure import b64url
from dalil.ledger.check import Finding
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

CHEAP = ScryptCost(n=2)
PASSPHRASE = "مفتاح الدار".encode()


@dataclass(frozen=True, slots=True)
class House:
    """The archive and its first keeper, Salma."""

    archive: Path
    signer: Signer

    @property
    def ledger(self) -> Ledger:
        """The ledger, opened anew."""
        return Ledger.open(self.archive)

    def tell(self, count: int, accession: str = "a") -> None:
        """Append so many acts in one batch."""
        self.ledger.append(tellings(count, accession), self.signer)

    def findings(self) -> list[Finding]:
        """Return what a check finds broken."""
        return list(self.ledger.check().findings)

    def copied(self, folder: Path) -> House:
        """Return the same archive elsewhere."""
        shutil.copytree(self.archive, folder)
        return House(folder, self.signer)

    def sql(self, *statements: str) -> None:
        """Do to the rows what somebody with the disk in hand can do."""
        with sqlite3.connect(self.archive / "acts.sqlite") as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()


def tellings(count: int, accession: str = "a") -> list[Draft]:
    """Return drafts of acts."""
    return [Draft("told", {"accession": accession, "hop": i, "who": "سلمى"}) for i in range(count)]


def build(archive: Path, acts: int = 0) -> House:
    """Make an archive with one keeper and so many acts beside the first."""
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, PASSPHRASE, "Salma", CHEAP)
    fields = {
        "time": plate.created_at,
        "tool": "test",
        "keeper": "Salma",
        "person": signer.person_id,
        "key": b64url(signer.public_key),
    }
    drafts = [Draft("archive-created", dict(fields), {"origin": plate.origin}), *tellings(acts)]
    Ledger.create(archive, signer).append(drafts, signer)
    return House(archive, signer)
