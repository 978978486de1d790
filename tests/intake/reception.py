"""A small archive at whose door files arrive, made of the real parts."""

from __future__ import annotations

import random
import stat
from dataclasses import dataclass
from pathlib import Path

from dalil.intake.accession import TAKEN_IN, ItemReceipt, Receipt, receipt_of
from dalil.intake.audit import ArchiveCheck, check_archive
from dalil.intake.take_in import Options, take_in
from dalil.intake.telling import Hop
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Ledger
from dalil.vault.vault import Vault
from ledger.counting_house import build

QUICKLY = Options(tiles=False)


@dataclass(frozen=True, slots=True)
class Reception:
    """The archive and its keeper."""

    archive: Path
    signer: Signer

    @property
    def vault(self) -> Vault:
        """The originals, opened anew."""
        return Vault.open(self.archive)

    @property
    def ledger(self) -> Ledger:
        """The acts, opened anew."""
        return Ledger.open(self.archive)

    def takes(self, *paths: Path, telling: tuple[Hop, ...] = ()) -> Receipt:
        """Take files in, without tiles."""
        return take_in(self.archive, paths, self.signer, telling, QUICKLY)

    def receipts(self) -> list[ItemReceipt]:
        """Return what the acts say was taken in."""
        return [receipt_of(entry.act.opened()) for entry in self.ledger.acts(TAKEN_IN)]

    def checked(self) -> ArchiveCheck:
        """Check everything."""
        return check_archive(self.archive, afresh=True)


def open_reception(archive: Path) -> Reception:
    """Make an empty archive."""
    house = build(archive)
    Vault.create(archive)
    return Reception(archive, house.signer)


def drive(folder: Path, files: int, seed: int = 1) -> Path:
    """Fill a folder with small files of different bytes."""
    folder.mkdir()
    chance = random.Random(seed)
    for number in range(files):
        (folder / f"{number:03d}.bin").write_bytes(chance.randbytes(2000 + 37 * number))
    return folder


def state_of(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what a source's files look like to whoever asks whether they were touched."""
    return {
        str(path): (of.st_mode, of.st_size, of.st_mtime_ns, of.st_ctime_ns, of.st_atime_ns)
        for path in sorted(folder.rglob("*"))
        if not stat.S_ISDIR((of := path.lstat()).st_mode)
    }
