"""The lanes of an item: what is described of it, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.describe.code_book import TermShown, terms_of
from dalil.casebook.describe.reading import of_round, standing
from dalil.casebook.incident.act_map import Box
from dalil.casebook.incident.clock import Clock, clock_of, tick_of
from dalil.casebook.incident.stretch import Stretch, stretch_of
from dalil.casebook.index.view import BLIND, View
from dalil.casebook.record.describing import Annotation, Decision


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation, as a view knows it.

    ``term`` is none where none is named, or where it may not be seen (``term_withheld``);
    ``redefined``: the term has another definition now than when this was written. ``severity``
    is the annotation's own, else its term's. ``rests_on`` are the grounds (ids) of an inference
    that may be seen, ``fallen`` those of them that were withdrawn. ``blind``: nobody but its
    author reads it before the round is done. ``decided`` is none, ``accepted`` or ``set-aside``.
    ``see`` is its own class, ``revises`` what the next revision says in its field of that name.
    """

    id: str
    lane: str
    pts_start: int
    pts_end: int
    timebase: str
    term: TermShown | None
    term_withheld: bool
    redefined: bool
    text_en: str | None
    text_ar: str | None
    label: str | None
    box: Box | None
    severity: int | None
    inferred: bool
    rests_on: tuple[str, ...]
    fallen: tuple[str, ...]
    round: str | None
    annotator: str | None
    blind: bool
    decided: str | None
    machine: bool
    see: str
    case: str | None
    by_key: str | None
    recorded_at: str
    revises: int

    def stretch(self, clock: Clock) -> Stretch | None:
        """Return where it lies by the item's clock, in seconds."""
        return stretch_of(self.pts_start, self.pts_end, self.timebase, clock)


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane and its marks, in order of time."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """All lanes of an item, by name."""

    item: str
    clock: Clock
    lanes: tuple[Lane, ...]

    @property
    def count(self) -> int:
        """How many marks there are in all lanes."""
        return sum(len(lane.marks) for lane in self.lanes)


def lanes(casebook: Casebook, item: str, view: View) -> Lanes:
    """Return what is described of an item; no lanes where nothing is that may be seen."""
    written = casebook.of_item(item, view, Annotation)
    marks = marks_of(casebook, written, view)
    ticks = {each: tick_of(each) or Fraction(1) for each in {mark.timebase for mark in marks}}
    by_lane: dict[str, list[Mark]] = {}
    if len(ticks) > 1:
        # Compared exactly, which costs more than whole numbers do.
        marks.sort(key=lambda m: (m.pts_start * ticks[m.timebase], m.pts_end * ticks[m.timebase]))
    else:
        marks.sort(key=lambda m: (m.pts_start, m.pts_end))
    for mark in marks:
        by_lane.setdefault(mark.lane, []).append(mark)
    found = tuple(Lane(name, tuple(by_lane[name])) for name in sorted(by_lane))
    return Lanes(item, clock_of(casebook.archive, item), found)


def marks_of(casebook: Casebook, written: Sequence[Known], view: View) -> list[Mark]:
    """Return annotations with what they name, in the order in which they are given."""
    told = [(each, each.record) for each in written if isinstance(each.record, Annotation)]
    terms = terms_of(casebook, {a.term for _, a in told if a.term is not None}, view)
    # What is not among them may lie in another item, or may not be seen.
    here = {a.id: False for _, a in told}
    elsewhere = {ground for _, a in told for ground in a.rests_on if ground not in here}
    grounds = {**here, **standing(casebook, elsewhere, view)}
    decided = _decided(casebook, {a.round for _, a in told if a.round is not None}, view)
    return [_mark(each, a, terms, grounds, decided) for each, a in told]


def _mark(
    written: Known,
    told: Annotation,
    terms: Mapping[str, TermShown],
    grounds: Mapping[str, bool],
    decided: Mapping[str, str],
) -> Mark:
    term = terms.get(told.term) if told.term is not None else None
    severity = told.severity
    if severity is None and term is not None:
        severity = term.severity
    return Mark(
        id=told.id,
        lane=told.lane,
        pts_start=told.pts_start,
        pts_end=told.pts_end,
        timebase=told.timebase,
        term=term,
        term_withheld=told.term is not None and term is None,
        redefined=term is not None and term.revises > 1 and term.recorded_at > written.recorded_at,
        text_en=told.text_en,
        text_ar=told.text_ar,
        label=told.label,
        box=None if told.box is None else Box(**told.box),
        severity=severity,
        inferred=told.basis == "inference",
        rests_on=tuple(each for each in told.rests_on if each in grounds),
        fallen=tuple(each for each in told.rests_on if grounds.get(each)),
        round=told.round,
        annotator=told.annotator,
        blind=written.see == BLIND,
        decided=decided.get(told.id),
        machine=told.machine,
        see=told.see,
        case=told.case,
        by_key=written.by_key,
        recorded_at=written.recorded_at,
        revises=written.revision + 1,
    )


def _decided(casebook: Casebook, rounds: Iterable[str], view: View) -> dict[str, str]:
    """Return what became of annotations on which their annotators differed."""
    found: dict[str, str] = {}
    for round_ in sorted(rounds):
        for said, _ in of_round(casebook, round_, view, Decision):
            found |= dict.fromkeys(said.between, "set-aside")
            if said.accepts is not None:
                found[said.accepts] = "accepted"
    return found
