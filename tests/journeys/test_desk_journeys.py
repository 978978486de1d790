"""From a folder of clips and an empty disk to a case file that a stranger accepts: no terminal."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import clips
from dalil.ledger.ledger import Ledger
from journeys.at_the_desk import (
    asks_in,
    asks_to_view,
    brings_in,
    describes,
    hands_over,
    office,
    opens_item,
    publishes,
    sets_up,
    takes_in,
    weighs,
)
from journeys.serving import serving

pytestmark = pytest.mark.browser
INCIDENT = Path(__file__).resolve().parents[2] / "tools" / "demo_incident" / "zumurruda"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Lay two drawn clips under Arabic names, as they come."""
    folder = tmp_path / "ذاكرة"
    folder.mkdir()
    for number in (1, 2):
        clips.draw(folder / clips.name_of(number), number)
    return folder


def accepted(whole: Path, folder: Path) -> Path:
    """Unpack a case file and let its own verifier judge it, with nothing of ours in reach."""
    zipfile.ZipFile(whole).extractall(folder)
    [case] = folder.iterdir()
    command = [sys.executable, "-I", str(case / "verify.py"), str(case)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert ran.returncode == 0, ran.stdout
    return case


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_from_an_empty_disk_to_a_case_file_that_a_stranger_accepts(
    lang: str, stick: Path, tmp_path: Path
) -> None:
    with serving(tmp_path / "archive") as desk, office(desk, lang) as people:
        sets_up(people, "salma")
        for who in ("omar", "rima", "idris", "lina"):
            asks_in(people, "salma", who)

        def cut_the_power() -> None:
            desk.kill()
            desk.open()

        takes_in(people, "omar", stick, cut_the_power)
        item = opens_item(people, "rima", clips.name_of(1))
        describes(people, "rima", item, "a square crosses the stripes")
        asks_to_view(people, "rima", item)
        brings_in(people, "idris", "zumurruda", sorted(INCIDENT.glob("*.csv")))
        weighs(people, "idris", "zumurruda", "two accounts differ, and neither shows a document")
        publishes(people, "lina", item)
        whole = hands_over(people, "lina", [item], "zumurruda", tmp_path / "case.zip")
    case = accepted(whole, tmp_path / "stranger")
    exhibits = {each.name for each in (case / "data" / "exhibits").iterdir()}
    assert exhibits == {"0001", "0002"}
    assert "neither shows a document" in (case / "data/claims/claims.en.txt").read_text("utf-8")
    # Pressed twice, killed once, logged out once: nothing is half, nothing is there twice.
    ledger = Ledger.open(tmp_path / "archive")
    once = ("accession-closed", "disclosed", "handed-over", "look-asked")
    assert {kind: len(list(ledger.acts(kind))) for kind in once} == dict.fromkeys(once, 1)
    assert len(list(ledger.acts("taken-in"))) == 2
    assert ledger.check().intact
