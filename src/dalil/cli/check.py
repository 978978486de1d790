"""dalil check: fixity, signatures and log of the whole archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.intake.audit import ArchiveCheck


@click.command("check")
@ARCHIVE
@click.option("--share", default="1", help="Only a part of the originals, the next each day: 1/30.")
@click.option("--rebuild", metavar="ITEM", help="Build the seal of one item anew from its footage.")
@click.option(
    "--footage",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --rebuild: the file that lies before the court.",
)
@click.option("--afresh", is_flag=True, help="Do not go on with a check that was stopped.")
@unlocking
@reporting
def command(
    archive: Path,
    share: str,
    rebuild: str | None,
    footage: Path | None,
    afresh: bool,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """Check every original, every seal, every act and the log; stopped, it goes on.

    With a passphrase at hand the check itself becomes an act.

    \b
    Example:
      dalil check /srv/archive --share 1/30
    """
    from dalil.intake.audit import check_archive
    from dalil.vault.fixity import parse_share

    if rebuild is not None:
        _rebuild(archive, rebuild, footage, passphrase_file, lang, as_json=as_json)
        return 0
    part = parse_share(share)
    known = passphrase_file is not None or bool(os.environ.get("DALIL_PASSPHRASE"))
    signer = unlock_archive(archive, passphrase_file) if known else None
    with progress_bar("check") as advance:
        found = check_archive(archive, part, signer, advance, afresh=afresh)
    report(found, "\n".join(_lines(found, lang)), as_json=as_json)
    return int(not found.intact)


def _rebuild(
    archive: Path,
    item: str,
    footage: Path | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    from dalil.intake.audit import rebuild
    from dalil.intake.listing import find_item

    signer = unlock_archive(archive, passphrase_file)
    found = rebuild(archive, find_item(archive, item), signer, footage)
    said = phrase(
        "check", "rebuilt", lang, item=found.item, root=found.tree_root, units=f"{found.units:,}"
    )
    report(found, said, as_json=as_json)


def _lines(found: ArchiveCheck, lang: str) -> Iterator[str]:
    numbers = {"objects": found.objects, "bytes": f"{found.octets:,}", "acts": found.acts}
    yield phrase("check", "read", lang, share=found.share, **numbers)
    if found.resumed:
        yield phrase("check", "resumed", lang)
    for fault in found.broken:
        yield phrase("check", "broken", lang, where=fault.where, what=fault.what)
    for note in found.notes:
        yield phrase("check", "note", lang, note=note)
    yield phrase("check", "intact" if found.intact else "not-intact", lang, count=len(found.broken))
