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
    from dalil.casebook.victims.queue import candidates_of, queue

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    if victim is not None:
        id_ = find_record(casebook, victim, view, "victim").record.id
        found, more = candidates_of(casebook, view, id_)[:limit], False
    else:
        some = queue(casebook, view, limit)
        found, more = some.waiting, some.more
    document = {"candidates": [_said(each, lang) for each in found], "more": more}
    report(document, "\n".join(_lines(casebook, view, found, lang)), as_json=as_json)


def _said(found: Candidate, lang: str) -> dict[str, object]:
    from dalil.casebook.victims.queue import guess_of
    from dalil.match.persons.wording import said

    return {
        "a": found.a,
        "b": found.b,
        "likelihood": round(found.likelihood, 4),
        "looks_like": guess_of(found),
        "reasons": [
            {"about": each.about, "level": each.level, "bits": each.bits, "said": said(each, lang)}
            for each in found.reasons
        ],
    }


def _lines(
    casebook: Casebook, view: View, found: tuple[Candidate, ...], lang: str
) -> Iterator[str]:
    from dalil.casebook.victims.candidates import Candidates
    from dalil.casebook.victims.queue import guess_of, percent_of
    from dalil.cli.victims_list import people_said
    from dalil.match.persons.wording import said

    if not found:
        linked = Candidates.open(casebook.archive, view.clearance).linked
        yield phrase(WORDS, "no-candidates" if linked.at else "never-linked", lang)
        return
    for each in found:
        said_of = phrase(WORDS, f"found-{guess_of(each)}", lang)
        yield phrase(WORDS, "pair", lang, found=said_of, percent=percent_of(each))
        yield from people_said(casebook, view, lang, each.a, each.b)
        for reason in each.reasons:
            yield phrase(WORDS, "reason", lang, said=said(reason, lang))
    yield phrase(WORDS, "judge-it", lang)
