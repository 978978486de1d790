"""What is said in a case, on what ground, and against it, as pages; what may not be seen is 404."""

from __future__ import annotations

import re

import pytest

from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from web.rooms import Desk

CASE = "zumurruda"


def first(desk: Desk, kind: type[Record]) -> Record:
    """Return the first record of a kind."""
    return next(iter(desk.casebook.find(kind, View(2), case=CASE))).record


def text_of(html: bytes) -> str:
    """Return what a page says."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_record_of_a_case_has_a_page_in_both_languages(desk: Desk, lang: str) -> None:
    client = desk.client("idris", lang)
    for path in ("", f"case/{CASE}/", f"case/{CASE}/list/person/", f"case/{CASE}/list/source/"):
        assert client.get(f"/{lang}/casebook/{path}").status_code == 200
    seen = set()
    for kind in (Proposition, Source, Entity, Relation, Conduct):
        for known in desk.casebook.find(kind, View(1), case=CASE):
            record = known.record
            what = (record.kind, getattr(record, "type", ""))
            if what in seen:
                continue
            seen.add(what)
            for page in (f"record/{record.id}/", f"record/{record.id}/revisions/"):
                answer = client.get(f"/{lang}/casebook/{page}", follow=True)
                assert answer.status_code == 200, (what, page)
    assert len(seen) > 6
