"""How something dated stands on one day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.command.standing import STANDINGS, Span, distance_from, standing_on
from dalil.casebook.text.edtf import bounds_of


def span(valid: str, *, start: bool = False, end: bool = False) -> Span:
    bounds = bounds_of(valid)
    days = (bounds.s_min, bounds.s_max, bounds.e_min, bounds.e_max)
    return Span(*days, start_known=start, end_known=end, goes_on=bounds.open_end)


def stands(valid: str, day: str, **known: bool) -> tuple[str, int, str] | None:
    found = standing_on(span(valid, **known), date.fromisoformat(day).toordinal())
    return (found.word, found.gap, found.side) if found else None


@pytest.mark.parametrize(
    ("valid", "day", "expected"),
    [
        ("2016-11-09", "2016-11-09", ("attested", 0, "")),
        ("2016-03-01/2016-12-24", "2016-03-01", ("attested", 0, "")),
        ("2016-03-01/2016-12-24", "2016-11-09", ("between", 0, "")),
        ("2016-11", "2016-11-09", ("edge", 0, "")),
        ("2016-11/2017", "2016-11-09", ("edge", 0, "")),
        ("2016-11/2017", "2016-12-01", ("between", 0, "")),
        ("2014/2016-08", "2016-09-10", ("inferred", 10, "after")),
        ("2017-01-01/2018", "2016-12-24", ("inferred", 8, "before")),
        ("2016-11-01/", "2016-11-09", ("inferred", 8, "after")),
        ("/2016-11-19", "2016-11-09", ("inferred", 10, "before")),
        ("/2016-11", "2016-11-09", ("edge", 0, "")),
        ("2014-02-01/..", "2016-11-09", ("inferred", 0, "goes_on")),
        ("..", "2016-11-09", ("undated", 0, "")),
    ],
)
def test_a_day_is_attested_between_citations_inferred_or_undated(
    valid: str, day: str, expected: tuple[str, int, str]
) -> None:
    assert stands(valid, day) == expected


def test_a_stated_end_is_an_end_and_a_last_sighting_is_none() -> None:
    assert stands("2014/2016-08", "2016-11-09", end=True) is None
    assert stands("2014/2016-08", "2016-11-09") == ("inferred", 70, "after")
    assert stands("2017/2018", "2016-11-09", start=True) is None
    assert stands("2014/2018", "2016-11-09", start=True, end=True) == ("within", 0, "")


def test_what_held_sometime_in_a_year_is_not_between_citations() -> None:
    whole = span("2016-01-01/2016-12-31")
    day = date(2016, 11, 9).toordinal()
    assert [standing_on(each, day) for each in (whole, replace(whole, sometime=True))] != [None] * 2
    found = standing_on(replace(whole, sometime=True), day)
    assert found is not None
    assert found.word == "edge"


def test_what_goes_on_holds_as_far_as_it_was_said() -> None:
    said = replace(span("2014-02-01/.."), said_on=date(2016, 10, 30).toordinal())
    before, after = date(2016, 10, 1).toordinal(), date(2016, 11, 9).toordinal()
    held, guessed = standing_on(said, before), standing_on(said, after)
    assert held is not None
    assert guessed is not None
    assert (held.word, guessed.word, guessed.gap) == ("between", "inferred", 10)


DAYS = st.integers(700_000, 740_000)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    days = sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))
    absent = draw(st.sampled_from(["", "start", "end"]))
    start = (None, None) if absent == "start" else (days[0], days[1])
    end = (None, None) if absent == "end" else (days[2], days[3])
    known = {
        "start_known": draw(st.booleans()) and absent != "start",
        "end_known": draw(st.booleans()) and absent != "end",
    }
    return Span(*start, *end, **known)


@given(spans(), DAYS)
def test_a_gap_is_told_only_of_what_is_inferred_and_is_the_distance(dated: Span, day: int) -> None:
    found = standing_on(dated, day)
    days, side = distance_from(dated, day)
    if found is None:
        assert days > 0
        assert dated.end_known if side == "after" else dated.start_known
    elif found.word == "inferred":
        assert (found.gap, found.side) == (days, side)
        assert found.gap > 0
    else:
        assert found.gap == days == 0


@given(spans(), DAYS)
def test_a_known_end_never_makes_a_day_weaker_within_and_never_holds_beyond(
    dated: Span, day: int
) -> None:
    loose = standing_on(replace(dated, start_known=False, end_known=False), day)
    strict = standing_on(dated, day)
    assert loose is not None
    assert strict is None or STANDINGS.index(strict.word) <= STANDINGS.index(loose.word)
