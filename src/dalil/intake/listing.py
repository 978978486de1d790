"""What is in the archive, as its acts tell it; and giving an original out, which is an act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dalil.engines.files import disk_room, rename_durably, sync_file
from dalil.errors import Altered, ArchiveExists, NoSuchThing, UsageRefused
from dalil.intake.accession import (
    CLOSED,
    OPENED,
    SEALED,
    TAKEN_IN,
    TOLD,
    ItemReceipt,
    act_fields,
    receipt_of,
)
from dalil.intake.source import receive
from dalil.intake.telling import Hop
from dalil.kernel.canonical import Json
from dalil.ledger.act_store import Row
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger
from dalil.vault.vault import Vault

SHORTEST_PREFIX = 4
ROWS_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class AccessionShown:
    """One taking-in: what was given, when, what it came to."""

    accession: str
    opened_at: str
    paths: tuple[str, ...]
    note: str
    closed: bool
    receipts: tuple[ItemReceipt, ...]
    gaps: tuple[str, ...]
    unread: tuple[str, ...]
    telling: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class ActShown:
    """One act about an item: its place in the log, type, time, and what it says."""

    seq: int
    type: str
    time: str
    fields: dict[str, Json]


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One item: what it is, how it was sealed, every act about it in order, how it came."""

    item: str
    names: tuple[str, ...]
    length: int
    sha256: str
    sha512: str
    blake3: str
    sealed_by: str
    tree_root: str
    duration_ns: int | None
    units: tuple[int, ...]
    frames: tuple[int, ...]
    decoder_dependent: bool
    acts: tuple[ActShown, ...]
    telling: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class GivenOut:
    """An original given out: where it was written, its digest, and the act that says so."""

    item: str
    out: str
    length: int
    sha256: str
    seq: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item in a list, as its seal card tells it; ``duration_ns``: where it is footage."""

    item: str
    name: str
    length: int
    sha256: str
    duration_ns: int | None
    sealed_at: str


@dataclass(frozen=True, slots=True)
class ToldHop:
    """A hop of a telling, and the act that recorded it."""

    seq: int
    told_at: str
    hop: Hop


@dataclass(frozen=True, slots=True)
class AccessionLine:
    """One taking-in in a list: how many receipts, what is missing, how much of its way is told.

    ``closed_by`` is the act that closed it; None while it is open.
    """

    accession: str
    opened_at: str
    opened_by: int
    paths: tuple[str, ...]
    note: str
    closed_by: int | None
    manifest_sha256: str
    receipts: int
    gaps: tuple[str, ...]
    unread: tuple[str, ...]
    telling: tuple[ToldHop, ...]


def count_items(ledger: Ledger) -> int:
    """Return how many items there are: each was sealed once."""
    return ledger.store.count_about(("type", SEALED))


def item_lines(ledger: Ledger, part: slice) -> list[ItemLine]:
    """Return a part of the items, the last sealed first."""
    rows = ledger.store.page_about([("type", SEALED)], part, newest=True)
    return [_item_line(row) for row in rows]


def items_like(ledger: Ledger, beginning: str, most: int) -> list[ItemLine]:
    """Return items (at most ``most``) whose id, or whose file's SHA-256, begins so."""
    found = dict.fromkeys(ledger.store.names_about("item", beginning, most))
    for digest in ledger.store.names_about("sha256", beginning, most):
        rows = ledger.store.page_about([("sha256", digest)], slice(0, most))
        found |= dict.fromkeys(str(row.act.opened()["item"]) for row in rows)
    sealed = [
        row
        for item in list(found)[:most]
        for row in ledger.store.page_about([("item", item), ("type", SEALED)], slice(0, 1))
    ]
    return [_item_line(row) for row in sealed]


def count_accessions(ledger: Ledger) -> int:
    """Return how many accessions were opened."""
    return ledger.store.count_about(("type", OPENED))


def accession_lines(ledger: Ledger, part: slice) -> list[AccessionLine]:
    """Return a part of the accessions, the last opened first."""
    rows = ledger.store.page_about([("type", OPENED)], part, newest=True)
    return _accession_lines(ledger, [str(row.act.opened()["accession"]) for row in rows])


