"""Who is said to have commanded the units present there on a day: drawn, and link by link."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.command.answer import Answer
from dalil.casebook.command.link import UNDER
from dalil.casebook.command.who import LIMIT, PLACES, UNITS, who_commanded, who_commanded_unit
from dalil.casebook.command.wording import AnswerTold, LinkTold, told_apart
from dalil.casebook.incident.incident import WHERE
from dalil.casebook.index.view import View
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.casebook.report.desk import open_desk
from dalil.casebook.report.page import Worded
from dalil.casebook.text.edtf import bounds_of
from dalil.errors import NoSuchThing, UsageRefused
from dalil.web.frame.access import OF_VIEW, casebook_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.pictures.drawn import Edge, Graph, Node, address_of, queried

INFERRED = "inferred"
LONGEST = 5
# The rest of the view, which the form for the day leaves as it is.
KEPT = OF_VIEW[:-1]


@dataclass(frozen=True, slots=True)
class ChainShown:
    """One chain: its weakest link in words, and its links by number."""

    weakest: str
    links: tuple[tuple[int, LinkTold], ...]


@dataclass(frozen=True, slots=True)
class Command:
    """The answer for one place, unit or incident on ``day``; none where no day is asked."""

    about: Worded
    day: str
    within: int
    kept: tuple[tuple[str, str], ...]
    told: AnswerTold | None
    chains: tuple[ChainShown, ...]
    data: str
    address: str


@right("read")
@require_GET
def page_of_chain(request: HttpRequest, about: str) -> HttpResponse:
    """Show who is said to have commanded there on the day of ``?on=``."""
    lang, view, casebook = lang_of(request), view_of_request(request), casebook_of(request)
    entity = _entity(casebook, about, view)
    day, within = _day(view, entity), _within(request)
    with casebook.at_once():
        name = open_desk(casebook, view).name(about)
    answer = None if day is None else _answer(casebook, entity, day, view, within)
    told = None if answer is None else told_apart(answer, lang)
    shown = Command(
        name,
        "" if answer is None else answer.day,
        within,
        tuple((each, request.GET[each]) for each in KEPT if request.GET.get(each)),
        told,
        _chains(answer, told),
        queried(request, "pictures:chain-data", about),
        address_of(about),
    )
    title = say(lang, "pictures.chain-title")
    return page(request, "pictures/chain.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def data(request: HttpRequest, about: str) -> JsonResponse:
    """Return the chains as one graph, from the place at its foot to commanders at its head."""
    lang, view, casebook = lang_of(request), view_of_request(request), casebook_of(request)
    entity = _entity(casebook, about, view)
    day = _day(view, entity)
    if day is None:
        raise UsageRefused("on: YYYY-MM-DD")
    answer = _answer(casebook, entity, day, view, _within(request))
    return JsonResponse(_graph(answer, told_apart(answer, lang)).as_json())


def _entity(casebook: Casebook, about: str, view: View) -> Entity:
    record = casebook.get(about, view).record
    if not isinstance(record, Entity):
        raise NoSuchThing(f"record {about}")
    return record


def _day(view: View, entity: Entity) -> int | None:
    """Return the day that is asked for, or the one day of an incident."""
    if view.on is not None or not entity.date:
        return view.on
    bounds = bounds_of(entity.date)
    return bounds.s_min if bounds.s_min == bounds.e_max else None


def _within(request: HttpRequest) -> int:
    asked = request.GET.get("within") or str(LIMIT)
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST):
        raise UsageRefused("within")
    return int(asked)


def _answer(casebook: Casebook, entity: Entity, day: int, view: View, within: int) -> Answer:
    with casebook.at_once():
        if entity.type in UNITS:
            return who_commanded_unit(casebook, entity.id, day, view, within)
        place = entity.id if entity.type in PLACES else _place_of(casebook, entity, view)
        return who_commanded(casebook, place, day, view, within)


def _place_of(casebook: Casebook, entity: Entity, view: View) -> str:
    """Return the place where something is said to be; the first that was recorded."""
    for known in casebook.naming(entity.id, view, Relation.kind, "a"):
        link = known.record
        if not isinstance(link, Relation) or link.withdrawn is not None:
            continue
        if link.relation in WHERE and link.polarity == "affirms" and link.b:
            return link.b
    raise NoSuchThing(f"a place of {entity.id}")


def _chains(answer: Answer | None, told: AnswerTold | None) -> tuple[ChainShown, ...]:
    if answer is None or told is None:
        return ()
    return tuple(
        ChainShown(weakest, tuple((n + 1, told.links[n]) for n in chain.links))
        for chain, weakest in zip(answer.chains, told.chains, strict=True)
    )


def _graph(answer: Answer, told: AnswerTold) -> Graph:
    kinds = {thing.id: thing.type for thing in answer.things}
    used = {n for chain in answer.chains for n in chain.links}
    nodes: dict[str, Node] = {}
    edges = []
    for number, link in enumerate(answer.links):
        if number not in used:
            continue
        # Upwards from the place: a unit under another is its `a`, all else stands on its `b`.
        below, above = (link.a, link.b) if link.what == UNDER else (link.b, link.a)
        for each in (below, above):
            name = told.names.get(each, each[:12])
            nodes.setdefault(each, Node(each, name, kinds.get(each, "thing"), address_of(each)))
        line = "dashed" if link.standing == INFERRED else "solid"
        edges.append(Edge(below, above, f"[{number + 1}]", line, bool(link.against)))
    return Graph(tuple(nodes.values()), tuple(edges))
