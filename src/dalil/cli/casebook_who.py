"""dalil casebook who: who commanded the unit present there on that day, and how do we know."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import report, reporting
from dalil.cli.viewing import viewing


@click.command("who")
@ARCHIVE
@click.argument("place", required=False)
@click.option("--unit", help="Ask of this unit, wherever it was, instead of a place.")
@click.option(
    "--within",
    type=click.IntRange(min=0),
    default=365,
    show_default=True,
    help="For how many days from a sighting something is still inferred to hold.",
)
@viewing
@reporting
def command(
    archive: Path,
    place: str | None,
    unit: str | None,
    within: int,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say who commanded the units present at PLACE on a day: every chain, the weakest first.

    PLACE is an id, a key or any form of a name. Each link says how it stands on that day, who
    says so, and what speaks against it; gaps are named.

    \b
    Example:
      dalil casebook who /srv/archive "az-Zumurruda" --on 2016-11-09
      dalil casebook who /srv/archive --unit "Branch 118" --on 2016-11-09 --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.command.who import who_commanded, who_commanded_unit
    from dalil.casebook.command.wording import told
    from dalil.casebook.index.view import day_of, view_of
    from dalil.errors import UsageRefused

    if (place is None) == (unit is None):
        raise UsageRefused("name a place, or a unit with --unit")
    if on is None:
        raise UsageRefused("say the day with --on YYYY-MM-DD")
    view, day = view_of(see, known_on, said_by, on), day_of(on)
    casebook = Casebook.open(archive)
    if unit is not None:
        answer = who_commanded_unit(casebook, unit, day, view, within)
    else:
        answer = who_commanded(casebook, str(place), day, view, within)
    report(answer, told(answer, lang), as_json=as_json)
