"""Counting persons: blind counts side by side, whom a third decides on, and counts by scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.casebook import Casebook
from dalil.casebook.counting.reconciled import Outcome, Reconciled, reconciled
from dalil.casebook.counting.wording import (
    agreement_in_words,
    counted_in_words,
    figure_in_words,
    outcome_in_words,
    stated_in_words,
)
from dalil.casebook.counting.written import unwritten, write_down
from dalil.casebook.describe.rounds import RoundState, round_state, rounds
from dalil.casebook.incident.clock import clock_of
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Decision
from dalil.casebook.record.form import new_id
from dalil.casebook.report.desk import cases_of, cited
from dalil.casebook.text.names import isolate
from dalil.casebook.victims.counted import SCOPES, Scope, counted, stated
from dalil.errors import NoSuchThing, RecordRefused
from dalil.ledger.people import people_of
from dalil.web.frame.access import (
    archive_of,
    casebook_of,
    person_of,
    right,
    signer_of,
    view_of_request,
)
from dalil.web.frame.form import told
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.victims.record_forms import NOT_COUNTED, SAME_AS, FigureForm
from dalil.web.victims.shown import carried, desk_of

WRONG, PER_PAGE = 422, 30


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """Rounds that are done, and the lanes in which persons may have been counted."""

    rounds: tuple[RoundState, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class OutcomeShown:
    """One person as counters marked them: figures, what was made of it; ``number`` on the page."""

    number: int
    counts: bool | None
    told: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundPage:
    """Two counts side by side; ``may_decide``: whoever looks is a third person."""

    round: RoundState
    lane: int
    agreement: tuple[str, ...]
    outcomes: tuple[OutcomeShown, ...]
    may_decide: bool
    may_write: bool
    written: bool
    refused: str
    query: str


@dataclass(frozen=True, slots=True)
class FigurePage:
    """The form that decides on one person whom not all marked."""

    round: RoundState
    lane: int
    outcome: OutcomeShown
    form: FigureForm
    query: str


@dataclass(frozen=True, slots=True)
class CountPage:
    """How many persons a scope has, and what others state of it."""

    counted: tuple[str, ...]
    stated: tuple[str, ...]
    query: str


@right("read")
@require_GET
def all_rounds(request: HttpRequest) -> HttpResponse:
    """Show rounds that are done, the newest first."""
    casebook, view = casebook_of(request), view_of_request(request)
    with casebook.at_once():
        done = [each for each in rounds(casebook, view)[::-1] if each.done]
    pager = pager_of(request, len(done), PER_PAGE)
    shown = RoundsPage(tuple(done[pager.first : pager.first + PER_PAGE]), pager)
    title = say(lang_of(request), "victims.rounds-title")
    return page(request, "victims/rounds.html", shown, title=title, room="victims")


@right("read")
@require_GET
def one_round(request: HttpRequest, round_id: str, lane: int) -> HttpResponse:
    """Show two counts of one clip side by side."""
    return _round(request, _reconciled(request, round_id, lane), lane)


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def decide(request: HttpRequest, round_id: str, lane: int, number: int) -> HttpResponse:
    """Decide, as a third person and with reasons, whether somebody counts."""
    casebook, lang = casebook_of(request), lang_of(request)
    count = _reconciled(request, round_id, lane)
    if number >= len(count.outcomes):
        raise NoSuchThing(f"figure {number}")
    outcome, reader = count.outcomes[number], _reader(request, count)
    form = FigureForm(request.POST or None, lang=lang, shown=_first_marks(outcome))
    form.fields["other"].choices = [  # type: ignore[attr-defined]
        ("", "—"),
        *(
            (_first_marks(each)[0], " · ".join(reader(n, each).figures))
            for n, each in enumerate(count.outcomes)
            if n != number
        ),
    ]
    form.fields["reasoning"].widget.attrs["data-draft"] = f"victims/figure/{round_id}/{number}"
    if request.method == "POST" and form.is_valid():
        decision = _decision(form, count, outcome, casebook, view_of_request(request))
        try:
            casebook.write([decision], signer_of(request))
        except RecordRefused as refused:
            form.add_error(None, told(refused, lang))
        else:
            return redirect("victims:round", round_id, lane)
    status = WRONG if request.method == "POST" else 200
    shown = FigurePage(count.round, lane, reader(number, outcome), form, carried(request))
    title = say(lang, "victims.round-decide")
    return page(request, "victims/figure.html", shown, title=title, room="victims", status=status)


@right("weigh")
@require_POST
@once
def write(request: HttpRequest, round_id: str, lane: int) -> HttpResponse:
    """Sign everybody who counts as a victim without a name."""
    count = _reconciled(request, round_id, lane)
    try:
        write_down(casebook_of(request), count, signer_of(request))
    except RecordRefused as refused:
        return _round(request, count, lane, told(refused, lang_of(request)))
    return redirect("victims:round", round_id, lane)


@right("read")
@require_GET
def count_page(request: HttpRequest, what: str, scope_id: str) -> HttpResponse:
    """Show how many persons a clip, a list or a case has, beside what others state."""
    if what not in SCOPES:
        raise NoSuchThing(what)
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    with casebook.at_once():
        desk, scope = desk_of(request), Scope(what, scope_id)
        if what == "source" and desk.source(scope_id).withheld:
            raise NoSuchThing(f"source {scope_id}")
        if what == "case" and scope_id not in cases_of(casebook, view):
            raise NoSuchThing(f"case {scope_id}")
        name = cited(desk.source(scope_id), lang) if what == "source" else isolate(scope_id[:60])
        shown = CountPage(
            tuple(counted_in_words(counted(casebook, scope, view), lang, name)),
            tuple(
                stated_in_words(each, lang, lambda id_: cited(desk.source(id_), lang))
                for each in stated(casebook, scope, view)
            ),
            carried(request),
        )
    title = say(lang, "victims.count-title")
    return page(request, "victims/count.html", shown, title=title, room="victims")


def _reconciled(request: HttpRequest, round_id: str, lane: int) -> Reconciled:
    casebook, view = casebook_of(request), view_of_request(request)
    lanes = round_state(casebook, round_id, view).lanes
    if lane >= len(lanes):
        raise NoSuchThing(f"lane {lane}")
    return reconciled(casebook, round_id, lanes[lane], view)


def _round(request: HttpRequest, count: Reconciled, lane: int, refused: str = "") -> HttpResponse:
    lang, person = lang_of(request), person_of(request)
    reader, fresh = _reader(request, count), unwritten(casebook_of(request), count)
    shown = RoundPage(
        count.round,
        lane,
        tuple(agreement_in_words(count, lang, _names(request))),
        tuple(reader(n, each) for n, each in enumerate(count.outcomes)),
        person.may("describe") and person.person_id not in count.round.annotators,
        person.may("weigh") and not count.open and fresh,
        bool(count.persons) and not fresh,
        refused,
        carried(request),
    )
    status = WRONG if refused else 200
    title = say(lang, "victims.round-title")
    return page(request, "victims/round.html", shown, title=title, room="victims", status=status)


def _reader(request: HttpRequest, count: Reconciled) -> Callable[[int, Outcome], OutcomeShown]:
    lang, desk, name = lang_of(request), desk_of(request), _names(request)
    clock = clock_of(archive_of(request), count.round.item)

    def shown(number: int, outcome: Outcome) -> OutcomeShown:
        figures = outcome.group.figures
        return OutcomeShown(
            number,
            outcome.counts,
            outcome_in_words(outcome, lang, desk.who),
            tuple(figure_in_words(each, lang, name, clock) for each in figures),
        )

    return shown


def _names(request: HttpRequest) -> Callable[[str], str]:
    names = {each.person_id: each.name for each in people_of(archive_of(request))}
    return lambda person: names.get(person, person[:12])


def _first_marks(outcome: Outcome) -> tuple[str, ...]:
    """Return a mark (id) of each figure: by these it is known, wherever it stands on the page."""
    return tuple(figure.marks[0].id for figure in outcome.group.figures)


def _decision(
    form: FigureForm, count: Reconciled, outcome: Outcome, casebook: Casebook, view: View
) -> Decision:
    said, between = form.text("counts"), _first_marks(outcome)
    if said == SAME_AS:
        others = (_first_marks(each) for each in count.outcomes)
        between = (*next(each for each in others if each[0] == form.text("other")), *between)
    first = outcome.group.marks[0]
    return Decision(
        id=new_id(), round=count.round.id, lane=count.lane, pts_start=first.pts_start,
        pts_end=first.pts_end, timebase=first.timebase, reasoning=form.text("reasoning"),
        between=between, accepts=None if said == NOT_COUNTED else between[0],
        see=casebook.get(count.round.id, view).record.see, case=count.round.case,
    )  # fmt: skip
