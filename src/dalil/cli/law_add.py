"""dalil law add: a tree of law of your own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import CLASSES


@dataclass(frozen=True, slots=True)
class Added:
    """A tree that was read: how much is in it, and the act that wrote it (absent: a dry run)."""

    key: str
    parts: int
    elements: int
    record: str
    seq: int | None


@click.command("add")
@ARCHIVE
@click.argument("file", type=click.File("rb"))
@click.option("--see", type=click.Choice(CLASSES), default="restricted", help="Who may see it.")
@click.option("--dry-run", is_flag=True, help="Only read and check; write nothing.")
@unlocking
@reporting
def command(
    archive: Path,
    file: BinaryIO,
    see: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring a tree of law from a YAML FILE (docs/elements-of-crimes.md), as one signed act.

    A tree with the key of one that is here stands in its place from then on.

    \b
    Example:
      dalil law add /srv/archive ../bosnia.yaml
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.law.reading import MOST_BYTES, read_tree
    from dalil.casebook.law.shelf import tree_record
    from dalil.errors import ImportRefused

    data = file.read(MOST_BYTES + 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise ImportRefused(f"line {line}: this is not UTF-8") from None
    casebook, tree = Casebook.open(archive), read_tree(text)
    record = tree_record(casebook, text, see)
    entry = None if dry_run else casebook.write([record], unlock_archive(archive, passphrase_file))
    seq = entry.seq if entry else None
    done = Added(tree.key, len(tree.parts), len(list(tree.elements())), record.id, seq)
    said = phrase(
        "law", "dry" if dry_run else "added", lang,
        tree=done.key, parts=done.parts, elements=done.elements, seq=done.seq,
    )  # fmt: skip
    report(done, said, as_json=as_json)
