"""Time is exact, a shown stretch is never shorter than the real one, and gaps are told."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import open_bureau
from dalil.casebook.incident.act_map import act_map
from dalil.casebook.incident.clock import Clock, clock_of, shown, tick_of
from dalil.casebook.incident.stretch import Stretch, bands, gaps, stretch_of
from dalil.casebook.index.view import View
from dalil.intake.take_in import Options, take_in
from dalil.vault.vault import Vault
from footage import GOP, Clip

LENGTH = 40


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[Stretch, int, bool]]:
    """Return stretches with their severity, and whether they were observed."""
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(-3, LENGTH + 3))
        end = draw(st.integers(start + 1, LENGTH + 9))
        stretch = Stretch(Fraction(start), Fraction(end), start, end, "1/1")
        found.append((stretch, draw(st.integers(0, 5)), draw(st.booleans())))
    return found


def covers(stretch: Stretch, at: Fraction) -> bool:
    return stretch.start <= at < stretch.end


@given(stretches(), st.one_of(st.none(), st.just(Fraction(LENGTH))))
def test_bands_tell_for_every_moment_the_highest_severity_there(
    told: list[tuple[Stretch, int, bool]], length: Fraction | None
) -> None:
    marked = [(stretch, severity) for stretch, severity, _ in told]
    observed = [stretch for stretch, _, seen in told if seen]
    found = bands(marked, observed, length)
    for one, other in pairwise(found):
        assert one.end == other.start
        assert one.severity != other.severity
    if length is not None:
        assert found[0].start <= 0
        assert found[-1].end >= length
    for band in found:
        for second in range(int(band.start), int(band.end)):
            at = second + Fraction(1, 2)
            over = max([s for stretch, s in marked if covers(stretch, at)], default=0)
            seen = any(covers(stretch, at) for stretch in observed)
            assert band.severity == (over if over or seen else None)


@given(stretches())
def test_every_moment_is_observed_or_in_one_gap(told: list[tuple[Stretch, int, bool]]) -> None:
    observed = [stretch for stretch, _, seen in told if seen]
    found = gaps(observed, Fraction(LENGTH))
    for second in range(LENGTH):
        at = second + Fraction(1, 2)
        silent = [gap for gap in found if gap.start <= at < gap.end]
        assert len(silent) == (0 if any(covers(each, at) for each in observed) else 1)
    assert all(gap.start < gap.end for gap in found)


@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 25, 90_000, 48_000, 30_000]))
def test_a_shown_time_is_rounded_outwards_and_by_less_than_a_millisecond(
    ticks: int, rate: int
) -> None:
    exact = Fraction(ticks, rate)
    down, up = (_read(shown(exact, up=up)) for up in (False, True))
    assert down <= exact <= up
    assert up - down < Fraction(1, 500)
    assert (down == up) == (exact * 1000 == int(exact * 1000))


def _read(text: str) -> Fraction:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = text.removeprefix("-").split(":")
    return sign * (int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (Fraction(0), "00:00:00.000"),
        (Fraction(3_723_456, 1000), "01:02:03.456"),
        (Fraction(-1, 2), "-00:00:00.500"),
        (Fraction(400_000), "111:06:40.000"),
    ],
)
def test_a_time_is_shown_as_hours_minutes_seconds_and_milliseconds(
    seconds: Fraction, text: str
) -> None:
    assert shown(seconds) == text


@pytest.mark.parametrize("wrong", [None, "", "abc", "1", "0/25", "1/0", "1/25/2", "-1/25", "１/25"])
def test_a_time_base_that_is_none_places_nothing(wrong: str | None) -> None:
    assert tick_of(wrong) is None
    assert stretch_of(0, 1, wrong, Clock()) is None


def test_one_picture_lasts_one_tick() -> None:
    stretch = stretch_of(25, 25, "1/25", Clock())
    assert stretch is not None
    assert (stretch.start, stretch.end) == (Fraction(1), Fraction(26, 25))


def test_a_clip_whose_first_picture_has_a_later_stamp_is_counted_from_that_picture(
    tmp_path: Path,
) -> None:
    bureau = open_bureau(tmp_path)
    Vault.create(bureau.archive)
    clip = Clip("late.mkv", options=GOP, times=lambda i: i + 75, sound=None).make(tmp_path)
    with av.open(clip) as opened:
        film = opened.streams.video[0]
        pts = [p.pts for p in opened.demux(film) if p.pts is not None]
        assert film.time_base is not None
        tick = Fraction(film.time_base)
    receipt = take_in(bureau.archive, [clip], bureau.signer, (), Options(tiles=False))
    clock = clock_of(bureau.archive, receipt.items[0].item)
    assert clock.sealed
    assert clock.zero == min(pts) * tick == 3
    assert clock.length == 2
    at = stretch_of(min(pts), min(pts) + 1, f"{tick.numerator}/{tick.denominator}", clock)
    assert at is not None
    assert shown(at.start) == "00:00:00.000"
    blank = act_map(bureau.casebook, receipt.items[0].item, View())
    assert blank.worst is None
    assert blank.silence == 2


def test_an_item_that_is_not_here_has_no_end(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    assert clock_of(bureau.archive, "0" * 32) == Clock(Fraction(0), None, sealed=False)
