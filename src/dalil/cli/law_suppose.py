"""dalil law suppose: a hypothesis, to be tested."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import CLASSES


@dataclass(frozen=True, slots=True)
class Supposed:
    """A hypothesis that was written, and its act."""

    hypothesis: str
    seq: int


@click.command("suppose")
@ARCHIVE
@click.option("--suspect", required=True, help="Who: a person or unit (id or key).")
@click.option("--incident", required=True, help="In what: an incident (id or key).")
@click.option("--tree", default="rome", show_default=True, help="Under which law.")
@click.option("--crime", required=True, help="Which crime of the tree, for instance 7-1-a.")
@click.option("--mode", required=True, help="In which mode, for instance 28-a.")
@click.option("--case", help="The case; where absent, that of the incident.")
@click.option("--see", type=click.Choice(CLASSES), default="restricted", help="Who may see it.")
@click.option("--note", help="What it is for.")
@unlocking
@reporting
def command(
    archive: Path,
    suspect: str,
    incident: str,
    tree: str,
    crime: str,
    mode: str,
    case: str | None,
    see: str,
    note: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Write down what is supposed, so that it can be tested: suspect, incident, crime, mode.

    \b
    Example:
      dalil law suppose /srv/archive --suspect person:adel --incident incident:quay \\
        --crime 7-1-a --mode 28-a
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.writing import suppose
    from dalil.casebook.record.form import new_id
    from dalil.casebook.record.law import Hypothesis
    from dalil.casebook.report.desk import find_record

    casebook, view = Casebook.open(archive), view_of("sealed")
    about = find_record(casebook, incident, view, "entity").record
    made = Hypothesis(
        id=new_id(),
        see=see,
        case=case or about.case,
        suspect=find_record(casebook, suspect, view, "entity").record.id,
        incident=about.id,
        tree=tree,
        crime=crime,
        mode=mode,
        note=note,
    )
    suppose(casebook, view, made)
    entry = casebook.write([made], unlock_archive(archive, passphrase_file))
    said = phrase("law", "supposed", lang, id=made.id, seq=entry.seq)
    report(Supposed(made.id, entry.seq), said, as_json=as_json)
