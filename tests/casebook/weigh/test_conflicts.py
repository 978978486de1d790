"""Sources that contradict themselves, copies that differ, counts of different things."""

from __future__ import annotations

import pytest

from casebook.weigh.said import Sayings, keys, named
from dalil.casebook.record.claims import Assertion, CountGroup
from dalil.casebook.record.count import Interval
from dalil.casebook.weigh.counts import parts_of


def deaths() -> Sayings:
    """Return 41 in a clip, 11+13 in a clip, 288 in all clips, 500 in the district."""
    sayings = Sayings()
    for name, scope, n in (
        ("q41", "the clip", 41),
        ("q24", "the clip: shot in it, and dead before", 24),
        ("q288", "all clips", 288),
        ("q500", "the district", 500),
    ):
        sayings.count(name, scope)
        sayings.number(f"t-{name}", name, f"s-{name}", n)
    return sayings


def test_counts_of_different_things_diverge_and_keep_their_own_status() -> None:
    weighed = deaths().weigh()
    (family,) = weighed.families
    assert set(family.propositions) == {named(q) for q in ("q41", "q24", "q288", "q500")}
    for each in weighed.suggestions:
        assert each.status == "single_origin"
        assert each.divergent == family.propositions
        assert "divergent_scope" in keys(each)
        assert each.against == ()


def test_a_contradiction_between_counts_of_different_things_contests_neither() -> None:
    sayings = deaths()
    sayings.evidence("t-q41", "contradicts", by_assertion="t-q288")
    for name in ("q41", "q288"):
        found = sayings.suggestion(name)
        assert found.status == "single_origin"
        assert [each.how for each in found.speaks_against] == ["other_scope"]


def test_counts_of_one_measure_on_unrelated_subjects_are_no_family() -> None:
    sayings = Sayings()
    for name, n in (("here", 41), ("there", 288)):
        sayings.count(name, name, subject=name)
        sayings.number(f"t-{name}", name, "paper", n)
    assert sayings.weigh().families == ()
    for name in ("here", "there"):
        sayings.count(f"{name}2", f"{name} too", subject=name, group="one question")
        sayings.number(f"t-{name}2", f"{name}2", "paper", 7)
    assert len(sayings.weigh().families) == 1


def test_a_source_that_gives_two_answers_is_reported_and_two_sources_are_not() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "paper", 41)
    sayings.number("t2", "deaths", "paper", 42)
    sayings.number("t3", "deaths", "court", 288)
    sayings.number("t4", "deaths", "paper", 42)
    sayings.number("t5", "deaths", "court", 288)
    (found,) = sayings.weigh().self_conflicts
    assert (found.source, found.assertions) == (
        named("paper"),
        tuple(sorted((named("t1"), named("t2"), named("t4")))),
    )


def test_what_a_withheld_source_says_twice_is_not_put_together() -> None:
    sayings = Sayings(withheld=frozenset({"informant", "copy"}))
    sayings.count("deaths")
    sayings.derive("copy", "paper", "version")
    for i, by in enumerate(("informant", "informant", "paper", "copy")):
        sayings.number(f"t{i}", "deaths", by, 41 + i)
    weighed = sayings.weigh()
    assert weighed.self_conflicts == ()
    assert weighed.version_differences == ()


def test_affirming_and_denying_and_rival_ranks_and_a_noted_contradiction_are_self_conflicts() -> (
    None
):
    sayings = Sayings()
    sayings.ask("led", value="led")
    sayings.say("t1", "led", "a")
    sayings.say("t2", "led", "a", polarity="denies")
    for rank in ("major", "captain"):
        sayings.ask(rank, value=rank, predicate="rank", functional=True)
        sayings.say(f"t-{rank}", rank, "b")
    for name in ("p2", "p3"):
        sayings.ask(name, value=name, predicate="found by")
        sayings.say(f"t-{name}", name, "c")
    assert {each.source for each in sayings.weigh().self_conflicts} == {named("a"), named("b")}
    sayings.evidence("t-p2", "contradicts", by_assertion="t-p3")
    assert named("c") in {each.source for each in sayings.weigh().self_conflicts}


def test_copies_of_one_article_with_different_words_are_versions_of_one_source() -> None:
    sayings = Sayings()
    sayings.derive("repost", "paper", "version")
    sayings.ask("found", predicate="found by")
    sayings.say("t1", "found", "paper", text="a recruit")
    sayings.say("t2", "found", "repost", text="A  recruit")
    assert sayings.weigh().version_differences == ()
    sayings.say("t3", "found", "repost", text="a recruit asked to repair it")
    (found,) = sayings.weigh().version_differences
    assert found.sources == tuple(sorted((named("paper"), named("repost"))))
    # One work that says two things is no source that contradicts another.
    assert sayings.suggestion("found").outlets == 1


@pytest.mark.parametrize(
    ("how", "parts", "wrong", "remains"),
    [
        ("incomplete", (7, 12), "", Interval(269, 269)),
        ("derived", (7, 12), "", Interval(269, 269)),
        ("derived", (280, 12), "more than the whole", None),
        ("complete", (7, 281), "", None),
        ("complete", (7, 12), "less than the whole", None),
        ("incomplete", (280, 12), "more than the whole", None),
        ("overlapping", (280, 280), "", None),
        ("overlapping", (289,), "more than the whole", None),
    ],
)
def test_a_count_group_is_checked_against_what_is_said_of_its_members(
    how: str, parts: tuple[int, ...], wrong: str, remains: Interval | None
) -> None:
    sayings = Sayings()
    sayings.count("all", "all")
    sayings.number("t", "all", "paper", 288)
    for i, n in enumerate(parts):
        sayings.count(f"part{i}", f"part {i}")
        sayings.number(f"t{i}", f"part{i}", "paper", n)
    members = tuple({"proposition": named(f"part{i}")} for i in range(len(parts)))
    sayings.add(CountGroup, "group", whole="all", parts=members, how=how)
    (found,) = sayings.weigh().counts
    assert (wrong in found.wrong, bool(found.wrong)) == (True, bool(wrong))
    assert found.remains == remains
    assert (found.summed is None) == (how == "overlapping")


def test_stated_parts_leave_a_rest_that_nobody_states() -> None:
    stated = ({"label": "women", "lo": 7, "hi": 7}, {"label": "children", "lo": 12, "hi": 12})
    whole = Assertion(
        id="1" * 32, proposition="2" * 32, source="3" * 32, lo=288, hi=288, parts=stated,
        parts_how="incomplete",
    )  # fmt: skip
    found = parts_of(whole)
    assert found is not None
    assert found.remains == Interval(269, 269)
    assert parts_of(Assertion(id="1" * 32, proposition="2" * 32, source="3" * 32)) is None
