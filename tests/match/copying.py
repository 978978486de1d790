"""Clips of noise, and what happens to them on their way: put in another container, cut, recoded."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

RATE = 25
WIDTH, HEIGHT = 256, 192
GOP = {"g": "25", "bf": "2", "threads": "1", "preset": "veryfast"}
GOP |= {"x264-params": "scenecut=0:open-gop=0:bframes=2"}


def scene(seed: int, index: int) -> VideoFrame:
    """Return a picture: shapes of one scene, which walk, each its own way."""
    chance = np.random.default_rng(seed)
    drawing = np.full((HEIGHT, WIDTH, 3), chance.integers(40, 200, 3), np.uint8)
    for _ in range(30):
        x, y, w, h = chance.integers((0, 0, 8, 8), (WIDTH, HEIGHT, 60, 60))
        dx, dy = chance.integers(-3, 4, 2)
        left, top = (x + dx * index) % WIDTH, (y + dy * index) % HEIGHT
        drawing[top : top + h, left : left + w] = chance.integers(0, 256, 3)
    grain = chance.integers(0, 24, (HEIGHT, WIDTH, 1), np.uint8)
    return VideoFrame.from_ndarray(drawing // 8 * 7 + grain, format="rgb24")


def filmed(path: Path, seed: int, pictures: int = 75) -> Path:
    """Write a clip of one scene."""
    frames = [scene(seed, index).reformat(format="yuv420p") for index in range(pictures)]
    return _written(path, "libx264", GOP | {"qp": "20"}, frames)


def blacked(path: Path, pictures: int = 75) -> Path:
    """Write a clip that fades from black to white, like any other that does."""
    frames = []
    for index in range(pictures):
        grey = np.full((HEIGHT, WIDTH, 3), 3 * index, np.uint8)
        frames.append(VideoFrame.from_ndarray(grey, format="rgb24").reformat(format="yuv420p"))
    return _written(path, "libx264", GOP, frames)


def recoded_without_loss(source: Path, path: Path, first: int = 0, last: int = 10**6) -> Path:
    """Write some pictures of a clip anew, each as it was decoded."""
    with av.open(str(source)) as opened:
        frames = list(opened.decode(video=0))[first:last]
    return _written(path, "ffv1", {"threads": "1"}, frames)


def remuxed(source: Path, path: Path, from_key: int = 0) -> Path:
    """Write the packets of a clip into another container, from its n-th key frame on."""
    with av.open(str(source)) as opened, av.open(str(path), "w") as out:
        film = opened.streams.video[0]
        copy: Any = out.add_stream_from_template(film)
        keys = -1
        for packet in opened.demux(film):
            keys += packet.is_keyframe and packet.size > 0
            if packet.dts is not None and keys >= from_key:
                packet.stream = copy
                out.mux(packet)
    return path


def _written(path: Path, codec: str, options: dict[str, str], frames: list[VideoFrame]) -> Path:
    av.logging.set_level(None)
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as out:
        film: Any = out.add_stream(codec, rate=RATE, options=options)
        film.width, film.height, film.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        film.codec_context.time_base = Fraction(1, RATE)
        for index, frame in enumerate(frames):
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            frame.pict_type = 0
            out.mux(film.encode(frame))
        out.mux(film.encode(None))
    return path
