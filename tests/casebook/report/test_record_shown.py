"""One record, as a view lets it be seen: its revisions, its names, and no withheld source."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.sources import Derivation, Source
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import find_record, open_desk
from dalil.casebook.report.record_shown import RecordShown, show_record
from dalil.cli.saying import plain
from dalil.errors import NoSuchThing

CANARY = "Kanarienvogel"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def shown(bureau: Bureau, record: Record, see: str = "restricted") -> RecordShown:
    view = view_of(see)
    return show_record(open_desk(bureau.casebook, view), bureau.casebook.get(record.id, view))


def hidden_source() -> Source:
    return Source(id=new_id(), see="sealed", type="interview", key=CANARY, publisher=CANARY)


def test_a_withheld_source_stands_in_no_field_of_whatever_shape(bureau: Bureau) -> None:
    hidden, told = hidden_source(), Source(id=new_id(), type="paper", key="S1")
    names = ({"form": "Sami", "source": hidden.id}, {"form": "سامي", "source": told.id})
    man = Entity(id=new_id(), type="person", names=names)
    place = Entity(id=new_id(), type="place", names=({"form": "Marsa"},))
    link = Relation(
        id=new_id(), relation="present_at", a=man.id, b=place.id, source=hidden.id,
        cited={"valid": {"sources": [hidden.id, told.id], "confidence": "high"}},
    )  # fmt: skip
    asked = Proposition(id=new_id(), subject=man.id, predicate="rank", value="major")
    said = Assertion(id=new_id(), proposition=asked.id, source=hidden.id, origin=hidden.id)
    bureau.casebook.write([hidden, told, man, place, link, asked, said], bureau.signer)
    for record, fields in (
        (man, ("names",)),
        (link, ("cited", "source")),
        (said, ("origin", "source")),
    ):
        found = shown(bureau, record)
        text = json.dumps(plain(found), ensure_ascii=False)
        assert hidden.id not in text
        assert CANARY not in text
        assert found.withheld == fields
        assert hidden.id in json.dumps(plain(shown(bureau, record, "sealed")))
    assert shown(bureau, link).fields["cited"]["valid"]["sources"] == [told.id]
    assert shown(bureau, man).fields["names"][0] == {"form": "Sami"}


def test_what_names_it_is_told_only_as_far_as_it_may_be_seen(bureau: Bureau) -> None:
    open_one, hidden = Source(id=new_id(), type="paper", key="S1"), hidden_source()
    from_it = Derivation(id=new_id(), child=open_one.id, parent=hidden.id, how="repeats")
    bureau.casebook.write([open_one, hidden, from_it], bureau.signer)
    assert shown(bureau, open_one).named_by == ()
    (naming,) = shown(bureau, open_one, "sealed").named_by
    assert (naming.kind, naming.id, naming.field) == ("derivation", from_it.id, "child")


def test_who_is_said_to_be_seen_is_told_with_how_and_where(bureau: Bureau) -> None:
    man = Entity(id=new_id(), type="person", names=({"form": "Sami"},))
    where = {"item": "3f" * 16, "pts_start": 900, "pts_end": 1800, "timebase": "1/90000"}
    seen = Relation(
        id=new_id(), relation="identified_in", a=man.id, locator=where,
        detail={"method": "family", "conditions": "shown one still"},
    )  # fmt: skip
    bureau.casebook.write([man, seen], bureau.signer)
    line = shown(bureau, seen).line.en
    for words in ("3f3f3f3f3f3f 900..1800 1/90000", "family", "shown one still"):
        assert words in line
    assert "الطريقة" in shown(bureau, seen).line.ar


def test_each_revision_says_what_it_changed_and_who_made_it(bureau: Bureau) -> None:
    first = Source(id=new_id(), type="paper", key="S1", title="one")
    bureau.casebook.write([first], bureau.signer)
    second = replace(first, title="two", published="2020", revises=1)
    bureau.casebook.write([second], bureau.signer)
    gone = replace(second, revises=2, withdrawn="entered twice")
    bureau.casebook.write([gone], bureau.signer)
    found = shown(bureau, first)
    assert [each.changed for each in found.revisions] == [
        (),
        ("published", "title"),
        ("withdrawn",),
    ]
    assert [each.seq for each in found.revisions] == [1, 2, 3]
    assert {each.by for each in found.revisions} == {"Salma"}


def test_what_hides_in_a_name_is_told_in_both_languages(bureau: Bureau) -> None:
    man = Entity(id=new_id(), type="person", names=({"form": "Sami\u202eimaS"},))
    bureau.casebook.write([man], bureau.signer)
    (mark,) = shown(bureau, man).marks
    assert "U+202E" in mark.en
    assert "U+202E" in mark.ar
    assert "\u202e" not in mark.en + mark.ar


def test_a_thing_is_called_in_the_script_of_the_page(bureau: Bureau) -> None:
    names = ({"form": "harbour"}, {"form": "Marsa"}, {"form": "مرسى"})
    place = Entity(id=new_id(), type="place", key="place:harbour", names=names)
    bureau.casebook.write([place], bureau.signer)
    line = shown(bureau, place).line
    assert "Marsa" in line.en
    assert "مرسى" in line.ar


def test_a_beginning_an_id_and_a_key_mean_the_same_record(bureau: Bureau) -> None:
    source = Source(id="ab" * 16, case="c", type="paper", key="S1")
    bureau.casebook.write([source, replace(source, id="ab" * 15 + "cd", key="S2")], bureau.signer)
    for word in ("ab" * 16, "S1", "c/S1", "ab" * 15 + "a"):
        assert find_record(bureau.casebook, word, view_of()).record.id == source.id
    for word in ("abab", "S9", "d/S1", "ab", "ab" * 15 + "ee"):
        with pytest.raises(NoSuchThing):
            find_record(bureau.casebook, word, view_of())
    with pytest.raises(NoSuchThing):
        find_record(bureau.casebook, "S1", view_of(), "entity")
    with pytest.raises(NoSuchThing):
        find_record(bureau.casebook, "S1", view_of("open"))
