"""Each kind of record is told in words of both languages; a kind without words fails here."""

from __future__ import annotations

import re

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.the_dead import rid, the_dead
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import fields_of, kinds
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.lines.line import line_about
from dalil.casebook.report.phrases import term
from dalil.casebook.report.record_shown import show_record
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search

KEYS = sorted(the_dead())
# Found by what they speak of: they have no words of their own, or say where something lies.
ELSEWHERE = {"name", "adoption", "position", "relation"}
# Whatever is written with a low line, or holds a brace, is a name of ours and no word.
RAW = re.compile(r"\b[a-z]+_[a-z_0-9]+\b|[{}]|\bNone\b")
LATIN = re.compile(r"[A-Za-z]{2,}")
# What stands between isolates is quoted: it keeps its own script.
QUOTED = re.compile("\u2068[^\u2069]*\u2069")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a casebook with a record of every kind that came last; only read."""
    bureau = open_bureau(tmp_path_factory.mktemp("every"))
    bureau.casebook.write(list(the_dead().values()), bureau.signer)
    return bureau


def test_every_kind_of_record_has_a_name_and_a_line_of_its_own() -> None:
    from dalil.casebook.report.lines.line import LINES  # noqa: PLC0415 - of this test alone

    told = {each.kind for each in LINES}
    assert set(kinds()) - told == set()
    assert [kind for kind in sorted(kinds()) if term(kind, "ar") == kind] == []


@pytest.mark.parametrize("key", KEYS)
def test_a_record_is_told_in_words(bureau: Bureau, key: str) -> None:
    view = view_of("sealed")
    known = bureau.casebook.get(rid(key), view)
    desk = open_desk(bureau.casebook, view)
    for lang in ("en", "ar"):
        line = line_about(desk, known.record, lang)
        own = QUOTED.sub("", line)
        assert RAW.findall(own) == [], line
        assert lang == "en" or LATIN.findall(own) == [], line
    shown = show_record(desk, known)
    assert set(shown.fields) == set(fields_of(known.record))


@pytest.mark.parametrize("key", KEYS)
def test_whoever_looks_for_a_kind_finds_it(bureau: Bureau, key: str) -> None:
    record = the_dead()[key]
    if record.kind in ELSEWHERE:
        return
    found = search(bureau.casebook, Query("", kinds=(record.kind,), limit=100), view_of("sealed"))
    assert record.id in {hit.id for hit in found.hits}
