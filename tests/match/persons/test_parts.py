"""A name is taken apart the same way, whatever was written joined or apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.text.names import fold, skeleton
from dalil.match.persons.parts import is_a_name_of_its_own, parts_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عبد الرحمن سليم المصري", "عبدالرحمن سليم المصرى"),
        ("نور الدين أبو العكاوي", "نورالدين ابوالعكاوي"),
        ("فاطمة حسن الحلبي", "فاطمه حسن حلبى"),
        ("محمد بن سالم حداد", "محمد سالم حداد"),
        ("عوض هللا نجار", "عوض الله نجار"),
        ("عبدهللا نجار", "عبد الله نجار"),
        ("بو نجار", "أبو نجار"),
        ("محمد ا لحمصي", "محمد الحمصي"),
        ("ع لي حداد", "علي حداد"),
        ("علي حدا د", "علي حداد"),
        ("Salah al-Din Haddad", "Salahdin Haddad"),
        ("Ali ash-Shami", "Ali El Shami"),
    ],
)
def test_two_ways_of_writing_give_the_same_letters(one: str, other: str) -> None:
    letters = parts_of(one, fold, skeleton).letters
    assert letters == parts_of(other, fold, skeleton).letters


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("عبد الله علي حسن الزيات", "Abdullah Ali Hassan al-Zayyat"),
        ("عبدالرحمن أبو العكاوي", "Abdel-Rahman Abu El Akkawi"),
        ("نور الدين بلال", "Nouraddin Bilal"),
        ("صلاحالدين الشامي", "Salah al-Din ash-Shami"),
        ("عز الدين قاسم", "Ezz El-Din Qasem"),
        ("محمد ابوعوده", "Mohammed Abu Odeh"),
        ("علي عبد ربه", "Ali Abd Rabbuh"),
    ],
)
def test_a_name_sounds_alike_part_by_part_in_two_scripts(arabic: str, latin: str) -> None:
    assert parts_of(arabic, fold, skeleton).sounds == parts_of(latin, fold, skeleton).sounds


def test_the_given_name_stands_first_and_the_family_last() -> None:
    parts = parts_of("عبد الله محمد أبو العيس", fold, skeleton)
    assert parts.letters == ("عبدله", "محمد", "ابوعيس")
    assert len(parts.sounds) == len(parts.letters)


@given(st.text(max_size=40))
def test_any_text_has_as_many_letters_as_sounds_and_no_empty_part(text: str) -> None:
    parts = parts_of(text, fold, skeleton)
    assert len(parts.letters) == len(parts.sounds)
    assert all(parts.letters) or not parts.letters
    assert all(parts.sounds)


def test_two_names_that_one_letter_parts_are_names_of_their_own() -> None:
    def own(name: str) -> bool:
        parts = parts_of(name, fold, skeleton)
        return is_a_name_of_its_own(parts.letters[0], parts.sounds[0], skeleton)

    assert all(map(own, ("محمد", "محمود", "حسن", "حسين", "عبد الله", "عبدالرحمن")))
    assert all(map(own, ("Samer", "Nader", "Abdel-Rahman", "Mohamed")))
    assert not any(map(own, ("محممد", "Zoltan")))
