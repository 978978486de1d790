"""Lanes and transcripts out, in a form that other programs read; each says what it cannot hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.code_book import TermShown
from dalil.casebook.describe.exchange.elan import read_elan, write_elan
from dalil.casebook.describe.exchange.entry import ANNOTATION, SPEECH, Entry, Faults
from dalil.casebook.describe.exchange.via import read_via, write_via
from dalil.casebook.describe.exchange.web_annotation import (
    read_web_annotation,
    write_web_annotation,
)
from dalil.casebook.describe.exchange.webvtt import read_webvtt, write_webvtt
from dalil.casebook.describe.lanes import Lanes, Mark, lanes
from dalil.casebook.describe.transcript import Segment, Track, Transcript, transcript
from dalil.casebook.incident.clock import Clock, tick_of
from dalil.casebook.index.view import View
from dalil.errors import NoSuchThing, UsageRefused

WEBVTT, ELAN, VIA, WEB_ANNOTATION = FORMS = ("webvtt", "elan", "via", "web-annotation")
SUFFIX = {WEBVTT: "vtt", ELAN: "eaf", VIA: "json", WEB_ANNOTATION: "jsonld"}
MEDIA_TYPE = {
    WEBVTT: "text/vtt", ELAN: "application/xml", VIA: "application/json",
    WEB_ANNOTATION: "application/ld+json",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a form cannot hold, or that was done with what it holds: how often.

    Codes, out: ``time-to-the-millisecond``, ``boxes``, ``grounds``, ``severities``, ``rounds``,
    ``translations``, ``certified``, ``before-the-start``, ``terms-withheld``. In:
    ``inferences-left-out``, ``withdrawn-here``, ``texts-for-terms``, ``no-known-end``.
    """

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Carried:
    """A file of one of the forms, and what of the archive is not in it."""

    form: str
    suffix: str
    media_type: str
    data: bytes
    annotations: int
    segments: int
    lost: tuple[Noted, ...]


def carry_out(
    casebook: Casebook,
    item: str,
    form: str,
    view: View,
    lang: str = "en",
    track: tuple[str, str | None] | None = None,
) -> Carried:
    """Return what is described of an item in one of ``FORMS``; names of terms in ``lang``.

    WebVTT holds one transcript or translation: ``track`` says which, by language and version.
    What somebody writes in a blind round leaves when it is done, not before.

    Raises:
        UsageRefused: there is no such form. NoSuchThing: there is nothing that it could hold.

    """
    if form not in FORMS:
        raise UsageRefused(f"{form!r} is none of {', '.join(FORMS)}")
    view = replace(view, author=None)
    spoken = transcript(casebook, item, view)
    if form == WEBVTT:
        tracks = tuple(e for e in spoken.tracks if track in (None, (e.lang, e.version)))[:1]
        described = None
    else:
        tracks, described = spoken.tracks, lanes(casebook, item, view)
    entries = list(entries_of(described, replace(spoken, tracks=tracks), lang))
    if not entries:
        raise NoSuchThing(f"item {item}: nothing is described that this form could hold")
    kept = [each for each in entries if each.start >= 0]
    lost = _lost(form, described, tracks, len(entries) - len(kept))
    return Carried(
        form,
        SUFFIX[form],
        MEDIA_TYPE[form],
        written(form, kept, item),
        sum(each.kind == ANNOTATION for each in kept),
        sum(each.kind == SPEECH for each in kept),
        tuple(lost),
    )


def written(form: str, entries: Iterable[Entry], item: str) -> bytes:
    """Return a file of a form."""
    if form == WEBVTT:
        return write_webvtt(entries)
    if form == ELAN:
        return write_elan(entries)
    return write_via(entries, item) if form == VIA else write_web_annotation(entries, item)


def read(form: str, data: bytes, faults: Faults, item: str) -> list[Entry]:
    """Return what a file of a form says.

    Raises:
        UsageRefused: there is no such form. ImportRefused: it cannot be read, or not as a whole.

    """
    if form not in FORMS:
        raise UsageRefused(f"{form!r} is none of {', '.join(FORMS)}")
    if form == WEBVTT:
        return read_webvtt(data, faults)
    if form == ELAN:
        return read_elan(data, faults)
    return read_via(data, faults) if form == VIA else read_web_annotation(data, faults, item)


def entries_of(described: Lanes | None, spoken: Transcript, lang: str) -> Iterator[Entry]:
    """Yield what a file would say of lanes and transcripts, in order of lanes and of time."""
    for lane in described.lanes if described is not None else ():
        for mark in lane.marks:
            yield entry_of(mark, spoken.clock, lang)
    for track in spoken.tracks:
        for segment in track.segments:
            yield _spoken(segment, track, spoken.clock)


def entry_of(mark: Mark, clock: Clock, lang: str) -> Entry:
    """Return what a file would say of one annotation."""
    tick = tick_of(mark.timebase) or 1
    own = (mark.text_ar, mark.text_en) if lang == "ar" else (mark.text_en, mark.text_ar)
    named = None if mark.term is None else named_in(mark.term, lang)
    return Entry(
        place="",
        kind=ANNOTATION,
        id=mark.id,
        start=mark.pts_start * tick - clock.zero,
        end=mark.pts_end * tick - clock.zero,
        lane=mark.lane,
        value=named or own[0] or own[1] or mark.label,
        text_en=mark.text_en,
        text_ar=mark.text_ar,
        label=mark.label,
        box=mark.box,
        inferred=mark.inferred,
        stamps=(mark.pts_start, mark.pts_end, mark.timebase),
    )


def named_in(term: TermShown, lang: str) -> str:
    """Return the name of a term in a language, else in the other one."""
    names = (term.name_ar, term.name_en) if lang == "ar" else (term.name_en, term.name_ar)
    return next(filter(None, names), term.key)


def _spoken(segment: Segment, track: Track, clock: Clock) -> Entry:
    tick = tick_of(segment.timebase) or 1
    return Entry(
        place="",
        kind=SPEECH,
        id=segment.id,
        start=segment.pts_start * tick - clock.zero,
        end=segment.pts_end * tick - clock.zero,
        value=segment.words,
        lang=track.lang,
        version=track.version,
        speaker=segment.speaker,
        stamps=(segment.pts_start, segment.pts_end, segment.timebase),
    )


def _lost(
    form: str, described: Lanes | None, tracks: Sequence[Track], before: int
) -> Iterator[Noted]:
    marks = [m for lane in described.lanes for m in lane.marks] if described is not None else []
    segments = [each for track in tracks for each in track.segments]
    exact = form in (WEB_ANNOTATION, VIA)
    counts = {
        "time-to-the-millisecond": 0 if exact else len(marks) + len(segments),
        "boxes": 0 if exact else sum(each.box is not None for each in marks),
        "grounds": sum(bool(each.rests_on) for each in marks),
        "severities": sum(each.severity is not None for each in marks),
        "rounds": sum(each.round is not None for each in marks),
        "terms-withheld": sum(each.term_withheld for each in marks),
        "translations": sum(each.of is not None for each in segments),
        "certified": sum(each.certified for each in segments),
        "before-the-start": before,
    }
    yield from (Noted(code, count) for code, count in counts.items() if count)
