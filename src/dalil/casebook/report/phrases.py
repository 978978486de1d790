"""The words of the report, each sentence in Arabic and English (words.json beside)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib import resources

from dalil.casebook.record.form import fixed_words
from dalil.casebook.report.page import Worded
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import isolate
from dalil.kernel.canonical import Json

PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
MARKS = {"~": "about", "?": "perhaps", "%": "about-perhaps"}


LANGUAGES = ("en", "ar")


@cache
def _words() -> dict[str, Json]:
    text = (resources.files("dalil.casebook.report") / "words.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` (en, ar) with its places filled, as they are."""
    return str(_words()[key][lang]).format(**values)


def both(key: str, **values: Worded | str | int) -> Worded:
    """Return one sentence in both languages; a value that has both stands in its own."""
    en, ar = (
        phrase(
            key,
            lang,
            **{n: getattr(v, lang) if isinstance(v, Worded) else v for n, v in values.items()},
        )
        for lang in LANGUAGES
    )
    return Worded(en, ar)


def in_both(say: Callable[[str], str]) -> Worded:
    """Return what ``say`` says in each language."""
    return Worded(*(say(lang) for lang in LANGUAGES))


def term(word: str, lang: str) -> str:
    """Return one of the fixed words of records (a status, a type, a relation) in ``lang``."""
    said = _words().get(f"term-{word}")
    return str(said[lang]) if said else word


def value_in_words(kind: str, name: str, value: Json, lang: str) -> str | None:
    """Return a field's value in words where it is one of a fixed list; nothing where it is not."""
    return term(value, lang) if value in fixed_words(kind, name) else None


def unit_in_words(unit: str, lang: str) -> str:
    """Return a unit of measure in words, or as it was recorded."""
    said = _words().get(f"unit-{unit}")
    return str(said[lang]) if said else quoted(unit)


def field_name(name: str, lang: str) -> str:
    """Return the name of a field of a record as a page of ``lang`` says it."""
    said = _words().get(f"field-{name}")
    return str(said[lang]) if said else name


def usual(word: str, lang: str) -> str:
    """Return a word that many lists use for what is asked or counted, or it as it was recorded."""
    said = _words().get(f"usual-{word}")
    return str(said[lang]) if said else quoted(word)


def quoted(text: str) -> str:
    """Return somebody else's words in one line: what hides made visible, direction kept apart."""
    return isolate(text).replace("‹U+000A›", " ⏎ ")


def date_in_words(edtf: str, lang: str) -> str:
    """Return a date or an interval in words of ``lang`` (en, ar); with X for a digit as it is.

    Raises:
        RecordRefused: this is no date.

    """
    bounds = bounds_of(edtf)
    if edtf == "..":
        return phrase("date-any", lang)
    start, slash, end = edtf.partition("/")
    if not slash:
        return _one(start, lang)
    if bounds.open_start or bounds.unknown_start:
        key = "date-open-until" if bounds.open_start else "date-unknown-until"
        return phrase(key, lang, end=_one(end, lang))
    if bounds.open_end or bounds.unknown_end:
        key = "date-from-open" if bounds.open_end else "date-from-unknown"
        return phrase(key, lang, start=_one(start, lang))
    return phrase("date-between", lang, start=_one(start, lang), end=_one(end, lang))


def _one(text: str, lang: str) -> str:
    mark = text[-1:] if text[-1:] in MARKS else ""
    plain = _plain(text.removesuffix(mark), lang) if mark else _plain(text, lang)
    return phrase(f"date-{MARKS[mark]}", lang, date=plain) if mark else plain


def _plain(text: str, lang: str) -> str:
    found = PLAIN.fullmatch(text)
    if found is None:
        return text
    year, month, day = found.groups()
    if month is None:
        return year
    named = f"{_words()['months'][lang][int(month) - 1]} {year}"
    return named if day is None else f"{int(day)} {named}"
