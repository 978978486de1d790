"""One taking-in: what its acts say of it, so that the same command can go on after a crash."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dalil import __version__
from dalil.engines.files import write_durably
from dalil.errors import Malformed, NoSpace, NoSuchThing
from dalil.intake.source import Unread, shown
from dalil.intake.telling import Hop
from dalil.kernel import canonical
from dalil.kernel.act import Act
from dalil.kernel.canonical import Json
from dalil.kernel.digest import Digests
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.survey import Survey
from dalil.vault.ocfl import ITEM
from dalil.vault.vault import Staged, Vault, remove_tree

OPENED, CLOSED, TAKEN_IN, SEALED, TOLD = (
    "accession-opened", "accession-closed", "taken-in", "sealed", "told",
)  # fmt: skip
MANIFEST_HEAD = "manifest@v1\n"
MAX_TOLD_BYTES = 200_000
MAX_PROBE_BYTES = 200_000
ITEM_URN = "urn:dalil:item:"
JOURNAL = "acts.json"


@dataclass(frozen=True, slots=True)
class ItemReceipt:
    """One file taken in: its item, what it was called, whether its bytes were there before."""

    item: str
    name: str
    name_text: str
    length: int
    sha256: str
    source: str
    duplicate_of: bool


@dataclass(slots=True)
class Accession:
    """One taking-in and the receipts it has so far."""

    id: str
    paths: tuple[str, ...]
    receipts: list[ItemReceipt] = field(default_factory=list)
    told: list[tuple[Json, ...]] = field(default_factory=list)
    closed: bool = False

    def done(self) -> Counter[tuple[str, str]]:
        """Return how many receipts there are for each (source, name)."""
        return Counter((each.source, each.name) for each in self.receipts)

    def manifest_sha256(self) -> str:
        """Return the digest of its manifest (spec/custody.md, "Manifest")."""
        return hashlib.sha256(manifest(self.id, self.receipts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one accession came to; ``members`` are those of the containers in it."""

    accession: str
    paths: tuple[str, ...]
    items: tuple[ItemReceipt, ...]
    new_items: int
    resumed: bool
    gaps: tuple[str, ...]
    unread: tuple[Unread, ...]
    manifest_sha256: str
    messenger: str
    members: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one file came from, and how it lay there."""

    accession: str
    source: str
    name: bytes
    mtime_ns: int | None
    sidecars: tuple[bytes, ...]
    member_of: str | None
    generation: str


def taken_in_fields(item: str, digests: Digests, origin: Origin) -> dict[str, Json]:
    """Return the fields of a ``taken-in`` act for a new item."""
    return {
        "accession": origin.accession,
        "item": item,
        **name_fields(origin.name),
        **asdict(digests),
        "mtime_ns": None if origin.mtime_ns is None else str(origin.mtime_ns),
        "source": origin.source,
        "sidecars": [shown(each) for each in origin.sidecars],
        "duplicate_of": False,
        "member_of": origin.member_of,
        "generation": origin.generation,
        "tool": tool(),
    }


def sealed_draft(item: str, name: Json, digests: Digests, root_id: bytes, said: Survey) -> Draft:
    """Return the seal card of an item (spec/seal.md, "Seal card")."""
    probe: Json = dict(said.probe)
    if len(canonical.encode(probe)) > MAX_PROBE_BYTES:
        probe = {"format": probe.get("format"), "see": "seal/summary.json"}
    fields: dict[str, Json] = {
        "item": item,
        "sealed_by": said.sealed_by,
        "root_id": root_id.hex(),
        **asdict(digests),
        "name_text": name,
        "duration_ns": said.duration_ns,
        "units": list(said.units),
        "frames": list(said.frames),
        "table_sha256": said.table_sha256,
        "probe": probe,
        "decoder_dependent": said.decoder_dependent,
    }
    visible: dict[str, Json] = {"tree_root": said.tree_root, "depth": said.depth, "tool": tool()}
    return Draft(SEALED, fields, visible)


def tool() -> str:
    """Return what writes these acts."""
    return f"dalil {__version__}"


def manifest(accession: str, receipts: Iterable[ItemReceipt]) -> str:
    """Return the manifest of an accession: a line for each receipt, sorted by bytes."""
    lines = sorted(f"{r.sha256} {r.length} {r.item} {r.name}\n" for r in receipts)
    return MANIFEST_HEAD + f"{accession}\n" + "".join(lines)


def open_accession(
    ledger: Ledger, signer: Signer, paths: Sequence[str], note: str, telling: Sequence[Hop]
) -> Accession:
    """Return the accession of these paths that is not closed yet, or begin one.

    Hops of the telling that are not told yet are told in the same transaction.
    """
    found = find_accession(ledger, paths)
    if found is None or found.closed:
        found = Accession(os.urandom(16).hex(), tuple(paths))
        drafts = [_opened(found, note)]
    else:
        drafts = []
    drafts += [
        Draft(TOLD, {"accession": found.id, **asdict(hop)})
        for hop in telling
        if _key(asdict(hop)) not in found.told
    ]
    ledger.append(drafts, signer)
    return found


def tell(ledger: Ledger, signer: Signer, accession: str, hop: Hop) -> int:
    """Record one more hop of how an accession came; return its act. Said before, it stays one.

    Raises:
        NoSuchThing: no act opened this accession.

    """
    found = [e for e in ledger.accession_acts(accession) if e.act.type in (OPENED, TOLD)]
    if not found:
        raise NoSuchThing(f"accession {accession}")
    said = _key(asdict(hop))
    for entry in found:
        if entry.act.type == TOLD and _key(entry.act.opened()) == said:
            return entry.seq
    return ledger.append([Draft(TOLD, {"accession": accession, **asdict(hop)})], signer)[0].seq


def find_accession(ledger: Ledger, paths: Sequence[str]) -> Accession | None:
    """Return the last accession that was opened for these paths, as the acts tell it."""
    last = None
    for entry in ledger.acts(OPENED):
        fields = entry.act.opened()
        if fields.get("paths") == list(paths):
            last = str(fields["accession"])
    return None if last is None else read_accession(ledger, last)


def read_accession(ledger: Ledger, accession: str) -> Accession:
    """Return an accession as its acts tell it."""
    found = Accession(accession, ())
    for entry in ledger.accession_acts(accession):
        kind, fields = entry.act.type, entry.act.opened()
        if kind == OPENED:
            found.paths = tuple(fields["paths"])
        elif kind == TOLD:
            found.told.append(_key(fields))
        elif kind == TAKEN_IN:
            found.receipts.append(receipt_of(fields))
        elif kind == CLOSED:
            found.closed = True
    return found


def receipt_of(fields: dict[str, Json]) -> ItemReceipt:
    """Return the receipt that the fields of a ``taken-in`` act hold."""
    return ItemReceipt(
        fields["item"],
        fields["name"],
        fields["name_text"],
        fields["length"],
        fields["sha256"],
        fields["source"],
        fields["duplicate_of"],
    )


def close_accession(
    ledger: Ledger,
    signer: Signer,
    accession: Accession,
    gaps: Sequence[str],
    unread: Sequence[str],
) -> None:
    """Close an accession with its manifest, the gaps in its numbering and what was not read."""
    fields: dict[str, Json] = {
        "accession": accession.id,
        "items": len({each.item for each in accession.receipts}),
        "receipts": len(accession.receipts),
        "manifest_sha256": accession.manifest_sha256(),
        "gaps": _bounded(gaps),
        "unread": _bounded(unread),
    }
    ledger.append([Draft(CLOSED, fields)], signer)
    accession.closed = True


def keep_drafts(path: Path, drafts: Sequence[Draft]) -> None:
    """Write down the acts that an object will need, before it is moved into place."""
    value: list[Json] = [asdict(draft) for draft in drafts]
    write_durably(path, canonical.encode(value))


def kept_drafts(path: Path) -> list[Draft]:
    """Return the acts that were written down; none where that was not finished."""
    try:
        value = canonical.decode(path.read_bytes())
        return [Draft(each["type"], each["fields"], each["visible"]) for each in value]
    except (OSError, Malformed, TypeError, KeyError):
        return []


def recover(vault: Vault, ledger: Ledger, signer: Signer) -> int:
    """Finish what a crash left behind: an object in place gets its acts, all else is removed."""
    adopted = 0
    for folder in sorted(vault.staging.iterdir()):
        if not folder.is_dir():
            continue
        if not ITEM.fullmatch(folder.name):
            remove_tree(folder)
            continue
        staged = Staged(folder.name, folder)
        drafts = kept_drafts(folder / JOURNAL)
        if drafts and vault.has(staged.item) and not any(ledger.acts_about(staged.item)):
            ledger.append(drafts, signer)
            adopted += 1
        vault.discard(staged)
    return adopted


@contextmanager
def swept_when_stopped(vault: Vault) -> Iterator[None]:
    """Give back the room of what is half-done; what only waits for its acts stays."""
    try:
        yield
    except (NoSpace, KeyboardInterrupt):
        for folder in vault.staging.iterdir():
            if ITEM.fullmatch(folder.name) and not (folder / JOURNAL).exists():
                vault.discard(Staged(folder.name, folder))
        raise


def name_fields(name: bytes) -> dict[str, Json]:
    """Return a name as acts hold it: its bytes, and a readable form."""
    return {"name": b64url(name), "name_text": shown(name)}


def act_fields(act: Act) -> dict[str, Json]:
    """Return everything that is open in an act, visible or not."""
    return {**act.payload, **act.opened()}


def _opened(accession: Accession, note: str) -> Draft:
    return Draft(OPENED, {"accession": accession.id, "paths": list(accession.paths), "note": note})


def _key(fields: dict[str, Json]) -> tuple[Json, ...]:
    names = ("hop", "who", "role", "when", "where", "how", "source", "note")
    return tuple(fields.get(name) for name in names)


def _bounded(lines: Sequence[str]) -> list[Json]:
    """Keep an act within its size: what does not fit is counted."""
    kept: list[Json] = []
    room = MAX_TOLD_BYTES
    for line in lines:
        room -= len(line.encode()) + 4
        if room < 0:
            kept.append(f"and {len(lines) - len(kept)} more")
            break
        kept.append(line)
    return kept
