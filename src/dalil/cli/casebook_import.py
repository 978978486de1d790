"""dalil casebook import: lists into the casebook, all of a list or nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, plain, report, reporting
from dalil.cli.viewing import CLASSES
from dalil.errors import ImportRefused

if TYPE_CHECKING:
    from dalil.casebook.exchange.import_sheet import Listing
    from dalil.casebook.exchange.sheets import Fault, Faults
    from dalil.casebook.recording import Brought

WORDS = "casebook_import"
LINES = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do: ``acts`` is empty for a dry run.

    ``records`` counts what the list holds, by kind; ``written`` and ``skipped`` what was new and
    what was there already. ``remarks``: cells that were kept as they are, and are worth a
    look. ``unread``: what lies beside and was not read.
    """

    layout: str
    case: str
    see: str
    files: list[str]
    unread: list[str]
    records: dict[str, int]
    written: int | None
    skipped: int | None
    acts: list[int]
    remarks: list[Fault]
    dry_run: bool


@click.command("import")
@ARCHIVE
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A field map (YAML or JSON): which column becomes which field.",
)
@click.option("--case", help="The case that it belongs to; else the name of the folder or file.")
@click.option("--dry-run", is_flag=True, help="Read and check all of it; write nothing.")
@click.option(
    "--see",
    type=click.Choice(CLASSES),
    default="restricted",
    show_default=True,
    help="The class of what is brought in.",
)
@unlocking
@reporting
def command(
    archive: Path,
    path: Path,
    map_file: Path | None,
    case: str | None,
    see: str,
    passphrase_file: Path | None,
    lang: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Bring lists in: CSV, TSV, XLSX or JSON, a file or a folder. All of a list, or nothing.

    Everything is read and checked first; what is wrong is named by file, row and column. Stopped,
    the same command goes on; the same list twice says nothing twice.

    \b
    Example:
      dalil casebook import /srv/archive lists/harbour --dry-run
      dalil casebook import /srv/archive lists/harbour
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.exchange.import_sheet import bring_in, look_at
    from dalil.casebook.exchange.sheets import Faults

    # Unlocking takes much memory for a moment, so the lists are read after it.
    signer = None if dry_run else unlock_archive(archive, passphrase_file)
    casebook = Casebook.open(archive)
    faults = Faults()
    try:
        listing = look_at(casebook, path, case, see, faults, map_file)
    except ImportRefused as refused:
        if not faults.found:
            raise
        _say_faults(refused, faults, lang, as_json=as_json)
        return refused.exit_code
    brought = None
    if signer is not None:
        with _progress() as advance:
            brought = bring_in(casebook, listing, signer, advance)
    done = _imported(listing, brought)
    report(done, "\n".join(_lines(done, lang)), as_json=as_json)
    return 0


def _imported(listing: Listing, brought: Brought | None) -> Imported:
    return Imported(
        layout=listing.layout,
        case=listing.into.case,
        see=listing.into.see,
        files=list(listing.files),
        unread=list(listing.unread),
        records=dict(listing.kinds),
        written=None if brought is None else brought.records,
        skipped=None if brought is None else brought.skipped,
        acts=[] if brought is None else list(brought.acts),
        remarks=list(listing.remarks),
        dry_run=brought is None,
    )


def _lines(done: Imported, lang: str) -> Iterator[str]:
    from dalil.casebook.text.names import isolate

    numbers = {
        "total": sum(done.records.values()),
        "written": done.written,
        "skipped": done.skipped,
    }
    about = {
        "files": ", ".join(isolate(name) for name in done.files),
        "case": isolate(done.case),
        "see": phrase(WORDS, f"see-{done.see}", lang),
    }
    yield phrase(WORDS, "would" if done.dry_run else "done", lang, **about, **numbers)
    for kind, count in done.records.items():
        yield phrase(WORDS, "kind", lang, kind=phrase(WORDS, f"kind-{kind}", lang), count=count)
    if done.unread:
        unread = ", ".join(isolate(name) for name in done.unread)
        yield phrase(WORDS, "unread", lang, files=unread)
    if done.acts:
        acts = ", ".join(map(str, done.acts))
        yield phrase(WORDS, "acts", lang, acts=acts)
    if done.remarks:
        yield phrase(WORDS, "remarks", lang, count=len(done.remarks))
    for each in done.remarks[:LINES]:
        yield _fault_line(each, lang)
    if len(done.remarks) > LINES:
        yield phrase(WORDS, "more", lang, count=len(done.remarks) - LINES)


def _fault_line(fault: Fault, lang: str) -> str:
    from dalil.casebook.exchange.expected import expectation
    from dalil.casebook.text.names import isolate

    where = isolate(fault.file)
    if fault.row is not None:
        where = phrase(WORDS, "row", lang, where=where, row=fault.row)
    if fault.column is not None:
        where = phrase(WORDS, "column", lang, where=where, column=isolate(fault.column))
    value = isolate(fault.value) if fault.value else phrase(WORDS, "nothing", lang)
    expected = expectation(fault.expected, lang)
    return phrase(WORDS, "fault", lang, where=where, value=value, expected=expected)


def _say_faults(refused: ImportRefused, faults: Faults, lang: str, *, as_json: bool) -> None:
    told = refused.told(lang)
    if as_json:
        said = {"refused": "ImportRefused", "happened": told.happened, "safe": told.safe}
        said |= {"next_step": told.next_step, "exit_code": str(refused.exit_code)}
        document = {**said, "faults": plain(faults.found)}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True))
        return
    lines = [_fault_line(fault, lang) for fault in faults.found]
    click.echo("\n".join([told.happened, *lines, told.safe, told.next_step]), err=True)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("import"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
