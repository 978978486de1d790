"""The tables of a sealed file: records of units and frames, nodes, summary (spec/seal.md)."""

from __future__ import annotations

import hashlib
import os
import struct
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dalil.errors import Malformed, Missing
from dalil.kernel import canonical, seal, slots
from dalil.kernel.canonical import Json
from dalil.kernel.salt import SealSecret

NONE_64 = -(2**63)
NONE_32 = 2**32 - 1
NAMES = ("frames", "nodes", "summary.json", "tiles", "units")
UNIT_STRUCT = struct.Struct(">IQqqqqQqIIIHBB32s32s4x")
UNIT = np.dtype(
    [
        ("stream", ">u4"), ("j", ">u8"), ("order_ns", ">i8"), ("dts", ">i8"), ("pts", ">i8"),
        ("duration_ns", ">i8"), ("size", ">u8"), ("offset", ">i8"), ("config", ">u4"),
        ("slot", ">u4"), ("first_frame", ">u4"), ("frames", ">u2"), ("key", "u1"), ("zero", "u1"),
        ("sha256", "V32"), ("side", "V32"), ("end", "V4"),
    ]
)  # fmt: skip
FRAME_STRUCT = struct.Struct(">IIIIIHHqQ32s")
FRAME = np.dtype(
    [
        ("stream", ">u4"), ("number", ">u4"), ("unit", ">u4"), ("width", ">u4"), ("height", ">u4"),
        ("format", ">u2"), ("zero", ">u2"), ("pts", ">i8"), ("tile", ">u8"), ("root", "V32"),
    ]
)  # fmt: skip
MAX_SUMMARY = 16 << 20


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One decoded frame: which unit carried it, its shape, where its tiles stand, its root."""

    stream: int
    number: int
    unit: int
    width: int
    height: int
    pixels: str
    pts: int | None
    tile: int
    root: bytes

    @property
    def tiles(self) -> int:
        """How many tiles it has."""
        return -(-self.width // seal.TILE_SIDE) * -(-self.height // seal.TILE_SIDE)


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One packet at its place in the chain; ``pts_ns`` is its presentation time."""

    place: int
    stream: int
    j: int
    order_ns: int
    dts: int | None
    pts: int | None
    pts_ns: int | None
    duration_ns: int
    size: int
    offset: int | None
    config: int
    slot: int
    first_frame: int | None
    frames: int
    key: bool
    sha256: bytes
    side: bytes


@dataclass(frozen=True, slots=True)
class OpenedUnit:
    """A unit of the table with its leaf text and the disclosures that open it."""

    record: UnitRecord
    unit: seal.Unit


