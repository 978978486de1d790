"""How records come into an act: checked as a whole, then signed; imports part by part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import islice

from sqlalchemy import Connection, func, select

from dalil.casebook.index.described.rules import DESCRIBED, check_described
from dalil.casebook.index.follow import RECORDED, CasebookIndex, wrote
from dalil.casebook.index.tables import RECORD
from dalil.casebook.index.view import SEES
from dalil.casebook.record.form import Record, check, fields_of, quoted, trusted_record_of
from dalil.casebook.record.mentions import KIND_NAMED, may_name, mentions_of
from dalil.casebook.record.sites import loosens
from dalil.casebook.record.sources import Derivation
from dalil.engines.scratch import Scratch
from dalil.engines.sqlite import PIECE, pieces
from dalil.errors import NotAllowed, RecordRefused, RevisedMeanwhile
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.record import SEED_BYTES
from dalil.ledger.act_store import Kept, salted
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger

PART = 5000
CIRCLE_SHOWN = 6
DESCRIBED_KINDS = frozenset(each.kind for each in DESCRIBED)


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did: records written, records that were there already, its acts."""

    records: int
    skipped: int
    acts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are checked one by one, and salted: made in any process, written in one.

    Of record ``i``: its id, kind, seed (32 bytes), leaf (32 bytes) and canonical JSON. ``named``:
    which ids they name, in which field, by which record first. ``edges``: derivations that stand,
    child and parent.
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    seeds: bytes
    leaves: bytes
    named: tuple[tuple[str, str, str], ...]
    edges: tuple[tuple[str, str], ...]

    def salted(self, i: int) -> tuple[bytes, Kept]:
        """Return the leaf of a record, and how it is stored."""
        start, end = i * SEED_BYTES, (i + 1) * SEED_BYTES
        return self.leaves[start:end], Kept(self.seeds[start:end], self.texts[i])


def checked(records: Iterable[Record]) -> Iterator[Record]:
    """Yield records that are in order, each for itself.

    Raises:
        RecordRefused: one of them is not.

    """
    for record in records:
        try:
            check(record)
        except RecordRefused as refused:
            raise RecordRefused(f"{record.kind} {record.id}: {refused.about}") from None
        yield record


def batch_of(records: Sequence[Record]) -> Batch:
    """Salt records that were checked."""
    named: dict[tuple[str, str], str] = {}
    for record in records:
        for mention in mentions_of(record):
            named.setdefault((mention.target, mention.field), record.id)
    standing = [r for r in records if isinstance(r, Derivation) and r.withdrawn is None]
    leaves, kept = salted([fields_of(each) for each in records])
    return Batch(
        tuple(record.id for record in records),
        tuple(record.kind for record in records),
        tuple(each.fields for each in kept),
        b"".join(each.seed for each in kept),
        b"".join(leaves),
        tuple((target, field, by) for (target, field), by in named.items()),
        tuple((each.child, each.parent) for each in standing),
    )


@dataclass(slots=True)
class _Checks:
    """What can be told only when all records of a writing are known."""

    scratch: Scratch
    edges: dict[str, set[str]] = field(default_factory=dict)

    def take(self, batch: Batch) -> None:
        """Remember what these records are and name; refuse one that is given twice."""
        said = [(id_, kind, None) for id_, kind in zip(batch.ids, batch.kinds, strict=True)]
        for i, _ in self.scratch.say(said):
            raise RecordRefused(f"id: {batch.ids[i]} is given twice")
        self.scratch.name((*each, None) for each in batch.named)
        for child, parent in batch.edges:
            self.edges.setdefault(child, set()).add(parent)

    def finish(self, connection: Connection) -> None:
        """Refuse what names nothing, names the wrong thing, or goes round in a circle."""
        unsaid = self.scratch.unsaid()
        while chunk := list(islice(unsaid, PIECE)):
            known = _kinds_in(connection, [target for target, *_ in chunk])
            for target, name, by, _ in chunk:
                if target not in known:
                    raise RecordRefused(f"{name}: record {by} names {target}, which is not there")
                _demand_kind(target, name, by, known[target])
        for named in self.scratch.said_and_named():
            _demand_kind(*named)
        if self.edges:
            _refuse_circles(connection, self.edges, self.scratch)


def _demand_kind(target: str, name: str, by: str, kind: str) -> None:
    if not may_name(name, kind):
        raise RecordRefused(
            f"{name}: record {by} names {target}, of kind {kind}, not {KIND_NAMED[name]}"
        )


