"""Comparing at the terminal, in both languages, and as JSON that another program reads."""

import re
from pathlib import Path

import pytest

from match.copying import filmed, recoded_without_loss, remuxed
from terminal import Terminal

FORBIDDEN = ("authentic", "proves", "perpetrator", "identified", "different")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "drive").mkdir()
    whole = filmed(folder / "drive" / "whole.mp4", 7)
    remuxed(whole, folder / "drive" / "cut.mkv", 1)
    recoded_without_loss(whole, folder / "part.mkv", 20, 60)
    (folder / "prose.mp4").write_text("no footage")
    at = Terminal(folder)
    at.does("init", "archive", "--keeper", "Salma", "--sheet", "sheet.txt")
    at.does("take-in", "archive", "drive")
    return at


def test_what_was_found_is_said_once_and_nothing_new_the_second_time(desk: Terminal) -> None:
    first, again = desk.does("match", "archive").out, desk.does("match", "archive").out
    assert "same footage" in first
    assert "00:00.000–00:02.000 lies at 00:01.000–00:03.000" in first or (
        "00:01.000–00:03.000 lies at 00:00.000–00:02.000" in first
    )
    assert "a person judges" in first
    items = {
        each["name_text"]: each["item"]
        for one in desk.does("list", "archive", "--json").json()["accessions"]
        for each in one["receipts"]
    }
    assert len(items) == 2
    for name, item in items.items():
        assert f"{item[:12]} \u2068{name}\u2069" in first
    assert "Nothing new" in again
    assert not [word for word in FORBIDDEN if word in (first + again).lower()]


def test_a_file_from_outside_is_compared_and_told_in_arabic_too(desk: Terminal) -> None:
    said = desk.does("match", "archive", "--query", "part.mkv", "prose.mp4", "--lang", "ar").out
    assert "اللقطات نفسها" in said
    assert "لم يُعثر على شيء" in said
    assert said.count("والحكم لإنسان") == 1
    assert re.search(r"من \d+ أفلام، صُنعت بـ\d+ طريقة", said)
    (rates,) = [line for line in said.splitlines() if line.startswith("بالقياس")]
    assert not re.search("[A-Za-z]", rates)


def test_json_holds_verdict_ranges_stages_and_rates_of_each_lead(desk: Terminal) -> None:
    said = desk.does("match", "archive", "--query", "part.mkv", "--json").json()
    (query,) = said["queries"]
    assert set(query) == {"file", "sha256", "leads", "problems", "waiting"}
    assert len(query["leads"]) == 2
    for lead in query["leads"]:
        assert set(lead) == {
            "a", "b", "verdict", "score", "pieces", "stages", "method", "rates",
        }  # fmt: skip
        assert lead["verdict"] == "same-footage"
        assert lead["stages"]["frames"]["said"] == "yes"
        ((first, last),) = [piece["a"] for piece in lead["pieces"]]
        assert 0.0 <= first < last <= 1.61
        assert set(lead["pieces"][0]) == {"a", "b", "speed", "transform"}


def test_what_cannot_be_done_as_given_ends_in_2(desk: Terminal) -> None:
    for words in (
        ("match", "nowhere"),
        ("match", "archive", "--query", "nowhere.mp4"),
        ("match", "archive", "part.mkv"),
    ):
        assert desk.says(*words).code == 2


def test_nothing_of_a_query_stays(desk: Terminal) -> None:
    archive: Path = desk.folder / "archive"
    desk.does("match", "archive", "--query", "part.mkv")  # what is derived of items stays
    before = {path: path.stat().st_size for path in archive.rglob("*") if path.is_file()}
    desk.does("match", "archive", "--query", "part.mkv")
    after = {path: path.stat().st_size for path in archive.rglob("*") if path.is_file()}
    assert after == before
