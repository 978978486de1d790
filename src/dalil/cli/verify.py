"""dalil verify: check what somebody gave you."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.saying import reporting

if TYPE_CHECKING:
    from dalil.verifier.verify import Report

# What verify.py leaves unsaid, since a demuxer or a decoder is needed for it.
LEFT_TO_A_DECODER = frozenset({"tiles-need-decoding", "container-timing"})


@click.command("verify")
@click.argument("path", type=click.Path(exists=True))
@click.option(
    "--vkey",
    type=click.Path(exists=True, dir_okay=False),
    help="The archive's two verifier keys, as you have them from elsewhere.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False),
    help="An older checkpoint or receipt: has the log only grown since?",
)
@click.option(
    "--play-to",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a checked excerpt anew, with the sealed timing, to a new .mp4 or .mkv.",
)
@reporting
def command(
    path: str,
    vkey: str | None,
    against: str | None,
    play_to: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """Check a case file, an archive, or a published part with its proof.

    The same checks as verify.py in every case file, and besides, what needs a demuxer or a
    decoder: when the player shows each packet, and the pixels of redacted footage.

    \b
    Example:
      dalil verify /media/stick/case --lang ar
    """
    from dalil.verifier import verify

    report = verify.examine(path, vkey, against)
    names = {str(f.values["name"]) for f in report.findings if f.code in LEFT_TO_A_DECODER}
    for name in sorted(names):
        _open_media(report, name, vkey)
    if play_to is not None and report.exit_code == 0:
        _play(Path(path), play_to, vkey)
    click.echo((verify.as_json if as_json else verify.as_text)(report, lang))
    return report.exit_code


def _keys(vkey: str | None) -> list[str] | None:
    if vkey is None:
        return None
    return Path(vkey).read_text(encoding="ascii", errors="replace").split("\n")[:2]


def _play(path: Path, out: Path, vkey: str | None) -> None:
    from dalil.disclose.check_proof import play_published

    suffix = ".excerpt-proof"
    proof = path if path.name.endswith(suffix) else path.with_name(path.name + suffix)
    play_published(proof, out, _keys(vkey))


def _open_media(report: Report, name: str, vkey: str | None) -> None:
    from dalil.disclose.check_proof import check_published
    from dalil.engines.processes import bounds_for, run_isolated
    from dalil.errors import MediaUnreadable, Refusal

    place = Path(report.path)
    published = (place if place.is_dir() else place.parent) / name
    proof = published.with_name(published.name + ".excerpt-proof")
    bounds = bounds_for(published.stat().st_size)
    mine = [f for f in report.findings if f.values.get("name") == name]
    # A stranger's footage is opened in a process of its own: it may be made to do harm.
    [(_, found)] = run_isolated(check_published, [(proof, _keys(vkey))], 1, lambda _: bounds)
    if isinstance(found, MediaUnreadable):
        report.say("cannot-tell", "media-unread", name=name, why=str(found))
        return
    report.findings[:] = [
        f for f in report.findings if f not in mine or f.code not in LEFT_TO_A_DECODER
    ]
    if isinstance(found, Refusal):
        report.say("broken", "media-refused", name=name, why=str(found))
    elif found.tiles:
        shown = found.tiles - found.tiles_withheld
        report.say("intact", "tiles-decoded", name=name, number=shown, total=found.tiles)
    else:
        report.say("intact", "packets-compared", name=name)
