"""Lanes of an item: the editor, the same as a list, and which items there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.lanes import Mark, lanes
from dalil.casebook.describe.rounds import RoundState, round_state
from dalil.casebook.incident.act_map import Line, lines_of
from dalil.casebook.incident.clock import clock_of
from dalil.casebook.incident.party import Cast, Party
from dalil.casebook.index.view import SEES, View
from dalil.casebook.record.relations import Conduct
from dalil.errors import NoSuchThing
from dalil.intake.listing import ItemLine, count_items, item_lines, items_like
from dalil.ledger.ledger import Ledger
from dalil.web.describing.footage import footage_of
from dalil.web.frame.access import archive_of, casebook_of, person_of, right, view_of_request
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

ITEMS_A_PAGE, MARKS_A_PAGE, ACTS_SHOWN = 30, 100, 100
SEVERITIES = range(6)


@dataclass(frozen=True, slots=True)
class IndexPage:
    """Which items there are to describe."""

    items: tuple[ItemLine, ...]
    count: int
    pager: Pager
    may_describe: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line of the act map: when (ticks after the first picture as well), how severe, what."""

    start: Fraction
    end: Fraction
    from_ticks: int
    to_ticks: int
    severity: int
    said: str


@dataclass(frozen=True, slots=True)
class LanesPage:
    """What the editor of an item's lanes needs around it."""

    item: str
    name: str
    acts: tuple[ActLine, ...]
    acts_count: int
    round: RoundState | None
    may_describe: bool
    lanes_address: str
    draft_key: str
    severities: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One annotation in the list."""

    mark: Mark
    start: Fraction | None
    end: Fraction | None
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The annotations of an item as a list, without the editor."""

    item: str
    name: str
    rows: tuple[MarkRow, ...]
    count: int
    pager: Pager


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show which items there are, each with its lanes and its transcript."""
    ledger = Ledger.open(archive_of(request))
    count = count_items(ledger)
    pager = pager_of(request, count, ITEMS_A_PAGE)
    found = item_lines(ledger, slice(pager.first, pager.first + ITEMS_A_PAGE))
    if not _may_name(request):
        found = [replace(each, name="") for each in found]
    may = person_of(request).may("describe")
    shown = IndexPage(tuple(found), count, pager, may)
    title = say(lang_of(request), "describing.title")
    return page(request, "describing/index.html", shown, title=title, room="describing")


@right("read")
@require_GET
def item(request: HttpRequest, item: str) -> HttpResponse:
    """Show the lanes of an item; ``?round=``: those of a blind round."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    footage = footage_of(archive_of(request), item)
    asked, found = request.GET.get("round"), None
    if asked:
        found = round_state(casebook, asked, view)
        if found.item != item:
            raise NoSuchThing(f"round {asked}")
    person = person_of(request)
    may = person.may("describe") and view.known_on is None
    if found is not None:
        may = may and person.person_id in found.annotators and not found.done
        may = may and person.person_id not in found.submitted
    # A blind round starts from the footage, not from what others described.
    acts = () if found is not None else _acts(casebook, item, view, footage.tick, lang)
    address = reverse("api:lanes", args=[item])
    query = request.GET.urlencode()
    shown = LanesPage(
        item, name_of(request, item), acts[:ACTS_SHOWN], len(acts), found, may,
        f"{address}?{query}" if query else address,
        f"describing/lanes/{item}/{asked or 'all'}", tuple(SEVERITIES),
    )  # fmt: skip
    title = say(lang, "describing.lanes-of", name=shown.name)
    return page(request, "describing/item.html", shown, title=title, room="describing")


@right("read")
@require_GET
def as_list(request: HttpRequest, item: str) -> HttpResponse:
    """Show the annotations of an item as a list, in order of time."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    footage_of(archive_of(request), item)
    told = lanes(casebook, item, view)
    pager = pager_of(request, told.count, MARKS_A_PAGE)
    marks = sorted(
        (mark for lane in told.lanes for mark in lane.marks),
        key=lambda mark: (mark.pts_start * Fraction(mark.timebase), mark.lane),
    )
    rows = []
    for mark in marks[pager.first : pager.first + MARKS_A_PAGE]:
        there = mark.stretch(told.clock)
        start, end = (None, None) if there is None else (there.start, there.end)
        rows.append(MarkRow(mark, start, end, term_name(mark, lang), text_of(mark, lang)))
    name = name_of(request, item)
    shown = ListPage(item, name, tuple(rows), told.count, pager)
    title = say(lang, "describing.list-of", name=name)
    return page(request, "describing/list.html", shown, title=title, room="describing")


def name_of(request: HttpRequest, item: str) -> str:
    """Return the name under which an item came, else the beginning of its number."""
    found = items_like(Ledger.open(archive_of(request)), item, 1)
    return (_may_name(request) and found and found[0].name) or item[:8]


def term_name(mark: Mark, lang: str) -> str:
    """Return the name of an annotation's term in a language, else in the other one."""
    term = mark.term
    if term is None:
        return ""
    first, second = (term.name_ar, term.name_en) if lang == "ar" else (term.name_en, term.name_ar)
    return first or second or term.key


def text_of(mark: Mark, lang: str) -> str:
    """Return what an annotation says in words of its own."""
    texts = (mark.text_ar, mark.text_en) if lang == "ar" else (mark.text_en, mark.text_ar)
    return " · ".join(filter(None, (mark.label, next(filter(None, texts), None))))


def _may_name(request: HttpRequest) -> bool:
    """Whether items are named: a file's name may name a person, whom open records do not."""
    return view_of_request(request).may_see(SEES["restricted"])


def _acts(
    casebook: Casebook, item: str, view: View, tick: Fraction, lang: str
) -> tuple[ActLine, ...]:
    """Return who did what to whom in an item; what is annotated stands in the lanes already."""
    known = [each.record for each in casebook.of_item(item, view, Conduct)]
    told = [each for each in known if isinstance(each, Conduct)]
    clock = clock_of(casebook.archive, item)
    lines = lines_of(casebook, told, view, Cast(casebook, view), {item: clock})
    acts = [
        ActLine(
            line.stretch.start, line.stretch.end, round(line.stretch.start / tick),
            round(line.stretch.end / tick), line.severity, _said(line, lang),
        )
        for line in lines
        if line.stretch is not None
    ]  # fmt: skip
    return tuple(sorted(acts, key=lambda each: (each.start, each.end)))


def _said(line: Line, lang: str) -> str:
    note = (line.note_ar, line.note_en) if lang == "ar" else (line.note_en, line.note_ar)
    act = (line.act_ar if lang == "ar" else None) or line.act
    parts = [_party(line.actor, lang), act, _party(line.target, lang)]
    return " · ".join(filter(None, [*parts, next(filter(None, note), None)]))


def _party(party: Party | None, lang: str) -> str:
    if party is None:
        return ""
    return party.label or next(iter(party.names), None) or say(lang, "describing.withheld")
