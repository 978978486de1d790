"""A telling is read strictly: what does not fit is named by hop and field."""

from pathlib import Path

import pytest

from dalil.errors import Malformed
from dalil.intake.gaps import gaps_in
from dalil.intake.telling import hop_from_options, parse_telling, read_telling
from intake.reception import drive, open_reception

GOOD = """
hops:
  - hop: 1
    who: رجل
    how: copied
    when: 2019
    source: his letter
  - hop: 1
    who: another
    how: found
    when: 2018-11-02
    source: a newspaper
"""


def test_rival_tellings_of_one_hop_stand_side_by_side() -> None:
    hops = parse_telling(GOOD.encode(), "t")
    assert [(hop.hop, hop.who, hop.when) for hop in hops] == [
        (1, "رجل", "2019"),
        (1, "another", "2018-11-02"),
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("hops: [{who: a, how: b}]", "hop 1, field source"),
        ("hops: [{who: a, how: b, source: c}, {who: [x], how: b, source: c}]", "hop 2, field who"),
        ("hops: [{who: a, how: b, source: c, whom: d}]", "'whom'"),
        ("hops: [{hop: 0, who: a, how: b, source: c}]", "hop 1, field hop"),
        ("hops: [{hop: yes, who: a, how: b, source: c}]", "hop 1, field hop"),
        ("hops: [text]", "hop 1"),
        ("hops: []", "hops:"),
        ("hops: {}", "hops:"),
        ("other: 1", "hops:"),
        ("hops: [}", "line 1"),
        ("!!python/object/apply:os.system [x]", "this is not YAML"),
        ("\x00", "this is not YAML"),
    ],
)
def test_what_does_not_fit_is_named(text: str, named: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_telling(text.encode(), "t.yaml")
    assert named in str(refused.value)
    assert "t.yaml" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        read_telling(tmp_path / "none.yaml")


def test_a_hop_that_comes_by_options_is_read_as_strictly() -> None:
    hop = hop_from_options({"who": "a", "how": "b", "source": "c"})
    assert (hop.hop, hop.who) == (1, "a")
    with pytest.raises(Malformed):
        hop_from_options({"who": "a"})


def test_a_stopped_taking_in_does_not_tell_a_hop_twice(tmp_path: Path) -> None:
    reception = open_reception(tmp_path / "archive")
    source = drive(tmp_path / "drive", 1)
    hops = parse_telling(GOOD.encode(), "t")
    from dalil.intake.accession import open_accession  # noqa: PLC0415 - the step that was reached

    opened = open_accession(reception.ledger, reception.signer, [str(source)], "", hops)
    receipt = reception.takes(source, telling=hops)
    assert receipt.accession == opened.id
    assert len(list(reception.ledger.acts("told"))) == 2


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        (["c1.mp4", "c2.mp4", "c4.mp4"], ["c3.mp4"]),
        (["c01.mp4", "c02.mp4", "c05.mp4"], ["c03.mp4", "c04.mp4"]),
        (["ك١.txt", "ك٢.txt", "ك٤.txt"], ["ك٣.txt"]),
        (["x/٠٩", "x/١٠", "x/١٢"], ["x/١١"]),
        (["a1", "b2", "c4"], []),
        (["1.mp4", "2.mp4"], []),
        (["20130416.mp4", "20130417.mp4", "20150101.mp4"], []),
    ],
)
def test_gaps_in_a_numbering_are_pointed_out(names: list[str], missing: list[str]) -> None:
    assert gaps_in(names) == missing
