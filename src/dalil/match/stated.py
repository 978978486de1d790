"""A lead as canonical JSON, and back: what an act signs of it, and what is kept between runs.

Canonical JSON knows whole numbers only: every real is written in billionths.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TypeVar

from dalil.errors import Malformed
from dalil.kernel.canonical import MAX_INTEGER, Json
from dalil.match.found import STAGES, VERDICTS, Found, Piece, Rates, Stage, Transform

BILLION = 10**9
SAID = ("yes", "no", "cannot-tell", "not-asked")
REALS = frozenset({
    "score", "speed", "turned", "covers", "missed", "matrix", "shown",
})  # fmt: skip
Part = TypeVar("Part", Transform, Piece, Stage, Rates, Found)


def stated(found: Found) -> dict[str, Json]:
    """Return a lead as canonical JSON knows it; what is read back is alike to a billionth."""
    said: dict[str, Json] = _whole("", asdict(found))
    return said


def found_from(untrusted: Json) -> Found:
    """Read a lead strictly.

    Raises:
        Malformed: a field is missing, unknown, or of another kind.

    """
    return _found(untrusted)


def as_kept(found: Found) -> Found:
    """Return a lead as it reads once it was written: every real to a billionth."""
    return found_from(stated(found))


def _whole(name: str, value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _whole(key, each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(name, each) for each in value]
    return _billionths(float(value)) if name in REALS and value is not None else value


def _billionths(value: float) -> int:
    # A stage's own figure may be of any size; beyond nine millions its exact value says nothing.
    scaled = value * BILLION
    return round(min(max(scaled, -MAX_INTEGER), MAX_INTEGER)) if scaled == scaled else 0  # noqa: PLR0124 - not a number


def _found(value: Json) -> Found:
    said = _fields(value, Found)
    if said["verdict"] not in VERDICTS:
        raise Malformed("a lead of another verdict")
    return Found(
        _text(said["a"]),
        _text(said["b"]),
        _text(said["verdict"]),
        _real(said["score"]),
        tuple(map(_piece, _list(said["pieces"]))),
        tuple(map(_stage, _list(said["stages"]))),
        _text(said["method"]),
        _rates(said["rates"]),
    )


def _piece(value: Json) -> Piece:
    said = _fields(value, Piece)
    return Piece(
        _int(said["a_from_ns"]),
        _int(said["a_to_ns"]),
        _int(said["b_from_ns"]),
        _int(said["b_to_ns"]),
        _real(said["speed"]),
        None if said["transform"] is None else _transform(said["transform"]),
    )


def _transform(value: Json) -> Transform:
    said = _fields(value, Transform)
    matrix, shown = (tuple(map(_real, _list(said[name]))) for name in ("matrix", "shown"))
    if len(matrix) != 9 or len(shown) != 4 or not isinstance(said["mirrored"], bool):  # noqa: PLR2004
        raise Malformed("a lead whose transform is none")
    part = (shown[0], shown[1], shown[2], shown[3])
    return Transform(matrix, said["mirrored"], _real(said["turned"]), part, _real(said["covers"]))


def _stage(value: Json) -> Stage:
    said = _fields(value, Stage)
    if said["name"] not in STAGES or said["said"] not in SAID:
        raise Malformed("a lead with a stage that there is not")
    score = None if said["score"] is None else _real(said["score"])
    return Stage(_text(said["name"]), _text(said["said"]), score)


def _rates(value: Json) -> Rates:
    said = _fields(value, Rates)
    return Rates(
        _int(said["films"]),
        _int(said["kinds"]),
        _int(said["copies"]),
        _real(said["missed"]),
        *(_int(said[name]) for name in ("others", "false", "scenes", "false_scene")),
    )


def _fields(value: Json, kind: type[Part]) -> dict[str, Json]:
    if not isinstance(value, dict) or set(value) != {each.name for each in fields(kind)}:
        raise Malformed(f"a lead's {kind.__name__.lower()} with other fields")
    return value


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise Malformed("a lead with something else in the place of a list")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise Malformed("a lead with something else in the place of a text")
    return value


def _int(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("a lead with something else in the place of a number")
    return value


def _real(value: Json) -> float:
    return _int(value) / BILLION
