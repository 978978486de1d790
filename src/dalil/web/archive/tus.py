"""Uploads that go on after a break: tus 1.0 with creation and termination (docs/decisions/25)."""

from __future__ import annotations

import base64
import binascii
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.views.decorators.http import require_POST

from dalil.engines.files import disk_room
from dalil.errors import NoSpace, NoSuchThing, UsageRefused
from dalil.web.archive.models import Arriving, Delivery
from dalil.web.frame.access import person_of, right

VERSION = "1.0.0"
HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
ABILITIES = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,termination",
    "Tus-Max-Size": str(1 << 40),
}
BODY = "application/offset+octet-stream"
PORTION = 1 << 20
SPARE_BYTES = 64 << 20
MOST_FILES = 50_000
LONGEST_NAME = 4096
LENGTH = re.compile(r"[0-9]{1,13}")
SHA256 = re.compile(r"[0-9a-f]{64}")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def said_in_short(view: View[P]) -> View[P]:
    """Answer an element, not a reader: whoever is not logged in gets 401 and no page."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return HttpResponse(status=401, headers=HEADERS)
        return view(request, *args, **kwargs)

    return answer


@said_in_short
@right("take_in")
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponseBase:
    """Say what is here of a delivery (GET, JSON), or begin one more of its files (POST, tus)."""
    found = own_delivery(request, delivery_id)
    if request.method == "OPTIONS":
        return _answer(204, ABILITIES)
    if request.method == "GET":
        return JsonResponse({"files": [_told(each) for each in found.files.all()]})
    if request.method != "POST":
        return _answer(405, {"Allow": "GET, POST, OPTIONS"})
    return _unfit(request) or _begin(request, found)


@said_in_short
@right("take_in")
def file(request: HttpRequest, delivery_id: str, file_id: str) -> HttpResponseBase:
    """Say how much of a file is here (HEAD), take more of it (PATCH), or drop it (DELETE)."""
    method = request.method or ""
    if method == "POST":
        method = request.headers.get("X-HTTP-Method-Override", "POST")
    if method == "OPTIONS":
        return _answer(204, ABILITIES)
    acts = {"HEAD": _how_far, "PATCH": _more, "DELETE": _drop}
    if method not in acts:
        return _answer(405, {"Allow": "HEAD, PATCH, DELETE, OPTIONS"})
    arriving = _own_file(request, delivery_id, file_id)
    return _unfit(request) or acts[method](request, arriving)


@said_in_short
@right("take_in")
@require_POST
def digest(request: HttpRequest, delivery_id: str, file_id: str) -> HttpResponseBase:
    """Keep the SHA-256 that the browser computed from the file on the person's own disk."""
    arriving = _own_file(request, delivery_id, file_id)
    told = request.POST.get("sha256", "")
    if not SHA256.fullmatch(told):
        raise UsageRefused("sha256: 64 hexadecimal characters")
    if not arriving.delivery.job:
        Arriving.objects.filter(id=arriving.id).update(told_sha256=told)
    return HttpResponse(status=204)


def own_delivery(request: HttpRequest, delivery_id: str) -> Delivery:
    """Return a delivery of whoever is logged in.

    Raises:
        NoSuchThing: there is none of theirs under this id.

    """
    mine = Delivery.objects.filter(person_id=person_of(request).person_id)
    found = mine.filter(id=delivery_id).first()
    if found is None:
        raise NoSuchThing("an upload")
    return found


def path_of(untrusted: str) -> str:
    """Return the path of a file as a browser tells it, below the folder that was chosen.

    Raises:
        UsageRefused: it climbs out, begins at a root, or is no name that a disk could hold.

    """
    parts = untrusted.split("/")
    if not untrusted or "\0" in untrusted or any(part in ("", ".", "..") for part in parts):
        raise UsageRefused("a file name that is none")
    if len(untrusted.encode()) > LONGEST_NAME:
        raise UsageRefused("a file name of more than 4096 bytes")
    return untrusted


