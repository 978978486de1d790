"""Where pictures begin: what a file says in milliseconds is put back on time stamps."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from dalil.casebook.incident.clock import PORTION, Clock, clock_of
from dalil.errors import Malformed, Missing, NotAnArchive
from dalil.media.tables import NONE_64, Tables
from dalil.vault.vault import Vault

# Forms that count in milliseconds are off by up to one.
NEAR = Fraction(1, 1000)
MILLISECOND = "1/1000"


@dataclass(frozen=True, slots=True)
class Grid:
    """The time stamps of an item's pictures, in order, in ticks of ``timebase``."""

    clock: Clock
    timebase: str
    stamps: tuple[int, ...]

    @property
    def tick(self) -> Fraction:
        """How long a tick is, in seconds."""
        above, below = self.timebase.split("/")
        return Fraction(int(above), int(below))

    def stamp(self, seconds: Fraction) -> int:
        """Return the time stamp at ``seconds`` after the first picture.

        That of a picture that begins within a millisecond, else that of the nearest tick.
        """
        at = (seconds + self.clock.zero) / self.tick
        place = bisect_left(self.stamps, at)
        close = self.stamps[max(0, place - 1) : place + 1]
        near = min(close, key=lambda each: (abs(each - at), each), default=None)
        if near is not None and abs(near - at) * self.tick <= NEAR:
            return near
        return round(at)


def grid_of(archive: Path, item: str) -> Grid:
    """Return where the pictures of an item begin, as its seal tells; else mere milliseconds."""
    try:
        timebase, stamps = _sealed(archive, item)
    except (Missing, Malformed, NotAnArchive, KeyError):
        return Grid(clock_of(archive, item), MILLISECOND, ())
    return Grid(clock_of(archive, item), timebase, stamps)


@lru_cache(maxsize=8)
def _sealed(archive: Path, item: str) -> tuple[str, tuple[int, ...]]:
    tables = Tables(Vault.open(archive).tables(item))
    films = [each for each in tables.summary["streams"] if each["kind"] == "video"]
    if not films:
        raise Missing("a stream of pictures")
    stream = int(max(films, key=lambda each: each["units"])["number"])
    stamps: set[int] = set()
    end = 0
    for first in range(0, tables.count, PORTION):
        rows = tables.rows(first, min(tables.count, first + PORTION))
        here = (rows["stream"] == stream) & (rows["pts"] != NONE_64)
        pts = rows["pts"][here].astype(np.int64)
        stamps |= set(pts.tolist())
        if len(pts):
            last = int(pts.argmax())
            above, below = tables.time_base(stream)
            ticks = int(rows["duration_ns"][here][last]) * below / (above * 10**9)
            end = max(end, int(pts[last]) + round(ticks))
    above, below = tables.time_base(stream)
    # The end of the last picture is where a stretch may end too.
    return f"{above}/{below}", tuple(sorted({*stamps, end} if stamps else ()))
