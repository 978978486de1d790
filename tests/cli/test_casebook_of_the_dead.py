"""Victims, sites and law at the terminal: recorded, shown, searched, reported, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from casebook.the_dead import CASE, canaries, rid, the_dead
from dalil.casebook.record import law, sites, victims
from dalil.casebook.record.form import Record, fields_of
from dalil.cli import main

MODULES = {module.__name__ for module in (victims, sites, law)}
NEW = {each.kind: key for key, each in the_dead().items() if type(each).__module__ in MODULES}
RAW = re.compile(r"^\s*([a-z]+(?:_[a-z0-9]+)+):", re.MULTILINE)
QUOTED = re.compile("\u2068[^\u2069]*\u2069")
Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return what runs `dalil casebook SUBVERB ARCHIVE …` in a new archive, and what it says."""
    open_bureau(tmp_path)
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    monkeypatch.chdir(tmp_path)

    def run(subverb: str, *words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["casebook", subverb, "archive", *words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert ended.value.code in (0, None), err
        return out

    return run


def typed(records: list[Record]) -> str:
    """Write records down as lines of JSON, as a person types them, and return the file's name."""
    lines = [json.dumps(fields_of(each), ensure_ascii=False) for each in records]
    Path("typed.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return "typed.jsonl"


def test_every_new_kind_is_recorded_shown_and_searched_in_words(ask: Ask) -> None:
    told = the_dead()
    ask("record", typed(list(told.values())))
    assert len(NEW) == 14
    for key in NEW.values():
        for lang in ("en", "ar"):
            shown = ask("show", rid(key), "--see", "sealed", "--lang", lang)
            assert RAW.findall(QUOTED.sub("", shown)) == [], shown
    found = ask("search", "Bulbuldna", "--see", "sealed")
    assert rid("match") in found or "identification" in found
    assert "Bulbulname" in ask("search", "Bulbulname")
    for lang in ("en", "ar"):
        report = ask("report", CASE, "--see", "sealed", "--lang", lang)
        assert RAW.findall(QUOTED.sub("", report)) == []


def test_what_is_sealed_is_in_no_answer_below(ask: Ask) -> None:
    told = the_dead("sealed")
    ask("record", typed(list(told.values())))
    marks = [mark for each in told.values() if each.see == "sealed" for mark in canaries(each)]
    marks += ["33.505071", "33505071", "36305071"]
    assert len(marks) > 30
    asked = (("report", CASE), ("search", "Rafi"), ("search", "disturbed"), ("show", rid("pit")),
             ("show", rid("town")), ("show", rid("list")))  # fmt: skip
    for words in asked:
        for more in ((), ("--json",), ("--lang", "ar")):
            said = ask(*words, *more)
            assert [mark for mark in marks if mark in said] == [], words
