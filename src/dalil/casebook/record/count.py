"""Counts as ranges: what agrees with what, and whether parts can make up a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dalil.casebook.record.claims import Assertion

# "About 40" reaches this many hundredths either way when it is compared; whoever prints a
# comparison says so.
ABOUT_REACHES = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A number known to lie from ``lo`` to ``hi``, both included; None: no bound there."""

    lo: int | None = None
    hi: int | None = None

    @property
    def exact(self) -> bool:
        """Whether only one number is left."""
        return self.lo is not None and self.lo == self.hi

    @property
    def says_something(self) -> bool:
        """Whether there is a bound at all."""
        return self.lo is not None or self.hi is not None

    def meets(self, other: Interval) -> bool:
        """Whether one number could be in both."""
        return _not_above(self.lo, other.hi) and _not_above(other.lo, self.hi)

    def shared(self, other: Interval) -> Interval:
        """Return what is left when both hold; it runs backwards where they do not meet."""
        return Interval(_highest(self.lo, other.lo), _lowest(self.hi, other.hi))

    def spanned(self, other: Interval) -> Interval:
        """Return the narrowest range that holds both."""
        lo = None if self.lo is None or other.lo is None else min(self.lo, other.lo)
        hi = None if self.hi is None or other.hi is None else max(self.hi, other.hi)
        return Interval(lo, hi)

    def plus(self, other: Interval) -> Interval:
        """Return the range of a sum. A count has no less than nothing, so no bound below is 0."""
        hi = None if self.hi is None or other.hi is None else self.hi + other.hi
        return Interval((self.lo or 0) + (other.lo or 0), hi)

    def minus(self, other: Interval) -> Interval:
        """Return the range of what remains of this count when ``other`` is taken away."""
        lo = 0 if other.hi is None else max(0, (self.lo or 0) - other.hi)
        hi = None if self.hi is None else max(0, self.hi - (other.lo or 0))
        return Interval(lo, hi)

    def widened(self) -> Interval:
        """Return the range that "about" reaches, rounded outwards."""
        down, up = 100 - ABOUT_REACHES, 100 + ABOUT_REACHES
        lo = None if self.lo is None else self.lo * down // 100
        return Interval(lo, None if self.hi is None else -(-self.hi * up // 100))


def interval_of(assertion: Assertion) -> Interval:
    """Return the number that an assertion states, as it states it.

    "At least 41" written with both bounds alike leaves the upper one open, and "at most" the
    lower one.
    """
    lo, hi = assertion.lo, assertion.hi
    if lo == hi and assertion.modality == "at_least":
        return Interval(lo, None)
    if lo == hi and assertion.modality == "at_most":
        return Interval(None, hi)
    return Interval(lo, hi)


def compared(assertion: Assertion) -> Interval:
    """Return the range with which an assertion is compared: "about N" reaches 10 % either way."""
    stated = interval_of(assertion)
    return stated.widened() if assertion.about else stated


def total(parts: Iterable[Interval]) -> Interval:
    """Return the range of the sum of ``parts``; of none, nothing."""
    summed = Interval(0, 0)
    for part in parts:
        summed = summed.plus(part)
    return summed


def stated_parts(assertion: Assertion) -> tuple[tuple[str, Interval], ...]:
    """Return the label and range of each part that an assertion states."""
    return tuple((part["label"], Interval(part.get("lo"), part.get("hi")))
                 for part in assertion.parts)  # fmt: skip


def cannot_make(whole: Interval, parts: Iterable[Interval], how: str) -> str:
    """Return why ``parts`` cannot make up ``whole``, or nothing.

    ``how``: ``complete`` parts are all there is; ``incomplete`` ones, and those from which another
    count is ``derived``, leave something over; ``overlapping`` ones may count one thing twice and
    are never summed.
    """
    parts = tuple(parts)
    if how == "overlapping":
        above = next((p for p in parts if not _not_above(p.lo, whole.hi)), None)
        return f"a part of {shown(above)} is more than the whole of {shown(whole)}" if above else ""
    summed = total(parts)
    if not _not_above(summed.lo, whole.hi):
        return f"the parts are {shown(summed)} together, more than the whole of {shown(whole)}"
    if how == "complete" and not _not_above(whole.lo, summed.hi):
        return f"the parts are {shown(summed)} together, less than the whole of {shown(whole)}"
    return ""


def wrong_parts(assertion: Assertion) -> str:
    """Return why the stated parts of an assertion cannot be, or nothing.

    Parts are checked as ranges: of 288, 7 women and 12 children can be some (``incomplete``), and
    cannot be all (``complete``).
    """
    if assertion.parts_how is not None and not assertion.parts:
        return "parts_how: no parts are given"
    for label, part in stated_parts(assertion):
        if part.lo is not None and part.hi is not None and part.lo > part.hi:
            return f"parts: {label}: from {part.lo} to {part.hi} runs backwards"
    if not assertion.parts:
        return ""
    if assertion.parts_how is None:
        return "parts_how: say whether the parts are complete, incomplete or overlapping"
    whole = compared(assertion)
    wrong = cannot_make(whole, (part for _, part in stated_parts(assertion)), assertion.parts_how)
    return f"parts: {wrong}" if wrong else ""


def shown(interval: Interval) -> str:
    """Return a range in digits: ``41``, ``41..288``, ``41..`` or ``..288``."""
    if interval.exact:
        return str(interval.lo)
    ends = ("" if end is None else str(end) for end in (interval.lo, interval.hi))
    return "..".join(ends)


def _not_above(low: int | None, high: int | None) -> bool:
    return low is None or high is None or low <= high


def _highest(one: int | None, other: int | None) -> int | None:
    ends = [end for end in (one, other) if end is not None]
    return max(ends) if ends else None


def _lowest(one: int | None, other: int | None) -> int | None:
    ends = [end for end in (one, other) if end is not None]
    return min(ends) if ends else None
