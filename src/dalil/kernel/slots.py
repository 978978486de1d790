"""The tree over slots, and other trees over many hashes (spec/seal.md, "Tree" and "Tiles").

Arrays are (n, 32) uint8: one hash a row. Memory stays flat: a tree is built from subtrees of 2^16.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dalil.errors import Malformed, MediaTooLarge
from dalil.kernel.merkle import multiproof_siblings, node_hash
from dalil.kernel.salt import SALT_BYTES, SealSecret

DEPTHS = (16, 20, 24)
BLOCK_DEPTH = 16
NODE_HEIGHT = 4
GROUP = 1 << NODE_HEIGHT
HASH_BYTES = 32
DRAW = 65536

Hashes = NDArray[np.uint8]
Slots = NDArray[np.uint32]
RealLeaves = Callable[[int], tuple[NDArray[np.int64], Hashes]]


def depth_for(leaves: int) -> int:
    """Return the depth of the tree that holds so many leaves.

    Raises:
        MediaTooLarge: there are more than 2^24.

    """
    for depth in DEPTHS:
        if leaves <= 1 << depth:
            return depth
    raise MediaTooLarge(f"{leaves} packets")


def draw_slots(secret: SealSecret, depth: int, leaves: int) -> Slots:
    """Return the slot of each leaf, in order of the leaves: (leaves,) uint32."""
    taken = np.zeros(1 << depth, dtype=np.bool_)
    chosen: list[Slots] = []
    missing = leaves
    turn = 0
    while missing:
        raw = np.frombuffer(secret.draw("slots", 0, turn, 4 * DRAW), dtype=">u4")
        drawn = (raw & np.uint32((1 << depth) - 1)).astype(np.uint32)
        values, firsts = np.unique(drawn, return_index=True)
        fresh = drawn[np.sort(firsts[~taken[values]])][:missing]
        taken[fresh] = True
        chosen.append(fresh)
        missing -= len(fresh)
        turn += 1
    return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.uint32)


def pads_of(secret: SealSecret, first_group: int, groups: int) -> bytes:
    """Return the pads (32 bytes each) of whole groups of 16 slots."""
    size = GROUP * HASH_BYTES
    return b"".join(
        secret.draw("pads", 0, g, size) for g in range(first_group, first_group + groups)
    )


def hash_rows(rows: NDArray[np.uint8]) -> Hashes:
    """Return SHA-256 of every row of (n, width) bytes, as (n, 32)."""
    width = rows.shape[1]
    data = rows.tobytes()
    sha = hashlib.sha256
    hashed = b"".join([sha(data[i : i + width]).digest() for i in range(0, len(data), width)])
    return np.frombuffer(hashed, dtype=np.uint8).reshape(-1, HASH_BYTES)


def hash_leaves(rows: NDArray[np.uint8]) -> Hashes:
    """Return the RFC 6962 leaf hash of every row."""
    return hash_rows(_prefixed(0, rows))


def hash_pairs(level: Hashes) -> Hashes:
    """Return the level above; a last node without a neighbour moves up as it is."""
    pairs = len(level) // 2
    above = hash_rows(_prefixed(1, level[: 2 * pairs].reshape(pairs, 2 * HASH_BYTES)))
    return np.concatenate([above, level[-1:]]) if len(level) % 2 else above


def root_of(level: Hashes, height: int | None = None) -> Hashes:
    """Return the RFC 6962 root over a level, as (1, 32), or the level ``height`` above it."""
    while len(level) > 1 if height is None else height:
        level = hash_pairs(level)
        height = None if height is None else height - 1
    return level


def frame_root(salts: bytes, tile_digests: bytes) -> bytes:
    """Return the root over the tiles of a frame.

    Args:
        salts: 16 bytes a tile, in raster order.
        tile_digests: SHA-256 of each tile's bytes, 32 bytes each, in the same order.

    """
    tiles = len(tile_digests) // HASH_BYTES
    rows = np.empty((tiles, 1 + SALT_BYTES + HASH_BYTES), dtype=np.uint8)
    rows[:, 0] = 0
    rows[:, 1 : 1 + SALT_BYTES] = np.frombuffer(salts, np.uint8).reshape(tiles, SALT_BYTES)
    rows[:, 1 + SALT_BYTES :] = np.frombuffer(tile_digests, np.uint8).reshape(tiles, HASH_BYTES)
    return root_of(hash_rows(rows)).tobytes()


def build_nodes(secret: SealSecret, depth: int, real: RealLeaves) -> Iterable[Hashes]:
    """Yield the nodes at height 4, left to right, block by block of 2^16 slots.

    Args:
        secret: of this sealing; it gives the pads.
        depth: of the tree.
        real: for block b, the places within it (0 … 65535) and hashes of its real leaves.

    """
    slots = 1 << BLOCK_DEPTH
    for block in range(1 << (depth - BLOCK_DEPTH)):
        places, hashes = real(block)
        pads = pads_of(secret, block * (slots // GROUP), slots // GROUP)
        free = np.ones(slots, dtype=np.bool_)
        free[places] = False
        leaves = np.empty((slots, HASH_BYTES), dtype=np.uint8)
        leaves[places] = hashes
        leaves[free] = hash_leaves(np.frombuffer(pads, np.uint8).reshape(slots, HASH_BYTES)[free])
        yield root_of(leaves, NODE_HEIGHT)


def siblings(
    secret: SealSecret,
    depth: int,
    nodes: Hashes,
    slots: Sequence[int],
    real: Mapping[int, bytes],
) -> list[bytes]:
    """Return the hashes that ``merkle.root_from_multiproof`` needs to climb from ``slots``.

    Args:
        secret: of this sealing.
        depth: of the tree.
        nodes: all nodes at height 4.
        slots: the leaves to be opened.
        real: leaf hash of *every* taken slot in each group of 16 that ``slots`` touch.

    Raises:
        Malformed: the tables contradict each other.

    """
    known: dict[tuple[int, int], bytes] = {}
    for group in sorted({slot // GROUP for slot in slots}):
        if _climb_group(secret, group, real, known) != nodes[group].tobytes():
            raise Malformed("the nodes of this seal do not fit its units")
    levels = {NODE_HEIGHT: nodes}
    for height in range(NODE_HEIGHT, depth - 1):
        levels[height + 1] = hash_pairs(levels[height])
    return [
        known[height, index] if height < NODE_HEIGHT else levels[height][index].tobytes()
        for height, index in multiproof_siblings(depth, slots)
    ]


def _climb_group(
    secret: SealSecret,
    group: int,
    real: Mapping[int, bytes],
    known: dict[tuple[int, int], bytes],
) -> bytes:
    pads = pads_of(secret, group, 1)
    sha = hashlib.sha256
    level = [
        real.get(group * GROUP + i) or sha(b"\0" + pads[32 * i : 32 * i + 32]).digest()
        for i in range(GROUP)
    ]
    for height in range(NODE_HEIGHT):
        first = group << (NODE_HEIGHT - height)
        known.update(((height, first + i), each) for i, each in enumerate(level))
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def _prefixed(first: int, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    framed = np.empty((len(rows), rows.shape[1] + 1), dtype=np.uint8)
    framed[:, 0] = first
    framed[:, 1:] = rows
    return framed
