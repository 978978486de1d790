"""The binary proof: one form, and our own refusal for everything else."""

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import Malformed, Refusal, Unsupported
from dalil.kernel import canonical
from dalil.kernel.proof import (
    MAGIC,
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
    parse_proof,
)

HEADER = Header(
    kind="redacted",
    depth=16,
    tree_root=b"\x01" * 32,
    vkeys=("a+1+x", "a+2+y"),
    card=LoggedAct("jwt~", "proof"),
    disclosure=LoggedAct("jwt~x~", "proof"),
    configs=(ConfigProof(9, "abc", b"extra"), ConfigProof(10, "abd", b"")),
    container="mkv",
    published=(PublishedFile("part.mkv", 77, "ab" * 32),),
    totals=Totals(2, 5, 7),
    units=2,
)
UNITS = (
    UnitProof(
        3,
        b"l" * 16,
        0,
        OpenPacket(b"s" * 16, 12, 48, " kind:" + "0" * 64),
        OpenText(b"t" * 16, "0 1 none 3 1"),
        b"p" * 32,
        b"x" * 32,
    ),
    UnitProof(
        65535,
        b"m" * 16,
        1,
        b"d" * 32,
        OpenText(b"t" * 16, "1 2 3 4 0"),
        OpenText(b"u" * 16, "0 none 5"),
        OpenText(b"v" * 16, "70x64/yuv420p/" + "c" * 64),
    ),
)
FRAMES = (FrameProof(70, 64, "yuv420p", (b"a" * 16, b"b" * 32)),)
PROOF = Proof(HEADER, UNITS, b"n" * 16, (b"h" * 32,) * 5, FRAMES)
RAW = encode_proof(PROOF)


def with_header(value: object) -> bytes:
    header = canonical.encode(value)
    rest = RAW[len(MAGIC) + 4 + int.from_bytes(RAW[len(MAGIC) : len(MAGIC) + 4], "big") :]
    return MAGIC + len(header).to_bytes(4, "big") + header + rest


def header_json() -> dict[str, object]:
    start = len(MAGIC) + 4
    value = canonical.decode(RAW[start : start + int.from_bytes(RAW[start - 4 : start], "big")])
    assert isinstance(value, dict)
    return value


def test_a_proof_is_read_as_it_was_written() -> None:
    assert parse_proof(RAW) == PROOF


def test_every_shorter_proof_is_refused() -> None:
    for length in range(len(RAW)):
        with pytest.raises(Malformed):
            parse_proof(RAW[:length])


def test_trailing_bytes_are_refused() -> None:
    with pytest.raises(Malformed):
        parse_proof(RAW + b"\0")


def test_another_version_is_not_judged() -> None:
    with pytest.raises(Unsupported):
        parse_proof(RAW.replace(b"dalil-proof/1", b"dalil-proof/2"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("depth", 10**6),
        ("depth", 17),
        ("depth", -16),
        ("depth", [16]),
        ("v", True),
        ("v", 2),
        ("kind", "film"),
        ("kind", {"kind": "still"}),
        ("tree_root", "00"),
        ("tree_root", "A" * 64),
        ("tree_root", 5),
        ("vkeys", ["one"]),
        ("vkeys", "ab"),
        ("vkeys", [1, 2]),
        ("card", []),
        ("card", {"act": 1, "proof": 2}),
        ("configs", []),
        ("configs", [{"slot": "1", "disclosure": "x", "extradata": ""}]),
        ("configs", [{"slot": 1, "disclosure": "x", "extradata": "*"}]),
        ("configs", [{"slot": True, "disclosure": "x", "extradata": ""}]),
        ("published", None),
        ("published", {"container": "png", "planes": []}),
        ("published", {"container": "avi", "name": "a", "size": 1, "sha256": "ab" * 32}),
        ("totals", 7),
        ("totals", {"opened": 1, "withheld": 2, "sealed": "3"}),
        ("units", 0),
        ("units", 2**24 + 1),
        ("units", 2**24),
        ("units", "2"),
        ("units", 10**400),
    ],
)
def test_a_header_of_other_types_or_bounds_is_refused(name: str, value: object) -> None:
    if isinstance(value, int) and value > 2**53:
        raw = RAW.replace(b'"units":2', b'"units":' + str(value).encode())
    else:
        raw = with_header(header_json() | {name: value})
    with pytest.raises(Malformed):
        parse_proof(raw)


@pytest.mark.parametrize(
    "name", ["../up.mkv", "/etc/passwd", "a/b", "..", ".", "", ".hidden", "a\\b", "a\0b", "x" * 201]
)
def test_a_name_that_leaves_the_folder_is_refused(name: str) -> None:
    published = {"container": "mkv", "name": name, "size": 1, "sha256": "ab" * 32}
    with pytest.raises(Malformed):
        parse_proof(with_header(header_json() | {"published": published}))


def test_deep_json_is_refused() -> None:
    deep = b'{"v":' * 100_000 + b"1" + b"}" * 100_000
    with pytest.raises(Malformed):
        parse_proof(MAGIC + len(deep).to_bytes(4, "big") + deep)


def test_a_header_that_claims_to_be_huge_is_refused() -> None:
    with pytest.raises(Malformed):
        parse_proof(MAGIC + b"\xff\xff\xff\xff" + RAW)


def test_a_configuration_that_is_not_there_is_refused() -> None:
    unit = dataclasses.replace(UNITS[0], config=2)
    with pytest.raises(Malformed):
        parse_proof(encode_proof(dataclasses.replace(PROOF, units=(unit, UNITS[1]))))


def test_a_frame_with_another_number_of_tiles_is_refused() -> None:
    frame = dataclasses.replace(FRAMES[0], width=64)
    with pytest.raises(Malformed):
        parse_proof(encode_proof(dataclasses.replace(PROOF, frames=(frame,))))


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_a_changed_byte_is_refused_or_means_something_else(place: int, change: int) -> None:
    raw = bytearray(RAW)
    raw[place] ^= change
    with contextlib.suppress(Refusal):
        assert parse_proof(bytes(raw)) != PROOF


@given(st.binary(max_size=400), st.integers(0, len(RAW)))
def test_garbage_meets_our_own_refusal(garbage: bytes, place: int) -> None:
    for raw in (garbage, MAGIC + garbage, RAW[:place] + garbage):
        if raw != RAW:
            with contextlib.suppress(Refusal):
                parse_proof(raw)
