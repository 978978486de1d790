"""JSON as rows: one object a line (FollowTheMoney entities too), GeoJSON (RFC 7946), Bayanat's.

Objects within objects become columns with a dot (``properties.name``); lists stay JSON. Of a
GeoJSON feature a row has ``id``, ``geometry`` (its type), ``longitude`` and ``latitude`` of a
point, exactly as they are written, and its properties.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from dalil.casebook.exchange.json_document import is_document, objects, table_of
from dalil.casebook.exchange.sheets import MAX_COLUMNS, MAX_LINE, Faults
from dalil.kernel.canonical import Json

LINES = (".jsonl", ".ndjson", ".ijson", ".ftm", ".ftm.json")
FEATURES = (".geojson",)
MAX_FEATURES = 256 << 20
DEEP = 4


def numbered(path: Path, file: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield the columns as row 1, then the rows with their line or feature numbers.

    A line that is no object is noted and left out; so is a file that is no GeoJSON.
    """
    columns: dict[str, None] = {}
    for names in _names(path, file):
        columns |= dict.fromkeys(names)
        if len(columns) > MAX_COLUMNS:
            expected = f"at most {MAX_COLUMNS} columns"
            faults.add(file, None, None, f"{len(columns)} columns", expected)
            return
    if not columns and table_of(path):
        # A list that holds nothing is still known for what it is.
        columns = {"id": None}
    if columns:
        yield 1, list(columns)
    for number, row in _rows(path, file, faults):
        yield number, [row.get(column, "") for column in columns]


def _names(path: Path, file: str) -> Iterator[Iterable[str]]:
    if is_document(path):
        for _, value in objects(path, file, Faults()):
            yield _flat_names(value)
        return
    for _, row in _rows(path, file, Faults()):
        yield row


def _rows(path: Path, file: str, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    packed = path.name.lower().endswith(".gz")
    features = path.name.lower().removesuffix(".gz").endswith(FEATURES)
    if is_document(path):
        for number, value in objects(path, file, faults):
            yield number, dict(_flat(value))
        return
    with gzip.open(path) if packed else path.open("rb") as stream:
        yield from (_features if features else _lines)(stream, file, faults)


def _lines(
    stream: BufferedIOBase, file: str, faults: Faults
) -> Iterator[tuple[int, dict[str, str]]]:
    number = 0
    try:
        while line := stream.readline(MAX_LINE):
            number += 1
            if line.strip():
                value = _parsed(line)
                if isinstance(value, dict):
                    yield number, dict(_flat(value))
                else:
                    _fault(faults, file, number, line, "one JSON object a line, in UTF-8")
    except (OSError, EOFError) as error:
        _fault(faults, file, number, str(error).encode(), "gzip to its end; the file is damaged")


def _features(
    stream: BufferedIOBase, file: str, faults: Faults
) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        raw = stream.read(MAX_FEATURES)
    except (OSError, EOFError) as error:
        raw = str(error).encode()
    whole = _parsed(raw)
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or whole.get("type") != "FeatureCollection":
        _fault(faults, file, None, raw[:80], "a GeoJSON FeatureCollection (RFC 7946)")
        return
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            _fault(faults, file, number, b"", "a GeoJSON feature")
            continue
        yield number, {**_placed(feature.get("geometry")), **dict(_flat(_told(feature)))}


def _told(feature: dict[str, Json]) -> dict[str, Json]:
    return {name: feature[name] for name in ("id", "properties") if name in feature}


def _placed(geometry: Json) -> dict[str, str]:
    """Return where a feature is: of a point its two numbers, as they are written."""
    if not isinstance(geometry, dict):
        return {}
    found, coordinates = {"geometry": str(geometry.get("type"))}, geometry.get("coordinates")
    if found["geometry"] == "Point" and isinstance(coordinates, list) and len(coordinates) > 1:
        return {**found, "longitude": _text(coordinates[0]), "latitude": _text(coordinates[1])}
    return {**found, "coordinates": _text(coordinates)}


def _flat(value: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, each in value.items():
        if isinstance(each, dict) and each and depth < DEEP:
            yield from _flat(each, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", _text(each)


def _flat_names(value: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[str]:
    for name, each in value.items():
        if isinstance(each, dict) and each and depth < DEEP:
            yield from _flat_names(each, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}"


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _parsed(raw: bytes) -> Json:
    try:
        # A number stays as it is written: no digit of a position is lost.
        return json.loads(raw.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None


def _fault(faults: Faults, file: str, row: int | None, value: bytes, expected: str) -> None:
    faults.add(file, row, None, value.decode(errors="replace").strip(), expected)
