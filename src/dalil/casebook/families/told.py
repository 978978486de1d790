"""What a victim's family was told, by whom, when, and how it answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.families.recognised import recognitions_of
from dalil.casebook.index.view import View
from dalil.casebook.record.victims import Notification
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.victims.judged import SAME, judgements_on_any

AGREES, NOT_FOUND = "agrees", "not_found"
GOES, REFUSES = (AGREES, NOT_FOUND), ("asks_to_hold", "declines")
RELEASE, SOUGHT = "release", "family_sought"


@dataclass(frozen=True, slots=True)
class Told:
    """A notification that stands, who recorded it (key, base64url) and when."""

    said: Notification
    by_key: str | None
    recorded_at: str


def told_of(casebook: Casebook, victims: Iterable[str], view: View) -> tuple[Told, ...]:
    """Return what the families of these victims were told, in the order in which it happened."""
    found = {
        known.record.id: _told(known.record, known)
        for known in casebook.naming_any(victims, view, Notification.kind, "victim")
        if isinstance(known.record, Notification) and known.record.withdrawn is None
    }
    return tuple(sorted(found.values(), key=_when))


def same_person(casebook: Casebook, victim: str, view: View) -> frozenset[str]:
    """Return every victim whose family is the family of this one, as far as it is said.

    Those whom people judged to be one person, and those as whom somebody recognised one of them:
    a recognition by sight is enough to ask a family, though not to say who it is.
    """
    members, waiting = {victim}, {victim}
    while waiting:
        near = set[str]()
        for judged in judgements_on_any(casebook, waiting, view):
            if judged.verdict == SAME:
                near |= {judged.a, judged.b}
        for each in recognitions_of(casebook, waiting, view):
            if each.affirms:
                near |= {each.said.victim, each.said.as_victim}
        waiting = near - members
        members |= near
    return frozenset(members)


def answer_on_release(
    told: Iterable[Told], items: Collection[str], copies: Collection[str] = ()
) -> str | None:
    """Return how a family answered whether footage may be shown; None: nobody asked.

    The latest answer counts, among those on these items and those on footage in general; but a
    refusal stands until whoever gave it agrees, whoever else agrees before, and a refusal on any
    of ``copies`` is one on these items. That a family was sought and not found counts until
    somebody is found and asked.
    """
    answer: str | None = None
    refused: dict[str | None, str] = {}
    counts = (each for each in told if _is_answer(each, items, copies))
    for each in sorted(counts, key=_order):
        said = each.said
        answer = said.answer
        if answer in REFUSES:
            refused[said.to] = answer
        elif answer == AGREES:
            refused.pop(said.to, None)
    return next(reversed(refused.values()), answer)


def _is_answer(told: Told, items: Collection[str], copies: Collection[str]) -> bool:
    """Whether somebody answered here on showing this; a day to come has no answers yet."""
    said = told.said
    if said.answer in REFUSES:
        return said.item is None or said.item in items or said.item in copies
    if said.what not in (RELEASE, SOUGHT) or not (said.item is None or said.item in items):
        return False
    first = bounds_of(said.answered_on or said.on).s_min
    # Where it is morning already, it is a day later than in UTC.
    return said.answer not in GOES or first is None or first <= _recorded(told) + 1


def _order(told: Told) -> tuple[int, str, int]:
    """Place an answer in time: where its day is not said, a refusal late, and all else early.

    No refusal is later than the day on which it was recorded, unless it says so.
    """
    said = told.said
    bounds = bounds_of(said.answered_on or said.on)
    first, last = bounds.s_min or 0, bounds.e_max
    if said.answer not in REFUSES:
        return first, told.recorded_at, int(said.answer in GOES)
    recorded = _recorded(told)
    if first <= recorded:
        last = recorded if last is None else min(last, recorded)
    return first if last is None else last, told.recorded_at, len(GOES)


def _recorded(told: Told) -> int:
    return date.fromisoformat(told.recorded_at[:10]).toordinal()


def _told(said: Notification, known: Known) -> Told:
    return Told(said, known.by_key, known.recorded_at)


def _when(told: Told) -> tuple[int, str, str]:
    said = told.said
    bounds = bounds_of(said.answered_on or said.on)
    day = bounds.e_max if bounds.e_max is not None else bounds.s_min
    return (0 if day is None else day, told.recorded_at, said.id)
