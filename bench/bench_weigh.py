"""Weighing: 100,000 assertions written, 30,000 propositions weighed, the index written anew.

DALIL_BENCH_ASSERTIONS and DALIL_BENCH_RECORDED change the numbers. The propositions have every
shape: counts with rival numbers, ranks of which one can hold, statements denied, repeated, taken
back, explained away; from 2,000 sources that rest on 200 origins. They are weighed twice: with half
as many assertions again as propositions, as in the published set of 144, and with all of them.
"""

import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, fields_of, id_for
from dalil.casebook.record.sources import Derivation, Evidence, Source
from dalil.casebook.record.things import Entity
from dalil.casebook.weigh.weighing import weigh
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

ASSERTIONS = int(os.environ.get("DALIL_BENCH_ASSERTIONS", "100000"))
RECORDED = int(os.environ.get("DALIL_BENCH_RECORDED", "1000000"))
PROPOSITIONS = ASSERTIONS * 3 // 10
SOURCES, ORIGINS, SUBJECTS = 2000, 200, 5000
SHAPES = 6
PART = 5000
TEXT = "They say that it was so, in words about as long as those of a short report of a paper."


def named(kind: str, number: int) -> str:
    """Return a fixed id."""
    return id_for("bench", kind, str(number))


def ground() -> Iterator[Record]:
    """Yield who speaks, who stands behind them, and of what is spoken."""
    for i in range(ORIGINS + SOURCES):
        kind = "origin" if i < ORIGINS else "journalism"
        day = f"20{13 + i % 10}-{1 + i % 12:02}-{1 + i % 28:02}"
        yield Source(id=named("s", i), type=kind, title=f"Source {i}", published=day, case="bench")
    for i in range(ORIGINS, ORIGINS + SOURCES):
        parent, how = (i * 7) % ORIGINS, "repeats"
        if i % 40 == 0:
            parent, how = i - 1 if i > ORIGINS else 0, "version"
        if i % 3:
            yield Derivation(
                id=named("d", i), child=named("s", i), parent=named("s", parent), how=how
            )
    for i in range(SUBJECTS):
        yield Entity(id=named("e", i), type="person", key=f"person:{i}", case="bench")


def asked() -> Iterator[Record]:
    """Yield the propositions: one third each counts, ranks and statements."""
    ranks = ("major", "captain", "colonel", "officer")
    for i in range(PROPOSITIONS):
        subject, shape = named("e", i % SUBJECTS), i % 3
        given: dict[str, Any] = {"predicate": "said of", "value": f"statement {i}"}
        if shape == 0:
            given = {"predicate": "dead", "measure": "dead", "scope": f"clip {i % 4}"}
        elif shape == 1:
            given = {"predicate": "rank", "value": ranks[i % len(ranks)], "functional": True}
        yield Proposition(id=named("p", i), subject=subject, case="bench", **given)


# How often something is so, of all that is said.
ABOUT, OFFERED, REPEATED, DENIED, RETRACTED, HELD = 0.1, 0.7, 0.6, 0.1, 0.02, 0.05


def said(rng: random.Random, numbers: range) -> Iterator[Record]:
    """Yield assertions, and what speaks for and against some of them."""
    for i in numbers:
        proposition = rng.randrange(PROPOSITIONS)
        source = ORIGINS + rng.randrange(SOURCES)
        given: dict[str, Any] = {"text": TEXT, "asserted": f"20{13 + i % 10}-{1 + i % 12:02}"}
        if proposition % 3 == 0:
            lo = rng.choice((11, 24, 41, 41, 41, 288))
            given |= {"lo": lo, "hi": lo, "about": rng.random() < ABOUT}
        if rng.random() < OFFERED:
            given["evidence_offered"] = "footage seen by the paper"
        if rng.random() < REPEATED:
            given["origin"] = named("s", rng.randrange(ORIGINS + SOURCES))
        if rng.random() < DENIED:
            given["polarity"] = "denies"
        if rng.random() < RETRACTED:
            given["modality"] = "retracts"
        if rng.random() < HELD:
            given["obtained_how"] = "custody"
        on, by = named("p", proposition), named("s", source)
        yield Assertion(id=named("a", i), proposition=on, source=by, case="bench", **given)
    for i in numbers[::20]:
        relation = rng.choice(("supports", "contradicts", "explains_away", "undermines"))
        one, other = rng.sample(numbers, 2)
        yield Evidence(
            id=named("v", i),
            assertion=named("a", one),
            by_assertion=named("a", other),
            relation=relation,
            case="bench",
        )


