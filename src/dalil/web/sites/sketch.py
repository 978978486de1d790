"""Rival positions of one site drawn to scale, as circles; from positions as a view is told them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dalil.casebook.report.paged.site import PositionSaid
from dalil.casebook.text.position import EARTH_M, MICRO

WIDTH, HEIGHT, MARGIN = 640, 360, 40
# No circle is drawn smaller, in pixels: it could not be seen.
LEAST_RADIUS = 4.0
# The bar is no longer than this part of the width.
BAR = 0.3


@dataclass(frozen=True, slots=True)
class Circle:
    """One position; lengths in pixels as SVG reads them, ``number`` as in the list beside."""

    number: int
    x: str
    y: str
    r: str
    denied: bool


@dataclass(frozen=True, slots=True)
class Sketch:
    """Circles, and a bar of ``bar_m`` metres that ends at ``bar_x`` pixels; north is up."""

    circles: tuple[Circle, ...]
    bar_m: int
    bar_x: str
    width: int = WIDTH
    height: int = HEIGHT


def sketch_of(positions: Sequence[PositionSaid]) -> Sketch | None:
    """Return the drawing of two positions or more; of one there is nothing to compare."""
    if len(positions) < 2:  # noqa: PLR2004 - a pair
        return None
    first = positions[0]
    # Flat around the first: right to a thousandth within the hundreds of kilometres that matter.
    metre_e6 = math.radians(1 / MICRO) * EARTH_M
    east = math.cos(math.radians(first.lat_e6 / MICRO)) * metre_e6
    at = [
        (_turn(each.lon_e6 - first.lon_e6) * east, (first.lat_e6 - each.lat_e6) * metre_e6)
        for each in positions
    ]
    radii = [each.radius_m or 0 for each in positions]
    left = min(x - r for (x, _), r in zip(at, radii, strict=True))
    right = max(x + r for (x, _), r in zip(at, radii, strict=True))
    top = min(y - r for (_, y), r in zip(at, radii, strict=True))
    foot = max(y + r for (_, y), r in zip(at, radii, strict=True))
    scale = min(
        (WIDTH - 2 * MARGIN) / max(right - left, 1), (HEIGHT - 2 * MARGIN) / max(foot - top, 1)
    )
    circles = tuple(
        Circle(
            number,
            _pixels(WIDTH / 2 + (x - (left + right) / 2) * scale),
            _pixels(HEIGHT / 2 + (y - (top + foot) / 2) * scale),
            _pixels(max(r * scale, LEAST_RADIUS)),
            each.denied,
        )
        for number, (each, (x, y), r) in enumerate(zip(positions, at, radii, strict=True), 1)
    )
    bar = _round_length(WIDTH * BAR / scale)
    return Sketch(circles, bar, _pixels(MARGIN + bar * scale))


def _turn(lon_e6: int) -> int:
    """Return the shorter way around the Earth."""
    half = 180 * MICRO
    return (lon_e6 + half) % (2 * half) - half


def _round_length(most: float) -> int:
    """Return the longest of 1, 2, 5, 10 … metres that is no longer than ``most``."""
    power = 10 ** max(0, math.floor(math.log10(max(most, 1))))
    return next((n * power for n in (5, 2, 1) if n * power <= most), 1)


def _pixels(value: float) -> str:
    return f"{value:.1f}"