def metadata_of(untrusted: str) -> dict[str, str]:
    """Parse the header ``Upload-Metadata``: ``name base64,name base64``.

    Raises:
        UsageRefused: it is in another form.

    """
    found = {}
    for pair in filter(None, (each.strip() for each in untrusted.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise UsageRefused("Upload-Metadata in another form") from None
    return found


def _own_file(request: HttpRequest, delivery_id: str, file_id: str) -> Arriving:
    own = own_delivery(request, delivery_id)
    found = own.files.filter(id=file_id).select_related("delivery").first()
    if found is None:
        raise NoSuchThing("a file of this upload")
    return found


def _unfit(request: HttpRequest) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    return None


def _begin(request: HttpRequest, found: Delivery) -> HttpResponse:
    length = request.headers.get("Upload-Length", "")
    if not LENGTH.fullmatch(length):
        return _answer(400)
    if found.job or found.files.count() >= MOST_FILES:
        return _answer(409)
    told = metadata_of(request.headers.get("Upload-Metadata", ""))
    name = path_of(told.get("path") or told.get("filename", ""))
    modified = told.get("modified", "")
    if int(length) > shutil.disk_usage(settings.DESK).free - SPARE_BYTES:
        raise NoSpace(name)
    arriving = Arriving(
        delivery=found,
        name=name,
        length=int(length),
        modified_ms=int(modified) if LENGTH.fullmatch(modified) else None,
    )
    arriving.lay()
    arriving.save(force_insert=True)
    where = reverse("archive-upload-file", args=[found.id, arriving.id])
    return _answer(201, {"Location": where, "Upload-Offset": "0"})


def _how_far(_request: HttpRequest, arriving: Arriving) -> HttpResponse:
    said = {"Upload-Offset": str(arriving.arrived), "Upload-Length": str(arriving.length)}
    return _answer(200, said)


def _more(request: HttpRequest, arriving: Arriving) -> HttpResponse:
    if request.content_type != BODY:
        return _answer(415)
    if arriving.delivery.job:
        return _answer(409)
    with _alone(arriving) as out:
        if out is None:
            return _answer(423)
        here = os.fstat(out).st_size
        if request.headers.get("Upload-Offset") != str(here):
            return _answer(409)
        told = request.headers.get("Content-Length", "")
        if LENGTH.fullmatch(told) and here + int(told) > arriving.length:
            return _answer(413)
        with disk_room(arriving.place):
            here = _write(request, out, here, arriving.length)
    return _answer(204, {"Upload-Offset": str(here)})


def _write(request: HttpRequest, out: int, here: int, length: int) -> int:
    """Write what comes, and wait until it is on the disk; what came before a break stays."""
    for portion in _portions(request, length - here):
        left = memoryview(portion)
        while left:
            count = os.write(out, left)
            left, here = left[count:], here + count
    os.fdatasync(out)
    return here


def _portions(request: HttpRequest, most: int) -> Iterator[bytes]:
    while most > 0:
        try:
            portion = request.read(min(PORTION, most))
        except UnreadablePostError:
            return
        if not portion:
            return
        most -= len(portion)
        yield portion


def _drop(_request: HttpRequest, arriving: Arriving) -> HttpResponse:
    if arriving.delivery.job:
        return _answer(409)
    place = arriving.place
    arriving.delete()
    with suppress(FileNotFoundError):
        place.unlink()
    return _answer(204)


@contextmanager
def _alone(arriving: Arriving) -> Iterator[int | None]:
    """Open the file to write at its end; None while another request writes."""
    try:
        out = os.open(arriving.place, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NoSuchThing("a file of this upload") from None
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
    else:
        yield out
    finally:
        os.close(out)


def _told(arriving: Arriving) -> dict[str, object]:
    return {
        "url": reverse("archive-upload-file", args=[arriving.delivery_id, arriving.id]),
        "name": arriving.name,
        "length": arriving.length,
        "modified": arriving.modified_ms,
        "arrived": arriving.arrived,
        "sha256": arriving.told_sha256,
        "differs": arriving.differs,
    }


def _answer(status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(status=status, headers={**HEADERS, **(headers or {})})
