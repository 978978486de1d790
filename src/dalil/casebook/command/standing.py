"""How a dated statement stands on one day: attested, between citations, inferred, undated."""

from __future__ import annotations

from dataclasses import dataclass

# From the strongest to the weakest. `attested`: a citation is of that very day; `within`: it lies
# between a stated start and a stated end; `between`: merely between two sightings; `edge`: where a
# date is only roughly known (its month or year, or "about"), or where something held sometime.
STANDINGS = ("attested", "within", "between", "edge", "inferred", "undated")
# Days within which a rough date decides nothing.
ROUGHLY = 365


@dataclass(frozen=True, slots=True)
class Span:
    """Between which days something began (``s``) and ended (``e``), as the index has it.

    Days are proleptic Gregorian ordinals, None: no such bound. Without ``start_known`` and
    ``end_known`` these are merely the days when it was first and last seen. ``goes_on``: it is
    said to have no end; ``said_on``: the last day on which that can have been said. ``start_rough``
    and ``end_rough``: the source calls that date approximate or uncertain.
    """

    s_min: int | None = None
    s_max: int | None = None
    e_min: int | None = None
    e_max: int | None = None
    start_known: bool = False
    end_known: bool = False
    sometime: bool = False
    goes_on: bool = False
    said_on: int | None = None
    start_rough: bool = False
    end_rough: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a statement stands on a day.

    ``gap``: days from the nearest sighting (0 unless inferred). ``side``: the day is ``after`` the
    last or ``before`` the first sighting; ``goes_on``: nobody gave an end, and none is dated.
    """

    word: str
    gap: int = 0
    side: str = ""

    @property
    def rank(self) -> int:
        """0 for the strongest; larger is weaker."""
        return STANDINGS.index(self.word)


def standing_on(span: Span, day: int) -> Standing | None:
    """Return how a statement stands on ``day``; None: by its own dates it did not hold then."""
    days = [d for d in (span.s_min, span.s_max, span.e_min, span.e_max) if d is not None]
    if not days:
        return Standing("undated")
    first, last = min(days), max(days)
    if day < first:
        return None if span.start_known else Standing("inferred", first - day, "before")
    if day > last:
        return _after(span, last, day)
    if _is_surely_within(span, day) and not _is_near_rough_date(span, day):
        if span.s_min == span.s_max == day or span.e_min == span.e_max == day:
            return Standing("attested")
        return Standing("within" if span.start_known and span.end_known else "between")
    return Standing("edge")


def _after(span: Span, last: int, day: int) -> Standing | None:
    if span.goes_on:
        if span.said_on is None:
            return Standing("inferred", 0, "goes_on")
        if day <= span.said_on:
            return Standing("between")
        return Standing("inferred", day - max(last, span.said_on), "after")
    return None if span.end_known else Standing("inferred", day - last, "after")


def _is_surely_within(span: Span, day: int) -> bool:
    if span.s_max is None or span.e_min is None:
        return span.s_min == span.s_max == day or span.e_min == span.e_max == day
    one_day = span.s_min == span.e_max
    return span.s_max <= day <= span.e_min and (one_day or not span.sometime)


def _is_near_rough_date(span: Span, day: int) -> bool:
    """Whether a date that is only roughly known decides on this day."""
    start = span.start_rough and span.s_max is not None and day - span.s_max < ROUGHLY
    end = span.end_rough and span.e_min is not None and span.e_min - day < ROUGHLY
    return start or end


def distance_from(span: Span, day: int) -> tuple[int, str]:
    """Return how many days a day is from the nearest sighting, and on which side ("": within)."""
    days = [d for d in (span.s_min, span.s_max, span.e_min, span.e_max) if d is not None]
    if not days or min(days) <= day <= max(days):
        return 0, ""
    return (min(days) - day, "before") if day < min(days) else (day - max(days), "after")
