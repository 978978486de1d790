"""What was found for files from outside: one person's, for a day; the files are gone by then."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from dalil.errors import Malformed, NoSuchThing
from dalil.match.found import Found
from dalil.match.stated import found_from, stated

if TYPE_CHECKING:
    # What compares is loaded where it compares, not by every page.
    from dalil.match.search import Asked

KEPT = timedelta(hours=24)
TICKET = re.compile(r"[0-9a-f]{32}")
FILE, ANSWER = "asked", "answer.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one file: its SHA-256 (hexadecimal), files compared with, candidates.

    ``waiting``: items that it could not be compared with yet; ``problems``: what stood in the way.
    """

    ticket: str
    sha256: str
    compared: int
    waiting: int
    problems: tuple[str, ...]
    found: tuple[Found, ...]
    until: datetime


def ask(person_id: str, upload: UploadedFile[bytes]) -> str:
    """Lay a file by until it is compared; return the ticket of its answer, which is one's own."""
    forget_old()
    ticket = secrets.token_hex(16)
    place = _place(person_id, ticket)
    place.mkdir(mode=0o700, parents=True)
    try:
        with (place / FILE).open("xb") as laid_by:
            for portion in upload.chunks():
                laid_by.write(portion)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return ticket


def asked(person_id: str, ticket: str) -> Path:
    """Return the file that waits to be compared.

    Raises:
        NoSuchThing: it is not here any more.

    """
    place = _place(person_id, ticket) / FILE
    if not place.is_file():
        raise NoSuchThing("a file to compare")
    return place


def answer(person_id: str, ticket: str, told: Asked, compared: int) -> None:
    """Keep what was found, and remove the file."""
    place = _place(person_id, ticket)
    said = {
        "sha256": told.sha256,
        "compared": compared,
        "waiting": told.waiting,
        "problems": list(told.problems),
        "found": [stated(each) for each in told.leads],
    }
    (place / ANSWER).write_text(json.dumps(said), "ascii")
    (place / FILE).unlink(missing_ok=True)


def answered(person_id: str, ticket: str) -> Answer:
    """Return what was found for a file.

    Raises:
        NoSuchThing: nobody asked, somebody else did, or it was forgotten.

    """
    place = _place(person_id, ticket) / ANSWER
    try:
        said = json.loads(place.read_text("ascii"))
        made_at = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        found = tuple(found_from(each) for each in said["found"])
    except (OSError, ValueError, KeyError, Malformed):
        raise NoSuchThing("") from None
    if datetime.now(UTC) - made_at > KEPT:
        forget(person_id, ticket)
        raise NoSuchThing("")
    return Answer(
        ticket,
        str(said["sha256"]),
        int(said["compared"]),
        int(said["waiting"]),
        tuple(map(str, said["problems"])),
        found,
        made_at + KEPT,
    )


def forget(person_id: str, ticket: str) -> None:
    """Remove a file that waits, and what was found for it."""
    shutil.rmtree(_place(person_id, ticket), ignore_errors=True)


def forget_old() -> None:
    """Remove what is older than a day, files whose comparing never ended among it."""
    for place in _folder().glob("*/*"):
        if time.time() - place.stat().st_mtime > KEPT.total_seconds():
            shutil.rmtree(place, ignore_errors=True)


def _folder() -> Path:
    folder: Path = settings.DESK / "copies"
    return folder


def _place(person_id: str, ticket: str) -> Path:
    if TICKET.fullmatch(ticket) is None:
        raise NoSuchThing("")
    return _folder() / person_id / ticket
