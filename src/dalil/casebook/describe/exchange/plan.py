"""What a file would bring in: records to be written in one act, and what becomes of each line.

What carries the number of a record of this item is that record: where the file says something
else now, it becomes a revision, and what the form cannot hold stays as it was. Anything else is
new, under a number that follows from the file's own, so that the same file says nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.describe.code_book import TermShown, code_book, terms_of
from dalil.casebook.describe.exchange.carrying import WEBVTT, Noted, entries_of, read, written
from dalil.casebook.describe.exchange.entry import ANNOTATION, Entry, Faults
from dalil.casebook.describe.exchange.grid import Grid, grid_of
from dalil.casebook.describe.lanes import lanes
from dalil.casebook.describe.transcript import transcript
from dalil.casebook.incident.act_map import Box
from dalil.casebook.incident.clock import tick_of
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Speech
from dalil.casebook.record.form import check, fields_of, id_for
from dalil.casebook.text.names import fold
from dalil.errors import RecordRefused
from dalil.vault.archive import read_plate

Described = Annotation | Speech
# A file that counts in milliseconds may end one after the picture does.
SLACK = Fraction(2, 1000)


@dataclass(frozen=True, slots=True)
class Into:
    """Where a file's lines go: an item, and what the file itself does not say.

    ``book``: the code book in which its words are looked up. ``lang``: the language of texts
    that name none. ``lane`` and ``version``: where the file names none.
    """

    item: str
    case: str | None = None
    see: str = "restricted"
    book: str | None = None
    lane: str = "imported"
    lang: str = "und"
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, how many of it are new or revised, and what stays as it is."""

    records: tuple[Described, ...]
    new: int
    revised: int
    unchanged: int
    noted: tuple[Noted, ...]


def plan(casebook: Casebook, form: str, data: bytes, into: Into, view: View) -> Plan:
    """Return what a file of a form (``carrying.FORMS``) would bring in; nothing is written.

    Raises:
        UsageRefused: there is no such form. ImportRefused: it cannot be brought in; the message
            names every place that is wrong. NoSuchThing: there is no such code book.

    """
    view, faults = replace(view, author=None), Faults()
    entries = read(form, data, faults, into.item)
    making = _Making(casebook, form, into, view, faults)
    making.take(entries)
    faults.refuse()
    return making.plan()


