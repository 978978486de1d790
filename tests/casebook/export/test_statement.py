"""Every export says of what it is and what is lost, in Arabic and English alike."""

from __future__ import annotations

import hashlib
import json
import string
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from random import Random

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.invented import Inventor
from dalil.casebook.casebook import Casebook
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Conduct
from dalil.casebook.record.things import Entity
from dalil.cli import dalil

FORMS = {"csv": "dalil-sheets/1", "xlsx": "dalil-sheets/1", "ftm": "followthemoney-entities",
         "annotations": "w3c-annotations", "geojson": "geojson"}  # fmt: skip


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("dalil.casebook.export", "words.json"),
        ("dalil.cli", "words/casebook_export.json"),
        ("dalil.cli", "words/casebook_acts.json"),
    ],
)
def test_every_sentence_is_there_in_both_languages_with_the_same_places(
    package: str, name: str
) -> None:
    sentences = json.loads((resources.files(package) / name).read_text("utf-8"))
    for key, both in sentences.items():
        places = [{f for _, f, _, _ in string.Formatter().parse(both[lang]) if f} for lang in both]
        assert list(both) == ["en", "ar"], key
        assert places[0] == places[1], key
        en, ar = (both[lang].format_map(Blank()) for lang in ("en", "ar"))
        arabic = any("\u0600" <= char <= "\u06ff" for char in ar)
        assert arabic == any(char.isalpha() for char in en), key


class Blank(dict[str, str]):
    """Fills every place of a sentence with nothing."""

    def __missing__(self, key: str) -> str:
        """Return nothing."""
        return ""


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_handed_out_at_the_terminal_and_says_its_view(
    bureau: Bureau,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    place = Entity(id=new_id(), see="open", type="place", lat_e6=1, lon_e6=2)
    line = Conduct(id=new_id(), act="walks", item="a" * 32, pts_start=0, pts_end=1, timebase="1/25")
    bureau.casebook.write([place, line], bureau.signer)
    out = tmp_path / f"out.{form}"
    words = ["casebook", "export", str(bureau.archive), str(out), "--as", form, "--see", "open"]
    words += ["--to", "a colleague", "--reason", "a test"]
    monkeypatch.setenv("DALIL_PASSPHRASE", "bureau")
    dalil.main([*words, "--json"], standalone_mode=False)
    said = json.loads(capsys.readouterr().out)
    assert said["form"] == FORMS[form]
    assert said["terms"]["see"] == "open"
    assert sum(count for _, count in said["counts"]) == (
        0 if form == "annotations" else 1 + (form == "ftm")
    )
    assert [len(pair) for pair in said["says"]] == [2] * len(said["says"])
    assert "up to the class “open”" in said["says"][0][0]
    assert "«مفتوح»" in said["says"][0][1]
    assert out.exists()
    (entry,) = bureau.casebook.ledger.acts("lists-given-out")
    assert entry.act.opened()["to"] == "a colleague"
    assert entry.act.opened()["see"] == "open"
    left = {each["name"]: each["sha256"] for each in entry.act.opened()["files"]}
    for path in [out] if out.is_file() else files(out):
        name = path.relative_to(out.parent).as_posix()
        assert left.pop(name) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not left


@pytest.mark.parametrize(
    "export", [export_csv, export_xlsx, export_ftm, export_annotations, export_geojson]
)
def test_the_same_casebook_gives_the_same_bytes(
    bureau: Bureau, tmp_path: Path, export: Callable[[Casebook, View, Path], object]
) -> None:
    bureau.casebook.write(Inventor(Random(2)).book(), bureau.signer)
    for turn in ("one", "two"):
        (tmp_path / turn).mkdir()
        export(bureau.casebook, view_of("sealed"), tmp_path / turn / "out")
        time.sleep(1.1 if export is export_xlsx and turn == "one" else 0)
    one, two = (
        {p.relative_to(tmp_path / turn): p.read_bytes() for p in files(tmp_path / turn)}
        for turn in ("one", "two")
    )
    assert one == two
    assert one


def files(folder: Path) -> list[Path]:
    """Return the files below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())
