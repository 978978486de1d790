"""Stretches of footage: how severe each is before it is watched, and what nobody described."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from dalil.casebook.incident.clock import Clock, tick_of

# Severities are 0 to 5; the place after them counts observations.
_OBSERVED = 6


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` up to ``end``, in seconds of the item's clock, and as recorded.

    A single picture (``pts_start`` = ``pts_end``) lasts one tick here.
    """

    start: Fraction
    end: Fraction
    pts_start: int
    pts_end: int
    timebase: str


@dataclass(frozen=True, slots=True)
class Band:
    """From ``start`` up to ``end`` the most severe of what is described is ``severity``.

    None: nobody described it, so nobody can say.
    """

    start: Fraction
    end: Fraction
    severity: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of an item that no observation describes."""

    start: Fraction
    end: Fraction


def stretch_of(
    pts_start: int | None, pts_end: int | None, timebase: str | None, clock: Clock
) -> Stretch | None:
    """Return a stretch by an item's clock; none where its place cannot be read."""
    tick = tick_of(timebase)
    if tick is None or pts_start is None or pts_end is None:
        return None
    start, end = pts_start * tick - clock.zero, max(pts_end, pts_start + 1) * tick - clock.zero
    return Stretch(start, end, pts_start, pts_end, timebase or "")


def gaps(described: Iterable[Stretch], length: Fraction | None) -> tuple[Gap, ...]:
    """Return what is described by none of these, from 0 to ``length`` or to the last of them."""
    found, at = [], Fraction(0)
    for each in sorted(described, key=lambda each: (each.start, each.end)):
        start = each.start if length is None else min(each.start, length)
        if start > at:
            found.append(Gap(at, start))
        at = max(at, each.end)
    if length is not None and at < length:
        found.append(Gap(at, length))
    return tuple(found)


def bands(
    marked: Sequence[tuple[Stretch, int]], described: Iterable[Stretch], length: Fraction | None
) -> tuple[Band, ...]:
    """Return, for all of an item in order, the highest severity that anything there is given.

    Args:
        marked: stretches with their severity, 0 to 5, observed or inferred.
        described: the stretches that are observed.
        length: of the item, in seconds; None: up to where the last stretch ends.

    """
    changes: dict[Fraction, list[tuple[int, int]]] = {Fraction(0): []}
    if length is not None:
        changes[length] = []
    for each, severity in marked:
        changes.setdefault(each.start, []).append((severity, 1))
        changes.setdefault(each.end, []).append((severity, -1))
    for each in described:
        changes.setdefault(each.start, []).append((_OBSERVED, 1))
        changes.setdefault(each.end, []).append((_OBSERVED, -1))
    found: list[Band] = []
    over = [0] * (_OBSERVED + 1)
    for start, end in pairwise(sorted(changes)):
        for level, change in changes[start]:
            over[level] += change
        severity_here = _level(over)
        if found and found[-1].severity == severity_here:
            found[-1] = Band(found[-1].start, end, severity_here)
        else:
            found.append(Band(start, end, severity_here))
    return tuple(found)


def _level(over: Sequence[int]) -> int | None:
    highest = max((level for level in range(_OBSERVED) if over[level]), default=0)
    # Something inferred to be harmless is no word on what nobody looked at.
    return highest if highest or over[_OBSERVED] else None
