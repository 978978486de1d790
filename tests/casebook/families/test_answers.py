"""Which answer of a family counts: of whom, from which day on, on which footage."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.families.told import Told, answer_on_release
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Notification

ITEM, COPY, OTHER = "1" * 32, "2" * 32, "3" * 32
RECORDED = "2026-06-01T12:00:00Z"


def said(
    answer: str,
    on: str,
    to: str | None = "F-1",
    recorded: str = RECORDED,
    **more: Any,  # noqa: ANN401 - fields
) -> Told:
    fields: dict[str, Any] = {"what": "release" if to else "family_sought"} | more
    record = Notification(
        id=new_id(), victim="4" * 32, by="Salma", on=on, to=to, answer=answer, **fields
    )
    return Told(record, None, recorded)


def answer(*told: Told, copies: tuple[str, ...] = ()) -> str | None:
    return answer_on_release(told, {ITEM}, copies)


def test_an_agreement_of_a_day_not_said_is_not_later_than_a_refusal() -> None:
    no = said("declines", "2026-05-20")
    assert answer(no, said("agrees", "2026")) == "declines"
    assert answer(no, said("agrees", "2026-05")) == "declines"
    assert answer(no, said("agrees", "2026-05-21")) == "agrees"
    assert answer(no, said("agrees", "2026-05-01", answered_on="2026")) == "declines"


@pytest.mark.parametrize("on", ["2026-07-01", "2027", "2027-01"])
def test_a_day_to_come_has_no_agreement_yet(on: str) -> None:
    assert answer(said("agrees", on)) is None
    assert answer(said("no_answer", "2026-05-01"), said("agrees", on)) == "no_answer"
    assert answer(said("not_found", on, None)) is None
    assert answer(said("agrees", "2026-05-01"), said("declines", on)) == "declines"


def test_a_refusal_of_a_year_is_not_later_than_the_day_on_which_it_was_recorded() -> None:
    no = said("declines", "2026", recorded="2026-02-01T09:00:00Z")
    assert answer(no, said("agrees", "2026-05-01")) == "agrees"


def test_nobody_agrees_in_place_of_whoever_refused() -> None:
    mother = said("declines", "2026-03-01", "F-2")
    assert answer(mother, said("agrees", "2026-04-01", "F-1")) == "declines"
    assert answer(mother, said("not_found", "2026-04-01", None)) == "declines"
    asked_again = said("no_answer", "2026-04-01", "F-2")
    assert answer(mother, asked_again, said("agrees", "2026-05-01", "F-1")) == "declines"
    assert answer(mother, said("agrees", "2026-05-01", "F-2")) == "agrees"


def test_a_refusal_counts_whatever_else_was_spoken_of() -> None:
    yes = said("agrees", "2026-03-01")
    assert answer(yes, said("asks_to_hold", "2026-04-01", what="footage_shows")) == "asks_to_hold"
    assert answer(said("agrees", "2026-04-01", what="footage_shows")) is None


def test_a_refusal_on_a_copy_is_one_on_the_footage_and_an_agreement_is_not() -> None:
    assert answer(said("agrees", "2026-03-01", item=COPY), copies=(ITEM, COPY)) is None
    yes, no = said("agrees", "2026-03-01"), said("declines", "2026-04-01", item=COPY)
    assert answer(yes, no, copies=(ITEM, COPY)) == "declines"
    assert answer(yes, said("declines", "2026-04-01", item=OTHER), copies=(ITEM, COPY)) == "agrees"


ANSWERS = st.sampled_from(["agrees", "asks_to_hold", "declines", "no_answer", "not_found"])
DAYS = st.integers(0, 9).map(lambda n: (date(2026, 5, 1) + timedelta(n)).isoformat())


@given(
    st.lists(st.tuples(ANSWERS, DAYS, st.sampled_from(["F-1", "F-2"])), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_answers_come_changes_nothing(
    drawn: list[tuple[str, str, str]], chance: random.Random
) -> None:
    told = [said(one, on, None if one == "not_found" else to) for one, on, to in drawn]
    shuffled = chance.sample(told, len(told))
    goes = answer(*told) in ("agrees", "not_found")
    assert (answer(*shuffled) in ("agrees", "not_found")) == goes
    refused = {(each.said.to, each.said.answer) for each in told}
    agreed = {to for to, one in refused if one == "agrees"}
    if any(one in ("declines", "asks_to_hold") and to not in agreed for to, one in refused):
        assert not goes
