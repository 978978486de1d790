"""The people and the places of a case file as somebody reads them, from open fields alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Protocol

from dalil.casebook.incident.clock import shown as clock_shown
from dalil.casebook.report.phrases import date_in_words, phrase, quoted, term
from dalil.casebook.text.names import isolate
from dalil.dossier.claims.showing import CLOSED, Shown
from dalil.kernel.canonical import Json

Fields = Mapping[str, Json]
# What is said of a victim or a site, in the order in which it is told, and who it is said of.
OF_VICTIM = (
    ("appearance", "victim"),
    ("recognition", "victim"),
    ("identification", "victim"),
    ("judgement", "a"),
)
OF_SITE = (("position", "site"), ("site_state", "site"), ("remains", "site"))
MICRO = 1_000_000


class Reading(Protocol):
    """A page being written: its language, and the open fields of each record."""

    lang: str
    open: dict[str, Fields]
    shown: dict[str, Shown]

    def say(self, key: str, **values: object) -> str:
        """Return one of the sentences of case files."""

    def line(self, id_: str) -> str:
        """Return the line of a withheld record."""

    def speaker(self, id_: str, name: str = "source") -> str:
        """Return who speaks in a record."""

    def named(self, id_: str) -> str:
        """Return what an entity is called."""


def people_and_places(page: Reading) -> Iterator[str]:
    """Yield the victims with where they are seen and who recognised them, then the sites.

    What is said against a recognition stands beside it. Notifications are never here.
    """
    yield from _section(page, "victims", _of_kind(page, "victim"), OF_VICTIM)
    told = {
        str(page.open[each].get("site")) for kind, _ in OF_SITE for each in _of_kind(page, kind)
    }
    yield from _section(page, "sites", [each for each in page.open if each in told], OF_SITE)
    closed = [
        each
        for kind in ("recognition", "identification")
        for each in _of_kind(page, kind, state=CLOSED)
    ]
    if closed:
        yield from ("", page.say("recognitions-withheld"), *map(page.line, closed))


def _of_kind(page: Reading, kind: str, *, state: str = "") -> list[str]:
    found = [each for each, said in page.open.items() if said["kind"] == kind]
    closed = [each for each in found if page.shown[each].state == CLOSED]
    return closed if state == CLOSED else [each for each in found if each not in closed]


def _section(
    page: Reading, head: str, of: Iterable[str], about: tuple[tuple[str, str], ...]
) -> Iterator[str]:
    found = list(of)
    if not found:
        return
    yield from ("", page.say(head, n=len(found)))
    for each in found:
        yield "- " + _gone(page, each) + _head(page, each)
        for kind, field in about:
            said = [one for one in _of_kind(page, kind) if page.open[one].get(field) == each]
            yield from ("    " + _gone(page, one) + _line(page, one) for one in said)


def _gone(page: Reading, id_: str) -> str:
    gone = page.shown[id_].known.record.withdrawn is not None
    return page.say("withdrawn") if gone else ""


def _called(page: Reading, id_: Json) -> str:
    if str(id_) in page.open and page.shown[str(id_)].state != CLOSED:
        return isolate(page.named(str(id_)))
    return phrase("withheld-thing", page.lang)


def _head(page: Reading, id_: str) -> str:
    said, lang = page.open[id_], page.lang
    if said["kind"] != "victim":
        return _called(page, id_)
    key = "line-victim-unidentified" if said.get("unidentified") else "line-victim"
    return _by(page, id_, phrase(key, lang, name=_called(page, id_)))


def _by(page: Reading, id_: str, told: str) -> str:
    if "source" not in page.open[id_] and "source" not in page.shown[id_].hidden:
        return told
    source = isolate(page.speaker(id_))
    return phrase("line-said-by", page.lang, said=told, source=source)


def _line(page: Reading, id_: str) -> str:
    said, lang = page.open[id_], page.lang
    kind = said["kind"]
    if kind == "appearance":
        base = Fraction(str(said["timebase"]))
        start, end = (clock_shown(said[name] * base) for name in ("pts_start", "pts_end"))
        victim, item = _called(page, said["victim"]), quoted(str(said["item"])[:12])
        return phrase("line-appearance", lang, victim=victim, item=item, start=start, end=end)
    if kind == "judgement":
        a, b = (_called(page, said.get(side)) for side in ("a", "b"))
        why = quoted(str(said.get("reasoning") or "—"))
        return phrase(
            "line-judgement", lang, a=a, b=b, verdict=term(said["verdict"], lang), why=why
        )
    if kind in ("recognition", "identification"):
        return _by(page, id_, _recognised(page, said))
    return _by(page, id_, _of_place(page, said))


def _recognised(page: Reading, said: Fields) -> str:
    lang = page.lang
    denied = "-denied" if said["polarity"] == "denies" else ""
    if said["kind"] == "identification":
        return phrase(
            f"line-identification{denied}",
            lang,
            victim=_called(page, said["victim"]),
            grade=term(said["grade"], lang),
            method=quoted(str(said.get("method", "—"))),
        )
    by = quoted(str(said["by"])) if "by" in said else phrase("somebody", lang)
    victim, other = (_called(page, said[name]) for name in ("victim", "as_victim"))
    told = phrase(f"line-recognition{denied}", lang, by=by, victim=victim, other=other)
    detail = phrase(f"recognised-{said['grade']}", lang)
    return phrase("line-with-detail", lang, said=told, detail=detail)


def _of_place(page: Reading, said: Fields) -> str:
    lang, site = page.lang, _called(page, said["site"])
    denied = "-denied" if said.get("polarity") == "denies" else ""
    if said["kind"] == "remains":
        return phrase("line-remains", lang, label=quoted(str(said.get("label", "—"))), site=site)
    if said["kind"] == "site_state":
        when = date_in_words(said["valid"], lang) if "valid" in said else phrase("undated", lang)
        state = term(said["state"], lang)
        return phrase(f"line-site-state{denied}", lang, site=site, state=state, when=when)
    by = term(str(said.get("found_by", "unknown")), lang)
    told = phrase(f"line-position{denied}", lang, site=site, found_by=by)
    if "lat_e6" not in said:
        return phrase("line-with-detail", lang, said=told, detail=page.say("position-closed"))
    lat, lon = (f"{said[name] / MICRO:.6f}" for name in ("lat_e6", "lon_e6"))
    where = page.say("position-open", at=isolate(f"{lat}, {lon}"), radius=said["radius_m"])
    return phrase("line-with-detail", lang, said=told, detail=where)
