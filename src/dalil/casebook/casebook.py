"""The one door to the casebook of an archive: write records down, read them as somebody may."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from dalil.casebook import recording
from dalil.casebook.index.follow import CasebookIndex
from dalil.casebook.index.tables import ACT, FOOTAGE, MENTION, RECORD
from dalil.casebook.index.view import View
from dalil.casebook.record.form import Record, trusted_record_of
from dalil.casebook.record.sites import Precision
from dalil.engines.sqlite import pieces
from dalil.errors import NoSuchThing
from dalil.kernel.act import Act
from dalil.kernel.merkle import inclusion_proof
from dalil.kernel.record import Commitment
from dalil.kernel.tlogproof import TlogProof
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Entry, Ledger

R = TypeVar("R", bound=Record)
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """A revision of a record: where it is written, when, and signed by which key (base64url)."""

    record: Record
    seq: int
    place: int
    revision: int
    recorded_at: str
    by_key: str | None
    see: int


@dataclass(frozen=True, slots=True)
class RecordProof:
    """That a record was written down.

    ``commitment`` opens any of its fields; ``path`` leads from its leaf (``place`` of ``size``)
    to the root that the act signs; ``log`` shows the act in the log.
    """

    commitment: Commitment
    place: int
    size: int
    path: tuple[bytes, ...]
    act: Act
    log: TlogProof


_HELD: ContextVar[tuple[Casebook | None, Connection | None]] = ContextVar(
    "held", default=(None, None)
)


class Casebook:
    """The casebook of one archive."""

    def __init__(self, ledger: Ledger) -> None:
        """Use ``open``."""
        self.ledger = ledger
        self.archive = ledger.archive
        self._index = CasebookIndex(ledger)

    @classmethod
    def open(cls, archive: Path) -> Casebook:
        """Open the casebook of an archive; what was written since is followed when read.

        Raises:
            NotAnArchive: there is no archive.

        """
        return cls(Ledger.open(archive))

    def write(self, records: Sequence[Record], signer: Signer, note: str = "") -> Entry:
        """Write records down in one signed act, all or none.

        Raises:
            RecordRefused: one of them cannot be written as it is. RevisedMeanwhile: another
                revision came first. NotAllowed, ArchiveBusy: as for every act.

        """
        ruling = any(isinstance(each, Precision) for each in records)
        person = self.ledger.roster().of_key(signer.public_key) if ruling else None
        clearance = person.clearance if person is not None else "sealed"

        def demand() -> None:
            with self.reading() as connection:
                recording.check_all(connection, records, note, signer.person_id, clearance)

        return recording.write_act(self.ledger, records, signer, note, demand)

    def bring_in(
        self,
        import_id: str,
        records: Iterable[Record],
        signer: Signer,
        total: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        note: str = "",
    ) -> recording.Brought:
        """Bring an import in, in parts; it is shown when its last part is in.

        What is there already, word for word, is skipped; what differs becomes a revision. Stopped
        and given again with the same ``import_id``, it goes on.

        Raises:
            RecordRefused: a record that cannot be written; what was brought stays unseen.

        """
        source = recording.checked(records)
        pages = iter(lambda: list(islice(source, recording.PART)), [])
        batches = map(recording.batch_of, pages)
        return self.bring_in_batches(import_id, batches, signer, total, progress, note)

    def bring_in_batches(
        self,
        import_id: str,
        batches: Iterable[recording.Batch],
        signer: Signer,
        total: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        note: str = "",
    ) -> recording.Brought:
        """Bring in what was checked and salted already; see ``bring_in``."""
        importing = recording.Import(self.ledger, self._index, import_id, signer, note)
        return importing.bring(batches, total, progress)

    def get(self, id: str, view: View) -> Known:  # noqa: A002 - the record's own word
        """Return a record as the view knows it.

        Raises:
            NoSuchThing: there is none, or none that may be seen.

        """
        for known in self._read(_chosen(view).where(RECORD.c.id == id)):
            return known
        raise NoSuchThing(f"record {id}")

    def revisions(self, id: str, view: View) -> list[Known]:  # noqa: A002 - the same
        """Return every revision of a record that may be seen, the first one first."""
        self.get(id, view)
        chosen = _columns().where(RECORD.c.id == id, view.read_by(RECORD, ACT))
        if view.known_on is not None:
            chosen = chosen.where(RECORD.c.known_from <= view.end_of_knowledge())
        return list(self._read(chosen))

    def find(
        self,
        kind: type[R],
        view: View,
        case: str | None = None,
        ids: Iterable[str] | None = None,
    ) -> Iterator[Known]:
        """Yield the records of a kind as the view knows them, in the order they were written."""
        chosen = _chosen(view)
        if case is not None:
            chosen = chosen.where(RECORD.c.case == case)
        if ids is None:
            yield from self._read(chosen.where(RECORD.c.kind == kind.kind))
            return
        for chunk in pieces(sorted(set(ids))):
            # Asked for by kind as well, SQLite would walk through the whole kind.
            found = self._read(chosen.where(RECORD.c.id.in_(chunk)))
            yield from (known for known in found if known.record.kind == kind.kind)

    def with_ids(self, ids: Iterable[str], view: View) -> Iterator[Known]:
        """Yield the records with these ids, of whatever kind, as the view knows them."""
        for chunk in pieces(sorted(set(ids))):
            yield from self._read(_chosen(view).where(RECORD.c.id.in_(chunk)))

    def of_item(self, item: str, view: View, *kinds: type[Record]) -> list[Known]:
        """Return the records of these kinds that speak of an item and stand, as written."""
        chosen = _chosen(view).join(FOOTAGE, FOOTAGE.c.n == RECORD.c.n)
        chosen = chosen.where(FOOTAGE.c.item == item, view.known(FOOTAGE), ~RECORD.c.withdrawn)
        chosen = chosen.where(FOOTAGE.c.kind.in_([each.kind for each in kinds]))
        with self.reading() as connection:
            found = connection.execute(chosen.order_by(RECORD.c.n)).all()
        # One text for the reader of JSON: thousands of small ones cost twice as much.
        bodies = json.loads(f"[{','.join(row.body for row in found)}]")
        return [
            Known(trusted_record_of(body), row.seq, row.place, row.revision, row.known_from,
                  row.by_key, row.see)
            for body, row in zip(bodies, found, strict=True)
        ]  # fmt: skip

    def naming(
        self, target: str, view: View, kind: str | None = None, field: str | None = None
    ) -> Iterator[Known]:
        """Yield the records that name an id, in a field or anywhere."""
        chosen = _chosen(view).join(MENTION, MENTION.c.n == RECORD.c.n)
        chosen = chosen.where(MENTION.c.target == target).distinct()
        if kind is not None:
            chosen = chosen.where(RECORD.c.kind == kind)
        if field is not None:
            chosen = chosen.where(MENTION.c.field == field)
        return self._read(chosen)

    def naming_any(
        self, targets: Iterable[str], view: View, kind: str, field: str
    ) -> Iterator[Known]:
        """Yield the records of a kind that name any of these in a field."""
        for chunk in pieces(sorted(set(targets))):
            named = select(MENTION.c.n).where(MENTION.c.target.in_(chunk), MENTION.c.field == field)
            for known in self._read(_chosen(view).where(RECORD.c.n.in_(named))):
                if known.record.kind == kind:
                    yield known

    def by_key(self, case: str | None, kind: str, key: str, view: View) -> Known | None:
        """Return the record that has this key within a case, if one may be seen."""
        chosen = _chosen(view).where(RECORD.c.kind == kind, RECORD.c.key == key)
        if case is not None:
            chosen = chosen.where(RECORD.c.case == case)
        return next(iter(self._read(chosen)), None)

    def reading(self) -> AbstractContextManager[Connection]:
        """Yield a connection for plain SQL; every statement takes its view's condition."""
        of, connection = _HELD.get()
        if of is self and connection is not None:
            return nullcontext(connection)
        return self._index.reading()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Read all that is read within on one connection: a page asks for many small things.

        Not around writing: what is written within may not be read.
        """
        with self.reading() as connection:
            token = _HELD.set((self, connection))
            try:
                yield
            finally:
                _HELD.reset(token)

    def proof(self, seq: int, place: int) -> RecordProof:
        """Return the proof that a record was written down.

        Raises:
            NoSuchThing: there is none at this place. CannotTell: the log does not cover it yet.

        """
        kept = self.ledger.store.records(seq)
        if not 0 <= place < len(kept):
            raise NoSuchThing(f"record {place} of act {seq}")
        commitments = [each.commitment for each in kept]
        path = inclusion_proof([each.leaf for each in commitments], place)
        act = self.ledger.act(seq).act
        return RecordProof(
            commitments[place], place, len(kept), tuple(path), act, self.ledger.proof(seq)
        )

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Write the index anew from the acts; return how many revisions there are."""
        return self._index.rebuild(progress)

    def unfinished(self) -> list[str]:
        """Return the notes of imports whose last part is not in."""
        return recording.unfinished(self.ledger)

    def _read(self, chosen: Select[*tuple[Any, ...]]) -> Iterator[Known]:
        after = -1
        while True:
            page = chosen.where(RECORD.c.n > after).order_by(RECORD.c.n).limit(PAGE)
            with self.reading() as connection:
                found = connection.execute(page).all()
            for n, seq, place, revision, known_from, see, body, by_key in found:
                record = trusted_record_of(json.loads(body))
                yield Known(record, seq, place, revision, known_from, by_key, see)
                after = n
            if len(found) < PAGE:
                return


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        RECORD.c.n,
        RECORD.c.seq,
        RECORD.c.place,
        RECORD.c.revision,
        RECORD.c.known_from,
        RECORD.c.see,
        RECORD.c.body,
        ACT.c.by_key,
    ).join(ACT, ACT.c.seq == RECORD.c.seq)


@lru_cache(maxsize=256)
def _chosen(view: View) -> Select[*tuple[Any, ...]]:
    return _columns().where(view.known(RECORD), view.read_by(RECORD, ACT))
