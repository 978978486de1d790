"""dalil casebook report: a case as a person reads it."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing


@click.command("report")
@ARCHIVE
@click.argument("case")
@viewing
@reporting
def command(
    archive: Path,
    case: str,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Print a case by question: what is said, by whom, on what ground, for and against.

    Suggested and set statuses stand side by side; counts that count different things too; at the
    end sources that contradict themselves, names that meet, and texts that hide something.

    \b
    Example:
      dalil casebook report /srv/archive harbour --lang ar
      dalil casebook report /srv/archive harbour --said-by 2024-05-31 --json
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.case_report import report_case
    from dalil.casebook.report.text import as_text
    from dalil.casebook.text.names import isolate

    view = view_of(see, known_on, said_by, on)
    casebook = Casebook.open(archive)
    for note in casebook.unfinished():
        click.echo(phrase("casebook_report", "unfinished", lang, note=isolate(note)), err=True)
    shown = report_case(casebook, case, view)
    report(shown, as_text(shown, lang).rstrip("\n"), as_json=as_json)
