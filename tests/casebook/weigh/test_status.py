"""A status is suggested by rule, with its reasons; how many say it counts for nothing."""

from __future__ import annotations

import pytest

from casebook.weigh.said import Sayings, keys, named
from dalil.casebook.record.sources import Derivation, Evidence


def detained() -> Sayings:
    """One announcement without evidence, repeated twice."""
    sayings = Sayings()
    sayings.ask("detained", value="detained", valid="2022-05")
    sayings.say("t1", "detained", "ngo", asserted="2022-05-30")
    sayings.say("t2", "detained", "daily", "ngo", asserted="2022-05-30")
    sayings.say("t3", "detained", "monitor", "ngo", asserted="2022-05-31")
    return sayings


def test_one_announcement_without_evidence_stays_unsupported_however_often_repeated() -> None:
    found = detained().suggestion("detained")
    assert (found.status, found.outlets, found.declared, found.origins) == ("unsupported", 3, 1, 0)
    assert keys(found) == {"no_evidence"}


def test_it_is_contested_once_something_with_evidence_stands_against_it() -> None:
    sayings = detained()
    sayings.ask("free", value="on duty")
    sayings.say("t4", "free", "paper", "colleagues", evidence_offered="former colleagues")
    sayings.evidence("t1", "contradicts", by_assertion="t4")
    found = sayings.suggestion("detained")
    assert found.status == "contested"
    assert [(each.id, each.how, each.contests) for each in found.speaks_against] == [
        (named("t4"), "contradicts", True)
    ]
    assert "contested_without_evidence" in keys(found)
    # The other side hears of it too; what offers no evidence does not contest it.
    other = sayings.suggestion("free")
    assert (other.status, other.against) == ("single_origin", (named("t1"),))
    assert "against_without_evidence" in keys(other)


def test_a_contradiction_without_evidence_is_told_and_contests_nothing() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 27)
    sayings.number("t2", "deaths", "blog", 26, evidence_offered=None)
    found = sayings.suggestion("deaths")
    assert (found.status, found.lo, found.hi) == ("single_origin", 27, 27)
    assert [(each.how, each.contests) for each in found.speaks_against] == [("count", False)]
    assert [(each.lo, each.outlets, each.origins) for each in found.answers] == [
        (26, 1, 0),
        (27, 1, 1),
    ]


def test_counts_that_cannot_be_the_same_are_contested_and_their_span_is_told() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "court", 42)
    found = sayings.suggestion("deaths")
    assert (found.status, found.lo, found.hi) == ("contested", 41, 42)


def test_at_least_41_and_41_and_about_40_agree() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41, hi=None, modality="at_least", origin="video")
    sayings.number("t2", "deaths", "court", 41)
    sayings.number("t3", "deaths", "agency", 40, about=True, origin="video")
    found = sayings.suggestion("deaths")
    assert (found.status, found.lo, found.hi, found.origins) == ("corroborated", 41, 41, 2)
    assert "about_reaches" in keys(found)


def test_288_said_by_eight_outlets_from_one_leak_has_one_origin() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t0", "deaths", "research", 288, origin="video")
    for i in range(6):
        by = f"paper{i}"
        sayings.number(f"t{i + 1}", "deaths", by, 288, evidence_offered=None, origin="research")
    sayings.say("t7", "deaths", "other", "video", lo=41, hi=288, evidence_offered="the same set")
    found = sayings.suggestion("deaths")
    assert (found.status, found.outlets, found.declared, found.origins) == (
        "single_origin",
        8,
        2,
        1,
    )
    assert "more_outlets_than_origins" in keys(found)
    assert (found.lo, found.hi) == (288, 288)


def test_a_derivation_noted_later_takes_the_corroboration_away() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "court", 41)
    assert sayings.status("deaths") == "corroborated"
    sayings.derive("court", "paper")
    assert sayings.status("deaths") == "single_origin"


@pytest.mark.parametrize("how", ["custody", "deception", "coercion"])
def test_what_was_obtained_so_lifts_nothing_and_neither_does_its_repetition(how: str) -> None:
    sayings = Sayings()
    sayings.count("deaths", "the whole district")
    sayings.number("t1", "deaths", "agency", 500, obtained_how=how, origin="detainee")
    sayings.number("t2", "deaths", "paper", 500, origin="agency", evidence_offered="cites agency")
    found = sayings.suggestion("deaths")
    assert found.status == "unsupported"
    assert {f"counted_not_{how}", "counted_not_origin_weak"} <= keys(found)
    assert (found.lo, found.hi) == (500, 500)


