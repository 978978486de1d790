"""Records on victims, as one line each; recognition by sight is told as that, and as no more."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from dalil.casebook.incident.clock import shown
from dalil.casebook.record.form import Record
from dalil.casebook.record.victims import Appearance, Notification, Recognition, Victim
from dalil.casebook.report.desk import Desk, named
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term


def _called(desk: Desk, id_: str, lang: str) -> str:
    return str(getattr(desk.name(id_), lang))


def _victim(desk: Desk, record: Victim, lang: str) -> str:
    key = "line-victim-unidentified" if record.unidentified else "line-victim"
    said = phrase(key, lang, name=_called(desk, record.id, lang))
    if record.source is None:
        return said
    return phrase("line-said-by", lang, said=said, source=named(desk.source(record.source), lang))


def _appearance(desk: Desk, record: Appearance, lang: str) -> str:
    base = Fraction(record.timebase)
    start, end = (shown(pts * base) for pts in (record.pts_start, record.pts_end))
    victim, item = _called(desk, record.victim, lang), quoted(record.item[:12])
    return phrase("line-appearance", lang, victim=victim, item=item, start=start, end=end)


def _recognition(desk: Desk, record: Recognition, lang: str) -> str:
    key = "line-recognition-denied" if record.polarity == "denies" else "line-recognition"
    victim, other = (_called(desk, each, lang) for each in (record.victim, record.as_victim))
    by = quoted(record.by) if record.by else phrase("somebody", lang)
    said = phrase(key, lang, by=by, victim=victim, other=other)
    grade = phrase(f"recognised-{record.grade}", lang)
    return phrase("line-with-detail", lang, said=said, detail=grade)


def _notification(desk: Desk, record: Notification, lang: str) -> str:
    victim, when = _called(desk, record.victim, lang), date_in_words(record.on, lang)
    if record.to is None:
        return phrase("line-family-sought", lang, victim=victim, when=when)
    answer = phrase(f"family-{record.answer}", lang)
    to, what = quoted(record.to), term(f"told-{record.what}", lang)
    said = phrase("line-notification", lang, to=to, victim=victim, what=what, when=when)
    return phrase("line-with-detail", lang, said=said, detail=answer)


LINES: dict[type[Record], Callable[[Desk, Any, str], str]] = {
    Victim: _victim,
    Appearance: _appearance,
    Recognition: _recognition,
    Notification: _notification,
}
