"""A list of a million victims brought in: read, checked, signed, indexed; beside a plain floor.

DALIL_BENCH_VICTIMS changes the number. Names are put together of invented parts. The floor reads
the same CSV and inserts its cells into SQLite. Each size is a process of its own, so that its
memory is its own: of all its processes together, looked at four times a second.
"""

import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.exchange.import_sheet import bring_in, look_at
from dalil.casebook.exchange.sheets import Faults
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

VICTIMS = int(os.environ.get("DALIL_BENCH_VICTIMS", "1000000"))
SMALL = 50_000
COLUMNS = ("row_id", "name_ar", "name_latin", "sex", "age", "dob", "date", "place")
ARABIC = ("زمر", "رود", "بحر", "نور", "سنا", "ضحى", "مرج", "تلة", "رند", "شذا", "وعد", "سرو")
LATIN = (
    "Zumr", "Rud", "Bahr", "Nur", "Sana", "Duha", "Marj", "Talla", "Rand", "Shadha", "Waad", "Sarw",
)  # fmt: skip
EVERY = 0.25
PAGE = os.sysconf("SC_PAGE_SIZE")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield invented victims."""
    drawn = random.Random(count)
    for i in range(count):
        parts = [(drawn.randrange(12), drawn.randrange(12)) for _ in range(4)]
        yield (
            f"R{i:07d}",
            " ".join(ARABIC[a] + ARABIC[b] for a, b in parts),
            " ".join(LATIN[a] + LATIN[b].lower() for a, b in parts),
            drawn.choice("mf"),
            str(drawn.randrange(90)),
            day(drawn, 1920, 2010),
            day(drawn, 2011, 2020),
            drawn.choice(ARABIC),
        )


def day(drawn: random.Random, start: int, end: int) -> str:
    """Return some day of the years from ``start`` to before ``end``."""
    month, date = drawn.randrange(1, 13), drawn.randrange(1, 29)
    return f"{drawn.randrange(start, end)}-{month:02}-{date:02}"


def written(folder: Path, count: int) -> Path:
    """Write the list."""
    path = folder / "quay.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count))
    return path


def begin(archive: Path) -> tuple[Casebook, Signer]:
    """Make an archive with one keeper."""
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, b"bench", "Salma", ScryptCost(n=2))
    key = b64url(signer.public_key)
    fields = {"tool": "bench", "keeper": "Salma", "person": signer.person_id, "key": key}
    made = Draft("archive-created", dict(fields), {"origin": plate.origin})
    Ledger.create(archive, signer).append([made], signer)
    return Casebook.open(archive), signer


def floor(path: Path, folder: Path) -> float:
    """Return the seconds in which a plain program reads the CSV and inserts its cells."""
    start = time.perf_counter()
    with path.open(encoding="utf-8", newline="") as file, sqlite3.connect(folder / "f.db") as into:
        reader = csv.reader(file)
        into.execute(f"CREATE TABLE victim ({', '.join(next(reader))})")
        while some := list(islice(reader, 5000)):
            into.executemany("INSERT INTO victim VALUES (?,?,?,?,?,?,?,?)", some)
    return time.perf_counter() - start


def held_by(root: int) -> int:
    """Return how many bytes of memory a process and all below it hold, shared ones each time."""
    above, held = {}, {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                above[int(each.name)] = int(
                    (each / "stat").read_text().rpartition(")")[2].split()[1]
                )
                held[int(each.name)] = int((each / "statm").read_text().split()[1]) * PAGE
            except OSError:
                continue
    ours, found = {root}, set()
    while ours:
        found |= ours
        ours = {child for child, parent in above.items() if parent in ours} - found
    return sum(held.get(each, 0) for each in found)


def measured(count: int) -> None:
    """Bring one list in; print seconds by step, the most bytes held, and the floor's seconds."""
    most, ended = [0], threading.Event()

    def look() -> None:
        while not ended.wait(EVERY):
            most[0] = max(most[0], held_by(os.getpid()))

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = written(folder, count)
        below = floor(path, folder)
        casebook, signer = begin(folder / "archive")
        watch = threading.Thread(target=look)
        watch.start()
        start = time.perf_counter()
        listing = look_at(casebook, path, "quay", "restricted", Faults())
        looked = time.perf_counter()
        brought = bring_in(casebook, listing, signer)
        end = time.perf_counter()
        ended.set()
        watch.join()
        if brought.records != count + 1:
            sys.exit(f"{brought.records} records where {count + 1} were given")
    print(json.dumps([looked - start, end - looked, most[0], below]))


def alone(count: int) -> tuple[float, float, int, float]:
    """Measure one size in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, str(count)], stdout=subprocess.PIPE, text=True, check=True
    )
    looked, brought, most, below = json.loads(done.stdout)
    return float(looked), float(brought), int(most), float(below)


def say(name: str, reached: float, target: float, unit: str, against: str) -> None:
    """Print one line of the table."""
    line = {"name": name, "reached": reached, "target": target, "unit": unit}
    print(json.dumps({**line, "ratio_to": against}), flush=True)


def main() -> None:
    """Measure a small list and the whole one."""
    small = alone(SMALL)
    looked, brought, most, below = alone(VICTIMS)
    total = looked + brought
    steps = f"{VICTIMS:,} rows, wall: reading {looked:.0f} s, signing and indexing {brought:.0f} s"
    say("victims: a list brought in", total, 300.0 * VICTIMS / 1e6, "s", steps)
    plain = f"csv.reader and an INSERT of the same rows: {below:.1f} s"
    say("victims: the same against the floor", total / below, 100.0, "x", plain)
    note = f"all processes: {most >> 20} MB; {small[2] >> 20} MB with {SMALL:,} rows"
    say("victims: memory, whole list against a small one", most / small[2], 1.2, "x", note)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measured(int(sys.argv[1]))
    else:
        main()
