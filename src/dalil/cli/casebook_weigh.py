"""dalil casebook weigh: the status that a person sets, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

WORDS = "casebook_weigh"


@dataclass(frozen=True, slots=True)
class Weighed:
    """An assessment that was written: its id, the proposition, the status, the act."""

    assessment: str
    proposition: str
    status: str
    seq: int


@click.command("weigh")
@ARCHIVE
@click.argument("proposition")
@click.argument("status")
@click.option("--reason", required=True, help="Why; it is printed wherever the status is.")
@click.option("--lo", type=click.IntRange(0), help="Of a count: the least that you hold to be so.")
@click.option("--hi", type=click.IntRange(0), help="Of a count: the most.")
@click.option("--likelihood", help="One of the seven bands of ICD 203, for instance likely.")
@click.option("--confidence", help="low, moderate or high.")
@click.option("--rests-on", multiple=True, help="What it rests on (id or key); more than once.")
@click.option("--revise", help="Your earlier assessment (id) that this one takes the place of.")
@unlocking
@reporting
def command(
    archive: Path,
    proposition: str,
    status: str,
    reason: str,
    lo: int | None,
    hi: int | None,
    likelihood: str | None,
    confidence: str | None,
    rests_on: tuple[str, ...],
    revise: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Set the status of a proposition (its id, or four digits or more of it), signed by you.

    The rule's suggestion stands beside it, and so does every other person's status.

    \b
    Example:
      dalil casebook weigh /srv/archive 3f2a9c contested --reason "two ledgers disagree"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.claims import Assessment
    from dalil.casebook.record.form import check, new_id
    from dalil.casebook.report.desk import find_record

    casebook, view = Casebook.open(archive), view_of("sealed")
    weighed = find_record(casebook, proposition, view, "proposition").record
    earlier = find_record(casebook, revise, view, "assessment") if revise else None
    assessment = Assessment(
        id=earlier.record.id if earlier else new_id(),
        revises=earlier.revision + 1 if earlier else 0,
        see=weighed.see,
        case=weighed.case,
        proposition=weighed.id,
        status=status.replace("-", "_"),
        reasoning=reason,
        lo=lo,
        hi=hi,
        likelihood=likelihood,
        confidence=confidence,
        rests_on=tuple(find_record(casebook, each, view).record.id for each in rests_on),
    )
    check(assessment)
    signer = unlock_archive(archive, passphrase_file)
    _demand_own(earlier.by_key if earlier else None, signer.public_key)
    entry = casebook.write([assessment], signer)
    done = Weighed(assessment.id, weighed.id, assessment.status, entry.seq)
    said = phrase(
        WORDS,
        "weighed",
        lang,
        status=_status(assessment.status, lang),
        who=signer.person_name,
        seq=entry.seq,
        id=assessment.id,
    )
    report(done, said, as_json=as_json)


def _demand_own(by_key: str | None, public_key: bytes) -> None:
    from dalil.errors import NotAllowed
    from dalil.kernel.disclosure import b64url

    if by_key is not None and by_key != b64url(public_key):
        raise NotAllowed("this assessment is somebody else's: give your own, and both stand")


def _status(status: str, lang: str) -> str:
    from dalil.casebook.report.phrases import term

    return term(status, lang)
