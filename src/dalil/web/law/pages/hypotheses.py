"""The hypotheses of the casebook, and one of them element by element."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.law.matrix import Matrix, hypotheses, matrix
from dalil.casebook.law.shelf import Held, Unread, tree_called, trees, unread_trees
from dalil.casebook.law.strength import STATES
from dalil.casebook.law.tree import CRIME, MODE
from dalil.casebook.law.wording import MatrixTold, told_by_part
from dalil.casebook.law.wording import say as said
from dalil.casebook.record.law import Hypothesis
from dalil.casebook.report.desk import Desk, open_desk
from dalil.casebook.report.page import Worded
from dalil.errors import NoSuchThing
from dalil.web.frame.access import OF_VIEW, casebook_of, person_of, right, view_of_request
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

# Each is tested anew, with the chains of command of its day.
PER_PAGE = 10
HELD, SPLIT, BARE = "held", "split", "bare"
# Words, shape and hue together, as with claims.
SHAPES = {"empty": BARE, "single_origin": BARE, "corroborated": HELD, "contested": SPLIT,
          "undermined": SPLIT}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TreeListed:
    """A tree of law; ``brought``: somebody added it to this archive."""

    key: str
    name: Worded
    crimes: int
    modes: int
    brought: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many elements are in a state, in words, with its shape."""

    shape: str
    state: str
    elements: str


@dataclass(frozen=True, slots=True)
class HypothesisListed:
    """A hypothesis in a list; ``crime`` is empty where its tree is no longer here."""

    id: str
    case: str
    suspect: Worded
    incident: Worded
    crime: str
    mode: str
    counts: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The hypotheses that may be seen, and the trees."""

    query: str
    count: int
    rows: tuple[HypothesisListed, ...]
    pager: Pager
    trees: tuple[TreeListed, ...]
    unread: tuple[Unread, ...]
    may_write: bool


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """One hypothesis; ``incident`` has a page with its chains of command on ``day``."""

    query: str
    id: str
    case: str
    incident: str
    day: str
    note: str
    told: MatrixTold
    counts: tuple[Counted, ...]
    may_write: bool
    may_hand_out: bool


@right("read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the hypotheses, of all cases or of ``?case=``, and the trees of law."""
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    with casebook.at_once():
        every = hypotheses(casebook, view, request.GET.get("case") or None)
        pager = pager_of(request, len(every), PER_PAGE)
        desk = open_desk(casebook, view)
        part = every[pager.first : pager.first + PER_PAGE]
        rows = tuple(_row(casebook, desk, view, each, lang) for each in part)
        shelf = tuple(map(_tree, trees(casebook, view)))
        unread = unread_trees(casebook, view)
    may = person_of(request).may("weigh")
    shown = IndexPage(_kept(request), len(every), rows, pager, shelf, unread, may)
    return page(request, "law/index.html", shown, title=say(lang, "law.title"), room="law")


@right("read")
@require_GET
def matrix_page(request: HttpRequest, hypothesis: str) -> HttpResponse:
    """Show one hypothesis element by element."""
    lang, casebook, view = lang_of(request), casebook_of(request), view_of_request(request)
    with casebook.at_once():
        found = matrix(casebook, hypothesis, view)
        tree = tree_called(casebook, view, found.tree)
        desk = open_desk(casebook, view)
        told = told_by_part(found, tree, desk, lang)
        record = casebook.get(hypothesis, view).record
    shown = MatrixPage(
        query=_kept(request),
        id=found.hypothesis,
        case=found.case or "",
        incident=found.incident,
        day=found.day,
        note=record.note or "" if isinstance(record, Hypothesis) else "",
        told=told,
        counts=_counted(found, lang),
        may_write=person_of(request).may("weigh"),
        may_hand_out=person_of(request).may("publish") and found.case is not None,
    )
    return page(request, "law/matrix.html", shown, title=say(lang, "law.hypothesis"), room="law")


def _kept(request: HttpRequest) -> str:
    """Return what a link carries on: who looks and as of when, as the address says it."""
    asked = {name: request.GET[name] for name in OF_VIEW if request.GET.get(name)}
    return f"?{urlencode(asked)}" if asked else ""


def _row(
    casebook: Casebook, desk: Desk, view: View, each: Hypothesis, lang: str
) -> HypothesisListed:
    suspect, incident = desk.name(each.suspect), desk.name(each.incident)
    try:
        found = matrix(casebook, each.id, view)
        tree = tree_called(casebook, view, each.tree)
        names = tuple(
            getattr(tree.part(kind, key).name, lang)
            for kind, key in ((CRIME, each.crime), (MODE, each.mode))
        )
        counts = _counted(found, lang)
    except NoSuchThing:
        # Its tree is not here, or may not be seen: the supposition stands all the same.
        names, counts = (each.crime, each.mode), ()
    return HypothesisListed(each.id, each.case or "", suspect, incident, names[0], names[1], counts)


def _counted(found: Matrix, lang: str) -> tuple[Counted, ...]:
    counts = found.counts()
    return tuple(
        Counted(SHAPES[each], said(f"state-{each}", lang), said("elements", lang, n=counts[each]))
        for each in STATES
        if counts[each]
    )


def _tree(held: Held) -> TreeListed:
    tree = held.tree
    crimes, modes = len(tree.of(CRIME)), len(tree.of(MODE))
    return TreeListed(tree.key, tree.name, crimes, modes, held.brought is not None)
