"""A file that lies, breaks off or wants too much is refused in our words, by place."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.describe.describing_bureau import ITEM, Office, mark, open_office, spoken
from dalil.casebook.describe.exchange.carrying import FORMS, carry_out, read
from dalil.casebook.describe.exchange.entry import MAX_FAULTS, Faults
from dalil.casebook.describe.exchange.grid import grid_of
from dalil.casebook.describe.exchange.plan import Into, plan
from dalil.casebook.index.view import View
from dalil.casebook.recording import check_all
from dalil.errors import ImportRefused
from dalil.intake.take_in import Options, take_in
from dalil.vault.vault import Vault
from footage import GOP, Clip

ALL = View(2)
HEAD = '<?xml version="1.0"?>'
BOMB = (
    HEAD + '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><ANNOTATION_DOCUMENT>&c;</ANNOTATION_DOCUMENT>'
)
OUTSIDE = (
    HEAD + '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    "<ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>"
)
TIER = (
    HEAD + "<ANNOTATION_DOCUMENT><TIME_ORDER>"
    '<TIME_SLOT TIME_SLOT_ID="s" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="e" TIME_VALUE="9"/>'
    '<TIME_SLOT TIME_SLOT_ID="n"/></TIME_ORDER><TIER TIER_ID="t">%s</TIER></ANNOTATION_DOCUMENT>'
)
MARK = (
    '<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="%s" TIME_SLOT_REF1="%s"'
    ' TIME_SLOT_REF2="%s"><ANNOTATION_VALUE>%s</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>'
    "</ANNOTATION>"
)


def via(**metadata: Any) -> str:  # noqa: ANN401 - whatever a file may hold
    return json.dumps({"metadata": metadata, "attribute": {"1": {"aname": "value"}}})


def web(*items: Any) -> str:  # noqa: ANN401 - the same
    return json.dumps({"type": "AnnotationPage", "items": list(items)})


REFUSED = [
    ("elan", BOMB, "entities"),
    ("elan", OUTSIDE, "entities"),
    ("elan", "<html/>", "no ELAN file"),
    ("elan", "<ANNOTATION_DOCUMENT>", "no XML"),
    ("elan", '<?xml version="1.0" encoding="no-such"?><a/>', "no XML"),
    ("elan", TIER % (MARK % ("a1", "s", "gone", "x")), "tier t, annotation a1: its times"),
    ("elan", TIER % (MARK % ("a1", "s", "n", "x")), "tier t, annotation a1: its times"),
    ("elan", TIER % (MARK % ("a1", "e", "s", "x")), "tier t, annotation a1: .* backwards"),
    ("elan", TIER % (MARK % ("a1", "s", "e", "x") * 2), "a1: 1 is there twice"),
    ("webvtt", "1\n00:00.000 --> 00:01.000\nx\n", "line 1"),
    ("webvtt", "WEBVTT\n\n00:00.000 --> soon\nx\n", "line 3"),
    ("webvtt", "WEBVTT\n\n00:99.000 --> 01:00.000\nx\n", "line 3"),
    ("webvtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "line 3: .* backwards"),
    ("webvtt", "WEBVTT\n\n00:00.000 --> 00:01.000\n\n", "line 3: it says nothing"),
    ("webvtt", "WEBVTT\n\na\nb --> c\n00:00.000 --> 00:01.000\nx\n", "line 4"),
    ("via", "{", "line 1: this is no JSON"),
    ("via", "[" * 100_000, "no JSON"),
    ("via", '{"metadata": NaN}', "no JSON"),
    ("via", '{"x": ' + "9" * 10_000 + "}", "no JSON"),
    ("via", "[]", "no project of VIA 3"),
    ("via", via(a=1), "metadata a: an object"),
    ("via", via(a={"z": ["0", 1], "av": {"1": "x"}}), "metadata a: z"),
    ("via", via(a={"z": [0, 1], "xy": [3, 1, 1], "av": {"1": "x"}}), "metadata a: xy"),
    ("via", via(a={"z": [0, 1], "av": {"1": 7}}), "metadata a: av"),
    ("via", via(a={"vid": 1, "z": [0]}, b={"vid": 2, "z": [0]}), "about 2 files"),
    ("via", via(a={"z": [0, 1e300], "av": {"1": "x"}}), "metadata a: z"),
    ("via", via(a={"z": [0, 1], "av": {"1": "x\x07"}}), "metadata a: .* no text"),
    ("via", via(a={"z": [0, 1], "av": {"1": "x" * 70_000}}), "metadata a: 70000 characters"),
    ("web-annotation", "{}", "no annotations"),
    ("web-annotation", web({"body": "x"}), "annotation 1: target"),
    ("web-annotation", web({"target": {"source": "urn:dalil:item:" + "b" * 32}}), "not this item"),
    ("web-annotation", web({"target": {"selector": {"value": "t=x"}}, "body": "x"}), "stretch"),
]


@pytest.mark.parametrize(("form", "text", "said"), REFUSED)
def test_it_is_refused_by_its_place(form: str, text: str, said: str) -> None:
    def refusing() -> None:
        faults = Faults()
        read(form, text.encode(), faults, ITEM)
        faults.refuse()

    with pytest.raises(ImportRefused, match=said):
        refusing()


def test_a_number_that_would_fill_the_memory_is_no_time() -> None:
    faults = Faults()
    text = '{"metadata": {"a": {"z": [0, 1e999999999]}}, "attribute": {}}'
    read("via", text.encode(), faults, ITEM)
    assert faults.found == ["metadata a: z: the seconds of one picture, or from when to when"]


def test_every_wrong_place_is_named_up_to_fifty() -> None:
    cues = "".join(f"00:0{n % 9}.000 --> never\nx\n\n" for n in range(80))
    with pytest.raises(ImportRefused) as refused:
        read("webvtt", b"WEBVTT\n\n" + cues.encode(), Faults(), ITEM)
    assert refused.value.about.count("is no time") == MAX_FAULTS


@pytest.mark.parametrize("form", FORMS)
@given(data=st.binary(max_size=200))
def test_any_bytes_at_all_are_read_or_refused(form: str, data: bytes) -> None:
    try:
        read(form, data, Faults(), ITEM)
    except ImportRefused:
        return


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["metadata", "attribute", "z", "xy", "av", "aname", "vid", "1", "items", "first",
             "target", "selector", "source", "value", "body", "type", "purpose", "id"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@pytest.mark.parametrize("form", ["via", "web-annotation"])
@given(value=JSONS)
def test_any_json_at_all_is_read_or_refused(form: str, value: Any) -> None:  # noqa: ANN401
    try:
        read(form, json.dumps(value).encode(), Faults(), ITEM)
    except ImportRefused:
        return


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, bytes]]:
    office = open_office(tmp_path_factory.mktemp("files"))
    office.write(
        office.rima, mark(0, 500, text_en="x", label="person 1"), spoken(10, 900, "قف", speaker="a")
    )
    return office, {form: carry_out(office.casebook, ITEM, form, ALL).data for form in FORMS}


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_damaged_file_brings_in_only_what_can_be_written(
    files: tuple[Office, dict[str, bytes]], form: str, data: st.DataObject
) -> None:
    office, whole = files
    damaged = bytearray(whole[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=3))
    try:
        found = plan(office.casebook, form, bytes(damaged), Into(ITEM), ALL)
    except ImportRefused:
        return
    with office.casebook.reading() as connection:
        check_all(connection, found.records, "", office.rima.person_id)


def test_what_ends_after_the_footage_is_refused(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    Vault.create(office.archive)
    clip = Clip("clip.mp4", options=GOP, times=lambda i: i + 75, sound=None).make(tmp_path)
    take_in(office.archive, [clip], office.salma, (), Options(tiles=False))
    [item] = Vault.open(office.archive).items()
    text = "WEBVTT\n\n00:00.040 --> 00:00.500\nx\n\n00:01.000 --> 10:00.000\ny\n"
    with pytest.raises(ImportRefused, match="line 6: it ends after the footage does"):
        plan(office.casebook, "webvtt", text.encode(), Into(item), ALL)
    found = plan(office.casebook, "webvtt", text[:43].encode(), Into(item), ALL)
    [record] = found.records
    # What is near a picture is put on it: it begins one picture, 40 ms, after the first.
    grid = grid_of(office.archive, item)
    assert (record.pts_start, record.timebase) == (grid.stamps[1], grid.timebase)
    assert grid.stamp(Fraction(41, 1000)) == grid.stamps[1]
    assert grid.stamp(Fraction(50, 1000)) not in grid.stamps
    assert found.noted == ()
