"""A desk: runs `dalil` in this very process, as many commands as a person gives in a day.

The key stays unlocked from one command to the next: to unlock it is slow on purpose.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from unittest.mock import patch

from dalil.cli import main
from dalil.ledger import keyring
from terminal import PASSPHRASE, Said

unlocked = cache(keyring.unlock)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the commands are given, to which archive, and with which environment."""

    folder: Path
    archive: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def says(self, *words: str | Path, typed: bytes = b"") -> Said:
        """Run `dalil WORDS…` whatever comes of it; an exception that is no refusal fails here."""
        out, err = _stream(), _stream()
        environment = {"DALIL_PASSPHRASE": PASSPHRASE, **self.extra}
        given = io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8", errors="surrogateescape")
        with (
            _at(self.folder),
            patch.dict(os.environ, environment),
            patch.object(sys, "argv", ["dalil", *map(str, words)]),
            patch.object(sys, "stdin", given),
            patch.object(keyring, "unlock", unlocked),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        return Said(code, _text(out), _text(err))

    def does(self, *words: str | Path, typed: bytes = b"") -> Said:
        """Run `dalil WORDS…` and demand that it went well."""
        said = self.says(*words, typed=typed)
        assert said.code == 0, f"{words}\n{said.out}\n{said.err}"
        return said

    def records(self, *records: Mapping[str, object]) -> Said:
        """Write records down, one JSON line each, whatever comes of it."""
        lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
        return self.says("casebook", "record", self.archive, "-", typed=lines.encode())


@contextlib.contextmanager
def _at(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()
