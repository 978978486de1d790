"""dalil init: an archive and its first keeper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

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
    from dalil.ledger.standing.founding import demand_free, found

    if sheet is not None and sheet.exists():
        raise ArchiveExists(str(sheet))
    demand_free(archive)
    if not keeper.strip():
        raise UsageRefused("--keeper is empty")
    passphrase = passphrase_from(passphrase_file, new=True)
    try:
        if sheet is not None:
            sheet.touch(mode=0o600, exist_ok=False)
        signer, origin = found(archive, keeper, passphrase)
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
