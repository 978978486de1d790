"""Whether counts make up another, and what remains of one; checked as ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dalil.casebook.record.claims import Assertion, CountGroup
from dalil.casebook.record.count import (
    Interval,
    cannot_make,
    interval_of,
    stated_parts,
    total,
)
from dalil.casebook.weigh.suggestion import Suggestion


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a count; ``proposition`` is empty where an assertion states it itself."""

    label: str | None
    proposition: str
    span: Interval


@dataclass(frozen=True, slots=True)
class Checked:
    """A count and its parts.

    ``summed`` is what the parts are together (absent where they overlap: those are never summed).
    ``remains`` is derived by us, the whole without its parts, and has no source of its own.
    ``wrong`` says in English why the parts cannot make up the whole; empty: they can. ``about``:
    the whole is stated as about so many, and so is what remains of it.
    """

    by: str
    whole: str
    how: str
    span: Interval
    parts: tuple[Part, ...]
    summed: Interval | None
    remains: Interval | None
    wrong: str
    about: bool = False


def checked(
    groups: Iterable[CountGroup], suggestions: Mapping[str, Suggestion]
) -> tuple[Checked, ...]:
    """Check each count group (``by`` is its id) against what is suggested for its members."""
    found = []
    for group in groups:
        if group.withdrawn is not None or group.whole not in suggestions:
            continue
        parts = tuple(
            Part(each.get("label"), each["proposition"], _span(suggestions, each["proposition"]))
            for each in group.parts
        )
        whole = _span(suggestions, group.whole)
        found.append(_check(group.id, group.whole, group.how, whole, parts))
    return tuple(sorted(found, key=lambda each: each.by))


def parts_of(assertion: Assertion) -> Checked | None:
    """Return the stated parts of an assertion (``by`` is its id), and what they leave; or None."""
    if not assertion.parts:
        return None
    parts = tuple(Part(label, "", span) for label, span in stated_parts(assertion))
    how = assertion.parts_how or "incomplete"
    made = _check(assertion.id, assertion.proposition, how, interval_of(assertion), parts)
    return replace(made, about=assertion.about)


def _check(by: str, whole: str, how: str, span: Interval, parts: tuple[Part, ...]) -> Checked:
    spans = [each.span for each in parts]
    wrong = cannot_make(span, spans, how)
    summed = None if how == "overlapping" else total(spans)
    leaves = how in {"incomplete", "derived"} and not wrong and span.says_something
    remains = span.minus(summed) if summed is not None and leaves else None
    return Checked(by, whole, how, span, parts, summed, remains, wrong)


def _span(suggestions: Mapping[str, Suggestion], proposition: str) -> Interval:
    """Return the count of a proposition; if all who give it say "about", as far as that reaches."""
    suggestion = suggestions.get(proposition)
    if suggestion is None:
        return Interval()
    span = Interval(suggestion.lo, suggestion.hi)
    numbers = [each for each in suggestion.answers if (each.lo, each.hi) != (None, None)]
    return span.widened() if numbers and all(each.about for each in numbers) else span
