"""dalil init: an archive and its first keeper."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil import __version__
from dalil.cli.asking import ARCHIVE, passphrase_from, unlocking
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from dalil.ledger.keyring import Signer


@dataclass(frozen=True, slots=True)
class NewArchive:
    """What `dalil init` made."""

    archive: str
    origin: str
    keeper: str
    person: str
    sheet: str


@click.command("init")
@ARCHIVE
@click.option("--keeper", required=True, help="Name of the first keeper, as others know them.")
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the recovery sheet; without it, the sheet is printed.",
)
@unlocking
@reporting
def command(
    archive: Path,
    keeper: str,
    sheet: Path | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Make an archive and its first keeper.

    \b
    Example:
      dalil init /srv/archive --keeper "Salma H." --sheet /media/stick/recovery.txt
    """
    from dalil.errors import ArchiveExists, UsageRefused
    from dalil.ledger.keyring import recovery_sheet

    if sheet is not None and sheet.exists():
        raise ArchiveExists(str(sheet))
    if archive.exists() and (not archive.is_dir() or any(archive.iterdir())):
        raise ArchiveExists(str(archive))
    if not keeper.strip():
        raise UsageRefused("--keeper is empty")
    passphrase = passphrase_from(passphrase_file, new=True)
    try:
        if sheet is not None:
            sheet.touch(mode=0o600, exist_ok=False)
        signer, origin = _found(archive, keeper, passphrase)
        text = recovery_sheet(signer, archive).text(lang)
        if sheet is not None:
            sheet.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageRefused(f"{error.filename or archive}: {error.strerror}") from None
    made = NewArchive(str(archive), origin, keeper, signer.person_id, str(sheet or ""))
    sentences = [phrase("init", "made", lang, archive=archive, keeper=keeper)]
    sentences.append(phrase("init", "lost-passphrase", lang))
    sentences.append(phrase("init", "sheet-written", lang, sheet=sheet) if sheet else text)
    report(made, "\n\n".join(sentences), as_json=as_json)


def _found(archive: Path, keeper: str, passphrase: bytes) -> tuple[Signer, str]:
    """Build the archive beside its place and move it there whole; return its keys and origin."""
    from dalil.engines.files import rename_durably
    from dalil.kernel.disclosure import b64url
    from dalil.ledger.keyring import create_keys
    from dalil.ledger.ledger import Draft, Ledger
    from dalil.vault.archive import make_archive
    from dalil.vault.vault import Vault

    beside = archive.with_name(f".{archive.name}.part")
    if beside.is_dir():
        shutil.rmtree(beside)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    plate = make_archive(beside, secrets.token_hex(16), now)
    Vault.create(beside)
    signer = create_keys(beside, passphrase, keeper)
    created = {
        "time": now,
        "tool": f"dalil {__version__}",
        "keeper": keeper,
        "person": signer.person_id,
        "key": b64url(signer.public_key),
    }
    Ledger.create(beside, signer).append(
        [Draft("archive-created", created, {"origin": plate.origin})], signer
    )
    rename_durably(beside, archive)
    return signer, plate.origin
