"""dalil init: an archive and its first keeper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from dalil import __version__
from dalil.cli.asking import ARCHIVE, passphrase_from, unlocking
from dalil.cli.saying import phrase, report, reporting


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
def command(  # noqa: PLR0913 - one parameter per option of the verb
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
    from dalil.errors import ArchiveExists, UsageRefused  # noqa: PLC0415
    from dalil.ledger.keyring import create_keys, recovery_sheet  # noqa: PLC0415
    from dalil.ledger.ledger import Draft, Ledger  # noqa: PLC0415
    from dalil.vault.archive import make_archive  # noqa: PLC0415
    from dalil.vault.vault import Vault  # noqa: PLC0415

    if sheet is not None and sheet.exists():
        raise ArchiveExists(str(sheet))
    if not keeper.strip():
        raise UsageRefused("--keeper is empty")
    passphrase = passphrase_from(passphrase_file, new=True)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    plate = make_archive(archive, secrets.token_hex(16), now)
    Vault.create(archive)
    signer = create_keys(archive, passphrase, keeper)
    ledger = Ledger.create(archive, signer)
    public = signer.person_key.public_key().public_bytes_raw()
    created = Draft(
        "archive-created",
        {
            "time": now,
            "tool": f"dalil {__version__}",
            "keeper": keeper,
            "person": signer.person_id,
            "key": _b64url(public),
        },
        {"origin": plate.origin},
    )
    ledger.append([created], signer)
    text = recovery_sheet(signer, archive).text(lang)
    if sheet is not None:
        sheet.touch(mode=0o600, exist_ok=False)
        sheet.write_text(text, encoding="utf-8")
    made = NewArchive(str(archive), plate.origin, keeper, signer.person_id, str(sheet or ""))
    sentences = [phrase("init", "made", lang, archive=archive, keeper=keeper)]
    sentences.append(phrase("init", "lost-passphrase", lang))
    sentences.append(phrase("init", "sheet-written", lang, sheet=sheet) if sheet else text)
    report(made, "\n\n".join(sentences), as_json=as_json)


def _b64url(data: bytes) -> str:
    from dalil.kernel.disclosure import b64url  # noqa: PLC0415

    return b64url(data)
