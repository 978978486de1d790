"""Who looks, and as of when: the options that every verb of the casebook that reads takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")
CLASSES = ("open", "restricted", "sealed")


def viewing(function: F) -> F:
    """Give a verb ``--see``, ``--known-on``, ``--said-by`` and ``--on`` (see `view_of`)."""
    options = (
        click.option(
            "--see",
            type=click.Choice(CLASSES),
            default="restricted",
            show_default=True,
            help="The highest class that is shown.",
        ),
        click.option("--known-on", help="Only what was recorded here by this day (YYYY-MM-DD)."),
        click.option("--said-by", help="Only what sources had said by this day (YYYY-MM-DD)."),
        click.option("--on", help="Only what is said to have held on this day (YYYY-MM-DD)."),
    )
    for option in reversed(options):
        function = option(function)
    return function
