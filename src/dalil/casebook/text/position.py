"""How exactly a position may be told: where a grave or a home lies is not for every reader."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Millionths of a degree: 2 decimals, about a kilometre.
CELL = 10_000
# No circle of a position that was made coarse is smaller than its cell, in metres.
CELL_RADIUS_M = 1_000
RESTRICTED = 1
GUARDED_TYPES = frozenset({"site", "person", "victim", "incident"})
GUARDED_LABELS = re.compile(
    r"grave|burial|cemetery|exhum|\bhomes?\b|\bhouses?\b|residence|dwelling|shelter"
    r"|قبر|قبور|مقبر|مدفن|منزل|بيت|سكن|ملجأ",
    re.IGNORECASE,
)


def exact_for(clearance: int, see: int, type_: str, labels: Iterable[str]) -> bool:
    """Whether the exact position of an entity is told to whoever has this clearance.

    Sites, persons, victims, incidents and whatever is labelled a grave or a home are told exactly
    from the class ``restricted`` (1) on, even where the record itself is open.
    """
    guarded = type_ in GUARDED_TYPES or any(GUARDED_LABELS.search(each) for each in labels)
    return clearance >= (max(see, RESTRICTED) if guarded else see)


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
