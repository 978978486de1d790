"""How exactly a position may be told: where a grave or a home lies is not for every reader."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

# Millionths of a degree: 2 decimals, about a kilometre.
CELL = 10_000
MICRO = 1_000_000
# Mean radius of the Earth (IUGG 1980), metres.
EARTH_M = 6_371_008.8
# How far from the middle of its cell a position may lie, and from that of a cell beside its own;
# metres, at most, anywhere on Earth (a degree of latitude has 111,700 m at the poles).
WITHIN_CELL_M, WITHIN_NEXT_M = 790, 2_370
# The radii that are told, in metres: an odd one would tell one position from another.
RADII_M = (
    1_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000,
    5_000_000, 10_000_000, 20_000_000,
)  # fmt: skip
# The class from which positions are told as they were recorded, unless a site has its own.
EXACT_FROM = 1

Cell = tuple[int, int]
Point = tuple[int, int]


def is_exact_for(clearance: int, exact_from: int = EXACT_FROM) -> bool:
    """Whether positions are told as they were recorded to whoever has this clearance.

    Whoever sees open records only is told every position coarsely: which of them is a grave or a
    home cannot be left to a label that somebody may forget.
    """
    return clearance >= max(EXACT_FROM, exact_from)


@dataclass(frozen=True, slots=True)
class Coarse:
    """All positions of one place, as they are told to whoever may not know them exactly.

    A position is told as the middle of the cell of the first one recorded that lies in its cell
    or in one beside it: rival positions of one pit never fall into two cells, whose border would
    give it away, and asking again tells no more.
    """

    anchors: tuple[Cell, ...]
    crowded: frozenset[Cell]

    def told(self, lat_e6: int, lon_e6: int, radius_m: int | None) -> tuple[int, int, int]:
        """Return a position with 2 decimals of a degree, and a radius that covers where it lies.

        Units: millionths of a degree; metres.
        """
        anchor = _anchor(_cell(lat_e6, lon_e6), self.anchors)
        off = WITHIN_NEXT_M if anchor in self.crowded else WITHIN_CELL_M
        wanted = (radius_m or 0) + off
        radius = RADII_M[min(bisect_left(RADII_M, wanted), len(RADII_M) - 1)]
        return anchor[0] * CELL, anchor[1] * CELL, radius


def coarsely(points: Iterable[Point]) -> Coarse:
    """Return how the positions of one place are told, given in the order of their recording."""
    anchors: list[Cell] = []
    held: dict[Cell, set[Point]] = {}
    for point in points:
        cell = _cell(*point)
        anchor = _anchor(cell, anchors)
        if anchor not in held:
            anchors.append(anchor)
        held.setdefault(anchor, set()).add(point)
    crowded = frozenset(anchor for anchor, near in held.items() if len(near) > 1)
    return Coarse(tuple(anchors), crowded)


def metres_between(one: Point, other: Point) -> float:
    """Return the distance on the mean sphere (haversine); positions in millionths of a degree."""
    lat_1, lon_1, lat_2, lon_2 = (math.radians(each / MICRO) for each in (*one, *other))
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    half += math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _anchor(cell: Cell, anchors: Iterable[Cell]) -> Cell:
    beside = (each for each in anchors if max(abs(each[0] - cell[0]), abs(each[1] - cell[1])) <= 1)
    return next(beside, cell)


def _cell(lat_e6: int, lon_e6: int) -> Cell:
    """Return the nearest multiples of a cell, a half away from zero."""
    return _nearest(lat_e6), _nearest(lon_e6)


def _nearest(micro: int) -> int:
    cells = (abs(micro) + CELL // 2) // CELL
    return cells if micro >= 0 else -cells
