"""The log read again from its first act: rows, index, signatures, people, tiles, checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dalil.errors import Refusal
from dalil.kernel.act import check_form, check_issuer, entry_of
from dalil.kernel.canonical import Json
from dalil.kernel.checkpoint import Checkpoint
from dalil.kernel.merkle import leaf_hash
from dalil.kernel.merkle import root as root_of
from dalil.kernel.note import ED25519, SignedCheckpoint, VerifierKey, check_all
from dalil.ledger.act_store import PAGE, Row, same_index
from dalil.ledger.keyring import broken_key_files
from dalil.ledger.ledger import Ledger
from dalil.ledger.people import Roster
from dalil.ledger.tiles import ENTRIES, HASH, MAX_LEVEL, WIDTH, Edge, bundle, place_of, tile_path
from dalil.ledger.timestamp import check_stamps, kept_files
from dalil.vault.archive import read_plate

ENTRY_BYTES = 64
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is broken, and where: a path below the archive, or ``act N``."""

    where: str
    what: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What was read and found. ``notes`` are worth knowing and break nothing."""

    acts: int
    signed: int
    people: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found broken."""
        return not self.findings


@dataclass(slots=True)
class _Reading:
    """What is known so far while the acts are read in order."""

    ledger: Ledger
    keys: Sequence[VerifierKey]
    roots: dict[int, list[tuple[str, bytes]]]
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    edge: Edge = field(default_factory=Edge)
    begun: list[bytes] = field(default_factory=list)
    roster: Roster = field(default_factory=Roster)
    stamped: list[int] = field(default_factory=list)
    last_time: str = ""
    created_at: str = ""

    def find(self, where: str, what: str, seq: int | None = None) -> None:
        self.findings.append(Finding(where, what, seq))


def check_log(
    ledger: Ledger,
    progress: Progress | None = None,
    against: Sequence[SignedCheckpoint] = (),
) -> LogCheck:
    """Read the whole log again and name everything that does not fit.

    Args:
        ledger: of the archive.
        progress: is told (acts read, acts in all).
        against: checkpoints that somebody kept elsewhere, from receipts for instance; only they
            can show that the whole log was written anew by whoever holds the archive's keys.

    """
    reading = _Reading(ledger, (), {}, created_at=read_plate(ledger.archive).created_at)
    note = _note(reading)
    for each in (*(() if note is None else (note,)), *against):
        _expect(
            reading, each, "log/checkpoint" if each is note else "the checkpoint kept elsewhere"
        )
    count = 0
    try:
        for fault in ledger.store.faults():
            reading.find("acts.sqlite", fault)
        count = ledger.store.count()
        _read_rows(reading, count, progress)
    except Refusal as refusal:
        reading.find("acts.sqlite", str(refusal))
    _check_ends(reading, note)
    _check_tiles(reading)
    _check_keys(reading)
    _check_tokens(reading)
    return LogCheck(
        count,
        0 if note is None else note.checkpoint.size,
        len(reading.roster.active()),
        tuple(reading.findings),
        tuple(reading.notes),
    )


def _note(reading: _Reading) -> SignedCheckpoint | None:
    try:
        reading.keys = reading.ledger.vkeys()
        if [key.algorithm for key in reading.keys] != [ED25519, 6]:
            reading.find("log/vkeys", "these are not the two keys of an archive")
        if any(key.name != reading.ledger.origin for key in reading.keys):
            reading.find("log/vkeys", "these are the keys of another archive")
    except Refusal as refusal:
        reading.find("log/vkeys", str(refusal))
    try:
        return reading.ledger.note()
    except Refusal as refusal:
        reading.find("log/checkpoint", str(refusal))
    return None


def _expect(reading: _Reading, note: SignedCheckpoint, where: str) -> None:
    checkpoint: Checkpoint = note.checkpoint
    try:
        check_all(note, reading.keys)
    except Refusal as refusal:
        reading.find(where, str(refusal))
    if checkpoint.origin != reading.ledger.origin:
        reading.find(where, f"it is of the log {checkpoint.origin}")
        return
    reading.roots.setdefault(checkpoint.size, []).append((where, checkpoint.root))


def _read_rows(reading: _Reading, count: int, progress: Progress | None) -> None:
    _compare_root(reading)
    rows = reading.ledger.store.rows()
    expected = 0
    while page := list(islice(rows, PAGE)):
        about = reading.ledger.store.about(page[0].seq, page[-1].seq + 1)
        for row in page:
            if row.seq != expected:
                reading.find(f"act {expected}", "its row is missing", expected)
            expected = row.seq + 1
            _check_row(reading, row)
            if not same_index(row, about.pop(row.seq, set())):
                reading.find(f"act {row.seq}", "the index says something else of it", row.seq)
            _grow(reading, row)
        for seq in about:
            reading.find(f"act {seq}", "the index names it, and it is not there", seq)
        if progress:
            progress(expected, count)


def _check_row(reading: _Reading, row: Row) -> None:
    where = f"act {row.seq}"
    try:
        if row.entry != entry_of(row.jwt):
            reading.find(where, "its log entry is not that of its text", row.seq)
        act = row.act
        check_form(act)
        if reading.keys:
            check_issuer(act, reading.keys[0].key)
        for wrong in reading.roster.take(row.seq, act):
            reading.find(where, wrong, row.seq)
        fields = act.opened()
    except Refusal as refusal:
        reading.find(where, str(refusal), row.seq)
        return
    stated = str(fields.get("time", ""))
    if row.seq == 0 and stated != reading.created_at:
        reading.find("dalil-archive.json", "it states another time than the first act", 0)
    if stated < reading.last_time:
        reading.notes.append(f"{where} states {stated}, an earlier time than the act before it")
    reading.last_time = stated
    if act.type == "stamped":
        reading.stamped.append(row.seq)
    if "records_root" in fields:
        _check_records(reading, row.seq, fields)


