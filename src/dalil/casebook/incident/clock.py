"""The time of an item: seconds after its first picture, exactly, from time stamps and ticks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import numpy as np

from dalil.errors import Malformed, Missing, NotAnArchive
from dalil.media.tables import NONE_64, Tables
from dalil.vault.vault import Vault

TICK = re.compile(r"([1-9][0-9]{0,9})/([1-9][0-9]{0,9})", re.ASCII)
PORTION = 1 << 16
NANO = 10**9
MILLI = 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time of an item begins and ends, in seconds of its own time stamps.

    ``sealed``: both were measured when it was sealed here. Otherwise it counts from time stamp 0,
    and nobody here knows its end.
    """

    zero: Fraction = Fraction(0)
    end: Fraction | None = None
    sealed: bool = False

    @property
    def length(self) -> Fraction | None:
        """How long the item is, in seconds; none where nobody measured it."""
        return None if self.end is None else self.end - self.zero


def clock_of(archive: Path, item: str) -> Clock:
    """Return the clock of an item, as its seal measured it."""
    try:
        return _sealed(archive, item)
    except (Missing, Malformed, NotAnArchive, KeyError):
        return Clock()


# A seal is never written anew, so that a clock that was read once stays as it is.
@lru_cache(maxsize=4096)
def _sealed(archive: Path, item: str) -> Clock:
    tables = Tables(Vault.open(archive).tables(item))
    streams = tables.summary["streams"]
    films = [each for each in streams if each["kind"] == "video"] or list(streams)
    if not films:
        return Clock()
    return _measured(tables, int(max(films, key=lambda each: each["units"])["number"]))


def _measured(tables: Tables, stream: int) -> Clock:
    tick = Fraction(*tables.time_base(stream))
    starts, ends = [], []
    for first in range(0, tables.count, PORTION):
        rows = tables.rows(first, min(tables.count, first + PORTION))
        pts = rows["pts"].astype(np.int64)
        here = (rows["stream"] == stream) & (pts != NONE_64)
        if not here.any():
            continue
        starts.append(int(pts[here].min()))
        last = int(pts[here].argmax())
        lasts = int(rows["duration_ns"][here][last])
        ends.append(int(pts[here][last]) * tick + Fraction(max(lasts, 0), NANO))
    if not starts:
        return Clock()
    return Clock(min(starts) * tick, max(ends), sealed=True)


def tick_of(timebase: str | None) -> Fraction | None:
    """Return the tick of a time base (``1/90000``) in seconds; none where it is no such thing."""
    found = TICK.fullmatch(timebase or "")
    return Fraction(int(found[1]), int(found[2])) if found else None


def shown(seconds: Fraction, *, up: bool = False) -> str:
    """Return ``HH:MM:SS.mmm``, rounded down, or up for an end: a stretch is never shown shorter."""
    whole = -((-seconds * MILLI) // 1) if up else (seconds * MILLI) // 1
    sign = "-" if whole < 0 else ""
    rest, milli = divmod(abs(int(whole)), MILLI)
    rest, second = divmod(rest, 60)
    hours, minutes = divmod(rest, 60)
    return f"{sign}{hours:02}:{minutes:02}:{second:02}.{milli:03}"
