"""From packets in the file's order to the chain: units, frames, slots, tree (spec/seal.md).

Memory stays flat: records stay on disk, only order, slots and one block of the tree are held.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from dalil.errors import MediaTooLarge
from dalil.kernel import seal, slots
from dalil.kernel.salt import SealSecret
from dalil.media.tables import FRAME, NONE_32, UNIT

PORTION = 8192
BLOCK = 1 << slots.BLOCK_DEPTH
MAX_FRAMES_OF_UNIT = 65535
PACKETS, FRAMES, LEAVES = "packets.part", "frames.part", "leaves.part"

Order = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The tree's depth and root."""

    depth: int
    tree_root: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What the records leave open: values of configurations, pixel formats, side data by hash."""

    configs: tuple[str, ...]
    formats: tuple[str, ...]
    side_data: dict[bytes, str]
    time_bases: tuple[tuple[int, int], ...]


def bind(folder: Path, secret: SealSecret, said: Said) -> Sealed:
    """Write ``units``, ``frames`` and ``nodes`` from the two part files, and remove those.

    Raises:
        MediaTooLarge: more packets than the deepest tree holds.

    """
    order = _chain_order(folder / PACKETS)
    count = len(order)
    depth = slots.depth_for(count + len(said.configs))
    drawn = slots.draw_slots(secret, depth, count + len(said.configs))
    places = _write_frames(folder, order)
    blocks = _Blocks(folder / LEAVES, drawn, depth)
    with (folder / PACKETS).open("rb") as parts, (folder / "units").open("wb") as units:
        _write_units(_Chain(secret, said, parts, folder / "frames"), order, drawn, places, units,
                     blocks)  # fmt: skip
    configs = b"".join(
        seal.config_of(secret, number, value).leaf for number, value in enumerate(said.configs)
    )
    blocks.add(count, np.frombuffer(configs, np.uint8).reshape(-1, 32))
    del order, places
    root = _write_nodes(folder / "nodes", secret, depth, blocks)
    blocks.close()
    for name in (PACKETS, FRAMES, LEAVES):
        (folder / name).unlink()
    return Sealed(depth, root)


def _chain_order(path: Path) -> Order:
    """Return for each place in the chain the packet's number in the file's order."""
    count = path.stat().st_size // UNIT.itemsize
    slots.depth_for(count)
    times, streams = np.empty(count, np.int64), np.empty(count, np.uint16)
    with path.open("rb") as file:
        for start in range(0, count, PORTION):
            rows = _portion(file)
            times[start : start + len(rows)] = rows["order_ns"]
            streams[start : start + len(rows)] = rows["stream"]
    # Within a stream packets are in order of j already, and the sort is stable.
    return np.lexsort((streams, times)).astype(np.int32)


def _write_frames(folder: Path, order: Order) -> Order:
    """Write ``frames`` in order of their units; return the place of each frame's unit."""
    count = (folder / FRAMES).stat().st_size // FRAME.itemsize
    place_of = np.empty(len(order), np.int32)
    place_of[order] = np.arange(len(order), dtype=np.int32)
    places = np.empty(count, np.int32)
    with (folder / FRAMES).open("rb") as parts, (folder / "frames").open("wb") as out:
        for start in range(0, count, PORTION):
            rows = _portion(parts, FRAME)
            places[start : start + len(rows)] = place_of[rows["unit"].astype(np.int64)]
        by_place = np.argsort(places, kind="stable").astype(np.int32)
        places = places[by_place]
        for start in range(0, count, PORTION):
            rows = _gather(parts, FRAME, by_place[start : start + PORTION])
            rows["unit"] = places[start : start + PORTION]
            out.write(rows.tobytes())
    return places


class _Chain:
    """Makes leaves of records, one after another."""

    def __init__(self, secret: SealSecret, said: Said, parts: BinaryIO, frames: Path) -> None:
        self.parts = parts
        self.frames = frames
        self._secret = secret
        self._said = said
        self._configs = [
            seal.config_of(secret, i, value).leaf.hex() for i, value in enumerate(said.configs)
        ]
        self._before = 0

    def leaves(self, first: int, rows: NDArray[np.void], pixels: list[str]) -> bytes:
        """Return the leaf hashes of ``rows``, which stand from place ``first`` on."""
        return b"".join(
            [self._leaf(first + i, row, pixels[i]) for i, row in enumerate(rows.tolist())]
        )

    def pixels(self, firsts: NDArray[np.int64]) -> list[str]:
        """Return the value of "pixels" for places whose frames begin at ``firsts`` (one more)."""
        start, end = int(firsts[0]), int(firsts[-1])
        if start == end:
            return ["none"] * (len(firsts) - 1)
        formats = self._said.formats
        with self.frames.open("rb") as file:
            data = os.pread(file.fileno(), (end - start) * FRAME.itemsize, start * FRAME.itemsize)
        rows = np.frombuffer(data, FRAME).tolist()
        words = [(w, h, formats[f], bytes(root)) for _, _, _, w, h, f, _, _, _, root in rows]
        bounds = (firsts - start).tolist()
        return [seal.pixels_value(words[a:b]) for a, b in pairwise(bounds)]

    def _leaf(self, place: int, row: tuple[int, ...], pixels: str) -> bytes:
        (stream, j, order_ns, dts, pts, duration, size, _, config, _, _, _, key, _,
         digest, side, _) = row  # fmt: skip
        suffix = self._said.side_data.get(bytes(side), "")
        shown = _NONE if pts == _NONE else (
            seal.nanoseconds(pts, *self._said.time_bases[stream]) - order_ns
        )  # fmt: skip
        values = (
            seal.packet_value(size, bytes(digest).hex(), suffix),
            seal.timing_value(
                stream, order_ns - self._before, None if pts == _NONE else shown, duration, key,
                self._configs[config],
            ),
            seal.position_value(j, None if dts == _NONE else dts, None if pts == _NONE else pts),
            pixels,
        )  # fmt: skip
        self._before = order_ns
        return seal.unit_of(self._secret, place, stream, j, values).leaf


