"""Alpha is that of the textbook and of another program, and follows from the marks alone."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.describe.agreement import (
    Coded,
    agreed_share,
    alpha,
    alpha_of,
    differing,
    overlap,
    pieces_over,
)
from dalil.casebook.describe.rounds import common_tick

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): B (two observers, binary),
# C (two observers, five values), D (four observers, with missing data); nominal.
D = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
B = ("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
C = ("a a b b d c c c e d d a", "b a b b b c c c e d d d")


def units(rows: tuple[str, ...]) -> list[tuple[int, list[str | None]]]:
    told = [[None if each == "." else each for each in row.split()] for row in rows]
    return [(1, list(column)) for column in zip(*told, strict=True)]


@pytest.mark.parametrize(
    ("rows", "expected"), [(B, "0.095"), (C, "0.692"), (D, "0.743")], ids=["B", "C", "D"]
)
def test_alpha_is_that_of_the_textbook(rows: tuple[str, ...], expected: str) -> None:
    found = alpha(units(rows))
    assert found is not None
    assert f"{float(found):.3f}" == expected


@given(
    st.lists(
        st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=3, max_size=3),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 4),
)
def test_alpha_is_that_of_another_program(table: list[list[int | None]], weight: int) -> None:
    found = alpha((weight, row) for row in table)
    matrix = np.array(
        [[np.nan if e is None else e for e in row] for row in table for _ in range(weight)]
    ).T
    pairs = [row for row in table if sum(e is not None for e in row) > 1]
    said = {e for row in pairs for e in row if e is not None}
    if len(said) < 2:
        assert found is None
        return
    theirs = krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal")
    assert found is not None
    assert float(found) == pytest.approx(float(theirs), abs=1e-12)


@st.composite
def marks(draw: st.DrawFn) -> list[Coded]:
    found = []
    for number in range(draw(st.integers(0, 9))):
        start = draw(st.integers(0, 30))
        end = draw(st.integers(start + 1, 34))
        who, value = draw(st.sampled_from("AB")), draw(st.sampled_from("xy"))
        found.append(Coded(who, start, end, value, f"m{number}"))
    return found


@given(marks())
def test_pieces_tell_for_each_tick_what_each_coder_says(coded: list[Coded]) -> None:
    pieces = pieces_over(coded, "AB", 0, 34)
    assert [p.start for p in pieces][:1] == [0]
    assert pieces[-1].end == 34
    assert all(one.end == other.start for one, other in pairwise(pieces))
    ticks = []
    for at in range(34):
        here = tuple(
            frozenset(e.value for e in coded if e.coder == who and e.start <= at < e.end)
            for who in "AB"
        )
        ticks.append((1, here))
        [piece] = [p for p in pieces if p.start <= at < p.end]
        assert piece.values == here
    assert alpha_of(pieces) == alpha(ticks)
    same = sum(a == b for _, (a, b) in ticks)
    assert agreed_share(pieces) == Fraction(same, 34)
    apart = {at for piece in differing(pieces) for at in range(piece.start, piece.end)}
    assert apart == {at for at, (_, (a, b)) in enumerate(ticks) if a != b}


@given(marks())
def test_overlap_does_not_hang_on_who_is_named_first(coded: list[Coded]) -> None:
    one, other = overlap(coded, "A", "B"), overlap(coded, "B", "A")
    assert (one.marks_a, one.marks_b) == (other.marks_b, other.marks_a)
    assert one.met <= min(one.marks_a, one.marks_b)
    alone = overlap([e for e in coded if e.coder == "A"], "A", "B")
    assert (alone.met, alone.shared) == (0, None)
    copied = [Coded("B", e.start, e.end, e.value, f"{e.mark}b") for e in coded if e.coder == "A"]
    mirrored = overlap([e for e in coded if e.coder == "A"] + copied, "A", "B")
    assert mirrored.met == mirrored.marks_a
    assert mirrored.shared in (1, None)


def test_two_who_say_the_same_agree_wholly_and_nothing_said_is_not_agreement() -> None:
    both = [Coded(who, 3, 9, "x", who) for who in "AB"]
    assert alpha_of(pieces_over(both, "AB", 0, 20)) == 1
    assert alpha_of(pieces_over([], "AB", 0, 20)) is None
    assert pieces_over([], "AB", 0, 0) == []


@pytest.mark.parametrize(
    ("timebases", "tick"),
    [
        (["1/25"], Fraction(1, 25)),
        (["1/90000", "1/1000"], Fraction(1, 90000)),
        (["1001/30000", "1/1000"], Fraction(1, 30000)),
        ([], Fraction(1, 1000)),
    ],
)
def test_a_common_tick_divides_all_ticks(timebases: list[str], tick: Fraction) -> None:
    assert common_tick(timebases) == tick
