"""Searching at the terminal: in both languages, in both scripts, in words that a person types."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity
from dalil.cli import main

Ask = Callable[..., tuple[int, str, str]]
PIT = new_id()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with a small casebook."""
    folder = tmp_path_factory.mktemp("bureau")
    bureau = open_bureau(folder)
    place = Entity(
        id=new_id(),
        type="place",
        key="place:tadamon",
        names=({"form": "Tadamun"}, {"form": "التضامن"}),
        lat_e6=33_480_000,
        lon_e6=36_300_000,
    )
    pit = Entity(
        id=PIT,
        type="incident",
        names=({"form": "The \u202epit"},),
        about="a white van",
        date="2013",
    )
    source = Source(
        id=new_id(), type="journalism", key="S1", title="Tadamun, a report", see="sealed"
    )
    twins = [Entity(id=new_id(), type="place", names=({"form": "Twin"},)) for _ in range(2)]
    there = Relation(id=new_id(), relation="located_at", a=pit.id, b=place.id)
    bureau.casebook.write([place, pit, source, there, *twins], bureau.signer)

    return folder


@pytest.fixture
def ask(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what runs `dalil casebook search` there."""
    monkeypatch.chdir(folder)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["casebook", "search", "archive", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


@pytest.mark.parametrize("words", ["Tadamon", "التضامن", "تضامن", "at-Tadamoun"])
def test_a_place_is_found_in_either_script(ask: Ask, words: str) -> None:
    code, out, _ = ask(words)
    assert code == 0
    assert out.startswith("Found: 1\n1. entity, place: \u2068Tadamun\u2069 · \u2068التضامن\u2069\n")
    assert "This is a name of it." in out
    assert "place:tadamon" in out


def test_arabic_is_answered_in_arabic_with_the_arabic_name_first(ask: Ask) -> None:
    _, out, _ = ask("Tadamun", "--lang", "ar")
    assert out.startswith(
        "عدد النتائج: 1\n1. كيان، مكان: \u2068التضامن\u2069 · \u2068Tadamun\u2069\n"
    )


def test_a_search_by_place_year_and_position_finds_what_happened_there(ask: Ask) -> None:
    for narrowed in (
        ("--place", "Tadamoun"),
        ("--place", "place:tadamon", "--only-there"),
        ("--near", "33.48,36.3,100"),
        ("--related", "place:tadamon"),
    ):
        found = json.loads(ask("van", "--from", "2013", "--to", "2013", *narrowed, "--json")[1])
        assert [hit["id"] for hit in found["hits"]] == [PIT], narrowed
    assert json.loads(ask("van", "--from", "2014", "--json")[1]) == {"hits": [], "total": 0}


def test_what_could_turn_the_line_is_shown_and_a_sealed_source_is_not(ask: Ask) -> None:
    _, out, _ = ask("van")
    assert "The ‹U+202E›pit" in out
    assert "journalism" not in ask("report")[1]
    assert "Nothing was found of what you may see." in ask("report")[1]
    _, out, _ = ask("report", "--see", "sealed")
    assert "1. source, \u2068journalism\u2069, sealed: " in out


def test_a_page_says_which_part_of_the_hits_it_shows(ask: Ask) -> None:
    _, out, _ = ask("--limit", "1", "--offset", "2")
    assert out.startswith("Found: 4. Shown here: 3 to 3; for others give --offset.\n3. entity")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("--place", "nowhere"), 2, "nothing that may be seen has the id, key or name 'nowhere'"),
        (("--place", "Twin"), 2, "'Twin' may mean 2 records"),
        (("--source", "S1"), 2, "nothing that may be seen"),
        (("--near", "1,2"), 2, "LATITUDE,LONGITUDE,METRES"),
        (("--near", "91,0,5"), 2, "not on the Earth"),
        (("--near", "nan,0,5"), 2, "LATITUDE,LONGITUDE,METRES"),
        (("--near", "1,1,infinity"), 2, "LATITUDE,LONGITUDE,METRES"),
        (("--from", "2014", "--to", "2013"), 2, "runs backwards"),
        (("--limit", "-1"), 2, "0 to 1000"),
        (("ab*",), 2, "a beginning has 3 letters or more"),
        (("--see", "secret"), 2, "secret"),
    ],
)
def test_what_cannot_be_searched_is_refused_plainly(
    ask: Ask, words: tuple[str, ...], code: int, why: str
) -> None:
    said = ask(*words)
    assert said[0] == code
    assert why in said[2] + said[1]
