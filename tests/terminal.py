"""A person at a terminal: runs `dalil` as its own process and keeps what it printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSPHRASE = "one quiet morning in Damascus"


@dataclass(frozen=True, slots=True)
class Said:
    """Exit code and both streams of one command."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        """Return what was printed as a JSON document."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the commands are run, and with which environment beside the passphrase."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    def says(self, *words: str | Path) -> Said:
        """Run `dalil WORDS…` whatever comes of it."""
        environment = {**os.environ, "DALIL_PASSPHRASE": PASSPHRASE, **self.extra}
        ran = subprocess.run(
            [sys.executable, "-m", "dalil", *map(str, words)],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in ran.stderr, ran.stderr
        return Said(ran.returncode, ran.stdout, ran.stderr)

    def does(self, *words: str | Path) -> Said:
        """Run `dalil WORDS…` and demand that it went well."""
        said = self.says(*words)
        assert said.code == 0, f"{words}\n{said.out}\n{said.err}"
        return said
