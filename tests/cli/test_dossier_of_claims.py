"""A case file with claims, from the terminal: what is said, what is refused, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dalil.dossier.claims.gathering import questions_of
from dalil.errors import UsageRefused
from dossier.claims.harbour import Harbour, adoption, records, rid
from dossier.small_archive import make_small_archive
from terminal import Terminal

WORDS = ("--recipient", "Court", "--reason", "request of 3 May", "--case", "harbour")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive with claims that tests hand over from."""
    harbour = Harbour(make_small_archive(tmp_path_factory.mktemp("terminal") / "archive"))
    harbour.write(*records())
    harbour.write(adoption("P1"))
    return harbour.path


def test_claims_are_handed_over_and_counted(archive: Path, tmp_path: Path) -> None:
    terminal, out = Terminal(tmp_path), tmp_path / "case"
    who = ("--who", "the Old Mole", "--on", "2013-04-16")
    said = terminal.does("dossier", archive, *WORDS, *who, "-o", out)
    assert "claims: 1, each with all that was recorded against it" in said.out
    assert "sources whose identity stays here: 1" in said.out
    assert (out / "data/claims/answers/0001.json").is_file()
    checked = terminal.does("verify", out, "--json").json()
    assert checked["intact"] is True


def test_leaving_out_what_speaks_against_a_claim_is_refused_by_name(
    archive: Path, tmp_path: Path
) -> None:
    terminal, out = Terminal(tmp_path), tmp_path / "case"
    said = terminal.says("dossier", archive, *WORDS, "--without", rid("A3"), "-o", out)
    assert said.code == 1
    assert "What speaks against a claim cannot be left behind." in said.err
    assert rid("A3") in said.err
    assert not out.exists()


def test_the_document_says_how_many_claims_and_withheld_sources(
    archive: Path, tmp_path: Path
) -> None:
    words = ("--withhold-source", rid("S1"), "--lang", "ar", "--json")
    told = Terminal(tmp_path).does("dossier", archive, *WORDS, *words, "-o", tmp_path / "c").json()
    assert (told["claims"], told["withheld_sources"]) == (1, 2)
    assert json.loads((tmp_path / "c/data/case.json").read_bytes())["claims"]


@pytest.mark.parametrize(
    "words", [("--without", "1" * 32), ("--case", "harbour", "--who", "the Old Mole")]
)
def test_options_that_do_not_go_together_are_refused(
    archive: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    asked = ("--recipient", "Court", "--reason", "x", "-o", tmp_path / "case")
    assert Terminal(tmp_path).says("dossier", archive, *words, *asked).code == 2


@pytest.mark.parametrize(
    ("who", "days", "pairs"),
    [
        ((), (), ()),
        (("a", "b"), ("1",), (("a", "1"), ("b", "1"))),
        (("a", "b"), ("1", "2"), (("a", "1"), ("b", "2"))),
    ],
)
def test_each_place_has_its_day(
    who: tuple[str, ...], days: tuple[str, ...], pairs: tuple[tuple[str, str], ...]
) -> None:
    assert questions_of(who, days) == pairs


@pytest.mark.parametrize(
    ("who", "days"),
    [(("a",), ()), ((), ("1",)), (("a", "b", "c"), ("1", "2")), (("a",), ("1", "2"))],
)
def test_a_place_without_a_day_is_refused(who: tuple[str, ...], days: tuple[str, ...]) -> None:
    with pytest.raises(UsageRefused):
        questions_of(who, days)
