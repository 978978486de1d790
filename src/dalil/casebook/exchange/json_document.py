"""One long list in a JSON document, object by object, whatever the length of the file.

Bayanat writes ``{"bulletins": [ … ]}``, likewise ``actors`` and ``incidents``, in batches of 250
with no comma between one batch and the next; so a comma that is missing there is no fault.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from dalil.casebook.exchange.sheets import MAX_LINE, Faults
from dalil.kernel.canonical import Json

TABLES = ("bulletins", "actors", "incidents")
HEAD = re.compile(r'\s*\{\s*"(?P<table>' + "|".join(TABLES) + r')"\s*:\s*\[')
SPACE = re.compile(r"[ \t\r\n]*")
CHUNK = 1 << 20
SNIFFED = 4096
EXPECTED = f"a document with one list: {', '.join(TABLES)}"


def is_document(path: Path) -> bool:
    """Whether the name of a file says that it is one JSON document, not JSON of another form."""
    name = path.name.lower().removesuffix(".gz")
    return name.endswith(".json") and not name.endswith(".ftm.json")


def table_of(path: Path) -> str | None:
    """Return which list a document holds, told by its beginning; None: it is no such document."""
    try:
        with gzip.open(path) if _is_packed(path) else path.open("rb") as stream:
            head = stream.read(SNIFFED).decode("utf-8-sig", errors="replace")
    except (OSError, EOFError):
        return None
    found = HEAD.match(head) if is_document(path) else None
    return found["table"] if found else None


def objects(path: Path, file: str, faults: Faults) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield the objects of the list with their places in it, from 1; numbers as they are written.

    Where the document breaks is noted, and nothing behind it is read.

    Raises:
        ImportRefused: fifty places are wrong. OSError: the file cannot be read.

    """
    number = 0
    with gzip.open(path) if _is_packed(path) else path.open("rb") as stream:
        text = _Text(stream)
        try:
            if not text.passes(HEAD):
                faults.add(file, None, None, text.shown(), EXPECTED)
                return
            while not text.passes_sign("]"):
                number += 1
                if number > 1:
                    text.passes_sign(",")
                value = text.value()
                if isinstance(value, dict):
                    yield number, value
                else:
                    faults.add(file, number, None, json.dumps(value), "a JSON object")
            if not text.passes_sign("}") or not text.is_at_end():
                faults.add(file, None, None, text.shown(), "the end of the document")
        except _BrokenError as broken:
            faults.add(file, number or None, None, text.shown(), broken.expected)
        except (gzip.BadGzipFile, EOFError) as error:
            faults.add(file, None, None, str(error), "gzip to its end; the file is damaged")


class _BrokenError(Exception):
    """The document breaks here."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".gz")


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return an object, unless it says two things under one name: readers would differ on it."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _BrokenError("each name once in an object")
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=str
)


@dataclass(slots=True)
class _Text:
    """The text of a stream from where reading stands; what lies behind is let go."""

    stream: BufferedIOBase
    held: str = ""
    at: int = 0
    ended: bool = False
    bad: str = ""
    _decode: Any = field(default_factory=codecs.getincrementaldecoder("utf-8-sig"))

    def passes(self, pattern: re.Pattern[str]) -> bool:
        """Pass over what fits a pattern; whether it did."""
        while not (found := pattern.match(self.held, self.at)):
            if len(self.held) > SNIFFED or not self._more():
                return False
        self.at = found.end()
        return True

    def passes_sign(self, sign: str) -> bool:
        """Pass over spaces, and over a sign behind them; whether it was there."""
        self._skip()
        if self.held.startswith(sign, self.at):
            self.at += len(sign)
            return True
        return False

    def value(self) -> Json:
        """Return the value that begins behind the spaces."""
        self._skip()
        while True:
            try:
                value, self.at = _DECODER.raw_decode(self.held, self.at)
            except json.JSONDecodeError as error:
                if len(self.held) - self.at > MAX_LINE:
                    raise _BrokenError(f"objects of at most {MAX_LINE >> 20} MiB") from None
                if not self._more(len(self.held) - self.at):
                    expected = f"JSON ({error.msg})"
                    raise _BrokenError(expected) from None
            except RecursionError:
                raise _BrokenError("JSON that is nested less deeply") from None
            else:
                return value

    def is_at_end(self) -> bool:
        """Whether nothing but spaces follows."""
        self._skip()
        return self.at == len(self.held)

    def shown(self) -> str:
        """Return the beginning of what follows."""
        return self.held[self.at : self.at + 80].strip()

    def _skip(self) -> None:
        while True:
            self.at = SPACE.match(self.held, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.held) or not self._more():
                return

    def _more(self, least: int = 0) -> bool:
        """Read on, at least as much again as is held of a value; whether there was more."""
        if self.bad:
            raise _BrokenError(self.bad)
        if self.ended:
            return False
        raw = self.stream.read(max(CHUNK, least))
        self.ended = not raw
        try:
            told = self._decode.decode(raw, self.ended)
        except UnicodeDecodeError as error:
            # What stands before it is still read, so that the object is named in which it is.
            self.bad = f"UTF-8; there is a byte {error.object[error.start]:#04x}"
            told = error.object[: error.start].decode()
        self.held, self.at = self.held[self.at :] + told, 0
        return not self.ended
