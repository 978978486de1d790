"""Who looks, and as of when: every query takes one `View`, counts and relations included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, or_

from dalil.casebook.record.form import CLASSES
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import RecordRefused, UsageRefused

SEES = {word: level for level, word in enumerate(CLASSES)}
# The class of what is written in a blind round that is not done; no clearance reaches it.
BLIND = len(CLASSES)


@dataclass(frozen=True, slots=True)
class View:
    """What somebody may see, and which knowledge is asked for.

    ``clearance``: the highest class that is shown (0 open, 1 restricted, 2 sealed).
    ``known_on``: only what was recorded by the end of that day (UTC), "what did we know".
    ``said_by``: only what sources had said by that day. ``on``: what held on that day.
    Days are proleptic Gregorian ordinals (``date.toordinal``). None: no such limit.
    ``author``: the key (base64url) of whoever looks, who alone reads what they wrote in a blind
    round before it is done.
    """

    clearance: int = SEES["restricted"]
    known_on: int | None = None
    said_by: int | None = None
    on: int | None = None
    author: str | None = None

    def may_see(self, see: int) -> bool:
        """Whether this class is shown."""
        return see <= self.clearance

    def rows(self, table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a Table or its alias
        """Return the condition on a table with ``see``, ``known_from`` and ``known_to``."""
        return and_(table.c.see <= self.clearance, self.known(table))

    def known(self, table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the same
        """Return the condition on ``known_from`` and ``known_to`` alone."""
        if self.known_on is None:
            return cast("ColumnElement[bool]", table.c.known_to.is_(None))
        end = self.end_of_knowledge()
        later = or_(table.c.known_to.is_(None), table.c.known_to > end)
        return and_(table.c.known_from <= end, later)

    def read_by(self, record: Any, act: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the same
        """Return who may read a revision: its class, or that ``author`` wrote it blind."""
        seen: ColumnElement[bool] = record.c.see <= self.clearance
        if self.author is None:
            return seen
        own = and_(record.c.see == BLIND, record.c.own_see <= self.clearance)
        return or_(seen, and_(own, act.c.by_key == self.author))

    def end_of_knowledge(self) -> str:
        """Return the last instant of ``known_on`` (``YYYY-MM-DDTHH:MM:SSZ``); far off if none."""
        day = date.max if self.known_on is None else date.fromordinal(self.known_on)
        return f"{day.isoformat()}T23:59:59Z"


def view_of(
    see: str = "restricted",
    known_on: str | None = None,
    said_by: str | None = None,
    on: str | None = None,
) -> View:
    """Return the view that words ask for; days as ``YYYY-MM-DD``.

    Raises:
        UsageRefused: a word is no class or no day.

    """
    if see not in SEES:
        raise UsageRefused(f"{see!r} is none of {', '.join(CLASSES)}")
    known, said, held = (None if e is None else day_of(e) for e in (known_on, said_by, on))
    return View(SEES[see], known, said, held)


def day_of(text: str) -> int:
    """Return the ordinal of one day.

    Raises:
        UsageRefused: this is no single day.

    """
    try:
        bounds = bounds_of(text)
    except RecordRefused as refused:
        raise UsageRefused(refused.about) from None
    if bounds.s_min is None or bounds.s_min != bounds.e_max:
        raise UsageRefused(f"{text!r} is no single day; say YYYY-MM-DD")
    return bounds.s_min
