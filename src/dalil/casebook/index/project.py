"""Records become rows: each revision one row, and what queries need of it beside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, update

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


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as an act carries it: place in log and tree, when it became known, its JSON."""

    seq: int
    place: int
    known_from: str
    body: str


@dataclass(frozen=True, slots=True)
class _Row:
    n: int
    revision: int
    recorded: Recorded
    record: Record


def project(connection: Connection, batch: Sequence[Recorded]) -> list[int]:
    """Write the rows of some records; return the ``n`` whose full text must be written anew."""
    if not batch:
        return []
    parsed = [trusted_record_of(json.loads(each.body)) for each in batch]
    counts = _revisions(connection, [record.id for record in parsed])
    last = connection.execute(select(func.max(RECORD.c.n))).scalar()
    rows = []
    start = 0 if last is None else int(last) + 1
    for n, (recorded, record) in enumerate(zip(batch, parsed, strict=True), start):
        revision = counts.get(record.id, 0)
        counts[record.id] = revision + 1
        rows.append(_Row(n, revision, recorded, record))
    _close_earlier(connection, rows)
    _insert_records(connection, rows)
    _insert_typed(connection, rows)
    touched = {row.n for row in rows} | _settle_classes(connection, rows)
    return sorted(touched | _latest(connection, _spoken_of(rows)))


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


def _close_earlier(connection: Connection, rows: Sequence[_Row]) -> None:
    """Note on what is revised that it was known until the revision came."""
    for row in rows:
        if row.revision == 0:
            continue
        earlier = select(RECORD.c.n).where(
            RECORD.c.id == row.record.id, RECORD.c.known_to.is_(None)
        )
        for (n,) in connection.execute(earlier).all():
            for table in TABLES_WITH_CLASS:
                connection.execute(
                    update(table).where(table.c.n == n).values(known_to=row.recorded.known_from)
                )


def _ends(rows: Sequence[_Row]) -> dict[int, str]:
    """Return until when each row was known that is revised within the same batch."""
    followed: dict[str, _Row] = {}
    ends: dict[int, str] = {}
    for row in rows:
        before = followed.get(row.record.id)
        if before is not None:
            ends[before.n] = row.recorded.known_from
        followed[row.record.id] = row
    return ends


def _insert_records(connection: Connection, rows: Sequence[_Row]) -> None:
    ends = _ends(rows)
    values = []
    for row in rows:
        record, own = row.record, SEES[row.record.see]
        values.append(
            (
                row.n,
                row.recorded.seq,
                row.recorded.place,
                record.id,
                record.kind,
                row.revision,
                record.case,
                getattr(record, "key", None),
                own,
                own,
                row.recorded.known_from,
                ends.get(row.n),
                record.withdrawn is not None,
                row.recorded.body,
            )
        )
    insert_rows(connection, RECORD, values)


def _insert_typed(connection: Connection, rows: Sequence[_Row]) -> None:
    ends = _ends(rows)
    found: dict[str, list[tuple[Json, ...]]] = {
        kind: [] for kind in ("mention", "name", "said", "asked", "link", "footage", "victim")
    }
    for row in rows:
        record = row.record
        found["mention"] += [(m.target, row.n, m.field, m.hides) for m in mentions_of(record)]
        known = (SEES[record.see], row.recorded.known_from, ends.get(row.n))
        found["footage"] += [(row.n, *each, *known) for each in footage_of(record)]
        if isinstance(record, Proposition):
            # One that was withdrawn is told as such where it stood.
            found["asked"].append((row.n, *_asked(record), *known))
        if record.withdrawn is not None:
            continue
        if isinstance(record, Entity | Name):
            found["name"] += [(row.n, i, *form, *known) for i, form in enumerate(_forms(record))]
            if isinstance(record, Victim):
                found["victim"].append((row.n, *_victim(record), *known))
        elif isinstance(record, Assertion):
            found["said"].append((row.n, *_said(record), *known))
        elif isinstance(record, Relation):
            found["link"].append((row.n, *_link(record), *known))
    insert_rows(connection, MENTION, found["mention"])
    insert_rows(connection, NAME, found["name"])
    insert_rows(connection, ASSERTION, found["said"])
    insert_rows(connection, PROPOSITION, found["asked"])
    insert_rows(connection, RELATION, found["link"])
    insert_rows(connection, FOOTAGE, found["footage"])
    insert_rows(connection, VICTIM, found["victim"])


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


def _spoken_of(rows: Sequence[_Row]) -> set[str]:
    """Return the ids whose full text says something of these records."""
    found = set()
    for row in rows:
        record = row.record
        if isinstance(record, Relation | Name | Assertion):
            found |= {m.target for m in mentions_of(record) if m.hides}
    return found


def _latest(connection: Connection, ids: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for chunk in pieces(sorted(ids)):
        chosen = select(RECORD.c.n).where(RECORD.c.id.in_(chunk), RECORD.c.known_to.is_(None))
        found |= {int(n) for (n,) in connection.execute(chosen)}
    return found


def _settle_classes(connection: Connection, rows: Sequence[_Row]) -> set[int]:
    """Raise each row to the class of what it speaks of; return the rows whose class changed."""
    changed: set[int] = set()
    new = {row.record.id for row in rows}
    revised = {row.record.id for row in rows if row.revision}
    waiting = {row.n for row in rows} | _naming(connection, new)
    waiting |= _revisions_of(connection, revised)
    done = {row.record.id for row in rows if isinstance(row.record, Submission)}
    waiting |= _naming(connection, rounds_touched(connection, done))
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
