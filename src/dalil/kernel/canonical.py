"""The one JSON form that is signed and hashed: keys sorted, no spaces, UTF-8, no fractions.

It is RFC 8785 (JCS) for the values allowed here: objects, arrays, strings, integers within
±(2**53 − 1), true, false, null.
"""

from __future__ import annotations

import json
from typing import Any

from dalil.errors import Malformed

Json = Any
MAX_BYTES = 16 << 20
MAX_DEPTH = 16
MAX_INTEGER = 2**53 - 1


def encode(value: Json) -> bytes:
    """Return the canonical bytes of ``value``.

    Raises:
        Malformed: a float, an integer beyond 2**53 − 1, a lone surrogate or another type.

    """
    _check(value, 0)
    try:
        return _dump(value)
    except UnicodeEncodeError:
        raise Malformed("a text with half a character") from None


def decode(untrusted: bytes, limit: int = MAX_BYTES) -> Json:
    """Return the value of canonical bytes: anything that would be written otherwise is refused.

    Raises:
        Malformed: not canonical JSON, longer than ``limit`` bytes or deeper than 16 levels.

    """
    if len(untrusted) > limit:
        raise Malformed(f"{len(untrusted)} bytes of JSON where {limit} are allowed")
    try:
        value = json.loads(untrusted.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed("this is not JSON") from None
    if encode(value) != bytes(untrusted):
        raise Malformed("this JSON is not in canonical form")
    return value


def _dump(value: Json) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    return text.encode("utf-8") if not isinstance(value, dict | list) else _ordered(value)


def _ordered(value: Json) -> bytes:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return b"{" + b",".join(_dump(k) + b":" + _ordered(value[k]) for k in keys) + b"}"
    if isinstance(value, list | tuple):
        return b"[" + b",".join(_ordered(each) for each in value) + b"]"
    return _dump(value)


def _check(value: Json, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed(f"JSON deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise Malformed("a JSON key that is no text")
            _check(each, depth + 1)
    elif isinstance(value, list | tuple):
        for each in value:
            _check(each, depth + 1)
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > MAX_INTEGER:
            raise Malformed("an integer beyond 2**53 - 1")
    elif value is not None and not isinstance(value, str | bool):
        raise Malformed(f"JSON with a {type(value).__name__}")
