"""One box over everything that may be seen: words in any script, facets, conditions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.casebook.index.view import SEES
from dalil.casebook.record.form import CLASSES
from dalil.casebook.record.things import TYPES
from dalil.casebook.report.page import Worded
from dalil.casebook.report.paged.cases import cases
from dalil.casebook.report.phrases import in_both, term
from dalil.casebook.search.query import LIMIT, Found, Hit
from dalil.casebook.search.search import search
from dalil.casebook.text.names import isolate, script_of
from dalil.web.frame.access import (
    OF_VIEW,
    archive_of,
    casebook_of,
    person_of,
    right,
    view_of_request,
)
from dalil.web.frame.page import Pager, page
from dalil.web.frame.say import lang_of, say
from dalil.web.search.asking import (
    FIELDS,
    KINDS,
    Asked,
    asked_of,
    page_of,
    query_of,
)
from dalil.web.search.counting import Counts, count_facets, count_few
from dalil.web.search.folding import Folded, folded

EACH = "each"
SCRIPTS = {"en": "Latn", "ar": "Arab"}


@dataclass(frozen=True, slots=True)
class HitShown:
    """One record that was found, in words of the page's language; ``copies`` folded under it."""

    address: str
    heading: str
    beside: str
    what: tuple[Worded, ...]
    hit: Hit
    copies: tuple[HitShown, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One kind or type: its word, how many (none: not counted yet), where choosing it leads."""

    value: str
    word: Worded
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form as it was typed."""

    name: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Result:
    """One page of what was found, copies folded; ``counts`` none: they come after the page."""

    found: Found
    folded: tuple[Folded, ...]
    counts: Counts | None
    pager: Pager


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The form, and what was found where something was asked (``total`` none: nothing was)."""

    words: str
    fields: tuple[Field, ...]
    days: tuple[Field, ...]
    cases: tuple[str, ...]
    case: str
    classes: tuple[Worded, ...]
    see: str
    narrowed: bool
    chosen: tuple[tuple[str, str], ...]
    total: int | None
    hits: tuple[HitShown, ...]
    kinds: tuple[Facet, ...]
    types: tuple[Facet, ...]
    later: str
    pager: Pager | None


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the box, and what is found."""
    lang = lang_of(request)
    asked, casebook, view = asked_of(request), casebook_of(request), view_of_request(request)
    result = None
    with casebook.at_once():
        if asked.something:
            found, pager = _found(request)
            counts = count_few(casebook, query_of(asked, casebook, view), view)
            hits = _folded(request, found)
            result = Result(found, hits, counts, pager)
        names = tuple(each.case for each in cases(casebook, view))
    shown = _shown(asked, result, names, lang, person_of(request).clearance)
    title = asked.text("q") or say(lang, "search.title")
    return page(request, "search/index.html", shown, title=title, room="search")


@right("read")
@require_GET
def data(request: HttpRequest) -> JsonResponse:
    """Return what is found as JSON: ``total``, and the hits of a page."""
    found, pager = _found(request)
    hits = [asdict(hit) for hit in found.hits]
    return JsonResponse({"total": found.total, "page": pager.number, "pages": pager.count,
                         "hits": hits})  # fmt: skip


@right("read")
@require_GET
def facets(request: HttpRequest) -> JsonResponse:
    """Return how many of what is found are of each kind and type."""
    asked, casebook, view = asked_of(request), casebook_of(request), view_of_request(request)
    return JsonResponse(asdict(count_facets(casebook, query_of(asked, casebook, view), view)))


def _found(request: HttpRequest) -> tuple[Found, Pager]:
    asked, casebook, view = asked_of(request), casebook_of(request), view_of_request(request)
    number = page_of(asked)
    with casebook.at_once():
        query = query_of(asked, casebook, view, (number - 1) * LIMIT)
        found = search(casebook, query, view)
        count = max(1, -(-found.total // LIMIT))
        if number > count:
            number = count
            found = search(casebook, replace(query, offset=(number - 1) * LIMIT), view)
    return found, Pager(number, count, (number - 1) * LIMIT)


def _folded(request: HttpRequest, found: Found) -> tuple[Folded, ...]:
    if request.GET.get("copies") == EACH:
        return tuple(Folded(hit, ()) for hit in found.hits)
    casebook, view = casebook_of(request), view_of_request(request)
    return tuple(folded(archive_of(request), casebook, view, found.hits))


def _shown(
    asked: Asked,
    result: Result | None,
    names: tuple[str, ...],
    lang: str,
    clearance: str,
) -> SearchPage:
    narrowing = [each for each in FIELDS if each not in ("q", "case")]
    fields = tuple(Field(e, asked.text(e), f"search.{e}") for e in narrowing)
    days = tuple(Field(e, asked.text(e), f"search.{e}") for e in OF_VIEW[1:])
    own = CLASSES[: SEES[clearance] + 1]
    found = None if result is None else result.found
    counts = None if result is None else result.counts
    return SearchPage(
        words=asked.text("q"),
        fields=fields,
        days=days,
        cases=names,
        case=asked.text("case"),
        classes=tuple(Worded(each, term(each, lang)) for each in own),
        see=asked.text("see") or clearance,
        narrowed=any(each.value for each in (*fields, *days)),
        chosen=tuple((name, each) for name in ("kind", "type") for each in asked.chosen(name)),
        total=None if found is None else found.total,
        hits=() if result is None else tuple(_hit(e.hit, lang, e.copies) for e in result.folded),
        kinds=_facets(asked, found, "kind", KINDS, None if counts is None else counts.kinds),
        types=_facets(asked, found, "type", TYPES, None if counts is None else counts.types),
        later=f"{reverse('search:facets')}{asked.address()}" if found and counts is None else "",
        pager=None if result is None else result.pager,
    )


def _facets(
    asked: Asked,
    found: Found | None,
    name: str,
    values: tuple[str, ...],
    counts: dict[str, int] | None,
) -> tuple[Facet, ...]:
    chosen = asked.chosen(name)
    if found is None or (not found.total and not chosen):
        return ()
    shown = [each for each in values if counts is None or each in counts or each in chosen]
    return tuple(
        Facet(
            each,
            in_both(lambda lang, each=each: term(each, lang)),  # type: ignore[misc]
            None if counts is None else counts.get(each, 0),
            asked.address(**{name: _toggled(chosen, each)}),
            each in chosen,
        )
        for each in shown
    )


def _toggled(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    if value in chosen:
        return tuple(each for each in chosen if each != value)
    return (*chosen, value)


def _hit(hit: Hit, lang: str, copies: tuple[Hit, ...] = ()) -> HitShown:
    # In the reader's own script first.
    ordered = sorted(hit.headings, key=lambda each: script_of(each) != SCRIPTS[lang])
    words = [hit.kind, *([hit.type] if hit.type else [])]
    return HitShown(
        address=reverse("casebook:record", args=[hit.id]),
        heading=ordered[0] if ordered else hit.key or hit.id[:12],
        beside=ordered[1] if len(ordered) > 1 else "",
        what=tuple(in_both(lambda into, each=each: _worded(each, into)) for each in words),  # type: ignore[misc]
        hit=hit,
        copies=tuple(_hit(each, lang) for each in copies),
    )


def _worded(word: str, lang: str) -> str:
    """Return a fixed word of records; a type that a list brought as a quotation."""
    return isolate(word) if term(word, "ar") == word else term(word, lang)
