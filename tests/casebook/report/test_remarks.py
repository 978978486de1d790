"""Names that meet are told to a person, and never merged; marks in texts are told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.things import Entity, Judgement, Name
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.remarks import (
    Named,
    marks_in_texts,
    names_that_meet,
    one_slip_apart,
    pairs_among,
)


def named(*forms: str, kind: str = "person") -> list[Named]:
    return [Named(f"{i:032x}", kind, form) for i, form in enumerate(forms)]


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("أبو حيدر", "ابو حيدر", "shared"),
        ("Abu Haider", "abu haider", "shared"),
        ("Branch 227", "Branch 277", "number"),
        ("فرع 227", "فرع ٢٧٧", "number"),
        ("K. S. A.", "A. S. A.", "initials"),
        ("Tadamon", "Tadmon", "spelling"),
        ("Tadamon", "Tadaomn", "spelling"),
        ("Karim Nadir", "كريم نادر", "sound"),
    ],
)
def test_two_names_that_meet_are_told_with_how(one: str, other: str, how: str) -> None:
    (pair,) = pairs_among(named(one, other))
    assert (pair.how, pair.form_a, pair.form_b) == (how, one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Branch 227", "Branch 235"),
        ("Branch 227", "Section 277"),
        ("S. M.", "I. M."),
        ("Ali", "Alia"),
        ("Amjad", "Fadi"),
    ],
)
def test_names_that_do_not_meet_are_not_told(one: str, other: str) -> None:
    assert pairs_among(named(one, other)) == []


def test_a_place_and_a_person_of_one_name_are_no_pair() -> None:
    both = [*named("Nisreen"), Named("f" * 32, "place", "Nisreen")]
    assert pairs_among(both) == []


def test_a_name_that_a_whole_list_shares_says_nothing_of_two() -> None:
    assert pairs_among(named(*["Captain"] * 40)) == []


@given(st.lists(st.sampled_from(["Branch 227", "Branch 277", "فرع 227", "Unit 9"]), max_size=6))
def test_the_order_in_which_names_come_says_nothing(forms: list[str]) -> None:
    names = named(*forms)
    assert pairs_among(names) == pairs_among(reversed(names))


@given(st.text("ab7", max_size=6), st.text("ab7", max_size=6))
def test_a_slip_goes_both_ways_and_is_never_nothing(one: str, other: str) -> None:
    assert one_slip_apart(one, other) == one_slip_apart(other, one)
    assert not one_slip_apart(one, one)


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def unit(form: str, see: str = "restricted") -> Entity:
    return Entity(id=new_id(), case="c", see=see, type="unit", names=({"form": form},))


def told(bureau: Bureau, see: str = "restricted") -> list[tuple[str, str, str]]:
    desk = open_desk(bureau.casebook, view_of(see))
    return [(r.kind, r.said.en, r.said.ar) for r in names_that_meet(desk, "c")]


def test_what_a_person_said_takes_the_place_of_the_suggestion(bureau: Bureau) -> None:
    one, other = unit("Branch 227"), unit("Branch 277")
    bureau.casebook.write([one, other], bureau.signer)
    ((kind, en, ar),) = told(bureau)
    assert kind == "pair-number"
    assert "kept as two" in en
    assert "يبقيان اثنين" in ar
    judged = Judgement(
        id=new_id(), case="c", a=one.id, b=other.id, verdict="different", reasoning="two seals"
    )
    bureau.casebook.write([judged], bureau.signer)
    ((kind, en, ar),) = told(bureau)
    assert kind == "judged"
    assert "two different" in en
    assert "two seals" in en
    assert "Salma" in ar


def test_a_sealed_thing_makes_no_pair_for_whoever_may_not_see_it(bureau: Bureau) -> None:
    bureau.casebook.write([unit("Branch 227"), unit("Branch 277", "sealed")], bureau.signer)
    assert told(bureau) == []
    assert [kind for kind, _, _ in told(bureau, "sealed")] == ["pair-number"]


def test_a_translated_name_that_nobody_linked_is_told(bureau: Bureau) -> None:
    harbour = Entity(id=new_id(), case="c", type="place", names=({"form": "Marsa"},))
    form = Name(id=new_id(), case="c", entity=harbour.id, form="Haven", role="translation")
    bureau.casebook.write([harbour, form], bureau.signer)
    ((kind, en, _),) = told(bureau)
    assert kind == "unlinked"
    assert "Haven" in en
    assert form.id[:12] in en


def test_a_turned_direction_in_a_name_is_told_and_shown() -> None:
    turned = Entity(id=new_id(), type="person", names=({"form": "Sami\u202eimaS"},))
    (remark,) = marks_in_texts([turned])
    assert remark.kind == "bidi_control"
    assert "\u202e" not in remark.said.en + remark.said.ar
    assert "U+202E" in remark.said.en


def test_a_letter_of_another_script_within_a_word_is_told() -> None:
    mixed = Entity(id=new_id(), type="person", names=({"form": "Sаmi"},))  # the а is Cyrillic
    assert {remark.kind for remark in marks_in_texts([mixed])} <= {"mixed_script", "look_alike"}
    assert marks_in_texts([mixed])


@pytest.mark.parametrize(
    "text",
    [
        "The pit is at 33.476123, 36.324456, below the road.",
        "الحفرة عند ٣٣٫٤٧٦١ ، ٣٦٫٣٢٤٤",
        """33° 28' 34.1" N""",
        "33.4761 N 36.3244 E",
    ],
)
def test_an_exact_place_in_a_text_for_everybody_is_told(text: str) -> None:
    told = Entity(id=new_id(), type="site", see="open", about=text)
    assert [each.kind for each in marks_in_texts([told])] == ["exact_place"]
    kept = Entity(id=new_id(), type="site", about=text)
    assert "exact_place" not in [each.kind for each in marks_in_texts([kept])]


@pytest.mark.parametrize("text", ["288 of 500", "3.14, 2.71", "33.48, 36.32", "2019.03.16 18.30"])
def test_other_numbers_are_no_place(text: str) -> None:
    assert marks_in_texts([Entity(id=new_id(), type="site", see="open", about=text)]) == ()
