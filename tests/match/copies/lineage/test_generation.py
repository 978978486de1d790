"""The likely order of copies: reasons of two sorts that agree, or unknown."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.match.copies.family import Family, families
from dalil.match.copies.lineage.generation import generation_list, generations
from dalil.match.copies.lineage.traces import Traces
from dalil.match.copies.placing import NANO, Extent
from dalil.match.found import Found, Stage
from match.copies.drawn_families import item, lead, piece

PLAIN = Traces("mov,mp4", "h264", 640, 360, 25.0, 8e5, 50, None, (), "", "", messenger=False)
LEADS = [lead("a", "o", [piece((0, 60), (0, 60))]), lead("b", "o", [piece((0, 20), (10, 30))])]
LENGTHS = {item("o"): 60, item("a"): 60, item("b"): 20}


def family(leads: list[Found]) -> Family:
    return families(leads, [], {name: Extent(n * NANO, (0,)) for name, n in LENGTHS.items()})[0]


def steps(traces: Mapping[str, Traces | None]) -> list[str]:
    made = generations(family(LEADS), LEADS, traces)
    return [
        bytes.fromhex(each.earlier + each.later).replace(b"\0", b"").decode() for each in made.steps
    ]


@pytest.mark.parametrize(
    ("other", "ordered"),
    [
        ({}, []),
        ({"width": 320, "height": 180}, []),
        ({"width": 320, "height": 180, "rate": 12.0}, []),
        ({"bits": 1e5}, []),
        ({"width": 320, "height": 180, "bits": 1e5}, ["oa"]),
        ({"width": 320, "height": 180, "coded_before": 12}, ["oa"]),
        ({"width": 320, "height": 180, "program": "Lavf60.3.100"}, ["oa"]),
        ({"messenger": True, "coded_before": 12}, ["oa"]),
        ({"width": 1280, "height": 720, "coded_before": 12}, []),
        ({"stamped": "2024-01-01T00:00:00Z"}, []),
        ({"stamped": "2024-01-01T00:00:00Z", "coded_before": 12}, []),
    ],
)
def test_one_sort_of_reason_is_not_enough(other: dict[str, object], ordered: list[str]) -> None:
    first = replace(PLAIN, stamped="2013-04-16T10:00:00Z")
    told = {item("o"): first, item("a"): replace(PLAIN, **other), item("b"): None}  # type: ignore[arg-type]
    assert steps(told) == ordered


def test_a_cut_that_is_coarser_likely_stands_further_and_was_no_source_of_the_whole() -> None:
    told = {item("o"): PLAIN, item("a"): PLAIN, item("b"): replace(PLAIN, width=320, height=180)}
    made = generations(family(LEADS), LEADS, told)
    assert steps(told) == ["ab", "ob"]
    assert set(made.not_from) == {(item("o"), item("b")), (item("a"), item("b"))}
    assert made.nearest == (item("a"), item("o"))
    assert [(each.a, each.b) for each in made.unknown] == [(item("a"), item("o"))]


def test_pictures_that_fill_a_slowed_copy_speak_for_nothing() -> None:
    slow = [lead("o", "s", [piece((0, 60), (0, 80))])]
    (made,) = families(slow, [], {item("o"): Extent(60 * NANO), item("s"): Extent(80 * NANO)})
    told = {item("o"): replace(PLAIN, rate=12.0, coded_before=12), item("s"): PLAIN}
    assert not generations(made, slow, told).steps


def test_equal_streams_are_no_generation_apart() -> None:
    equal = replace(LEADS[0], stages=(Stage("packets", "yes"),))
    told = {item("o"): PLAIN, item("a"): replace(PLAIN, messenger=True, coded_before=12)}
    made = generations(family([equal, LEADS[1]]), [equal, LEADS[1]], told)
    assert made.equal == ((item("a"), item("o")),)
    assert not made.steps


def test_reasons_are_told_in_both_languages() -> None:
    told = {
        item("o"): replace(PLAIN, device=("com.android.version",), stamped="2013"),
        item("a"): replace(PLAIN, width=320, height=180, rate=12.0, bits=1e5, coded_before=12,
                           program="Lavf60", messenger=True, stamped="2024"),
        item("b"): None,
    }  # fmt: skip
    made = generations(family(LEADS), LEADS, told)
    english = generation_list(made, {}, "en")
    assert "every 12 pictures" in english[0]
    assert "230 thousand against 58" in english[0]
    assert "which anybody can set" in english[0]
    assert len(generation_list(made, {}, "ar")) == len(english)
    assert any("is not known" in line for line in english)


TRACES = st.none() | st.builds(
    replace, st.just(PLAIN),
    width=st.sampled_from([320, 640]), rate=st.sampled_from([12.0, 25.0]),
    bits=st.sampled_from([1e5, 8e5]), coded_before=st.sampled_from([None, 12]),
    device=st.sampled_from([(), ("make",)]), program=st.sampled_from(["", "Lavf60"]),
    messenger=st.booleans(), stamped=st.sampled_from(["", "2013", "2024"]),
)  # fmt: skip


@given(st.fixed_dictionaries({item(name): TRACES for name in "oab"}))
def test_an_order_never_goes_round_and_leaves_no_pair_out(told: dict[str, Traces | None]) -> None:
    made = generations(family(LEADS), LEADS, told)
    pairs = [(each.earlier, each.later) for each in made.steps]
    assert not any((b, a) in pairs for a, b in pairs)
    assert len(made.steps) + len(made.unknown) == 3
    if pairs:
        assert made.nearest
