"""Take-in without tiles against the stock tools on the same bytes, and how much memory it takes.

Floor: `sha256sum` + `sha512sum` + a stream-copy framehash of the same files. CPU seconds of all
processes. Footage: DALIL_BENCH_FOOTAGE, or a gigabyte made here.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZE = 1 << 30
LIMIT = 200.0

# Runs a command and prints CPU seconds and the largest memory of it and all that it started, even
# of those that outlive it: whoever is left behind becomes this process's child.
MEASURE = """
import ctypes, os, resource, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
ran = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
of = resource.getrusage(resource.RUSAGE_CHILDREN)
print(of.ru_utime + of.ru_stime, of.ru_maxrss / 1024)
sys.exit(ran.returncode)
"""
INIT = """
import sys
from pathlib import Path
from dalil.cli import main
main(["init", sys.argv[1], "--keeper", "bench", "--sheet", sys.argv[1] + "-sheet"])
"""


def footage(folder: Path) -> list[Path]:
    """Return a gigabyte of footage: two clips of hard-to-pack pictures with sound."""
    given = os.environ.get("DALIL_BENCH_FOOTAGE")
    if given:
        return [path for path in sorted(Path(given).iterdir()) if path.is_file()]
    for number in range(2):
        words = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=1280x720:r=25:d=8"]
        words += ["-f", "lavfi", "-i", f"sine=f={400 + number}:d=8", "-vf", "noise=alls=60:allf=t"]
        words += ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-g", "25", "-c:a", "aac"]
        seed = folder / f"seed{number}.mp4"
        subprocess.run([*words, str(seed)], check=True)
        turns = SIZE // 2 // seed.stat().st_size
        repeated = ["ffmpeg", "-v", "error", "-stream_loop", str(turns), "-i", str(seed)]
        subprocess.run([*repeated, "-c", "copy", str(folder / f"clip{number}.mp4")], check=True)
        seed.unlink()
    return sorted(folder.iterdir())


def measured(words: list[str]) -> tuple[float, float]:
    """Run a program; return the CPU seconds and the largest memory (MB) of it and its children."""
    measure = [sys.executable, "-c", MEASURE, *words]
    said = subprocess.run(measure, capture_output=True, text=True, check=True).stdout
    seconds, memory = map(float, said.split())
    return seconds, memory


def floor(paths: list[Path]) -> float:
    """Return the CPU seconds of the stock tools."""
    names = list(map(str, paths))
    spent = measured(["sha256sum", *names])[0] + measured(["sha512sum", *names])[0]
    flags = ["-ignore_editlist", "1", "-copyts"]
    for name in names:
        words = ["ffmpeg", "-v", "error", *flags, "-i", name, "-map", "0", "-copyinkf"]
        words += ["-copy_unknown", "-c", "copy", "-f", "framehash", "-hash", "sha256", "-"]
        spent += measured(words)[0]
    return spent


def main() -> None:
    """Measure and print."""
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    os.environ["DALIL_PASSPHRASE"] = "bench"
    with tempfile.TemporaryDirectory(dir=os.environ.get("DALIL_BENCH_FOLDER")) as folder:
        place = Path(folder)
        (place / "drive").mkdir()
        paths = footage(place / "drive")
        octets = sum(path.stat().st_size for path in paths)
        stock = floor(paths)
        archive = str(place / "archive")
        subprocess.run([sys.executable, "-c", INIT, archive], check=True, stdout=subprocess.DEVNULL)
        start = time.perf_counter()
        verb = [sys.executable, "-m", "dalil", "take-in", archive, str(paths[0].parent)]
        spent, memory = measured([*verb, "--no-tiles"])
        seconds = time.perf_counter() - start
    print(
        f"{octets / 1e6:,.0f} MB: floor {stock:.1f} s, take-in {spent:.1f} s, {seconds:.1f} s wall"
    )
    floor_named = "`sha256sum` + `sha512sum` + stream-copy framehash"
    row = {"name": "take in, without tiles", "reached": spent / stock, "target": 1.3, "unit": "x"}
    print(json.dumps({**row, "ratio_to": floor_named}))
    print(json.dumps({"name": "take in, memory", "reached": memory, "target": LIMIT, "unit": "MB"}))


if __name__ == "__main__":
    main()
