"""Sites at the terminal: listed and shown, in both languages and as JSON, by class."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.sites.pit import EXACT, Pit, dig
from terminal import Terminal


@pytest.fixture(scope="module")
def pit(tmp_path_factory: pytest.TempPathFactory) -> Pit:
    """Return the grave; only read."""
    return dig(tmp_path_factory.mktemp("pit"))


def said(pit: Pit, folder: Path, *words: str) -> str:
    """Return what the terminal prints."""
    done = Terminal(folder).says("sites", pit.bureau.archive, *words)
    assert done.code == 0, done.err
    return done.out


def test_sites_are_listed_with_what_is_due(pit: Pit, tmp_path: Path) -> None:
    out = said(pit, tmp_path)
    assert "1 site." in out
    assert "not disturbed (contested), disturbed (contested)" in out
    assert "1 warning has yet to be given." in out


def test_a_site_is_shown_by_any_of_its_names(pit: Pit, tmp_path: Path) -> None:
    out = said(pit, tmp_path, "المقلع القديم")
    assert "33.50495, 36.30495" in out
    assert "somewhere within 50 m, 18 m from the first" in out
    assert "says \u2068Field team\u2069" in out
    assert "a recognition, not an identification" in out
    assert "لم يُنذر بعد" in said(pit, tmp_path, "site:quarry", "--lang", "ar")


def test_whoever_sees_open_records_only_is_told_a_square(pit: Pit, tmp_path: Path) -> None:
    out = said(pit, tmp_path, "site:quarry", "--see", "open", "--json")
    assert [each for each in EXACT if each in out] == []
    told = json.loads(out)
    assert {(e["lat_e6"], e["lon_e6"], e["coarse"]) for e in told["positions"]} == {
        (33_500_000, 36_300_000, True)
    }


def test_what_is_no_site_is_refused_by_name(pit: Pit, tmp_path: Path) -> None:
    done = Terminal(tmp_path).says("sites", pit.bureau.archive, "nowhere")
    assert done.code == 2
    assert "nowhere" in done.err
    assert "Traceback" not in done.err
