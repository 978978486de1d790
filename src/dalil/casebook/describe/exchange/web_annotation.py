"""W3C Web Annotation (2017) as JSON-LD: exact, since its selectors carry time stamps as well.

A stretch has two selectors: a Media Fragment (``t=`` in seconds, which players read) and the
presentation time stamps with their time base.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from dalil.casebook.describe.exchange.entry import ANNOTATION, SPEECH, Entry, Faults, checked, short
from dalil.casebook.describe.exchange.via import parsed
from dalil.casebook.incident.act_map import Box
from dalil.casebook.record.sources import TIMEBASE
from dalil.errors import ImportRefused
from dalil.kernel.canonical import MAX_INTEGER, Json

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"dalil": "urn:dalil:terms#"}]
FRAGMENTS = "http://www.w3.org/TR/media-frags/"
MILLI = 1000
FRAGMENT = re.compile(r"(?:npt:)?([0-9]{1,8}(?:\.[0-9]{1,9})?)?(?:,([0-9]{1,8}(?:\.[0-9]{1,9})?))?")
PIXELS = re.compile(r"(?:pixel:)?([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})")
# What a text says of an annotation, by purpose (Web Annotation Vocabulary, 2017, motivations).
LANE, TERM, LABEL, BASIS, WORDS, SPEAKER, VERSION = (
    "dalil:lane", "tagging", "identifying", "classifying", "dalil:words", "dalil:speaker",
    "dalil:version",
)  # fmt: skip
DESCRIBING = "describing"
SEVERITY = "severity:"


def write_web_annotation(entries: Iterable[Entry], item: str) -> bytes:
    """Return a collection with one page."""
    items = [annotation_of(each, item) for each in entries]
    page = {"type": "AnnotationPage", "startIndex": 0, "items": items}
    collection = {
        "@context": CONTEXT, "type": "AnnotationCollection", "label": ["Dalil"],
        "total": len(items), "first": page,
    }  # fmt: skip
    return (json.dumps(collection, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def annotation_of(entry: Entry, item: str) -> dict[str, Json]:
    """Return one annotation."""
    return {
        "id": urn(entry.id),
        "type": "Annotation",
        "motivation": DESCRIBING,
        "body": bodies_of(entry),
        "target": target_of(entry, item),
    }


def bodies_of(entry: Entry) -> list[Json]:
    """Return what an annotation says, each text with its purpose and language."""
    if entry.kind == SPEECH:
        words = {**plain(entry.value or "", WORDS), "language": entry.lang}
        said = [words, (SPEAKER, entry.speaker), (VERSION, entry.version)]
    else:
        said = [(LANE, entry.lane), (TERM, entry.value), (LABEL, entry.label)]
        said.append((BASIS, "inference" if entry.inferred else "observation"))
    made = [plain(e[1], e[0]) if isinstance(e, tuple) else e for e in said if _says(e)]
    return made + texts(entry.text_en, entry.text_ar)


def _says(one: Json | tuple[str, str | None]) -> bool:
    return not isinstance(one, tuple) or bool(one[1])


def target_of(entry: Entry, item: str) -> Json:
    """Return the stretch of an item, and the box in its picture, as a specific resource."""
    fragment = f"t={seconds(entry.start)},{seconds(entry.end, up=True)}"
    if entry.box is not None:
        box = entry.box
        fragment += f"&xywh=pixel:{box.x},{box.y},{box.w},{box.h}"
    selectors: list[Json] = [
        {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": fragment}
    ]
    if entry.stamps is not None:
        start, end, timebase = entry.stamps
        selectors.append({
            "type": "dalil:PtsSelector", "dalil:ptsStart": start, "dalil:ptsEnd": end,
            "dalil:timebase": timebase,
        })  # fmt: skip
    return {"source": urn(item, "item"), "selector": selectors}


def seconds(at: Fraction, *, up: bool = False) -> str:
    """Return seconds for a media fragment, to the millisecond, outwards; never before 0."""
    whole = max(0, int(-((-at * MILLI) // 1) if up else (at * MILLI) // 1))
    return f"{whole // MILLI}.{whole % MILLI:03}"


def urn(id_: str, kind: str = "record") -> str:
    """Return the name of a record or an item that never changes."""
    return f"urn:dalil:{kind}:{id_}"


def texts(en: str | None, ar: str | None) -> list[Json]:
    """Return bodies that describe, in their languages."""
    return [
        {**plain(text, DESCRIBING), "language": lang, "textDirection": way}
        for lang, way, text in (("en", "ltr", en), ("ar", "rtl", ar))
        if text
    ]


def plain(text: str, purpose: str) -> dict[str, Json]:
    """Return a body of plain text."""
    return {"type": "TextualBody", "value": text, "format": "text/plain", "purpose": purpose}


def read_web_annotation(data: bytes, faults: Faults, item: str) -> list[Entry]:
    """Return what the annotations of a file say of one item.

    Read are collections, pages, lists and single annotations. What names another item of an
    archive is refused; a source that is no item of an archive is taken to be this one.

    Raises:
        ImportRefused: there are no annotations in it, or too many cannot be read.

    """
    found = list(_annotations(parsed(data)))
    if not found:
        raise ImportRefused("there are no annotations in it")
    return checked(_entries(found, faults, item), faults)


def _annotations(value: Json) -> Iterator[dict[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            continue
        if each.get("type") == "Annotation":
            yield each
        first = each.get("first")
        for page in (each, first if isinstance(first, dict) else {}):
            items = page.get("items")
            if isinstance(items, list):
                yield from (e for e in items if isinstance(e, dict))


def _entries(found: list[dict[str, Any]], faults: Faults, item: str) -> Iterator[Entry]:
    for number, each in enumerate(found, 1):
        id_ = each.get("id")
        place = f"annotation {number}"
        target = each.get("target")
        if isinstance(target, list) and len(target) == 1:
            target = target[0]
        if not isinstance(target, dict):
            faults.add(place, "target: one stretch of footage is expected")
            continue
        source = target.get("source")
        if (
            isinstance(source, str)
            and source.startswith("urn:dalil:")
            and source != urn(item, "item")
        ):
            faults.add(place, f"target: {short(source)} is not this item")
            continue
        name = id_ if isinstance(id_, str) and id_ else f"annotation {number}"
        entry = _entry(place, name, target, each.get("body"))
        if entry is None:
            faults.add(place, "target: a stretch (t=) or time stamps are expected")
        else:
            yield entry


def _entry(place: str, name: str, target: dict[str, Any], body: Json) -> Entry | None:
    selectors = target.get("selector")
    start = end = None
    stamps, box = None, None
    for each in selectors if isinstance(selectors, list) else [selectors]:
        if not isinstance(each, dict):
            continue
        if each.get("type") == "dalil:PtsSelector":
            stamps = _stamps(each)
        elif isinstance(each.get("value"), str):
            start, end, box = _fragment(each["value"])
    if start is None or end is None:
        return None
    said, languages = _said(body)
    words = said.get(WORDS)
    lang = languages.get(WORDS, "und")
    return Entry(
        place=place,
        kind=ANNOTATION if words is None else SPEECH,
        id=name.removeprefix("urn:dalil:record:"),
        start=start,
        end=end,
        lane=said.get(LANE) if words is None else None,
        value=said.get(TERM) if words is None else words,
        text_en=said.get("en"),
        text_ar=said.get("ar"),
        label=said.get(LABEL),
        box=box if words is None else None,
        inferred=said.get(BASIS) == "inference" if words is None else None,
        lang=None if words is None else lang,
        version=said.get(VERSION),
        speaker=said.get(SPEAKER),
        stamps=stamps,
    )


def _stamps(selector: dict[str, Any]) -> tuple[int, int, str] | None:
    start, end = selector.get("dalil:ptsStart"), selector.get("dalil:ptsEnd")
    timebase = selector.get("dalil:timebase")
    whole = all(isinstance(e, int) and not isinstance(e, bool) for e in (start, end))
    if not whole or not isinstance(timebase, str) or not TIMEBASE.fullmatch(timebase):
        return None
    far = max(abs(start or 0), abs(end or 0)) > MAX_INTEGER
    return None if far or (start or 0) > (end or 0) else (int(start or 0), int(end or 0), timebase)


def _fragment(value: str) -> tuple[Fraction | None, Fraction | None, Box | None]:
    start = end = None
    box = None
    for part in value.removeprefix("#").split("&"):
        name, _, said = part.partition("=")
        times, sides = FRAGMENT.fullmatch(said), PIXELS.fullmatch(said)
        if name == "t" and times and said:
            start = Fraction(times[1] or 0)
            end = Fraction(times[2]) if times[2] else start
        elif name == "xywh" and sides:
            x, y, w, h = map(int, sides.groups())
            box = Box(x, y, max(1, w), max(1, h))
    return start, end, box


def _said(body: Json) -> tuple[dict[str, str], dict[str, str]]:
    """Return texts by purpose, describing ones by language, and the language of each purpose."""
    said: dict[str, str] = {}
    languages: dict[str, str] = {}
    for each in body if isinstance(body, list) else [body]:
        text = each if isinstance(each, str) else None
        purpose, language = DESCRIBING, ""
        if isinstance(each, dict):
            text = each.get("value")
            purpose = str(each.get("purpose", DESCRIBING))
            language = str(each.get("language") or "")
        if not isinstance(text, str) or not text.strip():
            continue
        if purpose == TERM and text.startswith(SEVERITY):
            # How severe something is follows from a code book, or is said by a person here.
            continue
        if purpose == DESCRIBING:
            purpose = "ar" if language.startswith("ar") else "en"
        said.setdefault(purpose, text)
        languages.setdefault(purpose, language or "und")
    return said, languages
