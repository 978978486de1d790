"""What is said of two rows is said of them from either side."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dalil.casebook.text.names import fold, skeleton
from dalil.match.persons.levels import LEVELS, Level
from dalil.match.persons.row import About
from dalil.match.persons.table import RARE, laid_out
from match.persons.drawn_lists import Habits, list_of, people


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lay out a few families, much damaged, in two scripts and with half of what could be said."""
    draw, scratch = random.Random(5), tmp_path_factory.mktemp("persons")
    habits = [
        Habits(damaged=0.6, missing=0.2, other_family=0.2, born=0.5, age=0.7),
        Habits(latin=True, born=0.5),
        Habits(press=True, age=0.5),
    ]
    somebody = people(draw, 25)
    rows = [
        each for n, some in enumerate(habits) for each in list_of(draw, f"l{n}", somebody, some)
    ]
    with laid_out(rows, fold, skeleton, Path(scratch)) as table:
        yield table


def reached(levels: tuple[Level, ...]) -> str:
    """Return SQL for the first level that holds."""
    *first, last = levels
    cases = " ".join(f"when {each.when} then '{each.name}'" for each in first)
    return f"case {cases} else '{last.name}' end"


@pytest.mark.parametrize("about", LEVELS)
def test_either_side_says_the_same(laid: duckdb.DuckDBPyConnection, about: About) -> None:
    pairs = (
        'select * from (select columns(*) as "\\0_l" from person)'
        ' cross join (select columns(*) as "\\0_r" from person)'
    )
    said = f"select n_l, n_r, {reached(LEVELS[about])} from ({pairs})"  # noqa: S608
    levels = {(a, b): level for a, b, level in laid.execute(said).fetchall()}
    assert all(levels[b, a] == level for (a, b), level in levels.items())
    if about in {About.NAME, About.BIRTH}:
        assert len(set(levels.values())) >= len(LEVELS[about]) - 4


@pytest.mark.parametrize("about", LEVELS)
def test_shares_are_shares_and_what_is_rare_is_counted(about: About) -> None:
    for level in LEVELS[about]:
        assert 0 <= level.one <= 1
        assert level.rare in {"", *RARE}
        assert bool(level.one) == (level.name != "unknown")


def test_a_name_that_stands_once_in_a_short_list_is_no_proof(
    laid: duckdb.DuckDBPyConnection,
) -> None:
    for name in sorted({*RARE} - {"place"}):
        counted = f"select min(tf_{name}), max(tf_{name}) from rare_{name}"  # noqa: S608
        least, most = laid.execute(counted).fetchall()[0]
        assert 0 < least <= most < 1


def test_nothing_can_be_fetched_by_the_database(laid: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error):
        laid.execute("select * from read_csv('https://127.0.0.1:9/list.csv')")
