"""Blind rounds: two describe the same, nobody reads the other's before both are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dalil.casebook.casebook import Casebook
from dalil.casebook.describe.code_book import books, code_book
from dalil.casebook.describe.lanes import Mark, marks_of
from dalil.casebook.describe.rounds import (
    Agreement,
    Decided,
    Difference,
    LaneAgreement,
    RoundState,
    agreement,
    round_state,
    rounds,
)
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation, Decision, Round, Submission
from dalil.casebook.record.form import id_for, new_id
from dalil.errors import NoSuchThing
from dalil.ledger.people import people_of
from dalil.web.describing.footage import Footage, footage_of
from dalil.web.describing.forms import DecisionForm, RoundForm
from dalil.web.describing.pages.books import shown_name
from dalil.web.describing.pages.lanes import name_of, term_name, text_of
from dalil.web.frame.access import (
    RIGHTS,
    archive_of,
    casebook_of,
    person_of,
    right,
    signer_of,
    view_of_request,
)
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say

ROUNDS_A_PAGE, DIFFERENCES_SHOWN = 30, 100
NOTHING, OTHER = "none", "other"
PERCENT = 100


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round in the list."""

    state: RoundState
    name: str
    mine: bool


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """All rounds that may be seen."""

    rounds: tuple[RoundRow, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class NewRoundPage:
    """The form for a new round about an item."""

    item: str
    name: str
    form: RoundForm


@dataclass(frozen=True, slots=True)
class Annotator:
    """One of those who describe, and whether they have submitted."""

    name: str
    submitted: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What one annotator says of a stretch where they differ; no texts: nothing."""

    who: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """A stretch where annotators differ; ``number`` counts within its lane, from 0."""

    number: int
    start: Fraction
    end: Fraction
    said: tuple[Said, ...]
    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class LaneShown:
    """How far annotators agree in one lane; alpha to two places, none where not defined."""

    place: int
    lane: str
    alpha: str | None
    agreed: int | None
    count: int
    undecided: int
    differences: tuple[DifferenceShown, ...]


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round: who has submitted, and once all have, how far they agree."""

    state: RoundState
    name: str
    annotators: tuple[Annotator, ...]
    mine: bool
    to_submit: bool
    may_decide: bool
    lanes: tuple[LaneShown, ...]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """The form that decides one difference."""

    state: RoundState
    lane: str
    difference: DifferenceShown
    form: DecisionForm


@right("read")
@require_GET
def all_rounds(request: HttpRequest) -> HttpResponse:
    """Show which rounds there are."""
    casebook, view = casebook_of(request), view_of_request(request)
    mine = person_of(request).person_id
    with casebook.at_once():
        found = rounds(casebook, view)[::-1]
        pager = pager_of(request, len(found), ROUNDS_A_PAGE)
        rows = tuple(
            RoundRow(each, name_of(request, each.item), mine in each.annotators)
            for each in found[pager.first : pager.first + ROUNDS_A_PAGE]
        )
    title = say(lang_of(request), "describing.rounds")
    shown = RoundsPage(rows, pager)
    return page(request, "describing/rounds.html", shown, title=title, room="describing")


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def new_round(request: HttpRequest, item: str) -> HttpResponse:
    """Set up a blind round about an item."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    footage_of(archive_of(request), item)
    form = RoundForm(request.POST or None, initial={"see": "restricted"}, lang=lang)
    form.classes(person_of(request).clearance)
    form.fields["book"].choices = [(each, each) for each in books(casebook, view)]  # type: ignore[attr-defined]
    form.fields["annotators"].choices = [  # type: ignore[attr-defined]
        (each.person_id, each.name)
        for each in people_of(archive_of(request))
        if each.active and "describe" in RIGHTS.get(each.role, frozenset())
    ]
    if request.method == "POST" and form.is_valid():
        record = Round(
            id=new_id(), item=item, book=form.text("book"), lanes=form.lane_names(),
            annotators=tuple(form.cleaned_data["annotators"]), see=form.text("see"),
            note=form.text_or_none("note"),
        )  # fmt: skip
        if form.write(casebook, [record], signer_of(request)):
            return redirect("describing:round", record.id)
    status = 422 if request.method == "POST" else 200
    shown = NewRoundPage(item, name_of(request, item), form)
    title = say(lang, "describing.new-round")
    return page(
        request, "describing/new_round.html", shown, title=title, room="describing", status=status
    )


@right("read")
@require_GET
def one_round(request: HttpRequest, round_id: str) -> HttpResponse:
    """Show how a round stands; once all have submitted, how far they agree."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    names, person = _names(request), person_of(request)
    with casebook.at_once():
        state = round_state(casebook, round_id, view)
        told = agreement(casebook, round_id, view) if state.done else None
        lanes = _lanes(casebook, told, view, _Reader(lang, names, _footage(request, state)))
    mine = person.person_id in state.annotators
    shown = RoundPage(
        state, name_of(request, state.item),
        tuple(Annotator(names.get(e, e[:8]), e in state.submitted) for e in state.annotators),
        mine,
        mine and person.may("describe") and not state.done and state.state == "open"
        and person.person_id not in state.submitted,
        state.done and not mine and person.may("describe"), lanes,
    )  # fmt: skip
    title = say(lang, "describing.round-of", name=shown.name)
    return page(request, "describing/round.html", shown, title=title, room="describing")


@right("describe")
@require_POST
@once
def submit(request: HttpRequest, round_id: str) -> HttpResponse:
    """Say that one has finished; from then on nothing of one's own changes in the round."""
    casebook, view = casebook_of(request), view_of_request(request)
    state, mine = round_state(casebook, round_id, view), person_of(request).person_id
    see = casebook.get(round_id, view).record.see
    record = Submission(
        id=id_for("submission", round_id, mine), round=state.id, annotator=mine, see=see
    )
    casebook.write([record], signer_of(request))
    return redirect("describing:round", round_id)


@right("describe")
@require_http_methods(["GET", "POST"])
@once
def decide(request: HttpRequest, round_id: str, lane: int, number: int) -> HttpResponse:
    """Decide, as a third person and with reasons, what stands where annotators differ."""
    casebook, view, lang = casebook_of(request), view_of_request(request), lang_of(request)
    with casebook.at_once():
        told = agreement(casebook, round_id, view)
        differing = _difference(told, lane, number)
        reader = _Reader(lang, _names(request), _footage(request, told.round))
        marks = _marks(casebook, told, view)
        shown = reader.difference(number, differing, marks)
        terms = code_book(casebook, told.round.book, view).terms
    form = DecisionForm(request.POST or None, initial={"stands": NOTHING}, lang=lang)
    form.fields["stands"].choices = [  # type: ignore[attr-defined]
        *((id_, reader.said_by(marks[id_])) for id_ in _between(differing) if id_ in marks),
        (OTHER, say(lang, "describing.decide-other")),
        (NOTHING, say(lang, "describing.decide-none")),
    ]
    form.fields["term"].choices = [("", "—"), *((e.id, shown_name(e, lang)) for e in terms)]  # type: ignore[attr-defined]
    form.fields["reasoning"].widget.attrs["data-draft"] = (
        f"describing/decision/{round_id}/{lane}/{number}"
    )
    if request.method == "POST" and form.is_valid():
        record = _decision(form, differing, told.round, casebook.get(round_id, view).record.see)
        if form.write(casebook, [record], signer_of(request)):
            return redirect("describing:round", round_id)
    status = 422 if request.method == "POST" else 200
    asked = DecisionPage(told.round, differing.lane, shown, form)
    title = say(lang, "describing.decide")
    return page(
        request, "describing/decide.html", asked, title=title, room="describing", status=status
    )


def _decision(form: DecisionForm, at: Difference, state: RoundState, see: str) -> Decision:
    stands = form.text("stands")
    return Decision(
        id=new_id(), round=state.id, lane=at.lane, pts_start=at.pts_start, pts_end=at.pts_end,
        timebase=at.timebase, reasoning=form.text("reasoning"), between=_between(at), see=see,
        accepts=None if stands in (NOTHING, OTHER, "") else stands,
        term=form.text_or_none("term") if stands == OTHER else None,
    )  # fmt: skip


def _between(difference: Difference) -> tuple[str, ...]:
    return tuple(id_ for each in difference.said for id_ in each.annotations)


def _difference(told: Agreement, lane: int, number: int) -> Difference:
    try:
        return told.lanes[lane].differences[number]
    except IndexError:
        raise NoSuchThing(f"difference {number} of lane {lane}") from None


def _names(request: HttpRequest) -> dict[str, str]:
    return {each.person_id: each.name for each in people_of(archive_of(request))}


def _footage(request: HttpRequest, state: RoundState) -> Footage:
    return footage_of(archive_of(request), state.item)


def _marks(casebook: Casebook, told: Agreement, view: View) -> dict[str, Mark]:
    known = [
        each
        for each in casebook.of_item(told.round.item, view, Annotation)
        if isinstance(each.record, Annotation) and each.record.round == told.round.id
    ]
    return {mark.id: mark for mark in marks_of(casebook, known, view)}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Says in the page's language what annotators said."""

    lang: str
    names: Mapping[str, str]
    footage: Footage

    def difference(self, number: int, at: Difference, marks: Mapping[str, Mark]) -> DifferenceShown:
        said = tuple(
            Said(
                self.names.get(each.annotator, each.annotator[:8]),
                tuple(self.said(marks[id_]) for id_ in each.annotations if id_ in marks),
            )
            for each in at.said
        )
        start, end = (self.footage.seconds(p, at.timebase) for p in (at.pts_start, at.pts_end))
        return DifferenceShown(number, start, end, said, at.decided)

    def said(self, mark: Mark) -> str:
        return ": ".join(filter(None, (term_name(mark, self.lang), text_of(mark, self.lang))))

    def said_by(self, mark: Mark) -> str:
        return f"{self.names.get(mark.annotator or '', '')} · {self.said(mark)}"


def _lanes(
    casebook: Casebook, told: Agreement | None, view: View, reader: _Reader
) -> tuple[LaneShown, ...]:
    if told is None:
        return ()
    marks = _marks(casebook, told, view)
    return tuple(_lane(place, each, marks, reader) for place, each in enumerate(told.lanes))


def _lane(place: int, lane: LaneAgreement, marks: Mapping[str, Mark], reader: _Reader) -> LaneShown:
    differences = lane.differences[:DIFFERENCES_SHOWN]
    return LaneShown(
        place,
        lane.lane,
        None if lane.alpha is None else f"{float(lane.alpha):.2f}",
        None if lane.agreed is None else round(lane.agreed * PERCENT),
        len(lane.differences),
        sum(not each.decided for each in lane.differences),
        tuple(reader.difference(n, each, marks) for n, each in enumerate(differences)),
    )
