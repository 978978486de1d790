"""dalil victims: what lists say of the dead and the missing, and who of them may be one."""

from __future__ import annotations

import click

from dalil.cli.subverbs import Subverbs

SUBVERBS = {
    "list": "victims as lists have them, by name in any script, list, sex and age",
    "link": "find who may be one person, within and across lists",
    "candidates": "what linking found: pairs with reasons, for a person to judge",
    "judge": "say whether two victims are one person, with your reasons",
    "count": "persons of a clip, a list or a case, beside what others state",
    "reconcile": "two blind counts of a clip side by side; write down who counts",
    "recognise": "record that somebody recognised a victim, and under which conditions",
    "tell": "record what a family was told, and what it answered",
    "told": "what a family was told, and which footage waits for it",
}


@click.group("victims", cls=Subverbs, subverbs=SUBVERBS)
def command() -> None:
    """Read lists of victims side by side; what may be one person, a person judges.

    \b
    Example:
      dalil victims link /srv/archive
      dalil victims candidates /srv/archive --lang ar
    """
