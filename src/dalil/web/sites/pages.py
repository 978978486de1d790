"""The list of sites, and one site: rivals side by side, states, warnings, remains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.casebook.record.form import ID
from dalil.casebook.report.desk import named
from dalil.casebook.report.page import SourceShown, Worded
from dalil.casebook.report.paged.claims import ClaimListed, list_claims
from dalil.casebook.report.paged.site import (
    IdentificationShown,
    PositionSaid,
    PrecisionShown,
    SitePage,
    StateSaid,
    WarningShown,
    show_site,
)
from dalil.casebook.report.paged.sites import SiteListed, list_sites
from dalil.casebook.report.phrases import in_both, term
from dalil.casebook.text.names import shown as visible
from dalil.casebook.text.position import MICRO
from dalil.errors import NoSuchThing
from dalil.web.frame.access import OF_VIEW, casebook_of, person_of, right, view_of_request
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.sites.sketch import Sketch, sketch_of

ROWS = 30
EXACT, COARSE = 5, 2
# What may be written of a site, each on a form of the casebook's.
WRITTEN = ("position", "site_state", "warning", "precision", "remains")
# Recognitions that are no identification, whatever is concluded from them.
UNIDENTIFIED = ("asserted", "visual")


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site in the list, with what is said to have become of it, each state once."""

    site: SiteListed
    states: tuple[StateRow, ...]
    address: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some of the sites that may be seen, of one case or of all."""

    rows: tuple[SiteRow, ...]
    total: int
    case: str
    pager: Pager


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A position as a line: degrees as text, how it was found, by whom it is said.

    ``own``: it stands in the record of the site itself, and nobody else says it.
    """

    number: int
    lat: str
    lon: str
    said: PositionSaid
    own: bool
    found_by: Worded
    source: Worded | None
    address: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state as a line."""

    said: StateSaid
    state: Worded
    source: Worded | None
    address: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim on what lies there, with the status that the rule suggests."""

    claim: ClaimListed
    status: Worded
    address: str


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """Whose the remains are said to be; ``recognised``: by sight or by word alone."""

    claim: IdentificationShown
    grade: Worded
    source: Worded | None
    recognised: bool
    address: str


@dataclass(frozen=True, slots=True)
class RemainsRow:
    """Remains, with what is said of whose they are."""

    id: str
    label: str
    found_on: str | None
    exhumed_on: str | None
    kept_at: str
    identities: tuple[IdentityRow, ...]
    new_identity: str
    address: str


@dataclass(frozen=True, slots=True)
class WarningRow:
    """Who must be warned, and what came of it."""

    said: WarningShown
    answer: Worded


@dataclass(frozen=True, slots=True)
class WritingLink:
    """A form by which something is written down of this site."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class SiteShown:
    """One site on its page; ``writing`` is empty for whoever may not write.

    What hides in somebody's words is made visible in all of these.
    """

    site: SitePage
    exact_for: Worded
    positions: tuple[PositionRow, ...]
    sketch: Sketch | None
    states: tuple[StateRow, ...]
    warnings: tuple[WarningRow, ...]
    precisions: tuple[PrecisionShown, ...]
    claims: tuple[ClaimRow, ...]
    remains: tuple[RemainsRow, ...]
    writing: tuple[WritingLink, ...]
    to_thing: str
    to_list: str


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the sites that may be seen: their states, and warnings that are due."""
    casebook, view = casebook_of(request), view_of_request(request)
    case = request.GET.get("case", "")
    with casebook.at_once():
        total = list_sites(casebook, view, 0, 0, case or None).total
        pager = pager_of(request, total, ROWS)
        found = list_sites(casebook, view, pager.first, ROWS, case or None)
    rows = tuple(
        SiteRow(each, tuple(_once_each(each.states)), _queried(request, "sites:site", each.id))
        for each in found.sites
    )
    title = say(lang_of(request), "sites.title")
    shown = ListPage(rows, found.total, case, pager)
    return page(request, "sites/index.html", shown, title=title, room="sites")


