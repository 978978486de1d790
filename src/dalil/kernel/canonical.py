"""The one JSON form that is signed and hashed: keys sorted, no spaces, UTF-8, no fractions.

It is RFC 8785 (JCS) for the values allowed here: objects, arrays, strings, integers within
±(2**53 − 1), true, false, null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring
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
    by_code_point = _check(value, 0)
    try:
        return (_SORTED.encode(value) if by_code_point else _ordered(value)).encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a text with half a character") from None


def scalar(value: Json) -> str | None:
    """Return the canonical form of a text, small integer or truth value, quickly; else None.

    Half a character in a text fails when the form is encoded.
    """
    kind = value.__class__
    if kind is str:
        return encode_basestring(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int and -MAX_INTEGER <= value <= MAX_INTEGER:
        return str(value)
    return None


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


_PLAIN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SORTED = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, sort_keys=True
)


def _ordered(value: Json) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(_PLAIN.encode(k) + ":" + _ordered(value[k]) for k in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_ordered, value)) + "]"
    return _PLAIN.encode(value)


def _check(value: Json, depth: int) -> bool:
    """Return whether the encoder's own order of keys (by code point) is that of RFC 8785."""
    if depth >= MAX_DEPTH and isinstance(value, dict | list | tuple) and value:
        raise Malformed(f"JSON deeper than {MAX_DEPTH} levels")
    plain = True
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise Malformed("a JSON key that is no text")
            plain = plain and key.isascii()
        within: Iterable[Json] = value.values()
    elif isinstance(value, list | tuple):
        within = value
    else:
        _check_scalar(value)
        return True
    for each in within:
        if each.__class__ is not str:
            plain = _check(each, depth + 1) and plain
    return plain


def _check_scalar(value: Json) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if not isinstance(value, int):
        raise Malformed(f"JSON with a {type(value).__name__}")
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise Malformed("an integer beyond 2**53 - 1")
