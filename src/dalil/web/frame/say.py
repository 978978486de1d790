"""The words of the desk in Arabic and English, with numbers, plurals, dates and times by locale."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import cast

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from dalil.casebook.text.names import ISOLATE, POP
from dalil.web.settings import ROOMS

# Syrian Arabic: نيسان, and Arabic-Indic digits, as readers of the files write them.
LOCALES = {"en": Locale("en", "GB"), "ar": Locale("ar", "SY")}
INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
ASCII = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")
QUOTED = re.compile(f"({ISOLATE}[^{POP}]*{POP})")
PLACE = re.compile(r"\{(\w+)\}")

Wording = str | dict[str, str]
Show = Callable[[object, str], str]


@cache
def words_of(room: str) -> dict[str, dict[str, Wording]]:
    """Return the words of a room: key → language → text, or plural form → text."""
    text = resources.files("dalil.web").joinpath(f"{room}/words.json").read_text("utf-8")
    return cast("dict[str, dict[str, Wording]]", json.loads(text))


def say(lang: str, key: str, **values: object) -> str:
    """Return one sentence as plain text; ``key`` is ``room.key``.

    Raises:
        KeyError: no room has these words; a test holds that every key used has both languages.

    """
    return _filled(_wording(lang, key, values), lang, values, _plain)


def say_html(lang: str, key: str, **values: object) -> SafeString:
    """Return one sentence as HTML: values escaped, texts isolated in their own direction."""
    wording = str(escape(_wording(lang, key, values)))
    return mark_safe(_filled(wording, lang, values, _marked))  # noqa: S308 - escaped above


def lang_of(request: HttpRequest) -> str:
    """Return the language of a request's page: ``en`` or ``ar``."""
    return str(getattr(request, "lang", "en"))


def number(value: int, lang: str) -> str:
    """Return a whole number with separators and digits of the language."""
    said = str(format_decimal(value, locale=LOCALES[lang]))
    return said.replace(",", "٬").translate(INDIC) if lang == "ar" else said


def day(value: date, lang: str) -> str:
    """Return a day in words: 16 April 2013, ١٦ نيسان ٢٠١٣."""
    said = str(format_date(value, "d MMMM y", locale=LOCALES[lang]))
    return said.translate(INDIC) if lang == "ar" else said


def moment(value: str | datetime, lang: str) -> str:
    """Return a UTC instant to the minute, as the language writes it."""
    when = datetime.fromisoformat(value) if isinstance(value, str) else value
    when = when.astimezone(UTC)
    clock = f"{when:%H:%M}"
    if lang == "ar":
        return f"{day(when.date(), lang)}، {clock.translate(INDIC)} بالتوقيت العالمي"
    return f"{day(when.date(), lang)}, {clock} UTC"


def digits(text: str, lang: str) -> str:
    """Return a text with the digits of the language."""
    return text.translate(INDIC) if lang == "ar" else text


def in_digits(text: str, lang: str) -> str:
    """Return a sentence with the digits of ``lang``; a quotation in it keeps its own."""
    parts = QUOTED.split(text)
    return "".join(each if n % 2 else digits(each, lang) for n, each in enumerate(parts))


def in_ascii(typed: str) -> str:
    """Return what was typed with the digits that positions and dates of the core are read in."""
    return typed.translate(ASCII)


def _wording(lang: str, key: str, values: dict[str, object]) -> str:
    room, _, name = key.partition(".")
    if room not in ROOMS:
        raise KeyError(key)
    wording = words_of(room)[name][lang]
    if isinstance(wording, str):
        return wording
    n = values.get("n")
    form = LOCALES[lang].plural_form(n) if isinstance(n, int) else "other"
    if n == 0 and "zero" in wording:
        form = "zero"
    return wording.get(form, wording["other"])


def _filled(wording: str, lang: str, values: dict[str, object], show: Show) -> str:
    return PLACE.sub(lambda found: show(values[found[1]], lang), wording)


def _plain(value: object, lang: str) -> str:
    return number(value, lang) if isinstance(value, int) else str(value)


def _marked(value: object, lang: str) -> str:
    if isinstance(value, int):
        return number(value, lang)
    return value if isinstance(value, SafeString) else f"<bdi>{escape(str(value))}</bdi>"