@right("read")
@require_GET
def site(request: HttpRequest, site: str) -> HttpResponse:
    """Show one site.

    Raises:
        NoSuchThing: there is none, or none that may be seen.

    """
    if not ID.fullmatch(site):
        raise NoSuchThing(f"site {site[:32]!a}")
    casebook, view = casebook_of(request), view_of_request(request)
    with casebook.at_once():
        found = show_site(casebook, view, site)
        claims = [
            each for one in list_claims(casebook, view, [found.claims]) for each in one.claims
        ]
    writes = person_of(request).may("weigh")
    shown = SiteShown(
        site=found,
        exact_for=_term(found.exact_for),
        positions=tuple(_position(n, e, site) for n, e in enumerate(found.positions, 1)),
        sketch=sketch_of(found.positions),
        states=tuple(_state(each) for each in found.states),
        warnings=tuple(_warning(each) for each in found.warnings),
        precisions=tuple(replace(e, reasoning=visible(e.reasoning)) for e in found.precisions),
        claims=tuple(
            ClaimRow(e, _term(e.suggested), _queried(request, "casebook:claim", e.id))
            for e in claims
        ),
        remains=tuple(_remains(found, writes=writes)),
        writing=tuple(_writing(site)) if writes else (),
        to_thing=_queried(request, "casebook:thing", site),
        to_list=_queried(request, "sites:index"),
    )
    title = getattr(found.name, lang_of(request))
    return page(request, "sites/site.html", shown, title=title, room="sites")


def _position(number: int, said: PositionSaid, site: str) -> PositionRow:
    places = COARSE if said.coarse else EXACT
    lat, lon = (f"{each / MICRO:.{places}f}" for each in (said.lat_e6, said.lon_e6))
    by, who = _term(said.found_by), _named(said.source)
    own = said.record == site
    return PositionRow(number, lat, lon, said, own, by, who, _record(said.record))


def _warning(said: WarningShown) -> WarningRow:
    to, why, by = visible(said.to), visible(said.reasoning), visible(said.by or "")
    return WarningRow(replace(said, to=to, reasoning=why, by=by), _term(said.answer))


def _state(said: StateSaid) -> StateRow:
    said = replace(said, verbatim=visible(said.verbatim or ""))
    return StateRow(said, _term(said.state), _named(said.source), _record(said.record))


def _once_each(states: tuple[StateSaid, ...]) -> Iterator[StateRow]:
    seen = set()
    for each in states:
        if (each.state, each.denied) not in seen:
            seen.add((each.state, each.denied))
            yield _state(each)


def _remains(found: SitePage, *, writes: bool) -> Iterator[RemainsRow]:
    form = reverse("casebook:new", args=["identification"])
    for each in found.remains:
        identities = tuple(
            IdentityRow(
                replace(claim, method=visible(claim.method)),
                _term(claim.grade),
                _named(claim.source),
                claim.grade in UNIDENTIFIED,
                _record(claim.record),
            )
            for claim in each.identifications
        )
        new = f"{form}?{urlencode({'remains': each.record})}" if writes else ""
        yield RemainsRow(
            each.record,
            visible(each.label),
            each.found_on,
            each.exhumed_on,
            visible(each.kept_at or ""),
            identities,
            new,
            _record(each.record),
        )


def _writing(site: str) -> Iterator[WritingLink]:
    for kind in WRITTEN:
        address = reverse("casebook:new", args=[kind])
        yield WritingLink(kind, f"{address}?{urlencode({'site': site})}")


def _named(source: SourceShown | None) -> Worded | None:
    return None if source is None else in_both(lambda lang: named(source, lang))


def _term(word: str) -> Worded:
    return in_both(lambda lang: term(word, lang))


def _record(id_: str) -> str:
    return reverse("casebook:record", args=[id_])


def _queried(request: HttpRequest, name: str, *args: str) -> str:
    """Return an address under the same view as this page's."""
    kept = {each: request.GET[each] for each in OF_VIEW if request.GET.get(each)}
    address = reverse(name, args=args)
    return f"{address}?{urlencode(kept)}" if kept else address
