"""Seven papers on one leak are one origin; what is withheld cannot make two out of one."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from casebook.weigh.said import Sayings, named
from dalil.casebook.record.claims import Assertion
from dalil.casebook.weigh.ground.answers import Voice, independent
from dalil.casebook.weigh.ground.origins import components, joined


def of(sayings: Sayings, proposition: str = "deaths") -> tuple[int, int, int]:
    """Return outlets, declared origins and independent origins."""
    found = sayings.suggestion(proposition)
    return found.outlets, found.declared, found.origins


def test_an_origin_is_followed_through_repetitions_to_the_source_of_the_first() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "research", 288, origin="video")
    sayings.number("t2", "deaths", "comment", 288, origin="research")
    sayings.number("t3", "deaths", "blog", 288, origin="comment")
    found = sayings.suggestion("deaths")
    assert of(sayings) == (3, 3, 1)
    assert {each.roots for each in found.weights} == {(named("video"),)}


def test_a_long_line_of_bare_repetitions_comes_from_nowhere() -> None:
    sayings = Sayings()
    sayings.ask("held", value="held")
    for i in range(12):
        sayings.derive(f"s{i}", f"wire{i}")
        sayings.say(f"t{i}", "held", f"s{i}", f"s{i - 1}" if i else None)
    found = sayings.suggestion("held")
    assert {each.roots for each in found.weights} == {()}
    assert (found.outlets, found.declared, found.origins) == (12, 11, 0)


def test_a_source_that_is_silent_on_the_question_is_followed_through_its_derivations() -> None:
    sayings = Sayings()
    sayings.derive("paper", "video")
    sayings.derive("paper", "research")
    sayings.count("clips")
    sayings.number("t1", "clips", "agency", 27, origin="paper")
    sayings.number("t2", "clips", "authors", 27, origin="video")
    assert of(sayings, "clips") == (2, 2, 1)
    sayings.number("t3", "clips", "court", 27, origin="hearing")
    assert of(sayings, "clips") == (3, 3, 2)


def test_sharing_one_root_of_several_joins_two_origins_into_one() -> None:
    assert components([frozenset("ab"), frozenset("bc"), frozenset("d")]) == (
        ("a", "b", "c"),
        ("d",),
    )
    assert components([]) == ()
    assert joined([("c", "b"), ("b", "a"), ("z", "y")]) == dict(zip("abcyz", "aaayy", strict=True))


@given(st.lists(st.frozensets(st.sampled_from(["a", "b", "c", ""]), max_size=3), max_size=4))
def test_origins_are_counted_alike_however_few_they_are(roots: list[frozenset[str]]) -> None:
    said = Assertion(id="1" * 32, proposition="2" * 32, source="3" * 32)
    voices = [Voice(said, "work", each, grounded=True) for each in roots]
    assert independent(voices) == len(components(roots))
    groups = components(roots)
    assert all(set(a).isdisjoint(b) for a, b in combinations(groups, 2))
    assert groups == (("",),) or ("",) not in groups


def test_copies_of_one_work_are_one_outlet_and_one_origin() -> None:
    sayings = Sayings()
    sayings.derive("mirror", "paper", "version")
    sayings.derive("repost", "mirror", "version")
    sayings.count("deaths")
    for name in ("paper", "mirror", "repost"):
        sayings.number(f"t-{name}", "deaths", name, 41)
    assert of(sayings) == (1, 1, 1)


def test_without_a_declared_origin_a_source_counts_as_what_it_leans_on() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    for name in ("first", "second"):
        sayings.derive(name, "wire", "repeats")
        sayings.number(f"t-{name}", "deaths", name, 41)
    assert of(sayings) == (2, 2, 1)
    # Who went there himself says so: his origin is his own.
    sayings.number("t3", "deaths", "third", 41, origin="third")
    sayings.derive("third", "wire", "based_on")
    assert of(sayings) == (3, 3, 2)


def test_circles_end_and_are_one_origin() -> None:
    sayings = Sayings()
    sayings.count("deaths")
    sayings.number("t1", "deaths", "a", 41, origin="b")
    sayings.number("t2", "deaths", "b", 41, origin="c")
    sayings.number("t3", "deaths", "c", 41, origin="a")
    assert of(sayings) == (3, 3, 1)
    for child, parent in (("d", "e"), ("e", "f"), ("f", "d")):
        sayings.derive(child, parent)
    sayings.number("t4", "deaths", "d", 41)
    sayings.number("t5", "deaths", "f", 41)
    assert of(sayings) == (5, 5, 2)


def test_withheld_sources_are_one_origin_at_most_and_never_named() -> None:
    for hidden, origins in (((), 3), (("w1", "w2"), 1), (("w1", "w2", "w3"), 1)):
        sayings = Sayings(withheld=frozenset(hidden))
        sayings.count("deaths")
        for name in ("w1", "w2", "w3"):
            sayings.number(f"t-{name}", "deaths", name, 41)
        found = sayings.suggestion("deaths")
        assert found.origins == origins
        assert ("withheld_sources" in {each.key for each in found.reasons}) == bool(hidden)
        roots = {root for each in found.weights for root in each.roots}
        assert roots.isdisjoint(map(named, hidden))


def test_to_hide_a_source_never_lifts_a_status() -> None:
    """Two papers lean on one informant: hidden, they do not become two origins with him."""
    for hidden in (frozenset[str](), frozenset({"informant"})):
        sayings = Sayings(withheld=hidden)
        sayings.count("deaths")
        sayings.number("t1", "deaths", "paper", 41, origin="informant")
        sayings.number("t2", "deaths", "daily", 41, origin="informant")
        assert sayings.status("deaths") == "single_origin"
