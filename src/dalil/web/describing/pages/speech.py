"""What is said in a clip: transcripts, and rival translations side by side."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from dalil.casebook.describe.transcript import Beside, Segment, Track, Transcript, transcript
from dalil.casebook.record.describing import Speech
from dalil.errors import UsageRefused
from dalil.web.describing.footage import footage_of
from dalil.web.describing.forms import SayForm
from dalil.web.describing.pages.lanes import name_of
from dalil.web.describing.rows import Row, Sheet, records_of, rows_of, rows_sent
from dalil.web.frame.access import (
    archive_of,
    casebook_of,
    person_of,
    right,
    signer_of,
    view_of_request,
)
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

SEGMENTS_A_PAGE = 30
LONGEST = 35


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment and where it lies, in seconds after the first picture; none: unreadable."""

    segment: Segment
    start: Fraction | None
    end: Fraction | None


@dataclass(frozen=True, slots=True)
class RowShown:
    """A segment, with each translation of it."""

    said: Placed
    rendered: tuple[tuple[Track, tuple[Segment, ...]], ...]


@dataclass(frozen=True, slots=True)
class TrackShown:
    """A transcript with all that translates it; ``place`` counts tracks, from 0."""

    place: int
    track: Track
    rows: tuple[RowShown, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class TranscriptPage:
    """What is said in an item."""

    item: str
    name: str
    choices: tuple[tuple[int, Track], ...]
    shown: TrackShown | None
    may_describe: bool


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Segments as a form: a transcript, or the translation of one."""

    item: str
    name: str
    sheet: Sheet
    rows: tuple[Row, ...]
    form: SayForm
    meanwhile: bool
    pager: Pager


@right("read")
@require_GET
def spoken(request: HttpRequest, item: str) -> HttpResponse:
    """Show one transcript of an item beside its translations; ``?track=`` chooses which."""
    footage_of(archive_of(request), item)
    told = transcript(casebook_of(request), item, view_of_request(request))
    choices = tuple((n, e) for n, e in enumerate(told.tracks) if not _only_translates(told, e))
    asked = request.GET.get("track", "")
    places = [place for place, _ in choices]
    place = int(asked) if asked.isdecimal() and len(asked) < LONGEST else None
    place = place if place in places else next(iter(places), None)
    shown = None if place is None else _track(request, told, place)
    may = person_of(request).may("describe") and view_of_request(request).known_on is None
    name = name_of(request, item)
    whole = TranscriptPage(item, name, choices, shown, may)
    title = say(lang_of(request), "describing.transcript-of", name=name)
    return page(request, "describing/transcript.html", whole, title=title, room="describing")


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def edit(request: HttpRequest, item: str) -> HttpResponse:
    """Write segments of a transcript, or of a translation of one, all signed in one act.

    ``?lang= &version=`` name the track; ``&of_lang= &of_version=`` the one that it translates.
    """
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    footage = footage_of(archive_of(request), item)
    sheet = _sheet(request, item)
    told = transcript(casebook, item, view)
    there = rows_of(footage, told, sheet)
    pager = pager_of(request, len(there), SEGMENTS_A_PAGE)
    rows = there[pager.first : pager.first + SEGMENTS_A_PAGE]
    form = SayForm(request.POST or None, initial=_initial(rows), lang=lang)
    form.classes(person_of(request).clearance)
    if request.method == "POST":
        rows = rows_sent(request.POST, rows, sheet)
        if form.is_valid():
            made, rows = records_of(archive_of(request), footage, sheet, rows, form)
            clear = not any(each.wrong or each.theirs for each in rows)
            if clear and _signed(request, form, made):
                return redirect(_back(item, sheet, told))
    meanwhile = any(each.theirs for each in rows)
    status = 409 if meanwhile else 422 if request.method == "POST" else 200
    shown = SheetPage(item, name_of(request, item), sheet, rows, form, meanwhile, pager)
    title = say(lang, "describing.translate" if sheet.of_lang else "describing.write-down")
    return page(
        request, "describing/sheet.html", shown, title=title, room="describing", status=status
    )


def _signed(request: HttpRequest, form: SayForm, made: list[Speech]) -> bool:
    if not made:
        return True
    entry = form.write(casebook_of(request), made, signer_of(request), form.text("note"))
    return entry is not None


def _only_translates(told: Transcript, track: Track) -> bool:
    """Whether all of a track is shown beside another one already."""
    here = {each.id for other in told.tracks if other is not track for each in other.segments}
    return track.translation and all(each.of in here for each in track.segments)


def _track(request: HttpRequest, told: Transcript, place: int) -> TrackShown:
    track = told.tracks[place]
    beside = told.beside(track)
    pager = pager_of(request, len(beside), SEGMENTS_A_PAGE)
    rows = tuple(
        RowShown(_placed(each, told), each.rendered)
        for each in beside[pager.first : pager.first + SEGMENTS_A_PAGE]
    )
    return TrackShown(place, track, rows, pager)


def _placed(beside: Beside, told: Transcript) -> Placed:
    there = beside.said.stretch(told.clock)
    start, end = (None, None) if there is None else (there.start, there.end)
    return Placed(beside.said, start, end)


def _sheet(request: HttpRequest, item: str) -> Sheet:
    asked = request.GET
    lang = asked.get("lang", "").strip()
    if not 0 < len(lang) <= LONGEST:
        raise UsageRefused(f"lang: {lang!r}")
    return Sheet(
        item, lang, asked.get("version", "").strip() or None,
        asked.get("of_lang", "").strip() or None, asked.get("of_version", "").strip() or None,
    )  # fmt: skip


def _initial(rows: tuple[Row, ...]) -> dict[str, object]:
    """Return what the signed segments say together, where there are any."""
    first = next((each for each in rows if each.known is not None), None)
    if first is None or first.known is None:
        return {"see": "restricted"}
    said = first.known
    return {"see": said.see, "translator": said.translator, "certified": said.certified}


def _back(item: str, sheet: Sheet, told: Transcript) -> str:
    """Return the page that shows what was written; what is translated, where it is translated."""
    wanted = (sheet.of_lang, sheet.of_version) if sheet.of_lang else (sheet.lang, sheet.version)
    address = reverse("describing:transcript", args=[item])
    for place, track in enumerate(told.tracks):
        if (track.lang, track.version) == wanted:
            return f"{address}?{urlencode({'track': place})}"
    return address
