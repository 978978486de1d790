"""dalil law list: the hypotheses, and how far each of them is filled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing


@dataclass(frozen=True, slots=True)
class HypothesisListed:
    """A hypothesis in one line, and how many of its elements are in each state."""

    hypothesis: str
    case: str | None
    line: str
    counts: dict[str, int]


@click.command("list")
@ARCHIVE
@click.option("--case", help="Only those of this case.")
@viewing
@reporting
def command(
    archive: Path,
    case: str | None,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """List the hypotheses with the number of elements in each state, and never a ranking.

    \b
    Example:
      dalil law list /srv/archive --case harbour
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.matrix import hypotheses, matrix
    from dalil.casebook.report.desk import open_desk
    from dalil.casebook.report.lines.line import line_about

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    desk = open_desk(casebook, view)
    found = [
        HypothesisListed(
            each.id,
            each.case,
            line_about(desk, each, lang),
            matrix(casebook, each.id, view).counts(),
        )
        for each in hypotheses(casebook, view, case)
    ]
    lines = [_line(each, lang) for each in found] or [phrase("law", "none", lang)]
    report(found, "\n".join(lines), as_json=as_json)


def _line(listed: HypothesisListed, lang: str) -> str:
    from dalil.casebook.law.wording import say
    from dalil.casebook.text.names import isolate

    counts = (f"{say(f'state-{s}', lang)}: {n}" for s, n in listed.counts.items() if n)
    return f"{isolate(listed.hypothesis[:12])}  {listed.line}\n    {say('and', lang).join(counts)}"
