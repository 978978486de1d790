"""Publishing 40 seconds of 27 minutes: time to prove, time to verify, bytes of proof a unit.

The footage is drawn: ten seconds with sound, repeated packet by packet. Proving is all that
`dalil excerpt` does once the key is unlocked, Python's start apart; verifying is taken in a warm
process and, apart, as the shipped verify.py does it, its start included.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from dalil.disclose.check_proof import check_published  # noqa: E402 - after the path is set
from dalil.disclose.excerpt import excerpt  # noqa: E402
from dalil.disclose.position import Moment  # noqa: E402
from dalil.disclose.publish import Published  # noqa: E402
from disclose.evidence_room import PUBLIC, Room, open_room, seal_clip  # noqa: E402

MINUTES, LENGTH, RATE, SOUND_RATE = 27, 10, 25, 44100
BIT_RATE = int(os.environ.get("DALIL_BENCH_BITS", "8000000"))
BEGIN, SECONDS, TURNS = 600, 40, 5
NANO = 10**9


def draw(path: Path) -> None:
    """Draw ten seconds of noise and a tone, at the rate of a telephone's footage."""
    noise = np.random.default_rng(1)
    with av.open(path, "w") as target:
        options = {"g": str(RATE), "preset": "ultrafast", "nal-hrd": "cbr"}
        film = target.add_stream("libx264", rate=RATE, options=options)
        film.width, film.height, film.pix_fmt, film.bit_rate = 1280, 720, "yuv420p", BIT_RATE
        sound = target.add_stream("aac", rate=SOUND_RATE, layout="mono")
        for at in range(LENGTH * RATE):
            image = noise.integers(0, 255, (90, 160, 3), np.uint8).repeat(8, 0).repeat(8, 1)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = at, Fraction(1, RATE)
            target.mux(film.encode(frame))
        target.mux(film.encode(None))
        wave = (3000 * np.sin(np.arange(SOUND_RATE * LENGTH) / 20)).astype(np.int16)
        tone = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
        tone.sample_rate, tone.pts = SOUND_RATE, 0
        target.mux(sound.encode(tone))
        target.mux(sound.encode(None))


def repeat(clip: Path, out: Path) -> Path:
    """Repeat a clip until 27 minutes are full."""
    with av.open(clip) as source:
        demuxed: Any = source.demux()
        packets: list[Any] = [
            each
            for each in demuxed
            if each.size and (each.dts or 0) * each.time_base < LENGTH - 0.1
        ]
        with av.open(out, "w") as target:
            streams = [target.add_stream_from_template(each) for each in source.streams]
            starts = [(each.stream_index, each.dts, each.pts) for each in packets]
            for turn in range(MINUTES * 60 // LENGTH):
                for packet, (stream, dts, pts) in zip(packets, starts, strict=True):
                    shift = int(turn * LENGTH / source.streams[stream].time_base)
                    packet.stream = streams[stream]
                    packet.dts, packet.pts = dts + shift, pts + shift
                    packet.time_base = source.streams[stream].time_base
                    target.mux_one(packet)
    return out


def seconds_of(action: Callable[[], object]) -> float:
    """Return the median CPU seconds of this process."""
    taken = []
    for _ in range(TURNS):
        start = time.process_time()
        action()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def seconds_of_program(*words: str | Path) -> float:
    """Return the median CPU seconds of another program."""
    taken = []
    for _ in range(TURNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(list(map(str, words)), check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


def row(name: str, reached: float, target: float, unit: str, **more: str) -> None:
    """Print one measurement."""
    print(json.dumps({"name": name, "reached": reached, "target": target, "unit": unit, **more}))


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        draw(place / "clip.mp4")
        whole = repeat(place / "clip.mp4", place / "whole.mp4")
        signer = open_room(place / "archive")
        item = seal_clip(place / "archive", signer, whole, tiles=False)
        room = Room(place / "archive", signer, item, whole)
        measure(room, place)


def measure(room: Room, place: Path) -> None:
    """Prove and verify."""
    made: list[Published] = []

    def prove() -> None:
        begin, end = Moment(BEGIN * NANO), Moment((BEGIN + SECONDS) * NANO)
        out = place / f"part{len(made)}"
        made.append(excerpt(room.archive, room.item, begin, end, PUBLIC, room.signer, out))

    row("prove 40 s of 27 min", seconds_of(prove), 1.0, "s")
    part = made[-1]
    size = part.proof.stat().st_size / part.units
    row("proof, bytes a unit", size, 450, "bytes", note=f"{part.units} units")
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        print("NOT MEASURED against ffmpeg: it is not on this machine", file=sys.stderr)
        return
    stock = seconds_of_program(
        ffmpeg, "-v", "error", "-nostdin", "-y", "-ignore_editlist", "1", "-copyts", "-i",
        part.files[0], "-map", "0", "-c", "copy", "-copyinkf", "-f", "framehash", "-hash",
        "sha256", os.devnull,
    )  # fmt: skip
    about = f"framehash of the excerpt ({part.files[0].stat().st_size / 1e6:.0f} MB)"
    checked = seconds_of(lambda: check_published(part.proof, room.vkeys))
    row("verify that part", checked / stock, 1.5, "x", ratio_to=about)
    shipped = ROOT / "src" / "dalil" / "verifier" / "verify.py"
    alone = seconds_of_program(sys.executable, "-I", shipped, part.proof)
    row("verify that part with verify.py", alone / stock, 1.5, "x", ratio_to=about)


if __name__ == "__main__":
    main()
