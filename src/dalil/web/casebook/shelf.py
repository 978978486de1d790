"""Lists on their way in or out: where they lie in the desk's folder, and what was found in them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from dalil.casebook.exchange.sheets import Fault
from dalil.engines.files import make_folders, write_durably
from dalil.errors import NoSuchThing, UsageRefused

FOLDER, FILES, MAP, ASKED, SEEN, GIVEN = "casebook", "files", "map", "asked", "seen", "given"
PRIVATE = 0o600
TOKEN = re.compile(r"[0-9a-f]{32}")
NAMED = re.compile(r"[^/\\\x00-\x1f]{1,200}")
MOST_FILES = 200
# In bytes, as disks count names.
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to bring in or to hand out; only they may look at it."""

    person_id: str
    case: str
    see: str
    map: str = ""
    form: str = ""
    to: str = ""
    reason: str = ""
    known_on: str | None = None
    said_by: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a list holds, or what is wrong with it, row by row; ``acts`` once it was brought in."""

    layout: str = ""
    files: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    kinds: tuple[tuple[str, int], ...] = ()
    remarks: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    refused: str = ""

    @property
    def total(self) -> int:
        """How many records there are."""
        return sum(count for _, count in self.kinds)


@dataclass(frozen=True, slots=True)
class Given:
    """A list that was handed out: its file or folder, what it says of itself, the act."""

    name: str
    counts: tuple[tuple[str, int], ...]
    says: tuple[tuple[str, str], ...]
    seq: int


def fresh(desk: Path) -> str:
    """Return the token of a new place on the shelf."""
    token = secrets.token_hex(16)
    make_folders(place(desk, token))
    return token


def place(desk: Path, token: str) -> Path:
    """Return a place on the shelf.

    Raises:
        NoSuchThing: this is no token.

    """
    if not TOKEN.fullmatch(token):
        raise NoSuchThing(token)
    return desk / FOLDER / token


def keep_files(folder: Path, files: Iterable[UploadedFile[Any]], inside: str = FILES) -> list[str]:
    """Write files that were sent, under their own names, and return these.

    Raises:
        UsageRefused: a name that is none or comes twice, or too many files.

    """
    make_folders(folder / inside)
    names: list[str] = []
    for each in files:
        name = Path(each.name or "").name
        fit = NAMED.fullmatch(name) and len(name.encode()) <= LONGEST_NAME
        if not fit or name.startswith(".") or name in names or len(names) >= MOST_FILES:
            raise UsageRefused(f"a file called {name!a}")
        with (folder / inside / name).open("xb") as target:
            for portion in each.chunks():
                target.write(portion)
        names.append(name)
    return names


def write(folder: Path, name: str, value: Wanted | Seen | Given) -> None:
    """Write one of these down."""
    text = json.dumps(asdict(value), ensure_ascii=False)
    write_durably(folder / f"{name}.json", text.encode(), PRIVATE)


def wanted(folder: Path) -> Wanted:
    """Return what is wanted here.

    Raises:
        NoSuchThing: nothing is.

    """
    return Wanted(**_read(folder, ASKED))


def seen(folder: Path) -> Seen | None:
    """Return what was found in a list, once it was looked at."""
    if not (folder / f"{SEEN}.json").is_file():
        return None
    said = _read(folder, SEEN)
    return Seen(
        said["layout"],
        tuple(said["files"]),
        tuple(said["unread"]),
        tuple((kind, count) for kind, count in said["kinds"]),
        tuple(Fault(**each) for each in said["remarks"]),
        tuple(Fault(**each) for each in said["faults"]),
        said["refused"],
    )


def given(folder: Path) -> Given:
    """Return what was handed out.

    Raises:
        NoSuchThing: nothing was.

    """
    said = _read(folder, GIVEN)
    counts = tuple((kind, count) for kind, count in said["counts"])
    return Given(said["name"], counts, tuple((en, ar) for en, ar in said["says"]), said["seq"])


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.json"
    if not path.is_file():
        raise NoSuchThing(folder.name)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found
