"""Where the sayings on a claim come from: seven papers on one leak meet in one origin."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.record.claims import Assertion
from dalil.casebook.report.claim_shown import Claims
from dalil.casebook.report.desk import Desk, named, open_desk
from dalil.casebook.report.page import Claim, Saying, SourceShown, Worded
from dalil.casebook.report.phrases import in_both
from dalil.casebook.weigh.weighing import Weighed, weigh_few
from dalil.errors import NoSuchThing
from dalil.web.frame.access import casebook_of, right, view_of_request
from dalil.web.frame.page import page
from dalil.web.frame.say import lang_of, say
from dalil.web.pictures.drawn import Edge, Graph, Node, address_of, queried

# All sources that may not be seen are one node: neither which they are nor how many is told.
WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class SaidBy:
    """One saying in the list: who says it, where it comes from in the end, whether it counts."""

    saying: Saying
    speaker: Worded
    roots: tuple[Worded, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins of a claim; ``data``: the address of the same as a graph."""

    claim: str
    statement: Worded
    tally: Worded
    sayings: tuple[SaidBy, ...]
    data: str
    address: str


@right("read")
@require_GET
def page_of_claim(request: HttpRequest, claim: str) -> HttpResponse:
    """Show where the sayings on a claim come from: drawn, and as a list."""
    lang = lang_of(request)
    _, _, told = _weighed(casebook_of(request), claim, view_of_request(request))
    given = [*told.supporting, *(e.saying for e in told.opposing if e.saying), *told.apart]
    sayings = {each.id: each for each in given if each.proposition == claim}
    shown = Origins(
        claim,
        told.statement,
        told.tally,
        tuple(_said_by(each) for each in sayings.values()),
        queried(request, "pictures:origins-data", claim),
        address_of(claim),
    )
    title = say(lang, "pictures.origins-title")
    return page(request, "pictures/origins.html", shown, title=title, room="casebook")


@right("read")
@require_GET
def data(request: HttpRequest, claim: str) -> JsonResponse:
    """Return the graph: the claim at its foot, what the sayings rest on at its head."""
    lang = lang_of(request)
    desk, weighed, told = _weighed(casebook_of(request), claim, view_of_request(request))
    drawing = _Drawing(desk, lang)
    with desk.casebook.at_once():
        graph = drawing.of(claim, getattr(told.statement, lang), weighed)
    return JsonResponse(graph.as_json())


def _weighed(casebook: Casebook, claim: str, view: View) -> tuple[Desk, Weighed, Claim]:
    with casebook.at_once():
        weighed = weigh_few(casebook, view, [claim])
        if not weighed.suggestions:
            raise NoSuchThing(f"claim {claim}")
        desk = open_desk(casebook, view)
        told = Claims.of(desk, weighed, {}).show(weighed.about(claim))
    return desk, weighed, told


def _said_by(saying: Saying) -> SaidBy:
    speaker = _named(saying.source)
    roots = tuple(_named(each) for each in saying.roots)
    return SaidBy(saying, speaker, roots, address_of(saying.id))


def _named(source: SourceShown) -> Worded:
    return in_both(lambda lang: named(source, lang))


def _rests_on(saying: Assertion, speakers: set[str]) -> list[str]:
    """Return the source from which its origin is followed, as weighing does it."""
    if saying.origin is not None:
        return [] if saying.origin in speakers else [saying.origin]
    return [saying.source] if saying.evidence_offered else []


class _Drawing:
    """The graph on its way."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self.desk, self.lang = desk, lang
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str], Edge] = {}

    def of(self, claim: str, statement: str, weighed: Weighed) -> Graph:
        """Draw the claim, whoever speaks on it, and all that these come from."""
        self.nodes[claim] = Node(claim, statement, "claim", address_of(claim))
        sayings = weighed.said_on(claim)
        self.desk.fetch(id_ for each in sayings for id_ in (each.source, each.origin))
        # What speaks here itself is followed by what it says here, as weighing does it.
        speakers = {each.source for each in sayings}
        waiting: list[str] = []
        for each in sayings:
            stands = weighed.standing.stands(each.id)
            speaker = self._source(each.source)
            line = "solid" if stands else "dashed"
            manner = self._says(each.polarity)
            self._link(claim, speaker, manner, line, split=each.polarity == "denies")
            if each.origin and each.origin != each.source:
                self._link(speaker, self._source(each.origin), self._says("comes-from"))
            waiting += _rests_on(each, speakers)
        self._climb(waiting, weighed)
        return Graph(tuple(self.nodes.values()), tuple(self.edges.values()))

    def _climb(self, waiting: list[str], weighed: Weighed) -> None:
        above: dict[str, list[tuple[str, str]]] = {}
        for each in weighed.matter.derivations:
            above.setdefault(each.child, []).append((each.parent, each.how))
        self.desk.fetch({p for found in above.values() for p, _ in found})
        reached: set[str] = set()
        while waiting:
            child = waiting.pop()
            if child in reached:
                continue
            reached.add(child)
            for parent, how in above.get(child, ()):
                self._link(self._source(child), self._source(parent), self._says(f"how-{how}"))
                waiting.append(parent)

    def _says(self, key: str) -> str:
        return say(self.lang, f"pictures.{key}")

    def _source(self, source: str) -> str:
        shown = self.desk.source(source)
        id_ = WITHHELD if shown.withheld else source
        if id_ not in self.nodes:
            kind = "origin" if shown.type == "origin" else "source"
            address = "" if shown.withheld else address_of(source)
            self.nodes[id_] = Node(id_, named(shown, self.lang), kind, address)
        return id_

    def _link(
        self, below: str, above: str, said: str, line: str = "solid", *, split: bool = False
    ) -> None:
        if below != above:
            self.edges.setdefault((below, above), Edge(below, above, said, line, split))
