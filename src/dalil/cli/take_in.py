"""dalil take-in: files and folders into the archive, hash first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.intake.accession import Receipt
    from dalil.intake.telling import Hop

HOP_OPTIONS = ("who", "role", "when", "where", "how", "source")
LINES = 40


@click.command("take-in")
@ARCHIVE
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=bytes))
@click.option("--telling", type=click.Path(path_type=Path), help="YAML file: how it came to us.")
@click.option("--who", help="One hop of the telling: who had it.")
@click.option("--role", help="… in what role.")
@click.option("--when", help="… when: a date, or an uncertain one such as 2019~.")
@click.option("--where", help="… where.")
@click.option("--how", help="… how it came to them.")
@click.option("--source", help="… who says so.")
@click.option("--generation", default="unknown", help="First copy, later copy, re-encoded by …")
@click.option("--note", default="", help="A note on the whole of it.")
@click.option("--tiles/--no-tiles", default=True, help="Seal decoded pictures too (slower).")
@click.option("--expand/--whole", default=True, help="Look into ZIP and TAR.")
@unlocking
@reporting
def command(
    archive: Path,
    paths: tuple[bytes, ...],
    telling: Path | None,
    generation: str,
    note: str,
    tiles: bool,
    expand: bool,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
    **hop: str | None,
) -> int:
    """Take files and folders in: hash first, look later. Stopped, the same command goes on.

    \b
    Example:
      dalil take-in /srv/archive /media/stick --telling telling.yaml
    """
    hops = _telling(telling, hop)
    # Unlocking takes much memory for a moment, so the rest is loaded after it.
    signer = unlock_archive(archive, passphrase_file)
    from dalil.intake.take_in import Options, take_in
    from dalil.ledger.ledger import Ledger

    options = Options(tiles=tiles, generation=generation, note=note, expand=expand)
    with progress_bar("take in") as advance:
        receipt = take_in(archive, paths, signer, hops, options, advance)
    ledger = Ledger.open(archive)
    closing = [e.seq for e in ledger.accession_acts(receipt.accession)][-1]
    where = ledger.write_receipt(closing)
    lines = list(_lines(receipt, lang))
    lines.append(phrase("take_in", "receipt", lang, seq=closing, path=where))
    report(receipt, "\n".join(lines), as_json=as_json)
    return int(_refused(receipt))


def _telling(file: Path | None, hop: dict[str, str | None]) -> tuple[Hop, ...]:
    from dalil.intake.telling import hop_from_options, read_telling

    given = {name: value for name, value in hop.items() if value}
    hops = read_telling(file) if file is not None else ()
    return (*hops, hop_from_options(given)) if given else hops


def _refused(receipt: Receipt) -> bool:
    return any(each.refused for each in receipt.unread) or any(map(_refused, receipt.members))


def _lines(receipt: Receipt, lang: str) -> Iterator[str]:
    twice = sum(each.duplicate_of for each in receipt.items)
    octets = sum(each.length for each in receipt.items)
    numbers = {"receipts": len(receipt.items), "new": receipt.new_items, "twice": twice}
    key = "members" if receipt.paths[0].startswith("urn:dalil:item:") else "taken-in"
    source = ", ".join(receipt.paths)
    yield phrase("take_in", key, lang, source=source, bytes=f"{octets:,}", **numbers)
    for each in receipt.items[:LINES]:
        again = phrase("take_in", "again", lang) if each.duplicate_of else ""
        yield f"  {each.item[:12]}  {each.length:>14,}  {each.name_text}{again}"
    if len(receipt.items) > LINES:
        yield phrase("take_in", "more", lang, count=len(receipt.items) - LINES)
    if receipt.resumed:
        yield phrase("take_in", "resumed", lang)
    if receipt.messenger:
        yield phrase("take_in", "messenger", lang, messenger=receipt.messenger)
    for name in receipt.gaps:
        yield phrase("take_in", "gap", lang, name=name)
    for unread in receipt.unread:
        yield phrase("take_in", "unread", lang, name=unread.name, why=unread.why)
    for member in receipt.members:
        yield from _lines(member, lang)
    yield phrase(
        "take_in", "accession", lang, accession=receipt.accession, manifest=receipt.manifest_sha256
    )
