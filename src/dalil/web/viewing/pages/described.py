"""What is known of an item in words: severity ahead, who did what to whom, what is said."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.transcript import Segment, Transcript, transcript
from dalil.casebook.incident.act_map import ActMap, Line, act_map
from dalil.casebook.incident.clock import Clock, tick_of
from dalil.casebook.incident.clock import shown as clock_shown
from dalil.casebook.incident.party import Party
from dalil.casebook.incident.stretch import Band
from dalil.casebook.index.view import View
from dalil.errors import NoSuchThing

LINES_SHOWN, SEGMENTS_SHOWN, BANDS_DRAWN = 200, 200, 600
WIDTH, STEP, LOW = 1000, 8, 4
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A band as it is drawn, in a picture of 1000 × 48: the higher, the more severe.

    ``severity`` is none where nobody described it; times in seconds.
    """

    x: int
    width: int
    y: int
    height: int
    severity: int | None
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the act map in words; times in seconds, none where it is not tied to footage."""

    id: str
    what: str
    note: str
    severity: int
    start: Fraction
    end: Fraction
    inferred: bool
    grounds: int
    fallen: int
    beyond: bool
    typed_start: str
    typed_end: str
    """Where it begins and ends, as one types it."""
    pts_start: int
    timebase: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said in a stretch, and how it is rendered in other tongues."""

    start: Fraction
    lang: str
    speaker: str
    words: str
    rendered: tuple[tuple[str, str, bool], ...]
    """Language, words, certified."""


@dataclass(frozen=True, slots=True)
class Described:
    """All that can be read of an item before looking; ``worst`` is none where nobody described it.

    ``length`` and ``silence`` (what no observation describes) in seconds; ``lasts``
    is the length as a time code, rounded up.
    """

    length: Fraction | None
    worst: Band | None
    bars: tuple[Bar, ...]
    lines: tuple[Said, ...]
    lines_more: int
    silence: Fraction
    lasts: str
    spoken: tuple[Spoken, ...]
    spoken_more: int


def described(casebook: Casebook, item: str, view: View, lang: str) -> Described:
    """Return what may be read of an item."""
    try:
        shown = act_map(casebook, item, view)
    except NoSuchThing:
        return Described(None, None, (), (), 0, Fraction(0), "", (), 0)
    spoken = tuple(_spoken(transcript(casebook, item, view)))
    lines = tuple(_said(each, lang) for each in shown.lines if each.stretch is not None)
    return Described(
        shown.clock.length,
        shown.worst,
        bars(shown),
        lines[:LINES_SHOWN],
        max(0, len(lines) - LINES_SHOWN),
        shown.silence,
        "" if shown.clock.length is None else clock_shown(shown.clock.length, up=True),
        spoken[:SEGMENTS_SHOWN],
        max(0, len(spoken) - SEGMENTS_SHOWN),
    )


def bands_of(casebook: Casebook, item: str, view: View) -> tuple[Band, ...]:
    """Return how severe each stretch of an item is, in seconds after its first picture."""
    try:
        return act_map(casebook, item, view).bands
    except NoSuchThing:
        return ()


def bands_lately(casebook: Casebook, item: str, view: View) -> tuple[Band, ...]:
    """Return the same, at most a minute old: players report every few seconds."""
    return _bands_then(casebook, item, view, int(time.monotonic() // MINUTE))


@lru_cache(maxsize=64)
def _bands_then(casebook: Casebook, item: str, view: View, _minute: int) -> tuple[Band, ...]:
    return bands_of(casebook, item, view)


def bars(shown: ActMap) -> tuple[Bar, ...]:
    """Return the bands of an item as they are drawn."""
    whole = shown.bands[-1].end if shown.bands else Fraction(0)
    return tuple(bar(each, Fraction(0), whole) for each in shown.bands[:BANDS_DRAWN] if whole)


def bar(band: Band, start: Fraction, end: Fraction) -> Bar:
    """Return one band as it is drawn between ``start`` and ``end`` seconds."""
    first = int((max(band.start, start) - start) * WIDTH / (end - start))
    last = int((min(band.end, end) - start) * WIDTH / (end - start))
    height = LOW + STEP * (band.severity or 0)
    top = LOW + STEP * 5
    return Bar(
        first, max(1, last - first), top - height, height, band.severity, band.start, band.end
    )


def sentence(line: Line, lang: str) -> str:
    """Return who did what to whom, as it was recorded; nobody is named who was not."""
    act = (line.act_ar if lang == "ar" else None) or line.act
    arrow = "←" if lang == "ar" else "→"
    who = party(line.actor)
    whom = party(line.target)
    parties = f"{who} {arrow} {whom}" if who and whom else who or whom
    return f"{parties}: {act}" if parties else act


def party(shown: Party | None) -> str:
    """Return a label, the name beside it where one is linked."""
    if shown is None:
        return ""
    names = " / ".join(shown.names[:2])
    if shown.label:
        return f"{shown.label} ({names})" if names else shown.label
    return names or (shown.entity or "")[:12]


def _said(line: Line, lang: str) -> Said:
    note = line.note_ar if lang == "ar" else line.note_en
    what, also = sentence(line, lang), note or line.note_en or line.note_ar or ""
    stretch = line.stretch
    return Said(
        line.id,
        what,
        "" if also in what else also,
        line.severity,
        stretch.start if stretch else Fraction(0),
        stretch.end if stretch else Fraction(0),
        line.inferred,
        len(line.rests_on),
        len(line.fallen),
        line.beyond,
        typed(stretch.pts_start, stretch.timebase) if stretch else "",
        typed(stretch.pts_end, stretch.timebase) if stretch else "",
        stretch.pts_start if stretch else 0,
        stretch.timebase if stretch else "1/1",
    )


def typed(pts: int, timebase: str) -> str:
    """Return a time stamp as one types it: ``pts:N/TB``."""
    tick = tick_of(timebase) or Fraction(1)
    upside_down = f"/{tick.numerator}" if tick.numerator != 1 else ""
    return f"pts:{pts}/{tick.denominator}{upside_down}"


def _spoken(said: Transcript) -> Iterator[Spoken]:
    for track in said.tracks:
        if track.translation:
            continue
        for beside in said.beside(track):
            rendered = tuple(
                (other.lang, " ".join(each.words for each in segments), other.certified)
                for other, segments in beside.rendered
            )
            segment = beside.said
            yield Spoken(
                _seconds(segment, said.clock),
                track.lang,
                segment.speaker or "",
                segment.words,
                rendered,
            )


def _seconds(segment: Segment, clock: Clock) -> Fraction:
    tick = tick_of(segment.timebase) or Fraction(0)
    return segment.pts_start * tick - clock.zero


def ahead(bands: Sequence[Band], start: Fraction, end: Fraction) -> list[dict[str, object]]:
    """Return the bands within a stretch as the player reads them: seconds after ``start``."""
    return [
        {
            "start": float(max(each.start, start) - start),
            "end": float(min(each.end, end) - start),
            "severity": each.severity,
        }
        for each in bands
        if each.end > start and each.start < end
    ]
