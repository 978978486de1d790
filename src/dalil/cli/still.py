"""dalil still: one picture with parts hidden, with a proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.publishing import HIDE, ITEM, OUT, conditions, said, tell
from dalil.cli.saying import reporting


@click.command("still")
@ARCHIVE
@ITEM
@click.option("--at", required=True, help="[[HH:]MM:]SS[.fff], frame:N or pts:N/TB.")
@HIDE
@conditions
@OUT
@unlocking
@reporting
def command(
    archive: Path,
    item: str,
    at: str,
    hide: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the conditions, as click gives them
) -> None:
    """Publish the picture that is on the screen at AT, with every tile that a box touches left out.

    One grey PNG for each plane carries the proof; the colour PNG beside them is derived from them.

    \b
    Example:
      dalil still /srv/archive 3f2a --at 00:12.5 --hide 320,64,128,128 \\
        --reason R1 --basis "Order 12/2026" --recipient press --rule "rule 7" \\
        --whole-exists --whole-for "court and defence" --purpose public -o /media/stick/still
    """
    from dalil.disclose.pictures import parse_box, still
    from dalil.disclose.position import parse_position

    stated = said(options)
    moment, boxes = parse_position(at), [parse_box(each) for each in hide]
    signer = unlock_archive(archive, passphrase_file)
    tell(still(archive, item, moment, boxes, stated, signer, out), lang, as_json=as_json)
