"""dalil judge: what a person says of two files that a comparison found alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

ASKED = ("same-footage", "same-scene", "not-the-same", "cannot-tell", "withdrawn")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written: the two, the judgement, whether a candidate went along, and the act."""

    a: str
    b: str
    judgement: str
    candidate: bool
    seq: int
    receipt: str


@click.command("judge")
@ARCHIVE
@click.argument("a")
@click.argument("b")
@click.argument("judgement", type=click.Choice(ASKED))
@click.option("--reason", required=True, help="Why; it is written into the act.")
@unlocking
@reporting
def command(
    archive: Path,
    a: str,
    b: str,
    judgement: str,
    reason: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Judge a candidate: A and B are items, or one of them is query: and a file's SHA-256.

    What the comparison had found goes into the act. A later judgement of yours on the same two
    takes its place; `withdrawn` takes it back. Nothing is merged by it.

    \b
    Example:
      dalil judge /srv/archive 4f0c1d 77ab same-footage --reason "the same car door at 0:12"
    """
    from dalil.intake.listing import find_item
    from dalil.ledger.ledger import Ledger
    from dalil.match.copies.judgement import Judging, judge
    from dalil.match.found import QUERY
    from dalil.match.held.catalogue import Catalogue

    a, b = (each if each.startswith(QUERY) else find_item(archive, each) for each in (a, b))
    with Catalogue.open(archive) as catalogue:
        found = catalogue.lead(a, b)
    signer = unlock_archive(archive, passphrase_file)
    entry = judge(archive, signer, Judging(a, b, judgement, reason, found))
    receipt = Ledger.open(archive).write_receipt(entry.seq)
    done = Judged(a, b, judgement, found is not None, entry.seq, str(receipt))
    key = "withdrawn" if judgement == "withdrawn" else "judged"
    said = [phrase("judge", key, lang, seq=entry.seq, judgement=phrase("judge", judgement, lang))]
    if found is None:
        said.append(phrase("judge", "no-candidate", lang))
    said.append(phrase("judge", "receipt", lang, receipt=receipt))
    report(done, "\n".join(said), as_json=as_json)
