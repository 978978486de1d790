"""dalil excerpt: some seconds as they are, with a proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.publishing import FROM, ITEM, MUTE, OUT, TO, conditions, said, spans, tell
from dalil.cli.saying import reporting


@click.command("excerpt")
@ARCHIVE
@ITEM
@FROM
@TO
@MUTE
@click.option("--all-sound", is_flag=True, help="Every sound track, not the first alone.")
@conditions
@OUT
@unlocking
@reporting
def command(
    archive: Path,
    item: str,
    from_: str,
    to: str,
    mute: tuple[str, ...],
    all_sound: bool,
    out: Path,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
    **options: Any,  # noqa: ANN401 - the conditions, as click gives them
) -> None:
    """Publish the whole groups of pictures that hold FROM to TO, byte for byte, with a proof.

    \b
    Example:
      dalil excerpt /srv/archive 3f2a --from 00:10 --to 00:20 --reason R3 \\
        --basis "Order 12/2026" --recipient "Court of Koblenz" --rule "rule 4" \\
        --whole-exists --whole-for "court and defence" --purpose court -o /media/stick/part
    """
    from dalil.disclose.excerpt import excerpt
    from dalil.disclose.position import parse_position

    stated = said(options)
    begin, end, muted = parse_position(from_), parse_position(to), spans(mute)
    signer = unlock_archive(archive, passphrase_file)
    published = excerpt(
        archive, item, begin, end, stated, signer, out, muted=muted, all_sound=all_sound
    )
    tell(published, lang, as_json=as_json, sound=True)
