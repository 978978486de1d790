"""From a count to records: everybody who counts becomes a victim without a name, seen where."""

from __future__ import annotations

from collections.abc import Iterator

from dalil.casebook.casebook import Casebook
from dalil.casebook.counting.reconciled import Outcome, Reconciled
from dalil.casebook.index.view import view_of
from dalil.casebook.record.form import CLASSES, Record, id_for
from dalil.casebook.record.victims import Appearance, Victim
from dalil.errors import RecordRefused
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry


def write_down(casebook: Casebook, count: Reconciled, signer: Signer) -> Entry:
    """Write everybody who counts and is not written yet, in one act: "person 3", and where seen.

    Whoever was written of this count before stays, and keeps their number.

    Raises:
        RecordRefused: somebody is still to be decided, or nobody is new.

    """
    if count.open:
        raise RecordRefused(f"round: {len(count.open)} differences are still to be decided")
    records = list(_records(casebook, count))
    if not records:
        raise RecordRefused("round: nobody counts who was not written down before")
    return casebook.write(records, signer)


def unwritten(casebook: Casebook, count: Reconciled) -> bool:
    """Whether somebody counts who was not written down yet."""
    return any(True for _ in _records(casebook, count))


def victim_id(casebook: Casebook, count: Reconciled, outcome: Outcome) -> str:
    """Return the id of the victim that an outcome becomes: the same whenever it is written."""
    first = min(mark.id for mark in outcome.group.marks)
    return id_for(casebook.ledger.origin, "counted", count.round.id, count.lane, first)


def _records(casebook: Casebook, count: Reconciled) -> Iterator[Record]:
    ids = [victim_id(casebook, count, each) for each in count.persons]
    there = {known.record.id for known in casebook.with_ids(ids, view_of("sealed"))}
    number = len(there)
    for id_, outcome in zip(ids, count.persons, strict=True):
        if id_ in there:
            continue
        number += 1
        figure = outcome.group.figures[0]
        see = max((mark.see for mark in outcome.group.marks), key=CLASSES.index)
        case = next((m.case for m in outcome.group.marks if m.case), count.round.case)
        yield Victim(id=id_, see=see, case=case, unidentified=True, label=f"person {number}")
        for mark in figure.marks:
            yield Appearance(
                id=id_for(id_, mark.id), see=see, case=case, victim=id_, item=mark.item,
                pts_start=mark.pts_start, pts_end=mark.pts_end, timebase=mark.timebase,
                box=mark.box, annotation=mark.id,
            )  # fmt: skip
