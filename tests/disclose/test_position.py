"""Positions are read exactly."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.disclose.position import (
    FrameNumber,
    Moment,
    Position,
    Stamp,
    parse_position,
    parse_span,
    resolve,
)
from dalil.errors import CannotCutHere, UsageRefused
from dalil.media.tables import Tables
from dalil.vault.vault import Vault
from disclose.evidence_room import Room


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10", Moment(10_000_000_000)),
        ("00:10", Moment(10_000_000_000)),
        ("1:02:03.004", Moment(3_723_004_000_000)),
        ("90", Moment(90_000_000_000)),
        ("0.1", Moment(100_000_000)),
        ("0.123456789", Moment(123_456_789)),
        ("frame:0", FrameNumber(0)),
        ("pts:180180/90000", Stamp(180180, Fraction(1, 90000))),
        ("pts:-5/30000/1001", Stamp(-5, Fraction(1001, 30000))),
    ],
)
def test_a_position_is_read_as_it_is_written(text: str, meant: Position) -> None:
    assert parse_position(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "", "-1", "1:60", "1:75:00", "1.2.3", "1e3", "nan", "1,5", "0.1234567891", "frame:-1",
        "frame:", "pts:1", "pts:1/0", "١٠", " 1", "1 ", "1\n", "frame:1.5",
    ],
)  # fmt: skip
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(UsageRefused):
        parse_position(text)


def test_a_span_is_two_positions() -> None:
    assert parse_span("0:01-frame:30") == (Moment(1_000_000_000), FrameNumber(30))
    with pytest.raises(UsageRefused):
        parse_span("12")


@given(st.text(max_size=30))
def test_any_text_is_a_position_or_refused(text: str) -> None:
    with contextlib.suppress(UsageRefused):
        assert parse_position(text)


def test_a_frame_and_its_time_stamp_are_the_same_moment(room: Room) -> None:
    tables = Tables(Vault.open(room.archive).tables(room.item))
    by_frame = resolve(parse_position("frame:24"), tables)
    assert by_frame == 2_000_000_000
    # Twelve pictures a second: the first is shown at the stamp that B-pictures push it to.
    first = resolve(parse_position("frame:0"), tables)
    assert first == 0
    with pytest.raises(CannotCutHere):
        resolve(parse_position("frame:72"), tables)
