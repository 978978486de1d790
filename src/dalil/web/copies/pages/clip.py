"""The copies of one clip: its family, where each lies, every candidate and judgement."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from dalil.errors import NoSuchThing
from dalil.match.copies.family import Family
from dalil.match.copies.gathered import gather, order_of
from dalil.match.copies.lineage.generation import generation_list
from dalil.match.copies.timeline import timeline_list, timeline_svg
from dalil.match.copies.wording import told_apart
from dalil.match.found import Found
from dalil.match.held.catalogue import Catalogue
from dalil.web.copies.pages.pair import Row, row_of
from dalil.web.copies.shown import Side
from dalil.web.copies.standing import may_see, pairings, sides
from dalil.web.frame.access import archive_of, casebook_of, right
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Timeline:
    """How many files one recording is in, where each lies: drawn, and the same in sentences.

    ``order``: which likely stands nearer to the recording, and why.
    """

    count: int
    drawn: SafeString
    told: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClipPage:
    """One clip, its candidates; ``compared``: whether comparing has reached it.

    ``timelines``: of each family that it is in.
    """

    item: str
    side: Side
    seen: bool
    compared: bool
    timelines: tuple[Timeline, ...]
    rows: tuple[Row, ...]
    count: int
    pager: Pager


@right("read")
@require_GET
def item_page(request: HttpRequest, item: str) -> HttpResponse:
    """Show the copies of a clip."""
    ledger, lang = casebook_of(request).ledger, lang_of(request)
    if not ledger.store.count_about(("item", item), ("type", "sealed")):
        raise NoSuchThing("an item")
    every = pairings(request, item)
    pager = pager_of(request, len(every), PER_PAGE)
    part = every[pager.first : pager.first + PER_PAGE]
    known = sides(request, [item, *(name for each in part for name in each.pair)])
    with Catalogue.open(archive_of(request)) as catalogue:
        compared = any(each.item == item and each.made_by for each in catalogue.entered())
    shown = ClipPage(
        item,
        known[item],
        may_see(request),
        compared,
        _timelines(request, item),
        tuple(row_of(request, each, known, "", n) for n, each in enumerate(part)),
        len(every),
        pager,
    )
    name = known[item].name
    title = say(lang, "copies.of-item", name=name) if name else say(lang, "copies.of-unnamed")
    return page(request, "copies/item.html", shown, title=title, room="copies")


def _timelines(request: HttpRequest, item: str) -> tuple[Timeline, ...]:
    if not may_see(request):
        return ()
    gathered = gather(archive_of(request), item)
    return tuple(_timeline(request, each, gathered.leads) for each in gathered.families)


def _timeline(request: HttpRequest, family: Family, found: tuple[Found, ...]) -> Timeline:
    lang, archive = lang_of(request), archive_of(request)
    named = sides(request, family.items)
    names = told_apart(
        {item: side.name or say(lang, "copies.no-name") for item, side in named.items()}
    )
    # Names are escaped where it is drawn.
    drawn = mark_safe(timeline_svg(family, names, lang)) if family.members else SafeString()  # noqa: S308
    order = generation_list(order_of(archive, family, found), names, lang)
    return Timeline(len(family.items), drawn, timeline_list(family, names, lang), order)
