"""From a part to a part with its proof: the act first, then the proof, then the folder's name."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dalil.disclose.check_media import check_excerpt, check_rendition_container
from dalil.disclose.check_proof import read_unit
from dalil.disclose.claims import file_sha256
from dalil.disclose.conditions import COURT, Conditions, demand_release
from dalil.engines.files import disk_room, rename_durably, sha256_of, sync_file, write_synced
from dalil.errors import ArchiveExists, CannotCutHere, NoSuchThing, ProofBroken
from dalil.kernel.act import Act
from dalil.kernel.disclosure import digest_of
from dalil.kernel.note import VerifierKey
from dalil.kernel.proof import (
    ConfigProof,
    FrameProof,
    Header,
    LoggedAct,
    OpenPacket,
    OpenText,
    Proof,
    PublishedFile,
    Totals,
    UnitProof,
    encode_proof,
)
from dalil.kernel.salt import SealSecret
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Entry, Ledger
from dalil.media.tables import OpenedUnit, Tables, UnitRecord
from dalil.vault.vault import Vault

SUFFIX = ".excerpt-proof"
ITEM = re.compile(r"[0-9a-f]{32}")
UNFINISHED = ".unfinished"
NOT_SHOWN = {"item"}
NOT_SHOWN_IN_PUBLIC = {"item", "from_ns", "to_ns"}
CARD_IN_COURT = ("units", "frames", "duration_ns")


@dataclass(frozen=True, slots=True)
class SealedItem:
    """An item as its parts are cut: file, tables, the secret of its salts, its seal card."""

    archive: Path
    item: str
    original: Path
    tables: Tables
    secret: SealSecret
    card: Entry


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: files and proof; units here, of which so many are open; what is shown."""

    folder: Path
    files: tuple[Path, ...]
    proof: Path
    act: int
    receipt: Path
    units: int
    opened: int
    withheld: int
    from_ns: int
    to_ns: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a part would show, and what stays, before anything of it is signed.

    ``units`` of the run, of which so many would be open; ``pictures`` shown, of all in the film;
    ``hidden`` of the ``tiles`` of one picture; ``tracks`` of sound that can be heard;
    ``warnings``: what it carries along. ``whole_ns`` is how long the film is.
    """

    kind: str
    from_ns: int
    to_ns: int
    units: int
    opened: int
    pictures: int
    all_pictures: int
    whole_ns: int
    tracks: int
    tiles: int = 0
    hidden: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be proven: a run of the chain, by place what is open of it, and the files.

    ``packets`` gives for an open packet its offset in the published file; ``pixels`` names units
    whose frames are open; ``frames`` stand in order of the chain.
    """

    kind: str
    first: int
    last: int
    packets: dict[int, int]
    pixels: frozenset[int]
    frames: tuple[FrameProof, ...]
    container: str
    files: tuple[PublishedFile, ...]
    from_ns: int
    to_ns: int


def sealed_item(archive: Path, item: str, signer: Signer) -> SealedItem:
    """Gather what cutting needs.

    Raises:
        NoSuchThing: there is no such item, or it was not sealed.

    """
    vault = Vault.open(archive)
    item = _item(vault, item)
    cards = [each for each in Ledger.open(archive).acts_about(item) if each.act.type == "sealed"]
    if not cards:
        raise NoSuchThing(f"a seal of {item}")
    return SealedItem(
        archive,
        item,
        vault.original_path(item),
        Tables(vault.tables(item)),
        vault.secret(item, signer.item_secret),
        cards[-1],
    )


def kept_item(archive: Path, item: str) -> tuple[Path, Tables]:
    """Return the original of an item, and what was read of it when it was sealed.

    Raises:
        NoSuchThing: there is no such item.

    """
    vault = Vault.open(archive)
    item = _item(vault, item)
    return vault.original_path(item), Tables(vault.tables(item))


