"""FollowTheMoney's own library reads what is handed out, and finds nothing wrong with it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from casebook.bureau import Bureau, open_bureau
from casebook.invented import Inventor
from dalil.casebook.export.ftm import certain_part, degrees, export_ftm
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Name
from peers import need

ALL, HERE = view_of("sealed"), view_of()
PEER = Path(__file__).resolve().parents[2] / "peers_src" / "ftm_faults.py"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def exported(bureau: Bureau, *records: Record, see: str = "restricted") -> dict[str, Any]:
    """Write records down, hand them out, and return the entities by id."""
    bureau.casebook.write(list(records), bureau.signer)
    out = bureau.archive.parent / "out.jsonl"
    export_ftm(bureau.casebook, view_of(see), out)
    entities = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len({each["id"] for each in entities}) == len(entities)
    return {each["id"]: each for each in entities}


def faults_of(entities: dict[str, Any]) -> list[str]:
    """Return what FollowTheMoney's model finds wrong, property by property."""
    own_python = Path(need("ftm")).resolve().parent / "python"
    told = subprocess.run(
        [str(own_python), str(PEER)],
        input=json.dumps(entities),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[str] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_its_own_model_accepts_every_entity(bureau: Bureau, seed: int) -> None:
    assert faults_of(exported(bureau, *Inventor(Random(seed)).book(4), see="sealed")) == []


def test_the_first_entity_says_what_is_lost(bureau: Bureau) -> None:
    first = next(iter(exported(bureau, Entity(id=new_id(), type="place")).values()))
    assert first["schema"] == "Note"
    assert "scope and ranges of counts" in first["properties"]["description"][0]
    assert "نطاق الأعداد" in first["properties"]["description"][1]


def test_a_translation_is_no_name_until_a_person_links_it(bureau: Bureau) -> None:
    place = Entity(
        id=new_id(),
        type="place",
        names=({"form": "التضامن"}, {"form": "Solidarity", "role": "translation"}),
    )
    guess = Name(id=new_id(), entity=place.id, form="Solidarité", role="translation")
    linked = Name(id=new_id(), entity=place.id, form="Solidarität", role="translation", linked=True)
    names = exported(bureau, place, guess, linked)[place.id]["properties"]
    assert (names["name"], names["alias"]) == (["التضامن"], ["Solidarität"])


def test_a_byname_is_a_weak_alias_and_no_name(bureau: Bureau) -> None:
    man = Entity(id=new_id(), type="person", names=({"form": "أبو علي", "role": "byname"},))
    names = exported(bureau, man)[man.id]["properties"]
    assert names["weakAlias"] == ["أبو علي"]
    assert names["name"] == [f"person {man.id}"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2013", "2013"), ("2013-04-16", "2013-04-16"), ("2013-04-XX", "2013-04"),
        ("2013-04-16T10:00:00Z", "2013-04-16"), ("2013~", None), ("201X", None), ("..", None),
        ("2013/2014", None), ("", None),
    ],
)  # fmt: skip
def test_of_a_date_what_is_certain_is_kept(given: str, kept: str | None) -> None:
    assert certain_part(given) == kept


def people() -> tuple[Entity, Entity]:
    """Return a person and a unit."""
    return Entity(id=new_id(), type="person"), Entity(id=new_id(), type="unit")


def test_a_sighting_is_no_start_and_no_end(bureau: Bureau) -> None:
    man, unit = people()
    post = Relation(
        id=new_id(), relation="posted_to", a=man.id, b=unit.id, valid="2012-03/2014",
        start_known=True, is_command=True,
    )  # fmt: skip
    link = exported(bureau, man, unit, post)[post.id]
    assert link["schema"] == "Membership"
    assert link["properties"]["startDate"] == ["2012-03"]
    assert link["properties"]["date"] == ["2014"]
    assert "endDate" not in link["properties"]
    assert link["properties"]["role"] == ["posted_to", "command"]


@pytest.mark.parametrize("why", ["denied", "machine"])
def test_what_is_denied_or_guessed_by_a_machine_is_no_link(bureau: Bureau, why: str) -> None:
    man, unit = people()
    polarity = "denies" if why == "denied" else "affirms"
    post = Relation(
        id=new_id(), relation="posted_to", a=man.id, b=unit.id, polarity=polarity,
        machine=why == "machine",
    )  # fmt: skip
    note = exported(bureau, man, unit, post)[post.id]
    assert note["schema"] == "Note"
    assert note["properties"]["entity"] == [man.id]
    assert ("denied" if why == "denied" else "by a machine") in note["properties"]["description"][0]


def test_an_assertion_is_a_note_with_its_source_and_its_silence_on_evidence(bureau: Bureau) -> None:
    place = Entity(id=new_id(), type="place")
    paper = Source(id=new_id(), type="journalism", title="الصحيفة", conditions="no publication")
    asked = Proposition(
        id=new_id(), subject=place.id, predicate="count", measure="deaths", scope="one clip",
        question_ar="كم؟", question_en="How many?",
    )  # fmt: skip
    said = Assertion(id=new_id(), proposition=asked.id, source=paper.id, lo=41, asserted="2022-04")
    found = exported(bureau, place, paper, asked, said)
    en, ar = found[said.id]["properties"]["description"]
    for part in ("question: \u2068How many?\u2069", "answer: at least 41", "no evidence offered"):
        assert part in en
    for part in ("\u2068كم؟\u2069", "لا يقل عن 41", "لم يقدَّم دليل", "\u2068الصحيفة\u2069"):
        assert part in ar
    assert found[said.id]["properties"]["proof"] == [paper.id]
    assert "conditions: no publication" in found[paper.id]["properties"]["notes"]


def test_degrees_are_written_exactly() -> None:
    assert [degrees(n) for n in (33_479_125, -5, 0, -36_000_001)] == [
        "33.479125", "-0.000005", "0.000000", "-36.000001",
    ]  # fmt: skip
