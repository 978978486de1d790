"""dalil list: what is in the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.intake.listing import AccessionShown


@click.command("list")
@ARCHIVE
@reporting
def command(archive: Path, lang: str, *, as_json: bool) -> None:
    """List every taking-in and its items.

    \b
    Example:
      dalil list /srv/archive --json
    """
    from dalil.intake.listing import accessions

    found = list(accessions(archive))
    lines = [line for each in found for line in _lines(each, lang)]
    report(
        {"accessions": found}, "\n".join(lines) or phrase("list", "empty", lang), as_json=as_json
    )


def _lines(shown: AccessionShown, lang: str) -> Iterator[str]:
    state = "closed" if shown.closed else "open"
    source = ", ".join(shown.paths)
    yield phrase(
        "list", state, lang, accession=shown.accession[:12], time=shown.opened_at, source=source
    )
    if shown.note:
        yield f"  {shown.note}"
    for each in shown.receipts:
        again = phrase("list", "again", lang) if each.duplicate_of else ""
        yield f"  {each.item[:12]}  {each.length:>14,}  {each.name_text}{again}"
    for name in shown.gaps:
        yield phrase("list", "gap", lang, name=name)
    for line in shown.unread:
        yield phrase("list", "unread", lang, line=line)
