"""Laws of units, slots and roots, and one absolute vector, worked out step by step."""

import base64
import hashlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed, MediaTooLarge
from dalil.kernel import merkle, seal, slots
from dalil.kernel.disclosure import disclose, open_disclosure
from dalil.kernel.salt import SealSecret

SECRET = SealSecret(bytes(range(32)), bytes(range(16)))


def shake(kind: bytes, stream: int, j: int, length: int) -> bytes:
    """Draw as the format page says, written out anew."""
    place = bytes([len(kind)]) + kind + stream.to_bytes(4, "big") + j.to_bytes(8, "big")
    domain = b"dalil/seal/v1\0" + bytes(range(32)) + bytes(range(16))
    return hashlib.shake_256(domain + place).digest(length)


def test_a_unit_is_the_text_on_the_format_page() -> None:
    values = ("5 " + "ab" * 32, "0 40 none 20 1 " + "cd" * 32, "7 2 none", "none")
    unit = seal.unit_of(SECRET, 3, 0, 7, values)
    salts = shake(b"unit", 0, 7, 64)
    lines = [b"unit@v1"]
    lines.append((shake(b"link", 0, 3, 16).hex() + " " + shake(b"link", 0, 4, 16).hex()).encode())
    for i, (name, value) in enumerate(zip(seal.FIELDS, values, strict=True)):
        salt = base64.urlsafe_b64encode(salts[16 * i : 16 * i + 16]).rstrip(b"=").decode()
        text = json.dumps([salt, name, value], separators=(",", ":")).encode()
        opened = base64.urlsafe_b64encode(text).rstrip(b"=")
        assert unit.disclosures[i].encode() == opened
        lines.append(hashlib.sha256(opened).hexdigest().encode())
    assert unit.text == b"\n".join(lines) + b"\n"
    assert unit.leaf == hashlib.sha256(b"\0" + unit.text).digest()


def test_a_unit_and_a_small_tree_never_change() -> None:
    unit = seal.unit_of(
        SECRET, 0, 1, 2, ("1 " + "00" * 32, "1 0 0 0 1 " + "00" * 32, "2 0 0", "none")
    )
    config = seal.config_of(SECRET, 0, "0 h264 1/25 " + "00" * 32 + " 2x2/yuv420p tv bt709 1:1 tt")
    chosen = slots.draw_slots(SECRET, 16, 2)

    def real(_: int) -> tuple[np.ndarray, np.ndarray]:
        leaves = np.frombuffer(unit.leaf + config.leaf, np.uint8).reshape(2, 32)
        return chosen.astype(np.int64), leaves

    nodes = np.concatenate(list(slots.build_nodes(SECRET, 16, real)))
    assert unit.leaf.hex() == "16c830833b85e59641245a67ff7c02cf4c0d94944d8545e1ca4e0168a25e0568"
    assert config.leaf.hex() == "f967b1e1d2c382375ade821b0df176e76a0ccae86cb53703be647ccdffe938fa"
    assert chosen.tolist() == [4158, 2920]
    assert (
        slots.root_of(nodes).tobytes().hex()
        == "d64ae700fcaff1bd3cbdbbfcc313592f012806e1d951a10aee32609280276746"
    )


@given(st.binary(min_size=16, max_size=16), st.from_regex(r"[0-9a-z /:x.-]*", fullmatch=True))
def test_the_quick_disclosure_is_the_strict_one(salt: bytes, value: str) -> None:
    quick = seal.plain_disclosure(salt, "timing", value)
    assert quick == disclose(salt, "timing", value)
    assert open_disclosure(quick).value == value


def test_no_salt_is_drawn_twice() -> None:
    seen = set()
    for j in range(50):
        drawn = SECRET.draw("unit", 0, j, 64)
        seen |= {drawn[i : i + 16] for i in range(0, 64, 16)}
        seen |= {seal.link_of(SECRET, j), SECRET.draw("config", 0, j, 16)}
        frame = seal.tile_salts(SECRET, 0, j, 6)
        seen |= {frame[i : i + 16] for i in range(0, 96, 16)}
    assert len(seen) == 50 * (4 + 2 + 6)


@pytest.mark.parametrize("count", [0, 1, 1000, 65535, 65536])
def test_slots_are_those_of_the_plain_rule(count: int) -> None:
    taken: set[int] = set()
    expected: list[int] = []
    turn = 0
    while len(expected) < count:
        draws = np.frombuffer(shake(b"slots", 0, turn, 4 * 65536), ">u4") & 0xFFFF
        turn += 1
        for slot in draws.tolist():
            if slot not in taken and len(expected) < count:
                taken.add(slot)
                expected.append(slot)
    assert slots.draw_slots(SECRET, 16, count).tolist() == expected


def test_the_smallest_tree_that_fits_is_taken() -> None:
    assert [slots.depth_for(n) for n in (1, 1 << 16, (1 << 16) + 1, 1 << 20, 1 << 24)] == [
        16, 16, 20, 20, 24,
    ]  # fmt: skip
    with pytest.raises(MediaTooLarge):
        slots.depth_for((1 << 24) + 1)