def _item(vault: Vault, named: str) -> str:
    """Return the item of this id, or the only one whose id begins so."""
    if ITEM.fullmatch(named) and vault.has(named):
        return named
    found = [each for each in vault.items() if named and each.startswith(named)]
    if len(found) != 1:
        raise NoSuchThing(f"{named}: {len(found)} items begin so" if found else named)
    return found[0]


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write into; it gets the name ``out`` only once everything is in it.

    Raises:
        ArchiveExists: there is something of that name already.

    """
    if out.exists() or out.is_symlink():
        raise ArchiveExists(str(out))
    work = out.with_name(f".{out.name}{UNFINISHED}")
    shutil.rmtree(work, ignore_errors=True)
    try:
        with disk_room(out):
            work.mkdir(parents=True)
            yield work
            for path in sorted(work.iterdir()):
                with path.open("rb") as file:
                    sync_file(file.fileno())
        if out.exists():
            raise ArchiveExists(str(out))
        rename_durably(work, out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def publish(
    folder: Path, sealed: SealedItem, part: Part, conditions: Conditions, signer: Signer
) -> tuple[bytes, int, Path]:
    """Enter the disclosure in the ledger; return the proof's bytes, the act and its receipt.

    ``folder`` holds the published files.

    Raises:
        CannotCutHere: a player would find in them something else than was sealed.
        FamilyNotAnswered: they show somebody to the public whose family has not agreed.

    """
    ledger = Ledger.open(sealed.archive)
    court = conditions.purpose == COURT
    proof = _proof(sealed, part, ledger.vkeys(), court=court)
    _demand_sealed_play(folder, sealed, proof, part)

    def demand() -> None:
        demand_release(sealed.archive, sealed.item, conditions, part.from_ns, part.to_ns)

    # Whatever fails from here on, the ledger already says that this part was cut.
    entry = ledger.append([_draft(sealed, part, conditions, signer)], signer, demand)[0]
    hidden = NOT_SHOWN if court else NOT_SHOWN_IN_PUBLIC
    header = replace(
        proof.header,
        card=replace(proof.header.card, proof=str(ledger.proof(sealed.card.seq))),
        disclosure=LoggedAct(_without(entry.act, hidden), str(ledger.proof(entry.seq))),
    )
    receipt = ledger.write_receipt(entry.seq)
    return encode_proof(replace(proof, header=header)), entry.seq, receipt


def _draft(sealed: SealedItem, part: Part, conditions: Conditions, signer: Signer) -> Draft:
    count = part.last - part.first
    opened = len(part.packets.keys() | part.pixels)
    return Draft(
        "disclosed",
        {
            "item": sealed.item,
            "kind": part.kind,
            "from_ns": part.from_ns,
            "to_ns": part.to_ns,
            "file_sha256": file_sha256(part.files),
            "opened": opened,
            "withheld": count - opened,
            **conditions.act_fields(signer),
        },
        {"tree_root": sealed.tables.tree_root.hex(), "depth": sealed.tables.depth},
    )


def _demand_sealed_play(folder: Path, sealed: SealedItem, proof: Proof, part: Part) -> None:
    """Refuse what a verifier would refuse, before anything is said to have been disclosed."""
    records = sealed.tables.units(part.first, part.last)
    opened = tuple(
        read_unit(unit, record.sha256 if isinstance(unit.packet, OpenPacket) else None)
        for unit, record in zip(proof.units, records, strict=True)
    )
    path = folder / part.files[0].name
    try:
        if part.kind == "excerpt":
            check_excerpt(path, proof, opened)
        elif part.kind == "redacted":
            check_rendition_container(path, proof, opened)
    except ProofBroken as refusal:
        raise CannotCutHere(refusal.about) from None


def finish(folder: Path, name: str, proof: bytes) -> str:
    """Write the proof beside the published file and return its name."""
    write_synced(folder / (name + SUFFIX), proof)
    return name + SUFFIX


def published_file(path: Path, plane: str | None = None) -> PublishedFile:
    """Return name, size and SHA-256 of a file."""
    return PublishedFile(path.name, path.stat().st_size, sha256_of(path), plane)


def _proof(sealed: SealedItem, part: Part, keys: Sequence[VerifierKey], *, court: bool) -> Proof:
    """Return the proof without what only the ledger can give once the act is in it."""
    tables, secret = sealed.tables, sealed.secret
    run = list(tables.opened(secret, part.first, part.last))
    numbers = _published_first(run, part)
    withheld = part.last - part.first - len(part.packets.keys() | part.pixels)
    card = sealed.card.act.presentation(CARD_IN_COURT if court else ())
    header = Header(
        kind=part.kind,
        depth=tables.depth,
        tree_root=tables.tree_root,
        vkeys=(str(keys[0]), str(keys[1])),
        card=LoggedAct(card, ""),
        disclosure=LoggedAct("", ""),
        configs=tuple(_configs(sealed, numbers, run, part)),
        container=part.container,
        published=part.files,
        totals=_totals(tables, len(run) - withheld) if court else None,
        units=len(run),
    )
    units = tuple(_unit(secret, each, numbers, part, court=court) for each in run)
    last_link = bytes.fromhex(run[-1].unit.text[41:73].decode("ascii"))
    leaves = {each.record.place: each.unit.leaf for each in run}
    siblings = tuple(tables.siblings(secret, leaves, numbers))
    return Proof(header, units, last_link, siblings, part.frames)


def _published_first(run: Sequence[OpenedUnit], part: Part) -> list[int]:
    """Return the configurations of a run: those of published streams first, by stream."""
    heard = {each.record.stream for each in run if each.record.place in part.packets}
    named = {(each.record.stream, each.record.config) for each in run}
    ordered = sorted(named, key=lambda each: (each[0] not in heard, each))
    return [config for _, config in ordered]


def _totals(tables: Tables, opened: int) -> Totals:
    return Totals(opened, tables.count - opened, tables.count)


def _without(act: Act, hidden: set[str]) -> str:
    return act.presentation(name for name in (*act.opened(), "by") if name not in hidden)


def _configs(
    sealed: SealedItem, numbers: Iterable[int], run: Sequence[OpenedUnit], part: Part
) -> Iterator[ConfigProof]:
    tables, secret = sealed.tables, sealed.secret
    leaves = tables.config_leaves(secret)
    slots = tables.slots(secret)
    heard = {each.record.config for each in run if each.record.place in part.packets}
    for number in numbers:
        extradata = tables.extradata(number) if number in heard else b""
        slot = int(slots[tables.count + number])
        yield ConfigProof(slot, leaves[number].disclosure, extradata)


def _unit(
    secret: SealSecret, opened: OpenedUnit, numbers: list[int], part: Part, *, court: bool
) -> UnitProof:
    record, disclosures = opened.record, opened.unit.disclosures
    salts = secret.draw("unit", record.stream, record.j, 64)
    digests = [digest_of(each) for each in disclosures]
    offset = part.packets.get(record.place)
    shown = record.place in part.pixels
    return UnitProof(
        slot=record.slot,
        link=bytes.fromhex(opened.unit.text[8:40].decode("ascii")),
        config=numbers.index(record.config),
        packet=digests[0]
        if offset is None
        else _packet(record, salts[:16], offset, disclosures[0]),
        timing=OpenText(salts[16:32], _value(disclosures[1]).rpartition(" ")[0]),
        position=OpenText(salts[32:48], _value(disclosures[2])) if court else digests[2],
        pixels=OpenText(salts[48:], _value(disclosures[3])) if shown else digests[3],
    )


def _packet(record: UnitRecord, salt: bytes, offset: int, disclosure: str) -> OpenPacket:
    side_data = ""
    if any(record.side):
        side_data = _value(disclosure).removeprefix(f"{record.size} {record.sha256.hex()}")
    return OpenPacket(salt, record.size, offset, side_data)


def _value(disclosure: str) -> str:
    text = base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4))
    value = json.loads(text)[2]
    if not isinstance(value, str):
        raise CannotCutHere("a field of the seal is no text")
    return value
