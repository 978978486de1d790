"""A hypothesis leaves with all that bears on it; a claim with what undermines what it supports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record
from dalil.casebook.record.law import Bearing, Hypothesis
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.errors import AgainstLeftOut, NoSuchThing, UsageRefused
from dossier.claims.harbour import CASE, HIDDEN, Harbour, reason, rid
from dossier.claims.test_claims_in_the_case_file import listing, opened, verified
from dossier.small_archive import everything_below

TAKEN, KNEW = "7-1-e/deprived", "28-a/knew"


def bearing(key: str, element: str, bears: str, **more: str) -> Bearing:
    """Return how a claim, or a relation, bears on an element."""
    named = {name: rid(value) for name, value in more.items() if name in ("proposition", "link")}
    see = more.get("see", "restricted")
    return Bearing(
        id=rid(key), hypothesis=rid("H"), element=element, bears=bears, case=CASE, see=see,
        reasoning=more.get("reasoning", "as it stands there"),
        proposition=named.get("proposition"), link=named.get("link"),
    )  # fmt: skip


def supposed(see: str = "restricted") -> list[Record]:
    """Return the supposition that Rafi answers for it; P1 supports it, Q and a denial undermine."""
    return [
        Entity(id=rid("event"), type="incident", date="2013-04-16", case=CASE,
               names=({"form": "The night at the mole"},)),
        Relation(id=rid("at"), relation="located_at", a=rid("event"), b=rid("place"), case=CASE),
        Hypothesis(id=rid("H"), suspect=rid("person"), incident=rid("event"), tree="rome",
                   crime="7-1-e", mode="28-a", case=CASE),
        Proposition(id=rid("Q"), subject=rid("person"), predicate="was in hospital", value="yes",
                    case=CASE, see=see),
        Assertion(id=rid("QA"), proposition=rid("Q"), source=rid("S4"), case=CASE, see=see,
                  evidence_offered="a bill"),
        Relation(id=rid("denied"), relation="knew_of", a=rid("person"), b=rid("event"), case=CASE,
                 polarity="denies", source=rid("S4")),
        bearing("B1", TAKEN, "supports", proposition="P1"),
        bearing("B2", KNEW, "undermines", proposition="Q"),
        bearing("B3", KNEW, "undermines", link="denied"),
    ]  # fmt: skip


def elements(case: Path, lang: str = "en") -> str:
    """Return the page of the hypothesis."""
    return (case / f"data/claims/elements-0001.{lang}.txt").read_text("utf-8")


def test_a_hypothesis_brings_every_claim_that_bears_on_it_for_and_against(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*supposed())
    made = harbour.build(tmp_path / "case", hypotheses=(rid("H"),))
    here = opened(made.path)
    assert {rid(key) for key in ("H", "B1", "B2", "B3", "P1", "Q", "QA", "denied")} <= set(here)
    assert rid("Q") in {each["id"] for each in listing(made.path)["propositions"]}
    text = elements(made.path)
    assert "undermines it" in text
    assert "it decides nothing" in text
    assert "لا يفصل في شيء" in elements(made.path, "ar")
    page = json.loads((made.path / "data/claims/elements-0001.json").read_bytes())
    assert page["matrix"]["hypothesis"] == rid("H")
    verified(made.path)


def test_without_it_a_claim_still_brings_what_undermines_what_it_supports(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*supposed())
    here = opened(harbour.build(tmp_path / "case").path)
    assert {rid("Q"), rid("QA"), rid("denied")} <= set(here)
    assert not {rid("H"), rid("B1"), rid("B2")} & set(here)


def test_a_claim_that_supports_nothing_brings_nothing(harbour: Harbour, tmp_path: Path) -> None:
    records = [each for each in supposed() if each.id != rid("B1")]
    harbour.write(*records)
    assert rid("Q") not in opened(harbour.build(tmp_path / "case").path)


def test_what_bears_on_a_hypothesis_is_not_left_out(harbour: Harbour, tmp_path: Path) -> None:
    harbour.write(*supposed())
    for key in ("B1", "B2", "B3", "H", "Q", "denied"):
        with pytest.raises(AgainstLeftOut, match=rid(key)):
            harbour.build(tmp_path / "case", hypotheses=(rid("H"),), without=(rid(key),))
    assert not (tmp_path / "case").exists()


def test_what_undermines_and_is_sealed_is_announced_with_a_reason(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*supposed("sealed"))
    for reasons in ({}, reason("B2"), reason("Q")):
        with pytest.raises(AgainstLeftOut, match="is sealed"):
            harbour.build(tmp_path / "case", hypotheses=(rid("H"),), reasons=reasons)
    why = reason("B2") | reason("Q")
    made = harbour.build(tmp_path / "told", hypotheses=(rid("H"),), reasons=why)
    closed = [each for each in listing(made.path)["records"] if each["shown"] == "closed"]
    assert {"bearing", "proposition"} <= {each["kind"] for each in closed}
    assert "hospital" not in elements(made.path)
    assert b"was in hospital" not in b"".join(everything_below(made.path).values())
    verified(made.path)


def test_a_sealed_claim_that_undermines_is_announced_even_where_the_hypothesis_stays(
    harbour: Harbour, tmp_path: Path
) -> None:
    harbour.write(*supposed("sealed"))
    with pytest.raises(AgainstLeftOut, match=f"{rid('Q')}.*--withheld"):
        harbour.build(tmp_path / "case")
    made = harbour.build(tmp_path / "told", reasons=reason("Q"))
    kinds = [each["kind"] for each in listing(made.path)["records"] if each["shown"] == "closed"]
    assert kinds.count("proposition") == 1
    assert b"was in hospital" not in b"".join(everything_below(made.path).values())
    assert rid("H") not in opened(made.path)
    verified(made.path)


def test_nothing_of_a_withheld_source_is_on_the_page(harbour: Harbour, tmp_path: Path) -> None:
    wanted = [*supposed(), bearing("B4", "28-a/control", "supports", link="posted"),
              bearing("B5", TAKEN, "neutral", proposition="P3",
                      reasoning=f"so says {HIDDEN['author']}")]  # fmt: skip
    harbour.write(*wanted)
    made = harbour.build(tmp_path / "case", hypotheses=(rid("H"),))
    told = b"".join(everything_below(made.path).values())
    assert [name for name, text in HIDDEN.items() if str(text).encode() in told] == []
    assert "[withheld]" in elements(made.path)
    verified(made.path)


def test_a_hypothesis_of_another_case_or_none_is_refused(harbour: Harbour, tmp_path: Path) -> None:
    harbour.write(*supposed())
    with pytest.raises(NoSuchThing):
        harbour.build(tmp_path / "case", hypotheses=(rid("nothing"),))
    other = Hypothesis(
        id=rid("H2"), suspect=rid("person"), incident=rid("event"), tree="rome", crime="7-1-e",
        mode="28-a", case="quay",
    )  # fmt: skip
    harbour.write(other)
    with pytest.raises(UsageRefused, match="not of the case"):
        harbour.build(tmp_path / "case", hypotheses=(rid("H2"),))