def test_a_machine_neither_lifts_nor_contests() -> None:
    sayings = Sayings()
    sayings.ask("there", value="there")
    sayings.say("t1", "there", "model", evidence_offered="score", machine=True)
    assert sayings.status("there") == "unsupported"
    sayings.say("t2", "there", "witness", evidence_offered="was there")
    sayings.evidence("t2", "contradicts", by_source="model", machine=True)
    found = sayings.suggestion("there")
    assert (found.status, len(found.against)) == ("single_origin", 1)


def test_a_debunked_capture_is_refuted_with_all_that_repeats_it() -> None:
    sayings = Sayings()
    sayings.ask("captured", value="captured")
    sayings.ask("not", value="not captured")
    sayings.say("t1", "captured", "post", evidence_offered="an old graphic")
    sayings.say("t2", "captured", "blog", "post", evidence_offered="cites the post")
    sayings.say("t3", "not", "checkers", evidence_offered="image search")
    sayings.evidence("t1", "explains_away", by_assertion="t3")
    found = sayings.suggestion("captured")
    assert (found.status, found.for_) == ("refuted", ())
    assert [(e.id, e.how) for e in found.speaks_against] == [(named("t3"), "explained_away")]
    sayings.say("t4", "captured", "court", evidence_offered="the register")
    assert sayings.status("captured") == "single_origin"


def test_two_that_explain_each_other_away_leave_it_contested() -> None:
    sayings = Sayings()
    sayings.ask("captured", value="captured")
    sayings.ask("not", value="not captured")
    sayings.say("t1", "captured", "post", evidence_offered="a video")
    sayings.say("t2", "not", "checkers", evidence_offered="another")
    sayings.evidence("t1", "explains_away", by_assertion="t2")
    sayings.evidence("t2", "explains_away", by_assertion="t1")
    assert [sayings.status("captured"), sayings.status("not")] == ["contested", "contested"]
    # What explains one of them away settles the other.
    sayings.evidence("t2", "explains_away", by_source="court")
    assert [sayings.status("captured"), sayings.status("not")] == ["single_origin", "refuted"]


def test_a_source_takes_back_what_it_said_before_and_not_what_it_said_after() -> None:
    sayings = Sayings()
    sayings.ask("there", value="there")
    sayings.say("t1", "there", "paper", evidence_offered="seen", asserted="2020-01-01")
    sayings.say("t2", "there", "copy", "paper", evidence_offered="cites", asserted="2020-01-02")
    sayings.say("t3", "there", "paper", modality="retracts", asserted="2020-02-01")
    found = sayings.suggestion("there")
    # The copy still says so, and what it rests on is gone.
    assert (found.status, found.for_) == ("unsupported", (named("t2"),))
    assert {"counted_not_retracted", "counted_not_origin_gone"} <= keys(found)
    sayings.say("t4", "there", "paper", evidence_offered="seen again", asserted="2020-03-01")
    assert sayings.status("there") == "single_origin"


def test_all_taken_back_is_withdrawn_and_coercion_takes_nothing_back() -> None:
    sayings = Sayings()
    sayings.ask("there", value="there")
    sayings.say("t1", "there", "witness", evidence_offered="was there")
    sayings.say("t2", "there", "witness", modality="retracts", obtained_how="coercion")
    assert sayings.status("there") == "single_origin"
    sayings.say("t3", "there", "witness", modality="retracts")
    assert sayings.status("there") == "withdrawn"


def test_six_ranks_of_one_man_contest_each_other_where_evidence_is_offered() -> None:
    sayings = Sayings()
    for i, rank in enumerate(["major", "warrant officer", "officer", "nco", "deputy", "head"]):
        sayings.ask(rank, value=rank, predicate="rank", functional=True)
        offered = None if rank in {"nco", "deputy"} else "finding"
        sayings.say(f"t{i}", rank, f"s{i}", evidence_offered=offered)
    weighed = sayings.weigh()
    assert {each.status for each in weighed.suggestions} == {"contested"}
    assert all(len(each.against) == 5 for each in weighed.suggestions)


def test_a_rival_value_of_another_time_is_no_rival() -> None:
    sayings = Sayings()
    for rank, valid in (("captain", "2010/2012"), ("major", "2013/2014")):
        sayings.ask(rank, value=rank, predicate="rank", functional=True, valid=valid)
        sayings.say(f"t{rank}", rank, f"s{rank}", evidence_offered="decree")
    assert {each.status for each in sayings.weigh().suggestions} == {"single_origin"}


def test_a_denial_with_evidence_contests_and_a_bare_one_does_not() -> None:
    sayings = Sayings()
    sayings.ask("led", value="led it")
    sayings.say("t1", "led", "residents", evidence_offered="belief")
    sayings.say("t2", "led", "he", polarity="denies")
    assert sayings.status("led") == "single_origin"
    sayings.say("t3", "led", "records", polarity="denies", evidence_offered="decree of 2014")
    found = sayings.suggestion("led")
    assert (found.status, found.against) == ("contested", tuple(sorted(map(named, ["t2", "t3"]))))


