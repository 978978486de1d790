"""A log of a million acts: how fast it grows, how soon a place in it is shown, what it weighs.

DALIL_BENCH_ACTS changes the number. Each act has the fifteen fields of a file taken in.
"""

import json
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from dalil.kernel.act import entry_of
from dalil.kernel.disclosure import b64url
from dalil.kernel.tlogproof import check_tlog_proof
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive

ACTS = int(os.environ.get("DALIL_BENCH_ACTS", "1000000"))
BATCH = 5000
PROOFS = 200


def megabytes() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def taken_in(number: int) -> Draft:
    """Draft the act of a file taken in."""
    fields = {
        "accession": f"{number // 1000:032x}",
        "item": f"{number:032x}",
        "name": "dmlkZW8ubXA0",
        "name_text": "فيديو.mp4",
        "length": 52_428_800,
        "sha256": "a" * 64,
        "sha512": "b" * 128,
        "blake3": "c" * 64,
        "mtime_ns": 1_366_100_000_000,
        "source": "media/stick",
        "sidecars": 0,
        "duplicate_of": False,
        "generation": 0,
        "tool": "dalil",
    }
    return Draft("taken-in", dict(fields))


def begin(archive: Path) -> tuple[Ledger, Signer]:
    """Make an archive with one keeper."""
    plate = make_archive(archive, os.urandom(16).hex(), "2026-01-01T00:00:00Z")
    signer = create_keys(archive, b"bench", "Salma", ScryptCost(n=2))
    key = b64url(signer.public_key)
    fields = {"tool": "bench", "keeper": "Salma", "person": signer.person_id, "key": key}
    ledger = Ledger.create(archive, signer)
    ledger.append([Draft("archive-created", dict(fields), {"origin": plate.origin})], signer)
    return ledger, signer


def say(name: str, reached: float, target: float, unit: str, better: str, note: str) -> None:
    """Print one measurement."""
    line = {"name": name, "reached": round(reached, 3), "target": target, "unit": unit}
    print(json.dumps(line | {"better": better, "note": note, "ratio_to": ""}), flush=True)


def main() -> None:
    """Grow the log, then prove places in it."""
    with tempfile.TemporaryDirectory() as folder:
        ledger, signer = begin(Path(folder) / "archive")
        wall = cpu = early = 0.0
        for first in range(0, ACTS, BATCH):
            drafts = [taken_in(i) for i in range(first, first + BATCH)]
            start = time.perf_counter(), time.process_time()
            ledger.append(drafts, signer)
            wall += time.perf_counter() - start[0]
            cpu += time.process_time() - start[1]
            early = early or (megabytes() if first >= ACTS // 10 else 0.0)
        note = f"wall {ACTS / wall:,.0f}/s; two Ed25519 signatures an act are a third of it"
        say("append to a log of a million acts", ACTS / cpu, 5000, "/s", "more", note)
        took = []
        for turn in range(PROOFS):
            seq = turn * (ledger.size - 1) // PROOFS
            began = time.perf_counter()
            proof = ledger.proof(seq)
            took.append((time.perf_counter() - began) * 1000)
            check_tlog_proof(proof, entry_of(ledger.act(seq).act.jwt), ledger.vkeys())
        note = f"slowest of {PROOFS}: {max(took):.1f} ms"
        say("one inclusion proof there", statistics.median(took), 5, "ms", "less", note)
        note = f"{early:.0f} MB after a tenth of them"
        say("memory at a million acts", megabytes() / early, 1.1, "x", "less", note)
        checked = time.process_time()
        ledger.acts("archive-created")
        ledger.consistency(ledger.size // 3)
        say("consistency with a third of it", (time.process_time() - checked) * 1000, 20, "ms",
            "less", "")  # fmt: skip


if __name__ == "__main__":
    main()
