"""dalil redact: some seconds with parts hidden, with a proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.publishing import FROM, HIDE, ITEM, MUTE, OUT, TO, conditions, said, spans, tell
from dalil.cli.saying import reporting


@click.command("redact")
@ARCHIVE
@ITEM
@FROM
@TO
@HIDE
@click.option("--sound", is_flag=True, help="Publish the first sound track too.")
@MUTE
@conditions
@OUT
@unlocking
@reporting
def command(
    archive: Path,
    item: str,
    from_: str,
    to: str,
    hide: tuple[str, ...],
    sound: bool,
    mute: tuple[str, ...],
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the conditions, as click gives them
) -> None:
    """Publish the pictures from FROM up to TO, with every tile that a box touches left out.

    The lossless rendition carries the proof; the small copy beside it is for looking, and carries
    none. There is no sound unless it is asked for.

    \b
    Example:
      dalil redact /srv/archive 3f2a --from 00:10 --to 00:20 --hide 320,64,128,128 \\
        --reason R1 --basis "Order 12/2026" --recipient press --rule "rule 7" \\
        --whole-exists --whole-for "court and defence" --purpose public -o /media/stick/part
    """
    from dalil.disclose.pictures import parse_box, redact
    from dalil.disclose.position import parse_position

    stated = said(options)
    begin, end, muted = parse_position(from_), parse_position(to), spans(mute)
    boxes = [parse_box(each) for each in hide]
    signer = unlock_archive(archive, passphrase_file)
    published = redact(
        archive, item, begin, end, boxes, stated, signer, out, sound=sound, muted=muted
    )
    tell(published, lang, as_json=as_json, sound=sound)
