"""What families were told, at the terminal: tell, told, recognise."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.casebook import Casebook
from dalil.casebook.record.form import new_id
from dalil.casebook.record.victims import Appearance, Victim
from dalil.cli import main

ITEM = "7" * 32
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    bureau = open_bureau(tmp_path)
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    monkeypatch.chdir(tmp_path)
    seen = Victim(id=new_id(), unidentified=True, label="person 3", key="p3")
    named = Victim(id=new_id(), names=({"form": "سليم حداد"}, {"form": "Salim Haddad"}), key="v1")
    place = Appearance(
        id=new_id(), victim=seen.id, item=ITEM, pts_start=2, pts_end=3, timebase="1/1"
    )
    gone = Victim(id=new_id(), names=({"form": "سليم حداد"},), key="twice")
    casebook = Casebook.open(bureau.archive)
    casebook.write([seen, named, place, gone], bureau.signer)
    casebook.write([replace(gone, revises=1, withdrawn="twice in the list")], bureau.signer)

    def run(subverb: str, *words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["victims", subverb, "archive", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return int(ended.value.code or 0), out, err

    return run


def tell(*more: str) -> tuple[str, ...]:
    return ("tell", "p3", "--by", "Salma", "--on", "2026-05-03", *more)


def told(ask: Ask, *more: str) -> dict[str, Any]:
    code, out, _ = ask("told", "p3", "--json", *more)
    assert code == 0
    document: dict[str, Any] = json.loads(out)
    return document


def test_footage_waits_until_the_family_agrees_and_the_page_says_who_asked_them(ask: Ask) -> None:
    assert told(ask)["footage"] == [{"item": ITEM, "waits": True}]
    asked = ("--what", "release", "--to", "F-12", "--relation", "sister")
    assert ask(*tell(*asked))[0] == 0
    assert told(ask)["footage"] == [{"item": ITEM, "waits": True}]
    assert ask(*tell(*asked, "--answer", "agrees"))[0] == 0
    assert told(ask)["footage"] == [{"item": ITEM, "waits": False}]
    for lang, words in (("en", ("F-12", "sister", "it may be shown")), ("ar", ("F-12", "يجوز"))):
        out = ask("told", "p3", "--lang", lang)[1]
        assert all(word in out for word in words)


def test_what_is_sealed_of_a_family_is_not_told_below_it(ask: Ask) -> None:
    assert ask(*tell("--what", "death", "--to", "F-12"))[0] == 0
    assert told(ask, "--see", "restricted")["notifications"] == []
    assert len(told(ask)["notifications"]) == 1


def test_a_family_that_was_sought_is_told_to_nobody(ask: Ask) -> None:
    code, _, err = ask(*tell("--sought", "--to", "F-12"))
    assert code == 2
    assert "--sought" in err
    assert ask(*tell())[0] == 2
    assert ask(*tell("--sought", "--note", "asked in two towns"))[0] == 0
    assert told(ask)["footage"] == [{"item": ITEM, "waits": False}]


def test_of_a_victim_that_was_taken_back_nothing_is_recorded(ask: Ask) -> None:
    asked = ("--what", "release", "--to", "F-12", "--by", "Salma", "--on", "2026-05-03")
    assert ask("tell", "twice", *asked)[0] == 2
    alone = ("--grade", "visual", "--conditions", "one still, shown alone")
    assert ask("recognise", "p3", "twice", *alone)[0] == 2
    assert ask("recognise", "twice", "p3", *alone)[0] == 2


def test_a_recognition_by_sight_is_said_to_be_no_identification(ask: Ask) -> None:
    words = ("p3", "v1", "--grade", "visual", "--conditions", "one still, shown alone")
    code, out, _ = ask("recognise", *words, "--by", "F-12", "--relation", "sister")
    assert code == 0
    assert "not an identification" in out
    assert "ليس تحديدًا للهوية" in ask("told", "v1", "--lang", "ar")[1]
    assert "identified" not in ask("told", "v1")[1]
    assert told(ask)["footage"] == [{"item": ITEM, "waits": True}]


def test_a_day_that_is_none_is_refused_and_nothing_is_written(ask: Ask) -> None:
    code, _, err = ask("tell", "p3", "--what", "death", "--to", "F-1", "--by", "S", "--on", "May")
    assert code == 1
    assert "on:" in err
    assert told(ask)["notifications"] == []
