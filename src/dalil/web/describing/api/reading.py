"""From what the casebook knows to what the JSON interface gives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.describe.code_book import TermShown, books, code_book
from dalil.casebook.describe.lanes import Mark, marks_of
from dalil.casebook.describe.rounds import Agreement, LaneAgreement, RoundState
from dalil.casebook.describe.transcript import Transcript
from dalil.casebook.index.view import View
from dalil.casebook.record.describing import Annotation
from dalil.web.describing.api.shapes import (
    AgreementOut,
    AnnotationOut,
    BoxShape,
    LaneAgreementOut,
    LanesOut,
    RoundShape,
    SegmentOut,
    TermOut,
    TimeOut,
    TrackOut,
    TranscriptOut,
)
from dalil.web.describing.footage import Footage


def lanes_out(
    casebook: Casebook, footage: Footage, view: View, round_: RoundShape | None
) -> LanesOut:
    """Return the lanes of an item, or of one blind round about it."""
    known = casebook.of_item(footage.item, view, Annotation)
    if round_ is not None:
        known = [each for each in known if annotation_in(each).round == round_.id]
    annotations = annotations_out(casebook, known, view)
    wanted = [round_.book] if round_ is not None else books(casebook, view)
    terms = [each for book in wanted for each in code_book(casebook, book, view).terms]
    lanes = list(round_.lanes) if round_ is not None else sorted({e.lane for e in annotations})
    clock = TimeOut(
        timebase=footage.timebase, zero=footage.zero, end=footage.end, frames=list(footage.frames)
    )
    return LanesOut.model_construct(
        item=footage.item, clock=clock, lanes=lanes, terms=terms_out(terms),
        annotations=annotations, round=round_,
    )  # fmt: skip


def annotation_in(known: Known) -> Annotation:
    """Return the annotation that a revision is."""
    if not isinstance(known.record, Annotation):
        raise TypeError(known.record.kind)
    return known.record


def annotations_out(casebook: Casebook, known: Sequence[Known], view: View) -> list[AnnotationOut]:
    """Return annotations as the view knows them, in the order in which they are given."""
    marks = marks_of(casebook, known, view)
    return [_annotation(mark, annotation_in(k)) for mark, k in zip(marks, known, strict=True)]


def _annotation(mark: Mark, said: Annotation) -> AnnotationOut:
    box = said.box
    # Built without a check: it was checked before it was signed, and there may be thousands.
    return AnnotationOut.model_construct(
        id=mark.id, revises=mark.revises, see=said.see, case=said.case, lane=mark.lane,
        pts_start=mark.pts_start, pts_end=mark.pts_end, timebase=mark.timebase,
        term=None if mark.term is None else mark.term.id, term_withheld=mark.term_withheld,
        redefined=mark.redefined, text_en=mark.text_en, text_ar=mark.text_ar, label=mark.label,
        box=None if box is None else BoxShape.model_construct(**box), severity=said.severity,
        basis=said.basis, rests_on=list(mark.rests_on), fallen=list(mark.fallen),
        round=mark.round, blind=mark.blind, decided=mark.decided, machine=mark.machine,
        recorded_at=mark.recorded_at, withdrawn=said.withdrawn,
    )  # fmt: skip


def terms_out(terms: Iterable[TermShown]) -> list[TermOut]:
    """Return terms, each after the one that it is a case of."""
    return [
        TermOut(
            id=each.id, book=each.book, key=each.key, name_en=each.name_en, name_ar=each.name_ar,
            definition_en=each.definition_en, definition_ar=each.definition_ar, since=each.since,
            broader=each.broader, severity=each.severity, depth=each.depth,
            recorded_at=each.recorded_at, revises=each.revises, withdrawn=each.withdrawn,
        )
        for each in terms
    ]  # fmt: skip


def round_out(state: RoundState, person_id: str) -> RoundShape:
    """Return a round: how many have submitted, never who."""
    return RoundShape(
        id=state.id, item=state.item, book=state.book, lanes=list(state.lanes),
        annotators=len(state.annotators), submitted=len(state.submitted), done=state.done,
        mine=person_id in state.annotators,
    )  # fmt: skip


def transcript_out(told: Transcript) -> TranscriptOut:
    """Return what is said in an item, track by track."""
    names = tuple(SegmentOut.model_fields)
    return TranscriptOut(
        item=told.item,
        tracks=[
            TrackOut(
                lang=track.lang, version=track.version, translation=track.translation,
                certified=track.certified,
                segments=[
                    SegmentOut(**{name: getattr(each, name) for name in names})
                    for each in track.segments
                ],
            )
            for track in told.tracks
        ],
    )  # fmt: skip


def agreement_out(told: Agreement, person_id: str) -> AgreementOut:
    """Return how far annotators agree, lane by lane."""
    return AgreementOut(
        round=round_out(told.round, person_id), lanes=[_lane(each) for each in told.lanes]
    )


def _lane(lane: LaneAgreement) -> LaneAgreementOut:
    return LaneAgreementOut(
        lane=lane.lane, timebase=lane.timebase,
        alpha=None if lane.alpha is None else float(lane.alpha),
        agreed=None if lane.agreed is None else float(lane.agreed),
        differences=len(lane.differences),
        undecided=sum(not each.decided for each in lane.differences),
    )  # fmt: skip
