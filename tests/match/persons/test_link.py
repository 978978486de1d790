"""Who may be one person in several lists: found, with reasons, and never by the order of rows."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.casebook.text.names import fold, skeleton
from dalil.errors import NoSpace
from dalil.match.persons import table, wording
from dalil.match.persons.levels import LEVELS
from dalil.match.persons.link import BEST, candidates
from dalil.match.persons.row import About, Candidate, PersonRow
from dalil.match.persons.wording import said
from match.persons.drawn_lists import Habits, list_of, people


def linked(rows: Iterable[PersonRow]) -> list[Candidate]:
    """Return all candidates."""
    with TemporaryDirectory() as scratch:
        return list(candidates(rows, fold, skeleton, Path(scratch)))


def row(id_: str, name: str, born: str = "", **said_too: str | tuple[int, int]) -> PersonRow:
    """Return a row of the list that its id begins with."""
    day = date.fromisoformat(born).toordinal() if born else 0
    made = PersonRow(id=id_, list=id_[0], names=(name,), born=(day, day) if day else None)
    return replace(made, **said_too)  # type: ignore[arg-type]


def level(found: Candidate, about: About) -> str:
    """Return what is said of one part of two rows."""
    return next((reason.level for reason in found.reasons if reason.about == about), "")


@cache
def drawn() -> tuple[tuple[PersonRow, ...], tuple[Candidate, ...]]:
    """Return one people in four lists: two full ones, a newspaper's and one in Latin letters."""
    draw = random.Random(36)
    everybody = people(draw, 500)
    hard = Habits(damaged=0.3, missing=0.06, other_family=0.03, born=0.6)
    lists = {
        "a": (0.6, Habits()),
        "b": (0.8, hard),
        "c": (0.2, Habits(press=True, born=0)),
        "d": (0.5, Habits(latin=True)),
    }
    rows = [
        each
        for name, (share, habits) in lists.items()
        for each in list_of(draw, name, [x for x in everybody if draw.random() < share], habits)
    ]
    return tuple(rows), tuple(linked(rows))


def between(one: str, other: str) -> tuple[set[tuple[str, str]], list[Candidate]]:
    """Return the true pairs of two drawn lists, and the candidates of these two."""
    rows, found = drawn()
    numbers = [{each.id[2:] for each in rows if each.list == name} for name in (one, other)]
    true = {(f"{one}-{n}", f"{other}-{n}") for n in numbers[0] & numbers[1]}
    return true, [each for each in found if (each.a[0], each.b[0]) == (one, other)]


def test_two_full_lists_are_linked_one_to_one() -> None:
    true, found = between("a", "b")
    suggested = {(each.a, each.b) for each in found if each.suggested}
    right = len(suggested & true)
    assert 2 * right / (len(suggested) + len(true)) >= 0.96
    assert len({a for a, _ in suggested}) == len({b for _, b in suggested}) == len(suggested)


def test_a_newspapers_short_name_has_its_person_among_ten() -> None:
    true, found = between("b", "c")
    shown = {(each.a, each.b) for each in found if each.rank_b <= BEST}
    assert len(shown & true) >= 0.85 * len(true)


def test_a_name_in_latin_letters_has_its_person_among_ten() -> None:
    true, found = between("a", "d")
    shown = {(each.a, each.b) for each in found if each.rank_b <= BEST}
    assert len(shown & true) >= 0.98 * len(true)
    assert sum(each.suggested and (each.a, each.b) in true for each in found) >= 0.9 * len(true)


def test_every_candidate_is_among_the_ten_best_of_one_of_its_rows() -> None:
    _, found = drawn()
    assert all(min(each.rank_a, each.rank_b) <= BEST for each in found)
    assert [(each.a, each.b) for each in found] == sorted((each.a, each.b) for each in found)
    assert all(each.a < each.b for each in found)


def test_reasons_add_up_beside_what_was_expected_beforehand() -> None:
    _, found = drawn()
    rest = {
        round(each.bits - sum(reason.bits for reason in each.reasons), 1)
        for each in found
        if (each.a[0], each.b[0]) == ("a", "b")
    }
    assert len(rest) == 1


