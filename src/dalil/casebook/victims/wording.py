"""What lists say of victims, field by field, in words of both languages (words.json beside)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

from dalil.casebook.record.victims import Victim
from dalil.casebook.report.desk import cited
from dalil.casebook.report.phrases import date_in_words
from dalil.casebook.victims.listed import Said
from dalil.match.copies.wording import plural


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it is called, and what each list says of it (nothing: an empty tuple).

    ``ours``: in our words, and not in the list's own.
    """

    field: str
    label: str
    values: tuple[tuple[str, ...], ...]
    ours: bool

    @property
    def alike(self) -> bool:
        """Whether two or more say something, and all of these the same."""
        told = [each for each in self.values if each]
        return len(told) > 1 and len(set(told)) == 1


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` (en, ar), its places filled; ``n`` chooses its form."""
    wording = _words()[key][lang]
    if not isinstance(wording, str):
        wording = plural(wording, cast("int", values["n"]), lang)
    return wording.format(**values)


def lines(said: Sequence[Said], lang: str) -> tuple[Line, ...]:
    """Return what several lists say side by side, field by field; nobody's word is made another's.

    A field of which no list says anything is left out.
    """
    found = []
    for field, (tell, ours) in FIELDS.items():
        values = tuple(tuple(tell(each, lang)) for each in said)
        if any(values):
            found.append(Line(field, phrase(f"field-{field}", lang), values, ours))
    return tuple(found)


def facts(said: Said, lang: str) -> str:
    """Return what one list says in short: sex, age, when, where."""
    told = [each for field in SHORT for each in FIELDS[field][0](said, lang)]
    return phrase("then", lang).join(told)


def age_in_words(victim: Victim, lang: str) -> Iterator[str]:
    """Yield the age, as near as the list has it."""
    lo, hi = victim.age_lo, victim.age_hi
    if lo is not None and lo == hi:
        yield phrase("age", lang, n=lo)
    elif lo is not None and hi is not None:
        yield phrase("age-between", lang, lo=lo, hi=hi)
    elif lo is not None:
        yield phrase("age-from", lang, lo=lo)
    elif hi is not None:
        yield phrase("age-to", lang, hi=hi)
    if victim.age_class is not None:
        word = phrase(f"class-{victim.age_class}", lang)
        means = victim.class_means
        yield phrase("class-means", lang, word=word, means=means) if means else word


def _names(said: Said, lang: str) -> Iterator[str]:
    if said.victim.unidentified:
        yield phrase("unidentified", lang)
    yield from dict.fromkeys(each.form for each in said.forms)
    if said.victim.label:
        yield said.victim.label


def _list(said: Said, lang: str) -> Iterator[str]:
    if said.source is not None:
        yield cited(said.source, lang)


def _word(field: str) -> Callable[[Said, str], Iterator[str]]:
    def tell(said: Said, lang: str) -> Iterator[str]:
        word = getattr(said.victim, field)
        if word is not None:
            yield phrase(f"{field}-{word}", lang)

    return tell


def _date(field: str) -> Callable[[Said, str], Iterator[str]]:
    def tell(said: Said, lang: str) -> Iterator[str]:
        edtf = getattr(said.victim, field)
        if edtf is not None:
            yield date_in_words(edtf, lang)

    return tell


def _text(field: str) -> Callable[[Said, str], Iterator[str]]:
    def tell(said: Said, _lang: str) -> Iterator[str]:
        words = getattr(said.victim, field)
        if words is not None:
            yield words

    return tell


def _place(said: Said, lang: str) -> Iterator[str]:
    if said.place is not None:
        yield getattr(said.place, lang)
    if said.victim.place_said is not None:
        yield said.victim.place_said


def _age(said: Said, lang: str) -> Iterator[str]:
    yield from age_in_words(said.victim, lang)


# How each field is told, and whether in our own words; in the order in which a person reads them.
FIELDS: dict[str, tuple[Callable[[Said, str], Iterator[str]], bool]] = {
    "names": (_names, False),
    "list": (_list, False),
    "key": (_text("key"), False),
    "sex": (_word("sex"), True),
    "age": (_age, True),
    "born": (_date("born"), True),
    "fate": (_word("fate"), True),
    "date": (_date("date"), True),
    "place": (_place, False),
    "about": (_text("about"), False),
    "conditions": (_text("conditions"), False),
}
SHORT = ("sex", "age", "fate", "date", "place")


@cache
def _words() -> dict[str, dict[str, str | dict[str, str]]]:
    path = resources.files("dalil.casebook.victims") / "words.json"
    found: dict[str, dict[str, str | dict[str, str]]] = json.loads(path.read_text("utf-8"))
    return found
