"""ELAN annotation format (EAF 2.8 to 3.0): a tier a lane, or a transcript; time in milliseconds.

Written with pympi. Read by itself: that library parses entities, and stops at what other programs
write (names without a digit, no schema location).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pympi.Elan import Eaf, to_string

from dalil.casebook.describe.exchange.entry import (
    ANNOTATION,
    MAX_BYTES,
    SPEECH,
    Entry,
    Faults,
    checked,
    short,
)
from dalil.casebook.record.form import FORBIDDEN
from dalil.errors import ImportRefused

MILLI = 1000
# One clock for every machine: nobody learns from the file when or where it was made.
WRITTEN = "1970-01-01T00:00:00+00:00"
SPOKEN = re.compile(r"speech (?P<lang>[A-Za-z0-9-]{1,35})(?: / (?P<version>.+))?", re.DOTALL)
SECOND = re.compile(r"(?P<lane>.+) \((?P<number>[0-9]{1,3})\)", re.DOTALL)
BESIDE = re.compile(r"(?P<lane>.+) \| (?P<what>text-en|text-ar|label|basis|speaker)", re.DOTALL)
FIELDS = {"text-en": "text_en", "text-ar": "text_ar", "label": "label", "speaker": "speaker"}
INFERRED = "inference"


def write_elan(entries: Iterable[Entry]) -> bytes:
    """Return an EAF file. What overlaps in one lane stands in a second tier: ``lane (2)``."""
    made = Eaf(author="")
    made.remove_tier("default")
    made.adocument["DATE"] = WRITTEN
    made.add_linguistic_type("beside", "Symbolic_Association", timealignable=False)
    ends: dict[str, Fraction] = {}
    for each in entries:
        tier = _free_tier(_tier_of(each), each.start, ends)
        ends[tier] = _end(each)
        if tier not in made.tiers:
            made.add_tier(tier)
        slots = [made.generate_ts_id(round(at * MILLI)) for at in (each.start, _end(each))]
        made.tiers[tier][0][f"a{each.id}"] = (*slots, _plain(each.value), None)
        for what, value in _beside(each):
            below = f"{tier} | {what}"
            if below not in made.tiers:
                made.add_tier(below, "beside", parent=tier)
            made.tiers[below][1][f"a{each.id}-{what}"] = (f"a{each.id}", _plain(value), None, None)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + str(to_string(made))
    return (text.rstrip("\n") + "\n").encode()


def _tier_of(entry: Entry) -> str:
    if entry.kind == ANNOTATION:
        return entry.lane or ""
    return f"speech {entry.lang}" + (f" / {entry.version}" if entry.version else "")


def _free_tier(name: str, start: Fraction, ends: Mapping[str, Fraction]) -> str:
    tier, number = name, 1
    while ends.get(tier, start) > start:
        number += 1
        tier = f"{name} ({number})"
    return tier


def _end(entry: Entry) -> Fraction:
    # A tier holds no annotation without length.
    least = Fraction(round(entry.start * MILLI) + 1, MILLI)
    return max(entry.end, least)


def _beside(entry: Entry) -> Iterator[tuple[str, str]]:
    for what, name in FIELDS.items():
        value = getattr(entry, name)
        if value:
            yield what, value
    if entry.inferred:
        yield "basis", INFERRED


def _plain(text: str | None) -> str:
    # XML knows no other line end.
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(slots=True)
class _Read:
    """What was read of a file so far."""

    slots: dict[str, int] = field(default_factory=dict)
    beside: dict[str, dict[str, str]] = field(default_factory=dict)
    tiers: set[str] = field(default_factory=set)


def read_elan(data: bytes, faults: Faults) -> list[Entry]:
    """Return what the tiers of a file say.

    A tier ``speech LANG`` is a transcript, ``NAME | text-en`` and its like stand beside another
    tier, and any other is a lane. Annotations without a time of their own take their parent's.

    Raises:
        ImportRefused: it is no EAF, defines entities, or too much of it cannot be read.

    """
    if len(data) > MAX_BYTES:
        raise ImportRefused(f"{len(data)} bytes where {MAX_BYTES} are read")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ImportRefused(
            "the file defines entities, which no list of annotations needs"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise ImportRefused(f"this is no XML: {short(str(error))}") from None
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ImportRefused("this is no ELAN file: there is no ANNOTATION_DOCUMENT")
    read = _Read()
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        if re.fullmatch(r"[0-9]{1,10}", value):
            read.slots[slot.get("TIME_SLOT_ID", "")] = int(value)
    tiers = root.findall("TIER")
    read.tiers = {tier.get("TIER_ID", "") for tier in tiers}
    aligned = {each.get("ANNOTATION_ID", ""): each for each in root.iter("ALIGNABLE_ANNOTATION")}
    for tier in tiers:
        found = BESIDE.fullmatch(tier.get("TIER_ID", ""))
        if found and found["lane"] in read.tiers:
            for each in tier.iter("REF_ANNOTATION"):
                said = read.beside.setdefault(each.get("ANNOTATION_REF", ""), {})
                said[found["what"]] = _value(each)
    return checked(_entries(tiers, aligned, read, faults), faults)


def _entries(
    tiers: Iterable[Element], aligned: Mapping[str, Element], read: _Read, faults: Faults
) -> Iterator[Entry]:
    for tier in tiers:
        name = tier.get("TIER_ID", "")
        found = BESIDE.fullmatch(name)
        if found and found["lane"] in read.tiers:
            continue
        for each in (*tier.iter("ALIGNABLE_ANNOTATION"), *tier.iter("REF_ANNOTATION")):
            id_ = each.get("ANNOTATION_ID", "")
            place = f"tier {short(name)}, annotation {short(id_)}"
            times = _times(each, aligned, read)
            if times is None:
                faults.add(place, "its times are not in the file")
            elif not _value(each).strip() and id_ not in read.beside:
                # ELAN keeps empty annotations; they say nothing.
                continue
            else:
                yield _entry(place, id_, _lane_of(name, read.tiers), times, each, read)


def _times(
    each: Element, aligned: Mapping[str, Element], read: _Read
) -> tuple[Fraction, Fraction] | None:
    """Return start and end; of one without times of its own, those of what it refers to."""
    refers = each.get("ANNOTATION_REF")
    if refers is not None:
        # Deeper trees than one are rare, and told as such.
        each = aligned.get(refers, each)
    start = read.slots.get(each.get("TIME_SLOT_REF1", ""))
    end = read.slots.get(each.get("TIME_SLOT_REF2", ""))
    if start is None or end is None:
        return None
    return Fraction(start, MILLI), Fraction(end, MILLI)


def _lane_of(name: str, tiers: set[str]) -> str:
    second = SECOND.fullmatch(name)
    return second["lane"] if second and second["lane"] in tiers else name


def _entry(
    place: str, id_: str, lane: str, times: tuple[Fraction, Fraction], each: Element, read: _Read
) -> Entry:
    said = read.beside.get(id_, {})
    spoken = SPOKEN.fullmatch(lane)
    more: dict[str, Any] = {
        FIELDS[what]: value for what, value in said.items() if what in FIELDS and value.strip()
    }
    return Entry(
        place=place,
        kind=SPEECH if spoken else ANNOTATION,
        id=id_.removeprefix("a"),
        start=times[0],
        end=times[1],
        lane=None if spoken else lane,
        value=_value(each) or None,
        inferred=None if spoken else said.get("basis") == INFERRED,
        lang=spoken["lang"] if spoken else None,
        version=spoken["version"] if spoken else None,
        **more,
    )


def _value(each: Element) -> str:
    text = each.findtext("ANNOTATION_VALUE") or ""
    return text if not FORBIDDEN.search(text) else ""
