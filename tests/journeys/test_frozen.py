"""What an earlier release wrote stays readable: spec/vectors/<version>/ are its very bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "spec" / "vectors"
VERIFIER = ROOT / "src" / "dalil" / "verifier" / "verify.py"
PASSPHRASE = "frozen, and known to everybody"
VERDICTS = [
    (f"{verdicts.parent.name}/{name}", code)
    for verdicts in sorted(VECTORS.glob("*/verdicts.json"))
    for name, code in json.loads(verdicts.read_text("utf-8")).items()
]


def unpacked(name: str, folder: Path) -> Path:
    """Return the folder that a vector holds."""
    with tarfile.open(VECTORS / name) as tar:
        tar.extractall(folder, filter="data")
    [inside] = folder.iterdir()
    return inside


def test_there_are_vectors_of_every_kind() -> None:
    assert {name.split("/")[1] for name, _ in VERDICTS} == {"valid", "tampered", "malformed"}


@pytest.mark.parametrize(("name", "code"), VERDICTS)
def test_the_verdict_on_a_frozen_vector_stands(name: str, code: int, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(unpacked(name, tmp_path))],
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8"},
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr


@pytest.mark.parametrize("version", sorted(path.name for path in VECTORS.iterdir()))
def test_an_archive_of_an_earlier_release_opens_and_can_be_gone_on_with(
    version: str, tmp_path: Path
) -> None:
    archive = unpacked(f"{version}/valid/archive.tar.gz", tmp_path / "old")
    (tmp_path / "new.txt").write_text("one more\n")
    terminal = Terminal(tmp_path, {"DALIL_PASSPHRASE": PASSPHRASE})
    terminal.does("check", archive)
    terminal.does("take-in", archive, tmp_path / "new.txt")
    terminal.does("log", "check", archive)
    new = terminal.does("list", archive, "--json").out
    assert "new.txt" in new
