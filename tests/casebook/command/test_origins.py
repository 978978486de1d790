"""Copies of one leak are one origin."""

from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.command.origins import independent


def test_seven_papers_on_one_leak_are_one_origin() -> None:
    papers = [f"paper {n}" for n in range(7)]
    parents = {paper: {"leak"} for paper in papers}
    assert independent(papers, parents) == 1
    assert independent([*papers, "witness"], parents) == 2
    assert independent(papers, {}) == 7


def test_a_source_that_rests_on_two_joins_them() -> None:
    parents = {"review": {"one", "two"}}
    assert independent(["one", "two"], parents) == 2
    assert independent(["one", "two", "review"], parents) == 1


def test_a_circle_ends_and_counts_once() -> None:
    parents = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    assert independent(["a", "b", "c"], parents) == 1


SOURCES = st.integers(0, 12).map(str)


@given(st.dictionaries(SOURCES, st.sets(SOURCES, max_size=3), max_size=12), st.lists(SOURCES))
def test_origins_do_not_depend_on_order_and_never_exceed_sources(
    parents: dict[str, set[str]], sources: list[str]
) -> None:
    count = independent(sources, parents)
    assert count == independent(reversed(sources), parents)
    assert (count > 0) == bool(sources)
    assert count <= len(set(sources))
    joined = {**parents, **{each: {*parents.get(each, ()), "leak"} for each in sources}}
    assert independent(sources, joined) == bool(sources)
