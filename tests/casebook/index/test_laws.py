"""Laws of the whole casebook, on invented histories: what must hold whatever was written."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from casebook.history import FEW, invented_history, write
from casebook.invented import Inventor
from dalil.casebook.casebook import Casebook
from dalil.casebook.command.who import who_commanded
from dalil.casebook.export.sheets import export_csv
from dalil.casebook.index.view import SEES, View
from dalil.casebook.record.form import Record, kinds
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.things import Entity
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.casebook.weigh.weighing import weigh

SEEDS = st.integers(0, 2**32)


def in_another_order(records: list[Record], random: Random) -> list[Record]:
    """Return records in another order in which each still comes after what it names."""
    left = {record.id: record for record in random.sample(records, len(records))}
    found: list[Record] = []
    while left:
        free = [r for r in left.values() if not any(m.target in left for m in mentions_of(r))]
        found.append(random.choice(free))
        del left[found[-1].id]
    return found


@FEW
@given(SEEDS)
def test_what_is_told_does_not_hang_on_the_order_of_arrival(seed: int) -> None:
    records = Inventor(Random(seed)).book()
    told = []
    for order in (records, in_another_order(records, Random(seed))):
        with TemporaryDirectory() as folder:
            bureau = open_bureau(Path(folder))
            cut = Random(seed).randint(1, len(order) - 1)
            for part in (order[:cut], order[cut:]):
                bureau.casebook.write(part, bureau.signer)
                list(bureau.casebook.find(Record, View()))
            told.append([of_view(bureau.casebook, View(level)) for level in range(3)])
    assert told[0] == told[1]


def of_view(casebook: Casebook, view: View) -> dict[str, Any]:
    """Return what a view tells: records with their class, statuses, hits, chains of command."""
    weighed = weigh(casebook, view)
    found = search(casebook, Query("", limit=1000), view)
    seen = {k.record.id: k for kind in kinds().values() for k in casebook.find(kind, view)}
    places = [
        i for i, k in seen.items() if isinstance(k.record, Entity) and k.record.type == "place"
    ]
    return {
        "records": {id_: (known.record, known.see) for id_, known in seen.items()},
        "weighed": (weighed.suggestions, weighed.families, weighed.self_conflicts, weighed.counts),
        "versions": weighed.version_differences,
        "hits": (found.total, {hit.id for hit in found.hits}),
        "who": {each: who_commanded(casebook, each, 735_000, view) for each in sorted(places)},
    }


def dump(bureau: Bureau) -> dict[str, list[Any]]:
    """Return every row of every table of the index."""
    list(bureau.casebook.find(Record, View()))
    with sqlite3.connect(bureau.archive / "index" / "casebook.sqlite") as rows:
        names = [
            name
            for name, sql in rows.execute("SELECT name, sql FROM sqlite_master WHERE type='table'")
            if sql and not name.startswith(("sqlite_", "words_"))
        ]
        found = {
            name: sorted(rows.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608
            for name in names
        }
        documents = "SELECT rowid, own, also, facets FROM words"
        found["words"] = sorted(rows.execute(documents).fetchall(), key=repr)
    rows.close()
    return found


@FEW
@given(SEEDS)
def test_an_index_that_is_written_anew_is_the_one_that_was_kept(seed: int) -> None:
    with TemporaryDirectory() as folder:
        bureau = open_bureau(Path(folder))
        for step in invented_history(seed):
            write(bureau, [step])
            if Random(seed).random() < 0.7:
                list(bureau.casebook.find(Record, View()))
        kept = dump(bureau)
        bureau.casebook.rebuild()
        assert dump(bureau) == kept
        assert len(kept["record"]) > 40


def known(casebook: Casebook, view: View, folder: Path) -> dict[str, Any]:
    """Return all that a view knows: records, statuses, hits of a search, and what would leave."""
    export_csv(casebook, view, folder)
    weighed = weigh(casebook, view)
    found = search(casebook, Query("التضامن", limit=1000), view)
    seen = [known for kind in kinds().values() for known in casebook.find(kind, view)]
    return {
        # Its class (`see`) is today's, whichever day is asked for.
        "records": {k.record.id: replace(k, see=0) for k in seen},
        "weighed": (weighed.suggestions, weighed.families, weighed.self_conflicts, weighed.counts),
        "set": weighed.set_by,
        "hits": (found.total, [replace(hit, see=0) for hit in found.hits]),
        "leaves": {path.name: path.read_bytes() for path in folder.glob("*.csv")},
    }


@FEW
@given(SEEDS, st.integers(0, 6), st.sampled_from(["restricted", "sealed"]))
def test_what_was_known_on_a_day_does_not_change_when_later_acts_arrive(
    seed: int, upto: int, see: str
) -> None:
    # Who may see a record is decided today; only whoever may see all knows all of an earlier day.
    steps = invented_history(seed, rounds=1, reclassify=see == "sealed")
    view = View(SEES[see], known_on=steps[upto].day.toordinal())
    with TemporaryDirectory() as folder:
        bureau = open_bureau(Path(folder))
        write(bureau, steps[: upto + 1])
        then = known(bureau.casebook, view, Path(folder, "then"))
        write(bureau, steps[upto + 1 :])
        assert known(bureau.casebook, view, Path(folder, "now")) == then
        now = known(bureau.casebook, View(SEES[see]), Path(folder, "today"))
        # The law says something: there are later acts, and they do change what is known today.
        assert see != "sealed" or upto == len(steps) - 1 or now["records"] != then["records"]
