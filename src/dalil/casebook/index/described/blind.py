"""Blind rounds: what is written in one is above every class until all of its annotators are done.

Whether a round is done is told by its latest revision and by the submissions that stand, in
whatever order they came. A round that was stopped or withdrawn is never done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from dalil.casebook.index.tables import MENTION, RECORD
from dalil.casebook.index.view import BLIND
from dalil.casebook.record.describing import Annotation, Round, Submission
from dalil.casebook.record.form import trusted_record_of
from dalil.engines.sqlite import pieces


def rounds_of(connection: Connection, ids: Iterable[str]) -> dict[str, Round]:
    """Return the latest revision of these rounds, withdrawn or not."""
    found: dict[str, Round] = {}
    for piece in pieces(sorted(set(ids))):
        chosen = select(RECORD.c.body).where(RECORD.c.id.in_(piece), RECORD.c.known_to.is_(None))
        for (body,) in connection.execute(chosen):
            record = trusted_record_of(json.loads(body))
            if isinstance(record, Round):
                found[record.id] = record
    return found


def submissions_of(connection: Connection, rounds: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return, for each round, who has submitted: annotator → the submission that stands (ids)."""
    found: dict[str, dict[str, str]] = {}
    for piece in pieces(sorted(set(rounds))):
        chosen = (
            select(RECORD.c.body)
            .join(MENTION, MENTION.c.n == RECORD.c.n)
            .where(MENTION.c.target.in_(piece), MENTION.c.field == "round")
            .where(RECORD.c.known_to.is_(None), RECORD.c.kind == Submission.kind)
            .where(~RECORD.c.withdrawn)
            .order_by(RECORD.c.n)
        )
        for (body,) in connection.execute(chosen):
            record = trusted_record_of(json.loads(body))
            if isinstance(record, Submission):
                found.setdefault(record.round, {}).setdefault(record.annotator, record.id)
    return found


def is_done(round_: Round, submitted: Iterable[str]) -> bool:
    """Whether a round lets be seen what was written in it."""
    stands = round_.withdrawn is None and round_.state == "open"
    return stands and set(round_.annotators) <= set(submitted)


def blind_rows(connection: Connection, ns: Sequence[int]) -> dict[int, int]:
    """Return the class of those of these rows that are annotations of rounds not yet done."""
    named: dict[int, str] = {}
    for piece in pieces(ns):
        chosen = (
            select(MENTION.c.n, MENTION.c.target)
            .join(RECORD, RECORD.c.n == MENTION.c.n)
            .where(MENTION.c.n.in_(piece), MENTION.c.field == "round")
            .where(RECORD.c.kind == Annotation.kind)
        )
        named |= {int(n): target for n, target in connection.execute(chosen)}
    if not named:
        return {}
    rounds = rounds_of(connection, named.values())
    submitted = submissions_of(connection, rounds)
    done = {id_ for id_, each in rounds.items() if is_done(each, submitted.get(id_, ()))}
    return {n: BLIND for n, round_ in named.items() if round_ not in done}


def rounds_touched(connection: Connection, submissions: Iterable[str]) -> set[str]:
    """Return the rounds that these submissions (ids) name or named, in whatever revision."""
    found: set[str] = set()
    for piece in pieces(sorted(set(submissions))):
        chosen = (
            select(MENTION.c.target)
            .join(RECORD, RECORD.c.n == MENTION.c.n)
            .where(RECORD.c.id.in_(piece), MENTION.c.field == "round")
        )
        found |= {target for (target,) in connection.execute(chosen)}
    return found
