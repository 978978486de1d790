"""Counts of persons in words of both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

from dalil.casebook.counting.figures import Figure
from dalil.casebook.counting.reconciled import Outcome, Reconciled
from dalil.casebook.incident.clock import Clock, shown
from dalil.casebook.record.count import Interval
from dalil.casebook.text.names import isolate
from dalil.casebook.victims.counted import Counted, Stated

PERCENT = 100
# The name of a person by id, of a key, or of a source, in the language of the page.
Naming = Callable[[str], str]


@cache
def _words() -> dict[str, dict[str, str]]:
    path = resources.files("dalil.casebook.counting") / "words.json"
    words: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return words


def phrase(key: str, lang: str, **values: object) -> str:
    """Return one sentence with its places filled."""
    return _words()[key][lang].format(**values)


def agreement_in_words(count: Reconciled, lang: str, name: Naming) -> Iterator[str]:
    """Yield how many each counted, how far they agree, and what is still to be decided."""
    for who, number in count.totals:
        yield phrase("total", lang, who=isolate(name(who)), n=number)
    if count.shared is None:
        yield phrase("nobody", lang)
        return
    percent = int(count.shared * PERCENT)
    yield phrase("shared", lang, met=count.met, groups=count.groups, percent=percent)
    yield phrase("counts", lang, n=len(count.persons))
    if count.open:
        yield phrase("open", lang, n=len(count.open))


def outcome_in_words(outcome: Outcome, lang: str, by_key: Naming) -> str:
    """Return whether somebody counts, and why; ``by_key`` names whoever decided."""
    if outcome.decision is not None:
        who, reasons = by_key(outcome.key or ""), outcome.decision.reasoning
        key = "decided-in" if outcome.counts else "decided-out"
        return phrase(key, lang, who=isolate(who), reasons=isolate(reasons))
    return phrase("undecided" if outcome.counts is None else "agreed", lang)


def figure_in_words(figure: Figure, lang: str, name: Naming, clock: Clock) -> str:
    """Return whom a counter marked, by the label that they gave, and from when on."""
    label = isolate(figure.label) if figure.label else phrase("no-label", lang)
    start = shown(figure.first[0] - clock.zero)
    return phrase("figure", lang, who=isolate(name(figure.counter)), label=label, start=start)


def counted_in_words(told: Counted, lang: str, name: str) -> Iterator[str]:
    """Yield what was counted of a scope, and what makes it a range; ``name`` stands apart."""
    yield phrase(f"scope-{told.scope.what}", lang, name=name)
    numbers = {
        "persons": number_in_words(told.persons, lang),
        "known": number_in_words(told.known, lang),
        "unidentified": number_in_words(told.unidentified, lang),
        "records": told.records,
    }
    form = "counted-item" if told.scope.what == "item" else "counted-list"
    yield phrase(form, lang, **numbers)
    if told.recognised:
        yield phrase("recognised", lang, n=told.recognised)
    if told.disputed:
        yield phrase("disputed", lang, n=told.disputed)


def stated_in_words(said: Stated, lang: str, source: Naming) -> str:
    """Return one number that somebody states, with its own scope and source."""
    number = number_in_words(said.number, lang)
    if said.about:
        number = phrase("about", lang, number=number)
    who = source(said.source)
    return phrase("one-stated", lang, number=number, scope=isolate(said.scope), source=who)


def number_in_words(number: Interval, lang: str) -> str:
    """Return a range in words."""
    if number.exact:
        return str(number.lo)
    if number.hi is None:
        return phrase("at-least", lang, lo=number.lo)
    if number.lo is None:
        return phrase("at-most", lang, hi=number.hi)
    return phrase("from-to", lang, lo=number.lo, hi=number.hi)
