"""What families were told, and recognitions, in words of both languages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from dalil.casebook.families.recognised import Recognised
from dalil.casebook.families.told import NOT_FOUND, SOUGHT, Told
from dalil.casebook.report.phrases import date_in_words
from dalil.casebook.text.names import isolate


@cache
def _words() -> dict[str, dict[str, str]]:
    path = resources.files("dalil.casebook.families") / "words.json"
    words: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return words


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence with its places filled."""
    return _words()[key][lang].format(**values)


def told_in_words(told: Told, lang: str, by: str) -> str:
    """Return one notification as a sentence; ``by`` is the name of whoever recorded it."""
    said = told.said
    values = {
        "on": date_in_words(said.on, lang),
        "by": isolate(said.by),
        "to": _somebody(said.to, said.relation, lang),
        "answered": date_in_words(said.answered_on or said.on, lang),
    }
    if said.what == SOUGHT:
        sentence = phrase(f"answer-{NOT_FOUND}", lang, **values)
    else:
        first = phrase(f"told-{said.what}", lang, **values)
        sentence = f"{first} {phrase(f'answer-{said.answer}', lang, **values)}"
    parts = [sentence]
    if said.item is not None:
        parts.append(phrase("of-item", lang, item=isolate(said.item[:12])))
    if said.note is not None:
        parts.append(phrase("note", lang, note=isolate(said.note)))
    recorded = date_in_words(told.recorded_at[:10], lang)
    return " ".join([*parts, phrase("recorded", lang, by=isolate(by), on=recorded)])


def recognised_in_words(recognised: Recognised, lang: str, victim: str, named: str) -> str:
    """Return one recognition as a sentence, with what it is and what it is not.

    ``victim`` and ``named`` are the names of both as the reader may see them.
    """
    said = recognised.said
    values = {
        "victim": victim,
        "named": named,
        "by": _somebody(said.by, said.relation, lang),
        "on": date_in_words(said.on, lang) if said.on else phrase("undated", lang),
    }
    how = "" if recognised.affirms else "not-"
    parts = [
        phrase(f"{how}recognised", lang, **values),
        phrase(f"grade-{said.grade}", lang),
        *([phrase("method", lang, method=isolate(said.method))] if said.method else []),
        phrase("conditions", lang, conditions=isolate(said.conditions)),
    ]
    return " ".join(parts)


def _somebody(name: str | None, relation: str | None, lang: str) -> str:
    if name is None:
        return phrase("somebody", lang)
    if relation is None:
        return isolate(name)
    return phrase("somebody-of", lang, name=isolate(name), relation=isolate(relation))
