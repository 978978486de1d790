"""Victims, sites and law in every list that leaves; what families were told is in none."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.export.test_export_sheets import brought_in, everything
from casebook.export.test_ftm import faults_of
from casebook.the_dead import canaries, rid, the_dead
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.export.ftm import export_ftm
from dalil.casebook.export.geojson import export_geojson
from dalil.casebook.export.sheets import export_csv, export_xlsx
from dalil.casebook.index.view import view_of
from dalil.casebook.record import law, sites, victims
from dalil.casebook.record.form import kinds
from dalil.casebook.record.mentions import STAYS
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Name
from dalil.casebook.record.victims import Notification, Victim
from dalil.errors import NoSuchThing

ALL, HERE = view_of("sealed"), view_of()
NEW = sorted(
    each.kind
    for each in kinds().values()
    if each.__module__ in {m.__name__ for m in (victims, sites, law)}
)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a casebook with a record of every new kind; only read."""
    bureau = open_bureau(tmp_path_factory.mktemp("dead"))
    bureau.casebook.write(list(the_dead().values()), bureau.signer)
    return bureau


def entities(bureau: Bureau, out: Path, see: str = "sealed") -> dict[str, Any]:
    """Return FollowTheMoney entities by id."""
    export_ftm(bureau.casebook, view_of(see), out)
    return {each["id"]: each for each in map(json.loads, out.read_text("utf-8").splitlines())}


def test_the_case_holds_every_new_kind() -> None:
    assert set(NEW) <= {each.kind for each in the_dead().values()}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_new_kind_comes_back_the_same_but_what_families_were_told(
    bureau: Bureau, tmp_path: Path, form: str
) -> None:
    out = tmp_path / ("out.xlsx" if form == "xlsx" else "out")
    exported = (export_xlsx if form == "xlsx" else export_csv)(bureau.casebook, ALL, out)
    back = everything(brought_in(tmp_path / "other", out).casebook)
    kept = everything(bureau.casebook)
    assert {each.kind for each in kept.values()} >= set(NEW)
    assert back == {id_: each for id_, each in kept.items() if each.kind not in STAYS}
    assert "notification" not in dict(exported.counts)


def test_a_case_takes_along_whoever_is_said_to_be_its_victim(
    bureau: Bureau, tmp_path: Path
) -> None:
    export_csv(bureau.casebook, ALL, tmp_path / "out", "ferry")
    assert not (tmp_path / "out" / "notification.csv").exists()
    for kind in ("appearance", "recognition", "identification", "bearing", "position"):
        assert (tmp_path / "out" / f"{kind}.csv").exists(), kind


