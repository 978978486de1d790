"""A page that says nothing of where somebody was: the days of this month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel.dates import format_date, get_day_names
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dalil.web.frame.say import LOCALES, digits, lang_of

MONDAY, SATURDAY = 0, 5


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the month as it is written; ``text`` is empty before the first and after the last.

    ``today`` marks the one that it is.
    """

    text: str
    today: bool = False


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A month: its name, the names of the days, its weeks."""

    lang: str
    direction: str
    name: str
    days: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]


def month_page(request: HttpRequest) -> HttpResponse:
    """Return the calendar of this month, without anything of the desk around it."""
    shown = month(datetime.now(UTC).date(), lang_of(request))
    return render(request, "door/away.html", {"page": shown})


def month(today: date, lang: str) -> MonthPage:
    """Return the month of a day; weeks begin on Saturday in Arabic, on Monday in English."""
    first = SATURDAY if lang == "ar" else MONDAY
    weeks = calendar.Calendar(first).monthdayscalendar(today.year, today.month)
    names = get_day_names("abbreviated", locale=LOCALES[lang])
    name = digits(str(format_date(today, "MMMM y", locale=LOCALES[lang])), lang)
    return MonthPage(
        lang,
        "rtl" if lang == "ar" else "ltr",
        name,
        tuple(str(names[(first + i) % 7]) for i in range(7)),
        tuple(tuple(_day(number, today, lang) for number in week) for week in weeks),
    )


def _day(number: int, today: date, lang: str) -> Day:
    return Day(digits(str(number), lang), number == today.day) if number else Day("")
