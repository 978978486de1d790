"""Positions in footage as people write them: read exactly, never as floating seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from dalil.errors import CannotCutHere, UsageRefused
from dalil.kernel.seal import NANO, nanoseconds
from dalil.media.cut import film_of, film_times
from dalil.media.tables import Tables

CLOCK = re.compile(r"(?:(?:([0-9]{1,4}):)?([0-9]{1,4}):)?([0-9]{1,6})(?:\.([0-9]{1,9}))?", re.ASCII)
FRAME = re.compile(r"frame:([0-9]{1,10})", re.ASCII)
PTS = re.compile(r"pts:(-?[0-9]{1,18})/([0-9]{1,10})(?:/([0-9]{1,10}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """So many nanoseconds after the first picture."""

    nanoseconds: int


@dataclass(frozen=True, slots=True)
class FrameNumber:
    """The n-th picture in the order in which they are shown, from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A presentation time stamp of the footage: ``ticks`` of ``tick`` seconds."""

    ticks: int
    tick: Fraction


Position = Moment | FrameNumber | Stamp


def parse_position(untrusted: str) -> Position:
    """Read ``[[HH:]MM:]SS[.fff]``, ``frame:N`` or ``pts:N/TB``.

    ``TB`` is ticks a second (``pts:180180/90000``) or, where that is no whole number, the time base
    upside down (``pts:60/30000/1001``).

    Raises:
        UsageRefused: it is none of these.

    """
    if found := FRAME.fullmatch(untrusted):
        return FrameNumber(int(found[1]))
    if (found := PTS.fullmatch(untrusted)) and int(found[2]) and int(found[3] or 1):
        return Stamp(int(found[1]), Fraction(int(found[3] or 1), int(found[2])))
    if found := CLOCK.fullmatch(untrusted):
        hours, minutes, seconds = (int(each or 0) for each in found.groups()[:3])
        if (found[2] is None or seconds < 60) and (found[1] is None or minutes < 60):  # noqa: PLR2004
            whole = (hours * 60 + minutes) * 60 + seconds
            return Moment(whole * NANO + int((found[4] or "").ljust(9, "0")))
    raise UsageRefused(f"{untrusted!r} is no position: [[HH:]MM:]SS[.fff], frame:N or pts:N/TB")


def parse_span(untrusted: str) -> tuple[Position, Position]:
    """Read ``FROM-TO``, both as positions.

    Raises:
        UsageRefused: it is none.

    """
    begin, dash, end = untrusted.partition("-")
    if begin.startswith("pts:") and not begin[4:]:
        raise UsageRefused("a span counted from a negative time stamp")
    if not dash:
        raise UsageRefused(f"{untrusted!r} is no span: FROM-TO")
    return parse_position(begin), parse_position(end)


def resolve(position: Position, tables: Tables) -> int:
    """Return the position in nanoseconds after the film's first picture.

    Raises:
        CannotCutHere: there is no such picture.

    """
    if isinstance(position, Moment):
        return position.nanoseconds
    shown = shown_times(tables)
    if isinstance(position, FrameNumber):
        if position.number >= len(shown):
            raise CannotCutHere(f"it has {len(shown)} pictures, counted from 0")
        return int(shown[position.number] - shown[0])
    tick = position.tick
    return nanoseconds(position.ticks, tick.numerator, tick.denominator) - int(shown[0])


def shown_times(tables: Tables) -> NDArray[np.int64]:
    """Return the presentation times, in ns, of the film's packets, in the order they are shown.

    Raises:
        CannotCutHere: it is no film.

    """
    return np.sort(film_times(tables, film_of(tables)).shown)