def accession_line(ledger: Ledger, accession: str) -> AccessionLine:
    """Return what there is to say of an accession without reading its receipts.

    Raises:
        NoSuchThing: no act opened it.

    """
    found = _accession_lines(ledger, [accession])
    if not found:
        raise NoSuchThing(f"accession {accession}")
    return found[0]


def told_of(ledger: Ledger, accessions: Sequence[str]) -> dict[str, tuple[ToldHop, ...]]:
    """Return, by accession, what is told of how it came, hop by hop; rivals stand together."""
    rows = ledger.store.rows_about_each("accession", accessions, [TOLD])
    return {accession: _told(found) for accession, found in rows.items()}


def receipts_in(ledger: Ledger, accession: str, part: slice) -> list[ItemReceipt]:
    """Return a part of the receipts of an accession, in the order of taking in."""
    rows = ledger.store.page_about([("accession", accession), ("type", TAKEN_IN)], part)
    return [_receipt(row) for row in rows]


def accessions(archive: Path) -> Iterator[AccessionShown]:
    """Yield every accession in the order of opening."""
    ledger = Ledger.open(archive)
    for entry in ledger.acts(OPENED):
        yield _accession(ledger, str(entry.act.opened()["accession"]))


def items(archive: Path) -> Iterator[ItemReceipt]:
    """Yield the first receipt of every item, in the order of taking in."""
    for entry in Ledger.open(archive).acts(TAKEN_IN):
        receipt = receipt_of(entry.act.opened())
        if not receipt.duplicate_of:
            yield receipt


def find_item(archive: Path, beginning: str) -> str:
    """Return the id of the one item whose id begins so.

    Raises:
        NoSuchThing: there is none, or more than one. UsageRefused: fewer than 4 characters.

    """
    if len(beginning) < SHORTEST_PREFIX:
        raise UsageRefused(f"{beginning!r}: give at least {SHORTEST_PREFIX} characters of an item")
    found = {each.item for each in items(archive) if each.item.startswith(beginning.lower())}
    if len(found) != 1:
        raise NoSuchThing(f"{beginning}: {len(found) or 'no'} items begin so")
    return found.pop()


def show_item(archive: Path, item: str) -> ItemShown:
    """Return everything that acts say of an item.

    Raises:
        NoSuchThing: no act says that it was taken in and sealed.

    """
    ledger = Ledger.open(archive)
    acts = list(ledger.acts_about(item))
    taken = [e.act.opened() for e in acts if e.act.type == TAKEN_IN]
    sealed = next((act_fields(e.act) for e in acts if e.act.type == SEALED), None)
    if not taken or sealed is None:
        raise NoSuchThing(item)
    hands = [_telling(ledger, str(fields["accession"])) for fields in taken]
    return ItemShown(
        item=item,
        names=tuple(dict.fromkeys(str(fields["name_text"]) for fields in taken)),
        length=sealed["length"],
        sha256=sealed["sha256"],
        sha512=sealed["sha512"],
        blake3=sealed["blake3"],
        sealed_by=sealed["sealed_by"],
        tree_root=sealed["tree_root"],
        duration_ns=sealed["duration_ns"],
        units=tuple(sealed["units"]),
        frames=tuple(sealed["frames"]),
        decoder_dependent=sealed["decoder_dependent"],
        acts=tuple(_shown(entry) for entry in acts),
        telling=tuple(dict.fromkeys(hop for each in hands for hop in each)),
    )


def give_out(archive: Path, item: str, to: str, reason: str, out: Path, signer: Signer) -> GivenOut:
    """Write the original of an item to ``out`` and record to whom and why.

    The act is written once the file is there, whole and as it was sealed.

    Raises:
        UsageRefused: to whom or why is not said. ArchiveExists: something is in that place.
        Altered: the original is not what was taken in; nothing is given out.

    """
    if not to.strip() or not reason.strip():
        raise UsageRefused("an original leaves with --to and --reason")
    vault, ledger = Vault.open(archive), Ledger.open(archive)
    recorded = show_item(archive, item)
    if out.exists():
        raise ArchiveExists(str(out))
    beside = out.with_name(out.name + ".part")
    beside.unlink(missing_ok=True)
    with vault.original(item) as original:
        digests = receive(original.readinto, beside, lambda _count: None)  # type: ignore[attr-defined]
    if digests.sha256 != recorded.sha256 or digests.length != recorded.length:
        beside.unlink()
        raise Altered(f"the original of item {item}")
    with disk_room(out):
        _settle(beside, out)
    fields: dict[str, Json] = {
        "item": item, "to": to, "reason": reason, "sha256": digests.sha256,
    }  # fmt: skip
    entry = ledger.append([Draft("given-out", fields)], signer)[0]
    return GivenOut(item, str(out), digests.length, digests.sha256, entry.seq)


