"""Which copy likely stands nearer to the recording: an order in part, each step with its reasons.

No trace tells by itself: a copy can be made larger than what it was made from, tags are written by
hand, and a cut may come from a better copy than the whole. So a step needs reasons of two sorts
that agree and none against it; all else is unknown, which is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dalil.match.copies.family import Family, Member
from dalil.match.copies.judgement import Pair, pair_of
from dalil.match.copies.lineage.traces import Traces
from dalil.match.copies.picture import Pictures, is_equal
from dalil.match.copies.placing import NANO
from dalil.match.copies.timeline import named
from dalil.match.copies.wording import listed, phrase
from dalil.match.found import Found

QUALITY, BITS, TIME, CODING, CONTAINER = "quality", "bits", "time", "coding", "container"
SORTS_NEEDED = 2
FINER, MORE_PICTURES, MORE_BITS, ONE_SPEED = 1.2, 1.2, 1.5, 0.02
# Pairs grow with the square of the copies; of more than these the number alone is told.
MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one copy may stand nearer to the recording than another; ``sort`` says of which kind.

    A reason without a sort stands beside others and decides nothing.
    """

    key: str
    sort: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def said(self, lang: str) -> str:
        """Return it in words (en, ar)."""
        return phrase(f"reason-{self.key}", lang, **dict(self.values))


@dataclass(frozen=True, slots=True)
class Step:
    """That ``earlier`` likely stands nearer to the recording than ``later``, and why."""

    earlier: str
    later: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Two copies whose order nothing settles: what speaks for the one first, and for the other."""

    a: str
    b: str
    for_a: tuple[Reason, ...]
    for_b: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Generations:
    """An order in part. ``nearest``: copies before which no other likely stands.

    ``equal``: pairs whose packets or decoded pictures are equal, of which neither is a generation
    further. ``not_from``: (a, b) where a holds what b lacks, so that a was not made from b alone.
    """

    steps: tuple[Step, ...]
    unknown: tuple[Unknown, ...]
    nearest: tuple[str, ...]
    equal: tuple[Pair, ...]
    not_from: tuple[tuple[str, str], ...]


def generations(
    family: Family, leads: Sequence[Found], traces: Mapping[str, Traces | None]
) -> Generations:
    """Order the copies of a family as far as their traces agree."""
    pictures = Pictures(leads)
    inside = {each.item for each in family.members}
    equal = {pair_of(f.a, f.b) for f in leads if {f.a, f.b} <= inside and is_equal(f)}
    members = sorted(family.members, key=lambda each: each.item)
    steps, unknown, not_from = [], [], []
    for a, b in combinations(members, 2):
        not_from += [(x.item, y.item) for x, y in ((a, b), (b, a)) if _holds_more(x, y)]
        if pair_of(a.item, b.item) in equal:
            continue
        both = (traces.get(a.item), traces.get(b.item))
        shares = _shares(pictures, a.item, b.item)
        for_a = tuple(_reasons(a, b, both, shares))
        for_b = tuple(_reasons(b, a, both[::-1], shares[::-1]))
        if _settles(for_a, for_b):
            steps.append(Step(a.item, b.item, for_a))
        elif _settles(for_b, for_a):
            steps.append(Step(b.item, a.item, for_b))
        else:
            unknown.append(Unknown(a.item, b.item, for_a, for_b))
    kept = _without_circles(steps)
    unknown += [_undone(step) for step in steps if step not in kept]
    later = {each.later for each in kept}
    ordered = {each.earlier for each in kept} | later
    return Generations(
        steps=tuple(sorted(kept, key=lambda each: (each.earlier, each.later))),
        unknown=tuple(sorted(unknown, key=lambda each: (each.a, each.b))),
        nearest=tuple(sorted(ordered - later)),
        equal=tuple(sorted(equal)),
        not_from=tuple(sorted(not_from)),
    )


def _settles(reasons: Sequence[Reason], against: Sequence[Reason]) -> bool:
    sorts = {each.sort for each in reasons if each.sort}
    return len(sorts) >= SORTS_NEEDED and not any(each.sort for each in against)


def _holds_more(a: Member, b: Member) -> bool:
    """Whether a has a stretch of a second or more, in common with the family, that b lacks."""
    return any(
        min(sits.to_ns, end) - max(sits.from_ns, start) >= NANO
        for sits in a.sits
        for start, end in b.lacks
    )


def _shares(pictures: Pictures, a: str, b: str) -> tuple[float, float]:
    """Return the shares of a's picture and of b's that both show."""
    against = pictures.against(a, b)
    return (1.0, 1.0) if against is None else (against.filled, against.shows)


def _reasons(
    a: Member,
    b: Member,
    traces: tuple[Traces | None, ...],
    shares: tuple[float, ...],
) -> Iterator[Reason]:
    """Yield what speaks for a standing nearer to the recording than b."""
    if _holds_more(a, b) and not _holds_more(b, a):
        yield Reason("holds-more", TIME)
    mine, theirs = traces
    if mine is None or theirs is None:
        return
    fine = mine.width * mine.height * shares[0]
    coarse = theirs.width * theirs.height * shares[1]
    if fine > FINER * coarse > 0:
        yield Reason("finer", QUALITY, (("a", _thousands(fine)), ("b", _thousands(coarse))))
    # Whoever slows a film down fills it with pictures: rates are compared at one speed.
    alike = abs(a.sits[0].speed / b.sits[0].speed - 1) < ONE_SPEED
    if alike and mine.rate > MORE_PICTURES * theirs.rate > 0:
        shown = (("a", f"{mine.rate:.1f}"), ("b", f"{theirs.rate:.1f}"))
        yield Reason("more-pictures", QUALITY, shown)
    if mine.codec == theirs.codec and mine.bits > MORE_BITS * theirs.bits > 0:
        bits = (("a", _thousands(mine.bits)), ("b", _thousands(theirs.bits)))
        yield Reason("more-bits", BITS, bits)
    if theirs.coded_before and not mine.coded_before:
        yield Reason("coded-before", CODING, (("period", str(theirs.coded_before)),))
    if mine.device and not theirs.device:
        yield Reason("device", CONTAINER, (("tag", mine.device[0]),))
    if theirs.program and not mine.program:
        yield Reason("program", CONTAINER, (("program", theirs.program[:40]),))
    if theirs.messenger and not mine.messenger:
        yield Reason("messenger", CONTAINER)
    if mine.stamped and theirs.stamped and mine.stamped < theirs.stamped:
        yield Reason("stamped", "", (("a", mine.stamped[:20]), ("b", theirs.stamped[:20])))


def _thousands(value: float) -> str:
    return f"{value / 1000:,.0f}"


def _without_circles(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that lie on no circle: what goes round settles nothing."""
    after: dict[str, set[str]] = {}
    for each in steps:
        after.setdefault(each.earlier, set()).add(each.later)
    return [each for each in steps if not _leads_back(each.later, each.earlier, after)]


