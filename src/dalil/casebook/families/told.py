"""What a victim's family was told, by whom, when, and how it answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.families.recognised import recognitions_of
from dalil.casebook.index.view import View
from dalil.casebook.record.victims import Notification
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.victims.resolved import person_of

AGREES, NOT_FOUND = "agrees", "not_found"
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
        for victim in sorted(set(victims))
        for known in casebook.naming(victim, view, Notification.kind, "victim")
        if isinstance(known.record, Notification) and known.record.withdrawn is None
    }
    return tuple(sorted(found.values(), key=_when))


def same_person(casebook: Casebook, victim: str, view: View) -> frozenset[str]:
    """Return every victim whose family is the family of this one, as far as it is said.

    Those whom people judged to be one person, and those as whom somebody recognised one of them:
    a recognition by sight is enough to ask a family, though not to say who it is.
    """
    members, waiting = {victim}, [victim]
    while waiting:
        one = waiting.pop()
        near = set(person_of(casebook, one, view).members)
        for each in recognitions_of(casebook, one, view):
            if each.affirms:
                near |= {each.said.victim, each.said.as_victim}
        waiting += sorted(near - members)
        members |= near
    return frozenset(members)


def answer_on_release(told: Iterable[Told], item: str) -> str | None:
    """Return how a family answered whether footage may be shown; None: nobody asked.

    The latest answer counts, among those on this item and those on footage in general. That a
    family was sought and not found counts until somebody is found and asked.
    """
    answer = None
    for each in told:
        if each.said.what in (RELEASE, SOUGHT) and each.said.item in (None, item):
            answer = each.said.answer
    return answer


def _told(said: Notification, known: Known) -> Told:
    return Told(said, known.by_key, known.recorded_at)


def _when(told: Told) -> tuple[int, str, str]:
    said = told.said
    bounds = bounds_of(said.answered_on or said.on)
    day = bounds.e_max if bounds.e_max is not None else bounds.s_min
    return (0 if day is None else day, told.recorded_at, said.id)
