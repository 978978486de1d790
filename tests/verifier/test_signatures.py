"""Ed25519 and ML-DSA-44 in plain Python agree with RFC 8032 and with the library that signs."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.verifier.verify import (
    ORDER,
    broken_signatures,
    ml_dsa_holds,
    point_from,
    sparse_polynomial,
    unpacked_hints,
)

# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
            "b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
            "1d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
            "c6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
ED25519 = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = ED25519.public_key().public_bytes_raw()
ML_DSA = MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))
ML_PUBLIC = ML_DSA.public_key().public_bytes_raw()
ML_SIGNATURE = ML_DSA.sign(b"a checkpoint")


def flipped(data: bytes, bit: int) -> bytes:
    """Return data with one bit flipped."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032_hold(key: str, message: str, signature: str) -> None:
    signed = [(bytes.fromhex(signature), bytes.fromhex(message))]
    assert broken_signatures(bytes.fromhex(key), signed) == []


@given(st.binary(max_size=200), st.integers(0, 511))
def test_a_flipped_bit_of_an_ed25519_signature_is_found(message: bytes, bit: int) -> None:
    signature = ED25519.sign(message)
    assert broken_signatures(PUBLIC, [(signature, message)]) == []
    assert broken_signatures(PUBLIC, [(flipped(signature, bit), message)]) == [0]
    assert broken_signatures(PUBLIC, [(signature, message + b"\0")]) == [0]


@settings(max_examples=10)
@given(st.sets(st.integers(0, 40), max_size=6))
def test_in_a_batch_just_the_broken_signatures_are_named(broken: set[int]) -> None:
    signed = []
    for i in range(41):
        message = b"act %d" % i
        signature = ED25519.sign(message)
        signed.append((flipped(signature, 7 * i) if i in broken else signature, message))
    assert broken_signatures(PUBLIC, signed) == sorted(broken)


def test_an_ed25519_signature_has_one_form_only() -> None:
    signature = ED25519.sign(b"act")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    again = signature[:32] + scalar.to_bytes(32, "little")
    assert broken_signatures(PUBLIC, [(again, b"act")]) == [0]
    assert broken_signatures(PUBLIC, [(signature[:-1], b"act")]) == [0]
    assert broken_signatures(PUBLIC, [(signature + b"\0", b"act")]) == [0]
    assert broken_signatures(b"", [(signature, b"act")]) == [0]
    assert point_from(b"\xff" * 32) is None


@given(st.binary(max_size=300))
def test_an_ml_dsa_signature_holds_for_its_message_only(message: bytes) -> None:
    signature = ML_DSA.sign(message)
    assert ml_dsa_holds(ML_PUBLIC, signature, message)
    assert not ml_dsa_holds(ML_PUBLIC, signature, message + b"\0")


@given(st.integers(0, 2420 * 8 - 1))
def test_a_flipped_bit_of_an_ml_dsa_signature_is_found(bit: int) -> None:
    assert not ml_dsa_holds(ML_PUBLIC, flipped(ML_SIGNATURE, bit), b"a checkpoint")


@given(st.integers(0, 1312 * 8 - 1))
def test_a_flipped_bit_of_an_ml_dsa_key_is_found(bit: int) -> None:
    assert not ml_dsa_holds(flipped(ML_PUBLIC, bit), ML_SIGNATURE, b"a checkpoint")


@pytest.mark.parametrize("seed", range(12))
def test_ml_dsa_holds_under_many_keys(seed: int) -> None:
    key = MLDSA44PrivateKey.from_seed_bytes(hashlib.sha256(bytes([seed])).digest())
    public = key.public_key().public_bytes_raw()
    assert ml_dsa_holds(public, key.sign(b"log"), b"log")
    assert not ml_dsa_holds(ML_PUBLIC, key.sign(b"log"), b"log")


def test_an_ml_dsa_signature_of_another_length_does_not_hold() -> None:
    assert not ml_dsa_holds(ML_PUBLIC, ML_SIGNATURE[:-1], b"a checkpoint")
    assert not ml_dsa_holds(ML_PUBLIC, ML_SIGNATURE + b"\0", b"a checkpoint")
    assert not ml_dsa_holds(b"", ML_SIGNATURE, b"a checkpoint")
    assert not ml_dsa_holds(ML_PUBLIC, bytes(2420), b"a checkpoint")


def test_hints_have_one_form_only() -> None:
    assert unpacked_hints(bytes(84)) == [set(), set(), set(), set()]
    assert unpacked_hints(bytes([5, 3]) + bytes(78) + bytes([2, 2, 2, 2])) is None
    assert unpacked_hints(bytes([3, 3]) + bytes(78) + bytes([2, 2, 2, 2])) is None
    assert unpacked_hints(bytes([3]) + bytes(79) + bytes(4)) is None
    assert unpacked_hints(bytes(80) + bytes([81, 81, 81, 81])) is None
    assert unpacked_hints(bytes(80) + bytes([2, 1, 2, 2])) is None


@given(st.binary(min_size=32, max_size=32))
def test_the_challenge_has_39_ones(seed: bytes) -> None:
    assert sorted(map(abs, sparse_polynomial(seed)))[-40:] == [0] + [1] * 39
