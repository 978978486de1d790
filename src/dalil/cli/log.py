"""dalil log: the record of every act."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dalil.kernel.note import SignedCheckpoint
    from dalil.ledger.check import LogCheck
    from dalil.ledger.ledger import Entry

ABOUT = ("keeper", "name_text", "name", "item", "accession", "recipient", "to", "authority")


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """One act of the log: its place, stated time, type, what is visible and what is withheld."""

    seq: int
    time: str
    type: str
    visible: object
    fields: object


@dataclass(frozen=True, slots=True)
class LogShown:
    """What `dalil log show` prints."""

    origin: str
    size: int
    root: str
    acts: list[LoggedLine]


@dataclass(frozen=True, slots=True)
class LogProved:
    """What `dalil log prove` wrote."""

    seq: int
    size: int
    receipt: str


@click.group("log")
def command() -> None:
    """Show, check and prove the record of every act."""


@command.command("show")
@ARCHIVE
@click.option("--type", "kind", help="Only acts of this type, for instance taken-in.")
@click.option("--item", help="Only acts that name this item (32 hexadecimal digits).")
@click.option("--last", type=click.IntRange(1), help="Only the last so many acts.")
@reporting
def show(
    archive: Path, kind: str | None, item: str | None, last: int | None, lang: str, *, as_json: bool
) -> None:
    """Show what was done, in order.

    \b
    Example:
      dalil log show /srv/archive --type disclosed
    """
    from dalil.ledger.ledger import Ledger

    ledger = Ledger.open(archive)
    checkpoint = ledger.note().checkpoint
    start = max(0, ledger.store.count() - last) if last and not (kind or item) else 0
    entries = ledger.acts_about(item) if item else ledger.acts(kind, start=start)
    chosen = [_line(e) for e in entries if kind is None or e.act.type == kind]
    shown = LogShown(
        checkpoint.origin,
        checkpoint.size,
        checkpoint.root.hex(),
        chosen[-last:] if last else chosen,
    )
    lines = [_sentence(line, lang) for line in shown.acts]
    lines.append(phrase("log", "covers", lang, size=shown.size, root=shown.root))
    report(shown, "\n".join(lines), as_json=as_json)


@command.command("check")
@ARCHIVE
@click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A checkpoint or receipt that was kept elsewhere; may be given more than once.",
)
@reporting
def check(archive: Path, against: Sequence[Path], lang: str, *, as_json: bool) -> int:
    """Read the whole log again and name everything that does not fit.

    \b
    Example:
      dalil log check /srv/archive --against /media/stick/act-7.tlog-proof
    """
    from dalil.ledger.ledger import Ledger

    kept = [_kept(path) for path in against]
    with progress_bar("log") as advance:
        found = Ledger.open(archive).check(advance, kept)
    report(found, _verdict(found, len(kept), lang), as_json=as_json)
    return 0 if found.intact else 1


@command.command("prove")
@ARCHIVE
@click.argument("seq", type=click.IntRange(0))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the receipt; without it, below receipts/ in the archive.",
)
@reporting
def prove(archive: Path, seq: int, output: Path | None, lang: str, *, as_json: bool) -> None:
    """Write the receipt of one act: it shows that the act is in the signed log.

    \b
    Example:
      dalil log prove /srv/archive 7 -o act-7.tlog-proof
    """
    from dalil.ledger.ledger import Ledger

    ledger = Ledger.open(archive)
    path = ledger.write_receipt(seq, output)
    proved = LogProved(seq, ledger.size, str(path))
    report(proved, phrase("log", "proved", lang, seq=seq, path=path), as_json=as_json)


def _line(entry: Entry) -> LoggedLine:
    from dalil.kernel.act import visible_of

    fields = entry.act.opened()
    time = str(fields.pop("time", ""))
    return LoggedLine(entry.seq, time, entry.act.type, visible_of(entry.act), fields)


def _sentence(line: LoggedLine, lang: str) -> str:
    fields = line.fields if isinstance(line.fields, dict) else {}
    about = next((str(fields[name]) for name in ABOUT if fields.get(name)), "")
    return phrase("log", "line", lang, seq=line.seq, time=line.time, type=line.type, about=about)


def _verdict(found: LogCheck, kept: int, lang: str) -> str:
    lines = [
        phrase("log", "broken", lang, where=each.where, what=each.what) for each in found.findings
    ]
    if found.intact:
        lines.append(phrase("log", "intact", lang, acts=found.acts))
        lines.append(phrase("log", "against" if kept else "alone", lang, count=kept))
    lines += [phrase("log", "note", lang, note=note) for note in islice(found.notes, 20)]
    return "\n".join(lines)


def _kept(path: Path) -> SignedCheckpoint:
    from dalil.errors import Malformed
    from dalil.kernel.note import parse_note
    from dalil.kernel.tlogproof import HEADER, parse_tlog_proof

    try:
        untrusted = path.read_bytes().decode()
    except ValueError:
        raise Malformed(str(path)) from None
    return (
        parse_tlog_proof(untrusted).note if untrusted.startswith(HEADER) else parse_note(untrusted)
    )
