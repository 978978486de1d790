"""dalil victims count: persons of a clip, a list or a case, beside what others state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import report, reporting
from dalil.cli.viewing import CLASSES

if TYPE_CHECKING:
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import View
    from dalil.casebook.report.desk import Desk
    from dalil.casebook.victims.counted import Counted, Scope, Stated


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of a scope, and what others state, each with a scope of its own."""

    counted: Counted
    stated: tuple[Stated, ...]


@click.command("count")
@ARCHIVE
@click.option("--item", help="Persons seen in this item.")
@click.option("--list", "list_", help="Persons in this list (its source: id or key).")
@click.option("--case", help="Persons in this case.")
@click.option("--see", type=click.Choice(CLASSES), default="restricted", show_default=True,
              help="Up to which class is counted.")  # fmt: skip
@reporting
def command(
    archive: Path,
    item: str | None,
    list_: str | None,
    case: str | None,
    see: str,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Count the persons of a clip, a list or a case, beside what others state of it.

    Whoever people say are one person count once. Recognition by sight identifies nobody.

    \b
    Example:
      dalil victims count /srv/archive --item 3f2a
      dalil victims count /srv/archive --case harbour --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.desk import open_desk
    from dalil.casebook.victims.counted import counted, stated

    casebook, view = Casebook.open(archive), view_of(see)
    scope = _scope(casebook, view, item, list_, case)
    done = Count(counted(casebook, scope, view), stated(casebook, scope, view))
    report(done, "\n".join(_lines(done, open_desk(casebook, view), lang)), as_json=as_json)


def _scope(
    casebook: Casebook, view: View, item: str | None, list_: str | None, case: str | None
) -> Scope:
    from dalil.casebook.report.desk import cases_of
    from dalil.casebook.victims.counted import Scope
    from dalil.cli.victims_list import list_named
    from dalil.errors import NoSuchThing, UsageRefused
    from dalil.intake.listing import find_item

    if sum(each is not None for each in (item, list_, case)) != 1:
        raise UsageRefused("say one of --item, --list and --case")
    if item is not None:
        return Scope("item", find_item(casebook.archive, item))
    if list_ is not None:
        return Scope("source", list_named(casebook, list_, view))
    if case not in cases_of(casebook, view):
        raise NoSuchThing(f"case {case}")
    return Scope("case", case)


def _lines(done: Count, desk: Desk, lang: str) -> Iterator[str]:
    from dalil.casebook.counting.wording import counted_in_words, phrase, stated_in_words
    from dalil.casebook.report.desk import cited
    from dalil.casebook.text.names import isolate

    scope = done.counted.scope
    by_list = scope.what == "source"
    name = cited(desk.source(scope.id), lang) if by_list else isolate(scope.id[:60])
    yield from counted_in_words(done.counted, lang, name)
    yield phrase("stated" if done.stated else "nothing-stated", lang)
    for each in done.stated:
        yield f"  {stated_in_words(each, lang, lambda id_: cited(desk.source(id_), lang))}"
