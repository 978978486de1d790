"""Take files in: hash first, look later; stopped anywhere, the same call goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from dalil.engines.files import locked
from dalil.engines.processes import bounds_of_file, run_isolated
from dalil.errors import (
    MediaUnreadable,
    Refusal,
    SourceChanged,
    SourceUnreadable,
    UnsafeContainer,
)
from dalil.intake import container
from dalil.intake.accession import (
    ITEM_URN,
    JOURNAL,
    TAKEN_IN,
    Accession,
    Origin,
    Receipt,
    close_accession,
    find_accession,
    keep_drafts,
    name_fields,
    open_accession,
    receipt_of,
    recover,
    sealed_draft,
    swept_when_stopped,
    taken_in_fields,
)
from dalil.intake.gaps import gaps_in
from dalil.intake.source import (
    Brought,
    Fill,
    Offer,
    Unread,
    brought_from,
    receive,
    shown,
)
from dalil.intake.telling import Hop
from dalil.kernel.canonical import Json
from dalil.kernel.digest import Digests
from dalil.kernel.salt import KEY_BYTES, ROOT_ID_BYTES, SealSecret
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import TIME_FORM, Draft, Ledger
from dalil.match.held.making import keep_made
from dalil.media.features.watched import FEATURES, leave, survey_and_watch, without
from dalil.media.survey import Survey, seal_bytes, survey
from dalil.vault.vault import Staged, Vault, remove_tree

LOCK = "lock"
# In staging, beside the object: what was made of it on the way.
BESIDE = "derived"
WORKERS = 2
NESTED_AT_MOST = 3

Progress = Callable[[int, int], None]
Call = tuple[Path, Path, SealSecret, bool, Path]


@dataclass(frozen=True, slots=True)
class Options:
    """How to take in.

    ``tiles``: hash decoded frames too. ``generation``: first copy, re-encoded by a platform …, as
    far as known. ``note``: on the accession. ``expand``: look into containers.
    """

    tiles: bool = True
    generation: str = "unknown"
    note: str = ""
    expand: bool = True


def take_in(
    archive: Path,
    paths: Sequence[str | bytes | Path],
    signer: Signer,
    telling: Sequence[Hop] = (),
    options: Options = Options(),
    progress: Progress | None = None,
) -> Receipt:
    """Take in all files of these files and folders as one accession.

    Raises:
        ArchiveBusy: another take-in is at work. UsageRefused: a path is not there.
        NoSpace: the disk is full; what was finished is kept, and the same call goes on.

    """
    Vault.open(archive)
    return take_in_brought(
        archive, brought_from(paths, archive), signer, telling, options, progress
    )


def take_in_brought(
    archive: Path,
    brought: Brought,
    signer: Signer,
    telling: Sequence[Hop] = (),
    options: Options = Options(),
    progress: Progress | None = None,
) -> Receipt:
    """Take in what was brought, as one accession; raises as `take_in` does."""
    vault, ledger = Vault.open(archive), Ledger.open(archive)
    with locked(vault.staging / LOCK, 0), swept_when_stopped(vault):
        recover(vault, ledger, signer)
        names = [shown(each.name) for each in brought.offers]
        messenger = container.messenger_of(names)
        note = _note(options.note, messenger)
        accession = open_accession(ledger, signer, brought.paths, note, telling)
        resumed = bool(accession.receipts)
        total = sum(each.length for each in brought.offers)
        run = _Run(vault, ledger, signer, options, accession, _Meter(progress, 2 * total))
        run.take(brought.offers)
        unread = [*brought.unread, *run.unread]
        members = expand_all(run, NESTED_AT_MOST) if options.expand else ()
        gaps = gaps_in(names)
        close_accession(ledger, signer, accession, gaps, [str(each) for each in unread])
    return run.receipt(resumed, gaps, unread, messenger, members)


@dataclass(slots=True)
class _Pending:
    """An item whose footage is being read; receipts of the same bytes wait with it."""

    staged: Staged
    digests: Digests
    secret: SealSecret
    taken_in: list[dict[str, Json]]


class _Meter:
    """Bytes received and bytes sealed, out of twice the bytes there are."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def advance(self, count: int) -> None:
        self._done = min(self._total, self._done + count)
        if self._progress:
            self._progress(self._done, self._total)


