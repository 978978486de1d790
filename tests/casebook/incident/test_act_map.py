"""Who did what to whom is told without watching it: severity first, gaps last, nothing inflated."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from casebook.bureau import Bureau, open_bureau
from dalil.casebook.incident.act_map import act_map
from dalil.casebook.incident.incident import find_incident, incident
from dalil.casebook.index.view import view_of
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import new_id
from dalil.casebook.record.relations import Conduct, Relation
from dalil.casebook.record.sources import Source
from dalil.casebook.record.things import Entity, Name
from dalil.cli import dalil
from dalil.errors import NoSuchThing, UsageRefused
from terminal import Terminal

ITEM, OTHER = "a" * 32, "b" * 32
HERE, ALL = view_of(), view_of("sealed")


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return open_bureau(tmp_path)


def conduct(start: int, end: int, **more: Any) -> Conduct:  # noqa: ANN401 - fields of the record
    """Return one line, from second to second."""
    fields = {"item": ITEM, "timebase": "1/25", "act": "walks", **more}
    return Conduct(id=new_id(), pts_start=start * 25, pts_end=end * 25, **fields)


def test_lines_stand_in_order_of_time_and_the_highest_severity_is_told_first(
    bureau: Bureau,
) -> None:
    late, early = conduct(20, 30, severity=4), conduct(2, 5, severity=1)
    bureau.casebook.write([late, early], bureau.signer)
    found = act_map(bureau.casebook, ITEM, HERE)
    assert [line.id for line in found.lines] == [early.id, late.id]
    assert found.worst is not None
    assert (found.worst.severity, int(found.worst.start)) == (4, 20)
    assert [(int(b.start), int(b.end), b.severity) for b in found.bands] == [
        (0, 2, None), (2, 5, 1), (5, 20, None), (20, 30, 4),
    ]  # fmt: skip
    assert [(int(g.start), int(g.end)) for g in found.undescribed] == [(0, 2), (5, 20)]
    assert found.silence == 17


def test_an_inference_describes_nothing_and_falls_with_what_it_rests_on(bureau: Bureau) -> None:
    seen = conduct(0, 10)
    guess = conduct(10, 20, basis="inference", rests_on=(seen.id,), severity=3)
    bureau.casebook.write([seen, guess], bureau.signer)
    found = act_map(bureau.casebook, ITEM, HERE)
    assert int(found.silence) == 10
    assert found.bands[-1].severity == 3
    bureau.casebook.write([replace(seen, withdrawn="another clip", revises=1)], bureau.signer)
    (line,) = act_map(bureau.casebook, ITEM, HERE).lines
    assert (line.rests_on, line.fallen) == ((seen.id,), (seen.id,))


def test_somebody_is_a_label_and_a_naming_is_a_claim_with_its_method(bureau: Bureau) -> None:
    man = Entity(id=new_id(), type="person", names=({"form": "ك. س. ع."},))
    paper, hidden = (
        Source(id=new_id(), type="journalism", title="The paper"),
        Source(id=new_id(), see="sealed", type="witness", title="hidden"),
    )
    where = {"item": ITEM, "pts_start": 50, "pts_end": 75, "timebase": "1/25"}
    detail = {"method": "by his voice", "conditions": "one recording", "label": "person 3"}
    named, denied = (
        Relation(
            id=new_id(), relation="identified_in", a=man.id, source=source, locator=where,
            detail=detail, polarity=polarity,
        )
        for source, polarity in ((paper.id, "affirms"), (hidden.id, "denies"))
    )  # fmt: skip
    line = conduct(2, 3, actor_label="person 3", target_label="three men")
    bureau.casebook.write([man, paper, hidden, named, denied, line], bureau.signer)
    found = act_map(bureau.casebook, ITEM, HERE)
    (shown,) = found.lines
    assert shown.actor is not None
    assert (shown.actor.label, shown.actor.entity) == ("person 3", None)
    claims = {claim.relation: claim for claim in found.seen}
    assert claims[named.id].method == "by his voice"
    assert claims[named.id].person.names == ("ك. س. ع.",)
    assert claims[denied.id].denied
    speakers = [claims[each.id].speaker for each in (named, denied)]
    assert [(each.title, each.withheld) for each in speakers if each is not None] == [
        ("The paper", False), (None, True),
    ]  # fmt: skip


def test_what_may_not_be_seen_is_no_line_and_an_item_of_such_lines_alone_is_unknown(
    bureau: Bureau,
) -> None:
    sealed = conduct(0, 5, see="sealed", severity=5)
    bureau.casebook.write(
        [conduct(5, 6), sealed, conduct(0, 1, item=OTHER, see="sealed")], bureau.signer
    )
    found = act_map(bureau.casebook, ITEM, HERE)
    assert [band.severity for band in found.bands] == [None, 0]
    with pytest.raises(NoSuchThing):
        act_map(bureau.casebook, OTHER, HERE)
    assert len(act_map(bureau.casebook, ITEM, ALL).lines) == 2


def night(bureau: Bureau) -> dict[str, Any]:
    """Write an incident down with a part, a place, people, and what was asked."""
    whole = Entity(id=new_id(), type="incident", key="incident:night", names=({"form": "الليلة"},))
    part = Entity(id=new_id(), type="incident", key="incident:quay", names=({"form": "the quay"},))
    place = Entity(id=new_id(), type="place", names=({"form": "المرفأ"},))
    guessed = Name(id=new_id(), entity=place.id, form="Harbour", role="translation")
    unit = Entity(id=new_id(), type="unit", names=({"form": "Unit 9"},))
    paper = Source(id=new_id(), type="journalism", title="The paper", published="2022-04")
    links = [
        Relation(id=new_id(), relation="part_of", a=part.id, b=whole.id),
        Relation(id=new_id(), relation="part_of", a=whole.id, b=part.id, polarity="affirms"),
        Relation(id=new_id(), relation="located_at", a=whole.id, b=place.id, source=paper.id),
        Relation(
            id=new_id(), relation="took_part_in", a=unit.id, b=part.id, source=paper.id,
            polarity="denies",
        ),
    ]  # fmt: skip
    asked = Proposition(id=new_id(), subject=whole.id, predicate="what", question_ar="ماذا؟")
    lines = [
        conduct(1, 2, incident=whole.id, actor=unit.id),
        conduct(3, 4, incident=part.id, item=OTHER),
        Conduct(id=new_id(), act="was seen", incident=part.id, place=place.id),
    ]
    records = [whole, part, place, guessed, unit, paper, *links, asked, *lines]
    bureau.casebook.write(records, bureau.signer)
    return {"whole": whole, "part": part, "lines": lines, "place": place}


def test_an_incident_tells_its_parts_places_people_and_footage(bureau: Bureau) -> None:
    made = night(bureau)
    found = incident(bureau.casebook, made["whole"].id, HERE)
    assert [part.entity for part in found.parts] == [made["part"].id]
    (where,) = found.places
    assert where.other is not None
    assert where.other.names == ("المرفأ",)
    (who,) = found.people
    assert (who.relation, who.denied) == ("took_part_in", True)
    assert [shown.item for shown in found.footage] == [ITEM, OTHER]
    assert found.footage[0].first is not None
    assert found.footage[0].first.start == 1
    assert [line.id for line in found.unseen] == [made["lines"][2].id]
    assert [each.question_ar for each in found.asked] == ["ماذا؟"]


def test_an_incident_is_found_by_its_key_unless_two_cases_have_it(bureau: Bureau) -> None:
    made = night(bureau)
    assert find_incident(bureau.casebook, "incident:night", HERE) == made["whole"].id
    assert find_incident(bureau.casebook, "night", HERE) == made["whole"].id
    assert find_incident(bureau.casebook, made["place"].id, HERE) is None
    again = Entity(id=new_id(), type="incident", case="other", key="incident:night")
    bureau.casebook.write([again], bureau.signer)
    with pytest.raises(UsageRefused, match="2 cases"):
        find_incident(bureau.casebook, "night", HERE)
    for named in ("other/night", "other/incident:night"):
        assert find_incident(bureau.casebook, named, HERE) == again.id


def test_the_days_of_a_view_hold_for_what_is_told_of_an_incident(bureau: Bureau) -> None:
    made = night(bureau)
    before = incident(bureau.casebook, made["whole"].id, view_of(said_by="2022-03-01"))
    assert (before.places, before.people) == ((), ())


def printed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Return what `dalil casebook acts WORDS…` prints."""
    dalil.main(["casebook", "acts", *map(str, words)], standalone_mode=False)
    return capsys.readouterr().out


