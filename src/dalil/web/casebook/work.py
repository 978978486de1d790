"""Long work of this room: reading a list to its end, bringing it in, handing lists out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.import_sheet import Listing, bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.export.statement import Exported, give_out
from dalil.casebook.index.view import View, view_of
from dalil.errors import ImportRefused
from dalil.web.casebook import shelf
from dalil.web.jobs.work import Done, Work

Export = Callable[[Casebook, View, Path, str | None], Exported]
# In which form, and how the file ends; csv makes a folder.
FORMS: Mapping[str, tuple[Export, str]] = {
    "csv": (export_csv, ""),
    "xlsx": (export_xlsx, ".xlsx"),
    "ftm": (export_ftm, ".ftm.json"),
    "annotations": (export_annotations, ".jsonld"),
    "geojson": (export_geojson, ".geojson"),
}


def look(work: Work) -> Done:
    """Read a list to its end and say what is in it, or every place that is wrong."""
    token = str(work.params["token"])
    folder = shelf.place(work.desk, token)
    faults = Faults()
    try:
        listing = _listing(work, folder, faults)
    except ImportRefused as refused:
        found = shelf.Seen(faults=tuple(faults.found), refused=refused.about)
    else:
        found = shelf.Seen(
            layout=listing.layout,
            files=listing.files,
            unread=listing.unread,
            kinds=listing.kinds,
            remarks=listing.remarks,
        )
    shelf.write(folder, shelf.SEEN, found)
    return Done("casebook:import-seen", (token,), "casebook.looked-at")


def bring(work: Work) -> Done:
    """Bring a list in that was looked at; stopped, the same work goes on."""
    folder = shelf.place(work.desk, str(work.params["token"]))
    listing = _listing(work, folder, Faults())
    brought = bring_in(Casebook.open(work.archive), listing, work.signer, work.progress)
    # What it says is in the acts now; no second copy of it stays behind.
    shutil.rmtree(folder / shelf.FILES)
    case = (listing.into.case,)
    numbers = {"n": brought.records, "skipped": brought.skipped}
    return Done("casebook:case", case, "casebook.brought-in", numbers)


def hand_out(work: Work) -> Done:
    """Write lists of a case and the act that says to whom they go, and why."""
    token = str(work.params["token"])
    folder = shelf.place(work.desk, token)
    if not (folder / f"{shelf.GIVEN}.json").is_file():
        wanted = shelf.wanted(folder)
        export, ending = FORMS[wanted.form]
        casebook = Casebook.open(work.archive)
        view = view_of(wanted.see, wanted.known_on, wanted.said_by, wanted.on)
        out = folder / f"{wanted.case}{ending}"
        exported = export(casebook, view, out, wanted.case)
        entry = give_out(exported, wanted.to, wanted.reason, casebook.ledger, work.signer)
        made = shelf.Given(out.name, exported.counts, exported.says, entry.seq)
        shelf.write(folder, shelf.GIVEN, made)
    return Done("casebook:given", (token,), "casebook.handed-out")


def _listing(work: Work, folder: Path, faults: Faults) -> Listing:
    wanted = shelf.wanted(folder)
    maps = folder / shelf.MAP
    return look_at(
        Casebook.open(work.archive),
        _sheets(folder / shelf.FILES),
        wanted.case,
        wanted.see,
        faults,
        maps / wanted.map if wanted.map else None,
    )


def _sheets(folder: Path) -> Path:
    """Return the one file that was sent, or the folder of several."""
    found = sorted(folder.iterdir())
    return found[0] if len(found) == 1 else folder


KINDS = {"look": look, "bring": bring, "hand-out": hand_out}
