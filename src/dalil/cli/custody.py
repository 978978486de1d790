"""dalil custody: where an item has been and what was done with it, on screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting

PAPERS = ("custody", "exhibits", "certificate")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper: which, where its PDF was written (empty: nowhere), and what it says."""

    paper: str
    pdf: str
    said: str


@click.command("custody")
@ARCHIVE
@click.argument("items", nargs=-1)
@click.option(
    "--paper",
    type=click.Choice(PAPERS),
    default="custody",
    help="The custody report of one item, the list of exhibits, or a draft certificate.",
)
@click.option(
    "--pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this new PDF file."
)
@reporting
def command(
    archive: Path,
    items: tuple[str, ...],
    paper: str,
    pdf: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say where an item has been and what was done with it, with no gap hidden.

    \b
    Example:
      dalil custody /srv/archive 3f2a --lang ar --pdf custody-ar.pdf
      dalil custody /srv/archive --paper exhibits --pdf exhibits.pdf
    """
    from dalil.dossier.paper import as_pdf, as_text
    from dalil.dossier.report import custody_report, draft_certificate, exhibit_list
    from dalil.engines.files import write_durably
    from dalil.errors import ArchiveExists, UsageRefused

    if paper != "exhibits" and len(items) != 1:
        raise UsageRefused("name one item")
    if pdf is not None and pdf.exists():
        raise ArchiveExists(str(pdf))
    if paper == "exhibits":
        document = exhibit_list(archive, items, lang)
    else:
        write = custody_report if paper == "custody" else draft_certificate
        document = write(archive, items[0], lang)
    text = as_text(document)
    if pdf is not None:
        if not pdf.absolute().parent.is_dir():
            raise UsageRefused(f"{pdf.absolute().parent} is no folder")
        write_durably(pdf, as_pdf(document))
    said = phrase("custody", "written", lang, pdf=pdf) if pdf is not None else text
    report(Printed(paper, str(pdf or ""), text), said, as_json=as_json)
