"""dalil law sign: that an element is worded rightly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was written: of which element as it stands (SHA-256), and in which act."""

    record: str
    tree: str
    element: str
    said: str
    seq: int


@click.command("sign")
@ARCHIVE
@click.argument("tree")
@click.argument("element")
@click.option("--reason", required=True, help="What you compared it with, and what you found.")
@unlocking
@reporting
def command(
    archive: Path,
    tree: str,
    element: str,
    reason: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Say that an ELEMENT of a TREE is worded rightly, signed by you.

    It holds as long as wording, source and version stay what they are.

    \b
    Example:
      dalil law sign /srv/archive rome 28-a/control --reason "compared with art. 28, 2024 text"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.law.writing import sign_off

    casebook = Casebook.open(archive)
    signed = sign_off(casebook, view_of("restricted"), tree, element, reason)
    signer = unlock_archive(archive, passphrase_file)
    entry = casebook.write([signed], signer)
    done = Checked(signed.id, tree, element, signed.said, entry.seq)
    said = phrase("law", "signed", lang, element=element, who=signer.person_name, seq=entry.seq)
    report(done, said, as_json=as_json)
