"""dalil casebook: what is said, on what ground, and who answered for it."""

from __future__ import annotations

import importlib

import click

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


class Subverbs(click.Group):
    """Loads the file of a subverb only when that subverb is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the subverbs in the order in which work is done."""
        return list(SUBVERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of one subverb."""
        if cmd_name not in SUBVERBS:
            return None
        module = importlib.import_module(f"dalil.cli.casebook_{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subverbs without loading them."""
        with formatter.section("Subverbs"):
            formatter.write_dl(list(SUBVERBS.items()))


@click.group("casebook", cls=Subverbs)
def command() -> None:
    """Keep what is said, by whom and on what ground; weigh it; ask who answered for it.

    \b
    Example:
      dalil casebook import /srv/archive lists/harbour
      dalil casebook report /srv/archive harbour --lang ar
    """
