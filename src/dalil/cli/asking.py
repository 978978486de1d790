"""What the terminal asks of a person: the passphrase, and which key is theirs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dalil.errors import LockedOut

if TYPE_CHECKING:
    from collections.abc import Callable

    from dalil.ledger.keyring import Signer

F = TypeVar("F", bound="Callable[..., Any]")
ARCHIVE = click.argument("archive", type=click.Path(path_type=Path))


def unlocking(function: F) -> F:
    """Give a verb ``--passphrase-file``; DALIL_PASSPHRASE and DALIL_KEY count as well."""
    return click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="File whose first line is the passphrase; or set DALIL_PASSPHRASE.",
    )(function)


def passphrase_from(
    file: Path | None, variable: str = "DALIL_PASSPHRASE", *, new: bool = False
) -> bytes:
    """Return a passphrase from a file, the environment or, at a terminal, the person.

    Raises:
        LockedOut: there is none, and nobody to ask.

    """
    if file is not None:
        try:
            given = file.read_bytes().split(b"\n", 1)[0].rstrip(b"\r")
        except OSError as error:
            raise LockedOut(f"{file}: {error.strerror}") from None
    else:
        given = os.environb.get(variable.encode(), b"")
    if not given and sys.stdin.isatty():
        asked = click.prompt(
            "New passphrase" if new else "Passphrase",
            hide_input=True,
            confirmation_prompt=new,
            err=True,
        )
        given = asked.encode()
    if not given:
        raise LockedOut(f"{variable} is not set, and there is no terminal to ask at")
    return given


def unlock_archive(archive: Path, passphrase_file: Path | None) -> Signer:
    """Unlock the key of the person whom DALIL_KEY names, or of the only one there is."""
    from dalil.ledger.keyring import unlock

    return unlock(archive, passphrase_from(passphrase_file), os.environ.get("DALIL_KEY"))
