"""An archive and its first keeper, whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from dalil import __version__
from dalil.engines.files import rename_durably
from dalil.errors import ArchiveExists, UsageRefused
from dalil.kernel.canonical import Json
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import COST, ScryptCost, Signer, create_keys
from dalil.ledger.ledger import TIME_FORM, Draft, Ledger
from dalil.ledger.people import CREATED
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault


def found(
    archive: Path, keeper: str, passphrase: bytes, cost: ScryptCost = COST
) -> tuple[Signer, str]:
    """Build an archive beside its place and move it there whole.

    Returns:
        The first keeper's unlocked keys, and the archive's origin.

    Raises:
        ArchiveExists: there is something in its place. UsageRefused: the keeper has no name.

    """
    demand_free(archive)
    if not keeper.strip():
        raise UsageRefused("a keeper has a name")
    beside = archive.with_name(f".{archive.name}.part")
    if beside.is_dir():
        shutil.rmtree(beside)
    now = datetime.now(UTC).strftime(TIME_FORM)
    plate = make_archive(beside, secrets.token_hex(16), now)
    Vault.create(beside)
    signer = create_keys(beside, passphrase, keeper, cost)
    created: dict[str, Json] = {
        "time": now,
        "tool": f"dalil {__version__}",
        "keeper": keeper,
        "person": signer.person_id,
        "key": b64url(signer.public_key),
    }
    draft = Draft(CREATED, created, {"origin": plate.origin})
    Ledger.create(beside, signer).append([draft], signer)
    demand_free(archive)
    rename_durably(beside, archive)
    return signer, plate.origin


def demand_free(archive: Path) -> None:
    """Raise ArchiveExists unless the place is new, or an empty folder."""
    if archive.exists() and (not archive.is_dir() or any(archive.iterdir())):
        raise ArchiveExists(str(archive))
