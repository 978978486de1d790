"""Uncertain dates, strictly: EDTF levels 0 and 1 (ISO 8601-2:2019), without seasons.

Unknown is not open, and neither is approximate: ``2015/`` ended at a time that nobody knows,
``2015/..`` has no end, ``2015~`` is about 2015. Bounds are never padded.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dalil.errors import RecordRefused

_DATE = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[?~%]?)"
)
_INSTANT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::[0-5][0-9])?)?"
)
_SEASON = re.compile(r"[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])")
_EXPECTED = (
    "expected is YYYY-MM-DD, YYYY-MM, YYYY or two of these with / between them, in digits 0-9"
)
_MONTHS = 12
_SHOWN = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which days something began (``s``) and ended (``e``), both days included.

    Days are proleptic Gregorian ordinals (``date.toordinal``); None: there is no such bound. A
    date that is no interval began and ended somewhere within itself. ``open``: it is said to
    have no such end ('..'). ``unknown``: it has one, and nobody says which ('').
    """

    s_min: int | None
    s_max: int | None
    e_min: int | None
    e_max: int | None
    approximate: bool = False
    uncertain: bool = False
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    first: int | None
    last: int | None
    mark: str = ""
    open: bool = False


@lru_cache(maxsize=8192)
def bounds_of(text: str) -> Bounds:
    """Return the bounds of a date or an interval.

    Raises:
        RecordRefused: this is no such date, no day of the calendar, or it ends before it begins.

    """
    if text == "..":
        return Bounds(None, None, None, None, open_start=True, open_end=True)
    start, slash, end = text.partition("/")
    if not slash:
        one = _side(text, text)
        return Bounds(one.first, one.last, one.first, one.last, **_marks(one.mark))
    if "T" in text:
        raise _refused(text, "a time of day stands only with a single day")
    if text == "/":
        raise _refused(text, "it says neither when it began nor when it ended")
    return _interval(text, _end_of_interval(text, start), _end_of_interval(text, end))


def _interval(text: str, start: _Side, end: _Side) -> Bounds:
    s_max, e_min = start.last, end.first
    if start.first is not None and end.last is not None and start.last and end.first:
        if start.first > end.last:
            raise _refused(text, "it ends before it begins")
        # 2013/2013-05 began by May; 2013-05/2013 did not end before May.
        s_max, e_min = min(start.last, end.last), max(end.first, start.first)
    return Bounds(
        start.first,
        s_max,
        e_min,
        end.last,
        open_start=start.open,
        open_end=end.open,
        unknown_start=start.first is None and not start.open,
        unknown_end=end.first is None and not end.open,
        **_marks(start.mark + end.mark),
    )


def _marks(mark: str) -> dict[str, bool]:
    both = "%" in mark
    return {"approximate": both or "~" in mark, "uncertain": both or "?" in mark}


def _end_of_interval(whole: str, text: str) -> _Side:
    if text in ("", ".."):
        return _Side(None, None, open=bool(text))
    return _side(whole, text)


def _side(whole: str, text: str) -> _Side:
    instant = _INSTANT.fullmatch(text)
    found = _DATE.fullmatch(instant["day"] if instant else text)
    if _SEASON.fullmatch(text.rstrip("?~%")):
        raise _refused(whole, "seasons are not read; say the months")
    if not found:
        raise _refused(whole, _EXPECTED)
    year, month, day = found["year"], found["month"], found["day"]
    if (month == "XX" and (day or "XX") != "XX") or ("X" in year and month):
        raise _refused(whole, "X stands for digits that are missing on the right")
    first, last = _days(whole, year, month, day)
    return _Side(first, last, found["mark"])


def _days(whole: str, year: str, month: str | None, day: str | None) -> tuple[int, int]:
    """Return the first and the last day of a date whose missing parts are X or absent."""
    low, high = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if high == 0:
        raise _refused(whole, "years begin at 0001")
    if month in (None, "XX"):
        return date(max(low, 1), 1, 1).toordinal(), date(high, _MONTHS, 31).toordinal()
    number = int(month or "")
    if not 1 <= number <= _MONTHS:
        raise _refused(whole, f"there is no month {month}")
    days = calendar.monthrange(low, number)[1]
    if day in (None, "XX"):
        return date(low, number, 1).toordinal(), date(low, number, days).toordinal()
    if not 1 <= int(day or "") <= days:
        raise _refused(whole, f"{year}-{month} has no day {day}")
    ordinal = date(low, number, int(day or "")).toordinal()
    return ordinal, ordinal


def _refused(text: str, why: str) -> RecordRefused:
    # repr shows what cannot be seen: a bidi control, digits of another script, a space.
    return RecordRefused(f"{text[:_SHOWN]!a} is no date that can be kept: {why}")
