"""Victims are found by any word of a name in any script, by list, sex and age."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.victims.listing import (
    BLUE,
    BROTHER,
    CASE,
    OTHER,
    RED,
    SALIM,
    SALIM_TOO,
    UNNAMED,
    everybody,
    list_named,
    victim,
)
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import Record, id_for
from dalil.casebook.record.things import Name
from dalil.casebook.report.desk import open_desk
from dalil.casebook.victims.listed import Wanted, count_listed, listed, lists_of, said_of
from dalil.casebook.victims.wording import facts, lines

VIEW = view_of("restricted")


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return an archive with two lists and some namesakes."""
    made = open_bureau(tmp_path_factory.mktemp("listed"))
    hasan = victim(RED, "3", "حسن عبدالرحمن قاسم", sex="male", age_lo=18)
    husayn = victim(RED, "4", "حسين عبد الرحمن قاسم", sex="male", age_hi=16)
    second = Name(id=id_for("name", "1"), case=CASE, entity=OTHER.id, form="Hoda Derwiche")
    made.casebook.write([*everybody(), hasan, husayn, second], made.signer)
    return made


def names(bureau: Bureau, wanted: Wanted) -> set[str]:
    """Return whom it finds: the first word of each name or label."""
    ids = listed(bureau.casebook, VIEW, wanted, 0, 50)
    assert count_listed(bureau.casebook, VIEW, wanted).n == len(ids)
    said = said_of(open_desk(bureau.casebook, VIEW), ids)
    return {(e.forms[0].form if e.forms else str(e.victim.label)).split()[0] for e in said}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Hallaq", {"سليم", "Salim", "كريم"}),
        ("الحلاق سليم", {"سليم", "Salim"}),
        ("Yousef MANSOUR", {"سليم", "Salim", "كريم"}),
        ("يوسف", {"سليم", "Salim", "كريم"}),
        ("Abdurrahman", set()),
        ("Abd ar-Rahman", {"حسن", "حسين"}),
        ("عبد الرحمن", {"حسن", "حسين"}),
        ("حسن", {"حسن"}),
        ("حُسين", {"حسين"}),
        ("Hasan", {"حسن", "حسين"}),
        ("Derwiche", {"هدى"}),
        ("person", {"person"}),
        ("Salim Nobody", set()),
        ("!! ..", set()),
        ('" OR "', set()),
        ("kind=victim", set()),
        ("NOT", set()),
    ],
)
def test_any_words_of_a_name_find_it_in_any_script(
    bureau: Bureau, name: str, found: set[str]
) -> None:
    assert names(bureau, Wanted(name=name)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(source=BLUE.id), {"Salim", "كريم"}),
        (Wanted(sex="female"), {"هدى"}),
        (Wanted(unidentified=True), {"person"}),
        (Wanted(age_from=30, age_to=34), {"سليم", "حسن"}),
        (Wanted(age_to=10), {"هدى", "حسين"}),
        (Wanted(age_from=19), {"سليم", "Salim", "كريم", "حسن"}),
        (Wanted(name="Yusuf", source=RED.id), {"سليم"}),
    ],
)
def test_conditions_hold_together_and_an_age_is_one_that_may_have_been(
    bureau: Bureau, wanted: Wanted, found: set[str]
) -> None:
    assert names(bureau, wanted) == found


def test_each_list_says_its_own_and_none_is_made_another_s(bureau: Bureau) -> None:
    said = said_of(open_desk(bureau.casebook, VIEW), [SALIM.id, SALIM_TOO.id])
    told = {each.field: each for each in lines(said, "en")}
    assert told["age"].values == (("34 years",), ("35 years",))
    assert told["date"].values == (("9 November 2016",), ("November 2016",))
    assert told["place"].values == (("الزمردة",), ())
    assert told["sex"].alike
    assert not told["age"].alike
    assert "born" not in told
    assert facts(said[0], "ar") == "ذكر · 34 سنة · 9 تشرين الثاني 2016 · الزمردة"


def test_a_sealed_victim_or_list_is_in_no_answer_below(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    secret = list_named("Kanarienliste", see="sealed")
    here = replace(SALIM, source=secret.id)
    hidden: list[Record] = [secret, here, victim(secret, "9", "Kanari Vogel", see="sealed")]
    form = Name(
        id=id_for("name", "2"), case=CASE, entity=here.id, form="Kanari Bruder", see="sealed"
    )
    bureau.casebook.write([*hidden, form], bureau.signer)
    assert listed(bureau.casebook, VIEW, Wanted(name="Kanari"), 0, 9) == ()
    assert count_listed(bureau.casebook, VIEW, Wanted()).n == 1
    [said] = said_of(open_desk(bureau.casebook, VIEW), [here.id, hidden[2].id])
    assert "Kanari" not in repr(lines([said], "en"))
    assert said.source is not None
    assert said.source.withheld
    every = view_of("sealed")
    assert len(listed(bureau.casebook, every, Wanted(name="كناري"), 0, 9)) == 2
    assert "Kanarienliste" in repr(
        lines(said_of(open_desk(bureau.casebook, every), [here.id]), "ar")
    )


def test_lists_are_those_of_which_a_victim_may_be_seen(bureau: Bureau) -> None:
    assert set(lists_of(bureau.casebook, VIEW)) == {RED.id, BLUE.id}
    assert lists_of(bureau.casebook, view_of("open")) == ()


def test_a_page_goes_on_where_the_one_before_ended(bureau: Bureau) -> None:
    every = listed(bureau.casebook, VIEW, Wanted(), 0, 50)
    assert listed(bureau.casebook, VIEW, Wanted(), 0, 3) == every[:3]
    assert listed(bureau.casebook, VIEW, Wanted(), 3, 3) == every[3:6]
    assert {SALIM.id, BROTHER.id, UNNAMED.id} <= set(every)