FAMILY = [
    row("a1", "أحمد سليم نمر الحداد", "1990-04-02", sex="male"),
    row("b1", "أحمد سليم نمر حداد", "1990-04-02", sex="male"),
    row("b2", "محمود سليم نمر الحداد", "1993-01-09", sex="male"),
    row("a3", "حسن خالد عمر النجار", "2001-05-05", sex="male"),
    row("b3", "حسين خالد عمر النجار", "2001-05-05", sex="male"),
    row("a4", "ليلى يوسف عمر الخباز", age=(30, 30)),
    row("b4", "ليلى يوسف عمر الخبا ز", age=(31, 31)),
    row("b5", "ليلى يوسف عمر الخباز", age=(64, 64)),
    row("b6", "ليلي يوسف عمر الخباز", age=(31, 31)),
    row("a7", "سامر خليل حسن الدرويش", age=(34, 34), place="حي الميناء"),
    row("b7", "Nader Khalil Hassan al-Darwish", age=(29, 29), place="harbour quarter"),
    row("c7", "Samer Khalil Hassan Darwish", age=(34, 34)),
]


@cache
def family() -> dict[tuple[str, str], Candidate]:
    """Return the candidates of a few rows."""
    return {(each.a, each.b): each for each in linked(FAMILY)}


def test_brothers_are_called_brothers_and_not_suggested() -> None:
    found = family()
    assert found["a1", "b1"].suggested
    brothers = found["a1", "b2"]
    assert level(brothers, About.NAME) == "lineage"
    assert not brothers.suggested
    assert said(brothers.reasons[0], "en").endswith("a sibling?")
    assert said(brothers.reasons[0], "ar").endswith("أخ أو أخت؟")


@pytest.mark.parametrize("pair", [("a7", "b7"), ("b7", "c7")])
def test_so_are_brothers_in_two_scripts_or_in_another(pair: tuple[str, str]) -> None:
    brothers = family()[pair]
    assert level(brothers, About.NAME) == "lineage"
    assert level(brothers, About.PLACE) == ""
    assert not brothers.suggested
    assert family()["a7", "c7"].suggested


def test_twins_are_called_twins_and_not_suggested() -> None:
    twins = family()["a3", "b3"]
    assert level(twins, About.BIRTH) == "twin"
    assert not twins.suggested


def test_one_person_twice_in_a_list_is_a_candidate_and_never_suggested() -> None:
    twice = family()["b4", "b6"]
    assert level(twice, About.NAME) == "alike"
    assert not twice.suggested


def test_of_two_namesakes_the_one_of_that_age_is_suggested() -> None:
    found = family()
    assert not found["a4", "b5"].suggested
    assert level(found["a4", "b5"], About.BIRTH) == "far"
    assert found["a4", "b4"].suggested or found["a4", "b6"].suggested


@settings(max_examples=2, deadline=None)
@given(st.permutations(FAMILY))
def test_the_order_of_rows_changes_nothing(rows: list[PersonRow]) -> None:
    assert linked(rows) == list(family().values())


def test_neither_do_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "THREADS", 1)
    assert linked(FAMILY) == list(family().values())


def test_a_row_of_nobody_near_changes_no_reason_of_any_pair() -> None:
    stranger = row("b9", "Zoltan Kovács", "1950-01-01", sex="male")
    more = {(each.a, each.b): each for each in linked([*FAMILY, stranger])}
    assert more.keys() == family().keys()
    for pair, found in family().items():
        before = [(reason.about, reason.level) for reason in found.reasons]
        assert [(reason.about, reason.level) for reason in more[pair].reasons] == before


def test_nobody_and_names_without_a_letter_are_no_candidates() -> None:
    assert linked([]) == []
    assert linked([row("a1", "؟؟"), row("b1", "؟؟"), row("b2", "")]) == []


def test_a_page_of_text_in_the_column_of_names_is_compared_no_further_than_a_name() -> None:
    page = "محمد " * 20_000
    found = linked([row("a1", page), row("b1", page + "أحمد"), row("b2", "م" * 100_000)])
    assert [(each.a, each.b) for each in found] == [("a1", "b1")]


def test_a_full_disk_is_refused_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MEMORY", "20MB")
    with pytest.raises(NoSpace):
        linked(FAMILY)


def test_every_reason_has_words_in_both_languages() -> None:
    words = wording._words()  # noqa: SLF001
    keys = {f"{about}-{each.name}" for about, levels in LEVELS.items() for each in levels}
    assert set(words) == {key for key in keys if not key.endswith("-unknown")}
    assert all(set(each) == {"en", "ar"} for each in words.values())
