"""dalil victims recognise: that somebody recognised a victim, and under which conditions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting

WORDS = "victims_recognise"
GRADES = ("asserted", "visual", "circumstantial", "scientific")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the recognition (id), its grade, in which act."""

    record: str
    grade: str
    seq: int


@click.command("recognise")
@ARCHIVE
@click.argument("victim")
@click.argument("as_victim")
@click.option("--grade", required=True, type=click.Choice(GRADES), help="How it was known.")
@click.option("--conditions", required=True, help="What was shown, by whom, in what order.")
@click.option("--not", "denied", is_flag=True, help="They said that it is not that person.")
@click.option("--by", help="Who recognised, by a pseudonym.")
@click.option("--relation", help="Who they are to the dead: sister, son …")
@click.option("--method", help="The method, for a scientific grade: DNA of two relatives …")
@click.option("--on", help="The day, YYYY-MM-DD or less exact (EDTF).")
@click.option("--see", type=click.Choice(("restricted", "sealed")), default="sealed",
              show_default=True, help="Who may read it.")  # fmt: skip
@unlocking
@reporting
def command(
    archive: Path,
    victim: str,
    as_victim: str,
    grade: str,
    conditions: str,
    by: str | None,
    relation: str | None,
    method: str | None,
    on: str | None,
    see: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    denied: bool,
    as_json: bool,
) -> None:
    """Record that somebody recognised VICTIM as AS_VICTIM; nothing is merged by it.

    Recognition by sight is no identification, and is never counted as one.

    \b
    Example:
      dalil victims recognise /srv/archive 3f2a 9c41 --grade visual --by F-12 \\
        --relation sister --conditions "one still, shown alone, no name said" --on 2026-05-03
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.families.wording import phrase as in_words
    from dalil.casebook.index.view import view_of
    from dalil.casebook.record.form import check, new_id
    from dalil.casebook.record.victims import Recognition
    from dalil.casebook.report.desk import find_record
    from dalil.errors import NoSuchThing

    casebook, view = Casebook.open(archive), view_of("sealed")
    seen, named = (find_record(casebook, each, view, "victim") for each in (victim, as_victim))
    if gone := [each.record.id for each in (seen, named) if each.record.withdrawn is not None]:
        raise NoSuchThing(f"victim {gone[0]}")
    record = Recognition(
        id=new_id(), see=see, case=seen.record.case, victim=seen.record.id,
        as_victim=named.record.id, grade=grade, conditions=conditions,
        polarity="denies" if denied else "affirms", by=by, relation=relation, method=method, on=on,
    )  # fmt: skip
    check(record)
    entry = casebook.write([record], unlock_archive(archive, passphrase_file))
    done = Written(record.id, grade, entry.seq)
    values = {"seq": entry.seq, "id": record.id, "grade": in_words(f"grade-{grade}", lang)}
    report(done, phrase(WORDS, "written", lang, **values), as_json=as_json)
