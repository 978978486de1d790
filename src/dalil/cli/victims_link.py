"""dalil victims link: find who may be one person, within and across lists."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.progress import counting_bar
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import CLASSES


@click.command("link")
@ARCHIVE
@click.option(
    "--see",
    type=click.Choice(CLASSES),
    default="restricted",
    show_default=True,
    help="The highest class that is compared; who sees less is shown none of it.",
)
@reporting
def command(archive: Path, see: str, lang: str, *, as_json: bool) -> None:
    """Compare all victims with one another, within and across lists.

    What is found is a candidate: a person judges, and nothing is merged.

    \b
    Example:
      dalil victims link /srv/archive
      dalil victims link /srv/archive --see sealed --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.victims.linking import link

    with counting_bar("victims") as advance:
        linked = link(Casebook.open(archive), view_of(see), advance)
    compared = phrase("victims", "compared", lang, n=linked.compared)
    pairs = phrase("victims", "pairs", lang, n=linked.pairs)
    report(linked, f"{compared} {pairs}", as_json=as_json)
