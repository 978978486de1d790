"""dalil law bear: how a claim bears on an element of a hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting


@dataclass(frozen=True, slots=True)
class Borne:
    """A bearing that was written, the state of its element since, and the act."""

    bearing: str
    element: str
    state: str
    seq: int


@click.command("bear")
@ARCHIVE
@click.argument("hypothesis")
@click.argument("element")
@click.argument("bears", type=click.Choice(("supports", "undermines", "neutral")))
@click.argument("claim")
@click.option("--reason", required=True, help="Why; it is printed wherever the element is.")
@unlocking
@reporting
def command(
    archive: Path,
    hypothesis: str,
    element: str,
    bears: str,
    claim: str,
    reason: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say that a CLAIM (a proposition or a relation) supports or undermines an ELEMENT.

    \b
    Example:
      dalil law bear /srv/archive 3f2a9c 28-a/knew supports 77ab01 --reason "he got the report"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.matrix import matrix
    from dalil.casebook.law.writing import bear
    from dalil.casebook.record.claims import Proposition
    from dalil.casebook.record.form import new_id
    from dalil.casebook.record.law import Bearing
    from dalil.casebook.report.desk import find_record

    casebook, view = Casebook.open(archive), view_of("sealed")
    about = find_record(casebook, hypothesis, view, "hypothesis").record
    said = find_record(casebook, claim, view).record
    asked = isinstance(said, Proposition)
    made = Bearing(
        id=new_id(),
        see=about.see,
        case=about.case,
        hypothesis=about.id,
        element=element,
        bears=bears,
        reasoning=reason,
        proposition=said.id if asked else None,
        link=None if asked else said.id,
    )
    bear(casebook, view, made)
    entry = casebook.write([made], unlock_archive(archive, passphrase_file))
    cells = matrix(casebook, about.id, view).cells()
    state = next(each.state for each in cells if each.element.id == element)
    done = Borne(made.id, element, state, entry.seq)
    told = phrase("law", "borne", lang, element=element, state=_state(state, lang), seq=entry.seq)
    report(done, told, as_json=as_json)


def _state(state: str, lang: str) -> str:
    from dalil.casebook.law.wording import say

    return say(f"state-{state}", lang)
