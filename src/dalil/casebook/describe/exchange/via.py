"""VIA 3 projects (VGG Image Annotator, JSON): stretches of time, and boxes on single pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NoReturn

from dalil.casebook.describe.exchange.entry import (
    ANNOTATION,
    SPEECH,
    Entry,
    Faults,
    checked,
    seconds_of,
    short,
    text_in,
)
from dalil.casebook.incident.act_map import Box
from dalil.errors import ImportRefused
from dalil.kernel.canonical import Json

# What the attributes of a stretch are called; the first of them names the row on VIA's page.
LANE, VALUE, TEXT_EN, TEXT_AR, LABEL, BASIS, SPEAKER = (
    "lane", "value", "text-en", "text-ar", "label", "basis", "speaker",
)  # fmt: skip
NAMES = (LANE, VALUE, TEXT_EN, TEXT_AR, LABEL, BASIS, SPEAKER)
SPOKEN = "speech "
TEXT_FIELD, VIDEO, LOCAL, RECTANGLE = 1, 4, 1, 2
DIGITS = 9


def write_via(entries: Iterable[Entry], item: str) -> bytes:
    """Return a VIA 3 project about one clip, which it names by the item's number."""
    numbers = {name: str(number) for number, name in enumerate(NAMES, 1)}
    metadata = {each.id: _metadata(each, numbers) for each in entries}
    project = {
        "project": {
            "pid": "__VIA_PROJECT_ID__", "rev": "__VIA_PROJECT_REV_ID__",
            "rev_timestamp": "__VIA_PROJECT_REV_TIMESTAMP__", "pname": "dalil", "creator": "",
            "created": 0, "data_format_version": "3.1.1", "vid_list": ["1"],
        },
        "config": {},
        "attribute": {
            number: {
                "aname": name, "anchor_id": "FILE1_Z2_XY0", "type": TEXT_FIELD, "desc": "",
                "options": {}, "default_option_id": "",
            }
            for name, number in numbers.items()
        },
        "file": {"1": {"fid": "1", "fname": item, "type": VIDEO, "loc": LOCAL, "src": ""}},
        "metadata": metadata,
        "view": {"1": {"fid_list": ["1"]}},
    }  # fmt: skip
    return (json.dumps(project, ensure_ascii=False, indent=1) + "\n").encode()


def _metadata(entry: Entry, numbers: dict[str, str]) -> Json:
    lane = entry.lane
    if entry.kind == SPEECH:
        lane = SPOKEN + (entry.lang or "") + (f" / {entry.version}" if entry.version else "")
    said = {
        LANE: lane, VALUE: entry.value, TEXT_EN: entry.text_en, TEXT_AR: entry.text_ar,
        LABEL: entry.label, BASIS: "inference" if entry.inferred else None,
        SPEAKER: entry.speaker,
    }  # fmt: skip
    box = entry.box
    return {
        "vid": "1",
        "flg": 0,
        "z": [_number(entry.start), _number(entry.end)],
        "xy": [] if box is None else [RECTANGLE, box.x, box.y, box.w, box.h],
        "av": {numbers[name]: value for name, value in said.items() if value},
    }


def _number(at: Fraction) -> float:
    return round(float(at), DIGITS)


def read_via(data: bytes, faults: Faults) -> list[Entry]:
    """Return what a project says.

    Its attributes are known by name (`NAMES`); the first that has another name is the value, and
    ``TEMPORAL-SEGMENTS`` is the lane.

    Raises:
        ImportRefused: it is no project of VIA 3, is about more than one file, or too much of it
            cannot be read.

    """
    project = parsed(data)
    metadata = project.get("metadata") if isinstance(project, dict) else None
    attributes = project.get("attribute") if isinstance(project, dict) else None
    if not isinstance(metadata, dict) or not isinstance(attributes, dict):
        raise ImportRefused("this is no project of VIA 3: there is no `metadata` or `attribute`")
    videos = {str(each.get("vid")) for each in metadata.values() if isinstance(each, dict)}
    if len(videos) > 1:
        raise ImportRefused(f"it is about {len(videos)} files; keep those of one clip")
    return checked(_entries(metadata, _names(attributes), faults), faults)


