"""What is said in an item: transcripts and translations, rivals side by side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.describe.reading import standing
from dalil.casebook.incident.clock import Clock, clock_of, tick_of
from dalil.casebook.incident.stretch import Stretch, stretch_of
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Speech


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of speech. ``fallen``: what it translates (``of``) was withdrawn.

    ``of`` is none too where what it translates may not be seen. ``revises`` is what the next
    revision says in its field of that name.
    """

    id: str
    pts_start: int
    pts_end: int
    timebase: str
    words: str
    speaker: str | None
    medium: str
    of: str | None
    fallen: bool
    translator: str | None
    certified: bool
    machine: bool
    note: str | None
    see: str
    case: str | None
    by_key: str | None
    recorded_at: str
    revises: int

    def stretch(self, clock: Clock) -> Stretch | None:
        """Return where it lies by the item's clock, in seconds."""
        return stretch_of(self.pts_start, self.pts_end, self.timebase, clock)


@dataclass(frozen=True, slots=True)
class Track:
    """A transcript, or a translation of one: its segments in order of time.

    Tracks of one language are rivals. ``certified``: every segment of it is.
    """

    lang: str
    version: str | None
    translation: bool
    certified: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """One segment of a transcript, and how each translation renders it, in order of tracks."""

    said: Segment
    rendered: tuple[tuple[Track, tuple[Segment, ...]], ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that is written down of what is said in an item: what was spoken, then translations."""

    item: str
    clock: Clock
    tracks: tuple[Track, ...]

    def beside(self, track: Track) -> tuple[Beside, ...]:
        """Return the segments of a track, each beside its translations, certified ones first."""
        rows = []
        others = [each for each in self.tracks if each.translation and each is not track]
        others.sort(key=lambda each: not each.certified)
        by_of = [(each, _by_of(each)) for each in others]
        for said in track.segments:
            found = tuple((each, of[said.id]) for each, of in by_of if said.id in of)
            rows.append(Beside(said, found))
        return tuple(rows)


def transcript(casebook: Casebook, item: str, view: View) -> Transcript:
    """Return what is said in an item; no tracks where nothing is written that may be seen."""
    written = casebook.of_item(item, view, Speech)
    told = [(each, each.record) for each in written if isinstance(each.record, Speech)]
    of = standing(casebook, {s.of for _, s in told if s.of is not None}, view)
    tracks: dict[tuple[bool, str, str], list[Segment]] = {}
    for each, said in told:
        place = (said.of is not None, said.lang, said.version or "")
        tracks.setdefault(place, []).append(_segment(each, said, of))
    found = []
    for (translation, lang, version), segments in sorted(tracks.items()):
        segments.sort(key=_when)
        certified = all(each.certified for each in segments)
        found.append(Track(lang, version or None, translation, certified, tuple(segments)))
    return Transcript(item, clock_of(casebook.archive, item), tuple(found))


def _segment(written: Known, said: Speech, of: dict[str, bool]) -> Segment:
    return Segment(
        said.id, said.pts_start, said.pts_end, said.timebase, said.words, said.speaker,
        said.medium, said.of if said.of in of else None, of.get(said.of or "", False),
        said.translator, said.certified, said.machine, said.note, said.see, said.case,
        written.by_key, written.recorded_at, written.revision + 1,
    )  # fmt: skip


def _when(segment: Segment) -> tuple[Fraction, Fraction, str]:
    tick = tick_of(segment.timebase) or Fraction(1)
    return (segment.pts_start * tick, segment.pts_end * tick, segment.id)


def _by_of(track: Track) -> dict[str, tuple[Segment, ...]]:
    found: dict[str, tuple[Segment, ...]] = {}
    for each in track.segments:
        if each.of is not None:
            found[each.of] = (*found.get(each.of, ()), each)
    return found
