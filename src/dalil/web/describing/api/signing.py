"""All changes of an editor, signed in one act; what was signed meanwhile is never written over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dalil.casebook.casebook import Casebook, Known
from dalil.casebook.index.view import SEES, View
from dalil.casebook.record.describing import Annotation
from dalil.casebook.record.form import record_of
from dalil.errors import NotAllowed, RevisedMeanwhile, UsageRefused
from dalil.kernel.canonical import Json
from dalil.ledger.keyring import Signer
from dalil.web.describing.api.reading import annotation_in, annotations_out
from dalil.web.describing.api.shapes import AnnotationOut, ChangeIn, ChangesIn, SignedOut

SAID = (
    "id", "revises", "lane", "pts_start", "pts_end", "timebase", "term", "text_en", "text_ar",
    "label", "severity", "basis", "round", "see", "case",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else signed meanwhile; nothing of what was sent was written."""

    theirs: tuple[AnnotationOut, ...]


def sign(
    casebook: Casebook, item: str, sent: ChangesIn, view: View, signer: Signer
) -> SignedOut | Meanwhile:
    """Sign what an editor sent, all or nothing; sent again, it is not written twice.

    Raises:
        RecordRefused, NotAllowed: as the casebook says. UsageRefused: something is withdrawn
            without a reason. RevisedMeanwhile: by something that may not be seen.

    """
    now = {
        k.record.id: k for k in casebook.find(Annotation, view, ids=[e.id for e in sent.changes])
    }
    marks = {e.id: e for e in annotations_out(casebook, list(now.values()), view)}
    records = [
        _record(
            item, each, sent.note, _before(item, now.get(each.id)), marks.get(each.id), view, signer
        )
        for each in sent.changes
    ]
    left = [each for each in records if not _is_there(each, now.get(each.id))]
    revises = {each.id: each.revises + 1 for each in records}
    if not left:
        return SignedOut(seq=None, count=0, revises=revises)
    if stale := _stale(left, now):
        return Meanwhile(tuple(annotations_out(casebook, stale, view)))
    try:
        entry = casebook.write(left, signer, sent.note.strip())
    except RevisedMeanwhile:
        again = casebook.find(Annotation, view, ids=[each.id for each in left])
        stale = _stale(left, {k.record.id: k for k in again})
        if not stale:
            raise
        return Meanwhile(tuple(annotations_out(casebook, stale, view)))
    return SignedOut(seq=entry.seq, count=len(left), revises=revises)


def _before(item: str, known: Known | None) -> Annotation | None:
    """Return the annotation that is revised; one of another item is none of this editor's."""
    if known is None:
        return None
    before = annotation_in(known)
    if before.item != item:
        raise NotAllowed(f"annotation {before.id}")
    return before


def _record(  # noqa: PLR0913, PLR0917 - what is sent, and what was there
    item: str,
    sent: ChangeIn,
    note: str,
    before: Annotation | None,
    shown: AnnotationOut | None,
    view: View,
    signer: Signer,
) -> Annotation:
    fields: dict[str, Json] = {name: getattr(sent, name) for name in SAID}
    fields |= {"kind": Annotation.kind, "item": item, "rests_on": list(sent.rests_on)}
    if sent.box is not None:
        fields["box"] = sent.box.model_dump()
    if sent.round is not None:
        fields["annotator"] = before.annotator if before else signer.person_id
    fields["see"] = sent.see or (before.see if before else "restricted")
    if SEES[str(fields["see"])] > view.clearance:
        raise NotAllowed(f"see: {fields['see']}")
    if before is not None and shown is not None:
        fields |= _kept(sent, before, shown)
    if sent.gone:
        if not note.strip():
            raise UsageRefused("note: what is withdrawn is withdrawn for a reason")
        fields["withdrawn"] = note.strip()
    record = record_of({name: value for name, value in fields.items() if value is not None})
    if not isinstance(record, Annotation):
        raise TypeError(record.kind)
    return record


def _kept(sent: ChangeIn, before: Annotation, shown: AnnotationOut) -> dict[str, Json]:
    """Return what a revision keeps of what its author may not see, or was not asked."""
    unseen = [each for each in before.rests_on if each not in shown.rests_on]
    grounds = list(sent.rests_on) + unseen if sent.basis == "inference" else []
    kept: dict[str, Json] = {"rests_on": grounds, "machine": before.machine}
    if sent.term is None and shown.term_withheld:
        kept["term"] = before.term
    if sent.case is None:
        kept["case"] = before.case
    return kept


def _is_there(record: Annotation, known: Known | None) -> bool:
    return known is not None and known.record == record


def _stale(records: Sequence[Annotation], now: Mapping[str, Known]) -> list[Known]:
    """Return the latest of those that revise an earlier revision."""
    return [
        now[each.id]
        for each in records
        if each.id in now and now[each.id].revision + 1 != each.revises
    ]
