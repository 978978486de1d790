"""Victims at the terminal: list, link, candidates, judge, take back; in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.bureau import open_bureau
from casebook.victims.listing import SALIM, SALIM_TOO, everybody
from terminal import Terminal

UNLOCKED = {"DALIL_PASSPHRASE": "bureau"}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an archive with two lists of victims."""
    bureau = open_bureau(tmp_path)
    bureau.casebook.write(everybody(), bureau.signer)
    return bureau.archive


def test_victims_are_linked_judged_and_taken_apart_again(archive: Path) -> None:
    terminal = Terminal(archive.parent, UNLOCKED)
    assert terminal.does("victims", "link", archive, "--json").json()["compared"] == 4
    said = terminal.does("victims", "candidates", archive, "--json").json()["candidates"]
    assert {said[0]["a"], said[0]["b"]} == {SALIM.id, SALIM_TOO.id}
    assert all(each["said"] for pair in said for each in pair["reasons"])
    why = ("--reason", "the same father and day")
    done = terminal.does("victims", "judge", archive, "red:1", SALIM_TOO.id[:8], "same", *why)
    assert "one person" in done.out
    [one] = terminal.does("victims", "list", archive, "سليم", "--list", "red", "--json").json()[
        "victims"
    ]
    assert one["person"] == min(SALIM.id, SALIM_TOO.id)
    left = terminal.does("victims", "candidates", archive, "--json").json()["candidates"]
    assert len(left) == len(said) - 1
    of_one = terminal.does("victims", "candidates", archive, "red:1").out
    assert "Judged: one person, says" in of_one
    terminal.does("victims", "judge", archive, "blue:a", "red:1", "withdrawn", *why)
    again = terminal.does("victims", "candidates", archive, "--json").json()["candidates"]
    assert again == said


def test_what_is_printed_reads_in_arabic_and_calls_a_sibling_a_sibling(archive: Path) -> None:
    terminal = Terminal(archive.parent, UNLOCKED)
    assert (
        "لم تُقارَن القيود بعد" in terminal.does("victims", "candidates", archive, "--lang", "ar").out
    )
    terminal.does("victims", "link", archive, "--lang", "ar")
    told = terminal.does("victims", "candidates", archive, "red:1", "--lang", "ar").out
    assert "أخ أو أخت؟" in told
    assert "يحكم إنسان" in told
    assert "5 قيود عن ضحايا." in terminal.does("victims", "list", archive, "--lang", "ar").out


@pytest.mark.parametrize(
    "words",
    [
        ("judge", "red:1", "red:1", "same", "--reason", "x"),
        ("judge", "red:1", "red:9", "same", "--reason", "x"),
        ("judge", "red:1", "red:2", "withdrawn", "--reason", "x"),
        ("list", "--list", "green"),
    ],
)
def test_what_cannot_be_is_refused_in_our_words(archive: Path, words: tuple[str, ...]) -> None:
    verb, *rest = words
    said = Terminal(archive.parent, UNLOCKED).says("victims", verb, archive, *rest)
    assert said.code == 2
    assert said.err.strip()
    assert "--list" not in words or "the lists are: list:blue, list:red" in said.err
