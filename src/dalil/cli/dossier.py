"""dalil dossier: a case file for a stranger."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting


@click.command("dossier")
@ARCHIVE
@click.option(
    "--items",
    multiple=True,
    help="Items that go whole: ids or beginnings of ids, with commas, or `all`.",
)
@click.option(
    "--parts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A published part, its proof, or the folder with both; may be given several times.",
)
@click.option("--recipient", required=True, help="Who gets it.")
@click.option("--reason", required=True, help="Why they get it.")
@click.option(
    "--withheld",
    multiple=True,
    metavar="ITEM=CLASS:REASON",
    help="Why an item of the same accession is not here.",
)
@click.option(
    "--also-open",
    multiple=True,
    metavar="TYPE.FIELD",
    help="A field of acts to open beyond what spec/casefile.md opens.",
)
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder to make.")
@unlocking
@reporting
def command(
    archive: Path,
    items: tuple[str, ...],
    parts: tuple[Path, ...],
    recipient: str,
    reason: str,
    withheld: tuple[str, ...],
    also_open: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Build a case file that a stranger checks without us, and record the hand-over.

    \b
    Example:
      dalil dossier /srv/archive --items 3f2a,9c41 --recipient "Court of Koblenz" \\
        --reason "request of 3 May" --withheld 77ab=protected:"shows a witness" -o /media/stick/case
    """
    from dalil.dossier.casefile import build_case_file
    from dalil.dossier.exhibits import parse_reasons
    from dalil.dossier.opening import parse_also_open

    asked = [word.strip() for each in items for word in each.split(",") if word.strip()]
    reasons = parse_reasons(withheld)
    opened = parse_also_open(also_open)
    signer = unlock_archive(archive, passphrase_file)
    with progress_bar("case file") as advance:
        made = build_case_file(
            archive,
            asked,
            recipient,
            reason,
            out,
            signer,
            parts=parts,
            withheld=reasons,
            also_open=opened,
            progress=advance,
        )
    said = phrase(
        "dossier",
        "built",
        lang,
        path=made.path,
        exhibits=len(made.exhibits),
        withheld=made.withheld,
        act=made.handed_over,
        receipt=made.receipt,
        manifest=made.manifest_sha256,
    )
    report(made, said, as_json=as_json)
