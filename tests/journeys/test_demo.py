"""The demo runs to its end and says what it promises."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_the_demo_runs_without_a_terminal_and_ends(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "tools" / "demo.py", tmp_path / "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Missing in the numbering: القرص/مقطع ١٩.mp4" in ran.stdout
    assert "What is here is intact." in ran.stdout
    assert "data/exhibits/0001/original.mp4: its bytes are not those" in ran.stdout
    assert "What speaks against a claim cannot be left behind." in ran.stdout
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert made >= {"archive", "drive", "part", "still", "case", "stick", "custody.pdf"}
    assert made >= {"report.en.txt", "report.ar.txt", "lists", "zumurruda"}
    assert "less" not in made
    assert "address     http://localhost:" in ran.stdout
    assert "name        سلمى" in ran.stdout
    assert (tmp_path / "demo" / "archive.desk").is_dir()
