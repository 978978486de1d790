"""The one door to the acts of an archive: append, read, prove (spec/custody.md, "Storage")."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dalil.engines.files import (
    locked,
    make_folders,
    rename_durably,
    write_durably,
    write_synced,
)
from dalil.errors import CannotTell, LogBroken, Malformed, Missing, NotAllowed, Refusal
from dalil.kernel.act import Act, draft_act, entry_of
from dalil.kernel.canonical import Json
from dalil.kernel.checkpoint import Checkpoint
from dalil.kernel.merkle import EMPTY_ROOT, leaf_hash, root, root_from_inclusion
from dalil.kernel.note import (
    SignedCheckpoint,
    VerifierKey,
    check_all,
    parse_note,
    parse_vkey,
    sign_checkpoint,
    vkeys_of,
)
from dalil.kernel.tlogproof import TlogProof
from dalil.ledger.act_store import ActStore, Kept, Row, Salted, Written, salted, subjects_of
from dalil.ledger.keyring import Signer
from dalil.ledger.people import ABOUT_PEOPLE, ADDED, CREATED, WITH_SHEET, Roster
from dalil.ledger.tiles import Tiles
from dalil.vault.archive import read_plate

if TYPE_CHECKING:
    from dalil.ledger.check import LogCheck

CHECKPOINT, NEXT, VKEYS = "checkpoint", "checkpoint.next", "vkeys"
LOCK = "acts.lock"
RECEIPTS = "receipts"
TIME_FORM = "%Y-%m-%dT%H:%M:%SZ"
WAIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Draft:
    """An act to be: type, fields to withhold or not, and records, or what salting made of them."""

    type: str
    fields: dict[str, Json]
    visible: dict[str, Json] = field(default_factory=dict)
    records: Sequence[Mapping[str, Json]] = ()
    salted: Salted | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An act and its place in the log, from 0."""

    seq: int
    act: Act


