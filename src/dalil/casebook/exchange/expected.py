"""What was expected of a cell, in the reader's language (expected.json beside)."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from dalil.casebook.text.names import isolate


def expectation(text: str, lang: str) -> str:
    """Return what was expected in ``lang`` (en, ar), where it is a sentence of ours."""
    if lang == "en":
        return text
    for pattern, sentence in _expectations(lang):
        found = pattern.fullmatch(text)
        if found:
            values = {name: isolate(value) for name, value in found.groupdict().items()}
            return sentence.format(**values)
    return isolate(text)


@cache
def _expectations(lang: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return a pattern of each English sentence, and the same sentence in another language."""
    text = (resources.files("dalil.casebook.exchange") / "expected.json").read_text("utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    found = []
    for said in words.values():
        parts = re.split(r"\{(\w+)\}", said["en"])
        spelled = [f"(?P<{part}>.+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)]
        found.append((re.compile("".join(spelled), re.DOTALL), said[lang]))
    return tuple(found)