_NONE = -(2**63)


def _write_units(
    chain: _Chain,
    order: Order,
    drawn: slots.Slots,
    places: Order,
    units: BinaryIO,
    blocks: _Blocks,
) -> None:
    for start in range(0, len(order), PORTION):
        end = min(start + PORTION, len(order))
        rows = _gather(chain.parts, UNIT, order[start:end])
        rows["slot"] = drawn[start:end]
        firsts = np.searchsorted(places, np.arange(start, end + 1))
        counts = np.diff(firsts)
        if int(counts.max()) > MAX_FRAMES_OF_UNIT:
            raise MediaTooLarge("more than 65,535 frames in one packet")
        rows["frames"] = counts
        rows["first_frame"] = np.where(counts > 0, firsts[:-1], NONE_32)
        units.write(rows.tobytes())
        leaves = chain.leaves(start, rows, chain.pixels(firsts))
        blocks.add(start, np.frombuffer(leaves, np.uint8).reshape(-1, 32))


class _Blocks:
    """Leaf hashes on disk, put with the block of 2^16 slots that each belongs to."""

    def __init__(self, path: Path, drawn: slots.Slots, depth: int) -> None:
        self._file = path.open("w+b")
        self._drawn = drawn
        counts = np.bincount(drawn >> slots.BLOCK_DEPTH, minlength=1 << (depth - 16))
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._at = self._starts.copy()

    def add(self, first: int, leaves: slots.Hashes) -> None:
        """Add the hashes of the leaves from number ``first`` on."""
        slots_here = self._drawn[first : first + len(leaves)]
        homes = slots_here >> slots.BLOCK_DEPTH
        by_home = np.argsort(homes, kind="stable")
        records = np.empty((len(leaves), 36), np.uint8)
        records[:, :4] = (slots_here & (BLOCK - 1)).astype(">u4").view(np.uint8).reshape(-1, 4)
        records[:, 4:] = leaves
        here, begins = np.unique(homes[by_home], return_index=True)
        ends = [*begins[1:].tolist(), len(leaves)]
        for home, begin, end in zip(here.tolist(), begins.tolist(), ends, strict=True):
            data = records[by_home[begin:end]].tobytes()
            os.pwrite(self._file.fileno(), data, int(self._at[home]) * 36)
            self._at[home] += end - begin

    def read(self, block: int) -> tuple[NDArray[np.int64], slots.Hashes]:
        """Return places and hashes of one block's leaves."""
        first, last = int(self._starts[block]), int(self._starts[block + 1])
        data = os.pread(self._file.fileno(), (last - first) * 36, first * 36)
        records = np.frombuffer(data, np.uint8).reshape(-1, 36)
        places = np.ascontiguousarray(records[:, :4]).view(">u4").reshape(-1)
        return places.astype(np.int64), records[:, 4:]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _write_nodes(path: Path, secret: SealSecret, depth: int, blocks: _Blocks) -> bytes:
    tops = []
    with path.open("wb") as file:
        for nodes in slots.build_nodes(secret, depth, blocks.read):
            file.write(nodes.tobytes())
            tops.append(slots.root_of(nodes))
    return slots.root_of(np.concatenate(tops)).tobytes()


def _portion(file: BinaryIO, kind: np.dtype[np.void] = UNIT) -> NDArray[np.void]:
    return np.frombuffer(file.read(PORTION * kind.itemsize), kind)


def _gather(file: BinaryIO, kind: np.dtype[np.void], wanted: Order) -> NDArray[np.void]:
    """Return the records of these numbers, in this order, as a fresh array."""
    size = kind.itemsize
    low, high = int(wanted.min()), int(wanted.max()) + 1
    if high - low <= 4 * len(wanted):
        data = os.pread(file.fileno(), (high - low) * size, low * size)
        return np.frombuffer(data, kind)[wanted - low]
    parts = [os.pread(file.fileno(), size, int(each) * size) for each in wanted]
    return np.frombuffer(bytearray(b"".join(parts)), kind)
