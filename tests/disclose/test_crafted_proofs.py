"""Whatever is put in the place of a part or its proof meets our own refusal, and nothing else."""

import contextlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.disclose.check_proof import check_published
from dalil.disclose.publish import Published
from dalil.errors import Malformed, Missing, Refusal
from dalil.kernel.proof import OpenText, Proof, encode_proof, parse_proof
from disclose.evidence_room import Room
from disclose.forger import signed_anew

HERE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
KINDS = ("court", "public", "redacted", "picture")


@pytest.fixture
def copies(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Path]:
    """Copy one part of each kind to where it may be spoiled."""
    places = {}
    for kind in KINDS:
        part: Published = request.getfixturevalue(kind)
        shutil.copytree(part.folder, tmp_path / kind)
        places[kind] = tmp_path / kind / part.proof.name
    return places


@HERE
@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(1, 255)), min_size=1, max_size=4),
    st.integers(0, 3),
)
def test_a_spoiled_proof_is_refused(
    copies: dict[str, Path], kind: str, changes: list[tuple[int, int]], how: int
) -> None:
    place = copies[kind]
    whole = place.read_bytes()
    data = bytearray(whole)
    for where, change in changes:
        data[where % len(data)] ^= change
    if how == 1:
        del data[changes[0][0] % len(data) :]
    elif how == 2:
        data += bytes([changes[0][1]])
    elif how == 3:
        at = changes[0][0] % len(data)
        data[at:at] = data[at : at + 40]
    try:
        place.write_bytes(data)
        if bytes(data) != whole:
            with pytest.raises(Refusal):
                check_published(place)
    finally:
        place.write_bytes(whole)


@settings(HERE, max_examples=max(10, settings().max_examples // 4))
@given(st.sampled_from(KINDS), st.integers(0, 1 << 22), st.integers(1, 255), st.booleans())
def test_a_spoiled_file_under_a_proof_that_fits_it_is_refused(
    copies: dict[str, Path],
    room: Room,
    kind: str,
    where: int,
    change: int,
    cut: bool,  # noqa: FBT001
) -> None:
    place = copies[kind]
    proof = parse_proof(place.read_bytes())
    path = place.with_name(proof.header.published[0].name)
    whole, signed = path.read_bytes(), place.read_bytes()
    data = bytearray(whole)
    data[where % len(data)] ^= change
    if cut:
        del data[where % len(data) :]
    try:
        path.write_bytes(data)
        # What no player shows, and no sample holds, may be otherwise: a language code, a tag.
        with contextlib.suppress(Refusal):
            check_published(signed_anew(room, proof, place.parent, place))
    finally:
        path.write_bytes(whole)
        place.write_bytes(signed)


def with_value(proof: Proof, name: str, value: str) -> Proof:
    unit = proof.units[0]
    field: dict[str, Any] = {name: OpenText(bytes(16), value)}
    changed = replace(unit, **field)
    return replace(proof, units=(changed, *proof.units[1:]))


@pytest.mark.parametrize(
    "value",
    ["", "0", "0 0 0 0", "0 0 0 0 2", "-1 0 0 0 1", "0 00 0 0 1", "0 1e3 0 0 1", "9" * 60,
     "0 9999999999999999999999 0 0 1", "0 none 0 0 1"],
)  # fmt: skip
def test_a_timing_in_another_form_is_refused(court: Published, tmp_path: Path, value: str) -> None:
    shutil.copytree(court.folder, tmp_path / "part")
    place = tmp_path / "part" / court.proof.name
    place.write_bytes(encode_proof(with_value(parse_proof(place.read_bytes()), "timing", value)))
    with pytest.raises(Malformed):
        check_published(place)


@pytest.mark.parametrize("count", [0, 5])
def test_a_proof_with_too_few_hashes_is_refused(
    court: Published, tmp_path: Path, count: int
) -> None:
    shutil.copytree(court.folder, tmp_path / "part")
    place = tmp_path / "part" / court.proof.name
    proof = parse_proof(place.read_bytes())
    place.write_bytes(encode_proof(replace(proof, siblings=proof.siblings[:count])))
    with pytest.raises(Malformed):
        check_published(place)


def test_slots_beyond_the_tree_are_refused(court: Published, tmp_path: Path) -> None:
    shutil.copytree(court.folder, tmp_path / "part")
    place = tmp_path / "part" / court.proof.name
    proof = parse_proof(place.read_bytes())
    units = (replace(proof.units[0], slot=2**32 - 1), *proof.units[1:])
    place.write_bytes(encode_proof(replace(proof, units=units)))
    with pytest.raises(Malformed):
        check_published(place)


def test_a_published_file_that_is_a_link_is_not_followed(court: Published, tmp_path: Path) -> None:
    place = tmp_path / court.proof.name
    place.write_bytes(court.proof.read_bytes())
    (tmp_path / "excerpt.mp4").symlink_to(court.files[0])
    with pytest.raises(Missing):
        check_published(place)


def test_a_folder_in_the_place_of_a_proof_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        check_published(tmp_path)
    with pytest.raises(Missing):
        check_published(tmp_path / "nothing.excerpt-proof")
