"""Segments of speech as rows of a form: what is there, what was typed, what is to be signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dalil.casebook.describe.transcript import Segment, Track, Transcript
from dalil.casebook.incident.clock import shown as clock
from dalil.casebook.record.describing import MEDIA, Speech
from dalil.casebook.record.form import check, id_for, new_id
from dalil.errors import RecordRefused, UsageRefused
from dalil.web.describing.footage import Footage, typed
from dalil.web.describing.forms import SayForm

EMPTY_ROWS = 4
LONGEST_WORDS, LONGEST_NAME = 20_000, 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """Which segments a form is about: a transcript, or (``of_lang``) a translation of one."""

    item: str
    lang: str
    version: str | None
    of_lang: str | None
    of_version: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One segment as it is typed. ``known`` is what is signed of it, ``of`` what it translates.

    ``revises`` is what its author had before their eyes; ``theirs``: another was signed since.
    """

    name: str
    start: str
    end: str
    speaker: str
    medium: str
    words: str
    revises: int
    known: Segment | None = None
    of: Segment | None = None
    theirs: bool = False
    wrong: str = ""


def rows_of(footage: Footage, told: Transcript, sheet: Sheet) -> tuple[Row, ...]:
    """Return the rows of a sheet: what is there, in order of time, then empty ones.

    A translation has one row for each segment of what it translates.
    """
    own = _track(told, sheet.lang, sheet.version)
    if sheet.of_lang is None:
        there = tuple(_row(footage, each.id, each, None) for each in (own.segments if own else ()))
        return (*there, *(_empty(f"new{n}") for n in range(EMPTY_ROWS)))
    of = _track(told, sheet.of_lang, sheet.of_version)
    rendered = {each.of: each for each in (own.segments if own else ())}
    return tuple(
        _row(footage, each.id, rendered.get(each.id), each) for each in (of.segments if of else ())
    )


def rows_sent(sent: Mapping[str, str], rows: Sequence[Row], sheet: Sheet) -> tuple[Row, ...]:
    """Return the rows as they were typed; what was signed meanwhile is told in each."""
    return tuple(_typed(sent, each, sheet) for each in rows)


def records_of(
    archive: Path, footage: Footage, sheet: Sheet, rows: Sequence[Row], form: SayForm
) -> tuple[list[Speech], tuple[Row, ...]]:
    """Return what is to be signed of typed rows, and the rows with what is wrong in each."""
    made, shown = [], []
    for row in rows:
        try:
            record = _record(archive, footage, sheet, row, form)
            if record is not None:
                check(record)
                made.append(record)
            shown.append(row)
        except (UsageRefused, RecordRefused) as refused:
            shown.append(replace(row, wrong=refused.about))
    return made, tuple(shown)


def _track(told: Transcript, lang: str, version: str | None) -> Track | None:
    return next((e for e in told.tracks if (e.lang, e.version) == (lang, version)), None)


def _empty(name: str) -> Row:
    return Row(name, "", "", "", MEDIA[0], "", 0)


def _row(footage: Footage, name: str, known: Segment | None, of: Segment | None) -> Row:
    shown = known or of
    if shown is None:
        return _empty(name)
    start, end = (footage.seconds(p, shown.timebase) for p in (shown.pts_start, shown.pts_end))
    return Row(
        name, clock(start), clock(end), shown.speaker or "", shown.medium,
        known.words if known else "", known.revises if known else 0, known, of,
    )  # fmt: skip


def _typed(sent: Mapping[str, str], row: Row, sheet: Sheet) -> Row:
    def field(name: str, otherwise: str) -> str:
        return str(sent.get(f"{row.name}-{name}", otherwise)).strip()

    revises = field("revises", str(row.revises))
    seen = int(revises) if revises.isdecimal() and len(revises) < LONGEST_NAME else row.revises
    words = field("words", row.words).replace("\r\n", "\n")
    now = row
    if sheet.of_lang is None:
        now = replace(
            row, start=field("start", row.start), end=field("end", row.end),
            speaker=field("speaker", row.speaker), medium=field("medium", row.medium),
        )  # fmt: skip
    now = replace(now, words=words)
    # The form that comes back knows what was signed meanwhile: sent again, it revises that.
    return replace(now, theirs=seen != row.revises and now != row)


def _record(
    archive: Path, footage: Footage, sheet: Sheet, row: Row, form: SayForm
) -> Speech | None:
    known = row.known
    if known is None and not row.words:
        return None
    if len(row.words) > LONGEST_WORDS or len(row.speaker) > LONGEST_NAME:
        raise RecordRefused("words: too long")
    start, end, base = _stretch(archive, footage, row)
    translator = form.text_or_none("translator") if sheet.of_lang else None
    record = Speech(
        id=known.id if known else _id(sheet, row),
        item=sheet.item, pts_start=start, pts_end=end, timebase=base, lang=sheet.lang,
        words=row.words or (known.words if known else ""), speaker=row.speaker or None,
        medium=row.medium if row.medium in MEDIA else MEDIA[0],
        of=row.of.id if row.of else (known.of if known else None), version=sheet.version,
        translator=translator, certified=bool(translator and form.cleaned_data["certified"]),
        machine=known.machine if known else False, note=known.note if known else None,
        see=form.text("see"), case=known.case if known else None,
        revises=known.revises if known else 0,
    )  # fmt: skip
    if not row.words:
        if not form.text("note"):
            raise RecordRefused("note: what is taken out is taken out for a reason")
        return replace(record, withdrawn=form.text("note"))
    return None if known is not None and _same(record, known) else record


def _id(sheet: Sheet, row: Row) -> str:
    """Return the id of a new segment: two who translate one segment meet, and nothing doubles."""
    if row.of is None:
        return new_id()
    return id_for("speech", row.of.id, sheet.lang, sheet.version or "")


def _stretch(archive: Path, footage: Footage, row: Row) -> tuple[int, int, str]:
    """Return the stretch of a row; untouched times stay as they were signed, to the tick."""
    shown = row.known or row.of
    if shown is not None:
        told = [footage.seconds(p, shown.timebase) for p in (shown.pts_start, shown.pts_end)]
        if [clock(each) for each in told] == [row.start, row.end]:
            return shown.pts_start, shown.pts_end, shown.timebase
    start, end = (typed(archive, footage, each) for each in (row.start, row.end))
    return start, end, footage.timebase


def _same(record: Speech, known: Segment) -> bool:
    names = ("pts_start", "pts_end", "timebase", "words", "speaker", "medium", "translator")
    also = ("certified", "see")
    return all(getattr(record, name) == getattr(known, name) for name in (*names, *also))
