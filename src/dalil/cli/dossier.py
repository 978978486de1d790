"""dalil dossier: a case file for a stranger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from dalil.dossier.casefile import CaseFile


@click.command("dossier")
@ARCHIVE
@click.option(
    "--items",
    multiple=True,
    help="Items that go whole: ids or beginnings of ids, with commas, or `all`.",
)
@click.option(
    "--parts",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A published part, its proof, or the folder with both; may be given several times.",
)
@click.option("--recipient", required=True, help="Who gets it.")
@click.option("--reason", required=True, help="Why they get it.")
@click.option(
    "--withheld",
    multiple=True,
    metavar="ITEM=CLASS:REASON",
    help="Why an item of the same accession, or a record of the case, is not here.",
)
@click.option(
    "--also-open",
    multiple=True,
    metavar="TYPE.FIELD",
    help="A field of acts to open beyond what spec/casefile.md opens.",
)
@click.option("--case", help="Claims of this case, with all that speaks against them.")
@click.option(
    "--see",
    type=click.Choice(("open", "restricted")),
    default="restricted",
    help="The highest class of claims that goes out; what is sealed never does.",
)
@click.option(
    "--withhold-source", multiple=True, metavar="ID", help="Say what it says, and not who it is."
)
@click.option(
    "--without", multiple=True, metavar="ID", help="Leave out a record that speaks against nothing."
)
@click.option(
    "--unsaid", multiple=True, metavar="TEXT", help="A name that no text may hold: it stays closed."
)
@click.option(
    "--hypothesis", multiple=True, metavar="ID", help="Element by element, with all against it."
)
@click.option("--who", multiple=True, metavar="PLACE", help="Answer who commanded there, on --on.")
@click.option("--on", "days", multiple=True, metavar="DATE", help="The day of --who, YYYY-MM-DD.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="Folder to make.")
@unlocking
@reporting
def command(
    archive: Path,
    items: tuple[str, ...],
    parts: tuple[Path, ...],
    recipient: str,
    reason: str,
    withheld: tuple[str, ...],
    also_open: tuple[str, ...],
    case: str | None,
    see: str,
    withhold_source: tuple[str, ...],
    without: tuple[str, ...],
    unsaid: tuple[str, ...],
    hypothesis: tuple[str, ...],
    who: tuple[str, ...],
    days: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Build a case file that a stranger checks without us, and record the hand-over.

    \b
    Example:
      dalil dossier /srv/archive --items 3f2a,9c41 --recipient "Court of Koblenz" \\
        --reason "request of 3 May" --withheld 77ab=protected:"shows a witness" -o /media/stick/case
      dalil dossier /srv/archive --case harbour --who Zahra --on 2013-04-16 \\
        --recipient "Court of Koblenz" --reason "request of 3 May" -o /media/stick/claims
    """
    from dalil.dossier.casefile import build_case_file
    from dalil.dossier.claims.gathering import ClaimsOrder, questions_of
    from dalil.dossier.exhibits import parse_reasons
    from dalil.dossier.opening import parse_also_open
    from dalil.errors import UsageRefused

    asked = [word.strip() for each in items for word in each.split(",") if word.strip()]
    reasons = parse_reasons(withheld)
    opened = parse_also_open(also_open)
    questions = questions_of(who, days)
    if case is None and (without or withhold_source or unsaid or hypothesis or questions):
        options = "--without, --withhold-source, --unsaid, --hypothesis and --who"
        raise UsageRefused(f"{options} go with --case")
    supposed = _hypotheses(archive, hypothesis)
    asked_of = ClaimsOrder(case or "", see, without, withhold_source, questions, unsaid, supposed)
    signer = unlock_archive(archive, passphrase_file)
    with progress_bar("case file") as advance:
        made = build_case_file(
            archive,
            asked,
            recipient,
            reason,
            out,
            signer,
            parts=parts,
            withheld=reasons,
            also_open=opened,
            claims=None if case is None else asked_of,
            progress=advance,
        )
    report(made, _told(made, lang, of_claims=case is not None), as_json=as_json)


def _hypotheses(archive: Path, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of the hypotheses that were asked for."""
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import find_record

    if not words:
        return ()
    casebook, view = Casebook.open(archive), view_of("sealed")
    return tuple(find_record(casebook, each, view, "hypothesis").record.id for each in words)


def _told(made: CaseFile, lang: str, *, of_claims: bool) -> str:
    values = {
        "path": made.path,
        "exhibits": len(made.exhibits),
        "withheld": made.withheld,
        "act": made.handed_over,
        "receipt": made.receipt,
        "manifest": made.manifest_sha256,
    }
    said = phrase("dossier", "built", lang, **values)
    if not of_claims:
        return said
    told = {"claims": made.claims, "sources": made.withheld_sources}
    return said + "\n" + phrase("dossier", "claims", lang, **told)
