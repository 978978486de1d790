"""dalil victims told: what the family of a victim knows, and which footage waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import CLASSES

if TYPE_CHECKING:
    from dalil.casebook.families.family import Family
    from dalil.casebook.report.desk import Desk

WORDS = "victims_told"


@dataclass(frozen=True, slots=True)
class Line:
    """One notification or recognition: its id, and what it says."""

    record: str
    said: str


@dataclass(frozen=True, slots=True)
class Footage:
    """An item in which the person is seen; ``waits``: a release to the public is held."""

    item: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What is recorded of one family: of which victims (ids), line by line."""

    victims: list[str]
    notifications: list[Line]
    recognitions: list[Line]
    footage: list[Footage]


@click.command("told")
@ARCHIVE
@click.argument("victim")
@click.option("--see", type=click.Choice(CLASSES), default="sealed", show_default=True,
              help="Up to which class is shown.")  # fmt: skip
@reporting
def command(archive: Path, victim: str, see: str, lang: str, *, as_json: bool) -> None:
    """Show what the family of VICTIM was told and answered, and which footage waits for it.

    \b
    Example:
      dalil victims told /srv/archive 3f2a --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.families.family import family_of
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import find_record, open_desk
    from dalil.casebook.text.names import isolate

    casebook, view = Casebook.open(archive), view_of(see)
    found = find_record(casebook, victim, view, "victim").record
    family, desk = family_of(casebook, found.id, view), open_desk(casebook, view)
    done = _shown(family, desk, lang)
    report(
        done,
        "\n".join(_lines(done, isolate(desk.plain_name(found.id, lang)), lang)),
        as_json=as_json,
    )


def _shown(family: Family, desk: Desk, lang: str) -> ToldOf:
    from dalil.casebook.families.wording import recognised_in_words, told_in_words
    from dalil.casebook.text.names import isolate

    return ToldOf(
        sorted(family.victims),
        [Line(e.said.id, told_in_words(e, lang, desk.who(e.by_key))) for e in family.told],
        [
            Line(
                each.said.id,
                recognised_in_words(
                    each,
                    lang,
                    isolate(desk.plain_name(each.said.victim, lang)),
                    isolate(desk.plain_name(each.said.as_victim, lang)),
                ),
            )
            for each in family.recognised
        ],
        [Footage(item, not asked.goes) for item, asked in family.footage],
    )


def _lines(done: ToldOf, name: str, lang: str) -> Iterator[str]:
    from dalil.casebook.families.wording import phrase as in_words

    yield phrase(WORDS, "of", lang, name=name)
    for line in done.notifications:
        yield f"  {line.said}"
    if not done.notifications:
        yield f"  {in_words('nothing-told', lang)}"
    yield phrase(WORDS, "recognitions", lang)
    for line in done.recognitions:
        yield f"  {line.said}"
    if not done.recognitions:
        yield f"  {phrase(WORDS, 'no-recognition', lang)}"
    yield phrase(WORDS, "footage", lang)
    for each in done.footage:
        state = in_words("item-waits" if each.waits else "item-goes", lang)
        yield f"  {phrase(WORDS, 'item', lang, item=each.item[:12], state=state)}"
    if not done.footage:
        yield f"  {phrase(WORDS, 'nowhere', lang)}"
