"""What was suggested when, by what had been said."""

from __future__ import annotations

from datetime import date

from casebook.weigh.said import Sayings, named
from dalil.casebook.text.edtf import bounds_of


def stages(sayings: Sayings, proposition: str) -> list[tuple[str, str]]:
    """Return the stages as (day, status)."""
    found = sayings.weigh().since(named(proposition))
    return [(date.fromordinal(each.day).isoformat(), each.status) for each in found]


def announced() -> Sayings:
    """Return an announcement without evidence, denied months later with some."""
    sayings = Sayings()
    sayings.ask("detained", value="detained")
    sayings.ask("free", value="on duty")
    sayings.say("t1", "detained", "ngo", asserted="2022-05-30")
    sayings.say("t2", "detained", "daily", "ngo", asserted="2022-05")
    sayings.say("t3", "free", "paper", evidence_offered="colleagues", asserted="2022-10-28")
    sayings.evidence("t1", "contradicts", by_assertion="t3")
    return sayings


def test_unsupported_from_the_day_it_was_said_and_contested_from_the_day_of_the_denial() -> None:
    # The repetition of May is not counted before the announcement that it repeats.
    assert stages(announced(), "detained") == [
        ("2022-05-30", "unsupported"),
        ("2022-10-28", "contested"),
    ]


def test_what_a_later_source_takes_back_ends_a_stage() -> None:
    sayings = Sayings()
    sayings.ask("there", value="there")
    sayings.say("t1", "there", "paper", evidence_offered="seen", asserted="2020-01-01")
    sayings.say("t2", "there", "court", evidence_offered="heard", asserted="2020-02-01")
    sayings.say("t3", "there", "paper", modality="retracts", asserted="2020-03-01")
    assert stages(sayings, "there") == [
        ("2020-01-01", "single_origin"),
        ("2020-02-01", "corroborated"),
        ("2020-03-01", "single_origin"),
    ]


def test_evidence_of_a_dated_source_counts_from_its_date_and_the_undated_from_none() -> None:
    sayings = Sayings()
    sayings.source("checkers", published="2021-06-15")
    sayings.ask("captured", value="captured")
    sayings.say("t1", "captured", "post", evidence_offered="video", asserted="2021-06-01")
    sayings.say("t2", "captured", "blog", evidence_offered="video")
    sayings.evidence("t1", "explains_away", by_source="checkers")
    assert stages(sayings, "captured") == [
        ("2021-06-01", "single_origin"),
        ("2021-06-15", "refuted"),
    ]
    # As of now the undated one stands.
    assert sayings.status("captured") == "single_origin"


def test_said_by_a_day_leaves_out_what_was_said_later_and_what_nobody_dates() -> None:
    sayings = announced()
    sayings.say("t4", "detained", "blog", evidence_offered="seen")
    early = sayings.weigh(until=bounds_of("2022-06-30").s_min)
    assert early.suggestion(named("detained")).for_ == tuple(sorted(map(named, ("t1", "t2"))))
    assert early.suggestion(named("free")).status == "not_assessed"
    assert sayings.weigh().suggestion(named("detained")).outlets == 3


def test_what_held_on_a_day_leaves_out_what_held_at_another_time() -> None:
    sayings = Sayings()
    for rank, valid in (("captain", "2010/2012"), ("major", "2013/2014")):
        sayings.ask(rank, value=rank, valid=valid)
        sayings.say(f"t-{rank}", rank, "list", evidence_offered="decree", valid=valid)
    sayings.ask("born", value="born")
    found = sayings.weigh(on=bounds_of("2013-04-16").s_min)
    ids = {each.proposition for each in found.suggestions}
    assert ids == {named("major"), named("born")}
