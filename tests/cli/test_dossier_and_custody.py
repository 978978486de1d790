"""Case file and papers as a lawyer asks for them at the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.small_archive import SmallArchive, make_small_archive
from terminal import Terminal

FOR = ("--recipient", "Court", "--reason", "request of 3 May")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Terminal, SmallArchive]:
    """Return a terminal in a folder with an archive."""
    folder = tmp_path_factory.mktemp("desk")
    return Terminal(folder), make_small_archive(folder / "archive")


def test_a_case_file_is_built_and_told_as_one_document(
    desk: tuple[Terminal, SmallArchive], tmp_path: Path
) -> None:
    terminal, archive = desk
    words = ("--items", f"{archive.items[0]},0202", *FOR, "--withheld", "0303=protected:A witness.")
    told = terminal.does("dossier", archive.path, *words, "-o", tmp_path / "case", "--json").json()
    assert told["exhibits"] == ["0001", "0002"]
    assert told["withheld"] == 2
    assert Path(told["receipt"]).is_file()
    assert (tmp_path / "case/READ-ME-FIRST.txt").is_file()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--items", "ffff", *FOR), 2, "Nothing of that name is in the archive. item ffff"),
        (("--items", "0", *FOR), 2, "item 0"),
        (FOR, 2, "neither an item nor a part nor a case is named"),
        (("--items", "all", *FOR, "--withheld", "x"), 2, "ITEM=CLASS:REASON"),
        (("--items", "all", *FOR, "--also-open", "told.who"), 1, "never opened"),
        (("--items", "all", *FOR, "--parts", "no.mp4"), 1, "excerpt-proof"),
    ],
)
def test_a_wrong_order_is_refused_in_our_words(
    desk: tuple[Terminal, SmallArchive],
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    terminal, archive = desk
    answer = terminal.says("dossier", archive.path, *words, "-o", tmp_path / "case")
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert list(tmp_path.iterdir()) == []


def test_custody_is_told_on_screen_and_printed_in_arabic(
    desk: tuple[Terminal, SmallArchive], tmp_path: Path
) -> None:
    terminal, archive = desk
    assert "No gap recorded since" in terminal.does("custody", archive.path, "0202").out
    pdf = tmp_path / "custody.pdf"
    terminal.does("custody", archive.path, "0202", "--lang", "ar", "--pdf", pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")
    again = terminal.says("custody", archive.path, "0202", "--pdf", pdf)
    assert again.code == 2


@pytest.mark.parametrize("paper", ["exhibits", "certificate"])
def test_the_other_papers_are_told_as_json(desk: tuple[Terminal, SmallArchive], paper: str) -> None:
    terminal, archive = desk
    told = terminal.does(
        "custody", archive.path, archive.items[0], "--paper", paper, "--json"
    ).json()
    assert told["paper"] == paper
    assert "مقطع ٠١.mp4" in told["said"]


@pytest.mark.parametrize("items", [(), ("0101", "0202")])
def test_a_custody_report_is_about_one_item(
    desk: tuple[Terminal, SmallArchive], items: tuple[str, ...]
) -> None:
    terminal, archive = desk
    answer = terminal.says("custody", archive.path, *items)
    assert answer.code == 2
    assert "name one item" in answer.err
