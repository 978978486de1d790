"""How records come into an act: checked as a whole, then signed; imports part by part."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from itertools import islice

from sqlalchemy import Connection, func, select

from dalil.casebook.index.described.rules import check_described
from dalil.casebook.index.follow import RECORDED, CasebookIndex, wrote
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import SEES
from dalil.casebook.record.form import Record, check, fields_of, quoted
from dalil.casebook.record.mentions import KIND_NAMED, may_name, mentions_of
from dalil.casebook.record.sources import Derivation
from dalil.engines.sqlite import pieces
from dalil.errors import RecordRefused, RevisedMeanwhile
from dalil.kernel.canonical import Json
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger

PART = 5000
CIRCLE_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did: records written, records that were there already, its acts."""

    records: int
    skipped: int
    acts: tuple[int, ...]


@dataclass(slots=True)
class _Checks:
    """What can be told only when all records of a writing are known."""

    kinds: dict[str, str] = field(default_factory=dict)
    named: dict[tuple[str, str], str] = field(default_factory=dict)
    edges: dict[str, set[str]] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        """Check one record alone, and remember what it names."""
        try:
            check(record)
        except RecordRefused as refused:
            raise RecordRefused(f"{record.kind} {record.id}: {refused.about}") from None
        if record.id in self.kinds:
            raise RecordRefused(f"id: {record.id} is given twice")
        self.kinds[record.id] = record.kind
        for mention in mentions_of(record):
            self.named.setdefault((mention.target, mention.field), record.id)
        if isinstance(record, Derivation) and record.withdrawn is None:
            self.edges.setdefault(record.child, set()).add(record.parent)

    def finish(self, connection: Connection) -> None:
        """Refuse what names nothing, names the wrong thing, or goes round in a circle."""
        known = _kinds_in(connection, [t for t, _ in self.named if t not in self.kinds])
        known |= self.kinds
        for (target, name), by in self.named.items():
            if target not in known:
                raise RecordRefused(f"{name}: record {by} names {target}, which is not there")
            if not may_name(name, known[target]):
                raise RecordRefused(
                    f"{name}: record {by} names {target}, of kind {known[target]}, "
                    f"not {KIND_NAMED[name]}"
                )
        if self.edges:
            _refuse_circles(connection, self.edges, set(self.kinds))


def check_all(
    connection: Connection, records: Sequence[Record], note: str = "", by: str | None = None
) -> None:
    """Check records that are to be written in one act, ``by`` a person (id).

    Raises:
        RecordRefused: one of them is malformed, names what is not there, closes a circle of
            derivations, or shows to more people what is there, and ``note`` gives no reason.
            RevisedMeanwhile: it revises another revision than the latest.

    """
    checks = _Checks()
    for record in records:
        checks.take(record)
    checks.finish(connection)
    latest = _latest(connection, [record.id for record in records])
    for record in records:
        count, kind, body = latest.get(record.id, (0, record.kind, ""))
        if kind != record.kind:
            raise RecordRefused(f"id: {record.id} is the id of a record of kind {kind}")
        if _widens(body, record) and not note.strip():
            raise RecordRefused(f"see: to show {record.id} to more people takes a reason")
        if count != record.revises:
            raise RevisedMeanwhile(
                f"{record.kind} {record.id}: it has {count} revisions, and this one knows "
                f"{record.revises} (field `revises`)"
            )
    check_described(connection, records, by)


def write_act(
    ledger: Ledger,
    records: Sequence[Record],
    signer: Signer,
    note: str = "",
    demand: Callable[[], None] | None = None,
    brought: dict[str, Json] | None = None,
) -> Entry:
    """Write records in one signed act; ``brought`` says of which import it is a part."""
    fields: dict[str, Json] = {**(brought or {})}
    if note:
        fields["note"] = note
    draft = Draft(RECORDED, fields, records=[fields_of(each) for each in records])
    return ledger.append([draft], signer, demand)[0]


def unfinished(ledger: Ledger) -> list[str]:
    """Return the notes of the imports whose last part is not in."""
    last = ledger.store.last_about("import")
    said = {name: wrote(ledger.act(seq).act) for name, seq in last.items()}
    return [each.note or name for name, each in said.items() if not each.last]


