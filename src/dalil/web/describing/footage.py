"""The time of an item as the lanes need it: time base, first and last picture, every picture."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from dalil.casebook.incident.clock import clock_of
from dalil.disclose.position import parse_position, resolve
from dalil.errors import CannotCutHere, Malformed, Missing, NoSuchThing, UsageRefused
from dalil.kernel.seal import NANO
from dalil.media.cut import film_of
from dalil.media.tables import NONE_64, Tables
from dalil.vault.ocfl import ITEM
from dalil.vault.vault import Vault
from dalil.web.frame.say import in_ascii


@dataclass(frozen=True, slots=True)
class Footage:
    """An item's own time. ``zero`` and ``end`` are time stamps, in ticks of ``timebase``.

    ``end`` is none where nobody measured it. ``frames`` are distances from picture to picture,
    each with how often it comes in a row; empty where the item has no pictures.
    """

    item: str
    timebase: str
    zero: int
    end: int | None
    frames: tuple[tuple[int, int], ...]

    @property
    def tick(self) -> Fraction:
        """One tick, in seconds."""
        return Fraction(self.timebase)

    def seconds(self, pts: int, timebase: str) -> Fraction:
        """Return how long after the first picture a time stamp of any time base lies."""
        return pts * Fraction(timebase) - self.zero * self.tick


def footage_of(archive: Path, item: str) -> Footage:
    """Return the time of an item.

    Raises:
        NoSuchThing: there is no such item.

    """
    if ITEM.fullmatch(item) is None or not Vault.open(archive).has(item):
        raise NoSuchThing(f"item {item}")
    return _measured(archive, item)


# A seal is never written anew, so that what was read once stays as it is.
@lru_cache(maxsize=256)
def _measured(archive: Path, item: str) -> Footage:
    clock = clock_of(archive, item)
    try:
        tables = Tables(Vault.open(archive).tables(item))
        film = film_of(tables)
    except (Missing, Malformed, CannotCutHere):
        end = None if clock.length is None else -(-clock.length * 1000 // 1)
        return Footage(item, "1/1000", 0, end, ())
    tick = Fraction(*tables.time_base(film))
    rows = tables.rows(0, tables.count)
    shown = rows["pts"][rows["stream"] == film].astype(np.int64)
    shown = np.sort(shown[shown != NONE_64])
    end = None if clock.end is None else int(-(-clock.end // tick))
    base = f"{tick.numerator}/{tick.denominator}"
    return Footage(item, base, int(clock.zero / tick), end, _runs(np.diff(shown).tolist()))


def _runs(distances: list[int]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for each in distances:
        if found and found[-1][0] == each:
            found[-1] = (each, found[-1][1] + 1)
        else:
            found.append((each, 1))
    return tuple(found)


def typed(archive: Path, footage: Footage, text: str) -> int:
    """Return the time stamp, in ticks of the item, of what somebody typed.

    Takes ``[[HH:]MM:]SS[.fff]``, ``frame:N`` and ``pts:N/TB``, digits of either script.

    Raises:
        UsageRefused: it is no position in this item.

    """
    position = parse_position(in_ascii(text.strip()))
    try:
        after = resolve(position, Tables(Vault.open(archive).tables(footage.item)))
    except (CannotCutHere, Missing, Malformed) as refused:
        raise UsageRefused(f"{text}: {refused.about}") from None
    pts = footage.zero + round(Fraction(after, NANO) / footage.tick)
    if pts < footage.zero or (footage.end is not None and pts > footage.end):
        raise UsageRefused(f"{text}: the item does not last so long")
    return pts
