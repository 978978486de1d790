"""Who commanded, on the full published lists of Security Force Monitor (../shared/data/sfm).

Where the lists are not there, nothing is measured.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from dalil.casebook.casebook import Casebook
from dalil.casebook.command.who import who_commanded
from dalil.casebook.exchange.fieldmap.into import Into
from dalil.casebook.exchange.sfm import convert
from dalil.casebook.exchange.sheets import Faults, sheets_in
from dalil.casebook.index.view import View
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

LISTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "sfm"
TURNS = 20
ASKED = {
    "Maiduguri": date(2014, 3, 14),
    "Borno": date(2014, 3, 14),
    "Kano": date(2013, 6, 1),
    "Port Harcourt": date(2016, 1, 1),
}


def begin(archive: Path) -> Signer:
    """Make an archive with one keeper."""
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, b"bench", "Salma", ScryptCost(n=2))
    fields = {"tool": "bench", "keeper": "Salma", "person": signer.person_id}
    made = {**fields, "key": b64url(signer.public_key)}
    Ledger.create(archive, signer).append(
        [Draft("archive-created", made, {"origin": plate.origin})], signer
    )
    return signer


def bring_in(archive: Path) -> int:
    """Bring the lists in; return how many records they are."""
    signer, faults = begin(archive), Faults()
    records = list(convert(sheets_in(LISTS, faults), Into("b" * 32, "monitor"), faults))
    faults.refuse()
    casebook = Casebook.open(archive)
    brought = casebook.bring_in("monitor", records, signer, len(records))
    with casebook.reading():
        return brought.records


def ask(casebook: Casebook, place: str, day: date) -> tuple[float, float, int]:
    """Return one question's milliseconds of CPU and of wall, and how many chains answer it."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = who_commanded(casebook, place, day.toordinal(), View())
    took = time.process_time() - cpu, time.perf_counter() - wall
    return took[0] * 1000, took[1] * 1000, len(answer.chains)


def say(name: str, reached: float, target: float, unit: str, note: str) -> None:
    """Print one measurement."""
    line = {"name": name, "reached": round(reached, 3), "target": target, "unit": unit}
    print(json.dumps(line | {"better": "less", "note": note, "ratio_to": ""}), flush=True)


def main() -> None:
    """Bring the lists in, then ask."""
    if not LISTS.is_dir():
        print(f"{LISTS} is not here: nothing is measured", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        start = time.perf_counter()
        records = bring_in(archive)
        took = time.perf_counter() - start
        say("bring in units, persons and sources", took, 30, "s", f"{records:,} records, wall")
        casebook = Casebook.open(archive)
        for place, day in ASKED.items():
            first, _, chains = ask(casebook, place, day)
            later = [ask(casebook, place, day) for _ in range(TURNS)]
            cpu, wall = (statistics.median(each) for each in list(zip(*later, strict=True))[:2])
            note = f"{chains} chains; the first time {first:.0f} ms; wall {wall:.0f} ms"
            say(f"who commanded: {place}, {day}", cpu, 50, "ms", note)


if __name__ == "__main__":
    main()
