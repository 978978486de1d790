"""Counting persons at the terminal: count, reconcile."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.counting.test_reconciled import two_counts
from casebook.describe.describing_bureau import Office, open_office
from dalil.casebook.record.form import new_id
from dalil.casebook.record.things import Entity
from dalil.cli import main

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


@pytest.fixture
def ask(office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    monkeypatch.setenv("DALIL_KEY", office.salma.person_id)

    def run(subverb: str, *words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["victims", subverb, str(office.archive), *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


def test_two_counts_are_laid_side_by_side_with_who_said_what(office: Office, ask: Ask) -> None:
    round_ = two_counts(office)
    code, out, _ = ask("reconcile", round_.id)
    assert code == 0
    assert "Rima" in out
    assert "2 of 3 (66 %)" in out
    assert "Idris" in out
    assert "third person" in out
    assert "شخص ثالث" in ask("reconcile", round_.id, "--lang", "ar")[1]
    document = json.loads(ask("reconcile", round_.id, "--json")[1])
    assert (document["met"], document["groups"], document["open"]) == (2, 3, 1)


def test_nobody_is_written_down_while_something_is_open(office: Office, ask: Ask) -> None:
    code, _, err = ask("reconcile", two_counts(office).id, "--write")
    assert code == 1
    assert "still to be decided" in err


def test_a_count_says_one_scope_and_names_it(office: Office, ask: Ask) -> None:
    assert ask("count")[0] == 2
    assert ask("count", "--case", "harbour")[0] == 2
    place = Entity(id=new_id(), type="place", names=({"form": "Marsa"},), case="harbour")
    office.write(office.salma, place)
    assert ask("count", "--case", "harbour", "--item", "3f")[0] == 2
    code, out, _ = ask("count", "--case", "harbour")
    assert code == 0
    assert "harbour" in out
    assert "0 = 0 " in out
    assert json.loads(ask("count", "--case", "harbour", "--json")[1])["counted"]["records"] == 0
