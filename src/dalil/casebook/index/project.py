"""Records become rows: each revision one row, and what queries need of it beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select, update

from dalil.casebook.index import words
from dalil.casebook.index.described.blind import blind_rows, rounds_touched
from dalil.casebook.index.described.footage import footage_of
from dalil.casebook.index.tables import (
    ASSERTION,
    FOOTAGE,
    MENTION,
    NAME,
    PROPOSITION,
    RECORD,
    RELATION,
    TABLES_WITH_CLASS,
    VICTIM,
)
from dalil.casebook.index.view import SEES
from dalil.casebook.record.claims import Assertion, Proposition
from dalil.casebook.record.describing import Submission
from dalil.casebook.record.form import Record, id_for, trusted_record_of
from dalil.casebook.record.mentions import mentions_of
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import NOT_SEARCHED, Entity, Name
from dalil.casebook.record.victims import Victim
from dalil.casebook.text.edtf import bounds_of
from dalil.casebook.text.names import fold, skeleton
from dalil.engines.sqlite import insert_rows, pieces
from dalil.kernel.canonical import Json

WORDS_AT_ONCE = 20_000
DIGITS = re.compile(r"\d+")
PLACE_LENGTH = 200
TABLES = (RECORD, MENTION, NAME, ASSERTION, PROPOSITION, RELATION, FOOTAGE, VICTIM)
REVISION, KNOWN_FROM, KNOWN_TO = (
    list(RECORD.c).index(column)
    for column in (RECORD.c.revision, RECORD.c.known_from, RECORD.c.known_to)
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as an act carries it: place in log and tree, when it became known, its JSON."""

    seq: int
    place: int
    known_from: str
    body: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of some records, as they are where none revises another: made in any process.

    ``rows``: of each of ``TABLES``, in the order of its columns. ``hiding``: the ``n`` that name
    what may hide them. ``spoken``: ids whose full text says something of these records.
    """

    ids: tuple[str, ...]
    rows: tuple[list[tuple[Json, ...]], ...]
    hiding: frozenset[int]
    spoken: frozenset[str]
    submissions: frozenset[str]


def project(connection: Connection, batch: Sequence[Recorded]) -> list[int]:
    """Write the rows of some records; return the ``n`` whose full text must be written anew."""
    return write_rows(connection, prepare(next_n(connection), batch)) if batch else []


def next_n(connection: Connection) -> int:
    """Return the ``n`` of the next revision that comes."""
    last = connection.execute(select(func.max(RECORD.c.n))).scalar()
    return 0 if last is None else int(last) + 1


def prepare(start: int, batch: Sequence[Recorded]) -> Prepared:
    """Return the rows of some records, numbered from ``start``."""
    rows: dict[Table, list[tuple[Json, ...]]] = {table: [] for table in TABLES}
    hiding, spoken, submissions = set(), set(), set()
    ids = []
    for n, recorded in enumerate(batch, start):
        record = trusted_record_of(json.loads(recorded.body))
        ids.append(record.id)
        rows[RECORD].append(_record(n, recorded, record))
        mentions = list(mentions_of(record))
        rows[MENTION] += [(m.target, n, m.field, m.hides) for m in mentions]
        hides = {m.target for m in mentions if m.hides}
        if hides:
            hiding.add(n)
            spoken |= hides if isinstance(record, Relation | Name | Assertion) else set()
        if isinstance(record, Submission):
            submissions.add(record.id)
        known = (SEES[record.see], recorded.known_from, None)
        for table, row in _typed(record):
            rows[table].append((n, *row, *known))
    return Prepared(
        tuple(ids), tuple(rows.values()), frozenset(hiding), frozenset(spoken),
        frozenset(submissions),
    )  # fmt: skip


def write_rows(connection: Connection, prepared: Prepared) -> list[int]:
    """Write prepared rows; return the ``n`` whose full text must be written anew."""
    ns = [int(row[0]) for row in prepared.rows[0]]
    revised = _note_revisions(connection, prepared)
    for table, rows in zip(TABLES, prepared.rows, strict=True):
        insert_rows(connection, table, rows)
    touched = set(ns) | _settle_classes(connection, prepared, revised)
    return sorted(touched | _latest(connection, prepared.spoken))


def _note_revisions(connection: Connection, prepared: Prepared) -> set[str]:
    """Note in the rows what revises what, there and among these; return the ids of revisions."""
    counts = _revisions(connection, prepared.ids)
    if not counts and len(set(prepared.ids)) == len(prepared.ids):
        return set()
    records = prepared.rows[0]
    latest: dict[str, int] = {}
    ends: dict[int, str] = {}
    revised: dict[str, str] = {}
    for i, (id_, row) in enumerate(zip(prepared.ids, records, strict=True)):
        n, known_from = int(row[0]), str(row[KNOWN_FROM])
        revision = counts.get(id_, 0)
        counts[id_] = revision + 1
        if id_ in latest:
            ends[latest[id_]] = known_from
        if revision:
            revised.setdefault(id_, known_from)
        latest[id_] = n
        records[i] = (*row[:REVISION], revision, *row[REVISION + 1 :])
    _close_earlier(connection, revised)
    records[:] = [(*r[:KNOWN_TO], ends.get(r[0]), *r[KNOWN_TO + 1 :]) for r in records]
    for table, rows in zip(TABLES, prepared.rows, strict=True):
        if table is not RECORD and table is not MENTION:
            rows[:] = [(*row[:-1], ends.get(row[0])) for row in rows]
    return set(revised)


def _record(n: int, recorded: Recorded, record: Record) -> tuple[Json, ...]:
    own = SEES[record.see]
    return (
        n,
        recorded.seq,
        recorded.place,
        record.id,
        record.kind,
        0,
        record.case,
        getattr(record, "key", None),
        own,
        own,
        recorded.known_from,
        None,
        record.withdrawn is not None,
        recorded.body,
    )


def _typed(record: Record) -> Iterator[tuple[Table, tuple[Json, ...]]]:
    """Yield what queries need of a record, without its ``n`` and when it is known."""
    for footage in footage_of(record):
        yield FOOTAGE, footage
    if isinstance(record, Proposition):
        # One that was withdrawn is told as such where it stood.
        yield PROPOSITION, _asked(record)
    if record.withdrawn is not None:
        return
    if isinstance(record, Entity | Name):
        for i, form in enumerate(_forms(record)):
            yield NAME, (i, *form)
        if isinstance(record, Victim):
            yield VICTIM, _victim(record)
    elif isinstance(record, Assertion):
        yield ASSERTION, _said(record)
    elif isinstance(record, Relation):
        yield RELATION, _link(record)


def write_words(connection: Connection, touched: Iterable[int]) -> None:
    """Write the full text of what was touched, a chunk at a time."""
    for chunk in pieces(sorted(set(touched)), WORDS_AT_ONCE):
        words.refresh(connection, chunk)


def _revisions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in pieces(ids):
        chosen = select(RECORD.c.id, func.max(RECORD.c.revision)).where(RECORD.c.id.in_(chunk))
        for id_, revision in connection.execute(chosen.group_by(RECORD.c.id)):
            found[id_] = int(revision) + 1
    return found


def _close_earlier(connection: Connection, revised: Mapping[str, str]) -> None:
    """Note on what is revised that it was known until the revision came: id → when."""
    for id_, known_from in revised.items():
        earlier = select(RECORD.c.n).where(RECORD.c.id == id_, RECORD.c.known_to.is_(None))
        for (n,) in connection.execute(earlier).all():
            for table in TABLES_WITH_CLASS:
                connection.execute(update(table).where(table.c.n == n).values(known_to=known_from))


def _forms(record: Entity | Name) -> Iterator[tuple[Json, ...]]:
    if isinstance(record, Name):
        searched = record.linked or record.role not in NOT_SEARCHED
        yield _form(record.entity, record.form, record.role, searched=searched)
        return
    for each in record.names:
        role = each.get("role", "name")
        yield _form(record.id, each["form"], role, searched=role not in NOT_SEARCHED)


def _form(entity: str, form: str, role: str, *, searched: bool) -> tuple[Json, ...]:
    return (entity, form, fold(form), skeleton(form), role, searched)


def _said(record: Assertion) -> tuple[Json, ...]:
    said = bounds_of(record.asserted).s_min if record.asserted else None
    return (record.id, record.proposition, record.source, record.origin, said)


def _asked(record: Proposition) -> tuple[Json, ...]:
    name, case = record.group or record.predicate, record.case or ""
    answers = (record.subject, record.predicate, record.scope or "", record.measure or "")
    return (
        record.id,
        record.case,
        id_for("question", case, name),
        name,
        # Q2 stands before Q10.
        DIGITS.sub(lambda found: found[0].zfill(12), fold(name))[:PLACE_LENGTH],
        id_for("answers", case, *answers),
        record.subject,
        record.measure,
    )


def _link(record: Relation) -> tuple[Json, ...]:
    bounds = bounds_of(record.valid) if record.valid else None
    days = (
        (bounds.s_min, bounds.s_max, bounds.e_min, bounds.e_max)
        if bounds
        else (None, None, None, None)
    )
    return (
        record.id,
        record.relation,
        record.a,
        record.b,
        record.polarity,
        *days,
        record.start_known,
        record.end_known,
        record.sometime,
        record.is_command,
    )


def _victim(record: Victim) -> tuple[Json, ...]:
    days = bounds_of(record.date) if record.date else None
    return (
        record.id,
        record.case,
        record.source,
        record.sex,
        record.age_lo,
        record.age_hi,
        days and days.s_min,
        days and days.e_max,
        record.place,
        record.unidentified,
    )


def _latest(connection: Connection, ids: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for chunk in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(chunk), RECORD.c.known_to.is_(None))
        found |= {int(n) for (n,) in connection.execute(chosen)}
    return found


def _settle_classes(connection: Connection, prepared: Prepared, revised: set[str]) -> set[int]:
    """Raise each row to the class of what it speaks of; return the rows whose class changed."""
    changed: set[int] = set()
    waiting = set(prepared.hiding) | _naming(connection, set(prepared.ids))
    waiting |= _revisions_of(connection, revised)
    waiting |= _naming(connection, rounds_touched(connection, prepared.submissions))
    while waiting:
        now = _raised(connection, sorted(waiting))
        changed |= set(now)
        _set_class(connection, now)
        ids: set[str] = set()
        for chunk in pieces(sorted(now)):
            chosen = select(RECORD.c.id).where(RECORD.c.n.in_(chunk))
            ids |= {id_ for (id_,) in connection.execute(chosen)}
        waiting = _naming(connection, ids) | _revisions_of(connection, ids)
    return changed


def _naming(connection: Connection, ids: set[str]) -> set[int]:
    found: set[int] = set()
    for chunk in pieces(sorted(ids)):
        chosen = select(MENTION.c.n).where(MENTION.c.target.in_(chunk), MENTION.c.hides)
        found |= {int(n) for (n,) in connection.execute(chosen)}
    return found


def _revisions_of(connection: Connection, ids: set[str]) -> set[int]:
    found: set[int] = set()
    for chunk in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(chunk))
        found |= {int(n) for (n,) in connection.execute(chosen)}
    return found


def _raised(connection: Connection, ns: Sequence[int]) -> dict[int, int]:
    """Return the class that each of these rows should have, where it has another."""
    target, latest = RECORD.alias("target"), RECORD.alias("latest")
    now: dict[int, int] = {}
    for chunk in pieces(ns):
        named = (
            select(MENTION.c.n, func.max(target.c.see))
            .join(target, target.c.id == MENTION.c.target)
            .where(MENTION.c.n.in_(chunk), MENTION.c.hides, target.c.known_to.is_(None))
            .group_by(MENTION.c.n)
        )
        highest = {int(n): int(see) for n, see in connection.execute(named)}
        highest |= blind_rows(connection, chunk)
        own = (
            select(RECORD.c.n, RECORD.c.own_see, RECORD.c.see, latest.c.n, latest.c.see)
            .join(latest, (latest.c.id == RECORD.c.id) & latest.c.known_to.is_(None))
            .where(RECORD.c.n.in_(chunk))
        )
        for n, own_see, see, latest_n, latest_see in connection.execute(own):
            older = int(latest_see) if latest_n != n else 0
            right = max(int(own_see), highest.get(int(n), 0), older)
            if right != see:
                now[int(n)] = right
    return now


def _set_class(connection: Connection, now: dict[int, int]) -> None:
    for see in sorted(set(now.values())):
        ns = [n for n, each in now.items() if each == see]
        for chunk in pieces(ns):
            for table in TABLES_WITH_CLASS:
                connection.execute(update(table).where(table.c.n.in_(chunk)).values(see=see))
