"""dalil casebook export: hand lists out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dalil.casebook.casebook import Casebook
    from dalil.casebook.export.statement import Exported
    from dalil.casebook.index.view import View

FORMS = ("csv", "xlsx", "ftm", "annotations", "geojson")


@click.command("export")
@ARCHIVE
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--as", "form", type=click.Choice(FORMS), required=True, help="In which form.")
@click.option("--case", help="Only this case, with all that it names and all that is said of that.")
@click.option("--to", required=True, help="Who gets it.")
@click.option("--reason", required=True, help="Why they get it.")
@click.option("--history", is_flag=True, help="Earlier revisions too, in a folder (csv).")
@viewing
@unlocking
@reporting
def command(
    archive: Path,
    out: Path,
    form: str,
    case: str | None,
    to: str,
    reason: str,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    history: bool,
    as_json: bool,
) -> None:
    """Hand out what may be seen as sheets, FollowTheMoney, W3C annotations or GeoJSON, as an act.

    csv makes a folder that can be brought in again; the other forms make a file.

    \b
    Example:
      dalil casebook export /srv/archive lists/harbour --as csv --case harbour \\
          --to "Archive of the north" --reason "exchange of lists"
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.export.statement import give_out
    from dalil.casebook.index.view import view_of
    from dalil.errors import UsageRefused

    if history and form != "csv":
        raise UsageRefused("--history: earlier revisions leave as csv only")
    view = view_of(see, known_on, said_by, on)
    signer = unlock_archive(archive, passphrase_file)
    casebook = Casebook.open(archive)
    exported = _export(casebook, view, out, form, case, history=history)
    entry = give_out(exported, to, reason, casebook.ledger, signer)
    lines = [*_lines(exported, lang), phrase("casebook_export", "act", lang, to=to, seq=entry.seq)]
    report(exported, "\n".join(lines), as_json=as_json)


def _export(
    casebook: Casebook, view: View, out: Path, form: str, case: str | None, *, history: bool
) -> Exported:
    if form == "csv":
        from dalil.casebook.export.sheets import export_csv

        return export_csv(casebook, view, out, case, history=history)
    if form == "xlsx":
        from dalil.casebook.export.sheets import export_xlsx

        return export_xlsx(casebook, view, out, case)
    if form == "ftm":
        from dalil.casebook.export.ftm import export_ftm

        return export_ftm(casebook, view, out, case)
    if form == "annotations":
        from dalil.casebook.export.annotations import export_annotations

        return export_annotations(casebook, view, out, case)
    from dalil.casebook.export.geojson import export_geojson

    return export_geojson(casebook, view, out, case)


def _lines(exported: Exported, lang: str) -> Iterator[str]:
    counts = ", ".join(f"{kind} {count:,}" for kind, count in exported.counts) or "0"
    yield phrase("casebook_export", "written", lang, out=exported.out, counts=counts)
    yield from (f"  {sentence}" for sentence in exported.sentences(lang))
    for cell in exported.cells:
        where = {"file": cell.file, "row": cell.row, "column": cell.column}
        yield phrase("casebook_export", "formula", lang, **where)