def _leads_back(start: str, to: str, after: Mapping[str, set[str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == to:
            return True
        fresh = after.get(here, set()) - seen
        seen |= fresh
        waiting += fresh
    return False


def _undone(step: Step) -> Unknown:
    first = step.earlier < step.later
    a, b = sorted((step.earlier, step.later))
    return Unknown(a, b, step.reasons if first else (), () if first else step.reasons)


def generation_list(made: Generations, names: Mapping[str, str], lang: str) -> tuple[str, ...]:
    """Return the order in sentences: what is likely, why, and what is not known."""

    def both(a: str, b: str) -> dict[str, str]:
        return {"a": named(a, names), "b": named(b, names)}

    found = []
    for step in made.steps[:MOST_TOLD]:
        why = _why(step.reasons, lang)
        found.append(phrase("step", lang, **both(step.earlier, step.later), why=why))
    if len(made.steps) > MOST_TOLD:
        found.append(phrase("steps-many", lang, n=len(made.steps) - MOST_TOLD))
    found += [phrase("equal", lang, **both(*pair)) for pair in made.equal]
    for lacking in sorted({b for _, b in made.not_from}):
        holding = [named(a, names) for a, b in made.not_from if b == lacking]
        values = {"a": listed(holding, lang), "b": named(lacking, names)}
        found.append(phrase("not-from", lang, **values))
    if len(made.unknown) > MOST_TOLD:
        return (*found, phrase("unknown-many", lang, n=len(made.unknown)))
    for each in made.unknown:
        told = phrase("unknown", lang, **both(each.a, each.b))
        for name, reasons in ((each.a, each.for_a), (each.b, each.for_b)):
            if reasons:
                why = _why(reasons, lang)
                told += " " + phrase("speaks-for", lang, name=named(name, names), why=why)
        found.append(told)
    return tuple(found)


def _why(reasons: Sequence[Reason], lang: str) -> str:
    return ("؛ " if lang == "ar" else "; ").join(each.said(lang) for each in reasons)
