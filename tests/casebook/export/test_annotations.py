"""Annotations have the shape of the W3C model, and point at exactly the stretch they mean."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from casebook.bureau import Bureau, open_bureau
from casebook.invented import Inventor
from dalil.casebook.describe.exchange.entry import Faults
from dalil.casebook.describe.exchange.web_annotation import read_web_annotation
from dalil.casebook.export.annotations import export_annotations
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Annotation as Annotated
from dalil.casebook.record.describing import Speech, Term
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Conduct
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity

IRI = {
    "type": "string",
    "pattern": r"^(urn:dalil:(record|item):[0-9a-f]{32}|urn:dalil:withheld|https?://\S+)$",
}
MOTIVATIONS = {
    "anyOf": [
        {"enum": ["describing", "tagging", "classifying", "linking", "identifying"]},
        {"pattern": "^dalil:(lane|words|speaker|version)$"},
    ]
}
# Web Annotation Data Model, 3.2 (bodies), 4.1 (specific resources), 4.2 (selectors), 5 (pages).
BODY = {
    "type": "object",
    "required": ["type", "purpose"],
    "properties": {"purpose": MOTIVATIONS},
    "oneOf": [
        {
            "properties": {
                "type": {"const": "TextualBody"},
                "value": {"type": "string"},
                "language": {"enum": ["en", "ar", "ku"]},
                "textDirection": {"enum": ["ltr", "rtl"]},
            },
            "required": ["value"],
        },
        {
            "properties": {"type": {"const": "SpecificResource"}, "source": IRI},
            "required": ["source"],
        },
    ],
}
TIME = r"t=\d+\.\d{3},\d+\.\d{3}"
BOX = r"xywh=pixel:\d+,\d+,\d+,\d+"
SELECTOR = {
    "type": "object",
    "required": ["type"],
    "oneOf": [
        {
            "properties": {
                "type": {"const": "FragmentSelector"},
                "conformsTo": {"const": "http://www.w3.org/TR/media-frags/"},
                "value": {"pattern": f"^({TIME}|{BOX}|{TIME}&{BOX})$"},
            },
            "required": ["value", "conformsTo"],
        },
        {
            "properties": {"type": {"const": "FragmentSelector"}, "value": {"pattern": "^page="}},
            "required": ["value"],
        },
        {"properties": {"type": {"const": "TextQuoteSelector"}}, "required": ["exact"]},
        {"properties": {"type": {"const": "CssSelector"}}, "required": ["value"]},
        {
            "properties": {
                "type": {"const": "dalil:PtsSelector"},
                "dalil:ptsStart": {"type": "integer"},
                "dalil:ptsEnd": {"type": "integer"},
                "dalil:timebase": {"pattern": r"^\d+/\d+$"},
            },
            "required": ["dalil:ptsStart", "dalil:ptsEnd", "dalil:timebase"],
        },
    ],
}
TARGET = {
    "anyOf": [
        IRI,
        {
            "type": "object",
            "required": ["source"],
            "properties": {"source": IRI, "selector": {"type": "array", "items": SELECTOR}},
        },
    ]
}
COLLECTION = {
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "properties": {
        "@context": {"contains": {"const": "http://www.w3.org/ns/anno.jsonld"}},
        "type": {"const": "AnnotationCollection"},
        "first": {
            "required": ["type", "items"],
            "properties": {
                "type": {"const": "AnnotationPage"},
                "items": {
                    "items": {
                        "required": ["id", "type", "target", "body", "created"],
                        "properties": {
                            "id": IRI,
                            "type": {"const": "Annotation"},
                            "motivation": MOTIVATIONS,
                            "target": TARGET,
                            "body": {"type": "array", "items": BODY},
                        },
                    }
                },
            },
        },
    },
}
ITEM = "0" * 31 + "7"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def exported(bureau: Bureau, *records: Record, see: str = "restricted") -> dict[str, Any]:
    """Write records down, hand them out, and return the annotations by id."""
    bureau.casebook.write(list(records), bureau.signer)
    out = bureau.archive.parent / "out.json"
    export_annotations(bureau.casebook, view_of(see), out)
    collection = json.loads(out.read_text("utf-8"))
    Draft202012Validator(COLLECTION).validate(collection)
    items = collection["first"]["items"]
    assert collection["total"] == len(items)
    return {each["id"].removeprefix("urn:dalil:record:"): each for each in items}


def test_every_invented_annotation_has_the_shape_of_the_model(bureau: Bureau) -> None:
    found = exported(bureau, *Inventor(Random(3)).book(5), see="sealed")
    assert len(found) > 15


def test_a_stretch_is_told_in_seconds_and_exactly(bureau: Bureau) -> None:
    seen = Conduct(
        id=new_id(), act="a car stops", actor_label="person 3 in clip 7", item=ITEM,
        pts_start=90_001, pts_end=180_001, timebase="1/90000",
        box={"x": 1, "y": 2, "w": 3, "h": 4}, severity=2, note_ar="سيارة تقف",
    )  # fmt: skip
    target = exported(bureau, seen)[seen.id]["target"]
    assert target["source"] == f"urn:dalil:item:{ITEM}"
    fragment, exact = target["selector"]
    assert fragment["value"] == "t=1.000,2.001&xywh=pixel:1,2,3,4"
    assert (exact["dalil:ptsStart"], exact["dalil:ptsEnd"]) == (90_001, 180_001)
    assert exact["dalil:timebase"] == "1/90000"


def test_the_words_of_a_line_leave_in_their_languages(bureau: Bureau) -> None:
    seen = Conduct(
        id=new_id(), act="x", item=ITEM, pts_start=0, pts_end=1, timebase="1/25", note_ar="ملاحظة"
    )
    body = exported(bureau, seen)[seen.id]["body"]
    assert [each["textDirection"] for each in body if each.get("language") == "ar"] == ["rtl"]
    assert {"severity:0", "observation"} <= {each.get("value") for each in body}


def test_a_time_base_that_cannot_be_read_points_at_the_whole_item_and_is_told(
    bureau: Bureau, tmp_path: Path
) -> None:
    place, paper = Entity(id=new_id(), type="place"), Source(id=new_id(), type="journalism")
    asked = Proposition(id=new_id(), subject=place.id, predicate="what")
    said = Assertion(
        id=new_id(), proposition=asked.id, source=paper.id, locator={"item": ITEM}
    )  # fmt: skip
    found = exported(bureau, place, paper, asked, said)
    assert found[said.id]["target"] == {"source": f"urn:dalil:item:{ITEM}"}
    done = export_annotations(bureau.casebook, view_of(), tmp_path / "again.json")
    assert any(says.endswith("the whole item: 1.") for says in done.sentences("en"))


def test_a_passage_of_a_withheld_source_does_not_lead_to_it(bureau: Bureau) -> None:
    place = Entity(id=new_id(), type="place")
    hidden = Source(id=new_id(), see="sealed", type="witness", title="hidden")
    asked = Proposition(id=new_id(), subject=place.id, predicate="what")
    said = Assertion(
        id=new_id(), proposition=asked.id, source=hidden.id,
        locator={"url": "https://example.org/x", "page": "4", "quote": "I saw it"},
    )  # fmt: skip
    shown = exported(bureau, place, hidden, asked, said)[said.id]
    assert shown["target"] == {
        "source": "urn:dalil:withheld",
        "selector": [{"type": "TextQuoteSelector", "exact": "I saw it"}],
    }
    text = json.dumps(shown)
    assert "a withheld source" in text
    assert hidden.id not in text


def test_an_annotation_and_its_transcript_point_at_their_stretch(bureau: Bureau) -> None:
    item = "a" * 32
    where: dict[str, Any] = {"item": item, "pts_start": 90, "pts_end": 180, "timebase": "1/90"}
    term = Term(id=new_id(), book="deeds", key="turn", name_en="turns")
    seen = Annotated(id=new_id(), lane="deeds", term=term.id, label="person 3", severity=4, **where)
    said = Speech(id=new_id(), lang="ar", words="قف", **where)
    grave = Annotated(id=new_id(), lane="deeds", text_en="he falls", severity=5, **where)
    hidden = Speech(id=new_id(), lang="ar", words="canarybird", see="sealed", **where)
    bureau.casebook.write([term, seen, said, hidden, grave], bureau.signer)
    out = bureau.archive.parent / "out.jsonld"
    export_annotations(bureau.casebook, view_of("restricted"), out)
    text = out.read_text(encoding="utf-8")
    assert "canarybird" not in text
    items = {each["id"]: each for each in json.loads(text)["first"]["items"]}
    assert set(items) == {f"urn:dalil:record:{each.id}" for each in (seen, said, grave)}
    told = items[f"urn:dalil:record:{seen.id}"]
    says = {body.get("purpose"): body.get("value") for body in reversed(told["body"])}
    assert (says["dalil:lane"], says["tagging"], says["identifying"]) == (
        "deeds", "turns", "person 3",
    )  # fmt: skip
    assert told["target"]["selector"][0]["value"] == "t=1.000,2.000"
    # What leaves as a list of the archive comes in as one of an item.
    read = read_web_annotation(out.read_bytes(), Faults(), item)
    assert [(each.value, each.stamps) for each in read] == [
        ("turns", (90, 180, "1/90")),
        (None, (90, 180, "1/90")),
        ("قف", (90, 180, "1/90")),
    ]
