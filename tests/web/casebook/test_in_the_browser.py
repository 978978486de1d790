"""The casebook in a real browser: what it looks like, by keyboard, and what axe says of it."""

from __future__ import annotations

import os

import pytest

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from web.browsing import Browse
from web.rooms import Desk

pytestmark = pytest.mark.browser
CASE = "zumurruda"
EACH_MAKE = 5


def pages_of(desk: Desk) -> dict[str, str]:
    """Return the pages to look at, by the names of their pictures."""
    book, view = desk.casebook, View(1)
    things = [known.record for known in book.find(Entity, view, case=CASE)]
    claims = [known.record for known in book.find(Proposition, view, case=CASE)]
    source = next(iter(book.find(Source, view, case=CASE))).record
    incident = next(e for e in things if isinstance(e, Entity) and e.type == "incident")
    unit = next(e for e in things if isinstance(e, Entity) and e.type == "unit")
    counted = next(p for p in claims if isinstance(p, Proposition) and p.measure)
    return {
        "casebook-case": f"casebook/case/{CASE}/",
        "casebook-claim": f"casebook/claim/{counted.id}/?said_by=2018-01-01",
        "casebook-new": f"casebook/new/assertion/?proposition={counted.id}",
        "casebook-import": "casebook/bring-in/",
        "casebook-remarks": f"casebook/case/{CASE}/worth-a-look/",
        "casebook": "casebook/",
        "casebook-source": f"casebook/source/{source.id}/",
        "casebook-unit": f"casebook/thing/{unit.id}/",
        "casebook-incident": f"casebook/thing/{incident.id}/",
        "casebook-record": f"casebook/record/{counted.id}/revisions/",
        "casebook-weigh": f"casebook/claim/{counted.id}/weigh/",
    }


def test_every_page_can_be_read_by_everybody_in_both_directions_and_themes(browse: Browse) -> None:
    pages = list(pages_of(browse.desk).items())
    # All of them where pictures are made; a page of each make otherwise.
    for name, path in pages if os.environ.get("DALIL_PICTURES") else pages[:EACH_MAKE]:
        browse.shot(path, name, "idris")
