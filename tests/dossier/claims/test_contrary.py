"""What speaks against a claim, read from one page by the program and by the verifier alike."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, fields_of
from dalil.casebook.record.sources import Evidence
from dalil.dossier.claims.contrary import against_each
from dalil.kernel.canonical import Json
from dalil.verifier.verify import Claims, Report
from dossier.claims.harbour import rid

CLAIMS = ("P1", "P2", "P3")


def proposition(key: str, **more: Json) -> Proposition:
    """Return a proposition on one subject."""
    return Proposition(id=rid(key), subject=rid("rafi"), predicate="rank", **more)


def says(key: str, on: str, **more: Json) -> Assertion:
    """Return an assertion."""
    return Assertion(id=rid(key), proposition=rid(on), source=rid("S1"), **more)


def against(claim: str, *records: Record) -> set[str]:
    """Return the short keys of what speaks against a claim."""
    latest = {each.id: each for each in records}
    keys = {rid(key): key for key in (*CLAIMS, *(f"A{i}" for i in range(9)), "E1", "E2")}
    return {keys[each] for each in against_each([rid(claim)], latest)[rid(claim)]}


def read_by_the_verifier(claim: str, records: Iterable[Record]) -> set[str]:
    """Return the same as the verifier works it out."""
    nothing = SimpleNamespace()
    reading = Claims(Report("case-file", ""), nothing, nothing)  # type: ignore[arg-type]
    for each in records:
        reading.latest[each.id] = fields_of(each)
    for id_, fields in reading.latest.items():
        reading.sort(id_, fields)
    return reading.against(rid(claim), reading.latest[rid(claim)])


@pytest.mark.parametrize(
    "more", [{"polarity": "denies"}, {"modality": "retracts"}], ids=["denial", "retraction"]
)
def test_a_denial_and_a_retraction_speak_against(more: Json) -> None:
    claim = proposition("P1", value="captain")
    assert against("P1", claim, says("A1", "P1"), says("A2", "P1", **more)) == {"A2"}


def test_a_single_assertion_has_nothing_against_it() -> None:
    assert against("P1", proposition("P1"), says("A1", "P1", lo=3, hi=3)) == set()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ({"lo": 41, "hi": 41}, {"lo": 288, "hi": 288}, True),
        ({"lo": 41}, {"hi": 40}, True),
        ({"lo": 41}, {"lo": 288, "hi": 288}, False),
        ({"lo": 0, "hi": 9}, {"lo": 9}, False),
        ({"entity": "1" * 32}, {"entity": "2" * 32}, True),
        ({"entity": "1" * 32}, {"entity": "1" * 32}, False),
        ({"lo": 5, "hi": 5, "mixed_scope": True}, {"lo": 9, "hi": 9}, False),
        ({"text": "captain"}, {"text": "major"}, False),
    ],
)
def test_two_answers_speak_against_each_other_where_both_cannot_hold(
    one: Json,
    other: Json,
    both: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    said = (proposition("P1"), says("A1", "P1", **one), says("A2", "P1", **other))
    assert against("P1", *said) == ({"A1", "A2"} if both else set())


def test_two_texts_speak_against_each_other_where_only_one_can_hold() -> None:
    claim = proposition("P1", functional=True)
    said = (claim, says("A1", "P1", text="captain"), says("A2", "P1", text="major"))
    assert against("P1", *said) == {"A1", "A2"}


def test_whoever_affirms_a_rival_speaks_against() -> None:
    claims = [proposition(f"P{i}", functional=True, value=f"rank {i}") for i in (1, 2)]
    apart = proposition("P3", functional=True, value="rank 3", scope="in another year")
    said = (*claims, apart, says("A1", "P1"), says("A2", "P2"), says("A3", "P3"))
    denial = says("A4", "P2", polarity="denies")
    assert against("P1", *said, denial) == {"A2"}


def test_contrary_evidence_brings_its_assertion_along() -> None:
    evidence = Evidence(
        id=rid("E1"), assertion=rid("A1"), relation="contradicts", by_assertion=rid("A3")
    )
    said = (proposition("P1"), proposition("P2"), says("A1", "P1"), says("A3", "P2"), evidence)
    assert against("P1", *said) == {"A3", "E1"}
    assert against("P2", *said) == set()


@st.composite
def cases(draw: st.DrawFn) -> list[Record]:
    """Draw a small case of all shapes that the rules speak of."""
    single = draw(st.booleans())
    gone = st.sampled_from([None, None, "taken back"])
    value, scope = st.sampled_from(["a", "b"]), st.sampled_from(["here", "there"])
    found: list[Record] = [
        proposition(
            key, functional=single, value=draw(value), scope=draw(scope), withdrawn=draw(gone)
        )
        for key in CLAIMS
    ]
    bound = st.none() | st.integers(0, 5)
    for i in range(draw(st.integers(0, 6))):
        more: dict[str, Json] = {
            "polarity": draw(st.sampled_from(["affirms", "denies"])),
            "modality": draw(st.sampled_from(["states", "retracts"])),
            "mixed_scope": draw(st.booleans()),
            "lo": draw(bound),
            "hi": draw(bound),
            "entity": draw(st.none() | st.sampled_from(["1" * 32, "2" * 32])),
            "text": draw(st.none() | value),
            "withdrawn": draw(gone),
        }
        found.append(says(f"A{i}", draw(st.sampled_from(CLAIMS)), **more))
    relations = st.sampled_from(["supports", "undermines", "contradicts", "explains_away"])
    for key in ("E1", "E2"):
        ids = st.sampled_from([rid(f"A{i}") for i in range(6)])
        by: dict[str, Json] = draw(st.sampled_from([{"by_source": rid("S1")}, {}]))
        by = {**(by or {"by_assertion": draw(ids)}), "withdrawn": draw(gone)}
        found.append(Evidence(id=rid(key), assertion=draw(ids), relation=draw(relations), **by))
    return draw(st.permutations(found))


@settings(max_examples=80, deadline=None)
@given(cases())
def test_program_and_verifier_find_the_same_against_every_claim(said: list[Record]) -> None:
    latest = {each.id: each for each in said if each.withdrawn is None}
    ours = against_each([rid(key) for key in CLAIMS], latest)
    for key in CLAIMS:
        assert read_by_the_verifier(key, said) == set(ours.get(rid(key), ()))
