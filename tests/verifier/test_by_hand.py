"""The commands of docs/verify-by-hand.md do what the page says, on a real case file."""

import re
import subprocess
from pathlib import Path

from peers import need

PAGE = Path(__file__).resolve().parents[2] / "docs" / "verify-by-hand.md"


def commands(*sections: int) -> str:
    """Return the commands of some sections of the page as one script."""
    parts = re.split(r"^## \d\. ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    blocks = [b for n in sections for b in re.findall(r"```console\n(.*?)```", parts[n], re.DOTALL)]
    lines = [line[2:] for block in blocks for line in block.splitlines()]
    assert len(lines) > len(sections)
    return "\n".join(lines)


def run(script: str, case: Path, shelf: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in a case file, with a folder of its own for what it writes."""
    words = [need("sh"), "-ec", script.replace("/dev/shm", str(shelf))]  # noqa: S108 - the page's
    return subprocess.run(words, cwd=case, capture_output=True, text=True, check=False)


def test_the_commands_of_the_page_find_a_whole_case_file_whole(case: Path, tmp_path: Path) -> None:
    need("openssl")
    ran = run(commands(1, 2, 3, 4), case, tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Signature Verified Successfully" in ran.stdout


def test_the_commands_of_the_page_find_a_changed_checkpoint(case: Path, tmp_path: Path) -> None:
    need("openssl")
    checkpoint = case / "data/log/checkpoint"
    text = checkpoint.read_text(encoding="utf-8").split("\n")
    text[1] = str(int(text[1]) + 1)
    checkpoint.chmod(0o644)
    checkpoint.write_text("\n".join(text), encoding="utf-8")
    assert run(commands(2), case, tmp_path).returncode != 0
