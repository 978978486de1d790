"""dalil victims judge: whether two victims are one person; a person says it, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

VERDICTS = ("same", "different", "unsure", "withdrawn")


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written: the two, the verdict, whether linking had found the pair, and the act."""

    a: str
    b: str
    verdict: str
    candidate: bool
    seq: int


@click.command("judge")
@ARCHIVE
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice(VERDICTS))
@click.option("--reason", required=True, help="Why; it is signed with it.")
@unlocking
@reporting
def command(
    archive: Path,
    a: str,
    b: str,
    verdict: str,
    reason: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say whether A and B are one person. Nothing is merged by it.

    A later judgement of yours on the same two takes its place; `withdrawn` takes it back.

    \b
    Example:
      dalil victims judge /srv/archive 4f0c1d 77ab same --reason "the same father and day"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import find_record
    from dalil.casebook.victims.judged import Judging, judge
    from dalil.casebook.victims.queue import method_of, pairing
    from dalil.errors import UsageRefused

    casebook, view = Casebook.open(archive), view_of("sealed")
    a, b = (find_record(casebook, each, view, "victim").record.id for each in (a, b))
    if a == b:
        raise UsageRefused("two victims are compared, not one with itself")
    found = pairing(casebook, view, a, b)
    said = Judging(a, b, verdict, reason, method_of(found.found))
    entry = judge(casebook, unlock_archive(archive, passphrase_file), said, view)
    done = Judged(found.a, found.b, verdict, found.found is not None, entry.seq)
    report(done, "\n".join(_lines(done, lang)), as_json=as_json)


def _lines(done: Judged, lang: str) -> Iterator[str]:
    if done.verdict == "withdrawn":
        yield phrase("victims", "withdrawn", lang, seq=done.seq)
        return
    verdict = phrase("victims", done.verdict, lang)
    yield phrase("victims", "judged", lang, seq=done.seq, verdict=verdict)
    if not done.candidate:
        yield phrase("victims", "no-candidate", lang)
