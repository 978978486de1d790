"""The state of an element follows from what bears on it, in whatever order that came."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.law.strength import (
    CONTESTED,
    CORROBORATED,
    EMPTY,
    NOTHING,
    REFUTED,
    SINGLE,
    STATES,
    STRENGTHS,
    UNDERMINED,
    state_of,
    strength_of,
)
from dalil.casebook.record.claims import STATUSES

BORNE = st.lists(st.sampled_from(STRENGTHS), max_size=6)


@pytest.mark.parametrize(
    ("supporting", "undermining", "state"),
    [
        ([], [], EMPTY),
        ([NOTHING], [], EMPTY),
        ([NOTHING], [NOTHING], EMPTY),
        ([], [SINGLE], UNDERMINED),
        ([NOTHING], [CORROBORATED], UNDERMINED),
        ([REFUTED], [], UNDERMINED),
        ([SINGLE], [], SINGLE),
        ([SINGLE, SINGLE, SINGLE], [], SINGLE),
        ([SINGLE, CORROBORATED], [], CORROBORATED),
        ([CORROBORATED, CONTESTED, REFUTED], [], CORROBORATED),
        ([CONTESTED], [], CONTESTED),
        ([CORROBORATED], [SINGLE], CONTESTED),
        ([CORROBORATED], [CONTESTED], CONTESTED),
        ([CORROBORATED], [NOTHING, REFUTED], CORROBORATED),
    ],
)
def test_the_state_of_an_element(supporting: list[str], undermining: list[str], state: str) -> None:
    assert state_of(supporting, undermining) == state


@given(BORNE, BORNE, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(
    supporting: list[str], undermining: list[str], random: Random
) -> None:
    state = state_of(supporting, undermining)
    again, other = [*supporting, *supporting], [*undermining, *undermining]
    random.shuffle(again)
    random.shuffle(other)
    assert state_of(again, other) == state in STATES


@given(BORNE, BORNE)
def test_what_carries_nothing_changes_nothing(
    supporting: list[str], undermining: list[str]
) -> None:
    state = state_of(supporting, undermining)
    assert state_of([*supporting, NOTHING], [*undermining, NOTHING]) == state


@given(BORNE, BORNE, st.sampled_from([SINGLE, CORROBORATED, CONTESTED]))
def test_what_undermines_is_never_outvoted(
    supporting: list[str], undermining: list[str], one: str
) -> None:
    assert state_of(supporting, [*undermining, one]) in {CONTESTED, UNDERMINED}


@given(BORNE, BORNE)
def test_an_element_is_corroborated_by_a_claim_that_is_so_itself_alone(
    supporting: list[str], undermining: list[str]
) -> None:
    if state_of(supporting, undermining) == CORROBORATED:
        assert CORROBORATED in supporting


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_carries_something_known(status: str) -> None:
    assert strength_of(status) in STRENGTHS
    carrying = {"single_origin", "corroborated", "contested", "refuted"}
    assert (strength_of(status) != NOTHING) == (status in carrying)