class Tables:
    """The tables in one ``seal/`` folder, read as needed."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; nothing is read yet."""
        self.folder = folder
        self._files: dict[str, int] = {}

    @cached_property
    def summary(self) -> Mapping[str, Json]:
        """The parsed summary.

        Raises:
            Missing: it is not there. Malformed: it is not one of this version.

        """
        try:
            value = canonical.decode((self.folder / "summary.json").read_bytes(), MAX_SUMMARY)
        except FileNotFoundError:
            raise Missing("the tables of a seal") from None
        if not isinstance(value, dict) or value.get("v") != 1:
            raise Malformed("a summary of another version")
        return value

    @cached_property
    def count(self) -> int:
        """How many units there are."""
        try:
            return (self.folder / "units").stat().st_size // UNIT.itemsize
        except FileNotFoundError:
            raise Missing("the table units of a seal") from None

    @property
    def depth(self) -> int:
        """Depth of the tree."""
        return int(self.summary["depth"])

    @property
    def tree_root(self) -> bytes:
        """Root of the tree."""
        return bytes.fromhex(self.summary["tree_root"])

    def rows(self, first: int, last: int) -> NDArray[np.void]:
        """Return the unit records from ``first`` up to but without ``last``."""
        return self._read("units", UNIT, first, last)

    def units(self, first: int, last: int) -> list[UnitRecord]:
        """Return units by place in the chain, from ``first`` up to but without ``last``."""
        return [
            self._record(first + i, row) for i, row in enumerate(self.rows(first, last).tolist())
        ]

    def units_at(self, places: Sequence[int]) -> list[UnitRecord]:
        """Return the units at these places, in this order."""
        found = {u.place: u for a, b in _runs(sorted(set(places))) for u in self.units(a, b)}
        return [found[place] for place in places]

    def frames(self, first: int, last: int) -> list[FrameRecord]:
        """Return frames by place in the table."""
        formats = self.summary["formats"]
        return [
            FrameRecord(s, n, u, w, h, formats[f], _some(pts), t, bytes(root))
            for s, n, u, w, h, f, _, pts, t, root in self._read(
                "frames", FRAME, first, last
            ).tolist()
        ]

    def frames_of(self, unit: UnitRecord) -> list[FrameRecord]:
        """Return the frames that a unit carries."""
        if unit.first_frame is None:
            return []
        return self.frames(unit.first_frame, unit.first_frame + unit.frames)

    def tile_digests(self, frame: FrameRecord) -> bytes:
        """Return the digests of a frame's tiles, 32 bytes each, in raster order."""
        with (self.folder / "tiles").open("rb") as file:
            file.seek(frame.tile * 32)
            return file.read(frame.tiles * 32)

    @cached_property
    def nodes(self) -> slots.Hashes:
        """The tree's nodes at height 4."""
        return np.fromfile(self.folder / "nodes", np.uint8).reshape(-1, 32)

    @cached_property
    def configs(self) -> tuple[str, ...]:
        """The value of each configuration."""
        return tuple(each["value"] for each in self.summary["configs"])

    def extradata(self, config: int) -> bytes:
        """Return the extradata of a configuration."""
        return bytes.fromhex(self.summary["configs"][config]["extradata"])

    @cached_property
    def _time_bases(self) -> tuple[tuple[int, int], ...]:
        pairs = (each["time_base"].split("/") for each in self.summary["streams"])
        return tuple((int(n), int(d)) for n, d in pairs)

    def time_base(self, stream: int) -> tuple[int, int]:
        """Return numerator and denominator of a stream's tick, in seconds."""
        return self._time_bases[stream]

    def config_leaves(self, secret: SealSecret) -> list[seal.Config]:
        """Return every configuration leaf."""
        return [seal.config_of(secret, i, value) for i, value in enumerate(self.configs)]

    def opened(self, secret: SealSecret, first: int, last: int) -> Iterator[OpenedUnit]:
        """Yield units by place in the chain, with text and disclosures."""
        configs = [each.leaf.hex() for each in self.config_leaves(secret)]
        before = self.units(first - 1, first)[0].order_ns if first else 0
        for start in range(first, last, 4096):
            for record in self.units(start, min(last, start + 4096)):
                yield OpenedUnit(record, self._open(secret, record, before, configs))
                before = record.order_ns

    def _open(
        self, secret: SealSecret, record: UnitRecord, before: int, configs: Sequence[str]
    ) -> seal.Unit:
        frames = self.frames_of(record)
        suffix = self.summary["side_data"][record.side.hex()] if any(record.side) else ""
        shown = None if record.pts_ns is None else record.pts_ns - record.order_ns
        values = (
            seal.packet_value(record.size, record.sha256.hex(), suffix),
            seal.timing_value(
                record.stream, record.order_ns - before, shown,
                record.duration_ns, int(record.key), configs[record.config],
            ),
            seal.position_value(record.j, record.dts, record.pts),
            seal.pixels_value([(f.width, f.height, f.pixels, f.root) for f in frames]),
        )  # fmt: skip
        return seal.unit_of(secret, record.place, record.stream, record.j, values)

    def siblings(
        self, secret: SealSecret, leaves: Mapping[int, bytes], configs: Sequence[int]
    ) -> list[bytes]:
        """Return the hashes that a proof of these units and configurations needs.

        Order: as ``merkle.multiproof_siblings`` of their slots. ``leaves`` are those of the units,
        by place.
        """
        all_slots = self.slots(secret)
        wanted = [int(all_slots[p]) for p in leaves]
        wanted += [int(all_slots[self.count + c]) for c in configs]
        groups = np.unique(np.array(wanted, np.int64) >> slots.NODE_HEIGHT)
        touched = np.flatnonzero(np.isin(all_slots >> slots.NODE_HEIGHT, groups))
        others = [place for place in touched.tolist() if place not in leaves]
        real = {int(all_slots[place]): leaf for place, leaf in leaves.items()}
        real |= {int(all_slots[place]): leaf for place, leaf in self._leaves(secret, others)}
        return slots.siblings(secret, self.depth, self.nodes, wanted, real)

    def slots(self, secret: SealSecret) -> slots.Slots:
        """Return the slot of every unit and then of every configuration."""
        return slots.draw_slots(secret, self.depth, self.count + len(self.configs))

    def slot_of_config(self, secret: SealSecret, config: int) -> int:
        """Return the slot of a configuration."""
        return int(self.slots(secret)[self.count + config])

    def _leaves(self, secret: SealSecret, places: list[int]) -> Iterator[tuple[int, bytes]]:
        configs = [each.leaf.hex() for each in self.config_leaves(secret)]
        units = [place for place in places if place < self.count]
        for first, last in _runs(units):
            before, *records = self.units(max(0, first - 1), last)
            if not first:
                records = [before, *records]
            due = before.order_ns if first else 0
            for record in records:
                yield record.place, self._open(secret, record, due, configs).leaf
                due = record.order_ns
        for place in places:
            if place >= self.count:
                number = place - self.count
                yield place, seal.config_of(secret, number, self.configs[number]).leaf

    def rebuilt_root(self, secret: SealSecret) -> bytes:
        """Build the whole tree anew from the tables and return its root: the court's check."""
        places = self.slots(secret)
        leaves = np.empty((len(places), 32), np.uint8)
        for place, leaf in self._leaves(secret, list(range(len(places)))):
            leaves[place] = np.frombuffer(leaf, np.uint8)
        order = np.argsort(places, kind="stable")
        bounds = np.searchsorted(
            places[order], np.arange((1 << (self.depth - 16)) + 1, dtype=np.int64) << 16
        )

        def real(block: int) -> tuple[NDArray[np.int64], slots.Hashes]:
            chosen = order[bounds[block] : bounds[block + 1]]
            return (places[chosen] & 0xFFFF).astype(np.int64), leaves[chosen]

        nodes = np.concatenate(list(slots.build_nodes(secret, self.depth, real)))
        return slots.root_of(nodes).tobytes()

    def _read(self, name: str, kind: np.dtype[np.void], first: int, last: int) -> NDArray[np.void]:
        if name not in self._files:
            try:
                self._files[name] = os.open(self.folder / name, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                raise Missing(f"the table {name} of a seal") from None
            weakref.finalize(self, os.close, self._files[name])
        size = kind.itemsize
        data = os.pread(self._files[name], max(0, last - first) * size, first * size)
        if len(data) != (last - first) * size:
            raise Malformed(f"the table {name} is too short")
        return np.frombuffer(data, kind)

    def _record(self, place: int, row: tuple[int, ...]) -> UnitRecord:
        (stream, j, order_ns, dts, pts, duration, size, offset, config, slot, first, frames, key,
         _, digest, side, _) = row  # fmt: skip
        shown = _some(pts)
        return UnitRecord(
            place, stream, j, order_ns, _some(dts), shown,
            None if shown is None else seal.nanoseconds(shown, *self._time_bases[stream]),
            duration, size, None if offset == -1 else offset, config, slot,
            None if first == NONE_32 else first, frames, bool(key),
            bytes(digest), bytes(side),
        )  # fmt: skip


def table_sha256(folder: Path) -> str:
    """Return SHA-256, hexadecimal, over what ``sha256sum`` prints for the tables in their order."""
    lines = []
    for name in NAMES:
        digest = hashlib.sha256()
        with (folder / name).open("rb") as file:
            while portion := file.read(1 << 20):
                digest.update(portion)
        lines.append(f"{digest.hexdigest()}  {name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _runs(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    first = last = -1
    for place in places:
        if place == last and place - first < 4096:  # noqa: PLR2004 - one portion of reading
            last += 1
            continue
        if last > first:
            yield first, last
        first, last = place, place + 1
    if last > first:
        yield first, last


def _some(value: int) -> int | None:
    return None if value == NONE_64 else value
