"""The whole way, at the terminal: a drive comes in, a case file leaves, a stranger checks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from footage import QUICK
from terminal import Terminal

CANARY = "Haidar al-Qanari"
ARABIC_NAME = "مقطع ٠١.mp4"
TELLING = f"""hops:
  - hop: 1
    who: {CANARY}
    role: source
    how: carried on a drive
    source: a talk with {CANARY}
    when: "2019~"
"""
CONDITIONS = (
    "--reason", "R3", "--basis", "Order 12/2026", "--recipient", "Court", "--rule", "rule 4",
    "--whole-exists", "--whole-for", "court and defence", "--purpose", "court",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """Where things are after the whole way was walked."""

    terminal: Terminal
    archive: Path
    drive: Path
    item: str
    part: Path
    case: Path


@pytest.fixture(scope="module")
def way(tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Walk it once: init, take in, publish two seconds, build the case file."""
    folder = tmp_path_factory.mktemp("way")
    drive = folder / "drive"
    drive.mkdir()
    QUICK[0].make(folder).rename(drive / ARABIC_NAME)
    (drive / "note.txt").write_text("two clips, one missing\n", encoding="utf-8")
    (folder / "telling.yaml").write_text(TELLING, encoding="utf-8")
    terminal = Terminal(folder)
    archive, part, case = folder / "archive", folder / "part", folder / "case"
    terminal.does("init", archive, "--keeper", "سلمى", "--sheet", folder / "sheet.txt")
    terminal.does("take-in", archive, drive, "--telling", folder / "telling.yaml")
    ledger = terminal.does("list", archive, "--json").out
    item = _item_called(ledger, ARABIC_NAME)
    terminal.does(
        "excerpt", archive, item, "--from", "00:00.4", "--to", "00:01", *CONDITIONS, "-o", part
    )
    terminal.does(
        "dossier", archive, "--items", item, "--parts", part, "--recipient", "Court",
        "--reason", "request of 3 May", "-o", case,
    )  # fmt: skip
    return Way(terminal, archive, drive, item, part, case)


def _item_called(listing: str, name: str) -> str:
    import json  # noqa: PLC0415

    def found(value: object) -> str | None:
        if isinstance(value, dict):
            if value.get("name_text", value.get("name")) == name and "item" in value:
                return str(value["item"])
            value = list(value.values())
        for each in value if isinstance(value, list) else ():
            if answer := found(each):
                return answer
        return None

    answer = found(json.loads(listing))
    assert answer, listing
    return answer


def stranger_checks(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in the case file, alone, with an empty environment."""
    return subprocess.run(
        [sys.executable, "-I", str(path / "verify.py"), str(path), *words],
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stranger_finds_the_case_file_intact(way: Way, tmp_path: Path) -> None:
    copied = shutil.copytree(way.case, tmp_path / "case")
    said = stranger_checks(copied)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "WHAT THIS DOES NOT SHOW" in said.stdout


def test_one_flipped_bit_in_the_original_is_named(way: Way, tmp_path: Path) -> None:
    copied = shutil.copytree(way.case, tmp_path / "case")
    original = next((copied / "data" / "exhibits" / "0001").iterdir())
    changed = bytearray(original.read_bytes())
    changed[len(changed) // 2] ^= 1
    original.chmod(0o644)
    original.write_bytes(changed)
    said = stranger_checks(copied)
    assert said.returncode == 1
    assert f"data/exhibits/0001/{original.name}" in said.stdout


def test_a_stranger_is_answered_in_arabic(way: Way) -> None:
    said = stranger_checks(way.case, "--lang", "ar")
    assert said.returncode == 0
    assert "سليم" in said.stdout


def test_the_name_of_a_source_is_nowhere_in_what_leaves_or_is_public(way: Way) -> None:
    public = [way.case, way.part, way.archive / "log", way.archive / "originals"]
    for folder in public:
        for path in folder.rglob("*"):
            if path.is_file():
                assert CANARY.encode() not in path.read_bytes(), path
                assert CANARY not in path.name


def test_the_drive_is_as_it_was(way: Way) -> None:
    assert {path.name for path in way.drive.iterdir()} == {"note.txt", ARABIC_NAME}


def test_the_part_and_the_archive_verify_too(way: Way) -> None:
    for path in (way.part, way.archive, way.case):
        assert way.terminal.says("verify", path).code == 0


def test_an_altered_part_is_refused(way: Way, tmp_path: Path) -> None:
    copied = shutil.copytree(way.part, tmp_path / "part")
    clip = next(path for path in copied.iterdir() if path.suffix == ".mp4")
    changed = bytearray(clip.read_bytes())
    changed[len(changed) // 2] ^= 1
    clip.write_bytes(changed)
    said = way.terminal.says("verify", copied)
    assert said.code == 1
    assert clip.name in said.out


def test_nothing_is_published_without_a_reason(way: Way, tmp_path: Path) -> None:
    said = way.terminal.says(
        "excerpt", way.archive, way.item, "--from", "0", "--to", "1", "-o", tmp_path / "part"
    )
    assert said.code == 1
    assert not (tmp_path / "part").exists()


def test_what_is_no_archive_is_refused_in_plain_words(way: Way, tmp_path: Path) -> None:
    said = way.terminal.says("list", tmp_path)
    assert said.code == 2
    assert "There is no Dalil archive here." in said.err
