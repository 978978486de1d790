"""Weighing an archive: by view, by case, with what persons set beside what the rule suggests."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.weigh.said import Sayings, named
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.claims import Assessment, CountGroup, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.casebook.weigh.weighing import Weighed, weigh
from dalil.errors import NoSuchThing
from dalil.ledger import people
from dalil.ledger.keyring import ScryptCost

OPEN, SEALED = view_of("open"), view_of("sealed")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def recorded(bureau: Bureau, sayings: Sayings, **changed: dict[str, Any]) -> None:
    """Write sayings down; ``changed`` gives other fields to records by name."""
    kinds = {"quay": "place"}
    entities: list[Record] = [Entity(id=named(k), type=v) for k, v in kinds.items()]
    changes = {named(name.replace("_", "-")): fields for name, fields in changed.items()}
    records = [dataclasses.replace(each, **changes.get(each.id, {})) for each in sayings.records]
    bureau.casebook.write([*entities, *records], bureau.signer)


def deaths() -> Sayings:
    """Return one count, affirmed by two and denied by a third."""
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "court", 41)
    sayings.number("t3", "deaths", "insider", 288)
    return sayings


def status(weighed: Weighed, proposition: str = "deaths") -> str:
    """Return the suggested status of a proposition."""
    return weighed.suggestion(named(proposition)).status


def test_what_somebody_may_not_see_weighs_nothing_for_him(bureau: Bureau) -> None:
    recorded(bureau, deaths(), t3={"see": "sealed"})
    assert status(weigh(bureau.casebook, View())) == "corroborated"
    assert status(weigh(bureau.casebook, SEALED)) == "contested"
    assert named("t3") not in repr(weigh(bureau.casebook, View()))
    with pytest.raises(NoSuchThing):
        weigh(bureau.casebook, OPEN).suggestion(named("deaths"))


def test_a_sealed_source_is_heard_and_not_named(bureau: Bureau) -> None:
    recorded(bureau, deaths(), insider={"see": "sealed"}, t3={"note": "kept"})
    seen = weigh(bureau.casebook, View())
    assert status(seen) == "contested"
    found = seen.suggestion(named("deaths"))
    assert {each.id: each.roots for each in found.weights}[named("t3")] == ("",)
    assert named("insider") not in repr(found)
    assert named("insider") not in seen.matter.sources
    known = weigh(bureau.casebook, SEALED).suggestion(named("deaths"))
    assert {each.id: each.roots for each in known.weights}[named("t3")] == (named("insider"),)


def test_what_persons_set_stands_beside_the_suggestion_and_dissent_is_kept(
    bureau: Bureau,
) -> None:
    recorded(bureau, deaths())
    omar, _ = people.add(
        bureau.casebook.ledger, bureau.signer, "Omar", "investigator", b"x", ScryptCost(n=2)
    )
    made = []
    for signer, word in (
        (bureau.signer, "unsupported"), (omar, "contested"), (bureau.signer, "corroborated"),
    ):  # fmt: skip
        made.append(
            Assessment(id=new_id(), proposition=named("deaths"), status=word, reasoning="read it")
        )
        bureau.casebook.write([made[-1]], signer)
    weighed = weigh(bureau.casebook, View(), propositions=[named("deaths")])
    found = weighed.set_for(named("deaths"))
    assert [each.assessment.status for each in found] == ["corroborated", "contested"]
    assert len({each.by_key for each in found}) == 2
    assert status(weighed) == "contested"
    taken_back = dataclasses.replace(made[1], revises=1, withdrawn="mistaken")
    bureau.casebook.write([taken_back], omar)
    left = weigh(bureau.casebook, View()).set_for(named("deaths"))
    assert [each.assessment.status for each in left] == ["corroborated"]


def test_a_revision_and_a_withdrawal_change_what_is_suggested(bureau: Bureau) -> None:
    sayings = deaths()
    recorded(bureau, sayings)
    third = next(each for each in sayings.records if each.id == named("t3"))
    bureau.casebook.write(
        [dataclasses.replace(third, revises=1, withdrawn="typed wrongly")], bureau.signer
    )
    weighed = weigh(bureau.casebook, View())
    assert status(weighed) == "corroborated"
    weights = {each.id: each.why for each in weighed.suggestion(named("deaths")).weights}
    assert weights[named("t3")] == "withdrawn"


def test_a_case_is_read_with_all_that_evidence_leads_to_and_nothing_else(bureau: Bureau) -> None:
    sayings = deaths()
    sayings.case = "other"
    sayings.ask("elsewhere", value="elsewhere")
    sayings.say("t4", "elsewhere", "court", evidence_offered="the register")
    sayings.ask("apart", value="apart")
    sayings.say("t5", "apart", "court", evidence_offered="the register")
    sayings.case = "quay"
    sayings.evidence("t1", "explains_away", by_assertion="t4")
    sayings.evidence("t2", "explains_away", by_assertion="t4")
    sayings.evidence("t3", "explains_away", by_assertion="t4")
    recorded(bureau, sayings)
    weighed = weigh(bureau.casebook, View(), case="quay")
    assert [each.proposition for each in weighed.suggestions] == [named("deaths")]
    assert status(weighed) == "refuted"
    assert named("t4") in weighed.matter.assertions
    assert named("t5") not in weighed.matter.assertions


def test_what_another_case_says_on_a_proposition_is_weighed_with_it(bureau: Bureau) -> None:
    sayings = deaths()
    sayings.case = None
    sayings.number("t4", "deaths", "wire", 7)
    sayings.case = "other"
    sayings.evidence("t3", "explains_away", by_source="court")
    recorded(bureau, sayings)
    found = weigh(bureau.casebook, View(), case="quay").suggestion(named("deaths"))
    assert named("t4") in found.for_
    assert named("t3") not in found.for_
    assert weigh(bureau.casebook, View(), case="other").suggestions == ()


def test_named_propositions_are_weighed_among_the_rivals_of_their_case(bureau: Bureau) -> None:
    sayings = Sayings()
    for rank in ("major", "captain"):
        sayings.ask(rank, value=rank, predicate="rank", functional=True)
        sayings.say(f"t-{rank}", rank, f"s-{rank}", evidence_offered="decree")
    recorded(bureau, sayings)
    weighed = weigh(bureau.casebook, View(), propositions=[named("major")])
    assert [each.status for each in weighed.suggestions] == ["contested"]
    with pytest.raises(NoSuchThing):
        weigh(bureau.casebook, View(), propositions=[named("nobody")])


def test_counts_of_a_place_and_of_what_lies_in_it_are_one_family(bureau: Bureau) -> None:
    sayings = Sayings()
    sayings.count("clip", "the clip", subject="night")
    sayings.number("t1", "clip", "paper", 41)
    sayings.count("wide", "the district", subject="district")
    sayings.number("t2", "wide", "paper", 500)
    places: list[Record] = [
        Entity(id=named("night"), type="incident"), Entity(id=named("district"), type="place"),
    ]  # fmt: skip
    bureau.casebook.write([*places, *sayings.records], bureau.signer)
    assert weigh(bureau.casebook, View()).families == ()
    lies = Relation(id=new_id(), relation="located_at", a=named("night"), b=named("district"))
    bureau.casebook.write([lies], bureau.signer)
    (family,) = weigh(bureau.casebook, View()).families
    assert set(family.propositions) == {named("clip"), named("wide")}


def test_count_groups_are_checked_against_the_archive(bureau: Bureau) -> None:
    sayings = Sayings()
    for name, n in (("all", 288), ("women", 7)):
        sayings.count(name, name)
        sayings.number(f"t-{name}", name, "paper", n)
    parts = ({"proposition": named("women"), "label": "women"},)
    sayings.add(CountGroup, "group", whole="all", parts=parts, how="derived")
    recorded(bureau, sayings)
    for case in (None, "quay"):
        (found,) = weigh(bureau.casebook, View(), case=case).counts
        assert found.remains is not None
        assert (found.remains.lo, found.remains.hi) == (281, 281)


def test_an_empty_archive_weighs_nothing(bureau: Bureau) -> None:
    assert weigh(bureau.casebook, View()).suggestions == ()
    assert weigh(bureau.casebook, View(), case="quay").suggestions == ()
    asked = Proposition(id=new_id(), subject=named("quay"), predicate="x")
    silent = Source(id=new_id(), type="journalism")
    bureau.casebook.write([Entity(id=named("quay"), type="place"), asked, silent], bureau.signer)
    (only,) = weigh(bureau.casebook, View()).suggestions
    assert only.status == "not_assessed"
