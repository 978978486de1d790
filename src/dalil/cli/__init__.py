"""One file per verb; wiring.py puts the parts together."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from dalil import __version__
from dalil.errors import DiskFault, Refusal, UsageRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

VERBS = {
    "init": "make an archive and its first keeper",
    "person": "add, list or revoke the people of an archive",
    "take-in": "take files and folders in: hash first, look later",
    "list": "what is in the archive",
    "show": "one item and what was done with it",
    "get": "the original out again, as an act",
    "log": "the record of every act: show, check, prove",
    "casebook": "what is said, on what ground, and who answered for it",
    "victims": "what lists say of the dead and the missing, and who of them may be one",
    "sites": "graves and homes: where they are said to lie, what became of them, who must know",
    "law": "what a law asks to be shown, and what is held for and against each of it",
    "match": "the same footage, wherever it turns up",
    "sync": "recordings of one moment on one clock",
    "judge": "say whether two files are the same footage, with your reasons",
    "copies": "all copies of one recording: where each sits, what it lacks",
    "stamp": "ask an outside clock to stamp the log",
    "excerpt": "publish some seconds with a proof",
    "redact": "publish some seconds with parts hidden, with a proof",
    "still": "publish one picture with parts hidden, with a proof",
    "dossier": "build a case file for a stranger",
    "custody": "print the custody report of an item",
    "serve": "the desk: pages for people, on this machine alone",
    "check": "fixity, signatures and log of the whole archive",
    "copy": "keep a second copy, or bring an archive back from it",
    "verify": "check what somebody gave you",
}


class Verbs(click.Group):
    """Loads the file of a verb only when that verb is named, so that `--help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs in the order in which work is done."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of one verb."""
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module("dalil.cli." + cmd_name.replace("-", "_"))
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the verbs without loading them."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dalil")
def dalil() -> None:
    """Turn footage into evidence that a stranger can check.

    \b
    Example:
      dalil init /srv/archive --keeper "Salma H."
      dalil take-in /srv/archive /media/stick
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb; every refusal ends in our own words and exit code."""
    # Not list(): once the verb of that name is loaded, it is a module of this package.
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")
    try:
        code = dalil.main(args=given, prog_name="dalil", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except Refusal as refusal:
        _report(refusal, given)
        sys.exit(refusal.exit_code)
    except click.exceptions.Abort:
        click.echo("Stopped. What was finished is kept; give the same command to go on.", err=True)
        sys.exit(1)
    except click.ClickException as usage:
        usage.show()
        sys.exit(2)
    except UnicodeEncodeError:
        unreadable = UsageRefused("a word of the command is not UTF-8")
        _report(unreadable, given)
        sys.exit(unreadable.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        fault = DiskFault(f"{error.filename or ''}: {error.strerror}".removeprefix(": "))
        _report(fault, given)
        sys.exit(fault.exit_code)


def _report(refusal: Refusal, arguments: Sequence[str]) -> None:
    from dalil.cli.saying import refusal_text

    click.echo(refusal_text(refusal, arguments), err="--json" not in arguments)