class Ledger:
    """The acts of one archive."""

    def __init__(self, archive: Path) -> None:
        """Use ``create`` or ``open``."""
        self.archive = archive
        self.origin = read_plate(archive).origin
        self._log = archive / "log"
        self._store = ActStore.open(archive)
        self._tiles = Tiles(self._log)

    @classmethod
    def create(cls, archive: Path, signer: Signer) -> Ledger:
        """Lay an empty log under the signer's archive keys, signed at size 0."""
        origin = read_plate(archive).origin
        ActStore.create(archive)
        make_folders(archive / "log" / "tile")
        keys = vkeys_of(origin, signer.archive_ed25519, signer.archive_ml_dsa)
        write_durably(archive / "log" / VKEYS, "".join(f"{key}\n" for key in keys).encode())
        ledger = cls(archive)
        if not (ledger._log / CHECKPOINT).exists():
            ledger._sign(Checkpoint(origin, 0, EMPTY_ROOT), signer)
        return ledger

    @classmethod
    def open(cls, archive: Path) -> Ledger:
        """Open the acts of an archive, for reading or writing.

        Raises:
            NotAnArchive: there is no archive. Missing: its acts are not there.

        """
        return cls(archive)

    @property
    def size(self) -> int:
        """How many acts the signed checkpoint covers."""
        return self.note().checkpoint.size

    @property
    def store(self) -> ActStore:
        """The rows themselves, for whoever checks them."""
        return self._store

    @property
    def tiles(self) -> Tiles:
        """The tiles themselves, for whoever checks them."""
        return self._tiles

    @property
    def log(self) -> Path:
        """The folder that may be public."""
        return self._log

    def append(
        self, drafts: Sequence[Draft], signer: Signer, demand: Callable[[], None] | None = None
    ) -> list[Entry]:
        """Sign acts and commit them: rows, then tiles, then the checkpoint.

        ``demand`` is called when nobody else can write; where it raises, nothing is written.

        Raises:
            ArchiveBusy: another process writes. NotAllowed: this person may not act.
            LogBroken: rows, tiles and checkpoint contradict each other; nothing is written.
            NoSpace: the disk is full; what is not committed as a row is not kept.

        """
        if not drafts:
            return []
        with self.writer(signer) as start:
            self._demand_right(drafts, signer)
            if demand is not None:
                demand()
            now = datetime.now(UTC).strftime(TIME_FORM)
            rooted = [_rooted(_dated(draft, now)) for draft in drafts]
            acts = [_sign_act(draft, signer) for draft, _ in rooted]
            pairs = zip(rooted, acts, strict=True)
            written = [_written(start + i, *own, act) for i, (own, act) in enumerate(pairs)]
            self._store.add(written)
            entries = [each.row.entry for each in written]
            self._follow(self.note().checkpoint, signer, entries)
        return [Entry(start + i, act) for i, act in enumerate(acts)]

    @contextmanager
    def writer(self, signer: Signer) -> Iterator[int]:
        """Hold the archive for writing, finished and whole; yield how many acts there are."""
        with locked(self.archive / LOCK, WAIT_SECONDS):
            keys = vkeys_of(self.origin, signer.archive_ed25519, signer.archive_ml_dsa)
            if keys != self.vkeys():
                raise LogBroken("the log is signed by other keys than this archive's")
            self._recover(signer)
            yield self._store.count()

    def recover(self, signer: Signer) -> int:
        """Finish what a crash left unfinished, clear away what lies beyond; count the acts.

        Returns how many acts the log lacked.

        Raises:
            LogBroken: rows, tiles and checkpoint contradict each other.

        """
        with locked(self.archive / LOCK, WAIT_SECONDS):
            lacked = self._recover(signer)
            self._tiles.tidy(self.size)
            return lacked

    def acts(self, type: str | None = None, start: int = 0) -> Iterator[Entry]:  # noqa: A002 - the act's own word
        """Yield all acts, or those of one type, in order, from place ``start`` on."""
        if type is None:
            return map(_entry, self._store.rows(start))
        return map(_entry, self._store.rows_about("type", type, start))

    def acts_about(self, item: str) -> Iterator[Entry]:
        """Yield the acts that name an item, in order."""
        return map(_entry, self._store.rows_about("item", item))

    def accession_acts(self, accession: str) -> Iterator[Entry]:
        """Yield the acts that name an accession, in order."""
        return map(_entry, self._store.rows_about("accession", accession))

    def import_acts(self, name: str) -> Iterator[Entry]:
        """Yield the acts of one import, in order."""
        return map(_entry, self._store.rows_about("import", name))

    def acts_on_digest(self, sha256: str) -> Iterator[Entry]:
        """Yield the acts by which a file of this SHA-256 was taken in, in order."""
        return map(_entry, self._store.rows_about("sha256", sha256))

    def act(self, seq: int) -> Entry:
        """Return one act.

        Raises:
            NoSuchThing: there is none at this place.

        """
        return _entry(self._store.row(seq))

    def note(self) -> SignedCheckpoint:
        """Return the signed checkpoint, as it lies there.

        Raises:
            Missing: there is none. Malformed: it is in another form.

        """
        return parse_note(_text(self._log / CHECKPOINT))

    def vkeys(self) -> tuple[VerifierKey, ...]:
        """Return the archive's two verifier keys, Ed25519 first."""
        return tuple(parse_vkey(line) for line in _text(self._log / VKEYS).splitlines())

    def proof(self, seq: int) -> TlogProof:
        """Return the proof that act ``seq`` is in the log, checked before it is given.

        Raises:
            CannotTell: the checkpoint does not cover it yet.
            LogBroken: rows, tiles and checkpoint contradict each other.

        """
        note = self.note()
        checkpoint = note.checkpoint
        row = self._store.row(seq)
        if seq >= checkpoint.size:
            raise CannotTell(f"act {seq}: the checkpoint covers {checkpoint.size} acts")
        self._tiles.forget()
        path = self._tiles.path(checkpoint.size, seq)
        leaf = leaf_hash(entry_of(row.jwt))
        if root_from_inclusion(seq, checkpoint.size, leaf, path) != checkpoint.root:
            raise LogBroken(f"at act {seq}")
        return TlogProof(seq, tuple(path), note)

    def consistency(self, old_size: int) -> list[bytes]:
        """Return the proof that the log extends its first ``old_size`` acts.

        Raises:
            CannotTell: the log is shorter than that.

        """
        if not 0 <= old_size <= (size := self.size):
            raise CannotTell(f"{old_size} acts: the checkpoint covers {size}")
        self._tiles.forget()
        return self._tiles.consistency(old_size, size)

    def root_at(self, size: int) -> bytes:
        """Return the root over the first ``size`` acts, from the tiles.

        Raises:
            CannotTell: the log is shorter than that.

        """
        if not 0 <= size <= (signed := self.size):
            raise CannotTell(f"{size} acts: the checkpoint covers {signed}")
        self._tiles.forget()
        return self._tiles.range_root(signed, 0, size) if size else EMPTY_ROOT

    def write_receipt(self, seq: int, path: Path | None = None) -> Path:
        """Write the receipt of an act, below ``receipts/`` unless ``path`` is given."""
        place = path or self.archive / RECEIPTS / f"act-{seq}.tlog-proof"
        make_folders(place.parent)
        write_durably(place, str(self.proof(seq)).encode())
        return place

    def roster(self) -> Roster:
        """Return who may act, as the acts tell."""
        kinds = {kind: self.acts(kind) for kind in ABOUT_PEOPLE}
        entries = sorted((e for found in kinds.values() for e in found), key=lambda e: e.seq)
        roster = Roster()
        for entry in entries:
            roster.take(entry.seq, entry.act)
        return roster

    def rebuild_index(self) -> int:
        """Write the index anew from the acts; return how many there are."""
        with locked(self.archive / LOCK, WAIT_SECONDS):
            return self._store.rebuild_index()

    def check(
        self,
        progress: Callable[[int, int], None] | None = None,
        against: Sequence[SignedCheckpoint] = (),
    ) -> LogCheck:
        """Read the whole log again; see ``check.check_log``."""
        from dalil.ledger.check import check_log  # noqa: PLC0415 - only who checks needs it

        return check_log(self, progress, against)

    def _demand_right(self, drafts: Sequence[Draft], signer: Signer) -> None:
        first = drafts[0]
        enters = first.type == ADDED and first.fields.get("reason") == WITH_SHEET
        if first.type == CREATED or enters:
            return
        person = self.roster().of_key(signer.public_key)
        if person is None or not person.active or not all(person.signs(d.type) for d in drafts):
            raise NotAllowed(f"{signer.person_name}, by the acts of this archive")

    def _recover(self, signer: Signer) -> int:
        self._tiles.forget()
        self._settle_next()
        note = self.note()
        check_all(note, self.vkeys())
        lacking = self._store.count() - note.checkpoint.size
        if lacking < 0:
            raise LogBroken(f"{-lacking} signed acts are no longer among the rows")
        if lacking:
            self._follow(note.checkpoint, signer, self._entries(note.checkpoint.size))
            self._tiles.tidy(self.size)
        return lacking

    def _settle_next(self) -> None:
        waiting = self._log / NEXT
        if not waiting.exists():
            return
        try:
            note = parse_note(_text(waiting))
            check_all(note, self.vkeys())
        except Refusal:
            # Torn before it was on the disk, so it never left the process that wrote it.
            waiting.unlink()
            return
        if note.checkpoint.size < self.note().checkpoint.size:
            waiting.unlink()
            return
        if self._tiles.edge(note.checkpoint.size).root() != note.checkpoint.root:
            raise LogBroken(f"{waiting} signs another log")
        rename_durably(waiting, self._log / CHECKPOINT)

    def _follow(self, signed: Checkpoint, signer: Signer, entries: Iterable[bytes]) -> None:
        """Let tiles and checkpoint follow the rows."""
        edge = self._tiles.edge(signed.size)
        if edge.root() != signed.root:
            raise LogBroken(f"the tiles are not those of the checkpoint of {signed.size} acts")
        self._tiles.extend(edge, entries)
        self._sign(Checkpoint(self.origin, edge.size, edge.root()), signer)
        self._tiles.drop_begun()

    def _entries(self, start: int) -> Iterator[bytes]:
        for expected, row in enumerate(self._store.rows(start), start):
            if row.seq != expected or row.entry != entry_of(row.jwt):
                raise LogBroken(f"the row of act {expected}")
            yield row.entry

    def _sign(self, checkpoint: Checkpoint, signer: Signer) -> None:
        note = sign_checkpoint(
            checkpoint, signer.archive_ed25519, signer.archive_ml_dsa, int(time.time())
        )
        write_synced(self._log / NEXT, str(note).encode())
        rename_durably(self._log / NEXT, self._log / CHECKPOINT)


def _dated(draft: Draft, now: str) -> Draft:
    if "time" in draft.fields:
        return draft
    return replace(draft, fields={**draft.fields, "time": now})


def _rooted(draft: Draft) -> tuple[Draft, Sequence[Kept]]:
    leaves, kept = draft.salted or salted(draft.records)
    if not kept:
        return draft, ()
    said = {"records": len(kept), "records_root": root(leaves).hex()}
    return Draft(draft.type, {**draft.fields, **said}, draft.visible), kept


def _sign_act(draft: Draft, signer: Signer) -> Act:
    return draft_act(
        draft.type,
        draft.fields,
        visible=draft.visible,
        archive_key=signer.archive_ed25519,
        person_key=signer.person_key,
        entropy=os.urandom,
    )


def _written(seq: int, draft: Draft, kept: Sequence[Kept], act: Act) -> Written:
    row = Row(seq, act.jwt, "~".join(act.disclosures), entry_of(act.jwt))
    return Written(row, subjects_of(draft.type, {**draft.visible, **draft.fields}), kept)


def _entry(row: Row) -> Entry:
    return Entry(row.seq, row.act)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise Missing(str(path)) from None
    except ValueError:
        raise Malformed(str(path)) from None
