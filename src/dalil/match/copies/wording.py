"""The words for families, each sentence in Arabic and English (words.json beside)."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import cast

from babel import Locale

MILLI = 10**6
SHORT = 8
HIDING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Directions: others' words take their own, and time codes run left to right in either language.
FIRST_STRONG, LEFT_TO_RIGHT, ENDS = "\u2068", "\u2066", "\u2069"


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` (en, ar), its places filled; ``n`` chooses its form."""
    wording = _words()[key][lang]
    if not isinstance(wording, str):
        wording = plural(wording, cast("int", values["n"]), lang)
    return wording.format(**values)


def plural(forms: Mapping[str, str], n: int, lang: str) -> str:
    """Return the form that ``lang`` wants of so many (CLDR plural rules)."""
    return forms.get(str(Locale(lang).plural_form(n)), forms["other"])


def plain(text: str) -> str:
    """Return others' words in one line, with signs that hide or turn text made visible."""
    return "".join(f"<U+{ord(c):04X}>" if unicodedata.category(c) in HIDING else c for c in text)


def quoted(text: str) -> str:
    """Return others' words kept apart from the direction of a sentence."""
    return f"{FIRST_STRONG}{plain(text)}{ENDS}"


def beside_id(item: str, names: Mapping[str, str], length: int) -> str:
    """Return so much of an item's id, and the name under which it came in."""
    name = names.get(item)
    return f"{item[:length]} {quoted(name)}" if name else item[:length]


def told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return names by item, with the beginning of the id where two items have one name."""
    times = Counter(names.values())
    return {
        item: f"{name} ({item[:SHORT]})" if times[name] > 1 else name
        for item, name in names.items()
    }


def clock(ns: int) -> str:
    """Return a time code: [H:]MM:SS.f."""
    tenths = round(ns / (100 * MILLI))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:" if hours else ""
    return f"{head}{minutes:02d}:{rest // 10:02d}.{rest % 10}"


def ranged(start: int, end: int) -> str:
    """Return a stretch as two time codes, from the left in either language."""
    return f"{LEFT_TO_RIGHT}{clock(start)}–{clock(end)}{ENDS}"


def listed(parts: list[str], lang: str) -> str:
    """Return several things in a row."""
    return ("، " if lang == "ar" else ", ").join(parts)


@cache
def _words() -> dict[str, dict[str, str | dict[str, str]]]:
    path = resources.files("dalil.match.copies") / "words.json"
    found: dict[str, dict[str, str | dict[str, str]]] = json.loads(path.read_text("utf-8"))
    return found
