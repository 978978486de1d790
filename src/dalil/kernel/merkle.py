"""Merkle trees over SHA-256, as in RFC 6962, section 2.1. All hashes are 32 bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from dalil.errors import Malformed, ProofBroken

EMPTY_ROOT = hashlib.sha256(b"").digest()
MAX_DEPTH = 24


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def parents(level: Sequence[bytes]) -> list[bytes]:
    """Return the level above; a last node without a neighbour moves up as it is."""
    sha = hashlib.sha256
    above = [sha(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in order; of none, SHA-256 of nothing."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level: Sequence[bytes] = leaf_hashes
    while len(level) > 1:
        level = parents(level)
    return level[0]


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf ``index``, nearest first."""
    if not 0 <= index < len(leaf_hashes):
        message = f"no leaf {index} in a tree of {len(leaf_hashes)}"
        raise IndexError(message)
    path = []
    level: Sequence[bytes] = leaf_hashes
    while len(level) > 1:
        if index ^ 1 < len(level):
            path.append(level[index ^ 1])
        level = parents(level)
        index //= 2
    return path


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that ``path`` leads to (RFC 9162, section 2.1.3.2).

    Raises:
        ProofBroken: the path has not the length that this place in this tree demands.

    """
    if not 0 <= index < size:
        raise ProofBroken(f"leaf {index} of {size}")
    last = size - 1
    at = leaf
    for sibling in path:
        if last == 0:
            raise ProofBroken("the path is too long")
        if index % 2 or index == last:
            at = node_hash(sibling, at)
            while index % 2 == 0 and index:
                index //= 2
                last //= 2
        else:
            at = node_hash(at, sibling)
        index //= 2
        last //= 2
    if last:
        raise ProofBroken("the path is too short")
    return at


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first ``old_size`` leaves are a prefix (RFC 6962, 2.1.2)."""
    return _subproof(old_size, list(leaf_hashes), whole=True) if old_size else []


def _subproof(old: int, leaves: list[bytes], *, whole: bool) -> list[bytes]:
    size = len(leaves)
    if old == size:
        return [] if whole else [root(leaves)]
    split = largest_power_below(size)
    if old <= split:
        return [*_subproof(old, leaves[:split], whole=whole), root(leaves[split:])]
    return [*_subproof(old - split, leaves[split:], whole=False), root(leaves[:split])]


def largest_power_below(size: int) -> int:
    """Return the largest power of two smaller than ``size`` (``size`` ≥ 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def check_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the old tree is a prefix of the new one (RFC 9162, section 2.1.4.2).

    Raises:
        ProofBroken: it is not, or the proof is not one for these sizes.

    """
    if not 0 <= old_size <= new_size:
        raise ProofBroken(f"a log of {new_size} acts cannot extend one of {old_size}")
    if old_size in (0, new_size):
        if (
            proof
            or (old_size and old_root != new_root)
            or (not old_size and old_root != EMPTY_ROOT)
        ):
            raise ProofBroken(f"two different logs of {old_size} acts")
        return
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise ProofBroken("the consistency proof is empty")
    index, last = old_size - 1, new_size - 1
    while index % 2:
        index //= 2
        last //= 2
    old_at = new_at = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofBroken("the consistency proof is too long")
        if index % 2 or index == last:
            old_at = node_hash(sibling, old_at)
            new_at = node_hash(sibling, new_at)
            while index % 2 == 0 and index:
                index //= 2
                last //= 2
        else:
            new_at = node_hash(new_at, sibling)
        index //= 2
        last //= 2
    if last or old_at != old_root or new_at != new_root:
        raise ProofBroken(f"the log of {new_size} acts does not extend the one of {old_size}")


def multiproof_siblings(depth: int, slots: Iterable[int]) -> list[tuple[int, int]]:
    """Return the (level, index) of every sibling that ``slots`` of a full tree need, in order.

    Order: level 0 (leaves) first, then upwards; within a level by index.
    """
    wanted = []
    known = sorted(set(slots))
    for level in range(depth):
        here = set(known)
        wanted += [(level, i ^ 1) for i in known if i ^ 1 not in here]
        known = sorted({i // 2 for i in known})
    return wanted


def root_from_multiproof(
    depth: int, leaves: Mapping[int, bytes], siblings: Sequence[bytes]
) -> bytes:
    """Return the root of the full tree of 2**depth slots that ``leaves`` and ``siblings`` give.

    Raises:
        Malformed: the depth, a slot or the number of siblings is out of bounds.

    """
    if not 0 < depth <= MAX_DEPTH or not leaves:
        raise Malformed(f"a tree of depth {depth} over {len(leaves)} leaves")
    if min(leaves) < 0 or max(leaves) >= 1 << depth:
        raise Malformed("a slot lies outside the tree")
    given = iter(siblings)
    level = dict(leaves)
    try:
        for _ in range(depth):
            above = {}
            for i in sorted(level):
                if i % 2 == 0:
                    above[i // 2] = node_hash(
                        level[i], level[i + 1] if i + 1 in level else next(given)
                    )
                elif i - 1 not in level:
                    above[i // 2] = node_hash(next(given), level[i])
            level = above
    except StopIteration:
        raise Malformed("the proof has too few hashes") from None
    if next(given, None) is not None:
        raise Malformed("the proof has too many hashes")
    return level[0]
