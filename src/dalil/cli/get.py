"""dalil get: the original out again, as an act."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting


@click.command("get")
@ARCHIVE
@click.argument("item")
@click.option("--to", required=True, help="Who gets it.")
@click.option("--reason", required=True, help="Why they get it.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="File to write.")
@unlocking
@reporting
def command(
    archive: Path,
    item: str,
    to: str,
    reason: str,
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Give an original out, bit for bit as it came in; that is an act in the log.

    \b
    Example:
      dalil get /srv/archive 4f0c1d --to "Court of Koblenz" --reason inspection -o clip.mp4
    """
    from dalil.intake.listing import find_item, give_out
    from dalil.ledger.ledger import Ledger

    signer = unlock_archive(archive, passphrase_file)
    given = give_out(archive, find_item(archive, item), to, reason, out, signer)
    where = Ledger.open(archive).write_receipt(given.seq)
    said = phrase(
        "get", "given", lang, out=given.out, sha256=given.sha256, seq=given.seq, receipt=where
    )
    report(given, said, as_json=as_json)
