"""Which records leave, as whoever asks may see them; every export takes them from here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, select

from dalil.casebook.casebook import Casebook
from dalil.casebook.export.masking import Mask
from dalil.casebook.incident.days import held_then, said_in_time
from dalil.casebook.index.tables import MENTION, RECORD, STATE, VICTIM
from dalil.casebook.index.view import View
from dalil.casebook.record.form import CLASSES, Record, trusted_record_of
from dalil.casebook.record.mentions import STAYS
from dalil.casebook.record.sources import Source
from dalil.casebook.sites.told import positions
from dalil.errors import NoSuchThing
from dalil.kernel.canonical import Json
from dalil.vault.archive import read_plate

R = TypeVar("R", bound=Record)

# What is said of a record goes with it, whichever case it was written for: nothing that speaks
# against an answer stays behind.
SAID_OF = {
    ("assertion", "proposition"),
    ("assessment", "proposition"),
    ("evidence", "assertion"),
    ("derivation", "child"),
    ("name", "entity"),
    ("grade", "source"),
    ("judgement", "a"),
    ("judgement", "b"),
    ("count_group", "whole"),
    ("conduct", "incident"),
    ("speech", "of"),
    ("submission", "round"),
    ("decision", "round"),
    ("position", "site"),
    ("site_state", "site"),
    ("warning", "site"),
    ("precision", "site"),
    ("remains", "site"),
    ("identification", "remains"),
    ("identification", "victim"),
    ("appearance", "victim"),
    ("recognition", "victim"),
    ("recognition", "as_victim"),
    ("bearing", "hypothesis"),
}
DATED = (
    "assertion", "relation", "evidence", "proposition", "conduct", "position", "site_state",
    "recognition", "identification",
)  # fmt: skip
SAYINGS = (
    "assertion", "relation", "evidence", "position", "site_state", "recognition",
    "identification",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What an export is of: archive (id), acts followed, case, class and days (ISO) of its view."""

    archive: str
    acts: int
    case: str | None
    see: str
    known_on: str | None
    said_by: str | None
    on: str | None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks: ``source`` is none where nobody is named, or where it is withheld."""

    source: Source | None
    withheld: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """One record names another."""

    by: str
    kind: str
    field: str
    target: str
    hides: bool


class Selection:
    """The records that leave, from one unchanging sight of the index."""

    def __init__(self, connection: Connection, view: View, terms: Terms, *, history: bool) -> None:
        """Use ``selecting``."""
        self.terms = terms
        self._connection, self._view, self._history = connection, view, history
        self._cases = {row.id: row.case for row in self._rows(None, latest=True)}
        # As JSON: most of them are never asked for.
        self._sources = {row.id: row.body for row in self._rows(("source",), latest=True)}
        self._leaving = self._narrowed()
        for id_ in self._sources.keys() - self._leaving:
            del self._sources[id_]
        where = positions(connection, view.clearance)
        self._mask = Mask(self._sources, self._leaving, where, self._nameless())

    @property
    def masked(self) -> bool:
        """Whether something that left so far came from a source that is withheld."""
        return self._mask.used

    def records(self, kind: type[R]) -> Iterator[tuple[R, str]]:
        """Yield the records of a kind, in the order they were written, and when (RFC 3339)."""
        count: dict[str, int] = {}
        for row in self._rows((kind.kind,), latest=not self._history):
            if row.id not in self._leaving:
                continue
            record = self._mask.worn_by(trusted_record_of(json.loads(row.body)))
            if not isinstance(record, kind):
                continue
            # Counted anew: an earlier revision may be one that this view does not show.
            count[row.id] = count.get(row.id, -1) + 1
            yield replace(record, revises=count[row.id]), row.known_from

    def speaker(self, source: str | None) -> Speaker:
        """Return who speaks; of a withheld source nothing but that it is withheld."""
        body = self._sources.get(source or "")
        if body is None:
            return Speaker(None, withheld=source is not None)
        record = trusted_record_of(json.loads(body))
        return Speaker(record if isinstance(record, Source) else None, withheld=False)

    def _rows(self, kinds: tuple[str, ...] | None, *, latest: bool) -> Iterator[Json]:
        columns = (RECORD.c.id, RECORD.c.case, RECORD.c.known_from, RECORD.c.body)
        chosen = select(*columns).where(RECORD.c.kind.not_in(STAYS)).order_by(RECORD.c.n)
        if latest:
            chosen = chosen.where(self._view.rows(RECORD))
        else:
            chosen = chosen.where(RECORD.c.see <= self._view.clearance)
            chosen = chosen.where(RECORD.c.known_from <= self._view.end_of_knowledge())
        if kinds is not None:
            chosen = chosen.where(RECORD.c.kind.in_(kinds))
        return iter(self._connection.execute(chosen))

    def _nameless(self) -> frozenset[str]:
        """Return the victims whom nobody has named; a name tied to them does not leave."""
        chosen = select(VICTIM.c.id).where(VICTIM.c.unidentified, self._view.rows(VICTIM))
        return frozenset(str(id_) for (id_,) in self._connection.execute(chosen))

    def _narrowed(self) -> set[str]:
        """Return the ids that leave: within the days of the view, and of its case."""
        seen, view, case = set(self._cases), self._view, self.terms.case
        if case is None and view.said_by is None and view.on is None:
            return seen
        named = self._named()
        outside = self._outside_days(view)
        left = seen - outside - _behind(outside, named)
        if case is not None:
            if case not in self._cases.values():
                raise NoSuchThing(f"case {case}")
            left = _closure({id_ for id_ in left if self._cases[id_] == case}, named, left)
        if view.said_by is not None:
            unheard = self._unheard(left, named)
            left -= unheard | _behind(unheard, named)
        return left

    def _named(self) -> list[_Named]:
        """Return what the records that may leave name, in any revision of them."""
        fields = (RECORD.c.id, RECORD.c.kind, MENTION.c.field, MENTION.c.target, MENTION.c.hides)
        chosen = select(*fields).join(MENTION, MENTION.c.n == RECORD.c.n).distinct()
        chosen = chosen.where(RECORD.c.kind.not_in(STAYS))
        if self._history:
            chosen = chosen.where(RECORD.c.see <= self._view.clearance)
        else:
            chosen = chosen.where(self._view.rows(RECORD))
        return [_Named(*row) for row in self._connection.execute(chosen)]

    def _outside_days(self, view: View) -> set[str]:
        """Return what was said later than ``said_by``, or did not hold ``on`` the day."""
        found = set()
        for row in self._rows(DATED, latest=True):
            told = json.loads(row.body)
            held = told.get("valid") or (told.get("date") if told["kind"] == "conduct" else None)
            in_time = told["kind"] not in SAYINGS or said_in_time(view, *self._dates(told))
            if not in_time or not held_then(view, held):
                found.add(row.id)
        return found

    def _dates(self, told: dict[str, Json]) -> list[str | None]:
        """Return when something was said: its own day, else those of who says it."""
        if told.get("by_assertion"):
            return [".."]  # as early as that one, which is judged by itself
        said = told.get("asserted") or told.get("on")
        if said:
            return [said]
        cited = (point.get("sources", ()) for point in (told.get("cited") or {}).values())
        by = [told.get("source"), told.get("by_source"), *(s for each in cited for s in each)]
        return [self._published(source) for source in by if source]

    def _published(self, source: str | None) -> str | None:
        body = self._sources.get(source or "")
        return None if body is None else json.loads(body).get("published")

    def _unheard(self, left: set[str], named: list[_Named]) -> set[str]:
        """Return the sources that had not appeared by ``said_by`` and that nothing else needs."""
        view = self._view
        later = {
            id_
            for id_ in self._sources
            if (when := self._published(id_)) and not said_in_time(view, when)
        }
        own = later | {each.by for each in named if each.kind in {"derivation", "grade"}}
        return later - {each.target for each in named if each.by in left and each.by not in own}


@contextmanager
def selecting(
    casebook: Casebook, view: View, case: str | None = None, *, history: bool = False
) -> Iterator[Selection]:
    """Yield what leaves under a view: of one case with all that it names, or everything.

    With ``history`` every revision leaves that the view may see, not only the latest. Acts that
    come meanwhile are not seen.

    Raises:
        NoSuchThing: no record of this case may be seen.

    """
    with casebook.reading() as connection:
        # One sight for all that is read: without it, each statement would see another state.
        connection.exec_driver_sql("BEGIN")
        followed = select(STATE.c.value).where(STATE.c.name == "followed")
        days = (view.known_on, view.said_by, view.on)
        terms = Terms(
            read_plate(casebook.archive).id,
            int(connection.execute(followed).scalar() or 0),
            case,
            CLASSES[view.clearance],
            *(None if day is None else date.fromordinal(day).isoformat() for day in days),
        )
        yield Selection(connection, view, terms, history=history)


def _closure(start: set[str], named: list[_Named], within: set[str]) -> set[str]:
    """Return ``start``, all that it names, and what is said of that, as far as ``within``."""
    next_to: dict[str, list[str]] = {}
    for each in named:
        next_to.setdefault(each.by, []).append(each.target)
        if (each.kind, each.field) in SAID_OF:
            next_to.setdefault(each.target, []).append(each.by)
    return _reached(start, next_to) & within | start


def _behind(gone: set[str], named: list[_Named]) -> set[str]:
    """Return what cannot be said without the records that are gone."""
    next_to: dict[str, list[str]] = {}
    for each in named:
        if each.hides:
            next_to.setdefault(each.target, []).append(each.by)
    return _reached(gone, next_to) - gone


def _reached(start: set[str], next_to: dict[str, list[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for each in next_to.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
