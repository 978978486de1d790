"""Twenty-nine ways in which footage is posted again, and where the copy lies on its original.

The kinds follow ../shared/bench/match; everything is drawn with FFmpeg's filters, but a phone
that films a screen.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from copies.scenes import CODING, EVEN, ROOT, ffmpeg

FONT = ROOT / "src" / "dalil" / "dossier" / "fonts" / "plex-sans-regular.ttf"
INSIDE_S, CUT_S, AROUND_S = 4.0, 5.0, 6.0
EVASION = 1.1
BOARD = "scale=640:360:force_original_aspect_ratio=decrease,pad=640:360:-1:-1,setsar=1,fps=25"
SCREEN = np.array(((0.11, 0.10), (0.92, 0.06), (0.95, 0.92), (0.07, 0.89)), np.float32)


@dataclass(frozen=True, slots=True)
class Copy:
    """A made copy: of which reference, and where it lies there, in seconds; others in it too.

    ``speed``: seconds of the reference that pass in one of the copy.
    """

    attack: str
    path: Path
    of: str
    a_from: float
    a_to: float
    b_from: float
    speed: float = 1.0
    also: tuple[str, ...] = ()


def _words(text: str, size: str, x: str, y: str, colour: str = "white") -> str:
    return f"drawtext=fontfile={FONT}:text='{text}':fontsize={size}:fontcolor={colour}:x={x}:y={y}"


def _box(x: float, y: float, w: float, h: float, colour: str) -> str:
    return f"drawbox=x=iw*{x}:y=ih*{y}:w=iw*{w}:h=ih*{h}:color={colour}:t=fill"


LOGO = f"{_box(0.69, 0.05, 0.27, 0.13, 'red')},{_words('TODAY', 'h/14', 'w*0.71', 'h*0.08')}"
# One picture in, one out: the filter, the coder's quality, how fast it plays.
FILTERS: dict[str, tuple[str, int, float]] = {
    "coded again": ("null", 23, 1),
    "coded coarsely": ("null", 40, 1),
    "240 lines": ("scale=-2:240", 30, 1),
    "cropped to 90 %": ("crop=iw*0.9:ih*0.9", 23, 1),
    "cropped to 75 %": ("crop=iw*0.75:ih*0.75", 23, 1),
    "cropped to 50 %": ("crop=iw*0.5:ih*0.5", 23, 1),
    "logo": (LOGO, 23, 1),
    "letter box": ("pad=iw:ih*1.5:0:-1", 23, 1),
    "pillar box": ("pad=iw*1.6:ih:-1:0", 23, 1),
    "mirrored": ("hflip", 23, 1),
    "brighter": ("eq=brightness=0.18:contrast=1.25:gamma=1.3", 23, 1),
    "darker": ("eq=brightness=-0.15:contrast=0.8:gamma=0.7", 23, 1),
    "grey": ("hue=s=0", 23, 1),
    "1.25 times as fast": ("setpts=PTS/1.25", 23, 1.25),
    "0.75 times as fast": ("setpts=PTS/0.75", 23, 0.75),
    "12 pictures a second": ("fps=12", 23, 1),
    "region blurred": (
        "split[w][r];[r]crop=iw*0.35:ih*0.35:iw*0.3:ih*0.3,boxblur=12[s];[w][s]overlay=W*0.3:H*0.3",
        23, 1,
    ),
    "subtitled": (
        (f"{_box(0, 0.78, 1, 0.2, 'black@0.6')},"
        f"{_words('They said that they would come', 'w/20', '(w-tw)/2', 'h*0.82', 'yellow')},"
        f"{_words('(from the Arabic)', 'w/24', '(w-tw)/2', 'h*0.9')}"),
        23, 1,
    ),
    "turned by 90": ("transpose=1", 23, 1),
    "turned by 5": ("rotate=PI/36", 23, 1),
    "upright over a blur": (
        ("split[w][s];[s]scale=540:960:force_original_aspect_ratio=increase,crop=540:960,"
        "boxblur=20[u];[w]scale=540:-2[o];[u][o]overlay=(W-w)/2:(H-h)/2"),
        28, 1,
    ),
    "messenger": (
        (f"scale=-2:360,{_words('t.me/somebody', 'h/12', 'w*0.3', 'h*0.45', 'white@0.6')},"
        "noise=alls=12:allf=t"),
        36, 1,
    ),
    "television": (
        (f"crop=iw*0.86:ih*0.86,{_box(0, 0.82, 1, 0.18, 'blue')},"
        f"{_words('THE EVENING NEWS', 'h/14', 'w*0.04', 'h*0.86')},"
        f"{_box(0.78, 0.03, 0.2, 0.1, 'white')},scale=-2:360"),
        34, 1,
    ),
    "mirrored, cropped, logo, faster": (
        f"hflip,crop=iw*0.8:ih*0.8,{LOGO},scale=-2:360,setpts=PTS/{EVASION}", 34, EVASION,
    ),
}  # fmt: skip


def length(path: Path) -> float:
    """Return how long a film lasts, in seconds."""
    with av.open(path) as file:
        return float((file.duration or 0) / av.time_base)


def copies(folder: Path, reference: Path, others: list[Path]) -> list[Copy]:
    """Make every copy of one reference that is not there yet; ``others`` are put around it."""
    folder.mkdir(parents=True, exist_ok=True)
    lasts = length(reference)
    made = [
        Copy(name, _copy(folder, reference, name), reference.stem, 0, lasts / speed, 0, speed)
        for name, (_, _, speed) in FILTERS.items()
    ]
    for copy in made:
        chain, quality, _ = FILTERS[copy.attack]
        if not copy.path.exists():
            _write(copy.path, "-i", reference, "-vf", f"{chain},{EVEN}", quality=quality)
    return made + _composed(folder, reference, others, random.Random(reference.stem))


def _composed(
    folder: Path, reference: Path, others: list[Path], chance: random.Random
) -> list[Copy]:
    lasts, (near, far) = length(reference), others[:2]
    both = min(lasts, length(near))
    cut = min(CUT_S, lasts / 2)
    cut_from, inside = chance.uniform(0, lasts - cut), min(INSIDE_S, lasts * 0.8)
    inside_from, before = chance.uniform(0, lasts - inside), min(AROUND_S, length(near))

    def copy(name: str, to: float, since: float, *also: Path, start: float = 0.0) -> Copy:
        within = tuple(each.stem for each in also)
        # Kept from run to run: what is in it stands in its name.
        path = _copy(folder, reference, ", ".join((name, *within)))
        return Copy(name, path, reference.stem, start, start + to, since, also=within)

    made = [
        copy("a screen filmed", lasts, 0),
        copy("small in another film", both, 0, near),
        copy("another film laid over", both, 0, near),
        copy("five seconds", cut, cut_from),
        copy("within a compilation", inside, inside_from, near, far, start=before),
    ]
    screen, small, over, some, among = (each.path for each in made)
    if not screen.exists():
        _film_a_screen(reference, screen, chance.randrange(1 << 16))
    if not small.exists():
        _laid(small, near, reference, "scale=854:480", "scale=384:-2", "W*0.5:H*0.08", both)
    if not over.exists():
        _laid(over, reference, near, EVEN, "scale=iw*0.3:-2", "W*0.66:H*0.66", both)
    if not some.exists():
        _write(some, "-ss", f"{cut_from:.3f}", "-t", f"{cut:.3f}", "-i", reference)
    if not among.exists():
        parts = "".join(f"[{n}:v]{BOARD}[p{n}];" for n in range(3))
        _write(
            among, "-t", f"{before:.3f}", "-i", near, "-ss", f"{inside_from:.3f}",
            "-t", f"{inside:.3f}", "-i", reference, "-t", f"{AROUND_S}", "-i", far,
            "-filter_complex", f"{parts}[p0][p1][p2]concat=n=3:v=1[all]", "-map", "[all]",
            quality=28,
        )  # fmt: skip
    return made


def _copy(folder: Path, reference: Path, name: str) -> Path:
    return folder / f"{reference.stem}, {name.replace('%', 'percent')}.mp4"


def _write(out: Path, *arguments: str | Path, quality: int = 23) -> None:
    half = out.with_suffix(".part.mp4")
    ffmpeg(*arguments, *CODING, "-crf", str(quality), half)
    half.rename(out)


def _laid(out: Path, below: Path, above: Path, *how: str | float) -> None:
    """Lay one film over another: scaling of both, the place, how many seconds."""
    large, small, place, seconds = how
    graph = (
        f"[0:v]{large},setsar=1[l];[1:v]{small},setsar=1[s];[l][s]overlay={place}:shortest=1,{EVEN}"
    )
    _write(out, "-i", below, "-i", above, "-filter_complex", graph, "-t", f"{seconds:.3f}")


def _film_a_screen(reference: Path, out: Path, seed: int) -> None:
    """Film a screen by hand: askew, shaking, with the screen's grain and the sensor's noise."""
    chance = np.random.default_rng(seed)
    half = out.with_suffix(".part.mp4")
    with av.open(reference) as source, av.open(half, "w") as film:
        shown = source.streams.video[0]
        rate = Fraction(shown.average_rate or 25)
        wide = shown.width >= shown.height
        size = (854, 480) if wide else (480, 854)
        coder: Any = film.add_stream("libx264", rate=rate, options={"crf": "33", "threads": "1"})
        coder.width, coder.height = size
        coder.pix_fmt = "yuv420p"
        phases = chance.uniform(0, 6, 2)
        for count, frame in enumerate(source.decode(shown)):
            picture = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
            seen = _seen_by_hand(picture, size, count, phases, chance)
            filmed = av.VideoFrame.from_ndarray(seen, format="rgb24")
            filmed.pts, filmed.time_base = count, 1 / rate
            film.mux(coder.encode(filmed))
        film.mux(coder.encode(None))
    half.rename(out)


def _seen_by_hand(
    picture: NDArray[np.uint8],
    size: tuple[int, int],
    count: int,
    phases: NDArray[np.float64],
    chance: np.random.Generator,
) -> NDArray[np.uint8]:
    height, width = picture.shape[:2]
    corners = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    shake = np.array((6 * np.sin(count / 11 + phases[0]), 5 * np.sin(count / 7 + phases[1])))
    askew = cv2.getPerspectiveTransform(corners, (SCREEN * size + shake).astype(np.float32))
    wall = np.full((size[1], size[0], 3), (30, 33, 37), np.uint8)
    cv2.warpPerspective(
        picture, askew, size, wall, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_TRANSPARENT
    )
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    grain = 6 * np.sin(columns * 0.9 + rows * 0.13) + chance.normal(0, 5, rows.shape)
    light = np.clip(wall + grain[..., None], 0, 255) / 255
    seen: NDArray[np.uint8] = (light**0.85 * 0.92 * 255).astype(np.uint8)
    return seen
