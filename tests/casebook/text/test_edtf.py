"""Uncertain dates keep what is uncertain about them, and nothing impossible is kept."""

import calendar
import importlib
import os
import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dalil.casebook.text.edtf import Bounds, bounds_of
from dalil.errors import RecordRefused

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MARKS = st.sampled_from(["", "?", "~", "%"])


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@st.composite
def dates(draw: st.DrawFn) -> tuple[str, int, int]:
    """Return a date of any precision with its first and last day."""
    one = draw(DAYS)
    year, month = f"{one.year:04}", f"{one.month:02}"
    last = calendar.monthrange(one.year, one.month)[1]
    whole_month = one.replace(day=1).toordinal(), one.replace(day=last).toordinal()
    whole_year = date(one.year, 1, 1).toordinal(), date(one.year, 12, 31).toordinal()
    tens, hundreds = one.year // 10 * 10, one.year // 100 * 100
    return draw(
        st.sampled_from(
            [
                (one.isoformat(), one.toordinal(), one.toordinal()),
                (f"{year}-{month}", *whole_month),
                (f"{year}-{month}-XX", *whole_month),
                (year, *whole_year),
                (f"{year}-XX", *whole_year),
                (f"{year}-XX-XX", *whole_year),
                (
                    f"{year[:3]}X",
                    date(max(tens, 1), 1, 1).toordinal(),
                    date(tens + 9, 12, 31).toordinal(),
                ),
                (
                    f"{year[:2]}XX",
                    date(max(hundreds, 1), 1, 1).toordinal(),
                    date(hundreds + 99, 12, 31).toordinal(),
                ),
            ]
        )
    )


@given(dates(), MARKS)
def test_a_date_is_bounded_by_its_first_and_last_day_and_marks_move_nothing(
    one: tuple[str, int, int], mark: str
) -> None:
    text, first, last = one
    bounds = bounds_of(text + mark)
    assert (bounds.s_min, bounds.s_max, bounds.e_min, bounds.e_max) == (first, last, first, last)
    assert (bounds.approximate, bounds.uncertain) == (
        mark in "~%" and mark != "",
        mark in ("?", "%"),
    )


@given(dates(), dates())
def test_an_interval_begins_in_its_first_and_ends_in_its_last_or_is_refused(
    one: tuple[str, int, int], other: tuple[str, int, int]
) -> None:
    text = f"{one[0]}/{other[0]}"
    if one[1] > other[2]:
        with pytest.raises(RecordRefused, match="ends before it begins"):
            bounds_of(text)
        return
    bounds = bounds_of(text)
    assert (bounds.s_min, bounds.e_max) == (one[1], other[2])
    assert (bounds.s_max, bounds.e_min) == (min(one[2], other[2]), max(other[1], one[1]))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2015/..", (day("2015-01-01"), day("2015-12-31"), None, None, "open_end")),
        ("2015/", (day("2015-01-01"), day("2015-12-31"), None, None, "unknown_end")),
        ("../2015", (None, None, day("2015-01-01"), day("2015-12-31"), "open_start")),
        ("/2015", (None, None, day("2015-01-01"), day("2015-12-31"), "unknown_start")),
    ],
)
def test_an_end_that_is_unknown_is_not_an_open_one(
    text: str, bounds: tuple[int | None, int | None, int | None, int | None, str]
) -> None:
    found = bounds_of(text)
    assert (found.s_min, found.s_max, found.e_min, found.e_max) == bounds[:4]
    flags = {name for name in Bounds.__slots__[4:] if getattr(found, name)}
    assert flags == {bounds[4]}


def test_what_has_no_bound_at_all_says_so() -> None:
    for text in ("..", "../.."):
        found = bounds_of(text)
        assert found == Bounds(None, None, None, None, open_start=True, open_end=True)


def test_a_time_of_day_is_kept_within_its_day() -> None:
    assert bounds_of("2013-04-16T10:20:30Z") == bounds_of("2013-04-16")
    assert bounds_of("2013-04-16T10:20:30+03:00") == bounds_of("2013-04-16")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2013-02-30", "2013-02 has no day 30"),
        ("2100-02-29", "has no day 29"),
        ("2013-13", "there is no month 13"),
        ("2013-00", "there is no month 00"),
        ("2013-24", "seasons are not read"),
        ("0000", "years begin at 0001"),
        ("2014/2013", "ends before it begins"),
        ("2013-04-17/2013-04-16", "ends before it begins"),
        ("/", "neither when it began nor when it ended"),
        ("1985-XX-04", "missing on the right"),
        ("198X-04", "missing on the right"),
        ("16/4/2013", "expected is YYYY-MM-DD"),
        ("2013-4-16", "expected is YYYY-MM-DD"),
        ("٢٠١٣", "in digits 0-9"),
        ("2013\u202e", r"\\u202e"),
        ("2013-04-16T25:00:00", "expected is"),
        ("2013-04-16T10:00:00/2013-04-17", "stands only with a single day"),
        ("2013/2014/2015", "expected is"),
        ("2013~~", "expected is"),
        (" 2013", "expected is"),
        ("2013\n", "expected is"),
        ("", "expected is"),
    ],
)
def test_what_cannot_be_a_date_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(RecordRefused, match=why):
        bounds_of(text)


@given(st.text(alphabet="0123456789-/.X~?%TZ:+", max_size=24))
@example("9999-12-31/..")
@example("00XX/0001")
def test_any_text_is_either_a_date_in_order_or_refused(text: str) -> None:
    try:
        bounds = bounds_of(text)
    except RecordRefused:
        return
    for low, high in (
        (bounds.s_min, bounds.s_max),
        (bounds.e_min, bounds.e_max),
        (bounds.s_min, bounds.e_min),
        (bounds.s_max, bounds.e_max),
    ):
        assert low is None or high is None or low <= high


@pytest.mark.parametrize(
    "text",
    [
        "2013-04-16",
        "2012-02",
        "2013",
        "2022-05~",
        "201X",
        "20XX",
        "2004-XX",
        "1985-04-XX",
        "1985-XX-XX",
        "2013/2014-05",
        "2018-12/2019-02-03",
        "2013-04-16T10:20:30Z",
    ],
)
def test_the_other_reader_of_edtf_sees_the_same_days(text: str) -> None:
    try:
        peer = importlib.import_module("edtf")
    except ModuleNotFoundError:
        if os.environ.get("DALIL_PEERS") == "required":
            raise
        pytest.skip("NOT CHECKED against edtf: it is not installed")
    theirs, ours = peer.parse_edtf(text), bounds_of(text)
    assert _ordinal(theirs.lower_strict()) == ours.s_min
    assert _ordinal(theirs.upper_strict()) == ours.e_max


def _ordinal(day: time.struct_time) -> int:
    return date(*day[:3]).toordinal()
