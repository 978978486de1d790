"""dalil victims tell: what a family was told, by whom, when, and what it answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

WORDS = "victims_tell"
WHAT = ("death", "footage_exists", "footage_shows", "release", "recognition", "remains")
ANSWER = ("agrees", "asks_to_hold", "declines", "no_answer")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the notification (id), in which act."""

    record: str
    victim: str
    what: str
    answer: str
    seq: int


@click.command("tell")
@ARCHIVE
@click.argument("victim")
@click.option("--what", type=click.Choice(WHAT), help="What they were told; release: were asked.")
@click.option("--sought", is_flag=True, help="A family was sought and not found; --note says how.")
@click.option("--to", help="Who was told, by a pseudonym.")
@click.option("--relation", help="Who they are to the dead: sister, son …")
@click.option("--by", required=True, help="Who spoke with them.")
@click.option("--on", required=True, help="The day, YYYY-MM-DD or less exact (EDTF).")
@click.option("--answer", type=click.Choice(ANSWER), help="What they answered; else no answer.")
@click.option("--answered-on", help="The day of the answer, where it is another.")
@click.option("--item", help="The footage that was spoken of; else all of it.")
@click.option("--note", help="What else was said.")
@click.option("--see", type=click.Choice(("restricted", "sealed")), default="sealed",
              show_default=True, help="Who may read it.")  # fmt: skip
@unlocking
@reporting
def command(
    archive: Path,
    victim: str,
    what: str | None,
    to: str | None,
    relation: str | None,
    by: str,
    on: str,
    answer: str | None,
    answered_on: str | None,
    item: str | None,
    note: str | None,
    see: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    sought: bool,
    as_json: bool,
) -> None:
    """Record what the family of a victim was told, and what it answered.

    A part that shows the victim goes to the public only once the family agrees.

    \b
    Example:
      dalil victims tell /srv/archive 3f2a --what release --to F-12 --relation sister \\
        --by "Salma" --on 2026-05-03 --answer agrees
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.form import check, new_id
    from dalil.casebook.record.victims import Notification
    from dalil.casebook.report.desk import find_record
    from dalil.errors import NoSuchThing, UsageRefused
    from dalil.intake.listing import find_item

    if sought == (what is not None) or (sought and (to or answer)):
        raise UsageRefused("say --what and --to whom, or --sought alone")
    casebook = Casebook.open(archive)
    found = find_record(casebook, victim, view_of("sealed"), "victim").record
    if found.withdrawn is not None:
        raise NoSuchThing(f"victim {found.id}")
    record = Notification(
        id=new_id(), see=see, case=found.case, victim=found.id,
        what=what or "family_sought", by=by, on=on, to=to, relation=relation,
        item=find_item(archive, item) if item else None,
        answer="not_found" if sought else answer or "no_answer",
        answered_on=answered_on, note=note,
    )  # fmt: skip
    check(record)
    entry = casebook.write([record], unlock_archive(archive, passphrase_file))
    done = Written(record.id, found.id, record.what, record.answer, entry.seq)
    report(done, phrase(WORDS, "written", lang, seq=entry.seq, id=record.id), as_json=as_json)
