"""The drawing of a family: every copy where it sits, in two languages, whatever a name holds."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from dalil.match.copies.family import Family, families
from dalil.match.copies.judgement import NOT_SAME
from dalil.match.copies.placing import NANO, Extent
from dalil.match.copies.timeline import (
    MOST_ROWS,
    standing_alone,
    timeline_list,
    timeline_svg,
)
from dalil.match.found import SAME
from match.copies.drawn_families import MIRRORED, UPRIGHT, item, lead, piece, said

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>x</script>\u202e\x07 مقطع'
NAMES = {item("o"): "التضامن ٠١.mp4", item("a"): "repost.mp4", item("b"): HOSTILE}


@pytest.fixture
def family() -> Family:
    leads = [
        lead("a", "o", [piece((0, 8), (10, 20), MIRRORED)]),
        lead("b", "o", [piece((0, 10), (40, 50))]),
        lead("o", "p", [piece((0, 5), (0, 5))], score=0.2),
    ]
    lengths = {item("o"): 60, item("a"): 8, item("b"): 10, item("p"): 5}
    extents = {name: Extent(each * NANO, (0,)) for name, each in lengths.items()}
    words = [said("b", "z", SAME), said("a", "p", NOT_SAME)]
    (made,) = families(leads, words, extents)
    return made


def bars(svg: str) -> list[tuple[float, float]]:
    rows = ET.fromstring(svg).iter(f"{SVG}g")  # noqa: S314 - our own drawing
    drawn = [each for row in rows for each in row if each.tag == f"{SVG}rect"]
    return [(float(each.get("x", "")), float(each.get("width", ""))) for each in drawn]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_copy_lies_where_it_sits(family: Family, lang: str) -> None:
    drawn = bars(timeline_svg(family, NAMES, lang))
    placed = [
        (s.from_ns, s.to_ns)
        for member in family.members
        for s in sorted(member.sits, key=lambda sits: not sits.alone)
    ]
    left = 24 if lang == "ar" else 250
    scale = (960 - 250 - 24) / family.length_ns
    wanted = [(left + a * scale, (b - a) * scale) for a, b in placed]
    assert drawn == [pytest.approx(each, abs=0.2) for each in wanted]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_drawing_stands_in_a_strict_page(family: Family, lang: str) -> None:
    svg = timeline_svg(family, NAMES, lang)
    tree = ET.fromstring(svg)  # noqa: S314 - our own drawing
    assert {each.tag.removeprefix(SVG) for each in tree.iter()} <= {
        "svg", "g", "rect", "line", "text", "title",
    }  # fmt: skip
    names = {name for each in tree.iter() for name in each.attrib}
    assert not names & {"style", "id", "class", "href", "onload"}
    assert not re.search("[\u202a-\u202e\u2067\x07]", svg)
    assert "<script" not in svg
    assert ET.fromstring(standing_alone(svg)).find(f"{SVG}style") is not None  # noqa: S314


def test_the_list_says_all_that_the_drawing_shows(family: Family) -> None:
    said_so = "\n".join(timeline_list(family, NAMES, "en"))
    told = re.sub("[\u2066-\u2069]", "", said_so)
    assert "repost.mp4: 00:00.0–00:08.0 of it is 00:10.0–00:20.0; speed ×1.25; mirrored" in told
    assert "lacks 00:00.0–00:10.0, 00:20.0–01:00.0" in told
    assert "Whole in time and in picture, as far as is known: التضامن ٠١.mp4." in told
    assert "Copies by a person's word, with no place found: 7a000000." in told
    assert "A person told repost.mp4 and 70000000 apart." in told
    arabic = timeline_list(family, NAMES, "ar")
    assert len(arabic) == len(timeline_list(family, NAMES, "en"))
    assert "×1.25" in arabic[1] + arabic[2] + arabic[3]


def test_a_copy_whose_picture_is_cut_is_not_called_whole() -> None:
    part = replace(UPRIGHT, matrix=(0.8, 0, 0.1, 0, 0.8, 0.1, 0, 0, 1.0))
    (family,) = families([lead("a", "o", [piece((0, 9), (0, 9), part)])], [], {})
    told = re.sub("[\u2066-\u2069]", "", "\n".join(timeline_list(family, NAMES, "en")))
    assert "Whole in time and in picture, as far as is known: التضامن ٠١.mp4." in told
    assert "Whole in time, picture cut, for another copy shows more of it: repost.mp4." in told
    assert "كاملة زمنًا مقتطعة الصورة" in "\n".join(timeline_list(family, NAMES, "ar"))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_word_says_more_than_is_known(family: Family, lang: str) -> None:
    text = " ".join((timeline_svg(family, NAMES, lang), *timeline_list(family, NAMES, lang)))
    for word in ("authentic", "proves", "identified", "perpetrator", "different", "original"):
        assert word not in text.lower()


def test_a_great_family_is_drawn_in_part_and_says_so() -> None:
    leads = [lead(f"{i:03}", "o", [piece((0, 9), (i, i + 9))]) for i in range(MOST_ROWS + 5)]
    (family,) = families(leads, [], {})
    svg = timeline_svg(family, {}, "en")
    assert svg.count("<g>") == MOST_ROWS
    assert "and 6 more in the list" in svg
    assert len(timeline_list(family, {}, "en")) > MOST_ROWS + 5
