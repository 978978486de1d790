"""WebVTT (W3C Candidate Recommendation, 2019): one transcript or translation, cue by cue."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from dalil.casebook.describe.exchange.entry import SPEECH, Entry, Faults, checked, short, text_in
from dalil.errors import ImportRefused

MILLI = 1000
TIMING = re.compile(
    r"(?:([0-9]{2,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})[ \t]+-->[ \t]+"
    r"(?:([0-9]{2,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?:[ \t].*)?"
)
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>]*)>")
TAG = re.compile(r"</?[^>]*>")


def write_webvtt(entries: Iterable[Entry]) -> bytes:
    """Return a WebVTT file; the identifier of a cue is that of its segment."""
    made = webvtt.WebVTT()
    for each in entries:
        text = _escaped(each.value or "")
        if each.speaker:
            text = f"<v {_escaped(each.speaker, one_line=True)}>{text}</v>"
        end = max(each.end, each.start + Fraction(1, MILLI))
        cue = webvtt.Caption(_clock(each.start), _clock(end), text, each.id)
        made.captions.append(cue)
    return (made.content.rstrip("\n") + "\n").encode()


def read_webvtt(data: bytes, faults: Faults) -> list[Entry]:
    """Return what the cues of a file say.

    Raises:
        ImportRefused: it is no WebVTT, or too many of its cues cannot be read.

    """
    text = text_in(data).replace("\r\n", "\n").replace("\r", "\n")
    if text.split("\n", 1)[0].split(" ")[0].split("\t")[0] != "WEBVTT":
        raise ImportRefused("line 1: a file of this form begins with WEBVTT")
    lines = text.split("\n")
    timed = [number for number, line in enumerate(lines, 1) if "-->" in line]
    for number in timed:
        if not TIMING.fullmatch(lines[number - 1].strip()):
            faults.add(f"line {number}", f"{short(lines[number - 1])} is no time of a cue")
    faults.refuse()
    try:
        # What this library reads is unescaped here; it keeps the text of a cue as it stands.
        cues = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise ImportRefused(f"WebVTT: {short(str(error))}") from None
    if len(cues) != len(timed):
        raise ImportRefused(f"WebVTT: {len(timed)} lines of times, and {len(cues)} cues")
    return checked(_entries(cues, timed, lines), faults)


def _entries(cues: Iterable[webvtt.Caption], timed: list[int], lines: list[str]) -> Iterator[Entry]:
    for number, (cue, line) in enumerate(zip(cues, timed, strict=True), 1):
        found = TIMING.fullmatch(lines[line - 1].strip())
        parts = found.groups() if found else ("0",) * 8
        raw = "\n".join(cue.lines)
        voice = VOICE.search(raw)
        yield Entry(
            place=f"line {line}",
            kind=SPEECH,
            id=(cue.identifier or f"cue {number}").strip(),
            start=_seconds(*parts[:4]),
            end=_seconds(*parts[4:]),
            value=html.unescape(TAG.sub("", raw)).strip(),
            speaker=html.unescape(voice[1]).strip() or None if voice else None,
        )


def _escaped(text: str, *, one_line: bool = False) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    lines = [each for each in plain.replace("\r", "\n").split("\n") if each.strip()]
    # An empty line would end the cue.
    return (" " if one_line else "\n").join(lines)


def _clock(at: Fraction) -> str:
    whole = max(0, round(at * MILLI))
    minutes, milli = divmod(whole, 60 * MILLI)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milli // MILLI:02}.{milli % MILLI:03}"


def _seconds(hours: str | None, minutes: str, seconds: str, milli: str) -> Fraction:
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole + Fraction(int(milli), MILLI)
