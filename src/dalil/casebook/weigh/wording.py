"""Sentences from modality and status, in Arabic and English (words.json beside).

Who, when and what come worded by the caller ("a withheld source"); who and what are kept apart from
the direction of the sentence around them. Verbal nouns stand for verbs in Arabic, so that no
sentence has to know whether a source is he, she or they.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.count import Interval, interval_of
from dalil.casebook.text.names import isolate
from dalil.casebook.weigh.counts import Checked, parts_of
from dalil.casebook.weigh.suggestion import Reason, Stage, Suggestion

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# At least and at most are said by the number.
PLAIN = {"at_least": "states", "at_most": "states"}
FEW, MANY = range(3, 11), range(11, 100)


@cache
def _words() -> dict[str, dict[str, str | dict[str, str]]]:
    text = (resources.files("dalil.casebook.weigh") / "words.json").read_text("utf-8")
    found: dict[str, dict[str, str | dict[str, str]]] = json.loads(text)
    return found


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence in ``lang`` (en, ar) with its places filled."""
    return str(_words()[key][lang]).format(**values)


def counted(key: str, n: int, lang: str) -> str:
    """Return so many of something, in the grammatical number that ``lang`` wants (CLDR 45)."""
    forms = _words()[key][lang]
    if isinstance(forms, str):
        return forms.format(n=n)
    return forms.get(plural(n, lang), forms["other"]).format(n=n)


def plural(n: int, lang: str) -> str:
    """Return the CLDR plural category of a whole number; English says "no" where it has a word."""
    if n in {0, 1}:
        return ("zero", "one")[n]
    if lang == "en":
        return "other"
    if n == 2:  # noqa: PLR2004 - the dual
        return "two"
    if n % 100 in FEW:
        return "few"
    return "many" if n % 100 in MANY else "other"


def said_in_words(
    assertion: Assertion, who: str, when: str, what: str, lang: str, origin: str = ""
) -> str:
    """Return who says what, when, how it was obtained, and whether any evidence is given.

    ``when`` and ``origin`` (from whom it is repeated) may be empty. What is said without evidence
    is only claimed, whoever says it.
    """
    modality = PLAIN.get(assertion.modality, assertion.modality)
    denies = assertion.polarity == "denies"
    key = "says-denies" if denies else f"says-{modality}"
    if not assertion.evidence_offered and modality != "retracts":
        bare = "repeated" if origin else "claimed"
        key = "denied-bare" if denies else bare
    at = "on" if DAY.fullmatch(assertion.asserted or "") else "in"
    dated = phrase(at, lang, when=when) if when else ""
    # A number with stated parts holds quotations that stand apart already.
    number = stated_number_in_words(assertion, lang) if assertion.parts else ""
    ours = number if number and what.startswith(number) else ""
    told = ours if ours and what == ours else ours + isolate(what[len(ours) :])
    quoted = {"who": isolate(who), "what": told, "origin": isolate(origin)}
    said = phrase(key, lang, when=dated, **quoted)
    if f"how-{assertion.obtained_how}" in _words():
        said += phrase(f"how-{assertion.obtained_how}", lang)
    return said + phrase("how-machine", lang) if assertion.machine else said


def number_in_words(span: Interval, lang: str, *, about: bool = False) -> str:
    """Return a number as a range in words: ``at least 41``, ``from 41 to 288``, ``about 288``."""
    if not span.says_something:
        return phrase("number-none", lang)
    key = "between"
    if span.exact:
        key = "exact"
    elif span.hi is None:
        key = "at-least"
    elif span.lo is None:
        key = "at-most"
    said = phrase(f"number-{key}", lang, lo=span.lo, hi=span.hi)
    return phrase("number-about", lang, number=said) if about else said


def stated_number_in_words(assertion: Assertion, lang: str) -> str:
    """Return the number that an assertion states, with its stated parts; their labels verbatim."""
    said = number_in_words(interval_of(assertion), lang, about=assertion.about)
    made = parts_of(assertion)
    if made is None:
        return said
    key = "number-all" if made.how == "complete" else "number-whole"
    return phrase(key, lang, number=said, parts=_parts(made, lang))


def status_in_words(status: str, lang: str) -> str:
    """Return the name of a status."""
    return phrase(f"status-{status}", lang)


def reason_in_words(reason: Reason, lang: str) -> str:
    """Return one reason for a suggested status."""
    n = reason.count or 0
    of = {each: counted(each, n, lang) for each in ("assertions", "outlets", "origins")}
    return phrase(f"reason-{reason.key}", lang, n=n, **of)


def tally_in_words(suggestion: Suggestion, lang: str) -> str:
    """Return how many outlets, named origins and independent origins there are: all three."""
    return phrase(
        "tally",
        lang,
        outlets=counted("outlets", suggestion.outlets, lang),
        declared=counted("declared", suggestion.declared, lang),
        origins=counted("origins", suggestion.origins, lang),
    )


def history_in_words(stages: Sequence[Stage], day: Callable[[int], str], lang: str) -> str:
    """Return how the suggested status went; ``day`` puts an ordinal into words of ``lang``."""
    said = (
        phrase("since", lang, status=status_in_words(each.status, lang), day=day(each.day))
        for each in stages
    )
    return phrase("then", lang).join(said)


def parts_in_words(made: Checked, lang: str) -> str:
    """Return whether the parts of a count can make up the whole, and what they leave."""
    if made.how == "overlapping" and not made.wrong:
        return phrase("parts-overlap", lang)
    whole, parts = number_in_words(made.span, lang, about=made.about), _parts(made, lang)
    if made.wrong:
        return phrase("parts-wrong", lang, whole=whole, parts=parts)
    if made.remains is None:
        return phrase("parts-fit", lang, whole=whole, parts=parts)
    # A rest of none or more is one of at most so many.
    least = made.remains.lo if made.remains.exact else made.remains.lo or None
    number = number_in_words(Interval(least, made.remains.hi), lang, about=made.about)
    return phrase("derived", lang, number=number, whole=whole, parts=parts)


def _parts(made: Checked, lang: str) -> str:
    said = []
    for each in made.parts:
        known = each.span.says_something
        key = "number-part" if known else "number-part-unknown"
        number = number_in_words(each.span, lang) if known else ""
        said.append(phrase(key, lang, number=number, label=isolate(each.label or "")))
    return phrase("and", lang).join(said)
