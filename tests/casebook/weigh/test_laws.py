"""What must hold whatever is said, in whatever order it arrives."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook.weigh.said import Sayings, named
from dalil.casebook.record.claims import OBTAINED, STATUSES
from dalil.casebook.weigh.ground.matter import Matter, Said
from dalil.casebook.weigh.weighing import weighed

SOURCES = [f"s{i}" for i in range(5)]
ASKED = ["deaths", "wider", "major", "captain", "where"]
SAID = [f"t{i}" for i in range(9)]
sources = st.sampled_from(SOURCES)
maybe = st.none() | sources


@st.composite
def sayings(draw: st.DrawFn) -> Sayings:
    """Draw a small matter with every shape: circles, retractions, denials, machines, custody."""
    made = Sayings(withheld=frozenset(draw(st.lists(sources, max_size=2))))
    made.count("deaths", group="q")
    made.count("wider", "the district", group="q")
    for rank in ("major", "captain"):
        made.ask(rank, predicate="rank", value=rank, functional=True)
    made.ask("where", functional=draw(st.booleans()))
    for name in SAID[: draw(st.integers(1, len(SAID)))]:
        made.say(name, draw(st.sampled_from(ASKED)), draw(sources), draw(maybe), **_said(draw))
    have = [each for each in SAID if named(each) in {r.id for r in made.records}]
    for child, parent in draw(st.sets(st.tuples(sources, sources), max_size=4)):
        if child != parent:
            made.derive(child, parent, draw(st.sampled_from(["version", "repeats", "based_on"])))
    relation = st.sampled_from(["shows", "supports", "undermines", "contradicts", "explains_away"])
    one = st.sampled_from(have)
    for on, by, how in draw(st.sets(st.tuples(one, one, relation), max_size=4)):
        if on != by:
            made.evidence(on, how, by_assertion=by)
    for on, source, how in draw(st.sets(st.tuples(one, sources, relation), max_size=2)):
        made.evidence(on, how, by_source=source, machine=draw(st.booleans()))
    return made


def _said(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "polarity": draw(st.sampled_from(["affirms", "affirms", "affirms", "denies"])),
        "modality": draw(st.sampled_from(["states", "states", "at_least", "retracts"])),
        "obtained_how": draw(st.sampled_from(OBTAINED)),
        "evidence_offered": draw(st.sampled_from([None, "footage"])),
        "asserted": draw(st.sampled_from([None, "2022-05", "2022-10-28", "2023"])),
        "machine": draw(st.booleans()) and draw(st.booleans()),
        "mixed_scope": draw(st.booleans()) and draw(st.booleans()),
        "about": draw(st.booleans()),
        "text": draw(st.sampled_from([None, "Here", "there"])),
    }
    lo = draw(st.sampled_from([None, 11, 41, 288]))
    return fields | {"lo": lo, "hi": draw(st.sampled_from([lo, None]))}


quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(sayings(), st.randoms(use_true_random=False))
def test_what_is_suggested_does_not_depend_on_the_order_of_arrival(
    made: Sayings, order: random.Random
) -> None:
    said = made.said
    shuffled = Said(*(tuple(order.sample(each, len(each))) for each in _lists(said)))
    one, other = weighed(Matter.of(said)), weighed(Matter.of(shuffled))
    for name in ("suggestions", "families", "counts", "self_conflicts", "version_differences"):
        assert getattr(one, name) == getattr(other, name)
    for asked in ASKED:
        assert one.since(named(asked)) == other.since(named(asked))


@quick
@given(sayings())
def test_each_status_keeps_its_word(made: Sayings) -> None:
    found = made.weigh()
    for each in found.suggestions:
        weights = {one.id: one for one in each.weights}
        full = [one for one in each.for_ if not weights[one].why]
        assert each.status in STATUSES
        assert each.reasons
        # One outlet may repeat two origins in two sentences, so it is no bound of theirs.
        assert each.origins <= max(each.outlets, each.declared, 1)
        if each.status in {"single_origin", "corroborated"}:
            assert full
            assert not any(one.contests for one in each.speaks_against)
            assert (each.origins > 1) == (each.status == "corroborated")
        if each.status == "unsupported":
            assert each.for_
            assert not full
        if each.status == "contested":
            assert any(one.contests for one in each.speaks_against)
        if each.status in {"refuted", "withdrawn", "not_assessed"}:
            assert not each.for_


@quick
@given(sayings())
def test_what_says_nothing_for_it_never_lifts_a_status(made: Sayings) -> None:
    """One more repetition, one more machine, one more word from custody: nothing rises."""
    before = made.suggestion("deaths")
    added: list[dict[str, Any]] = [
        {"origin": "s0"}, {"machine": True}, {"obtained_how": "custody"}, {"mixed_scope": True},
    ]  # fmt: skip
    for i, more in enumerate(added):
        fields: dict[str, Any] = {"lo": 41, "hi": 41, "evidence_offered": "so it says", **more}
        if "origin" in more:
            fields["evidence_offered"] = None
        made.say(f"more{i}", "deaths", "newcomer", **fields)
    after = made.suggestion("deaths")
    assert after.origins <= max(before.origins, 1)
    assert not (after.status == "corroborated" and before.status != "corroborated")


@quick
@given(sayings())
def test_a_withheld_source_is_in_no_suggestion(made: Sayings) -> None:
    hidden = {named(each) for each in made.withheld}
    found = made.weigh()
    for each in found.suggestions:
        assert hidden.isdisjoint(root for one in each.weights for root in one.roots)
        assert hidden.isdisjoint(one for reason in each.reasons for one in reason.ids)
    assert hidden.isdisjoint(each.source for each in found.self_conflicts)
    assert hidden.isdisjoint(s for each in found.version_differences for s in each.sources)


def _lists(said: Said) -> list[tuple[Any, ...]]:
    return [getattr(said, each.name) for each in dataclasses.fields(said)]