class _Run:
    """One accession on its way: files are received one after another, read two at once."""

    def __init__(
        self,
        vault: Vault,
        ledger: Ledger,
        signer: Signer,
        options: Options,
        accession: Accession,
        meter: _Meter,
    ) -> None:
        self.vault, self.ledger, self.signer = vault, ledger, signer
        self.options, self.accession, self.meter = options, accession, meter
        self.unread: list[Unread] = []
        self.new_items = 0
        self._pending: dict[Path, _Pending] = {}

    def take(self, offers: Iterable[Offer]) -> None:
        """Take in every offer that has no receipt yet."""
        with closing(
            run_isolated(survey_and_watch, self._calls(offers), WORKERS, bounds_of_file)
        ) as results:
            for call, result in results:
                pending = self._pending.pop(call[0])
                self._seal(pending, self._unwatched(pending, result))

    def _calls(self, offers: Iterable[Offer]) -> Iterator[Call]:
        done = self.accession.done()
        for offer in offers:
            key = (offer.source, name_fields(offer.name)["name"])
            if done[key]:
                done[key] -= 1
                self.meter.advance(2 * offer.length)
                continue
            pending = self._receive(offer)
            if pending is not None:
                self._pending[pending.staged.original] = pending
                beside = pending.staged.folder / BESIDE
                beside.mkdir(mode=0o700)
                yield (
                    pending.staged.original, pending.staged.seal, pending.secret,
                    self.options.tiles, beside,
                )  # fmt: skip

    def _receive(self, offer: Offer) -> _Pending | None:
        """Copy and hash one file; what was here before only gets another receipt."""
        staged = self.vault.new_object(os.urandom(16).hex())
        try:
            digests, mtime = offer.receive(staged.original, self.meter.advance)
        except (SourceUnreadable, SourceChanged) as refusal:
            self.vault.discard(staged)
            self.unread.append(Unread(refusal.about, refusal.happened, refused=True))
            return None
        fields = self._fields(offer, staged.item, digests, mtime)
        twin = self._twin(digests)
        if twin is None:
            return _Pending(staged, digests, _fresh_secret(), [fields])
        self.vault.discard(staged)
        self.meter.advance(digests.length)
        if isinstance(twin, _Pending):
            twin.taken_in.append({**fields, "item": twin.staged.item, "duplicate_of": True})
        else:
            self._append([Draft(TAKEN_IN, {**fields, "item": twin, "duplicate_of": True})])
        return None

    def _twin(self, digests: Digests) -> _Pending | str | None:
        for pending in self._pending.values():
            if pending.digests == digests:
                return pending
        for entry in self.ledger.acts_on_digest(digests.sha256):
            fields = entry.act.opened()
            if fields.get("length") == digests.length:
                return str(fields["item"])
        return None

    def _fields(
        self, offer: Offer, item: str, digests: Digests, mtime_ns: int | None
    ) -> dict[str, Json]:
        origin = Origin(
            self.accession.id, offer.source, offer.name, mtime_ns, offer.sidecars, offer.member_of,
            self.options.generation,
        )  # fmt: skip
        return taken_in_fields(item, digests, origin)

    def _unwatched(self, pending: _Pending, result: Survey | Refusal) -> Survey | Refusal:
        """Read footage once more without making features, where making them may have been it."""
        if not isinstance(result, MediaUnreadable) or not self.options.tiles:
            return result
        staged = pending.staged
        remove_tree(staged.seal)
        staged.seal.mkdir()
        pending.secret = _fresh_secret()
        leave(staged.folder / BESIDE, without(str(result)))
        call = (staged.original, staged.seal, pending.secret)
        [(_, again)] = run_isolated(survey, [call], 1, bounds_of_file)
        return again

    def _seal(self, pending: _Pending, result: Survey | Refusal) -> None:
        """Make the object durable, move it into place, and say so in one transaction."""
        staged, secret = pending.staged, pending.secret
        if isinstance(result, MediaUnreadable):
            remove_tree(staged.seal)
            staged.seal.mkdir()
            secret = _fresh_secret()
            result = seal_bytes(staged.original, staged.seal, secret, str(result))
        if isinstance(result, Refusal):
            raise result
        self.vault.keep_secret(staged, secret, self.signer.item_secret)
        self.vault.finish(staged, pending.digests, _now())
        name = pending.taken_in[0]["name_text"]
        sealed = sealed_draft(staged.item, name, pending.digests, secret.root_id, result)
        drafts = [*(Draft(TAKEN_IN, fields) for fields in pending.taken_in), sealed]
        keep_drafts(staged.folder / JOURNAL, drafts)
        self.vault.commit(staged)
        self._append(drafts)
        if (staged.folder / BESIDE / FEATURES).is_file():
            keep_made(self.vault.archive, staged.item, staged.folder / BESIDE)
        self.vault.discard(staged)
        self.new_items += 1
        self.meter.advance(pending.digests.length * len(pending.taken_in))

    def receipt(
        self,
        resumed: bool,  # noqa: FBT001 - a fact, passed on
        gaps: Sequence[str],
        unread: Sequence[Unread],
        messenger: str,
        members: tuple[Receipt, ...],
    ) -> Receipt:
        """Return what the accession came to."""
        return Receipt(
            self.accession.id,
            self.accession.paths,
            tuple(self.accession.receipts),
            self.new_items,
            resumed,
            tuple(gaps),
            tuple(unread),
            self.accession.manifest_sha256(),
            messenger,
            members,
        )

    def _append(self, drafts: Sequence[Draft]) -> None:
        self.ledger.append(drafts, self.signer)
        self.accession.receipts += [receipt_of(d.fields) for d in drafts if d.type == TAKEN_IN]