@dataclass(slots=True)
class Import:
    """One import on its way into the casebook."""

    ledger: Ledger
    index: CasebookIndex
    import_id: str
    signer: Signer
    note: str
    written: int = 0
    skipped: int = 0
    acts: list[int] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)

    def bring(
        self,
        records: Iterable[Record],
        total: int | None,
        progress: Callable[[int, int], None] | None,
    ) -> Brought:
        """Write the records in parts; the last one makes them seen."""
        self._resume()
        checks = _Checks()
        held: list[Record] = []
        done = 0
        source = iter(records)
        while page := list(islice(source, PART)):
            for record in page:
                checks.take(record)
            done += len(page)
            held += self._unsaid(page)
            while len(held) > PART:
                self._write(held[:PART], last=False)
                held = held[PART:]
            if progress:
                progress(done, total or done)
        with self.index.reading() as connection:
            checks.finish(connection)
        if held or self.waiting:
            self._write(held, last=True)
            self.index.follow()
        return Brought(self.written, self.skipped, tuple(self.acts))

    def _resume(self) -> None:
        """Find what an earlier run has written and nobody sees yet."""
        for entry in self.ledger.import_acts(self.import_id):
            if wrote(entry.act).last:
                self.waiting.clear()
                continue
            for body in self.ledger.store.record_fields([entry.seq]).get(entry.seq, []):
                self.waiting[json.loads(body)["id"]] = body

    def _unsaid(self, page: Sequence[Record]) -> Iterator[Record]:
        with self.index.reading() as connection:
            latest = _latest(connection, [record.id for record in page])
            check_described(connection, list(self._new(page, latest)), None)
        for record in page:
            count, kind, body = latest.get(record.id, (0, record.kind, ""))
            if kind != record.kind:
                raise RecordRefused(f"id: {record.id} is the id of a record of kind {kind}")
            if _widens(body, record):
                raise RecordRefused(f"see: an import does not show {record.id} to more people")
            if any(_says(each, record) for each in (body, self.waiting.get(record.id, ""))):
                self.skipped += 1
            else:
                yield record if record.revises == count else replace(record, revises=count)

    def _new(
        self, page: Sequence[Record], latest: dict[str, tuple[int, str, str]]
    ) -> Iterator[Record]:
        """Yield what was not written before, word for word."""
        for record in page:
            body = latest.get(record.id, (0, "", ""))[2]
            if not any(_says(each, record) for each in (body, self.waiting.get(record.id, ""))):
                yield record

    def _write(self, records: Sequence[Record], *, last: bool) -> None:
        brought: dict[str, Json] = {"import": self.import_id, "last": last}
        entry = write_act(self.ledger, records, self.signer, self.note, brought=brought)
        self.written += len(records)
        self.acts.append(entry.seq)


def _widens(body: str, record: Record) -> bool:
    """Whether more people may see this revision than the one before."""
    return bool(body) and SEES[record.see] < SEES[json.loads(body).get("see", "restricted")]


def _says(body: str, record: Record) -> bool:
    """Whether what was written says the same, whatever it revised."""
    if not body:
        return False
    return {**json.loads(body), "revises": 0} == {**fields_of(record), "revises": 0}


def _kinds_in(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in pieces(sorted(set(ids))):
        chosen = select(RECORD.c.id, RECORD.c.kind).where(RECORD.c.id.in_(chunk))
        found |= {id_: kind for id_, kind in connection.execute(chosen)}  # noqa: C416 - rows
    return found


def _latest(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[int, str, str]]:
    """Return how many revisions each id has, its kind, and what the latest one says."""
    found: dict[str, tuple[int, str, str]] = {}
    for chunk in pieces(sorted(set(ids))):
        last = (
            select(func.max(RECORD.c.n)).where(RECORD.c.id.in_(chunk)).group_by(RECORD.c.id)
        ).scalar_subquery()
        chosen = select(RECORD.c.id, RECORD.c.revision, RECORD.c.kind, RECORD.c.body)
        for id_, revision, kind, body in connection.execute(chosen.where(RECORD.c.n.in_(last))):
            found[id_] = (int(revision) + 1, kind, body)
    return found


def _refuse_circles(connection: Connection, new: dict[str, set[str]], replaced: set[str]) -> None:
    graph = {child: set(parents) for child, parents in new.items()}
    chosen = select(RECORD.c.id, RECORD.c.body).where(
        RECORD.c.kind == Derivation.kind, RECORD.c.known_to.is_(None), ~RECORD.c.withdrawn
    )
    for id_, body in connection.execute(chosen):
        said = json.loads(body)
        if id_ not in replaced:
            graph.setdefault(said["child"], set()).add(said["parent"])
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        named = [_named(connection, id_) for id_ in circle.args[1][:CIRCLE_SHOWN]]
        around = " comes from ".join(named)
        raise RecordRefused(f"derivation: a source would come from itself: {around}") from None


def _named(connection: Connection, id_: str) -> str:
    key = connection.execute(select(RECORD.c.key).where(RECORD.c.id == id_)).scalar()
    return f"{id_} ({quoted(key)})" if key else id_
