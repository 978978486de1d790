"""What may be described: an inference from observations, a round only by its annotators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from dalil.casebook.index.described.blind import is_done, rounds_of, submissions_of
from dalil.casebook.index.tables import RECORD
from dalil.casebook.record.describing import (
    Annotation,
    Decision,
    Round,
    Speech,
    Submission,
    Term,
)
from dalil.casebook.record.form import Record, quoted, trusted_record_of
from dalil.casebook.record.relations import Conduct
from dalil.engines.sqlite import pieces
from dalil.errors import RecordRefused

DESCRIBED = (Annotation, Decision, Round, Speech, Submission, Term)
OF_ROUND = (Annotation, Decision, Submission)
# What no revision of a round changes once somebody has submitted.
FIXED = ("item", "book", "lanes", "annotators")


@dataclass(frozen=True, slots=True)
class _Written:
    """What is there, and what comes beside it in the same act."""

    before: Mapping[str, Record]
    now: Mapping[str, Record]
    rounds: Mapping[str, Round]
    submitted: Mapping[str, Mapping[str, str]]

    def get(self, id_: str | None) -> Record | None:
        return self.now.get(id_ or "") or self.before.get(id_ or "")


def check_described(connection: Connection, records: Sequence[Record], by: str | None) -> None:
    """Check what is described, as far as it hangs on what is there already.

    Args:
        connection: to the rows of the index.
        records: what is to be written, each checked alone.
        by: the person (id) who signs; None for an import, which brings whole rounds only.

    Raises:
        RecordRefused: it rests on no observation, or does not go together with what it names.
            It is in a round of others, or in one's own after one has submitted.

    """
    described = [each for each in records if isinstance(each, DESCRIBED)]
    if not described:
        return
    written = _read(connection, described, records)
    _check_terms(connection, [each for each in described if isinstance(each, Term)], written)
    for record in described:
        if isinstance(record, Annotation):
            _check_grounds(record, written, whole=by is not None)
        elif isinstance(record, Speech):
            _check_translation(record, written)
        elif isinstance(record, Round):
            _check_round(record, written)
        if isinstance(record, OF_ROUND):
            _check_in_round(record, written, by)


def _read(
    connection: Connection, described: Sequence[Record], records: Sequence[Record]
) -> _Written:
    ids = {each.id for each in described}
    for each in described:
        ids |= set(getattr(each, "rests_on", ())) | set(getattr(each, "between", ()))
        ids |= set(filter(None, (getattr(each, n, None) for n in ("of", "broader", "term"))))
    before = dict(_latest(connection, ids))
    rounds = {each.id for each in described if isinstance(each, Round)}
    for each in (*described, *before.values()):
        rounds |= set(filter(None, [getattr(each, "round", None)]))
    return _Written(
        before,
        {each.id: each for each in records},
        rounds_of(connection, rounds),
        submissions_of(connection, rounds),
    )


def _latest(connection: Connection, ids: Iterable[str]) -> Iterable[tuple[str, Record]]:
    for piece in pieces(sorted(ids)):
        chosen = select(RECORD.c.body).where(RECORD.c.id.in_(piece), RECORD.c.known_to.is_(None))
        for (body,) in connection.execute(chosen):
            record = trusted_record_of(json.loads(body))
            yield record.id, record


def _check_terms(connection: Connection, terms: Sequence[Term], written: _Written) -> None:
    """Refuse two terms of one key in a book, and a term that would be a case of itself."""
    taken: dict[tuple[str, str], str] = {}
    for piece in pieces(sorted({each.key for each in terms})):
        chosen = select(RECORD.c.body).where(
            RECORD.c.kind == Term.kind, RECORD.c.key.in_(piece), RECORD.c.known_to.is_(None),
            ~RECORD.c.withdrawn,
        )  # fmt: skip
        for (body,) in connection.execute(chosen):
            said = json.loads(body)
            if said["id"] not in written.now:
                taken[said["book"], said["key"]] = said["id"]
    for term in terms:
        other = taken.setdefault((term.book, term.key), term.id)
        if term.withdrawn is None and other != term.id:
            raise RecordRefused(f"key: the code book {term.book} has {quoted(term.key)} already")
        _check_broader(connection, term, written)


def _check_broader(connection: Connection, term: Term, written: _Written) -> None:
    passed, above = {term.id}, term.broader
    while above is not None:
        if above in passed:
            raise RecordRefused(f"broader: {quoted(term.key)} would be a case of itself")
        passed.add(above)
        found = written.get(above) or dict(_latest(connection, [above])).get(above)
        if not isinstance(found, Term):
            return
        if found.book != term.book:
            raise RecordRefused(f"broader: it is a term of the code book {found.book}")
        above = found.broader


def _check_grounds(record: Annotation, written: _Written, *, whole: bool) -> None:
    """Refuse an inference that rests on inferences alone.

    Unless ``whole``, what it rests on may have come in an earlier part of the same import.
    """
    if record.basis != "inference" or record.withdrawn is not None:
        return
    grounds = [written.get(each) for each in record.rests_on]
    if not whole and None in grounds:
        return
    if not any(
        isinstance(each, Annotation | Conduct) and each.basis == "observation" for each in grounds
    ):
        raise RecordRefused("rests_on: none of what is cited is an observation")


def _check_translation(record: Speech, written: _Written) -> None:
    """Refuse a translation of another item's speech, or of its own translation."""
    of = written.get(record.of)
    if not isinstance(of, Speech):
        return
    if of.item != record.item:
        raise RecordRefused("of: that segment is of another item")
    if of.of == record.id:
        raise RecordRefused("of: that segment is a translation of this one")


