"""dalil victims candidates: what linking found, for a person to judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import View
    from dalil.casebook.report.desk import Desk
    from dalil.casebook.victims.queue import Pairing
    from dalil.match.persons.row import Candidate

WORDS = "victims"


@click.command("candidates")
@ARCHIVE
@click.argument("victim", required=False)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many pairs; of one victim there are ten at most.",
)
@viewing
@reporting
def command(
    archive: Path,
    victim: str | None,
    limit: int,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Show pairs that may be one person and that nobody judged; or those of one VICTIM.

    VICTIM is an id, four digits or more of one, or a key.

    \b
    Example:
      dalil victims candidates /srv/archive
      dalil victims candidates /srv/archive 4f0c1d --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import find_record
    from dalil.casebook.victims.queue import Pairing, candidates_of, queue

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    if victim is not None:
        id_ = find_record(casebook, victim, view, "victim").record.id
        found, more = candidates_of(casebook, view, id_)[:limit], False
    else:
        some = queue(casebook, view, limit)
        found = tuple(Pairing(each.a, each.b, each, ()) for each in some.waiting)
        more = some.more
    document = {"candidates": list(_said(found, lang)), "more": more}
    report(document, "\n".join(_lines(casebook, view, found, lang)), as_json=as_json)


def _said(pairs: tuple[Pairing, ...], lang: str) -> Iterator[dict[str, object]]:
    from dalil.casebook.victims.queue import guess_of
    from dalil.match.persons.wording import said

    for each in pairs:
        if each.found is not None:
            yield {
                "a": each.a,
                "b": each.b,
                "likelihood": round(each.found.likelihood, 4),
                "looks_like": guess_of(each.found),
                "reasons": [
                    {"about": why.about, "level": why.level, "bits": why.bits}
                    | {"said": said(why, lang)}
                    for why in each.found.reasons
                ],
                "judged": [{"verdict": one.verdict, "seq": one.seq} for one in each.judged],
            }


def _lines(casebook: Casebook, view: View, pairs: tuple[Pairing, ...], lang: str) -> Iterator[str]:
    from dalil.casebook.report.desk import open_desk
    from dalil.casebook.text.names import isolate
    from dalil.casebook.victims.candidates import Candidates

    if not pairs:
        linked = Candidates.open(casebook.archive, view.clearance).linked
        yield phrase(WORDS, "no-candidates" if linked.at else "never-linked", lang)
        return
    desk = open_desk(casebook, view)
    for each in pairs:
        if each.found is not None:
            yield from _pair(desk, each.found, lang)
        for one in each.judged:
            verdict, who = phrase(WORDS, one.verdict, lang), isolate(desk.who(one.key))
            yield phrase(WORDS, "was-judged", lang, verdict=verdict, who=who, seq=one.seq)
    yield phrase(WORDS, "judge-it", lang)


def _pair(desk: Desk, found: Candidate, lang: str) -> Iterator[str]:
    from dalil.casebook.victims.listed import said_of
    from dalil.casebook.victims.queue import guess_of, percent_of
    from dalil.cli.victims_list import victim_line
    from dalil.match.persons.wording import said

    guess = phrase(WORDS, f"found-{guess_of(found)}", lang)
    yield phrase(WORDS, "pair", lang, found=guess, percent=percent_of(found))
    for each in said_of(desk, (found.a, found.b)):
        yield victim_line(each, lang)
    for reason in found.reasons:
        yield phrase(WORDS, "reason", lang, said=said(reason, lang))