def check_all(
    connection: Connection,
    records: Sequence[Record],
    note: str = "",
    by: str | None = None,
    clearance: str = "sealed",
) -> None:
    """Check records that are to be written in one act, ``by`` a person (id) of a clearance.

    Raises:
        RecordRefused: one of them is malformed, names what is not there, closes a circle of
            derivations, or shows to more people what is there, and ``note`` gives no reason.
            RevisedMeanwhile: it revises another revision than the latest. NotAllowed: it tells
            more people where a site lies, and whoever signs may not know that themselves.

    """
    with Scratch() as scratch:
        checks = _Checks(scratch)
        checks.take(batch_of(list(checked(records))))
        checks.finish(connection)
    latest = _latest(connection, [record.id for record in records])
    for record in records:
        count, kind, body = latest.get(record.id, (0, record.kind, ""))
        if kind != record.kind:
            raise RecordRefused(f"id: {record.id} is the id of a record of kind {kind}")
        before = json.loads(body) if body else None
        widens = before and SEES[record.see] < SEES[before.get("see", "restricted")]
        if widens and not note.strip():
            raise RecordRefused(f"see: to show {record.id} to more people takes a reason")
        if before and clearance != "sealed" and loosens(before, fields_of(record)):
            raise NotAllowed(
                f"{record.kind} {record.id}: only who may know it may tell more people"
            )
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
    waiting: bool = False

    def bring(
        self,
        batches: Iterable[Batch],
        total: int | None,
        progress: Callable[[int, int], None] | None,
    ) -> Brought:
        """Write the records in parts; the last one makes them seen."""
        with Scratch() as scratch:
            self._resume(scratch)
            checks = _Checks(scratch)
            held: list[tuple[bytes, Kept]] = []
            done = 0
            for batch in batches:
                checks.take(batch)
                done += len(batch.ids)
                held += self._unsaid(batch, scratch)
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

    def _resume(self, scratch: Scratch) -> None:
        """Find what an earlier run has written and nobody sees yet."""
        for entry in self.ledger.import_acts(self.import_id):
            if wrote(entry.act).last:
                scratch.unmark()
                self.waiting = False
                continue
            bodies = self.ledger.store.record_fields([entry.seq]).get(entry.seq, [])
            scratch.mark((json.loads(body)["id"], _said_by(body)) for body in bodies)
            self.waiting = True

    def _unsaid(self, batch: Batch, scratch: Scratch) -> Iterator[tuple[bytes, Kept]]:
        waiting = scratch.marks(batch.ids) if self.waiting else {}
        with self.index.reading() as connection:
            latest = _latest(connection, batch.ids)
            new = [i for i in range(len(batch.ids)) if not _is_there(batch, i, latest, waiting)]
            self.skipped += len(batch.ids) - len(new)
            described = [
                trusted_record_of(json.loads(batch.texts[i]))
                for i in new
                if batch.kinds[i] in DESCRIBED_KINDS
            ]
            check_described(connection, described, None)
        for i in new:
            id_, text = batch.ids[i], batch.texts[i]
            count, kind, body = latest.get(id_, (0, batch.kinds[i], ""))
            if kind != batch.kinds[i]:
                raise RecordRefused(f"id: {id_} is the id of a record of kind {kind}")
            if body and _shows_more(body, text):
                raise RecordRefused(f"see: an import does not show {id_} to more people")
            yield batch.salted(i) if count == _revises(text) else _revising(text, count)

    def _write(self, records: Sequence[tuple[bytes, Kept]], *, last: bool) -> None:
        said = ([leaf for leaf, _ in records], [kept for _, kept in records])
        fields: dict[str, Json] = {"import": self.import_id, "last": last}
        fields |= {"note": self.note} if self.note else {}
        [entry] = self.ledger.append([Draft(RECORDED, fields, salted=said)], self.signer)
        self.written += len(records)
        self.acts.append(entry.seq)


def _shows_more(body: str, text: str) -> bool:
    """Whether more people may see this revision than the one before."""
    before, now = (json.loads(each) for each in (body, text))
    shown, was = (SEES[each.get("see", "restricted")] for each in (now, before))
    return shown < was or loosens(before, now)


def _revises(text: str) -> int:
    # A quote within a text is never without its stroke, so this is the field itself.
    return int(json.loads(text).get("revises", 0)) if '"revises":' in text else 0


def _revising(text: str, count: int) -> tuple[bytes, Kept]:
    fields = {**json.loads(text), "revises": count}
    if not count:
        del fields["revises"]
    leaves, kept = salted([fields])
    return leaves[0], kept[0]


def _said_by(text: str) -> bytes:
    """Return what tells a record that says something else, whatever it revises."""
    fields = json.loads(text)
    fields.pop("revises", None)
    return hashlib.blake2b(canonical.encode(fields), digest_size=16).digest()


def _is_there(
    batch: Batch, i: int, latest: dict[str, tuple[int, str, str]], waiting: dict[str, bytes]
) -> bool:
    """Whether a record was written before, word for word."""
    id_, text = batch.ids[i], batch.texts[i]
    if id_ in waiting and waiting[id_] == _said_by(text):
        return True
    return id_ in latest and (latest[id_][2] == text or _said_by(latest[id_][2]) == _said_by(text))


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


def _refuse_circles(connection: Connection, new: dict[str, set[str]], written: Scratch) -> None:
    graph = {child: set(parents) for child, parents in new.items()}
    chosen = select(RECORD.c.id, RECORD.c.body).where(
        RECORD.c.kind == Derivation.kind, RECORD.c.known_to.is_(None), ~RECORD.c.withdrawn
    )
    for id_, body in connection.execute(chosen):
        said = json.loads(body)
        if not written.said(id_):
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
