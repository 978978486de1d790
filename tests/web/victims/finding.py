"""Two invented lists at a desk, and what linking found of them."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from casebook.victims.listing import BROTHER, SALIM, SALIM_TOO, everybody
from dalil.casebook.victims.candidates import keep
from dalil.match.persons.row import About, Candidate, Reason

if TYPE_CHECKING:
    from django.test import Client

    from dalil.casebook.record.form import Record
    from web.rooms import Desk

REASONS = "the same father and the same day, in two papers"


def pair(a: Record, b: Record) -> tuple[str, str]:
    """Return two records' ids in order."""
    return (a.id, b.id) if a.id <= b.id else (b.id, a.id)


def candidate(a: Record, b: Record, bits: float, *levels: tuple[About, str, float]) -> Candidate:
    """Return a candidate as linking leaves it."""
    first, second = pair(a, b)
    reasons = tuple(Reason(*each) for each in levels)
    return Candidate(first, second, bits, reasons, bits > 0, 1, 1)


ONE = candidate(SALIM, SALIM_TOO, 12.0, (About.NAME, "alike", 10.0), (About.SEX, "same", 2.0))
SIBLING = candidate(SALIM, BROTHER, -5.0, (About.NAME, "lineage", -5.0))


def linked(desk: Desk, *found: Candidate, see: str = "restricted") -> None:
    """Write two lists down, and leave candidates as linking does."""
    desk.casebook.write(everybody(), desk.signer("idris"))
    keep(desk.archive, see, sorted(found, key=lambda each: (each.a, each.b)), lambda: 4)


def at(a: Record, b: Record) -> str:
    """Return the address of a pair."""
    return "/en/victims/pair/{}/{}/".format(*pair(a, b))


def typed(client: Client, address: str, **more: str) -> dict[str, str]:
    """Return the form of a pair's page as it is sent: what is known of it, and what is typed."""
    page = client.get(address).content.decode()
    known = re.search(r'name="known" value="([0-9a-f]+)"', page)
    assert known, page
    said = {"verdict": "same", "reasons": REASONS, "known": known[1], "once": secrets.token_hex(8)}
    return {**said, **more}
