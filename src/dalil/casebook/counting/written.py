"""From a count to records: everybody who counts becomes a victim without a name, seen where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dalil.casebook.casebook import Casebook
from dalil.casebook.counting.reconciled import Outcome, Reconciled
from dalil.casebook.index.view import view_of
from dalil.casebook.record.describing import Annotation
from dalil.casebook.record.form import CLASSES, Record, id_for
from dalil.casebook.record.things import Judgement
from dalil.casebook.record.victims import Appearance, Victim
from dalil.errors import RecordRefused
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry


def write_down(casebook: Casebook, count: Reconciled, signer: Signer) -> Entry:
    """Write everybody who counts and is not written yet, in one act: "person 3", and where seen.

    Whoever was written of this count before stays, and keeps their number; of those who were
    since decided to be one person, that they are one is written too.

    Raises:
        RecordRefused: somebody is still to be decided, or nobody is new.

    """
    if count.open:
        raise RecordRefused(f"round: differences still to be decided: {len(count.open)}")
    records = list(_records(casebook, count))
    if not records:
        raise RecordRefused("round: nobody counts who was not written down before")
    return casebook.write(records, signer)


def unwritten(casebook: Casebook, count: Reconciled) -> bool:
    """Whether somebody counts who, or where they are seen, was not written down yet."""
    return any(True for _ in _records(casebook, count))


def _records(casebook: Casebook, count: Reconciled) -> Iterator[Record]:
    every = {m.id: _victim_id(casebook, count, m) for o in count.outcomes for m in o.group.marks}
    known = casebook.with_ids(every.values(), view_of("sealed"))
    there = {each.record.id: each.record.withdrawn is None for each in known}
    number = len(there)
    for outcome in count.persons:
        marks = outcome.group.marks
        before = sorted({every[mark.id] for mark in marks} & there.keys())
        if before and not all(there[each] for each in before):
            continue  # a person took back what was written
        number += not before
        id_ = before[0] if before else every[min(mark.id for mark in marks)]
        see = max((mark.see for mark in marks), key=CLASSES.index)
        case = next((mark.case for mark in marks if mark.case), count.round.case)
        if not before:
            yield Victim(id=id_, see=see, case=case, unidentified=True, label=f"person {number}")
        yield from _unsaid(casebook, [*_places(outcome, id_, see, case), *_same(outcome, before)])


def _victim_id(casebook: Casebook, count: Reconciled, mark: Annotation) -> str:
    """Return the id of the victim whose first mark this is: the same whenever it is written."""
    return id_for(casebook.ledger.origin, "counted", count.round.id, count.lane, mark.id)


def _places(outcome: Outcome, victim: str, see: str, case: str | None) -> Iterator[Record]:
    """Yield where somebody is seen: by every counter, since each may have seen them longer."""
    for mark in outcome.group.marks:
        yield Appearance(
            id=id_for("seen", mark.id), see=see, case=case, victim=victim, item=mark.item,
            pts_start=mark.pts_start, pts_end=mark.pts_end, timebase=mark.timebase, box=mark.box,
            annotation=mark.id,
        )  # fmt: skip


def _same(outcome: Outcome, victims: Sequence[str]) -> Iterator[Record]:
    """Yield that victims written apart are one person, by the decision that took them for one."""
    decision = outcome.decision
    if decision is None:
        return
    for other in victims[1:]:
        yield Judgement(
            id=id_for("judgement", victims[0], other, decision.id), a=victims[0], b=other,
            see=max((mark.see for mark in outcome.group.marks), key=CLASSES.index),
            case=decision.case, verdict="same", method="blind count", reasoning=decision.reasoning,
        )  # fmt: skip


def _unsaid(casebook: Casebook, records: Sequence[Record]) -> Iterator[Record]:
    known = casebook.with_ids([each.id for each in records], view_of("sealed"))
    there = {each.record.id for each in known}
    yield from (each for each in records if each.id not in there)