def begin(archive: Path) -> Signer:
    """Make an archive with one keeper."""
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, b"bench", "Salma", ScryptCost(n=2))
    key = b64url(signer.public_key)
    fields = {"tool": "bench", "keeper": "Salma", "person": signer.person_id, "key": key}
    made = Draft("archive-created", dict(fields), {"origin": plate.origin})
    Ledger.create(archive, signer).append([made], signer)
    return signer


def timed(work: Callable[[], object]) -> float:
    """Return how many CPU seconds a piece of work takes; none of it runs in another process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def tell(name: str, reached: float, target: float, unit: str, ratio_to: str = "") -> None:
    """Print one line for bench/run.py."""
    row = {"name": name, "reached": reached, "target": target, "unit": unit, "ratio_to": ratio_to}
    print(json.dumps(row), flush=True)


def weighing(folder: Path) -> None:
    """Write the assertions, follow them, weigh what they speak of."""
    signer = begin(folder)
    casebook = Casebook.open(folder)
    casebook.bring_in("ground", [*ground(), *asked()], signer)
    rng = random.Random(7)
    first = PROPOSITIONS * 3 // 2
    seconds = written = 0.0
    for name, numbers in (("few", range(first)), ("many", range(first, ASSERTIONS))):
        records = list(said(rng, numbers))
        written += len(records)
        seconds += timed(partial(casebook.bring_in, name, records, signer))
        each = numbers.stop / PROPOSITIONS
        best = min(timed(partial(weigh, casebook, View())) for _ in range(3))
        shapes = Counter(one.status for one in weigh(casebook, View()).suggestions)
        assert sum(shapes.values()) == PROPOSITIONS
        assert len(shapes) >= SHAPES, shapes
        title = f"status of {PROPOSITIONS:,} propositions, {each:.1f} assertions on each, read too"
        tell(title, best, 2, "s", "CPU")
    scaled = seconds * 100_000 / written
    tell("100,000 assertions written, signed, logged and indexed", scaled, 30, "s", "CPU")


def resident() -> float:
    """Return the most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def small_acts() -> Iterator[list[Record]]:
    """Yield one record for each act."""
    for i in range(RECORDED):
        yield [Entity(id=named("x", i), type="thing", key=f"thing:{i}", case="bench")]


def rebuilding(folder: Path) -> None:
    """Write a million acts of one record each, then the index anew from them."""
    signer = begin(folder)
    ledger = Ledger.open(folder)
    drafts: list[Draft] = []
    for records in small_acts():
        drafts.append(Draft("recorded", {}, records=[fields_of(each) for each in records]))
        if len(drafts) == PART:
            ledger.append(drafts, signer)
            drafts = []
    if drafts:
        ledger.append(drafts, signer)
    casebook = Casebook.open(folder)
    before = resident()
    half: list[float] = []

    def note(done: int, of: int) -> None:
        if not half and 2 * done >= of:
            half.append(resident())

    seconds = timed(lambda: casebook.rebuild(note))
    tell(f"index written anew from {RECORDED:,} acts", seconds, 180, "s", "CPU")
    grown = resident() - max([before, *half])
    tell("memory gained in the second half of it", max(grown, 0.0), 64, "MB", "flat is 0")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        if "rebuild" not in sys.argv[1:]:
            weighing(Path(temporary) / "weigh")
        if "weigh" not in sys.argv[1:]:
            rebuilding(Path(temporary) / "rebuild")
