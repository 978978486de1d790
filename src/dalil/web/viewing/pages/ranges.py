"""A part of a file by HTTP (RFC 9110, 14): 200, 206, 416; one range, suffixes, If-Range, HEAD."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
PORTION = 1 << 16
# A player asks for all and reads slowly; answered in pieces it holds no worker.
MOST = 2 << 20


def part_of(request: HttpRequest, path: Path, kind: str, etag: str) -> HttpResponseBase:
    """Answer with a file or the part of it that is asked for; nothing is kept by the browser."""
    length, tag = path.stat().st_size, f'"{etag}"'
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", tag) != tag:
        asked = ""
    span = _span(asked, length)
    if span is None:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{length}"
        return guarded(response)
    first, last, partial = span
    if request.method == "HEAD":
        response = HttpResponse(content_type=kind)
    else:
        response = StreamingHttpResponse(_bytes(path, first, last), content_type=kind)
    response.status_code = 206 if partial else 200
    if partial:
        response["Content-Range"] = f"bytes {first}-{last}/{length}"
    response["Content-Length"] = str(last - first + 1)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return guarded(response)


def guarded(response: HttpResponseBase) -> HttpResponseBase:
    """Let nothing be kept, guessed at or run."""
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _span(asked: str, length: int) -> tuple[int, int, bool] | None:
    """Return first byte, last byte, and whether it is a part; None where there is no such part."""
    found = RANGE.fullmatch(asked.strip())
    if not found or not (found[1] or found[2]) or length == 0:
        return 0, length - 1, False
    if not found[1]:
        wanted = min(int(found[2]), length)
        return (length - wanted, length - 1, True) if wanted else None
    first, last = int(found[1]), min(int(found[2] or length - 1), length - 1)
    if found[2] and int(found[2]) < first:
        return 0, length - 1, False
    if first >= length:
        return None
    return first, last if found[2] else min(last, first + MOST - 1), True


def _bytes(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as file:
        file.seek(first)
        while left > 0 and (portion := file.read(min(PORTION, left))):
            left -= len(portion)
            yield portion
