"""dalil casebook adopt: a case relies on a proposition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import View

WORDS = "casebook_adopt"


@dataclass(frozen=True, slots=True)
class Adopted:
    """What the case relies on now: the adoption, the proposition, the assessment or none."""

    case: str
    adoption: str
    proposition: str
    assessment: str | None
    seq: int


@click.command("adopt")
@ARCHIVE
@click.argument("case")
@click.argument("proposition")
@click.option("--assessment", help="The assessment (id) on which the case relies.")
@click.option("--note", help="For what; it is written down.")
@unlocking
@reporting
def command(
    archive: Path,
    case: str,
    proposition: str,
    assessment: str | None,
    note: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Let a case rely on a proposition as one assessment has it.

    Where one assessment stands it is taken; where several do, say which.

    \b
    Example:
      dalil casebook adopt /srv/archive harbour 3f2a9c --note "for the indictment"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.claims import Adoption
    from dalil.casebook.record.form import check, new_id
    from dalil.casebook.report.desk import cases_of, find_record

    casebook, view = Casebook.open(archive), view_of("sealed")
    is_new = case not in cases_of(casebook, view)
    relied = find_record(casebook, proposition, view, "proposition").record
    adoption = Adoption(
        id=new_id(),
        see=relied.see,
        case=case,
        proposition=relied.id,
        assessment=_assessment(casebook, view, relied.id, assessment),
        note=note,
    )
    check(adoption)
    entry = casebook.write([adoption], unlock_archive(archive, passphrase_file))
    done = Adopted(case, adoption.id, relied.id, adoption.assessment, entry.seq)
    key = "adopted" if adoption.assessment else "adopted-unweighed"
    said = phrase(WORDS, key, lang, case=case, seq=entry.seq, assessment=adoption.assessment)
    new = "\n" + phrase(WORDS, "new-case", lang, case=case) if is_new else ""
    report(done, said + new, as_json=as_json)


def _assessment(casebook: Casebook, view: View, relied: str, given: str | None) -> str | None:
    from dalil.casebook.report.desk import find_record
    from dalil.errors import UsageRefused

    found = [
        known.record.id
        for known in casebook.naming(relied, view, "assessment", "proposition")
        if known.record.withdrawn is None
    ]
    if given is not None:
        chosen = find_record(casebook, given, view, "assessment").record.id
        if chosen not in found:
            raise UsageRefused(f"assessment {chosen} is of another proposition")
        return chosen
    if len(found) > 1:
        these = ", ".join(each[:12] for each in found)
        raise UsageRefused(f"{len(found)} assessments stand: say which with --assessment: {these}")
    return found[0] if found else None
