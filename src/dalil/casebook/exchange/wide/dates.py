"""Dates of lists as EDTF: a year, a month and year, or month/day/year, and their split columns."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused

_AMERICAN = re.compile(r"(?P<month>\d{1,2})\s*/\s*(?P<day>\d{1,2})\s*/\s*(?P<year>\d{4})")
_WORDS = re.compile(r"(?P<word>[A-Z][a-z]+)\s+(?P<year>\d{4})")
_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?")
_MONTHS = {name: str(i) for i, name in enumerate(calendar.month_name) if name}


def parts_of(text: str) -> tuple[str, str, str]:
    """Return year, month and day of a date as lists write it, without leading zeros.

    A part that is not said is empty; all three where the text is no such date.
    """
    text = text.strip()
    for pattern in (_AMERICAN, _ISO):
        if found := pattern.fullmatch(text):
            said = found.groupdict()
            year, month, day = (said[name] or "" for name in ("year", "month", "day"))
            return year, month.lstrip("0"), day.lstrip("0")
    found = _WORDS.fullmatch(text)
    if found and found["word"] in _MONTHS:
        return found["year"], _MONTHS[found["word"]], ""
    return "", "", ""


def edtf_of(text: str, split: Sequence[str] = ()) -> str:
    """Return an EDTF date; empty: it cannot be read.

    Where text and split columns say different things the columns are taken, which their makers
    compute with, and the date is marked uncertain ("?").
    """
    said, columns = parts_of(text), tuple(part.strip() for part in split)
    if columns and columns != said and (taken := _date(columns)):
        return taken + "?"
    return _date(said)


def interval_of(first: str, last: str) -> str:
    """Return the interval from a first to a last citation; an end that is not known stays so.

    Empty: there is no date, or the last comes before the first.
    """
    if not first and not last:
        return ""
    text = first if first == last else f"{first}/{last}"
    return text if _is_date(text) else ""


def _date(parts: Sequence[str]) -> str:
    year, month, day = parts
    if not re.fullmatch(r"\d{4}", year):
        return ""
    text = "-".join([year, *(part.zfill(2) for part in (month, day if month else "") if part)])
    return text if _is_date(text) else ""


def _is_date(text: str) -> bool:
    try:
        bounds_of(text)
    except RecordRefused:
        return False
    return True
