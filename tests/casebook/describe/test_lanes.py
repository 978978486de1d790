"""Lanes, code books and transcripts as somebody may see them, and as they were on a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casebook.describe.describing_bureau import ITEM, Office, mark, open_office, spoken
from dalil.casebook import recording
from dalil.casebook.describe.code_book import books, code_book, definitions, meant_then
from dalil.casebook.describe.lanes import Mark, lanes
from dalil.casebook.describe.reading import items_of
from dalil.casebook.describe.transcript import transcript
from dalil.casebook.incident.act_map import act_map
from dalil.casebook.index.view import View, view_of
from dalil.casebook.record.describing import Annotation, Speech, Term
from dalil.casebook.record.form import Record, new_id
from dalil.casebook.record.relations import Conduct
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.record_shown import show_record
from dalil.casebook.search.query import Query
from dalil.casebook.search.search import search
from dalil.errors import NoSuchThing, RecordRefused

EVERYBODY = View()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def marks(office: Office, view: View = EVERYBODY, item: str = ITEM) -> list[Mark]:
    return [m for lane in lanes(office.casebook, item, view).lanes for m in lane.marks]


def test_lanes_are_in_order_of_time_exactly_whatever_the_time_base(office: Office) -> None:
    late = mark(1, 2, timebase="1/2", text_en="half a second")
    early = mark(499, 600, timebase="1/1000", text_en="a moment before")
    sound = mark(0, 9, lane="sound", label="voice 1")
    office.write(office.rima, late, early, sound)
    found = lanes(office.casebook, ITEM, EVERYBODY)
    assert [lane.name for lane in found.lanes] == ["deeds", "sound"]
    assert [each.id for each in found.lanes[0].marks] == [early.id, late.id]
    assert found.count == 3
    assert marks(office, item="c" * 32) == []


def test_a_mark_says_its_term_its_severity_and_on_what_it_rests(office: Office) -> None:
    shot = office.terms["shot"]
    seen = mark(0, 10, term=shot.id, box={"x": 1, "y": 2, "w": 3, "h": 4})
    milder = mark(20, 30, term=shot.id, severity=1)
    guess = mark(0, 30, text_ar="يبدو أنه جريح", basis="inference", rests_on=(seen.id, milder.id))
    office.write(office.rima, seen, milder, guess)
    office.write(office.rima, replace(milder, withdrawn="another man", revises=1))
    one, two = sorted(marks(office), key=lambda each: each.inferred)
    assert (one.term and one.term.name_ar, one.severity) == ("إطلاق نار", 4)
    assert one.box is not None
    assert (one.box.x, one.box.h) == (1, 4)
    assert two.rests_on == (seen.id, milder.id)
    assert two.fallen == (milder.id,)
    assert two.severity is None


def test_what_may_not_be_seen_is_in_no_lane(office: Office) -> None:
    secret = Term(id=new_id(), book="acts", key="secret", name_en="canarybird", see="sealed")
    by_term, own = mark(0, 5, term=secret.id), mark(5, 9, text_en="x", see="sealed")
    rests = mark(9, 12, text_en="y", basis="inference", rests_on=(own.id, by_term.id))
    office.write(office.rima, secret, by_term, own, rests)
    [seen] = marks(office)
    assert (seen.id, seen.rests_on) == (rests.id, ())
    assert "canarybird" not in repr(code_book(office.casebook, "acts", EVERYBODY))
    assert len(marks(office, View(2))) == 3
    assert items_of(office.casebook, View(0), Annotation) == ()
    assert items_of(office.casebook, EVERYBODY, Annotation) == (ITEM,)


INFERRED = {"text_en": "x", "basis": "inference"}


def test_an_inference_rests_on_an_observation_that_is_there(office: Office) -> None:
    seen = mark(0, 5, text_en="a man sits")
    office.write(office.rima, seen)
    guess = mark(0, 5, **INFERRED, rests_on=(seen.id,))
    with pytest.raises(RecordRefused, match="rests_on"):
        office.write(office.rima, mark(0, 5, **INFERRED))
    with pytest.raises(RecordRefused, match="not there"):
        office.write(office.rima, mark(0, 5, **INFERRED, rests_on=(new_id(),)))
    office.write(office.rima, guess)
    with pytest.raises(RecordRefused, match="observation"):
        office.write(office.rima, mark(0, 5, **INFERRED, rests_on=(guess.id,)))
    conduct = Conduct(id=new_id(), act="sits", item=ITEM, pts_start=0, pts_end=5, timebase="1/25")
    office.write(office.rima, conduct, mark(0, 5, **INFERRED, rests_on=(conduct.id, guess.id)))


def test_annotations_with_a_severity_speak_in_the_act_map(office: Office) -> None:
    shot, fall = office.terms["shot"], office.terms["fall"]
    office.write(
        office.rima,
        mark(1000, 2000, term=shot.id, label="person 3"),
        mark(3000, 4000, term=fall.id),
        mark(5000, 6000, text_ar="صمت", severity=0),
    )
    shown = act_map(office.casebook, ITEM, EVERYBODY)
    assert [(line.act, line.act_ar, line.severity) for line in shown.lines] == [
        ("Shot", "إطلاق نار", 4),
        ("صمت", "صمت", 0),
    ]
    assert [(int(b.start), b.severity) for b in shown.bands] == [
        (0, None),
        (1, 4),
        (2, None),
        (5, 0),
    ]
    assert shown.lines[0].actor is not None
    assert shown.lines[0].actor.label == "person 3"


def test_a_term_that_is_defined_anew_keeps_what_it_meant(office: Office) -> None:
    walk = office.terms["walk"]
    ledger = office.casebook.ledger

    def on(day: str, *records: Record) -> None:
        at = {"time": f"{day}T10:00:00Z"}
        recording.write_act(ledger, records, office.salma, brought=dict(at))

    on("2030-01-01", mark(0, 5, term=walk.id))
    narrow = replace(walk, definition_en="on both feet", since="2030-02", revises=1)
    on("2030-02-01", narrow)
    on("2030-03-01", mark(5, 9, term=walk.id))
    old, new = marks(office)
    assert (old.redefined, new.redefined) == (True, False)
    told = definitions(office.casebook, walk.id, EVERYBODY)
    assert [each.definition_en for each in told] == ["what is called walk", "on both feet"]
    assert meant_then(told, old.recorded_at) == told[0]
    assert meant_then(told, new.recorded_at) == told[1]
    then = code_book(office.casebook, "acts", view_of(known_on="2030-01-15"))
    assert {t.key: t.definition_en for t in then.terms}["walk"] == "what is called walk"


def test_a_code_book_holds_a_term_once_and_no_term_above_itself(office: Office) -> None:
    walk = office.terms["walk"]
    run = Term(id=new_id(), book="acts", key="run", name_en="Run", broader=walk.id)
    office.write(office.salma, run)
    shown = code_book(office.casebook, "acts", EVERYBODY).terms
    assert [(t.key, t.depth) for t in shown] == [("fall", 0), ("shot", 0), ("walk", 0), ("run", 1)]
    assert books(office.casebook, EVERYBODY) == ("acts",)
    for wrong in (
        Term(id=new_id(), book="acts", key="run", name_en="Run again"),
        Term(id=new_id(), book="other", key="run", name_en="Run", broader=walk.id),
        replace(walk, broader=run.id, revises=1),
    ):
        with pytest.raises(RecordRefused):
            office.write(office.salma, wrong)
    office.write(office.salma, replace(run, withdrawn="never used", revises=1))
    office.write(office.salma, Term(id=new_id(), book="acts", key="run", name_en="Run again"))
    with pytest.raises(NoSuchThing):
        code_book(office.casebook, "none", EVERYBODY)


def test_rival_translations_stand_side_by_side_the_certified_one_first(office: Office) -> None:
    said = spoken(0, 900, "امشِ", speaker="voice 1")
    more = spoken(1000, 1900, "لا تتوقف")
    ours = spoken(0, 900, "Walk.", lang="en", of=said.id, translator="R. S.")
    court = spoken(
        0, 900, "Go.", lang="en", of=said.id, version="court", translator="M. K.", certified=True
    )
    office.write(office.rima, more, said, ours, court)
    shown = transcript(office.casebook, ITEM, EVERYBODY)
    assert [(t.lang, t.version, t.translation) for t in shown.tracks] == [
        ("ar", None, False),
        ("en", None, True),
        ("en", "court", True),
    ]
    first, second = shown.beside(shown.tracks[0])
    assert first.said.id == said.id
    assert [(t.version, s[0].words) for t, s in first.rendered] == [
        ("court", "Go."),
        (None, "Walk."),
    ]
    assert second.rendered == ()


def test_a_translation_is_of_the_same_clip_and_a_certified_one_names_its_translator(
    office: Office,
) -> None:
    said = spoken(0, 900, "امشِ")
    office.write(office.rima, said)
    for wrong in (
        spoken(0, 900, "Walk.", lang="en", of=said.id, item="b" * 32),
        spoken(0, 900, "Walk.", lang="en", of=said.id, certified=True),
        spoken(0, 900, "Walk.", lang="en", translator="nobody's"),
        spoken(900, 0, "Walk.", lang="en"),
    ):
        with pytest.raises(RecordRefused):
            office.write(office.rima, wrong)


def test_each_new_kind_is_told_in_both_languages(office: Office) -> None:
    seen = mark(0, 5, term=office.terms["shot"].id, text_ar="رجل", label="person 1")
    guess = mark(0, 5, text_en="hurt", basis="inference", rests_on=(seen.id,))
    speech = spoken(0, 5, "امشِ", speaker="voice 1")
    english = spoken(0, 5, "Walk", lang="en", of=speech.id, translator="K", certified=True)
    office.write(office.rima, seen, guess, speech, english)
    desk = open_desk(office.casebook, EVERYBODY)
    told = {
        each.id: show_record(desk, office.casebook.get(each.id, EVERYBODY)).line
        for each in (seen, guess, speech, english, office.terms["shot"])
    }
    assert "إطلاق نار" in told[seen.id].ar
    assert "Shot" in told[seen.id].en
    assert "(inferred)" in told[guess.id].en
    assert "recorded as certified" in told[english.id].en
    assert isinstance(office.casebook.get(speech.id, EVERYBODY).record, Speech)


def test_what_is_described_is_found_by_its_words(office: Office) -> None:
    said = spoken(0, 5, "لا تتوقف", speaker="voice 1")
    seen = mark(0, 5, text_en="he turns to the wall", text_ar="يستدير إلى الحائط")
    office.write(office.rima, said, seen)
    for words, found in (("wall", seen.id), ("حائط", seen.id), ("تتوقف", said.id)):
        [hit] = search(office.casebook, Query(words), EVERYBODY).hits
        assert hit.id == found
    [hit] = search(office.casebook, Query("wall"), EVERYBODY).hits
    assert hit.headings == ("he turns to the wall", "يستدير إلى الحائط")


def test_what_is_described_by_a_term_is_found_by_its_names_old_and_new(office: Office) -> None:
    shot = office.terms["shot"]
    seen, secret = mark(0, 5, term=shot.id), mark(5, 9, term=shot.id, see="sealed")
    office.write(office.rima, seen, secret)

    def found(words: str, view: View = EVERYBODY) -> set[str]:
        hits = search(office.casebook, Query(words, kinds=("annotation",)), view).hits
        return {each.id for each in hits}

    assert found("shot") == found("إطلاق") == {seen.id}
    assert found("shot", View(2)) == {seen.id, secret.id}
    office.write(office.salma, replace(shot, name_en="Gunfire", revises=1))
    assert found("gunfire") == {seen.id}
    before = found("gunfire", View(2))
    office.casebook.rebuild()
    assert found("gunfire", View(2)) == before
    office.write(
        office.salma, replace(shot, see="sealed", name_en="Gunfire", revises=2), note="a reason"
    )
    assert found("gunfire") == set()
