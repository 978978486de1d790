"""RFC 6962 trees: vectors that others published, then laws."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed, ProofBroken
from dalil.kernel import merkle

# The eight inputs and the roots of the Certificate Transparency reference tests.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
EXTENSIONS = {
    (1, 1): [],
    (1, 8): PATHS[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
LEAVES = [merkle.leaf_hash(each) for each in INPUTS]
leaves = st.integers(1, 70).map(lambda n: [merkle.leaf_hash(bytes([i])) for i in range(n)])


@pytest.mark.parametrize("size", range(9))
def test_the_root_is_the_published_one(size: int) -> None:
    assert merkle.root(LEAVES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_the_path_is_the_published_one(index: int, size: int) -> None:
    path = merkle.inclusion_proof(LEAVES[:size], index)
    assert [each.hex() for each in path] == PATHS[index, size]
    assert merkle.root_from_inclusion(index, size, LEAVES[index], path).hex() == ROOTS[size]


@pytest.mark.parametrize(("old", "new"), EXTENSIONS)
def test_the_extension_is_the_published_one(old: int, new: int) -> None:
    proof = merkle.consistency_proof(LEAVES[:new], old)
    assert [each.hex() for each in proof] == EXTENSIONS[old, new]
    roots = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    merkle.check_consistency(old, roots[0], new, roots[1], proof)


def test_leaves_and_nodes_are_told_apart() -> None:
    assert merkle.leaf_hash(b"") == hashlib.sha256(b"\0").digest()
    assert (
        merkle.node_hash(b"a" * 32, b"b" * 32)
        == hashlib.sha256(b"\1" + b"a" * 32 + b"b" * 32).digest()
    )


@given(leaves, st.data())
def test_every_leaf_leads_to_the_root_and_no_other_place_does(
    hashes: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = merkle.inclusion_proof(hashes, index)
    whole = merkle.root(hashes)
    assert merkle.root_from_inclusion(index, len(hashes), hashes[index], path) == whole
    other = data.draw(st.integers(0, len(hashes) - 1).filter(lambda i: i != index) | st.none())
    if other is not None:
        with suppress(ProofBroken):
            assert merkle.root_from_inclusion(other, len(hashes), hashes[index], path) != whole


@given(leaves, st.data())
def test_a_path_of_another_length_or_with_another_bit_is_broken(
    hashes: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = merkle.inclusion_proof(hashes, index)
    for wrong in ([*path, b"x" * 32], path[:-1]):
        if wrong != path:
            with pytest.raises(ProofBroken):
                merkle.root_from_inclusion(index, len(hashes), hashes[index], wrong)
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        wrong = [*path]
        wrong[at] = bytes([wrong[at][0] ^ 1]) + wrong[at][1:]
        found = merkle.root_from_inclusion(index, len(hashes), hashes[index], wrong)
        assert found != merkle.root(hashes)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3), (5, 2)])
def test_a_place_outside_the_tree_is_broken(index: int, size: int) -> None:
    with pytest.raises(ProofBroken):
        merkle.root_from_inclusion(index, size, b"x" * 32, [])


@given(leaves, st.data())
def test_an_older_tree_is_a_beginning_and_another_is_not(
    hashes: list[bytes], data: st.DataObject
) -> None:
    new, old = len(hashes), data.draw(st.integers(0, len(hashes)))
    proof = merkle.consistency_proof(hashes, old)
    roots = merkle.root(hashes[:old]), merkle.root(hashes)
    merkle.check_consistency(old, roots[0], new, roots[1], proof)
    forged = bytes([roots[0][0] ^ 1]) + roots[0][1:]
    with pytest.raises(ProofBroken):
        merkle.check_consistency(old, forged, new, roots[1], proof)
    if 0 < old < new:
        with pytest.raises(ProofBroken):
            merkle.check_consistency(old, roots[0], new, forged, proof)
        for wrong in (proof[:-1], [*proof, b"x" * 32], []):
            if wrong != proof:
                with pytest.raises(ProofBroken):
                    merkle.check_consistency(old, roots[0], new, roots[1], wrong)


def test_a_log_does_not_shrink() -> None:
    with pytest.raises(ProofBroken):
        merkle.check_consistency(3, b"x" * 32, 2, b"y" * 32, [])


@given(st.integers(1, 8), st.data())
def test_a_multiproof_gives_the_root_of_the_full_tree(depth: int, data: st.DataObject) -> None:
    full = [merkle.leaf_hash(i.to_bytes(2, "big")) for i in range(1 << depth)]
    slots = data.draw(st.sets(st.integers(0, len(full) - 1), min_size=1))
    levels = [full]
    while len(levels[-1]) > 1:
        levels.append(merkle.parents(levels[-1]))
    siblings = [levels[level][i] for level, i in merkle.multiproof_siblings(depth, slots)]
    opened = {slot: full[slot] for slot in slots}
    assert merkle.root_from_multiproof(depth, opened, siblings) == merkle.root(full)
    for wrong in (siblings[:-1], [*siblings, b"x" * 32]):
        if wrong != siblings:
            with pytest.raises(Malformed):
                merkle.root_from_multiproof(depth, opened, wrong)


@pytest.mark.parametrize(
    ("depth", "slots"), [(0, [0]), (25, [0]), (3, []), (3, [8]), (3, [-1]), (10**9, [0])]
)
def test_a_tree_of_absurd_measure_is_refused_at_once(depth: int, slots: list[int]) -> None:
    with pytest.raises(Malformed):
        merkle.root_from_multiproof(depth, dict.fromkeys(slots, b"x" * 32), [])
