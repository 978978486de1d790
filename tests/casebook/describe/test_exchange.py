"""What goes out comes in again as the same; what is changed outside becomes a revision."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from pympi.Elan import Eaf

from casebook.bureau import open_bureau
from casebook.describe.describing_bureau import (
    BOOK,
    ITEM,
    Office,
    blind,
    done,
    mark,
    open_office,
    spoken,
)
from casebook.history import FEW
from casebook.invented import HARD_TEXTS
from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.exchange.carrying import FORMS, carry_out
from dalil.casebook.describe.exchange.plan import Into, plan
from dalil.casebook.describe.lanes import lanes
from dalil.casebook.describe.transcript import transcript
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Speech
from dalil.casebook.record.form import Record
from dalil.errors import ImportRefused, NoSuchThing, UsageRefused

ALL = View(2)
TEXTS = (*HARD_TEXTS, "<v voice> & --> ]]>", "a\n\nb", "لا\u200fتتوقف", "NOTE x", "WEBVTT", "&lt;")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def invented(office: Office, random: Random) -> list[Record]:
    """Return annotations and speech of every shape."""
    found: list[Record] = []
    texts = [each for each in TEXTS if each.strip()]
    for _ in range(random.randint(1, 8)):
        start = random.randint(0, 9000)
        more: dict[str, Any] = {
            "lane": random.choice(("deeds", "sound (2)", "أفعال", "a | b", "speech")),
            "text_en": random.choice((None, random.choice(texts))),
            "text_ar": random.choice((None, random.choice(texts))),
            "term": random.choice((None, *(each.id for each in office.terms.values()))),
            "label": random.choice(("person 3", "شخص ٣")),
            "box": random.choice((None, {"x": 1, "y": 2, "w": 3, "h": 4})),
            "timebase": random.choice(("1/1000", "1/90000", "1001/30000")),
        }
        earlier = [each.id for each in found if isinstance(each, Annotation)]
        if earlier and random.random() < 0.2:
            more |= {"basis": "inference", "rests_on": (earlier[0],)}
        found.append(mark(start, start + random.randint(0, 4000), **more))
    for _ in range(random.randint(1, 5)):
        start = random.randint(0, 9000)
        said = spoken(
            start, start + random.randint(0, 4000), random.choice(texts),
            lang=random.choice(("ar", "ku-Latn")), speaker=random.choice((None, "voice 1", "a>b")),
            version=random.choice((None, "court / 2")),
        )  # fmt: skip
        found += [said, spoken(start, start + 5, "x", lang="en", of=said.id, translator="K")]
    return found


def into(**more: Any) -> Into:  # noqa: ANN401 - fields
    said: dict[str, Any] = {"item": ITEM, "book": BOOK, "lang": "en"}
    return Into(**(said | more))


@FEW
@given(st.integers(0, 2**32), st.sampled_from(FORMS), st.sampled_from(["en", "ar"]))
def test_what_goes_out_and_comes_in_again_changes_nothing(seed: int, form: str, lang: str) -> None:
    with TemporaryDirectory() as folder:
        office = open_office(Path(folder))
        office.write(office.rima, *invented(office, Random(seed)))
        out = carry_out(office.casebook, ITEM, form, ALL, lang)
        again = plan(office.casebook, form, out.data, into(), ALL)
        assert again.records == ()
        assert (again.new, again.revised) == (0, 0)
        assert again.unchanged == out.annotations + out.segments
        assert out.data == carry_out(office.casebook, ITEM, form, ALL, lang).data


def elsewhere(folder: Path) -> Casebook:
    folder.mkdir()
    return open_bureau(folder).casebook


@pytest.mark.parametrize("form", FORMS)
def test_another_archive_reads_the_same_words_at_the_same_time(
    office: Office, form: str, tmp_path: Path
) -> None:
    records = [
        mark(40, 2000, term=office.terms["shot"].id, text_ar="رجل يسقط", label="person 3"),
        mark(1000, 1500, text_en="he turns"),
        mark(1200, 1600, text_en="a second at the same time"),
        spoken(100, 900, "امشِ & <لا> تتوقف", speaker="voice 1"),
    ]
    office.write(office.rima, *records)
    out = carry_out(office.casebook, ITEM, form, ALL)
    other = elsewhere(tmp_path / "other")
    found = plan(other, form, out.data, into(book=None, lang="ar"), ALL)
    again = plan(other, form, out.data, into(book=None, lang="ar"), ALL)
    assert found == again
    speech = [each for each in found.records if isinstance(each, Speech)]
    assert [(s.pts_start, s.pts_end, s.words, s.speaker, s.lang) for s in speech] == [
        (100, 900, "امشِ & <لا> تتوقف", "voice 1", "ar")
    ]
    told = [each for each in found.records if isinstance(each, Annotation)]
    if form == "webvtt":
        assert told == []
        return
    said = {(t.lane, t.pts_start, t.pts_end, t.text_en, t.label) for t in told}
    assert said >= {
        ("deeds", 1000, 1500, "he turns", None),
        ("deeds", 1200, 1600, "a second at the same time", None),
    }
    [shot] = [each for each in told if each.label]
    assert (shot.pts_start, shot.pts_end, shot.text_ar, shot.label) == (
        40, 2000, "رجل يسقط", "person 3",
    )  # fmt: skip


def test_a_word_of_the_code_book_is_read_as_its_term_in_either_language(office: Office) -> None:
    made = Eaf(author="x")
    made.add_tier("deeds")
    for at, word in enumerate(("Shot", "إطلاق نار", "walk", "something else")):
        made.add_annotation("deeds", at * 100, at * 100 + 90, word)
    data = eaf_bytes(made)
    found = plan(office.casebook, "elan", data, into(), ALL)
    terms = {each.id: key for key, each in office.terms.items()}
    told = [each for each in found.records if isinstance(each, Annotation)]
    assert [terms.get(each.term or "") for each in told] == ["shot", "shot", "walk", None]
    assert told[3].text_en == "something else"
    assert [(each.code, each.count) for each in found.noted] == [
        ("no-known-end", 4),
        ("texts-for-terms", 1),
    ]
    office.write(office.rima, *found.records)
    again = plan(office.casebook, "elan", data, into(), ALL)
    assert (again.new, again.revised, again.unchanged) == (0, 0, 4)


def eaf_bytes(made: Eaf) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.eaf")
        made.to_file(str(path))
        return path.read_bytes()


def test_what_another_program_moves_is_a_revision_of_that_mark_alone(office: Office) -> None:
    one = mark(90, 180, timebase="1/90", text_en="he turns", severity=2)
    two = mark(270, 360, timebase="1/90", text_en="he falls")
    office.write(office.rima, one, two)
    out = carry_out(office.casebook, ITEM, "elan", ALL)
    changed = out.data.replace(b'TIME_VALUE="2000"', b'TIME_VALUE="2500"')
    assert changed != out.data
    found = plan(office.casebook, "elan", changed, into(), ALL)
    assert found.records == (replace(one, pts_end=225, revises=1),)
    assert (found.new, found.revised, found.unchanged) == (0, 1, 1)
    office.write(office.rima, *found.records)
    lane = lanes(office.casebook, ITEM, ALL).lanes[0]
    assert [(m.pts_start, m.pts_end, m.severity) for m in lane.marks] == [
        (90, 225, 2),
        (270, 360, None),
    ]


def test_ours_and_the_libraries_read_the_same_of_our_files(office: Office) -> None:
    office.write(
        office.rima, mark(0, 500, text_en="a"), mark(100, 400, text_en="b"), spoken(10, 20, "قف")
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "x.eaf")
        path.write_bytes(carry_out(office.casebook, ITEM, "elan", ALL).data)
        read = Eaf(str(path))
        assert read.get_annotation_data_for_tier("deeds") == [(0, 500, "a")]
        assert read.get_annotation_data_for_tier("deeds (2)") == [(100, 400, "b")]
        assert read.get_annotation_data_for_tier("speech ar") == [(10, 20, "قف")]
    cues = webvtt.from_string(carry_out(office.casebook, ITEM, "webvtt", ALL).data.decode())
    assert [(c.start, c.end, c.text) for c in cues.captions] == [
        ("00:00:00.010", "00:00:00.020", "قف")
    ]


def test_a_file_says_what_it_does_not_hold(office: Office) -> None:
    seen = mark(0, 5, term=office.terms["shot"].id, box={"x": 1, "y": 1, "w": 1, "h": 1})
    guess = mark(0, 5, text_en="x", basis="inference", rests_on=(seen.id,))
    early = mark(-50, -5, text_en="before the first picture")
    office.write(office.rima, seen, guess, early)
    out = carry_out(office.casebook, ITEM, "elan", ALL)
    lost = {each.code: each.count for each in out.lost}
    assert lost == {
        "time-to-the-millisecond": 3, "boxes": 1, "grounds": 1, "severities": 1,
        "before-the-start": 1,
    }  # fmt: skip
    with pytest.raises(NoSuchThing):
        carry_out(office.casebook, ITEM, "webvtt", ALL)
    with pytest.raises(UsageRefused):
        carry_out(office.casebook, ITEM, "docx", ALL)


def test_what_may_not_be_seen_leaves_in_no_form(office: Office) -> None:
    office.write(
        office.rima,
        mark(0, 5, text_en="canarybird", see="sealed"),
        mark(0, 5, text_en="plain"),
        spoken(0, 5, "canarybird", see="sealed"),
        spoken(0, 5, "plain"),
    )
    for form in FORMS:
        assert b"canarybird" not in carry_out(office.casebook, ITEM, form, View(1)).data
        assert b"canarybird" in carry_out(office.casebook, ITEM, form, View(2)).data


def test_the_number_of_what_may_not_be_seen_is_no_way_to_it(office: Office) -> None:
    hidden = mark(0, 500, text_en="canarybird", see="sealed")
    office.write(office.rima, hidden)
    theirs = {"metadata": {hidden.id: {"vid": "1", "z": [0, 1], "xy": [], "av": {"1": "guess"}}},
              "attribute": {"1": {"aname": "value"}}}  # fmt: skip
    found = plan(office.casebook, "via", json.dumps(theirs).encode(), into(), View(1))
    [record] = found.records
    assert record.id != hidden.id
    assert (found.new, found.revised) == (1, 0)
    office.write(office.rima, *found.records)


def test_what_was_written_blind_is_not_changed_by_a_file(office: Office) -> None:
    round_ = blind(office.rima, office.idris)
    hers = mark(0, 500, text_en="a", round=round_.id, annotator=office.rima.person_id)
    office.write(office.salma, round_)
    office.write(office.rima, hers, done(round_, office.rima))
    office.write(office.idris, done(round_, office.idris))
    data = carry_out(office.casebook, ITEM, "via", ALL).data
    assert plan(office.casebook, "via", data, into(), ALL).unchanged == 1
    moved = data.replace(b"0.5\n", b"0.6\n")
    assert moved != data
    with pytest.raises(ImportRefused, match="blind round"):
        plan(office.casebook, "via", moved, into(), ALL)


def test_web_annotations_keep_time_stamps_exactly(office: Office, tmp_path: Path) -> None:
    odd = mark(7, 31, timebase="1001/30000", text_en="odd", box={"x": 0, "y": 0, "w": 9, "h": 9})
    office.write(office.rima, odd)
    data = carry_out(office.casebook, ITEM, "web-annotation", ALL).data
    found = plan(elsewhere(tmp_path / "b"), "web-annotation", data, into(book=None), ALL)
    [record] = found.records
    assert isinstance(record, Annotation)
    assert (record.pts_start, record.pts_end, record.timebase) == (7, 31, "1001/30000")
    assert record.box == odd.box
    # A program that knows seconds alone leaves the stamps behind: the seconds count.
    told = json.loads(data)
    selectors = told["first"]["items"][0]["target"]["selector"]
    selectors[0]["value"] = "t=0.5,1.5"
    moved = plan(office.casebook, "web-annotation", json.dumps(told).encode(), into(), ALL).records
    assert [(r.pts_start, r.pts_end) for r in moved] == [
        (round(Fraction(1, 2) / Fraction(1001, 30000)), round(Fraction(3, 2) * 30000 / 1001))
    ]


def test_transcripts_come_in_as_they_are(office: Office) -> None:
    text = (
        "WEBVTT - ours\n\nNOTE a remark\n\nSTYLE\n::cue { color: red }\n\n"
        "1\n00:01.000 --> 00:02.500 align:start\n<v سامي>امشِ</v>\n\n"
        "01:00:00.000 --> 01:00:01.000\nسطر\nوسطر &amp; <i>ثالث</i>\n"
    )
    wanted = into(lang="ar", version="court")
    found = plan(office.casebook, "webvtt", text.replace("\n", "\r\n").encode(), wanted, ALL)
    said = [each for each in found.records if isinstance(each, Speech)]
    assert [(s.pts_start, s.pts_end, s.words, s.speaker, s.version) for s in said] == [
        (1000, 2500, "امشِ", "سامي", "court"),
        (3_600_000, 3_601_000, "سطر\nوسطر & ثالث", None, "court"),
    ]
    office.write(office.rima, *found.records)
    assert len(transcript(office.casebook, ITEM, ALL).tracks[0].segments) == 2
