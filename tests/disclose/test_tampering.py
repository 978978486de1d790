"""What was changed in a published part is refused, even where the liar can sign."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import clips
from dalil.disclose.check_proof import check_published
from dalil.disclose.excerpt import excerpt
from dalil.disclose.position import Moment
from dalil.disclose.publish import Published
from dalil.errors import Altered, ProofBroken, Refusal
from dalil.kernel.proof import OpenPacket, OpenText, Proof, UnitProof, encode_proof
from dalil.ledger.ledger import Ledger
from disclose.evidence_room import COURT, PUBLIC, Room, seal_clip
from disclose.forger import claimed_anew, proof_of, signed_anew

AnyPacket = Any


@pytest.fixture
def part(court: Published, tmp_path: Path) -> Path:
    """Copy a part to where it may be spoiled; return its proof."""
    shutil.copytree(court.folder, tmp_path / "part")
    return tmp_path / "part" / court.proof.name


def file_of(proof: Path) -> Path:
    return proof.with_name("excerpt.mp4")


def signed(room: Room, proof: Proof, place: Path) -> Path:
    return signed_anew(room, proof, place.parent, place)


def packets(path: Path) -> list[AnyPacket]:
    with av.open(path, options={"ignore_editlist": "1"}) as opened:
        return [each for each in opened.demux() if each.size]


def muxed(template: Path, out: Path, chosen: Iterable[AnyPacket]) -> Path:
    """Write packets into a fresh container with the streams of another."""
    with av.open(template) as source, av.open(out, "w", format="mp4") as target:
        streams = [target.add_stream_from_template(each) for each in source.streams]
        for packet in chosen:
            packet.stream = streams[packet.stream_index]
            target.mux_one(packet)
    return out


def remade(part: Path, chosen: Iterable[AnyPacket]) -> None:
    """Put a file of these packets in the place of the published one."""
    path = file_of(part)
    muxed(path, path.with_suffix(".new"), chosen).replace(path)


def test_a_part_signed_anew_without_a_change_holds(room: Room, part: Path) -> None:
    assert check_published(signed(room, proof_of(part), part), room.vkeys).opened


def test_any_changed_byte_of_the_file_is_named(part: Path) -> None:
    data = bytearray(file_of(part).read_bytes())
    data[len(data) // 2] ^= 1
    file_of(part).write_bytes(data)
    with pytest.raises(Altered, match=r"excerpt\.mp4"):
        check_published(part)


def test_a_changed_packet_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    packet = next(u.packet for u in proof.units if isinstance(u.packet, OpenPacket))
    data = bytearray(file_of(part).read_bytes())
    data[packet.offset + packet.size - 1] ^= 1
    file_of(part).write_bytes(data)
    with pytest.raises(ProofBroken, match="root"):
        check_published(signed(room, proof, part))


def last_left_out(units: tuple[UnitProof, ...]) -> tuple[UnitProof, ...]:
    return units[:-1]


def first_left_out(units: tuple[UnitProof, ...]) -> tuple[UnitProof, ...]:
    return units[1:]


def middle_left_out(units: tuple[UnitProof, ...]) -> tuple[UnitProof, ...]:
    return units[:20] + units[21:]


def two_swapped(units: tuple[UnitProof, ...]) -> tuple[UnitProof, ...]:
    return (*units[:20], units[21], units[20], *units[22:])


def one_twice(units: tuple[UnitProof, ...]) -> tuple[UnitProof, ...]:
    return (*units[:20], units[19], *units[20:])


@pytest.mark.parametrize(
    "change", [last_left_out, first_left_out, middle_left_out, two_swapped, one_twice]
)
def test_units_left_out_swapped_or_doubled_are_refused(
    room: Room, part: Path, change: Callable[[tuple[UnitProof, ...]], tuple[UnitProof, ...]]
) -> None:
    proof = proof_of(part)
    forged = replace(proof, units=change(proof.units))
    with pytest.raises(Refusal):
        check_published(signed(room, forged, part))


def test_a_trimmed_file_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    remade(part, packets(file_of(part))[:-4])
    kept = [u for u in proof.units if isinstance(u.packet, OpenPacket)][:-4]
    last = proof.units.index(kept[-1]) + 1
    forged = claimed_anew(replace(proof, units=proof.units[:last]), file_of(part))
    with pytest.raises(Refusal):
        check_published(signed(room, forged, part))


def test_a_spliced_part_is_refused(room: Room, part: Path, tmp_path: Path) -> None:
    second = excerpt(
        room.archive, room.item, Moment(5 * 10**9), Moment(6 * 10**9), COURT, room.signer,
        tmp_path / "second",
    )  # fmt: skip
    ours, theirs = proof_of(part), proof_of(second.proof)
    forged = replace(
        ours, units=ours.units + theirs.units, last_link=theirs.last_link,
        siblings=ours.siblings + theirs.siblings,
    )  # fmt: skip
    with pytest.raises(Refusal):
        check_published(signed(room, forged, part))


def test_pictures_in_another_order_are_refused(room: Room, part: Path) -> None:
    chosen = packets(file_of(part))
    films = [i for i, each in enumerate(chosen) if each.stream_index == 0]
    a, b = films[3], films[4]
    for name in ("dts", "pts"):
        first, second = getattr(chosen[a], name), getattr(chosen[b], name)
        setattr(chosen[a], name, second)
        setattr(chosen[b], name, first)
    chosen[a], chosen[b] = chosen[b], chosen[a]
    remade(part, chosen)
    with pytest.raises(Refusal):
        check_published(signed(room, claimed_anew(proof_of(part), file_of(part)), part))


def test_sound_shifted_against_the_picture_is_refused(room: Room, part: Path) -> None:
    chosen = packets(file_of(part))
    for each in chosen:
        if each.stream_index == 1:
            ticks = int(Fraction(1, 5) / each.time_base)
            each.dts, each.pts = each.dts + ticks, each.pts + ticks
    remade(part, chosen)
    forged = claimed_anew(proof_of(part), file_of(part))
    with pytest.raises(ProofBroken, match="other times"):
        check_published(signed(room, forged, part))


def test_another_rate_of_the_picture_is_refused(room: Room, part: Path) -> None:
    chosen = packets(file_of(part))
    for each in chosen:
        if each.stream_index == 0:
            each.dts, each.pts = each.dts * 2, each.pts * 2
    remade(part, chosen)
    forged = claimed_anew(proof_of(part), file_of(part))
    with pytest.raises(ProofBroken, match="other times"):
        check_published(signed(room, forged, part))


def test_swapped_extradata_in_the_container_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    extradata = proof.header.configs[0].extradata
    data = file_of(part).read_bytes()
    assert data.count(extradata) == 1
    swapped = bytearray(extradata)
    swapped[-1] ^= 4
    file_of(part).write_bytes(data.replace(extradata, bytes(swapped)))
    with pytest.raises(ProofBroken, match="extradata"):
        check_published(signed(room, proof, part))


def test_swapped_extradata_in_the_proof_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    configs = list(proof.header.configs)
    configs[0] = replace(configs[0], extradata=configs[0].extradata[:-1])
    forged = replace(proof, header=replace(proof.header, configs=tuple(configs)))
    with pytest.raises(ProofBroken, match="extradata"):
        check_published(signed(room, forged, part))


def test_a_part_that_was_encoded_anew_is_refused(room: Room, part: Path) -> None:
    path, new = file_of(part), file_of(part).with_suffix(".new")
    with av.open(path) as source, av.open(new, "w", format="mp4") as target:
        stream = target.add_stream("libx264", rate=12, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 320, 192, "yuv420p"
        for frame in source.decode(video=0):
            target.mux(stream.encode(frame.reformat()))
        target.mux(stream.encode(None))
    new.replace(path)
    proof = proof_of(part)
    silent = [
        replace(u, packet=bytes(32)) if u.config and isinstance(u.packet, OpenPacket) else u
        for u in proof.units
    ]
    films = sum(isinstance(u.packet, OpenPacket) for u in silent)
    assert len(packets(path)) >= films - 2
    with pytest.raises(ProofBroken):
        check_published(signed(room, claimed_anew(replace(proof, units=tuple(silent)), path), part))


def test_a_part_of_another_item_is_refused(room: Room, part: Path, tmp_path: Path) -> None:
    clips.draw(tmp_path / "other.mp4", 5)
    item = seal_clip(room.archive, room.signer, tmp_path / "other.mp4")
    out = tmp_path / "other"
    begin, end = Moment(22 * 10**8), Moment(35 * 10**8)
    other = excerpt(room.archive, item, begin, end, COURT, room.signer, out)
    ours, theirs = proof_of(part), proof_of(other.proof)
    header = replace(
        theirs.header, tree_root=ours.header.tree_root, card=ours.header.card,
        totals=ours.header.totals,
    )  # fmt: skip
    with pytest.raises(ProofBroken):
        check_published(signed_anew(room, replace(theirs, header=header), out, other.proof))


def test_a_false_total_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    assert proof.header.totals is not None
    totals = replace(proof.header.totals, sealed=proof.header.totals.sealed - 50)
    forged = replace(proof, header=replace(proof.header, totals=totals))
    with pytest.raises(ProofBroken, match="totals are false"):
        check_published(signed(room, forged, part))


def test_a_total_without_a_card_that_shows_it_is_refused(
    room: Room, public: Published, part: Path
) -> None:
    theirs = proof_of(public.proof)
    forged = replace(proof_of(part), header=replace(proof_of(part).header, card=theirs.header.card))
    with pytest.raises(ProofBroken, match="totals are not shown"):
        check_published(signed(room, forged, part))


@pytest.mark.parametrize("kind", [b"free", b"uuid", b"mdat", b"udta"])
def test_bytes_that_no_unit_claims_are_refused(room: Room, part: Path, kind: bytes) -> None:
    hidden = b"a film that nobody sealed"
    box = (8 + len(hidden)).to_bytes(4, "big") + kind + hidden
    with file_of(part).open("ab") as file:
        file.write(box)
    with pytest.raises(ProofBroken):
        check_published(signed(room, proof_of(part), part))


def test_a_second_claim_on_the_same_bytes_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    places = [i for i, u in enumerate(proof.units) if isinstance(u.packet, OpenPacket)]
    units = list(proof.units)
    first, second = units[places[0]].packet, units[places[1]].packet
    assert isinstance(first, OpenPacket)
    assert isinstance(second, OpenPacket)
    units[places[1]] = replace(units[places[1]], packet=replace(second, offset=first.offset))
    with pytest.raises(ProofBroken, match="same bytes"):
        check_published(signed(room, replace(proof, units=tuple(units)), part))


def test_a_withheld_timing_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    units = (replace(proof.units[0], timing=bytes(32)), *proof.units[1:])
    with pytest.raises(ProofBroken, match="timing"):
        check_published(signed(room, replace(proof, units=units), part))


def test_a_disclosure_by_another_archive_is_refused(part: Path, tmp_path: Path) -> None:
    from disclose.evidence_room import open_room  # noqa: PLC0415

    signer = open_room(tmp_path / "archive")
    stranger = Room(tmp_path / "archive", signer, "", Path())
    with pytest.raises(Refusal):
        check_published(signed(stranger, proof_of(part), part))


def test_an_act_that_is_not_in_the_log_is_refused(room: Room, part: Path) -> None:
    proof = proof_of(part)
    other = replace(proof.header.disclosure, proof=proof.header.card.proof)
    forged = replace(proof, header=replace(proof.header, disclosure=other))
    part.write_bytes(encode_proof(forged))
    with pytest.raises(ProofBroken):
        check_published(part)
    assert Ledger.open(room.archive).size


def spoiled(path: Path, change: Callable[[np.ndarray[Any, Any]], None]) -> None:
    """Write a rendition anew, without loss, with a change to the luma of its fourth picture."""
    new = path.with_suffix(".new")
    with av.open(path) as source, av.open(new, "w", format="matroska") as target:
        film = target.add_stream("ffv1", rate=1000)
        film.width, film.height, film.pix_fmt = 320, 192, "yuv420p"
        template = source.streams.video[0].codec_context
        film.codec_context.color_range = template.color_range
        film.codec_context.colorspace = template.colorspace
        film.codec_context.time_base = Fraction(1, 1000)
        for number, frame in enumerate(source.decode(video=0)):
            planes = frame.to_ndarray()
            if number == 3:
                change(planes)
            made = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            made.pts, made.time_base = frame.pts, frame.time_base
            target.mux(film.encode(made))
        target.mux(film.encode(None))
    new.replace(path)


def outside(planes: np.ndarray[Any, Any]) -> None:
    planes[10:14, 10:14] ^= 1


def beneath(planes: np.ndarray[Any, Any]) -> None:
    planes[80:84, 80:84] = 200


def unchanged(planes: np.ndarray[Any, Any]) -> None:
    assert planes[80, 80] == 128


@pytest.fixture
def silent(room: Room, tmp_path: Path) -> Path:
    """Publish half a second with one tile hidden, without sound; return the proof."""
    from dalil.disclose.pictures import redact  # noqa: PLC0415

    made = redact(
        room.archive, room.item, Moment(25 * 10**8), Moment(30 * 10**8), [(70, 70, 20, 20)],
        PUBLIC, room.signer, tmp_path / "silent",
    )  # fmt: skip
    return made.proof


def test_a_rendition_written_anew_without_a_change_holds(room: Room, silent: Path) -> None:
    spoiled(silent.with_name("redacted.mkv"), unchanged)
    found = check_published(signed(room, proof_of(silent), silent), room.vkeys)
    assert found.tiles_withheld == found.frames == 6


@pytest.mark.parametrize(
    ("change", "what"), [(outside, "outside the withheld"), (beneath, "plain grey")]
)
def test_four_by_four_samples_changed_in_a_rendition_are_refused(
    room: Room, silent: Path, change: Callable[[np.ndarray[Any, Any]], None], what: str
) -> None:
    spoiled(silent.with_name("redacted.mkv"), change)
    with pytest.raises(ProofBroken, match=what):
        check_published(signed(room, proof_of(silent), silent))


@pytest.mark.parametrize(("place", "what"), [(10, "outside the withheld"), (80, "plain grey")])
def test_four_by_four_samples_changed_in_a_still_are_refused(
    room: Room, picture: Published, tmp_path: Path, place: int, what: str
) -> None:
    from dalil.disclose.check_media import read_png  # noqa: PLC0415
    from dalil.media.render import _png  # noqa: PLC0415

    shutil.copytree(picture.folder, tmp_path / "still")
    plane = tmp_path / "still" / "still.y.png"
    rows = read_png(plane.read_bytes(), 320, 192, deep=False).copy()
    rows[place : place + 4, place : place + 4] ^= 3
    plane.write_bytes(_png(320, rows, 8, 0))
    place_of = tmp_path / "still" / picture.proof.name
    with pytest.raises(ProofBroken, match=what):
        check_published(signed(room, proof_of(place_of), place_of))


def test_a_hidden_tile_that_is_opened_with_a_guess_is_refused(
    room: Room, picture: Published, tmp_path: Path
) -> None:
    shutil.copytree(picture.folder, tmp_path / "still")
    place = tmp_path / "still" / picture.proof.name
    proof = proof_of(place)
    frame = proof.frames[0]
    tiles = tuple(tile[:16] for tile in frame.tiles)
    forged = replace(proof, frames=(replace(frame, tiles=tiles),))
    with pytest.raises(ProofBroken):
        check_published(signed(room, forged, place))


def test_pixels_of_another_shape_are_refused(
    room: Room, picture: Published, tmp_path: Path
) -> None:
    shutil.copytree(picture.folder, tmp_path / "still")
    place = tmp_path / "still" / picture.proof.name
    proof = proof_of(place)
    unit = proof.units[0]
    assert isinstance(unit.pixels, OpenText)
    value = unit.pixels.value.replace("320x192", "192x320")
    forged = replace(proof, units=(replace(unit, pixels=replace(unit.pixels, value=value)),))
    with pytest.raises(ProofBroken, match="root"):
        check_published(signed(room, forged, place))
