"""Files on their way in or out, in the desk's own folder; nobody else's are found there."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from dalil.casebook.describe.exchange.carrying import Carried, Noted
from dalil.errors import NoSuchThing, UsageRefused

MOST_BYTES = 16 << 20
DIGEST = re.compile(r"[0-9a-f]{64}")
TOKEN = re.compile(r"[0-9a-f]{32}")
WHO = re.compile(r"[0-9a-zA-Z_-]{1,80}")


@dataclass(frozen=True, slots=True)
class Given:
    """A file that was made to be given out, and the act (its place in the log) that says so."""

    token: str
    path: Path
    form: str
    suffix: str
    annotations: int
    segments: int
    lost: tuple[Noted, ...]
    seq: int


def sha256(data: bytes) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(data).hexdigest()


def kept(who: str, sent: UploadedFile[bytes]) -> str:
    """Keep what somebody sent until it is signed; return its digest.

    Raises:
        UsageRefused: it is larger than such a file can be.

    """
    if sent.size is None or sent.size > MOST_BYTES:
        raise UsageRefused(f"a file of {sent.size} bytes; at most {MOST_BYTES}")
    data = sent.read()
    digest = sha256(data)
    _folder(who, "in").joinpath(digest).write_bytes(data)
    return digest


def found(who: str, digest: str) -> bytes | None:
    """Return what somebody sent before; none where there is nothing of theirs."""
    if DIGEST.fullmatch(digest) is None:
        return None
    path = _folder(who, "in") / digest
    return path.read_bytes() if path.is_file() else None


def forgotten(who: str, digest: str) -> None:
    """Forget what was sent, once it is signed."""
    if DIGEST.fullmatch(digest) is not None:
        (_folder(who, "in") / digest).unlink(missing_ok=True)


def given(who: str, item: str, made: Carried, seq: int) -> str:
    """Keep a file that was made, to be fetched by whoever made it; return its token."""
    token = secrets.token_hex(16)
    folder = _folder(who, "out")
    folder.joinpath(token).write_bytes(made.data)
    said = {
        "item": item, "form": made.form, "suffix": made.suffix, "seq": seq,
        "annotations": made.annotations, "segments": made.segments,
        "lost": [[each.code, each.count] for each in made.lost],
    }  # fmt: skip
    folder.joinpath(f"{token}.json").write_text(json.dumps(said), "utf-8")
    return token


def given_before(who: str, item: str, token: str) -> Given:
    """Return a file that somebody made.

    Raises:
        NoSuchThing: it is not theirs, of another item, or not there.

    """
    path = _folder(who, "out") / token
    if TOKEN.fullmatch(token) is None or not path.is_file():
        raise NoSuchThing(token)
    said = json.loads(path.with_name(f"{token}.json").read_text("utf-8"))
    if said["item"] != item:
        raise NoSuchThing(token)
    lost = tuple(Noted(code, count) for code, count in said["lost"])
    return Given(
        token, path, said["form"], said["suffix"], said["annotations"], said["segments"], lost,
        said["seq"],
    )  # fmt: skip


def _folder(who: str, name: str) -> Path:
    if WHO.fullmatch(who) is None:
        raise NoSuchThing(who)
    folder: Path = settings.DESK / "describing" / name / who
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
