"""The words for reasons, each in Arabic and English (words.json beside)."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from dalil.match.persons.row import Reason


def said(reason: Reason, lang: str) -> str:
    """Return a reason as a person would say it, in ``lang`` (en, ar); no full stop."""
    return _words()[f"{reason.about}-{reason.level}"][lang]


@cache
def _words() -> dict[str, dict[str, str]]:
    path = resources.files("dalil.match.persons") / "words.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return found
