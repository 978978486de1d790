"""An archive is there whole or not at all, and never in the place of something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_an_archive_is_made_with_a_sheet_that_only_its_keeper_can_read(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    named = ["--keeper", "سلمى", "--sheet", "sheet.txt"]
    said = terminal.does("init", "archive", *named, "--lang", "ar")
    assert "عبارة المرور" in said.out
    assert (tmp_path / "sheet.txt").stat().st_mode & 0o777 == 0o600
    assert "1 act" in terminal.does("log", "check", "archive").out


def test_a_plug_pulled_in_between_leaves_no_archive_and_the_same_command_makes_one(
    tmp_path: Path,
) -> None:
    for point in ("write:1", "rename:3", "commit:1"):
        said = Terminal(tmp_path, {"DALIL_FAILPOINT": point}).says("init", "a", "--keeper", "Salma")
        assert said.code == -9
        assert not (tmp_path / "a").exists()
    Terminal(tmp_path).does("init", "a", "--keeper", "Salma")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]


def test_what_lies_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("years of work")
    said = Terminal(tmp_path).says("init", "full", "--keeper", "Salma")
    assert said.code == 2
    assert "There is something in this place already." in said.err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["thesis.txt"]


def test_a_place_that_cannot_be_written_is_refused_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = Terminal(tmp_path).says("init", "file/archive", "--keeper", "Salma")
    assert said.code == 2
    assert "Nothing was changed." in said.err


def test_what_the_system_refuses_later_is_said_in_our_words_too(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.does("init", "a", "--keeper", "Salma")
    (tmp_path / "file").write_text("")
    for lang, words in (("en", "The system could not"), ("ar", "لم يستطع النظام")):
        said = terminal.says("copy", "a", "file/copy", "--lang", lang)
        assert said.code == 1
        assert words in said.err
