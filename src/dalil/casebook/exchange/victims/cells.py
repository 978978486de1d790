"""How the cells of a list of victims are read: ages, sexes, dates, in the words of both languages.

Each reading is of one cell alone; where it cannot be read, the message says what was expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dalil.casebook.exchange.victims.words import words
from dalil.casebook.record.victims import OLDEST
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold
from dalil.errors import RecordRefused

AGE = f"an age in years from 0 to {OLDEST}, two of them, or a word such as child"
SEX = "a word for a sex, such as female or male"
FATE = "a fate: dead, missing, detained, found alive"
DATE = "a date: 2013-04-16, 2013-04, 2013, or day/month/year"
SWAPPED = "no {0} here: columns seem swapped"
_NUMBER = r"(\d{1,4})(?:\.\d{1,4})?"
_AGE = re.compile(_NUMBER)
_AGES = re.compile(rf"{_NUMBER}\s*(?:-|–|—|\.\.|/|to|الى|إلى|حتى)\s*{_NUMBER}")
_BOUND = re.compile(rf"(>=|≥|<=|≤|>|<)\s*{_NUMBER}|{_NUMBER}\s*(\+)")
_NEGATIVE = re.compile(r"[-−]\s*\d")
_DECADE = re.compile(r"(\d{1,2}0)\s*'?s")
_WORDED = re.compile(rf"(\D*?)\s*{_NUMBER}\s*(\D*)")
_ISO = re.compile(r"\d{4}(?:-\d{2}){0,2}")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/. -](\d{1,2})(?:[/. -](\d{1,2}))?")
_MIDNIGHT = re.compile(r"[T ]00:00(?::00(?:\.0+)?)?$")
_NAME = re.compile(r"[^\W\d_]{2,}(?:[\s'’.-]+[^\W\d_]+)+")
_INSIDE, _FROM, _DAYS_A_YEAR = 12, ("من ", "from "), 365


@dataclass(frozen=True, slots=True)
class Age:
    """Ages in whole years, both ends included, and a class; ``whole``: this is all it said."""

    lo: int | None = None
    hi: int | None = None
    class_: str | None = None
    whole: bool = True


@lru_cache(maxsize=4096)
def read_age(text: str) -> Age:
    """Return what a cell says of an age: ``15``, ``١٥``, ``15-20``, ``under 18``, ``8 أشهر``.

    Raises:
        ValueError: it says none, or one that nobody reaches; the message says what was expected.

    """
    plain = digits(text).strip()
    found = _numbers(plain)
    if found is None:
        folded = fold(plain)
        if folded in words().nothing:
            return Age(whole=not folded)
        class_ = words().age_class.get(folded)
        if class_ is None:
            raise ValueError(swapped(text, "age") or AGE)
        return Age(class_=class_, whole=False)
    if any(each is not None and each > OLDEST for each in (found.lo, found.hi)):
        raise ValueError(AGE)
    if found.lo is not None and found.hi is not None and found.lo > found.hi:
        raise ValueError(AGE)
    return found


def _numbers(plain: str) -> Age | None:
    if _NEGATIVE.match(plain):
        return None
    one = _AGE.fullmatch(plain)
    if one:
        return Age(int(one[1]), int(one[1]), whole="." not in plain)
    for start in _FROM:
        plain = plain.removeprefix(start)
    two = _AGES.fullmatch(plain)
    if two:
        return Age(int(two[1]), int(two[2]))
    decade = _DECADE.fullmatch(plain)
    if decade:
        return Age(int(decade[1]), int(decade[1]) + 9, whole=False)
    bound = _BOUND.fullmatch(plain)
    if bound:
        return _bounded(bound[1] or bound[4], int(bound[2] or bound[3]))
    worded = _WORDED.fullmatch(plain.strip("~?؟ "))
    return _worded(fold(worded[1]), int(worded[2]), fold(worded[3])) if worded else None


def _bounded(sign: str, number: int) -> Age | None:
    if sign in {"<", "≤", "<="}:
        hi = number - (sign == "<")
        return Age(hi=hi, whole=False) if hi >= 0 else None
    return Age(lo=number + (sign == ">"), whole=False)


def _worded(before: str, number: int, after: str) -> Age | None:
    bound = words().bounds.get(before, "" if before else "about")
    unit = words().units.get(after, "" if after else "years")
    if not bound or not unit:
        return None
    if bound == "about":
        years = number if unit == "years" else number // _INSIDE if unit == "months" else 0
        return Age(years, years, whole=False)
    return _bounded("<" if bound == "under" else ">", number) if unit == "years" else None


@lru_cache(maxsize=1024)
def read_sex(text: str) -> str | None:
    """Return female or male; None where the cell says that nobody knows.

    Raises:
        ValueError: it is a word for neither.

    """
    folded = fold(text)
    found = words().sex.get(folded)
    if found is None and folded not in words().nothing:
        raise ValueError(swapped(text, "sex") or SEX)
    return found


@lru_cache(maxsize=1024)
def read_class(text: str) -> str | None:
    """Return child, adult or elderly; None where the cell has another word, or none."""
    return words().age_class.get(fold(text))


@lru_cache(maxsize=1024)
def read_fate(text: str) -> str | None:
    """Return dead, missing, detained or found_alive; None where the cell says nothing.

    Raises:
        ValueError: it is a word for none of these.

    """
    folded = fold(text)
    found = words().fate.get(folded)
    if found is None and folded not in words().nothing:
        raise ValueError(FATE)
    return found


@lru_cache(maxsize=65536)
def read_date(text: str) -> str | None:
    """Return a date as EDTF has it; None where the cell says that nobody knows.

    ``16/4/2013`` is read day first. A column that has months first is refused where it shows.

    Raises:
        ValueError: it is no day of the calendar.

    """
    plain = _MIDNIGHT.sub("", digits(text).strip())
    if fold(plain) in words().nothing:
        return None
    if not _ISO.fullmatch(plain):
        day = _DAY_FIRST.fullmatch(plain)
        year = _YEAR_FIRST.fullmatch(plain)
        parts = (day[3], day[2], day[1]) if day else year.groups() if year else ()
        plain = "-".join(part.zfill(2) for part in parts if part) or plain
    try:
        bounds_of(plain)
    except RecordRefused:
        raise ValueError(swapped(text, "date") or DATE) from None
    return plain


def swapped(text: str, wanted: str) -> str:
    """Return what a cell looks like that is not what its column ``wanted``; else nothing."""
    if wanted == "name" and " " in text and text[:1].isalpha():
        return ""
    looks = _looks(digits(text).strip())
    return SWAPPED.format(looks) if looks not in {"", wanted} else ""


def _looks(plain: str) -> str:
    if re.fullmatch(r"\d{1,3}", plain):
        return "age"
    if _DAY_FIRST.fullmatch(plain) or re.fullmatch(r"\d{4}[/.-]\d{1,2}[/.-]\d{1,2}", plain):
        return "date"
    if fold(plain) in words().sex:
        return "sex"
    return "name" if _NAME.fullmatch(plain) else ""


def digits(text: str) -> str:
    """Return a text with digits of every script as 0-9."""
    if text.isascii():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)
