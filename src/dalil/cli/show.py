"""dalil show: one item and what was done with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.intake.listing import ItemShown

NANO = 10**9
SHOWN = (
    "name_text", "to", "judgement", "reason", "reasons", "recipient", "kind", "source",
    "generation",
)  # fmt: skip


@click.command("show")
@ARCHIVE
@click.argument("item")
@reporting
def command(archive: Path, item: str, lang: str, *, as_json: bool) -> None:
    """Show one item: what it is, how it came, and every act about it.

    \b
    Example:
      dalil show /srv/archive 4f0c1d
    """
    from dalil.intake.listing import find_item, show_item

    shown = show_item(archive, find_item(archive, item))
    report(shown, "\n".join(_lines(shown, lang)), as_json=as_json)


def _lines(shown: ItemShown, lang: str) -> Iterator[str]:
    yield phrase("show", "item", lang, item=shown.item, names=", ".join(shown.names))
    yield phrase("show", "bytes", lang, length=f"{shown.length:,}")
    yield f"  SHA-256  {shown.sha256}\n  SHA-512  {shown.sha512}\n  BLAKE3   {shown.blake3}"
    units, frames = sum(shown.units), sum(shown.frames)
    if shown.sealed_by == "units":
        yield phrase("show", "by-units", lang, units=f"{units:,}", frames=f"{frames:,}")
    else:
        yield phrase("show", "by-bytes", lang, units=f"{units:,}")
    if shown.duration_ns is not None:
        yield phrase("show", "duration", lang, seconds=f"{shown.duration_ns / NANO:.3f}")
    if shown.decoder_dependent:
        yield phrase("show", "decoder-dependent", lang)
    yield phrase("show", "root", lang, root=shown.tree_root)
    if not shown.telling:
        yield phrase("show", "no-telling", lang)
    for hop in shown.telling:
        said = {"hop": hop.hop, "who": hop.who, "how": hop.how, "source": hop.source}
        yield phrase("show", "hop", lang, when=f", {hop.when}" if hop.when else "", **said)
    for act in shown.acts:
        about = "; ".join(str(act.fields[name]) for name in SHOWN if act.fields.get(name))
        yield f"  {act.time}  {act.seq:>6}  {act.type}  {about}"
