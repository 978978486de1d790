"""Drawn scenes of one camera: a room with things that move in it, as a motion maker sees them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import NANO, Motion
from dalil.media.features.makers.motion import MotionMaker

WIDE, HIGH = 160, 90
Picture = NDArray[np.float32]
Place = Callable[[float], tuple[float, float]]

_COARSE = np.random.default_rng(5).uniform(40, 200, (9, 16)).astype(np.float32)
ROOM: Picture = np.asarray(
    cv2.resize(_COARSE, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC), np.float32
)


def walk(seed: int, pace: float = 1.0) -> Place:
    """Return where a thing is at a second: a wandering path of its own, never at rest."""
    rng = np.random.default_rng(seed)
    rates, phases = rng.uniform(0.15, 0.9, (2, 3)) * pace, rng.uniform(0, 6.3, (2, 3))

    def at(second: float) -> tuple[float, float]:
        x, y = np.sin(rates * second * 2 + phases).mean(axis=1)
        return WIDE * (0.5 + 0.42 * float(x)), HIGH * (0.5 + 0.42 * float(y))

    return at


def scene(*things: tuple[Place, float, float]) -> Callable[[float], Picture]:
    """Return the picture of a second: the room, and each thing (place, size in pixels, grey)."""

    def at(second: float) -> Picture:
        picture = ROOM.copy()
        for place, size, grey in things:
            x, y = place(second)
            middle, half = (round(x * 16), round(y * 16)), (round(size * 8), round(size * 14))
            cv2.ellipse(picture, middle, half, 0, 0, 360, grey, -1, cv2.LINE_AA, 4)
        return picture

    return at


def filmed(
    shown: Callable[[float], Picture],
    seconds: float,
    *,
    begin: float = 0.0,
    rate: float = 25.0,
    change: Callable[[Picture, int], Picture] = lambda picture, _: picture,
    noise: float = 0.0,
) -> Motion:
    """Film a scene from ``begin`` on, each picture changed."""
    rng, maker = np.random.default_rng(round(begin * 1000)), MotionMaker()
    wanted = 0
    for k in range(int(seconds * rate) + 1):
        at = k / rate
        if at + 1e-6 < wanted / 8:
            continue
        wanted = int(at * 8 + 1e-6) + 1
        picture = change(shown(begin + at), k)
        noisy = picture + rng.normal(0, noise, picture.shape)
        maker.take(np.clip(noisy, 0, 255).astype(np.uint8), round(at * NANO))
    return maker.finish()
