"""A verb with subverbs, each in a file of its own that is loaded only when it is named."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class Subverbs(click.Group):
    """The subverb ``x`` of the verb ``v`` is ``command`` in ``cli/v_x.py``."""

    def __init__(self, name: str, subverbs: Mapping[str, str], **more: Any) -> None:  # noqa: ANN401 - click's own
        """Take each subverb with what it does, in the order in which work is done."""
        super().__init__(name, **more)
        self.subverbs = subverbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the subverbs in the order in which work is done."""
        return list(self.subverbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of one subverb."""
        if cmd_name not in self.subverbs:
            return None
        module = importlib.import_module(f"dalil.cli.{self.name}_{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subverbs without loading them."""
        with formatter.section("Subverbs"):
            formatter.write_dl(list(self.subverbs.items()))
