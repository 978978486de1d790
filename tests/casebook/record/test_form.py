"""A record is read strictly, field by field, and refused whole."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.record.claims import Assertion, Assessment, Proposition
from dalil.casebook.record.describing import (
    Annotation,
    Decision,
    Round,
    Speech,
    Submission,
    Term,
)
from dalil.casebook.record.form import (
    MAX_TEXT,
    Record,
    check,
    fields_of,
    id_for,
    kinds,
    new_id,
    record_of,
)
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Derivation, Evidence, Grade, Source
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.errors import RecordRefused
from dalil.kernel.canonical import Json

A, B, C = new_id(), new_id(), new_id()
STRETCH: dict[str, Any] = {"item": B, "pts_start": 0, "pts_end": 90, "timebase": "1/90000"}
ONE_OF_EACH = [
    Entity(id=A, type="place", key="place:t", names=({"form": "التضامن", "lang": "ar"},)),
    Name(id=A, entity=B, form="Tadamun", role="spelling"),
    Judgement(id=A, a=B, b=C, verdict="different", reasoning="two numbers", method="reading"),
    Source(id=A, type="journalism", key="S1", title="A title", published="2022-05~"),
    Derivation(id=A, child=B, parent=C, how="version"),
    Grade(id=A, source=B, value="C", reasoning="right before"),
    Evidence(id=A, assertion=B, relation="explains_away", by_assertion=C),
    Proposition(id=A, subject=B, predicate="count", measure="deaths", scope="one clip"),
    Assertion(
        id=A,
        proposition=B,
        source=C,
        lo=41,
        parts=({"label": "women", "lo": 7},),
        parts_how="incomplete",
    ),
    Assessment(id=A, proposition=B, status="contested", reasoning="two say so", rests_on=(C,)),
    Relation(id=A, relation="posted_to", a=B, b=C, valid="2013-04/..", is_command=True),
    Conduct(id=A, act="led away", item=B, pts_start=0, pts_end=90, timebase="1/90000"),
    Term(id=A, book="deeds", key="fall", name_ar="سقوط", since="2026-02", severity=3),
    Annotation(
        id=A,
        **STRETCH,
        lane="deeds",
        term=C,
        label="person 3",
        box={"x": 0, "y": 0, "w": 9, "h": 9},
        basis="inference",
        rests_on=(C,),
        round=C,
        annotator=B,
    ),
    Speech(id=A, **STRETCH, lang="en", words="Go.", of=C, translator="M. K.", certified=True),
    Round(id=A, item=B, book="deeds", lanes=("deeds", "sound"), annotators=(B, C)),
    Submission(id=A, round=B, annotator=C),
    Decision(
        id=A,
        round=C,
        lane="deeds",
        pts_start=-9,
        pts_end=9,
        timebase="1/25",
        between=(B, C),
        accepts=C,
        reasoning="the knees give way",
    ),
]


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda r: r.kind)
def test_what_is_written_is_read_again(record: Record) -> None:
    check(record)
    assert record_of(fields_of(record)) == record


def test_a_record_says_nothing_that_was_not_said() -> None:
    said = fields_of(Source(id=A, type="journalism"))
    assert said == {"kind": "source", "id": A, "type": "journalism"}


def test_every_kind_is_restricted_unless_somebody_says_otherwise() -> None:
    assert all(each.see == "restricted" for each in ONE_OF_EACH)
    assert set(kinds()) >= {each.kind for each in ONE_OF_EACH}


MARKED = {"kind": "annotation", "id": A, **STRETCH, "lane": "deeds", "label": "person 3"}
ROUND = {
    "kind": "round", "id": A, "item": B, "book": "b", "lanes": ["deeds"], "annotators": [B, C],
}  # fmt: skip
DECIDED = {
    "kind": "decision", "id": A, "round": C, "lane": "deeds", "pts_start": 0, "pts_end": 1,
    "timebase": "1/25", "reasoning": "x",
}  # fmt: skip
BAD: list[tuple[dict[str, Json], str]] = [
    ({"kind": "verdict", "id": A}, "no kind"),
    ({"kind": "source", "id": A}, "type: missing"),
    ({"kind": "source", "id": A, "type": "x", "guilt": "9"}, "'guilt': .* no such field"),
    ({"kind": "source", "id": "1", "type": "x"}, "id: "),
    ({"kind": "source", "id": A, "type": ""}, "type: a text"),
    ({"kind": "source", "id": A, "type": "x", "title": "t" * (MAX_TEXT + 1)}, "title: 65537"),
    ({"kind": "source", "id": A, "type": "x", "title": "a\x00b"}, r"title: .*U\+0000"),
    ({"kind": "source", "id": A, "type": "x", "published": "2022-13-01"}, "published: "),
    ({"kind": "source", "id": A, "type": "x", "published": "2025/2024"}, "published: "),
    ({"kind": "source", "id": A, "type": "x", "see": "public"}, "see: 'public'"),
    ({"kind": "source", "id": A, "type": "x", "revises": -1}, "revises: "),
    ({"kind": "source", "id": A, "type": "x", "revises": True}, "revises: "),
    ({"kind": "derivation", "id": A, "child": B, "parent": B, "how": "repeats"}, "itself"),
    ({"kind": "entity", "id": A, "type": "place", "lat_e6": 1}, "both"),
    ({"kind": "entity", "id": A, "type": "place", "names": [{"from": "x"}]}, "names: "),
    ({"kind": "evidence", "id": A, "assertion": B, "relation": "shows"}, "exactly one"),
    ({"kind": "proposition", "id": A, "subject": B, "predicate": "n", "measure": "dead"}, "scope"),
    ({"kind": "assertion", "id": A, "proposition": B, "source": C, "lo": 9, "hi": 2}, "backwards"),
    ({"kind": "assertion", "id": A, "proposition": B, "source": C, "lo": 4.5}, "lo: "),
    ({"kind": "judgement", "id": A, "a": B, "b": C, "verdict": "same", "machine": True}, "per"),
    ({"kind": "judgement", "id": A, "a": B, "b": C, "verdict": "same"}, "reason"),
    ({"kind": "relation", "id": A, "relation": "identified_in", "a": B}, "method"),
    ({"kind": "relation", "id": A, "relation": "posted_to", "a": B}, "between two"),
    ({"kind": "conduct", "id": A, "act": "x", "basis": "inference"}, "rests_on"),
    ({"kind": "term", "id": A, "book": "deeds", "key": "x"}, "has a name"),
    ({"kind": "term", "id": A, "book": "My Book", "key": "x", "name_en": "X"}, "book: "),
    ({"kind": "term", "id": A, "book": "b", "key": "x", "name_en": "X", "broader": A}, "itself"),
    ({"kind": "annotation", "id": A, **STRETCH, "lane": "deeds"}, "says something"),
    ({**MARKED, "basis": "inference"}, "rests_on: an inference"),
    ({**MARKED, "round": C}, "whose it is"),
    ({**MARKED, "pts_end": -1}, "backwards"),
    ({**MARKED, "severity": 6}, "severity: "),
    ({"kind": "speech", "id": A, **STRETCH, "lang": "en", "words": "x", "of": A}, "of itself"),
    ({**ROUND, "annotators": [B, B]}, "at least two persons"),
    ({**ROUND, "lanes": []}, "at least one"),
    ({**DECIDED, "accepts": C}, "one of those"),
    ({**DECIDED, "between": [C], "accepts": C, "term": B}, "or another term"),
    (
        {
            "kind": "conduct", "id": A, "act": "x", "item": B,
            "pts_start": 9, "pts_end": 1, "timebase": "1/25",
        },
        "backwards",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "said"), BAD)
def test_what_cannot_be_is_refused_by_name_of_its_field(fields: dict[str, Json], said: str) -> None:
    with pytest.raises(RecordRefused, match=said):
        record_of(fields)


FIELDS = st.sampled_from(["kind", "id", "type", "see", "lo", "names", "source"])
ANYTHING = st.one_of(st.none(), st.text(), st.integers(), st.lists(st.integers()))


@given(st.dictionaries(FIELDS, ANYTHING))
def test_anything_at_all_is_read_or_refused(fields: dict[str, Json]) -> None:
    try:
        record_of(fields)
    except RecordRefused:
        return
    assert fields["kind"] in kinds()


def test_an_import_gives_the_same_thing_the_same_id_and_another_another() -> None:
    assert id_for("archive", "case", "source", "S1") == id_for("archive", "case", "source", "S1")
    assert id_for("a", "bc") != id_for("ab", "c")


def test_a_record_is_read_of_whatever_kind_though_nobody_named_its_module() -> None:
    text = (
        "from dalil.casebook.record.things import Entity\n"
        "from dalil.casebook.record.form import trusted_record_of\n"
        "print(trusted_record_of({'kind': 'law_tree', 'id': '0' * 32, 'key': 'rome', "
        "'pieces': ['x']}).key)"
    )
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    assert ran.stdout == "rome\n", ran.stderr
