"""How exactly a position may be told: where a grave or a home lies is not for every reader."""

from __future__ import annotations

# Millionths of a degree: 2 decimals, about a kilometre.
CELL = 10_000
# No circle of a position that was made coarse is smaller than its cell, in metres.
CELL_RADIUS_M = 1_000
# The class from which positions are told as they were recorded.
EXACT_FROM = 1


def is_exact_for(clearance: int) -> bool:
    """Whether positions are told as they were recorded to whoever has this clearance.

    Whoever sees open records only is told every position coarsely: which of them is a grave or a
    home cannot be left to a label that somebody may forget.
    """
    return clearance >= EXACT_FROM


def coarse(lat_e6: int, lon_e6: int, radius_m: int | None) -> tuple[int, int, int]:
    """Return a position to 2 decimals of a degree, with a radius that covers where it may lie.

    Units: millionths of a degree; metres. The same place gives the same cell every time, so that
    asking again tells no more.
    """
    return _middle(lat_e6), _middle(lon_e6), max(radius_m or 0, CELL_RADIUS_M)


def _middle(micro: int) -> int:
    """Return the nearest multiple of a cell, a half away from zero."""
    cells = (abs(micro) + CELL // 2) // CELL
    return cells * CELL if micro >= 0 else -cells * CELL