def expand_all(run: _Run, depth: int) -> tuple[Receipt, ...]:
    """Take in the members of each container of an accession as an accession of their own."""
    found = []
    for item in dict.fromkeys(each.item for each in run.accession.receipts):
        path = run.vault.original_path(item)
        if container.kind_of(path) is None:
            continue
        known = find_accession(run.ledger, [ITEM_URN + item])
        if known is not None and known.closed:
            continue
        if depth == 0:
            why = UnsafeContainer(f"more than {NESTED_AT_MOST} containers in one another")
            run.unread.append(Unread(f"members of {item}", str(why), refused=True))
            continue
        found.append(_expand(run, item, path, depth))
    return tuple(found)


def _expand(outer: _Run, item: str, path: Path, depth: int) -> Receipt:
    urn = ITEM_URN + item
    unread: list[Unread] = []
    names = [shown(name) for name in container.names_of(path)]
    messenger = container.messenger_of(names)
    note = _note(f"members of item {item}", messenger)
    accession = open_accession(outer.ledger, outer.signer, [urn], note, ())
    resumed = bool(accession.receipts)
    run = _Run(outer.vault, outer.ledger, outer.signer, outer.options, accession, outer.meter)
    try:
        run.take(_offers_of_members(item, path, unread))
    except UnsafeContainer as refusal:
        unread.append(Unread(f"members of {item}", str(refusal), refused=True))
    members = expand_all(run, depth - 1)
    gaps = gaps_in(names)
    unread += run.unread
    close_accession(outer.ledger, outer.signer, accession, gaps, [str(each) for each in unread])
    return run.receipt(resumed, gaps, unread, messenger, members)


def _offers_of_members(item: str, path: Path, unread: list[Unread]) -> Iterator[Offer]:
    for member, stream in container.expand(path):
        if stream is None:
            unread.append(Unread(shown(member.name), member.refused, refused=True))
            continue
        yield Offer(
            ITEM_URN + item,
            member.name,
            member.length,
            partial(_receive_member, container.reader(stream, member), member.mtime_ns),
            member_of=item,
        )


def _receive_member(
    reading: Fill, mtime_ns: int | None, target: Path, advance: Callable[[int], None]
) -> tuple[Digests, int | None]:
    return receive(reading, target, advance), mtime_ns


def _fresh_secret() -> SealSecret:
    return SealSecret(os.urandom(KEY_BYTES), os.urandom(ROOT_ID_BYTES))


def _now() -> str:
    return datetime.now(UTC).strftime(TIME_FORM)


def _note(note: str, messenger: str) -> str:
    looks = f"looks like an export of {messenger}" if messenger else ""
    return "; ".join(part for part in (note, looks) if part)
