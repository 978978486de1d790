"""What may not be seen is in no output: not its words, not its id, not whom it came from."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.invented import CASES, HARD_TEXTS, Inventor, mark_of
from dalil.casebook.casebook import Casebook
from dalil.casebook.command.who import who_commanded
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.incident.act_map import act_map, described_items
from dalil.casebook.incident.incident import incident
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import kinds
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.case_report import report_case
from dalil.casebook.report.text import as_text
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.weigh.weighing import weigh
from dalil.cli.saying import plain
from dalil.errors import NoSuchThing

ALL = view_of("sealed")
# A book in which every output holds something that others may not see.
SEED = 29
# Everything that leaves or is shown, as one text for each.
Outputs = dict[str, Callable[[Casebook, View, Path], str]]


def _exported(export: Callable[..., Any], ending: str) -> Callable[[Casebook, View, Path], str]:
    def output(casebook: Casebook, view: View, folder: Path) -> str:
        out = folder / f"out{ending}"
        export(casebook, view, out)
        paths = [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file())
        if ending == ".xlsx":
            with zipfile.ZipFile(out) as book:
                return "\n".join(book.read(name).decode() for name in book.namelist())
        return "\n".join(f"{path.name}\n{path.read_text('utf-8-sig')}" for path in paths)

    return output


def _json(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, default=str)


def _maps(casebook: Casebook, view: View, _folder: Path) -> str:
    return "\n".join(_json(act_map(casebook, i, view)) for i in described_items(casebook, view))


def _incidents(casebook: Casebook, view: View, _folder: Path) -> str:
    found = [k.record for k in casebook.find(Entity, view) if isinstance(k.record, Entity)]
    return "\n".join(_json(incident(casebook, e.id, view)) for e in found if e.type == "incident")


def _report(casebook: Casebook, view: View, _folder: Path) -> str:
    said = []
    for case in CASES:
        try:
            shown = report_case(casebook, case or "none", view)
        except NoSuchThing:
            continue
        said += [_json(shown), as_text(shown, "en"), as_text(shown, "ar")]
    return "\n".join(said)


def _weighed(casebook: Casebook, view: View, _folder: Path) -> str:
    found = weigh(casebook, view)
    return _json([found.suggestions, found.families, found.self_conflicts, found.counts])


def _who(casebook: Casebook, view: View, _folder: Path) -> str:
    found = [k.record for k in casebook.find(Entity, view) if isinstance(k.record, Entity)]
    places = [each.id for each in found if each.type in {"place", "site"}]
    return "\n".join(_json(who_commanded(casebook, id_, 735_000, view)) for id_ in places)


def _found(casebook: Casebook, view: View, _folder: Path) -> str:
    return _json(search(casebook, Query("", limit=1000), view))


OUTPUTS: Outputs = {
    "csv": _exported(partial(export_csv, history=True), ""),
    "xlsx": _exported(export_xlsx, ".xlsx"),
    "ftm": _exported(export_ftm, ".jsonl"),
    "annotations": _exported(export_annotations, ".json"),
    "geojson": _exported(export_geojson, ".geojson"),
    "act maps": _maps,
    "incidents": _incidents,
    "report": _report,
    "weighed": _weighed,
    "who commanded": _who,
    "search": _found,
}


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a casebook in which every text carries the mark of its record."""
    bureau = open_bureau(tmp_path_factory.mktemp("canary"))
    texts = [text for text in HARD_TEXTS if "\r" not in text]
    sees = ("open", "open", "open", "restricted", "sealed")
    types = ("place", "incident", "person", "unit")
    relations = ("present_at", "posted_to", "subordinate_to", "identified_in", "took_part_in")
    inventor = Inventor(Random(SEED), texts, sees, marked=True, types=types, relations=relations)
    records = inventor.book(4)
    bureau.casebook.write(records, bureau.signer)
    # What was shown once and is sealed later hides its earlier revisions too.
    later = [each for each in Random(SEED).sample(records, 8) if each.see != "sealed"]
    sealed = [replace(each, see="sealed", revises=1) for each in later]
    bureau.casebook.write(sealed, bureau.signer)
    return bureau


def hidden_from(casebook: Casebook, view: View) -> set[str]:
    """Return the ids of all records that a view may not see."""
    of = [
        {k.record.id for k in casebook.find(kind, v)}
        for kind in kinds().values()
        for v in (ALL, view)
    ]
    return set().union(*of[::2]) - set().union(*of[1::2])


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.parametrize("see", ["open", "restricted"])
def test_nothing_that_may_not_be_seen_is_in(
    bureau: Bureau, name: str, see: str, tmp_path: Path
) -> None:
    view = view_of(see)
    hidden = hidden_from(bureau.casebook, view)
    shown = OUTPUTS[name](bureau.casebook, view, tmp_path)
    assert len(hidden) > 5
    assert [id_ for id_ in hidden if id_ in shown or mark_of(id_) in shown] == []


@pytest.mark.parametrize("name", OUTPUTS)
def test_whoever_may_see_everything_finds_marks_in(
    bureau: Bureau, name: str, tmp_path: Path
) -> None:
    shown = OUTPUTS[name](bureau.casebook, ALL, tmp_path)
    hidden = hidden_from(bureau.casebook, view_of("open"))
    assert any(id_ in shown or mark_of(id_) in shown for id_ in hidden)


def test_a_word_that_may_not_be_seen_has_no_hits(bureau: Bureau) -> None:
    view = view_of("restricted")
    marks = [mark_of(id_) for id_ in sorted(hidden_from(bureau.casebook, view))]
    assert [m for m in marks if search(bureau.casebook, Query(m), view).total] == []
    assert any(search(bureau.casebook, Query(mark), ALL).total for mark in marks)


def test_a_sealed_source_is_hidden_while_what_it_says_is_not(bureau: Bureau) -> None:
    sources = {k.record.id for k in bureau.casebook.find(Source, ALL)}
    assert sources & hidden_from(bureau.casebook, view_of("restricted"))
