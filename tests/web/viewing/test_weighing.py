"""How looking is counted: ranges lose nothing, weights stay within what is said of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.incident.stretch import Band
from dalil.web.viewing.looks import MOST_RANGES, UNKNOWN_WEIGHT, WEIGHTS, merged, weight_of

ranges = st.lists(st.tuples(st.integers(-50, 300), st.integers(-50, 300)).map(sorted))
moments = st.fractions(0, 60, max_denominator=30)


@given(ranges)
def test_merging_ranges_keeps_every_picture_and_adds_none(told: list[list[int]]) -> None:
    pictures = {n for first, last in told for n in range(first, last + 1)}
    found = merged(told)
    assert {n for first, last in found for n in range(first, last + 1)} == pictures
    assert found == sorted(found)
    assert merged(found) == found
    assert all(one[1] + 1 < other[0] for one, other in pairwise(found))


def test_so_many_pieces_that_nobody_reads_them_are_told_larger_never_smaller() -> None:
    told = [[n * 10, n * 10 + 1] for n in range(MOST_RANGES + 5)]
    found = merged(told)
    assert len(found) == MOST_RANGES
    assert (found[0][0], found[-1][1]) == (told[0][0], told[-1][1])


@given(
    cuts=st.lists(moments, unique=True, max_size=8).map(sorted),
    severities=st.lists(st.none() | st.integers(0, 5), min_size=9, max_size=9),
    span=st.tuples(moments, moments).map(sorted),
)
def test_a_weight_lies_between_the_lightest_and_the_heaviest(
    cuts: list[Fraction], severities: list[int | None], span: list[Fraction]
) -> None:
    bands = [Band(a, b, s) for a, b, s in zip(cuts, cuts[1:], severities, strict=False)]
    weight = weight_of(bands, *span)
    assert min(WEIGHTS) <= weight <= max(WEIGHTS)
    whole = Band(Fraction(0), Fraction(60), 5)
    if span[0] < span[1]:
        assert weight_of([whole], *span) == WEIGHTS[5]
        assert weight_of([], *span) == UNKNOWN_WEIGHT
