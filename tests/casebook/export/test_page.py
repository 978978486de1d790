"""The page on handing lists out shows commands that work as they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Conduct
from dalil.casebook.record.things import Entity
from dalil.cli import dalil

PAGE = Path(__file__).resolve().parents[3] / "docs" / "hand-out-lists.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_every_command_on_the_page_does_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = open_bureau(tmp_path)
    quay = Entity(id=new_id(), type="incident", key="incident:quay", case="harbour")
    line = Conduct(
        id=new_id(), act="leads away", incident=quay.id, item="4f0c1d" + "0" * 26, pts_start=0,
        pts_end=90_000, timebase="1/90000",
    )  # fmt: skip
    bureau.casebook.write([quay, line], bureau.signer)
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    commands = [
        shlex.split(line.removeprefix("$ dalil "))
        for block in CONSOLE.findall(PAGE.read_text(encoding="utf-8"))
        for line in block.splitlines()
    ]
    assert len(commands) == 7
    for words in commands:
        here = [str(bureau.archive) if word == "/srv/archive" else word for word in words]
        assert dalil.main(here, standalone_mode=False) in (None, 0), words
    names = {path.name for path in tmp_path.iterdir()}
    assert {"harbour.xlsx", "harbour.jsonl", "clips.json", "map.geojson"} <= names
    assert (tmp_path / "out" / "harbour" / "conduct.csv").is_file()
