"""Records on sites, as one line each; no line tells a position."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dalil.casebook.record.form import Record
from dalil.casebook.record.sites import (
    Identification,
    Position,
    Precision,
    Remains,
    SiteState,
    SiteWarning,
)
from dalil.casebook.report.desk import Desk, named
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term


def _site(desk: Desk, id_: str, lang: str) -> str:
    return str(getattr(desk.name(id_), lang))


def _said_by(desk: Desk, said: str, source: str | None, lang: str) -> str:
    if source is None:
        return said
    return phrase("line-said-by", lang, said=said, source=named(desk.source(source), lang))


def _position(desk: Desk, record: Position, lang: str) -> str:
    key = "line-position-denied" if record.polarity == "denies" else "line-position"
    by = term(record.found_by, lang)
    said = phrase(key, lang, site=_site(desk, record.site, lang), found_by=by)
    return _said_by(desk, said, record.source, lang)


def _state(desk: Desk, record: SiteState, lang: str) -> str:
    key = "line-site-state-denied" if record.polarity == "denies" else "line-site-state"
    when = date_in_words(record.valid, lang) if record.valid else phrase("undated", lang)
    state, site = term(record.state, lang), _site(desk, record.site, lang)
    return _said_by(desk, phrase(key, lang, site=site, state=state, when=when), record.source, lang)


def _warning(desk: Desk, record: SiteWarning, lang: str) -> str:
    key = "line-warning" if record.warned_on else "line-warning-due"
    return phrase(key, lang, to=quoted(record.to), site=_site(desk, record.site, lang))


def _precision(desk: Desk, record: Precision, lang: str) -> str:
    site, told = _site(desk, record.site, lang), term(record.exact_for, lang)
    return phrase("line-precision", lang, site=site, exact_for=told)


def _remains(desk: Desk, record: Remains, lang: str) -> str:
    label, site = quoted(record.label), _site(desk, record.site, lang)
    return _said_by(desk, phrase("line-remains", lang, label=label, site=site), record.source, lang)


def _identification(desk: Desk, record: Identification, lang: str) -> str:
    key = "line-identification" + ("-denied" if record.polarity == "denies" else "")
    said = phrase(
        key,
        lang,
        victim=_site(desk, record.victim, lang),
        grade=term(record.grade, lang),
        method=quoted(record.method),
    )
    return _said_by(desk, said, record.source, lang)


LINES: dict[type[Record], Callable[[Desk, Any, str], str]] = {
    Position: _position,
    SiteState: _state,
    SiteWarning: _warning,
    Precision: _precision,
    Remains: _remains,
    Identification: _identification,
}
