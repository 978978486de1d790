"""Checking a case file with the shipped verify.py against `sha256sum -c`, CPU seconds.

The case file holds 1 GB: one file of noise, sealed by bytes, and what belongs to it. Each
side reads warm files and is taken as the best of three runs; Python's start counts.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from dalil.dossier.casefile import build_case_file  # noqa: E402 - after the path is set
from verifier.handed import take_in  # noqa: E402

MEGABYTES = int(os.environ.get("DALIL_BENCH_MB", "1024"))
TURNS = 3


def cpu_seconds(words: Sequence[str], place: Path) -> float:
    """Run a command in ``place``; return the CPU seconds of the best of several runs."""
    best = float("inf")
    for _ in range(TURNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, cwd=place, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        best = min(best, used)
    return best


def peak_megabytes(words: Sequence[str], place: Path) -> float:
    """Return the memory that a command needs at most."""
    code = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=-3)"
    code += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    ran = subprocess.run([sys.executable, "-c", code, *words], cwd=place, check=True,
                         capture_output=True, text=True)  # fmt: skip
    return float(ran.stdout)


def main() -> None:
    """Build the case file, measure both, print the lines."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source = place / "noise.bin"
        with source.open("wb") as file:
            for _ in range(MEGABYTES):
                file.write(os.urandom(1 << 20))
        signer, items = take_in(place / "archive", [source])
        source.unlink()
        case = place / "case"
        build_case_file(place / "archive", items, "Court", "Order", case, signer)
        ours = [sys.executable, "-I", "verify.py"]
        floor = cpu_seconds(["sha256sum", "-c", "--quiet", "manifest-sha256.txt"], case)
        reached = cpu_seconds(ours, case)
        memory = peak_megabytes(ours, case)
    print(
        json.dumps(
            {
                "name": f"verify a case file of {MEGABYTES} MB, CPU",
                "reached": round(reached / floor, 3),
                "target": 1.2,
                "unit": "x",
                "ratio_to": "sha256sum -c",
                "note": f"{reached:.2f} s against {floor:.2f} s; SHA-512 of every file included",
            }
        )
    )
    print(
        json.dumps(
            {
                "name": "verify a case file, memory",
                "reached": round(memory, 1),
                "target": 200,
                "unit": "MB",
                "ratio_to": "",
            }
        )
    )


if __name__ == "__main__":
    main()
