"""dalil casebook: what is said, on what ground, and who answered for it."""

from __future__ import annotations

import click

from dalil.cli.subverbs import Subverbs

SUBVERBS = {
    "import": "bring lists in: sheets, field maps, published data",
    "report": "a case as a person reads it: by question, for and against",
    "show": "one record: its revisions, who recorded it, what names it",
    "record": "write records down, new or revised, as one signed act",
    "weigh": "set the status of a proposition, with your reasons",
    "adopt": "let a case rely on a proposition",
    "link": "say whether two entities are one, or that a name form is theirs",
    "search": "one query over everything that you may see",
    "who": "who commanded the unit present there on that day, and how do we know",
    "acts": "who did what to whom in a clip or an incident, without watching it",
    "export": "hand lists out: sheets, FollowTheMoney, annotations, GeoJSON",
    "rebuild": "write the index anew from the acts",
}


@click.group("casebook", cls=Subverbs, subverbs=SUBVERBS)
def command() -> None:
    """Keep what is said, by whom and on what ground; weigh it; ask who answered for it.

    \b
    Example:
      dalil casebook import /srv/archive lists/harbour
      dalil casebook report /srv/archive harbour --lang ar
    """