@given(st.integers(1, 40))
def test_a_frame_root_is_the_rfc_6962_root_over_salted_tiles(tiles: int) -> None:
    digests = b"".join(hashlib.sha256(bytes([i])).digest() for i in range(tiles))
    salts = seal.tile_salts(SECRET, 0, 0, tiles)
    leaves = [
        seal.tile_leaf(salts[16 * i : 16 * i + 16], digests[32 * i : 32 * i + 32])
        for i in range(tiles)
    ]
    assert slots.frame_root(salts, digests) == merkle.root(leaves)


@pytest.fixture(scope="module")
def tree() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return slots, leaf hashes and nodes of a tree of depth 16 with 300 leaves."""
    chosen = slots.draw_slots(SECRET, 16, 300)
    leaves = slots.hash_leaves(np.arange(300 * 8, dtype=np.uint8).reshape(300, 8))
    nodes = np.concatenate(
        list(slots.build_nodes(SECRET, 16, lambda _: (chosen.astype(np.int64), leaves)))
    )
    return chosen, leaves, nodes


def test_the_tree_is_a_plain_one_over_leaves_and_pads(
    tree: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    chosen, leaves, nodes = tree
    pads = b"".join(shake(b"pads", 0, group, 512) for group in range(4096))
    plain = [merkle.leaf_hash(pads[32 * i : 32 * i + 32]) for i in range(65536)]
    for slot, leaf in zip(chosen.tolist(), leaves, strict=True):
        plain[slot] = leaf.tobytes()
    assert slots.root_of(nodes).tobytes() == merkle.root(plain)


@given(st.sets(st.integers(0, 299), min_size=1, max_size=30))
def test_siblings_lead_from_any_leaves_to_the_root(
    tree: tuple[np.ndarray, np.ndarray, np.ndarray], chosen: set[int]
) -> None:
    all_slots, leaves, nodes = tree
    every = {int(s): leaf.tobytes() for s, leaf in zip(all_slots, leaves, strict=True)}
    wanted = [int(all_slots[i]) for i in chosen]
    found = slots.siblings(SECRET, 16, nodes, wanted, every)
    opened = {slot: every[slot] for slot in wanted}
    assert merkle.root_from_multiproof(16, opened, found) == slots.root_of(nodes).tobytes()


def test_tables_that_contradict_each_other_are_refused(
    tree: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    all_slots, _, nodes = tree
    with pytest.raises(Malformed):
        slots.siblings(SECRET, 16, nodes, [int(all_slots[0])], {int(all_slots[0]): bytes(32)})


def test_a_second_chain_planted_in_the_padding_is_found_by_rebuilding(
    tree: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    chosen, leaves, honest = tree
    free = next(slot for slot in range(65536) if slot not in set(chosen.tolist()))
    forged = seal.unit_of(
        SECRET, 9, 0, 9, ("9 " + "ff" * 32, "0 0 0 0 1 " + "ff" * 32, "9 9 9", "none")
    )
    planted_slots = np.append(chosen, np.uint32(free)).astype(np.int64)
    planted = np.concatenate([leaves, np.frombuffer(forged.leaf, np.uint8).reshape(1, 32)])
    nodes = np.concatenate(list(slots.build_nodes(SECRET, 16, lambda _: (planted_slots, planted))))
    root = slots.root_of(nodes).tobytes()

    every = dict(zip(planted_slots.tolist(), map(bytes, planted), strict=True))
    proof = slots.siblings(SECRET, 16, nodes, [free], every)
    assert merkle.root_from_multiproof(16, {free: forged.leaf}, proof) == root, "it would pass"
    assert slots.root_of(honest).tobytes() != root


def test_what_is_opened_does_not_open_its_neighbours() -> None:
    """With the file in hand every value is known; without its salt it fits no digest."""
    values = [
        (f"{i} " + "ab" * 32, f"0 {i} 0 0 1 " + "cd" * 32, f"{i} 0 0", "none") for i in range(40)
    ]
    units = [seal.unit_of(SECRET, i, 0, i, each) for i, each in enumerate(values)]
    opened_salts = [bytes(16)]
    for i, unit in enumerate(units):
        opened_salts += [
            open_disclosure(each).salt for f, each in enumerate(unit.disclosures) if f != i % 4
        ]
        opened_salts += [seal.link_of(SECRET, i)]
    opened_salts += [hashlib.sha256(salt).digest()[:16] for salt in opened_salts]
    for i, unit in enumerate(units):
        hidden = i % 4
        digest = unit.text.split(b"\n")[2 + hidden].decode()
        name, value = seal.FIELDS[hidden], values[i][hidden]
        guesses = (seal.plain_disclosure(salt, name, value) for salt in opened_salts)
        assert all(hashlib.sha256(each.encode()).hexdigest() != digest for each in guesses)
        right = seal.plain_disclosure(open_disclosure(unit.disclosures[hidden]).salt, name, value)
        assert hashlib.sha256(right.encode()).hexdigest() == digest


def test_one_opened_tile_leaves_the_next_unguessable() -> None:
    digests = [hashlib.sha256(bytes([i])).digest() for i in range(30)]
    salts = seal.tile_salts(SECRET, 0, 4, 30)
    leaves = [seal.tile_leaf(salts[16 * i : 16 * i + 16], digests[i]) for i in range(30)]
    for i in range(30):
        others = [salts[16 * k : 16 * k + 16] for k in range(30) if k != i]
        assert leaves[i] not in {seal.tile_leaf(salt, digests[i]) for salt in others}