def _settle(beside: Path, out: Path) -> None:
    with beside.open("rb") as file:
        sync_file(file.fileno())
    rename_durably(beside, out)


def _accession(ledger: Ledger, accession: str) -> AccessionShown:
    opened: dict[str, Json] = {}
    closed: dict[str, Json] | None = None
    receipts: list[ItemReceipt] = []
    for entry in ledger.accession_acts(accession):
        kind, fields = entry.act.type, entry.act.opened()
        if kind == OPENED:
            opened = fields
        elif kind == CLOSED:
            closed = fields
        elif kind == TAKEN_IN:
            receipts.append(receipt_of(fields))
    return AccessionShown(
        accession,
        opened["time"],
        tuple(opened["paths"]),
        opened["note"],
        closed is not None,
        tuple(receipts),
        tuple(closed["gaps"]) if closed else (),
        tuple(closed["unread"]) if closed else (),
        _telling(ledger, accession),
    )


def _telling(ledger: Ledger, accession: str) -> tuple[Hop, ...]:
    return tuple(each.hop for each in told_of(ledger, [accession])[accession])


def _accession_lines(ledger: Ledger, accessions: Sequence[str]) -> list[AccessionLine]:
    kinds = (OPENED, CLOSED, TOLD)
    found = ledger.store.rows_about_each("accession", accessions, kinds)
    lines = []
    for accession in accessions:
        rows = found[accession]
        opened = [row for row in rows if row.act.type == OPENED]
        if opened:
            closed = [row for row in rows if row.act.type == CLOSED]
            told = _told([row for row in rows if row.act.type == TOLD])
            lines.append(_accession_line(ledger, accession, opened[0], closed, told))
    return lines


def _accession_line(
    ledger: Ledger, accession: str, opened: Row, closed: Sequence[Row], told: tuple[ToldHop, ...]
) -> AccessionLine:
    fields = opened.act.opened()
    end = closed[-1].act.opened() if closed else {}
    counted = ("accession", accession), ("type", TAKEN_IN)
    return AccessionLine(
        accession,
        str(fields["time"]),
        opened.seq,
        tuple(fields["paths"]),
        str(fields["note"]),
        closed[-1].seq if closed else None,
        str(end.get("manifest_sha256", "")),
        int(end["receipts"]) if end else ledger.store.count_about(*counted),
        tuple(end.get("gaps", ())),
        tuple(end.get("unread", ())),
        told,
    )


def _told(rows: Sequence[Row]) -> tuple[ToldHop, ...]:
    told = [(row.seq, row.act.opened()) for row in rows]
    hops = [ToldHop(seq, str(fields["time"]), _hop(fields)) for seq, fields in told]
    return tuple(sorted(hops, key=lambda each: each.hop.hop))


@lru_cache(maxsize=ROWS_REMEMBERED)
def _receipt(row: Row) -> ItemReceipt:
    return receipt_of(row.act.opened())


def _hop(fields: dict[str, Json]) -> Hop:
    return Hop(**{name: fields[name] for name in Hop.__dataclass_fields__})


# A row never changes, and opening its fields is what a page of a list takes longest for.
@lru_cache(maxsize=ROWS_REMEMBERED)
def _item_line(row: Row) -> ItemLine:
    fields = row.act.opened()
    return ItemLine(
        str(fields["item"]),
        str(fields["name_text"]),
        int(fields["length"]),
        str(fields["sha256"]),
        fields["duration_ns"],
        str(fields["time"]),
    )


def _shown(entry: Entry) -> ActShown:
    fields = act_fields(entry.act)
    for fixed in ("v", "type", "nonce", "_sd", "_sd_alg"):
        fields.pop(fixed, None)
    return ActShown(entry.seq, entry.act.type, str(fields.pop("time", "")), fields)
