"""Search over 100,000 documents, 100,000 people and 200,000 links, loaded through an import.

The set is written by ../shared/bench/search/gen_dataset.py, or lies in DALIL_SEARCH_SET already;
DALIL_SEARCH_ARCHIVE keeps the loaded archive for the next run. Hits are compared with the set's
truth.json.
"""

import atexit
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

SET = os.environ.get("DALIL_SEARCH_SET")
WRITER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "search" / "gen_dataset.py"
KEPT = os.environ.get("DALIL_SEARCH_ARCHIVE", "")
CASE = "bench"
RUNS = 15
CLIENTS, SECONDS = 8, 10
Row = dict[str, Any]


@cache
def the_set() -> Path:
    """Return the folder of the set; write it where nobody has."""
    if SET:
        return Path(SET)
    folder = Path(tempfile.mkdtemp(prefix="search-set-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([sys.executable, str(WRITER), str(folder)], check=True)
    return folder


def lines(name: str) -> Iterator[Row]:
    """Yield the objects of one file of the set."""
    with gzip.open(the_set() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def key(kind: str, *parts: object) -> str:
    """Return the id of something in the set."""
    return id_for("bench", CASE, kind, *map(str, parts))


def link(relation: str, a: str, b: str) -> Relation:
    """Return the relation of two entities."""
    return Relation(id=key(relation, a, b), case=CASE, relation=relation, a=a, b=b)


def places() -> Iterator[Record]:
    """Yield places, and what they are part of."""
    for row in lines("locations"):
        yield Entity(
            id=key("place", row["id"]),
            case=CASE,
            type="place",
            names=({"form": row["title"]}, {"form": row["title_ar"]}),
            lat_e6=round(row["lat"] * 1e6),
            lon_e6=round(row["lng"] * 1e6),
        )
        if row["parent"]:
            yield link("part_of", key("place", row["id"]), key("place", row["parent"]))


def sources() -> Iterator[Record]:
    """Yield the sources."""
    for row in lines("sources"):
        yield Source(id=key("source", row["id"]), case=CASE, type="list", title=row["title"])


def documents() -> Iterator[Record]:
    """Yield bulletins as documents, and where they are located."""
    labels = {row["id"]: row["title"] for row in lines("labels")}
    for row in lines("bulletins"):
        id_ = key("document", row["id"])
        source = key("source", row["source"])
        yield Entity(
            id=id_,
            case=CASE,
            see="sealed" if row["restricted"] and "DALIL_SEARCH_SEALED" in os.environ else "open",
            type="document",
            names=({"form": row["title"], "source": source}, {"form": row["title_ar"]}),
            about=row["description"],
            date=row["date"][:10],
            labels=tuple(labels[each] for each in row["labels"]),
        )
        yield from (link("located_at", id_, key("place", each)) for each in row["locations"])


def people() -> Iterator[Record]:
    """Yield the persons."""
    for row in lines("actors"):
        yield Entity(
            id=key("person", row["id"]),
            case=CASE,
            see="open",
            type="person",
            names=({"form": row["name"]}, {"form": row["name_ar"]}),
            about=row["description"],
        )


def incidents() -> Iterator[Record]:
    """Yield the incidents, and where they were."""
    for row in lines("incidents"):
        id_ = key("incident", row["id"])
        yield Entity(
            id=id_,
            case=CASE,
            see="open",
            type="incident",
            names=({"form": row["title"]}, {"form": row["title_ar"]}),
            about=row["description"],
        )
        yield from (link("located_at", id_, key("place", each)) for each in row["locations"])


def links() -> Iterator[Record]:
    """Yield what is related to what."""
    ends = {"atob": ("bulletin", "actor"), "itob": ("incident", "bulletin")}
    ends["itoa"] = ("incident", "actor")
    named = {"bulletin": "document", "actor": "person", "incident": "incident"}
    for row in lines("links"):
        a, b = (key(named[each], row[each]) for each in ends[row["kind"]])
        yield link("related_to", a, b)


def loaded(archive: Path) -> Casebook:
    """Return the casebook of an archive that holds the set; load it where it does not yet."""
    if archive.exists():
        return Casebook.open(archive)
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, b"bench", "Salma", ScryptCost(n=2))
    fields = {"tool": "bench", "keeper": "Salma", "person": signer.person_id}
    fields["key"] = b64url(signer.public_key)
    made = Draft("archive-created", {**fields}, {"origin": plate.origin})
    Ledger.create(archive, signer).append([made], signer)
    casebook = Casebook.open(archive)
    start = time.perf_counter()
    records = chain(sources(), places(), documents(), people(), incidents(), links())
    brought = casebook.bring_in("search-set", records, signer)
    took = time.perf_counter() - start
    say("import of the set", took, 300, "s", f"{brought.records:,} records")
    return casebook


def say(name: str, reached: float, target: float, unit: str, note: str) -> None:
    """Print one measurement, and how many times what has to be reached."""
    better = "more" if unit == "1/s" else "less"
    if not target:
        print(f"{name}: {reached:.1f} {unit}, {note}")
        return
    line = {"name": f"search: {name}", "reached": round(reached, 2), "target": target, "unit": unit}
    print(
        json.dumps(line | {"better": better, "note": note, "ratio_to": ""}, ensure_ascii=False),
        flush=True,
    )


def queries(truth: Row) -> dict[str, tuple[Query, float, int | None]]:
    """Return each query with its target in milliseconds (0: none) and the hits that are right.

    A target is half of what anchors/bayanat.md says has to be reached there.
    """
    hits = truth["hits"]
    gov, leaf = key("place", truth["gov"]), key("place", truth["leaf"])
    here = round(truth["leaf_lat"] * 1e6), round(truth["leaf_lng"] * 1e6), 5000
    actor = next(row for row in lines("actors") if row["id"] == truth["ordinary_actor"])
    texts = Query(types=("document",))
    ask = partial(replace, texts)
    return {
        "no filter": (Query(), 0.0, None),
        "rare word": (ask(words=truth["rare_word"]), 15.0, hits["rare"]),
        "word in 35 %": (ask(words="execution"), 75.0, hits["mid"]),
        "word in 90 %": (ask(words="video"), 0.0, hits["common"]),
        "two words": (ask(words="execution checkpoint"), 0.0, hits["two"]),
        "no hit": (ask(words="zzyzx"), 0.0, 0),
        "إعدام": (ask(words="إعدام"), 75.0, hits["ar"]),
        "اعدام": (ask(words="اعدام"), 75.0, hits["ar"]),
        "place with children": (ask(place=gov), 50.0, hits["loc_gov"]),
        "one community": (ask(place=leaf), 0.0, hits["loc_leaf"]),
        "within 5 km": (ask(near=here), 0.0, None),
        "related to a hub": (ask(related=key("person", truth["hub_actor"])), 0.0, hits["hub"]),
        "text + place + year": (
            ask(words="execution", place=gov, year_from=2013, year_to=2013),
            25.0,
            hits["combo"],
        ),
        "person by name": (Query(words=actor["name"], types=("person",)), 25.0, None),
        "person by Arabic name": (Query(words=actor["name_ar"], types=("person",)), 25.0, None),
        "person by two names": (
            Query(words=f"{actor['first']} {actor['last']}", types=("person",)),
            25.0,
            None,
        ),
    }


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of a call: the median of some runs."""
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def mixed(casebook: Casebook, asked: list[Query], view: View) -> tuple[float, float]:
    """Return searches a second of eight clients, and the slowest of twenty in milliseconds."""
    end = time.perf_counter() + SECONDS

    def client(first: int) -> list[float]:
        taken: list[float] = []
        while time.perf_counter() < end:
            start = time.perf_counter()
            search(casebook, asked[(first + len(taken)) % len(asked)], view)
            taken.append(time.perf_counter() - start)
        return taken

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = list(chain.from_iterable(pool.map(client, range(CLIENTS))))
    return len(taken) / SECONDS, statistics.quantiles(taken, n=20)[-1] * 1000


def main() -> None:
    """Load the set, ask each query, compare its hits, then let eight clients ask at once."""
    if not (SET or WRITER.is_file()):
        print(f"{WRITER} is not here: nothing is measured", file=sys.stderr)
        return
    truth = json.loads((the_set() / "truth.json").read_text("utf-8"))
    view = view_of()
    with tempfile.TemporaryDirectory() as folder:
        casebook = loaded(Path(KEPT) if KEPT else Path(folder) / "archive")
        asked = queries(truth)
        for name, (query, target, right) in asked.items():
            total = search(casebook, query, view).total
            if right is not None and total != right:
                sys.exit(f"{name}: {total} hits where {right} are right")
            taken = timed(partial(search, casebook, query, view))
            say(name, taken, target, "ms", f"{total:,} hits")
        rate, slow = mixed(casebook, [query for query, _, _ in asked.values()], view)
        say("eight clients, mixed", rate, 80.0, "1/s", f"19 of 20 within {slow:.0f} ms")


if __name__ == "__main__":
    main()
