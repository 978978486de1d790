"""What is answered to a question, and who agrees with whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.count import Interval, compared, interval_of
from dalil.casebook.weigh.ground.matter import plain
from dalil.casebook.weigh.ground.origins import WITHHELD, Roots, components

PAIR = 2
WITHHELD_ALONE = frozenset((WITHHELD,))


# Not frozen: a hundred thousand of these are made and thrown away in a second.
@dataclass(slots=True)
class Voice:
    """An assertion that affirms and stands: who speaks (work), from which roots, on what ground."""

    assertion: Assertion
    work: str
    roots: Roots
    grounded: bool

    @property
    def says_number(self) -> bool:
        """Whether a number is stated."""
        return self.assertion.lo is not None or self.assertion.hi is not None


Key = tuple[str, int | None, int | None, bool, str]


def key_of(assertion: Assertion) -> Key:
    """Return what tells whether two answers are given in the same words or figures."""
    lo, hi = assertion.lo, assertion.hi
    if lo is not None or hi is not None:
        if lo == hi and assertion.modality in {"at_least", "at_most"}:
            number = interval_of(assertion)
            lo, hi = number.lo, number.hi
        return ("number", lo, hi, assertion.about, "")
    if assertion.entity is not None:
        return ("entity", None, None, False, assertion.entity)
    return ("text", None, None, False, plain(assertion.text) or "")


def agree(one: Assertion, other: Assertion) -> bool:
    """Whether two answers to one question could both be right. Words are no rival of a number."""
    a, b = key_of(one), key_of(other)
    if a[0] == "number" and b[0] == "number":
        return compared(one).meets(compared(other))
    return a == b or (a[0] == "number") != (b[0] == "number")


def independent(voices: Iterable[Voice]) -> int:
    """Return how many independent origins those who offer evidence have."""
    roots = {each.roots for each in voices if each.grounded and each.roots}
    if len(roots) <= 1:
        return len(roots)
    if len(roots) == PAIR and WITHHELD_ALONE not in roots:
        # The most frequent case, told without joining anything.
        one, other = roots
        return PAIR if one.isdisjoint(other) else 1
    return len(components(roots))


def works(voices: Iterable[Voice]) -> int:
    """Return how many works speak; copies of one are one."""
    return len({each.work for each in voices})


Answered = Sequence[tuple[Key, Sequence[Voice]]]


def best_agreeing(answers: Answered) -> Sequence[Voice]:
    """Return those who agree on one answer and have most to offer.

    First by independent origins, then by how many offer evidence, by works, and by the least
    answer, so that the order of arrival says nothing.
    """
    if len(answers) == 1:
        return answers[0][1]
    sets = _agreeing(answers)
    return min(sets, key=_least) if sets else ()


def _least(voices: Sequence[Voice]) -> tuple[int, int, int, int, Key]:
    grounded = sum(each.grounded for each in voices)
    first = min((key_of(each.assertion) for each in voices), key=_sortable)
    return (-independent(voices), -grounded, -works(voices), -len(voices), _sortable(first))


def _agreeing(answers: Answered) -> list[Sequence[Voice]]:
    """Return the largest sets that agree: of ranges, all that hold one of the lower bounds.

    Ranges that meet two by two have a number in common, so one lower bound is in all of them.
    """
    numbers = [voices for key, voices in answers if key[0] == "number"]
    if not numbers:
        return [voices for _, voices in answers]
    # Who gives the same number in the same manner is compared alike.
    ranges = [(voices, compared(voices[0].assertion)) for voices in numbers]
    starts = sorted({span.lo or 0 for _, span in ranges})
    return [
        [each for voices, span in ranges if span.meets(Interval(start, start)) for each in voices]
        for start in starts
    ]


def _sortable(key: Key) -> Key:
    kind, lo, hi, about, words = key
    return (kind, -1 if lo is None else lo, 1 << 62 if hi is None else hi, about, words)


def by_answer(voices: Sequence[Voice]) -> Answered:
    """Return the voices of each answer; numbers first, in order."""
    found: dict[Key, list[Voice]] = {}
    for each in voices:
        found.setdefault(key_of(each.assertion), []).append(each)
    if len(found) == 1:
        return list(found.items())
    order = {"number": 0, "entity": 1, "text": 2}
    return sorted(found.items(), key=lambda one: (order[one[0][0]], _sortable(one[0])))


def left_together(voices: Sequence[Voice]) -> Interval:
    """Return what the numbers leave together; "about" gives way to what is stated without it.

    Never a number that nobody states: where only the reach of "about" joins them, their span.
    """
    firm = [each for each in voices if not each.assertion.about]
    left = Interval()
    for each in firm or voices:
        left = left.shared(interval_of(each.assertion))
    runs_backwards = left.lo is not None and left.hi is not None and left.lo > left.hi
    return spanned(voices) if runs_backwards else left


def spanned(voices: Sequence[Voice]) -> Interval:
    """Return the range from the least to the highest that is stated."""
    spans = [interval_of(each.assertion) for each in voices if each.says_number]
    if not spans:
        return Interval()
    found = spans[0]
    for each in spans[1:]:
        found = found.spanned(each)
    return found