def test_the_terminal_shows_an_act_map_in_both_languages(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    bureau.casebook.write(
        [
            conduct(2, 5, severity=5, actor_label="person 3", target_label="two men", act="beats",
                    box={"x": 1, "y": 2, "w": 3, "h": 4}, note_ar="ضرب", note_en="a beating"),
        ],
        bureau.signer,
    )  # fmt: skip
    said = printed(capsys, bureau.archive, ITEM[:6])
    assert "Highest severity described: 5 of 5, first at 00:00:02.000." in said
    span, who = "00:00:02.000 – 00:00:05.000  [5] ", "\u2068person 3\u2069 → \u2068two men\u2069"
    assert f"{span}{who}: \u2068beats\u2069" in said
    assert "Without an observation: 00:00:02.000 in all" in said
    arabic = printed(capsys, bureau.archive, ITEM, "--lang", "ar")
    assert "\u2068ضرب\u2069" in arabic
    assert "أعلى شدة موصوفة: 5 من 5" in arabic
    shown = json.loads(printed(capsys, bureau.archive, ITEM, "--json"))
    (line,) = shown["lines"]
    assert line["stretch"]["from"] == "00:00:02.000"
    assert Fraction(line["stretch"]["end"]) == 5


def test_an_item_that_is_not_there_is_refused(bureau: Bureau, tmp_path: Path) -> None:
    nothing = Terminal(tmp_path).says("casebook", "acts", bureau.archive, "nowhere")
    assert nothing.code == 2
    assert "no item begins so" in nothing.err


def test_the_terminal_shows_an_incident(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    night(bureau)
    said = printed(capsys, bureau.archive, "night")
    assert "Incident: \u2068الليلة\u2069" in said
    assert "denied: took part: \u2068Unit 9\u2069. According to \u2068The paper\u2069" in said
    assert f"Seen in item {ITEM}" in said
    assert "Told without footage" in said