def _check_round(record: Round, written: _Written) -> None:
    """Refuse to change a round that somebody has submitted, or that is done."""
    before, submitted = written.rounds.get(record.id), written.submitted.get(record.id, {})
    if before is None:
        return
    for name in FIXED:
        if submitted and getattr(before, name) != getattr(record, name):
            raise RecordRefused(f"{name}: somebody has submitted, so that it stays as it was")
    if is_done(before, submitted) and not is_done(record, submitted):
        raise RecordRefused("state: the round is done, and stays open to be read")


def _check_in_round(
    record: Annotation | Decision | Submission, written: _Written, by: str | None
) -> None:
    before = written.before.get(record.id)
    if record.round is None and getattr(before, "round", None) is None:
        return
    if by is None:
        if any(each in written.rounds for each in (record.round, getattr(before, "round", None))):
            raise RecordRefused("round: an import adds nothing to a round that is there already")
        return
    if isinstance(record, Annotation):
        _check_annotation(record, before, written, by)
        return
    round_ = _round(record.round, written)
    submitted = written.submitted.get(round_.id, {})
    if isinstance(record, Submission):
        _check_submission(record, round_, submitted, by)
    elif not is_done(round_, submitted):
        raise RecordRefused("round: not all have submitted, so that nothing can be decided")
    elif by in round_.annotators:
        raise RecordRefused("round: a third person decides, not one of its annotators")
    elif any(getattr(written.get(each), "round", None) != round_.id for each in record.between):
        raise RecordRefused("between: one of these is not of this round")


def _check_submission(
    record: Submission, round_: Round, submitted: Mapping[str, str], by: str
) -> None:
    if record.annotator != by or by not in round_.annotators:
        raise RecordRefused("annotator: each annotator submits what is their own")
    if is_done(round_, submitted):
        raise RecordRefused("round: it is done, and no submission is taken back")
    if submitted.get(by, record.id) != record.id:
        raise RecordRefused("round: you have submitted already")


def _check_annotation(
    record: Annotation, before: Record | None, written: _Written, by: str
) -> None:
    """Refuse what would tell an annotator of another's work, or change what was submitted."""
    was = before.round if isinstance(before, Annotation) else None
    if isinstance(before, Annotation) and was != record.round:
        left = written.rounds.get(was or "")
        stopped = left is not None and (left.state == "stopped" or left.withdrawn is not None)
        if record.round is not None or not stopped or before.annotator != by:
            raise RecordRefused("round: an annotation stays in its round, or out of it")
        return
    round_ = _round(record.round, written)
    if record.annotator != by or by not in round_.annotators:
        raise RecordRefused("annotator: in a round each annotator writes what is their own")
    if by in written.submitted.get(round_.id, {}):
        raise RecordRefused("round: you have submitted; what differs is decided by a third person")
    if round_.state != "open" or round_.withdrawn is not None:
        raise RecordRefused("round: it was stopped")
    if record.item != round_.item or record.lane not in round_.lanes:
        raise RecordRefused("item, lane: the round is about others")
    term = written.get(record.term)
    if isinstance(term, Term) and term.book != round_.book:
        raise RecordRefused(f"term: the round is with the code book {round_.book}")


def _round(id_: str | None, written: _Written) -> Round:
    found = written.now.get(id_ or "") or written.rounds.get(id_ or "")
    if not isinstance(found, Round):
        raise RecordRefused(f"round: {id_} is not there")
    return found