def _check_records(reading: _Reading, seq: int, fields: dict[str, Json]) -> None:
    """Compare the records of an act with the root that it signs."""
    kept = reading.ledger.store.records(seq)
    if len(kept) != fields.get("records"):
        reading.find(f"act {seq}", f"{len(kept)} of its records are here", seq)
        return
    try:
        rooted = root_of([each.commitment.leaf for each in kept])
    except Refusal as refusal:
        reading.find(f"act {seq}", f"its records: {refusal}", seq)
        return
    if rooted.hex() != fields["records_root"]:
        reading.find(f"act {seq}", "its records are not those that it signs", seq)


def _grow(reading: _Reading, row: Row) -> None:
    # What the log must hold follows from the act's text, whatever the row's own entry says.
    entry = entry_of(row.jwt)
    reading.begun.append(entry)
    for level, number, raw in reading.edge.push(leaf_hash(entry)):
        _compare(reading, tile_path(level, number), raw)
        if level == 0:
            _compare(reading, tile_path(ENTRIES, number), bundle(reading.begun))
            reading.begun.clear()
    _compare_root(reading)


def _compare_root(reading: _Reading) -> None:
    for where, root in reading.roots.pop(reading.edge.size, ()):
        if root != reading.edge.root():
            what = f"its root is not that of the first {reading.edge.size} acts"
            reading.find(where, what)


def _compare(reading: _Reading, place: str, expected: bytes) -> None:
    try:
        if (reading.ledger.log / place).read_bytes() != expected:
            reading.find(f"log/{place}", "it is not what the acts give")
    except OSError:
        reading.find(f"log/{place}", "it is missing")


def _check_ends(reading: _Reading, note: SignedCheckpoint | None) -> None:
    size = reading.edge.size
    for signed, claims in reading.roots.items():
        for where, _ in claims:
            reading.find(where, f"it signs {signed} acts, and {size} are here: the end is cut off")
    if note is not None and note.checkpoint.size < size:
        lacking = size - note.checkpoint.size
        reading.notes.append(
            f"{lacking} acts wait for their checkpoint: the next command that writes finishes this"
        )


def _check_tiles(reading: _Reading) -> None:
    signed = reading.edge.size
    with suppress(Refusal):
        signed = reading.ledger.size
    begun = {(str(level), number): raw for level, number, raw in reading.edge.partial()}
    begun[ENTRIES, reading.edge.size // WIDTH] = bundle(reading.begun)
    if signed == reading.edge.size:
        for (level, number), raw in begun.items():
            width = len(raw) // (ENTRY_BYTES if level == ENTRIES else HASH)
            if width:
                _compare(reading, tile_path(level, number, width), raw)
    for path, level, at, width in _tile_files(reading.ledger.log):
        place = f"log/{path.relative_to(reading.ledger.log).as_posix()}"
        if at is None:
            reading.find(place, "it is no part of the log")
        elif width < WIDTH:
            whole = begun.get((level, at)) or _full(reading.ledger.log, level, at)
            length = width * (ENTRY_BYTES if level == ENTRIES else HASH)
            if len(whole) < length or path.read_bytes() != whole[:length]:
                reading.find(place, "it is not what the acts give")
        elif (at + 1) << (8 * (1 if level == ENTRIES else int(level) + 1)) > reading.edge.size:
            reading.find(place, "it lies beyond the last act")


def _tile_files(log: Path) -> Iterator[tuple[Path, str, int | None, int]]:
    names = {ENTRIES, *map(str, range(MAX_LEVEL + 1))}
    for path in sorted(log.rglob("*")):
        if not path.is_file() or path.parent == log:
            continue
        below = path.relative_to(log).parts
        known = len(below) > 2 and below[0] == "tile" and below[1] in names  # noqa: PLR2004
        number, width = place_of("/".join(below[2:])) if known else (None, WIDTH)
        if number is not None and tile_path(below[1], number, width) != "/".join(below):
            number = None
        yield path, below[1] if known else "", number, width


def _full(log: Path, level: str, number: int) -> bytes:
    try:
        return (log / tile_path(level, number)).read_bytes()
    except OSError:
        return b""


def _check_keys(reading: _Reading) -> None:
    for place in broken_key_files(reading.ledger.archive):
        reading.find(place, "it is not what was written")


def _check_tokens(reading: _Reading) -> None:
    """Each file that an act names must lie there as it was; one without an act is only noted."""
    archive = reading.ledger.archive
    named = set()
    for seq in reading.stamped:
        entry = reading.ledger.act(seq)
        for path, digest in kept_files(archive, entry.act.opened()):
            named.add(path)
            if not path.is_file():
                reading.find(f"time/{path.name}", "it is missing", seq)
            elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                reading.find(f"time/{path.name}", "it is not what it was", seq)
        for _, said in check_stamps(reading.ledger, [entry]):
            if isinstance(said, str):
                reading.find(f"act {seq}", said, seq)
    folder = archive / "time"
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        if path not in named:
            reading.notes.append(f"time/{path.name} is named by no act")
