"""What making features adds to sealing, against decoding alone with PyAV, on the same bytes.

Footage: clips from ../shared where they are, else drawn, each coded anew (libx264, AAC) at 480p,
720p and 1080p. A rate is pictures a second of CPU: d / (d + w - s), where decoding alone takes d,
sealing s, and the whole pass w.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench_seal import cost_of, draw

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "footage"
CLIPS = (
    "te_doorknob-hd-no-bar.mp4", "intel_car-detection.mp4", "intel_one-by-one-person-detection.mp4",
)  # fmt: skip
SIZES = {"480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080)}
SECONDS, RATE = 30, 25
TIMES = int(os.environ.get("DALIL_BENCH_TIMES", "3"))
HOUR = 3600
DECODE = """
import sys, av
for path in sys.argv[1:]:
    with av.open(path) as opened:
        opened.streams.video[0].codec_context.thread_count = 1
        for packet in opened.demux(video=0):
            packet.decode()
print("[]")
"""
SEAL = """
import json, sys, tempfile
from pathlib import Path
from dalil.kernel.salt import SealSecret
from dalil.media.features import watched
from dalil.media.features.makers import learned
from dalil.media.survey import survey
how, paths = sys.argv[1], sys.argv[2:]
if how == "makers":
    learned.place = lambda *_: None
octets = 0
for path in paths:
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryDirectory() as beside:
        call = (Path(path), Path(out), SealSecret(bytes(32), bytes(16)), True)
        if how == "seal":
            survey(*call)
        else:
            watched.survey_and_watch(*call, Path(beside))
            octets += (Path(beside) / watched.FEATURES).stat().st_size
status = Path("/proc/self/status").read_text()
print(json.dumps([octets, int(status.split("VmHWM:")[1].split()[0]) / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """The least CPU and wall seconds of some runs, and what the program said."""

    cpu: float
    wall: float
    said: list[float]


def report(name: str, reached: float, target: float, unit: str, ratio_to: str = "") -> None:
    """Print one row of the table; of rates more is better, of all else less."""
    row = {"name": name, "reached": reached, "target": target, "unit": unit, "ratio_to": ratio_to}
    better = "more" if "rate" in name else "less"
    print(json.dumps(row | {"better": better}), flush=True)


def footage(folder: Path, size: tuple[int, int]) -> list[str]:
    """Return clips of this size, ``SECONDS`` each or shorter."""
    sources = [SHARED / name for name in CLIPS if (SHARED / name).is_file()]
    if not sources:
        sources = [folder / "drawn.mp4"]
        if not sources[0].exists():
            draw(sources[0])
    made = []
    for source in sources:
        target = folder / f"{size[1]}-{source.name}"
        across, down = size
        fit = f"scale={across}:{down}:force_original_aspect_ratio=increase,crop={across}:{down}"
        loop = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", str(source)]
        tone = ["-f", "lavfi", "-i", "anoisesrc=r=48000:a=0.2"]
        coded = ["-c:v", "libx264", "-preset", "medium", "-crf", "21", "-pix_fmt", "yuv420p"]
        cost_of([*loop, *tone, "-map", "0:v:0", "-map", "1:a:0", "-t", str(SECONDS), "-vf", fit,
                 "-r", str(RATE), *coded, "-c:a", "aac", "-ac", "2", str(target)])  # fmt: skip
        made.append(str(target))
    return made


def ran(*command: str) -> Ran:
    """Run a program some times."""
    costs = [cost_of([sys.executable, "-c", *command]) for _ in range(TIMES)]
    best = min(costs, key=lambda each: each.cpu)
    return Ran(best.cpu, min(each.wall for each in costs), json.loads(best.said))


def idle() -> float:
    """Return what starting and importing costs, which is no part of a pass."""
    return ran(SEAL, "makers").cpu


def bench(name: str, files: list[str], start: float, *, network: bool) -> None:
    """Measure one size."""
    seconds = SECONDS * len(files)
    decode = ran(DECODE, *files).cpu - ran(DECODE).cpu
    seal, whole = ran(SEAL, "seal", *files), ran(SEAL, "makers", *files)
    added = whole.cpu - seal.cpu
    report(f"the whole pass, {name}: rate beyond what sealing costs", decode / (decode + added),
           0.85, "x", "PyAV, decoding alone")  # fmt: skip
    report(f"the whole pass, {name}, wall", whole.wall / seal.wall, 1.2, "x", "sealing alone")
    report(f"the whole pass, {name}: CPU an hour of footage", (whole.cpu - start) * HOUR / seconds,
           HOUR / 2, "s", f"of which making features {added * HOUR / seconds:.0f} s")  # fmt: skip
    octets, most = whole.said
    report(f"features of an hour, {name}", octets * HOUR / seconds / 1e6, 200, "MB")
    report(f"the whole pass, {name}: memory", most, 400, "MB")
    if network:
        learned = ran(SEAL, "network", *files).cpu - ran(SEAL, "network").cpu
        rate = decode / (decode + learned - (seal.cpu - start))
        report(
            f"the whole pass with weights, {name}: the same rate",
            rate,
            0.85,
            "x",
            "PyAV, decoding alone",
        )


def has_network() -> bool:
    """Whether the optional weights are here."""
    asked = "from dalil.media.features.makers import learned; print(learned.place() is not None)"
    return (
        b"True"
        in subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout
    )


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as place:
        starting = idle()
        for named, wanted in SIZES.items():
            bench(named, footage(Path(place), wanted), starting, network=has_network())
