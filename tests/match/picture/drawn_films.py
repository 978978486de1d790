"""Drawn films as the makers see them: a textured place, seen by a hand-held or a fixed camera."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from dalil.media.features.features import LOOK_SIDE, MOTION_SIDE, NANO, Seen
from dalil.media.features.makers.motion import MotionMaker
from dalil.media.features.makers.points import PointMaker
from dalil.media.features.makers.prints import PrintMaker

Picture = NDArray[np.uint8]
Film = Callable[[float], Picture]
WIDE, HIGH = 320, 180


def ground(seed: int, size: tuple[int, int] = (640, 480)) -> Picture:
    """Return a place full of corners: boxes of many sizes and greys."""
    rng = np.random.default_rng(seed)
    drawn = np.full((size[1], size[0]), 120, np.uint8)
    for _ in range(260):
        x, y = int(rng.integers(0, size[0])), int(rng.integers(0, size[1]))
        w, h = (int(side) for side in rng.integers(6, 60, 2))
        cv2.rectangle(drawn, (x, y), (x + w, y + h), int(rng.integers(20, 236)), -1)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 0.8), np.uint8)


def fixed(seed: int, walkers: int) -> Film:
    """Return what a fixed camera sees of a place while somebody walks there on a path of theirs."""
    place = ground(seed)[100 : 100 + HIGH, 100 : 100 + WIDE]
    rng = np.random.default_rng(walkers)
    rates, phases = rng.uniform(0.4, 1.6, (2, 3)), rng.uniform(0, 6.3, (2, 3))

    def at(second: float) -> Picture:
        picture = place.copy()
        x, y = np.sin(rates * second + phases).mean(axis=1)
        middle = (round(WIDE * (0.5 + 0.45 * x)), round(HIGH * (0.5 + 0.4 * y)))
        cv2.ellipse(picture, middle, (16, 30), 0, 0, 360, 235, -1, cv2.LINE_AA)
        return picture

    return at


def carried(seed: int, path: int = 0) -> Film:
    """Return what a camera carried over a place sees; ``path``: on another walk, at other times."""
    place = ground(seed)
    rng = np.random.default_rng(1000 + path)
    rates, phases = rng.uniform(0.3, 0.9, 2), rng.uniform(0, 6.3, 2)

    def at(second: float) -> Picture:
        x, y = np.sin(rates * second + phases)
        middle = (320 + 130 * float(x), 240 + 110 * float(y))
        return np.asarray(cv2.getRectSubPix(place, (WIDE, HIGH), middle), np.uint8)

    return at


def seen(
    film: Film,
    seconds: float,
    *,
    begin: float = 0.0,
    speed: float = 1.0,
    change: Callable[[Picture], Picture] = lambda picture: picture,
) -> Seen:
    """Watch a film from ``begin`` on, each picture changed: eight a second, one a second."""
    prints, points, motion = PrintMaker(), PointMaker(), MotionMaker()
    looks: list[int] = []
    count = int(seconds * 8) + 1
    for k in range(count):
        picture = np.ascontiguousarray(change(film(begin + k / 8 * speed)))
        at_ns = k * NANO // 8
        motion.take(_within(picture, MOTION_SIDE), at_ns)
        if k % 8 == 0:
            looks.append(at_ns)
            prints.take(_within(picture, LOOK_SIDE), at_ns)
            points.take(_within(picture, LOOK_SIDE), at_ns)
    high, wide = picture.shape
    return Seen(
        stream=0,
        width=wide,
        height=high,
        frames=count,
        length_ns=(count - 1) * NANO // 8,
        shots=np.zeros(1, np.int64),
        looks=np.array(looks, np.int64),
        look_width=wide,
        look_height=high,
        prints=prints.finish(),
        points=points.finish(),
        motion=motion.finish(),
        learned=np.zeros((0, 512), np.float16),
    )


def _within(picture: Picture, side: int) -> Picture:
    share = min(1.0, side / max(picture.shape))
    size = (round(picture.shape[1] * share), round(picture.shape[0] * share))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