def parsed(data: bytes) -> Json:
    """Return JSON whose numbers are exact.

    Raises:
        ImportRefused: it is no JSON, or nested without end.

    """
    text = text_in(data)
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refused)
    except (ValueError, RecursionError, InvalidOperation) as error:
        where = f"line {error.lineno}: " if isinstance(error, json.JSONDecodeError) else ""
        raise ImportRefused(f"{where}this is no JSON") from None


def _refused(word: str) -> NoReturn:
    raise ValueError(word)


def _names(attributes: dict[str, Any]) -> dict[str, str]:
    """Return what each attribute says, by its number."""
    found: dict[str, str] = {}
    for number, each in attributes.items():
        name = each.get("aname") if isinstance(each, dict) else None
        if name == "TEMPORAL-SEGMENTS":
            found[number] = LANE
        elif name in NAMES:
            found[number] = str(name)
    if VALUE not in found.values():
        free = (number for number in attributes if number not in found)
        found |= dict.fromkeys(list(free)[:1], VALUE)
    return found


def _entries(metadata: dict[str, Any], names: dict[str, str], faults: Faults) -> Iterator[Entry]:
    for id_, each in metadata.items():
        place = f"metadata {short(id_)}"
        if not isinstance(each, dict):
            faults.add(place, "an object is expected")
            continue
        times = _times(each.get("z"))
        box = _box(each.get("xy"))
        said = _said(each.get("av"), names)
        if times is None:
            faults.add(place, "z: the seconds of one picture, or from when to when")
        elif box == ():
            faults.add(place, "xy: of shapes only a rectangle is read")
        elif said is None:
            faults.add(place, "av: texts by attribute are expected")
        else:
            yield _entry(place, id_, times, box or None, said)


def _times(z: Json) -> tuple[Fraction, Fraction] | None:
    if not isinstance(z, list) or len(z) not in (1, 2):
        return None
    start, end = seconds_of(z[0]), seconds_of(z[-1])
    return None if start is None or end is None else (start, end)


def _box(xy: Json) -> Box | tuple[()] | None:
    """Return a rectangle; none where there is no shape, () where it is another one."""
    if xy is None or xy == []:
        return None
    if not isinstance(xy, list) or len(xy) != 5 or xy[0] != RECTANGLE:  # noqa: PLR2004 - a box
        return ()
    sides = [seconds_of(each) for each in xy[1:]]
    if any(each is None for each in sides):
        return ()
    x, y, w, h = (round(each or 0) for each in sides)
    return Box(x, y, max(1, w), max(1, h)) if min(x, y, w, h) >= 0 else ()


def _said(av: Json, names: dict[str, str]) -> dict[str, str] | None:
    if av is None:
        return {}
    if not isinstance(av, dict) or not all(isinstance(each, str) for each in av.values()):
        return None
    return {names[number]: text for number, text in av.items() if number in names and text.strip()}


def _entry(
    place: str, id_: str, times: tuple[Fraction, Fraction], box: Box | None, said: dict[str, str]
) -> Entry:
    lane = said.get(LANE, "")
    spoken = lane.startswith(SPOKEN)
    lang, _, version = lane.removeprefix(SPOKEN).partition(" / ")
    return Entry(
        place=place,
        kind=SPEECH if spoken else ANNOTATION,
        id=id_,
        start=times[0],
        end=times[1],
        lane=None if spoken else lane or None,
        value=said.get(VALUE),
        text_en=said.get(TEXT_EN),
        text_ar=said.get(TEXT_AR),
        label=said.get(LABEL),
        box=None if spoken else box,
        inferred=None if spoken else said.get(BASIS) == "inference",
        lang=lang if spoken else None,
        version=version or None if spoken else None,
        speaker=said.get(SPEAKER) if spoken else None,
    )