@dataclass(slots=True)
class _Making:
    casebook: Casebook
    form: str
    into: Into
    view: View
    faults: Faults
    records: list[Described] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    terms: dict[str, TermShown] = field(default_factory=dict)
    grid: Grid | None = None

    def take(self, entries: Sequence[Entry]) -> None:
        """Make a record of each entry, or note why not."""
        into = self.into
        self.grid = grid_of(self.casebook.archive, into.item)
        if into.book is not None:
            self.terms = _by_name(code_book(self.casebook, into.book, self.view).terms)
        archive = read_plate(self.casebook.archive).id
        here = {
            known.record.id: known
            for known in self.casebook.of_item(into.item, self.view, Annotation, Speech)
        }
        ids = [
            e.id if e.id in here else id_for(archive, into.item, self.form, e.kind, e.id)
            for e in entries
        ]
        there = here | self._elsewhere(set(ids) - set(here))
        before = self._before() if any(each.id in here for each in entries) else {}
        for entry, id_ in zip(entries, ids, strict=True):
            known = there.get(id_)
            record = self._made(entry, id_, known, before.get(entry.id))
            if record is not None:
                self._keep(entry, record, known)

    def _elsewhere(self, ids: set[str]) -> dict[str, Known]:
        """Return what came from this file before, withdrawn or not."""
        return {
            known.record.id: known
            for kind in (Annotation, Speech)
            for known in self.casebook.find(kind, self.view, ids=ids)
        }

    def _before(self) -> dict[str, Entry]:
        """Return what a file of this form would say of what is here now, by number."""
        item, view = self.into.item, self.view
        spoken = transcript(self.casebook, item, view)
        described = None if self.form == WEBVTT else lanes(self.casebook, item, view)
        kept = [each for each in entries_of(described, spoken, "en") if each.start >= 0]
        said = read(self.form, written(self.form, kept, item), Faults(), item) if kept else []
        return {each.id: each for each in said}

    def _made(
        self, entry: Entry, id_: str, known: Known | None, before: Entry | None
    ) -> Described | None:
        old = known.record if known is not None else None
        if old is not None and old.withdrawn is not None:
            self._count("withdrawn-here")
            return None
        if before is not None and isinstance(old, Annotation | Speech) and entry.id == old.id:
            return self._revised(entry, before, old)
        if entry.inferred:
            # A file cannot say on which observations it rests, and without them it is none.
            self._count("inferences-left-out")
            return None
        return (
            self._annotation(entry, id_) if entry.kind == ANNOTATION else self._speech(entry, id_)
        )

    def _keep(self, entry: Entry, record: Described, known: Known | None) -> None:
        old = known.record if known is not None else None
        if old is not None and known is not None:
            record = replace(record, revises=known.revision + 1)
            if {**fields_of(old), "revises": 0} == {**fields_of(record), "revises": 0}:
                self._count("unchanged")
                return
            if getattr(old, "round", None) is not None:
                self.faults.add(entry.place, "it was written in a blind round, and stays as it is")
                return
        try:
            check(record)
        except RecordRefused as refused:
            self.faults.add(entry.place, refused.about)
            return
        if self._beyond(record):
            self.faults.add(entry.place, "it ends after the footage does")
            return
        self._count("new" if old is None else "revised")
        self.records.append(record)

    def _beyond(self, record: Described) -> bool:
        grid = self._grid
        tick = tick_of(record.timebase)
        if grid.clock.end is None or tick is None:
            return False
        return record.pts_end * tick > grid.clock.end + grid.tick + SLACK

    def _annotation(self, entry: Entry, id_: str) -> Annotation:
        start, end, timebase = self._stamps(entry)
        return Annotation(
            id=id_,
            see=self.into.see,
            case=self.into.case,
            item=self.into.item,
            lane=entry.lane or self.into.lane,
            pts_start=start,
            pts_end=end,
            timebase=timebase,
            label=entry.label,
            box=None if entry.box is None else _box(entry.box),
            **self._says(entry),
        )

    def _speech(self, entry: Entry, id_: str) -> Speech:
        start, end, timebase = self._stamps(entry)
        into = self.into
        lang = into.lang if entry.lang in (None, "und") else entry.lang
        return Speech(
            id=id_,
            see=into.see,
            case=into.case,
            item=into.item,
            pts_start=start,
            pts_end=end,
            timebase=timebase,
            lang=lang or into.lang,
            words=entry.value or "",
            speaker=entry.speaker,
            version=entry.version or into.version,
        )

    def _says(self, entry: Entry) -> dict[str, Any]:
        """Return which term or text an entry says."""
        said: dict[str, Any] = {"text_en": entry.text_en, "text_ar": entry.text_ar}
        value = entry.value
        if value is None or value in (entry.text_en, entry.text_ar, entry.label):
            return said
        term = self.terms.get(fold(value))
        if term is not None:
            return {**said, "term": term.id}
        if self.into.book is not None:
            self._count("texts-for-terms")
        name = "text_ar" if self.into.lang.startswith("ar") else "text_en"
        return {**said, name: said[name] or value}

    def _revised(self, entry: Entry, before: Entry, old: Described) -> Described:
        """Return a record with what a file says of it now, where it says something else."""
        changed: dict[str, Any] = {}
        start, end, _ = self._stamps(entry, old.timebase, before)
        if (entry.start, entry.stamps) != (before.start, before.stamps):
            changed["pts_start"] = start
        if (entry.end, entry.stamps) != (before.end, before.stamps):
            changed["pts_end"] = end
        if isinstance(old, Speech):
            names = {"value": "words", "lang": "lang", "version": "version", "speaker": "speaker"}
        else:
            names = {"lane": "lane", "text_en": "text_en", "text_ar": "text_ar", "label": "label"}
            if entry.box != before.box:
                changed["box"] = None if entry.box is None else _box(entry.box)
            if entry.value != before.value and self._other_value(entry, old):
                changed["term"] = None
                changed |= {k: v for k, v in self._says(entry).items() if v is not None}
        for name, own in names.items():
            # WebVTT names no language, and no lane: what is not said is not changed.
            said = getattr(entry, name)
            if said != getattr(before, name) and not (name in ("lang", "lane") and said is None):
                changed[own] = said
        return replace(old, **changed)

    def _other_value(self, entry: Entry, old: Annotation) -> bool:
        """Whether the value is another one, and not the same in another language."""
        own = {fold(each) for each in (old.text_en, old.text_ar, old.label) if each}
        if old.term is not None:
            term = terms_of(self.casebook, [old.term], self.view).get(old.term)
            names = (term.key, term.name_en, term.name_ar) if term is not None else ()
            own |= {fold(each) for each in names if each}
        return entry.value is not None and fold(entry.value) not in own

    def _stamps(
        self, entry: Entry, timebase: str | None = None, before: Entry | None = None
    ) -> tuple[int, int, str]:
        """Return time stamps of an entry, in its own time base or in that of a record."""
        exact = entry.stamps
        if exact is not None and (timebase in (None, exact[2])):
            # A program that knows no time stamps moves the seconds, and leaves them behind.
            moved = before is not None and exact == before.stamps
            if not moved:
                return exact
        grid = self._grid
        if timebase is None or timebase == grid.timebase:
            return grid.stamp(entry.start), grid.stamp(entry.end), grid.timebase
        tick = tick_of(timebase) or Fraction(1)
        zero = grid.clock.zero
        return round((entry.start + zero) / tick), round((entry.end + zero) / tick), timebase

    @property
    def _grid(self) -> Grid:
        if self.grid is None:
            self.grid = grid_of(self.casebook.archive, self.into.item)
        return self.grid

    def _count(self, code: str) -> None:
        self.counts[code] = self.counts.get(code, 0) + 1

    def plan(self) -> Plan:
        """Return what came of it."""
        if self._grid.clock.end is None:
            self.counts["no-known-end"] = len(self.records)
        new, revised, same = (self.counts.pop(e, 0) for e in ("new", "revised", "unchanged"))
        noted = tuple(Noted(code, n) for code, n in sorted(self.counts.items()) if n)
        return Plan(tuple(self.records), new, revised, same, noted)


def _by_name(terms: Sequence[TermShown]) -> dict[str, TermShown]:
    """Return terms by every name and key; of two with one name, neither."""
    found: dict[str, TermShown] = {}
    twice: set[str] = set()
    for term in terms:
        if term.withdrawn is not None:
            continue
        for name in {fold(each) for each in (term.key, term.name_en, term.name_ar) if each}:
            if found.setdefault(name, term).id != term.id:
                twice.add(name)
    return {name: term for name, term in found.items() if name not in twice}


def _box(box: Box) -> dict[str, int]:
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}
