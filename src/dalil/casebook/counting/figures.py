"""Figures: whom one counter marked in a clip, and which figures of several counters are one.

A figure is all marks of one counter with one label. Two figures of two counters meet where a mark
of each shows nearly the same box at the same time; a label says nothing across counters, since
each numbers on their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from dalil.casebook.incident.clock import tick_of
from dalil.casebook.record.describing import Annotation
from dalil.kernel.canonical import Json

# Boxes drawn by hand around one person share at least this part of what both cover.
MEETING = Fraction(3, 10)


@dataclass(frozen=True, slots=True)
class Figure:
    """Whom one counter (a person's id) marked: marks in order of time; ``label`` is the counter's.

    A mark without a label is a figure of its own.
    """

    counter: str
    label: str | None
    marks: tuple[Annotation, ...]

    @property
    def first(self) -> tuple[Fraction, str]:
        """When it is first seen (seconds of the item's own time stamps), and its first mark."""
        return _span(self.marks[0])[0], self.marks[0].id


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that are taken for one person, at most one of each counter."""

    figures: tuple[Figure, ...]

    @property
    def marks(self) -> tuple[Annotation, ...]:
        """The marks of all counters."""
        return tuple(mark for figure in self.figures for mark in figure.marks)

    @property
    def first(self) -> tuple[Fraction, str]:
        """When somebody first marked it."""
        return min(figure.first for figure in self.figures)


def figures_in(marks: Iterable[Annotation]) -> tuple[Figure, ...]:
    """Return the figures of every counter, in order of time."""
    found: dict[tuple[str, str], list[Annotation]] = {}
    for mark in marks:
        label = f"label {mark.label}" if mark.label is not None else mark.id
        found.setdefault((mark.annotator or "", label), []).append(mark)
    figures = (
        Figure(counter, some[0].label, tuple(sorted(some, key=lambda m: (_span(m), m.id))))
        for (counter, _), some in found.items()
    )
    return tuple(sorted(figures, key=lambda figure: (*figure.first, figure.counter)))


def groups_of(figures: Sequence[Figure]) -> tuple[Group, ...]:
    """Lay the figures of several counters side by side, the closest first; in order of time.

    What comes out does not hang on the order in which figures come.
    """
    group_of: dict[str, list[Figure]] = {_id(each): [each] for each in figures}
    for _, one, other in sorted(_close(figures), key=lambda e: (-e[0], _id(e[1]), _id(e[2]))):
        here, there = group_of[_id(one)], group_of[_id(other)]
        if here is there or {f.counter for f in here} & {f.counter for f in there}:
            continue
        joined = [*here, *there]
        for each in joined:
            group_of[_id(each)] = joined
    groups = {id(some): some for some in group_of.values()}.values()
    made = (Group(tuple(sorted(some, key=lambda f: (f.counter, f.first)))) for some in groups)
    return tuple(sorted(made, key=lambda group: group.first))


def likeness(a: Annotation, b: Annotation) -> Fraction:
    """Return how much two marks share: of their boxes, where they meet in time; 0 without boxes."""
    (start_a, end_a), (start_b, end_b) = _span(a), _span(b)
    if max(start_a, start_b) > min(end_a, end_b) or a.box is None or b.box is None:
        return Fraction(0)
    return _shared(a.box, b.box)


def _close(figures: Sequence[Figure]) -> Iterator[tuple[Fraction, Figure, Figure]]:
    """Yield each two figures of two counters that meet, with how much they share at most."""
    ordered = sorted(figures, key=_id)
    shared: dict[tuple[int, int], Fraction] = {}
    for one, a, other, b in _meeting(ordered):
        if ordered[one].counter != ordered[other].counter and a.box and b.box:
            pair, part = (min(one, other), max(one, other)), _shared(a.box, b.box)
            if part >= MEETING:
                shared[pair] = max(part, shared.get(pair, part))
    for (one, other), part in shared.items():
        yield part, ordered[one], ordered[other]


def _meeting(figures: Sequence[Figure]) -> Iterator[tuple[int, Annotation, int, Annotation]]:
    """Yield each two marks that meet in time, each with the place of its figure."""
    spans = [(n, mark, *_span(mark)) for n, figure in enumerate(figures) for mark in figure.marks]
    whole = lcm(*(each.denominator for *_, start, end in spans for each in (start, end)))
    # Whole numbers of one tick: comparing fractions takes twenty times as long.
    ticks = sorted(
        (int(start * whole), int(end * whole), mark.id, n, mark) for n, mark, start, end in spans
    )
    open_: list[tuple[int, int, Annotation]] = []
    for start, end, _, n, mark in ticks:
        open_ = [each for each in open_ if each[0] >= start]
        for _, other, met in open_:
            yield other, met, n, mark
        open_.append((end, n, mark))


def _id(figure: Figure) -> str:
    return min(mark.id for mark in figure.marks)


def _span(mark: Annotation) -> tuple[Fraction, Fraction]:
    tick = tick_of(mark.timebase) or Fraction(1)
    return mark.pts_start * tick, mark.pts_end * tick


def _shared(a: Json, b: Json) -> Fraction:
    """Return intersection over union of two boxes (x, y, w, h in pixels)."""
    across = min(a["x"] + a["w"], b["x"] + b["w"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["h"], b["y"] + b["h"]) - max(a["y"], b["y"])
    if across <= 0 or down <= 0:
        return Fraction(0)
    both = across * down
    return Fraction(both, a["w"] * a["h"] + b["w"] * b["h"] - both)
