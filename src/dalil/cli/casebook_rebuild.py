"""dalil casebook rebuild: the index written anew from the acts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many revisions of records the new index holds."""

    revisions: int


@click.command("rebuild")
@ARCHIVE
@reporting
def command(archive: Path, lang: str, *, as_json: bool) -> None:
    """Write the index anew from the acts; nothing is lost with an index.

    \b
    Example:
      dalil casebook rebuild /srv/archive
    """
    from dalil.casebook.casebook import Casebook

    casebook = Casebook.open(archive)
    with progress_bar("index") as advance:
        done = Rebuilt(casebook.rebuild(advance))
    said = phrase("casebook_rebuild", "rebuilt", lang, n=f"{done.revisions:,}")
    report(done, said, as_json=as_json)