def test_a_case_of_nothing_but_notifications_is_none(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    told = the_dead()
    bureau.casebook.write([r for r in told.values() if r.kind != "notification"], bureau.signer)
    only = told["told"]
    bureau.casebook.write([replace(only, case="silence")], bureau.signer)
    with pytest.raises(NoSuchThing):
        export_csv(bureau.casebook, ALL, tmp_path / "out", "silence")


def test_a_victim_is_a_person_with_what_its_list_says(bureau: Bureau, tmp_path: Path) -> None:
    found = entities(bureau, tmp_path / "out.jsonl")
    named, three = found[rid("named")], found[rid("three")]
    assert (named["schema"], three["schema"]) == ("Person", "Person")
    said = named["properties"]
    assert said["name"] == ["Rafi Bulbulname", "رافي النجار"]
    assert said["weakAlias"] == ["Abu Bulbulbyname"]
    assert (said["gender"], said["birthDate"], said["deathDate"]) == (
        ["male"], ["1981"], ["2013-04-16"],
    )  # fmt: skip
    notes = " ".join(said["notes"])
    assert "age: " in notes
    assert "The list of the ferrymen" in notes
    assert "العمر" in notes
    assert three["properties"]["name"] == ["person 3 Bulbullabel"]
    assert "nobody has named this person" in " ".join(three["properties"]["notes"])
    assert not any(
        each["schema"] == "UnknownLink" and rid("three") in str(each) for each in found.values()
    )


def test_a_recognition_is_a_note_that_is_no_identification(bureau: Bureau, tmp_path: Path) -> None:
    found = entities(bureau, tmp_path / "out.jsonl")
    note = found[rid("known")]
    assert note["schema"] == "Note"
    assert note["properties"]["entity"] == [rid("three"), rid("named")]
    assert "by sight, which is no identification" in note["properties"]["description"][0]
    assert "وليس تحديدًا للهوية" in note["properties"]["description"][1]
    assert "said not to be" in found[rid("denied")]["properties"]["description"][0]
    assert rid("told") not in found


def test_followthemoneys_own_model_accepts_victims(bureau: Bureau, tmp_path: Path) -> None:
    assert faults_of(entities(bureau, tmp_path / "out.jsonl")) == []


def test_an_appearance_points_at_a_box_in_the_picture(bureau: Bureau, tmp_path: Path) -> None:
    export_annotations(bureau.casebook, ALL, tmp_path / "out.json")
    page = json.loads((tmp_path / "out.json").read_text("utf-8"))
    (seen,) = (each for each in page["first"]["items"] if each["id"].endswith(rid("seen")))
    fragments = [each["value"] for each in seen["target"]["selector"] if "value" in each]
    assert fragments == ["t=0.005,0.900&xywh=pixel:10,20,30,40"]
    assert "person 3 Bulbullabel" in str(seen["body"])
    assert "Rafi" not in str(seen["body"])


def test_every_list_says_that_notifications_stay(bureau: Bureau, tmp_path: Path) -> None:
    exports = (export_csv, export_xlsx, export_ftm, export_annotations, export_geojson)
    for number, export in enumerate(exports):
        made = export(bureau.casebook, ALL, tmp_path / str(number))
        assert any("families" in each for each in made.sentences("en")), export
        assert any("العائلات" in each or "عائلات" in each for each in made.sentences("ar")), export


def test_a_name_for_whom_nobody_has_named_does_not_leave(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    guess = Name(id="f" * 32, entity=rid("three"), form="Bulbulguess")
    bureau.casebook.write([*the_dead().values(), guess], bureau.signer)
    for number, export in enumerate((export_csv, export_ftm, export_annotations, export_geojson)):
        out = tmp_path / str(number)
        export(bureau.casebook, ALL, out)
        paths = [out] if out.is_file() else list(out.iterdir())
        assert not any("Bulbulguess" in path.read_text("utf-8-sig") for path in paths)


def test_a_withheld_source_takes_along_who_recognised(tmp_path: Path) -> None:
    bureau = open_bureau(tmp_path)
    told = the_dead()
    assert isinstance(told["list"], Source)
    told["list"] = replace(told["list"], see="sealed")
    bureau.casebook.write(list(told.values()), bureau.signer)
    export_csv(bureau.casebook, HERE, tmp_path / "out")
    text = "".join(path.read_text("utf-8-sig") for path in (tmp_path / "out").glob("*.csv"))
    for canary in ("Bulbulby,", "Bulbulsister", "Bulbulrow", "Bulbulconditions", "ferrymen"):
        assert canary not in text
    assert "Bulbulshown" in text


def bytes_of(out: Path) -> str:
    """Return everything that an export wrote, a workbook's sheets among it."""
    paths = [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file())
    if out.suffix == ".xlsx":
        with zipfile.ZipFile(out) as book:
            return "\n".join(book.read(name).decode() for name in book.namelist())
    return "\n".join(f"{path.name} {path.read_text('utf-8-sig')}" for path in paths)


EXPORTS = {
    "out": export_csv, "out.xlsx": export_xlsx, "out.ftm": export_ftm,
    "out.json": export_annotations, "out.geojson": export_geojson,
}  # fmt: skip


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    """Return a casebook in which all that is told of victims is sealed, notifications are open."""
    bureau = open_bureau(tmp_path_factory.mktemp("sealed"))
    told = the_dead("sealed")
    known = Victim(id=rid("open victim"), see="open", names=({"form": "an open name"},))
    notified = the_dead("open")["told"]
    assert isinstance(notified, Notification)
    told["told"] = replace(notified, victim=known.id)
    bureau.casebook.write([*told.values(), known], bureau.signer)
    return bureau


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("see", ["open", "restricted", "sealed"])
def test_no_canary_leaves_its_class_and_none_of_what_families_were_told_leaves_at_all(
    sealed: Bureau, tmp_path: Path, name: str, see: str
) -> None:
    EXPORTS[name](sealed.casebook, view_of(see), tmp_path / name)
    text = bytes_of(tmp_path / name)
    told = the_dead("sealed")
    hidden = [*canaries(told.pop("told")), rid("told")]
    assert len(hidden) > 4
    if see != "sealed":
        secret = [each for each in told.values() if each.see == "sealed"]
        hidden += [mark for each in secret for mark in (*canaries(each), each.id)]
        hidden += ["33504949", "36304949", "33505071", "36305071", "33.504949", "33.505071"]
        assert len(hidden) > 50
    assert [mark for mark in hidden if mark in text] == []
