"""dalil sites: graves and homes, where they are said to lie, and who must be warned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dalil.casebook.report.page import SourceShown
    from dalil.casebook.report.paged.site import (
        IdentificationShown,
        PositionSaid,
        RemainsShown,
        SitePage,
        StateSaid,
        WarningShown,
    )
    from dalil.casebook.report.paged.sites import SiteListed, SitesListed

WORDS = "sites"
EXACT, COARSE = 5, 2


@click.command("sites")
@ARCHIVE
@click.argument("site", required=False)
@click.option("--case", help="Only sites of this case.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, help="Sites on a page.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Sites before this page.")
@viewing
@reporting
def command(
    archive: Path,
    site: str | None,
    case: str | None,
    limit: int,
    offset: int,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """List sites; or show one SITE (id, key or name): rival positions, states, warnings, remains.

    Positions are told as exactly as your class may know them. Written down with
    `dalil casebook record`: position, site_state, warning, precision, remains, identification.

    \b
    Example:
      dalil sites /srv/archive --case harbour
      dalil sites /srv/archive "The old well" --see sealed --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.index.view import view_of
    from dalil.casebook.report.paged.site import show_site
    from dalil.casebook.report.paged.sites import list_sites
    from dalil.casebook.search.naming import id_meant

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    if site is None:
        listed = list_sites(casebook, view, offset, limit, case)
        report(listed, "\n".join(_list(listed, offset, lang)), as_json=as_json)
        return
    shown = show_site(casebook, view, id_meant(casebook, site, view, ("place", "site")))
    report(shown, "\n".join(_site(shown, lang)), as_json=as_json)


def _list(listed: SitesListed, offset: int, lang: str) -> Iterator[str]:
    yield phrase(WORDS, "total", lang, n=listed.total)
    for number, each in enumerate(listed.sites, offset + 1):
        yield from _listed(number, each, lang)


def _listed(number: int, each: SiteListed, lang: str) -> Iterator[str]:
    name = getattr(each.name, lang)
    yield phrase(WORDS, "listed", lang, number=number, name=name, id=each.id[:12])
    if each.states:
        comma = "، " if lang == "ar" else ", "
        states = comma.join(dict.fromkeys(_state_in_short(one, lang) for one in each.states))
        yield phrase(WORDS, "listed-states", lang, states=states)
    if each.positions:
        yield phrase(WORDS, "listed-positions", lang, n=each.positions)
    if each.due:
        yield phrase(WORDS, "due", lang, n=each.due)
    if each.unwarned:
        yield phrase(WORDS, "unwarned", lang)


def _site(shown: SitePage, lang: str) -> Iterator[str]:
    from dalil.casebook.report.phrases import term

    yield getattr(shown.name, lang)
    key = "exact" if shown.exact else "coarse"
    yield phrase(WORDS, key, lang, exact_for=term(shown.exact_for, lang))
    yield from _part("positions", (_position(each, lang) for each in shown.positions), lang)
    yield from _part("states", (_state(each, lang) for each in shown.states), lang)
    if shown.claims_in_all:
        yield phrase(WORDS, "claims", lang, n=shown.claims_in_all)
    yield from _part("warnings", (_warning(each, lang) for each in shown.warnings), lang)
    if shown.unwarned:
        yield phrase(WORDS, "unwarned", lang)
    yield from _part("remains", (line for e in shown.remains for line in _remains(e, lang)), lang)


def _part(key: str, lines: Iterable[str], lang: str) -> Iterator[str]:
    found = list(lines)
    if found:
        yield phrase(WORDS, key, lang)
        yield from found


def _position(each: PositionSaid, lang: str) -> str:
    from dalil.casebook.report.phrases import term

    places = COARSE if each.coarse else EXACT
    lat, lon = (f"{value / 1_000_000:.{places}f}" for value in (each.lat_e6, each.lon_e6))
    said = phrase(WORDS, "position", lang, lat=lat, lon=lon, by=term(each.found_by, lang))
    if each.radius_m is None:
        said += phrase(WORDS, "no-radius", lang)
    else:
        said += phrase(WORDS, "radius", lang, metres=each.radius_m)
    if each.from_first_m is not None and not each.coarse:
        key = "apart" if each.apart else "from-first"
        said += phrase(WORDS, key, lang, metres=each.from_first_m)
    if each.denied:
        said += phrase(WORDS, "denied", lang)
    return said + _source(each.source, lang)


def _state_in_short(each: StateSaid, lang: str) -> str:
    from dalil.casebook.report.phrases import term

    state = term(each.state, lang)
    said = phrase(WORDS, "not", lang, state=state) if each.denied else state
    return phrase(WORDS, "both-ways", lang, state=said) if each.both_ways else said


def _state(each: StateSaid, lang: str) -> str:
    from dalil.casebook.report.phrases import date_in_words
    from dalil.casebook.report.phrases import phrase as worded

    when = date_in_words(each.valid, lang) if each.valid else worded("undated", lang)
    said = phrase(WORDS, "state", lang, state=_state_in_short(each, lang), when=when)
    return said + _source(each.source, lang)


def _warning(each: WarningShown, lang: str) -> str:
    from dalil.casebook.report.phrases import date_in_words, quoted, term

    if each.due:
        return phrase(WORDS, "warning-due", lang, to=quoted(each.to), why=quoted(each.reasoning))
    return phrase(
        WORDS,
        "warning",
        lang,
        to=quoted(each.to),
        by=quoted(each.by or ""),
        when=date_in_words(each.warned_on or "..", lang),
        answer=term(each.answer, lang),
    )


def _remains(each: RemainsShown, lang: str) -> Iterator[str]:
    from dalil.casebook.report.phrases import quoted

    said = phrase(WORDS, "remains-one", lang, label=quoted(each.label))
    yield said + _source(each.source, lang)
    if not each.identifications:
        yield phrase(WORDS, "nobodys", lang)
    for claim in each.identifications:
        yield _identification(claim, lang)


def _identification(claim: IdentificationShown, lang: str) -> str:
    from dalil.casebook.report.phrases import quoted, term

    said = phrase(
        WORDS,
        "identification-denied" if claim.denied else "identification",
        lang,
        name=getattr(claim.name, lang),
        grade=term(claim.grade, lang),
        method=quoted(claim.method),
    )
    if claim.grade in ("asserted", "visual"):
        said += phrase(WORDS, "no-identification", lang)
    return said + _source(claim.source, lang)


def _source(source: SourceShown | None, lang: str) -> str:
    from dalil.casebook.report.desk import named

    return phrase(WORDS, "source", lang, source=named(source, lang)) if source else ""
