"""dalil victims reconcile: two blind counts of a clip side by side, and who counts written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.counting.reconciled import Reconciled
    from dalil.casebook.index.view import View

WORDS = "victims_reconcile"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two counts laid side by side: each counter's total, what all marked, what counts and waits.

    ``seq``: the act in which who counts was written down; none where it was not asked for.
    """

    round: str
    lane: str
    totals: dict[str, int]
    met: int
    groups: int
    persons: int
    open: int
    seq: int | None


@click.command("reconcile")
@ARCHIVE
@click.argument("round_", metavar="ROUND")
@click.option("--lane", help="The lane in which persons were marked; else the round's only one.")
@click.option("--write", is_flag=True, help="Write who counts down as victims without a name.")
@unlocking
@reporting
def command(
    archive: Path,
    round_: str,
    lane: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    write: bool,
    as_json: bool,
) -> None:
    """Lay the blind counts of ROUND side by side; with --write, write down who counts.

    A third person decides in the desk whom counters disagree on.

    \b
    Example:
      dalil victims reconcile /srv/archive 3f2a --lane persons
      dalil victims reconcile /srv/archive 3f2a --lane persons --write
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.counting.reconciled import reconciled
    from dalil.casebook.counting.written import write_down
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.describing import Round
    from dalil.casebook.report.desk import find_record
    from dalil.errors import UsageRefused

    casebook, view = Casebook.open(archive), view_of("sealed")
    found = find_record(casebook, round_, view, "round").record
    lanes = found.lanes if isinstance(found, Round) else ()
    if lane is None and len(lanes) != 1:
        raise UsageRefused(f"say --lane: one of {', '.join(lanes)}")
    count = reconciled(casebook, found.id, lane or lanes[0], view)
    seq = None
    if write:
        seq = write_down(casebook, count, unlock_archive(archive, passphrase_file)).seq
    done = Compared(
        found.id, count.lane, dict(count.totals), count.met, count.groups, len(count.persons),
        len(count.open), seq,
    )  # fmt: skip
    report(done, "\n".join(_lines(casebook, view, count, seq, lang)), as_json=as_json)


def _lines(
    casebook: Casebook, view: View, count: Reconciled, seq: int | None, lang: str
) -> Iterator[str]:
    from dalil.casebook.counting.wording import (
        agreement_in_words,
        figure_in_words,
        outcome_in_words,
    )
    from dalil.casebook.incident.clock import clock_of
    from dalil.casebook.report.desk import open_desk
    from dalil.ledger.people import people_of

    desk, clock = open_desk(casebook, view), clock_of(casebook.archive, count.round.item)
    names = {each.person_id: each.name for each in people_of(casebook.archive)}

    def name(person: str) -> str:
        return names.get(person, person[:12])

    yield from agreement_in_words(count, lang, name)
    for outcome in count.outcomes:
        if outcome.counts and outcome.decision is None:
            continue
        yield f"  {outcome_in_words(outcome, lang, desk.who)}"
        for figure in outcome.group.figures:
            yield f"    {figure_in_words(figure, lang, name, clock)}"
    if seq is not None:
        yield phrase(WORDS, "written", lang, seq=seq)