def test_who_mixes_two_scopes_is_counted_for_none() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "network", 41, mixed_scope=True)
    found = sayings.suggestion("deaths")
    assert (found.status, found.mixed) == ("single_origin", (named("t2"),))
    assert "counted_not_mixed_scope" in keys(found)


def test_what_rests_on_another_assertion_is_as_grounded_as_that_one() -> None:
    sayings = Sayings()
    for name in ("a", "b", "c"):
        sayings.ask(name, value=name)
        sayings.say(f"t{name}", name, f"s{name}")
    sayings.evidence("ta", "supports", by_assertion="tb")
    sayings.evidence("tb", "supports", by_assertion="ta")
    assert sayings.status("a") == "unsupported"
    sayings.evidence("tb", "shows", by_source="sc")
    assert [sayings.status(each) for each in "abc"] == [
        "single_origin",
        "single_origin",
        "unsupported",
    ]


def test_nothing_said_and_only_denied_are_not_assessed() -> None:
    sayings = Sayings()
    sayings.ask("a", value="a")
    assert (sayings.status("a"), keys(sayings.suggestion("a"))) == (
        "not_assessed",
        {"nothing_said"},
    )
    sayings.say("t1", "a", "he", polarity="denies", evidence_offered="his diary")
    found = sayings.suggestion("a")
    assert (found.status, keys(found)) == ("not_assessed", {"only_denied"})


def test_different_answers_to_an_open_question_are_no_rivals_unless_only_one_can_hold() -> None:
    for functional, status in ((False, "single_origin"), (True, "contested")):
        sayings = Sayings()
        sayings.ask("where", functional=functional)
        sayings.say("t1", "where", "a", text="Daaboul Street", evidence_offered="x")
        sayings.say("t2", "where", "b", text="Nisreen Street", evidence_offered="y")
        found = sayings.suggestion("where")
        assert (found.status, len(found.answers)) == (status, 2)


def test_evidence_on_what_may_not_be_seen_is_passed_over() -> None:
    sayings = Sayings()
    sayings.ask("captured", value="captured")
    sayings.say("t1", "captured", "post", evidence_offered="a video")
    for relation in ("explains_away", "supports", "contradicts"):
        sayings.evidence("unseen", relation, by_source="court")
        sayings.evidence("t1", relation, by_assertion="unseen too")
        sayings.evidence("unseen", relation, by_assertion="t1")
    assert sayings.status("captured") == "single_origin"
    assert sayings.suggestion("captured").against == ()


def test_only_the_number_that_is_retracted_or_denied_is_spoken_of() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "paper", 500, modality="retracts")
    sayings.number("t3", "deaths", "court", 500, polarity="denies")
    found = sayings.suggestion("deaths")
    assert (found.status, found.against) == ("single_origin", ())
    sayings.number("t4", "deaths", "court", 41, polarity="denies")
    assert sayings.status("deaths") == "contested"
    sayings.number("t5", "deaths", "paper", 41, modality="retracts")
    assert sayings.status("deaths") == "withdrawn"


def test_an_entity_is_denied_and_not_whoever_else_is_named() -> None:
    sayings = Sayings()
    sayings.ask("led", functional=True)
    sayings.say("t1", "led", "residents", entity="saqr", evidence_offered="belief")
    sayings.say("t2", "led", "he", entity="hassan", polarity="denies", evidence_offered="diary")
    assert sayings.status("led") == "single_origin"
    sayings.say("t3", "led", "he", entity="saqr", polarity="denies", evidence_offered="diary")
    assert sayings.status("led") == "contested"


def test_what_the_archive_has_withdrawn_is_no_longer_said() -> None:
    sayings = Sayings()
    sayings.ask("there", value="there")
    sayings.say("t1", "there", "paper", evidence_offered="seen")
    sayings.say("t2", "there", "court", evidence_offered="heard")
    sayings.add(
        Evidence, "e", assertion="t1", relation="contradicts", by_source="x", withdrawn="typo"
    )
    sayings.add(Derivation, "d", child="court", parent="paper", how="repeats", withdrawn="mistaken")
    assert sayings.status("there") == "corroborated"
    sayings.ask("gone", value="gone", withdrawn="asked twice")
    sayings.say("t3", "gone", "paper", evidence_offered="seen")
    found = sayings.suggestion("gone")
    assert (found.status, keys(found)) == ("withdrawn", {"proposition_withdrawn"})
