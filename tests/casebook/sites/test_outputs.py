"""Where something lies exactly stands in no output of a lower class, in whatever form."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from casebook.sites.pit import CASE, EXACT, HOME, Pit, copy_of, rival, strict
from dalil.casebook.casebook import Casebook
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import Record, kinds
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sites import Identification, Position, SiteState
from dalil.casebook.record.things import Entity
from dalil.casebook.record.victims import Victim
from dalil.casebook.report.case_report import report_case
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.paged.site import show_site
from dalil.casebook.report.paged.thing import show_thing
from dalil.casebook.report.record_shown import show_record
from dalil.casebook.report.text import as_text
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.victims.listed import said_of
from dalil.cli.saying import plain
from dalil.cli.victims_list import victim_said
from dalil.dossier.bag import Bag
from dalil.dossier.claims.gathering import ClaimsOrder, gather_claims, write_claims
from dalil.dossier.opening import ProtectedNames
from dossier.claims.test_claims_in_the_case_file import opened

Output = Callable[[Pit, View, Path], str]
NOBODY = ProtectedNames(frozenset(), frozenset())


@pytest.fixture(scope="module")
def pit(kept: Pit, tmp_path_factory: pytest.TempPathFactory) -> Pit:
    """Return the grave with a revision and a rule; only read."""
    pit = copy_of(kept, tmp_path_factory.mktemp("told"))
    pit.write(rival(pit, pit.rival, north=8, revises=1), strict(pit))
    return pit


def _exported(export: Callable[..., Any], ending: str) -> Output:
    def output(pit: Pit, view: View, folder: Path) -> str:
        out = folder / f"out{ending}"
        export(pit.bureau.casebook, view, out)
        paths = [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file())
        if ending == ".xlsx":
            with zipfile.ZipFile(out) as book:
                return "\n".join(book.read(name).decode() for name in book.namelist())
        return "\n".join(path.read_text("utf-8-sig") for path in paths)

    return output


def _json(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, default=str)


def _records(pit: Pit, view: View, _folder: Path) -> str:
    desk, casebook = open_desk(pit.bureau.casebook, view), pit.bureau.casebook
    shown = (Entity, Position, Relation, SiteState, Identification)
    found = [known for kind in shown for known in casebook.find(kind, view)]
    return "\n".join(_json(show_record(desk, known)) for known in found)


def _report(pit: Pit, view: View, _folder: Path) -> str:
    shown = report_case(pit.bureau.casebook, CASE, view)
    return "\n".join([_json(shown), as_text(shown, "en"), as_text(shown, "ar")])


def _case_file(pit: Pit, view: View, folder: Path) -> str:
    see = ("open", "restricted", "sealed")[view.clearance]
    ledger = Casebook.open(pit.bureau.archive).ledger
    claims = gather_claims(ledger, ClaimsOrder(CASE, see), {}, NOBODY)
    bag = Bag(folder, 0)
    write_claims(bag, claims, ledger, "Court", pit.bureau.signer)
    written = "\n".join(p.read_text("utf-8") for p in folder.rglob("*") if p.is_file())
    # Of a part, fields are written as disclosures, which hide a number from whoever looks for it.
    return written + json.dumps(opened(folder), ensure_ascii=False)


def _victims(pit: Pit, view: View, _folder: Path) -> str:
    casebook = pit.bureau.casebook
    ids = [known.record.id for known in casebook.find(Victim, view)]
    said = said_of(open_desk(casebook, view), ids)
    return _json([victim_said(each, {}) for each in said])


def _found(pit: Pit, view: View, _folder: Path) -> str:
    return _json(search(pit.bureau.casebook, Query("", limit=1000), view))


OUTPUTS: dict[str, Output] = {
    "csv": _exported(partial(export_csv, history=True), ""),
    "xlsx": _exported(export_xlsx, ".xlsx"),
    "ftm": _exported(export_ftm, ".jsonl"),
    "geojson": _exported(export_geojson, ".geojson"),
    "annotations": _exported(export_annotations, ".json"),
    "records": _records,
    "report": _report,
    "case file": _case_file,
    "search": _found,
    "site": lambda pit, view, _: _json(show_site(pit.bureau.casebook, view, pit.site)),
    "victims": _victims,
    "thing": lambda pit, view, _: _json(show_thing(pit.bureau.casebook, view, pit.site, 0, 50)),
}
# These hold no position at all.
PLACELESS = {"annotations", "report", "search", "victims"}


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("see", ["open", "restricted"])
def test_no_exact_position_is_in(pit: Pit, name: str, see: str, tmp_path: Path) -> None:
    shown = OUTPUTS[name](pit, view_of(see), tmp_path)
    assert pit.site in shown or name in PLACELESS
    kept = (*EXACT, pit.hidden, *(HOME if see == "open" else ()))
    assert [each for each in kept if each in shown] == []


@pytest.mark.parametrize("name", sorted(OUTPUTS.keys() - PLACELESS))
def test_whoever_may_know_finds_it_in(pit: Pit, name: str, tmp_path: Path) -> None:
    shown = OUTPUTS[name](pit, view_of("sealed"), tmp_path)
    assert any(each in shown for each in EXACT)


def test_whoever_may_know_is_told_where_a_victim_lived(pit: Pit, tmp_path: Path) -> None:
    assert HOME[0] in OUTPUTS["victims"](pit, view_of("restricted"), tmp_path)


def test_two_exports_say_the_same(pit: Pit, tmp_path: Path) -> None:
    first, second = (
        _exported(export_geojson, f".{n}.geojson")(pit, view_of("open"), tmp_path) for n in (1, 2)
    )
    assert json.loads(first)["features"] == json.loads(second)["features"]
    of_site = [each for each in json.loads(first)["features"] if pit.site in json.dumps(each)]
    assert len(of_site) > 2
    assert len({str(each["geometry"]) for each in of_site}) == 1


def test_a_record_told_coarsely_says_so_and_is_not_handed_out_to_be_revised(pit: Pit) -> None:
    casebook, view = pit.bureau.casebook, view_of("restricted")
    for id_, fields in (
        (pit.site, ("lat_e6", "lon_e6", "radius_m")),
        (pit.rival, ("lat_e6", "locator", "lon_e6", "note", "radius_m", "verbatim")),
    ):
        shown = show_record(open_desk(casebook, view), casebook.get(id_, view))
        assert shown.withheld == fields


def _kinds_here(pit: Pit) -> set[str]:
    found: list[Record] = [
        known.record
        for kind in kinds().values()
        for known in pit.bureau.casebook.find(kind, view_of("sealed"))
    ]
    return {each.kind for each in found}


def test_every_kind_on_sites_is_among_what_is_tried(pit: Pit) -> None:
    tried = {"position", "site_state", "warning", "precision", "remains", "identification"}
    assert tried <= _kinds_here(pit)
