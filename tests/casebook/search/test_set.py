"""The set that every system is measured with: its own count of hits is ours, both spellings too."""

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Relation
from dalil.casebook.search.search import search
from shared_data import shared

ROOT = Path(__file__).resolve().parents[3]
# Fewer, and the set cannot name the person of its own queries.
DOCUMENTS, PEOPLE = 560, 20_000


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """Return the bench, turned to a set of our size."""
    script = shared("bench", "search") / "gen_dataset.py"
    folder = tmp_path_factory.mktemp("set")
    numbers = [str(DOCUMENTS), str(PEOPLE)]
    subprocess.run([sys.executable, script, folder, *numbers], check=True, timeout=120)
    spec = importlib.util.spec_from_file_location("bench_search", ROOT / "bench/bench_search.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.SET = folder  # type: ignore[attr-defined]
    return module


@pytest.fixture(scope="module")
def bureau(bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return an archive into which the set was brought."""
    bureau = open_bureau(tmp_path_factory.mktemp("bureau"))
    links = list(bench.links())
    linked = {end for link in links for end in (link.a, link.b)}
    people = [person for person in bench.people() if person.id in linked]
    said: list[Record] = [*bench.documents(), *people, *bench.incidents(), *links]
    records = chain(bench.sources(), _places_of(bench, said), said)
    brought = bureau.casebook.bring_in("set", records, bureau.signer)
    assert brought.records > 3 * DOCUMENTS
    return bureau


def _places_of(bench: ModuleType, said: list[Record]) -> list[Record]:
    """Return the places that are spoken of, with all that they are part of."""
    every: list[Record] = list(bench.places())
    links = [r for r in (*every, *said) if isinstance(r, Relation) and r.relation != "related_to"]
    above = {r.a: r.b or "" for r in links if r.relation == "part_of"}
    used = {r.b or "" for r in links if r.relation == "located_at"}
    waiting = set(used)
    while waiting:
        waiting = {outer for each in waiting if (outer := above.get(each))} - used
        used |= waiting
    return [r for r in every if (r.a if isinstance(r, Relation) else r.id) in used]


def test_every_query_of_the_set_has_the_hits_that_the_set_counts(
    bench: ModuleType, bureau: Bureau
) -> None:
    truth = json.loads((bench.SET / "truth.json").read_text("utf-8"))
    totals = {}
    for name, (query, _, right) in bench.queries(truth).items():
        totals[name] = search(bureau.casebook, query, view_of()).total
        assert right is None or totals[name] == right, name
    assert totals["إعدام"] == totals["اعدام"] > 0
    assert totals["word in 35 %"] > totals["two words"] > 0
    assert totals["place with children"] > totals["text + place + year"] > 0
    assert totals["within 5 km"] >= totals["one community"] > 0
    assert totals["person by name"] == totals["person by Arabic name"] > 0


def test_pages_hold_each_hit_once_and_as_many_as_are_told(
    bench: ModuleType, bureau: Bureau
) -> None:
    truth = json.loads((bench.SET / "truth.json").read_text("utf-8"))
    query = bench.queries(truth)["word in 35 %"][0]
    total = search(bureau.casebook, query, view_of()).total
    found = [
        hit.id
        for first in range(0, total, 30)
        for hit in search(bureau.casebook, replace(query, offset=first), view_of()).hits
    ]
    assert len(found) == len(set(found)) == total


def test_the_set_can_be_brought_in_again_and_nothing_is_twice(
    bench: ModuleType, bureau: Bureau
) -> None:
    before = bureau.casebook.ledger.size
    again = bureau.casebook.bring_in("set again", bench.documents(), bureau.signer)
    assert again.records == 0
    assert again.skipped > DOCUMENTS
    assert bureau.casebook.ledger.size == before
