"""Sealing at least a gigabyte of footage, against the stock tools on the same bytes.

Footage: the clips in the folder DALIL_BENCH_FOOTAGE, each repeated until together they make up the
size; without it, drawn footage at the rate of a telephone. DALIL_BENCH_GB changes the size.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

SIZE = float(os.environ.get("DALIL_BENCH_GB", "1.0")) * 1e9
WIDTH, HEIGHT, RATE, SECONDS, BIT_RATE = 1920, 1080, 30, 8, 17_000_000
STOCK_COPY = [
    "-v",
    "error",
    "-copyts",
    "-i",
    "{}",
    "-map",
    "0",
    "-c",
    "copy",
    "-copyinkf",
    "-copy_unknown",
]
HASHED = ["-f", "framehash", "-hash", "sha256", "/dev/null", "-y"]
TAKE_IN = """
import sys, tempfile
from pathlib import Path
from dalil.kernel.digest import Hasher
from dalil.kernel.salt import SealSecret
from dalil.media.survey import survey
tiles = sys.argv[1] == "tiles"
for name in sys.argv[2:]:
    if not tiles:
        hasher = Hasher()
        with open(name, "rb") as file:
            while portion := file.read(1 << 20):
                hasher.update(portion)
        hasher.finish()
    with tempfile.TemporaryDirectory(dir=Path(name).parent) as out:
        sealed = survey(Path(name), Path(out), SealSecret(bytes(32), bytes(16)), tiles=tiles)
        assert sealed.sealed_by == "units", sealed
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall seconds of some programs, and what the last one printed."""

    cpu: float
    wall: float
    said: str = ""


def cost_of(*commands: Sequence[str]) -> Cost:
    """Run commands as one pipe and return what they cost together."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    running: list[subprocess.Popen[bytes]] = []
    for command in commands:
        source: Any = running[-1].stdout if running else None
        running.append(subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE))
    said = running[-1].communicate()[0]
    assert [each.wait() for each in running] == [0] * len(running), commands
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.perf_counter() - start, said.decode("utf-8", "replace"))


def draw(path: Path) -> None:
    """Write some seconds of moving noise over a gradient, with the rate of a telephone's film."""
    random = np.random.default_rng(0)
    ground = np.add.outer(np.arange(HEIGHT), np.arange(WIDTH)) // 12 % 256
    noise = random.integers(0, 30, (HEIGHT + 64, WIDTH + 64))
    options = {"preset": "veryfast", "bf": "2", "g": "60"}
    with av.open(path, "w") as out:
        film: Any = out.add_stream("libx264", rate=RATE, options=options)
        film.width, film.height, film.pix_fmt, film.bit_rate = WIDTH, HEIGHT, "yuv420p", BIT_RATE
        sound: Any = out.add_stream("aac", rate=48000)
        for index in range(RATE * SECONDS):
            x, y = 7 * index % 64, 5 * index % 64
            grey = ground + noise[y : y + HEIGHT, x : x + WIDTH]
            frame = VideoFrame.from_ndarray((grey % 256).astype(np.uint8), format="gray")
            picture = frame.reformat(format="yuv420p")
            picture.pts, picture.time_base = index, Fraction(1, RATE)
            out.mux(film.encode(picture))
        for index in range(48000 * SECONDS // 1024):
            wave = (random.standard_normal((2, 1024)) / 8).astype(np.float32)
            piece = av.AudioFrame.from_ndarray(wave, format="fltp", layout="stereo")
            piece.sample_rate, piece.pts = 48000, index * 1024
            out.mux(sound.encode(piece))
        for stream in (film, sound):
            out.mux(stream.encode(None))


def footage(folder: Path) -> list[str]:
    """Return files that together make up the size."""
    given = os.environ.get("DALIL_BENCH_FOOTAGE")
    clips = sorted(Path(given).glob("*.mp4")) if given else [folder / "drawn.mp4"]
    if not given:
        draw(clips[0])
    made = []
    for clip in clips:
        times = int(SIZE / len(clips) / clip.stat().st_size) + 1
        long = folder / f"long-{clip.name}"
        loop = ["ffmpeg", "-v", "error", "-stream_loop", str(times), "-i", str(clip)]
        cost_of([*loop, "-map", "0", "-c", "copy", str(long)])
        made.append(str(long))
    return made


def report(name: str, reached: float, target: float, unit: str, ratio_to: str = "") -> None:
    """Print one row of the table."""
    row = {"name": name, "reached": reached, "target": target, "unit": unit, "ratio_to": ratio_to}
    print(json.dumps(row), flush=True)


def bench_packets(files: list[str]) -> None:
    """Measure take-in without tiles."""
    floor = [cost_of(["sha256sum", *files]), cost_of(["sha512sum", *files])]
    for file in files:
        copy = [word.replace("{}", file) for word in STOCK_COPY]
        floor.append(cost_of(["ffmpeg", *copy, *HASHED]))
    ours = cost_of([sys.executable, "-c", TAKE_IN, "packets", *files])
    stock = sum(each.cpu for each in floor)
    print(f"packets: ours {ours.cpu:.1f} s, floor {stock:.1f} s", file=sys.stderr)
    report("take in, without tiles", ours.cpu / stock, 1.3, "x",
           "`sha256sum` + `sha512sum` + stream-copy framehash")  # fmt: skip
    report("take in, memory", float(ours.said), 200, "MB")


def bench_tiles(files: list[str]) -> None:
    """Measure tiles."""
    stock = 0.0
    for file in files:
        decode = f"ffmpeg -v error -i {file} -map 0:v -fps_mode passthrough -f rawvideo -".split()
        stock += cost_of(decode, ["openssl", "sha256"]).cpu
    ours = cost_of([sys.executable, "-c", TAKE_IN, "tiles", *files])
    print(f"tiles: ours {ours.cpu:.1f} s in {ours.wall:.1f} s, floor {stock:.1f} s, "
          f"{float(ours.said):.0f} MB", file=sys.stderr)  # fmt: skip
    report("tiles", ours.cpu / stock, 1.3, "x",
           "FFmpeg decode + `openssl sha256` of the decoded bytes")  # fmt: skip
    report("tiles, wall against own CPU", ours.wall / ours.cpu, 0.6, "x", "both cores busy")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        long_files = footage(Path(place))
        bench_packets(long_files)
        bench_tiles(long_files)
