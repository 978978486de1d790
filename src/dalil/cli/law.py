"""dalil law: what a law asks to be shown, and what is held for and against each of it."""

from __future__ import annotations

import click

from dalil.cli.subverbs import Subverbs

SUBVERBS = {
    "trees": "the bodies of law that are here",
    "show": "one tree: its crimes and modes, or the elements of one of them",
    "add": "bring a tree of your own, from a YAML file",
    "sign": "say that an element is worded rightly, with your reasons",
    "suppose": "write down a hypothesis: suspect, incident, crime, mode",
    "bear": "say how a claim bears on an element of a hypothesis",
    "list": "the hypotheses, and how many elements of each are empty",
    "matrix": "one hypothesis, element by element, and what is missing",
}


@click.group("law", cls=Subverbs, subverbs=SUBVERBS)
def command() -> None:
    """Test a supposition against the elements that a law asks for; nothing here is a judgment.

    \b
    Example:
      dalil law trees /srv/archive
      dalil law matrix /srv/archive 3f2a9c --lang ar
    """
