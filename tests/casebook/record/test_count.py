"""Counts are ranges, and what cannot add up is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.record.claims import Assertion
from dalil.casebook.record.count import (
    Interval,
    cannot_make,
    compared,
    interval_of,
    shown,
    total,
    wrong_parts,
)
from dalil.casebook.record.form import check, fields_of, record_of
from dalil.errors import RecordRefused

ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32
counts = st.integers(0, 400)


@st.composite
def ranges(draw: st.DrawFn) -> Interval:
    lo, hi = sorted((draw(counts), draw(counts)))
    return Interval(draw(st.sampled_from([lo, None])), draw(st.sampled_from([hi, None])))


def holds(interval: Interval, number: int) -> bool:
    lo, hi = interval.lo, interval.hi
    return (lo is None or lo <= number) and (hi is None or number <= hi)


def said(lo: int | None, hi: int | None, how: str | None, *parts: tuple[str, int]) -> Assertion:
    """Return an assertion of a number with stated parts."""
    stated = tuple({"label": label, "lo": n, "hi": n} for label, n in parts)
    return Assertion(
        id=ONE, proposition=TWO, source=THREE, lo=lo, hi=hi, parts=stated, parts_how=how
    )


@given(ranges(), ranges(), counts)
def test_ranges_meet_exactly_when_a_number_is_in_both(a: Interval, b: Interval, n: int) -> None:
    both = holds(a, n) and holds(b, n)
    assert holds(a.shared(b), n) == both
    assert a.meets(b) or not both
    assert a.meets(b) == b.meets(a)
    assert holds(a.spanned(b), n) or not (holds(a, n) or holds(b, n))


@given(ranges(), ranges(), counts, counts)
def test_a_sum_and_a_remainder_hold_every_number_that_they_could_be(
    a: Interval, b: Interval, m: int, n: int
) -> None:
    if holds(a, m) and holds(b, n):
        assert holds(a.plus(b), m + n)
        assert n > m or holds(a.minus(b), m - n)


@given(st.lists(ranges(), max_size=4), st.lists(counts, min_size=4, max_size=4))
def test_parts_that_could_make_the_whole_are_never_refused(
    parts: list[Interval], numbers: list[int]
) -> None:
    chosen = numbers[: len(parts)]
    if all(holds(part, number) for part, number in zip(parts, chosen, strict=True)):
        whole = Interval(sum(chosen), sum(chosen))
        assert cannot_make(whole, parts, "complete") == ""
        assert cannot_make(whole, parts, "overlapping") == ""
        more = Interval(sum(chosen) + 1, None)
        assert cannot_make(more, parts, "incomplete") == ""


@given(counts, st.lists(counts, min_size=1, max_size=4))
def test_exact_complete_parts_make_the_whole_only_if_they_add_up(
    whole: int, parts: list[int]
) -> None:
    ranged = [Interval(part, part) for part in parts]
    fits = cannot_make(Interval(whole, whole), ranged, "complete") == ""
    assert fits == (sum(parts) == whole)


def test_seven_women_and_twelve_children_are_some_of_288_and_not_all() -> None:
    parts = (("women", 7), ("children", 12))
    assert wrong_parts(said(288, 288, "incomplete", *parts)) == ""
    wrong = wrong_parts(said(288, 288, "complete", *parts))
    assert wrong == "parts: the parts are 19 together, less than the whole of 288"
    remains = Interval(288, 288).minus(total([Interval(7, 7), Interval(12, 12)]))
    assert remains == Interval(269, 269)


def test_parts_that_are_more_than_the_whole_are_refused_when_written() -> None:
    assertion = said(41, 41, "incomplete", ("shot", 30), ("dead before", 13))
    with pytest.raises(RecordRefused, match=r"parts: the parts are 43 together, more than .* 41"):
        check(assertion)
    check(said(41, None, "incomplete", ("shot", 30), ("dead before", 13)))
    check(said(41, 41, "overlapping", ("men", 40), ("civilians", 41)))
    with pytest.raises(RecordRefused, match="a part of 42 is more than the whole of 41"):
        check(said(41, 41, "overlapping", ("men", 42)))


def test_parts_say_what_they_are_and_do_not_run_backwards() -> None:
    with pytest.raises(RecordRefused, match="parts_how: say whether"):
        check(said(41, 41, None, ("men", 41)))
    with pytest.raises(RecordRefused, match="parts_how: no parts"):
        check(said(41, 41, "complete"))
    fields = fields_of(said(41, 41, "incomplete", ("men", 3)))
    fields["parts"] = [{"label": "men", "lo": 5, "hi": 3}]
    with pytest.raises(RecordRefused, match="parts: men: from 5 to 3 runs backwards"):
        record_of(fields)
    with pytest.raises(RecordRefused, match="lo, hi: from 5 to 3 runs backwards"):
        check(said(5, 3, None))


def test_about_reaches_a_tenth_either_way_and_only_when_compared() -> None:
    about = Assertion(id=ONE, proposition=TWO, source=THREE, lo=288, hi=288, about=True)
    assert interval_of(about) == Interval(288, 288)
    assert compared(about) == Interval(259, 317)
    assert compared(about).meets(Interval(300, 300))
    assert not compared(about).meets(Interval(41, 41))


def test_at_least_leaves_the_upper_bound_open_however_it_is_written() -> None:
    least = Assertion(id=ONE, proposition=TWO, source=THREE, lo=41, hi=41, modality="at_least")
    most = Assertion(id=ONE, proposition=TWO, source=THREE, lo=41, hi=41, modality="at_most")
    assert [shown(interval_of(least)), shown(interval_of(most))] == ["41..", "..41"]
    assert interval_of(least).meets(Interval(288, 288))
    assert [shown(Interval(7, 7)), shown(Interval(7, 9)), shown(Interval())] == ["7", "7..9", ".."]
