"""A part goes out with its proof, whole or not at all."""

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from dalil.disclose.check_proof import check_published, play_published, read_proof
from dalil.disclose.excerpt import excerpt
from dalil.disclose.position import Moment
from dalil.disclose.publish import Published
from dalil.errors import (
    ArchiveExists,
    CannotCutHere,
    Missing,
    NoSuchThing,
    ProofBroken,
    UsageRefused,
)
from dalil.kernel.act import parse_presentation
from dalil.kernel.proof import OpenPacket, OpenText
from dalil.ledger.ledger import Ledger
from dalil.media.container import packet_bytes, reread
from dalil.media.tables import Tables
from dalil.vault.vault import Vault
from disclose.evidence_room import COURT, PUBLIC, Room, canaries_in, seal_clip


def test_a_court_sees_where_the_part_stands_and_how_much_is_withheld(
    room: Room, court: Published
) -> None:
    found = check_published(court.proof, room.vkeys)
    tables = Tables(Vault.open(room.archive).tables(room.item))
    assert found.keys_known
    assert found.sealed_units == tables.count
    assert found.said["from_ns"] == 2_000_000_000
    assert found.said["to_ns"] == 4_000_000_000
    assert found.said["cut_by"] == "Salma"
    assert found.said["approved_by"] == ["Salma"]
    assert found.opened + found.withheld == found.units == court.units


def test_the_public_sees_neither_place_nor_length_nor_file(room: Room, public: Published) -> None:
    found = check_published(public.proof, room.vkeys)
    assert found.sealed_units is None
    assert {"from_ns", "to_ns", "item"}.isdisjoint(found.said)
    header = read_proof(public.proof).header
    assert parse_presentation(header.card.act).disclosures == ()
    assert not any(isinstance(u.position, OpenText) for u in read_proof(public.proof).units)


def test_keys_that_came_with_the_part_are_said_to_be_unknown(court: Published) -> None:
    assert not check_published(court.proof).keys_known


def test_another_archives_keys_are_refused(court: Published) -> None:
    with pytest.raises(ProofBroken):
        check_published(court.proof, ("a", "b"))


def test_the_act_is_in_the_ledger_before_the_proof_is_written(room: Room, court: Published) -> None:
    entry = Ledger.open(room.archive).act(court.act)
    assert entry.act.type == "disclosed"
    assert read_proof(court.proof).header.disclosure.act.startswith(entry.act.jwt)
    assert court.receipt.read_text().startswith("c2sp.org/tlog-proof@v1\n")


def test_a_muted_span_is_a_counted_gap_and_its_packets_are_not_in_the_file(
    room: Room, public: Published
) -> None:
    tables = Tables(Vault.open(room.archive).tables(room.item))
    proof = read_proof(public.proof)
    withheld = {u.slot for u in proof.units if not isinstance(u.packet, OpenPacket)}
    units = [u for u in tables.units(0, tables.count) if u.slot in withheld]
    muted = [
        u for u in units
        if u.stream == 1 and u.pts_ns is not None and 2_550_000_000 < u.pts_ns < 2_950_000_000
    ]  # fmt: skip
    published = public.files[0].read_bytes()
    assert len(muted) > 5
    assert all(data not in published for _, data in packet_bytes(room.original, muted))
    assert check_published(public.proof).gaps >= 1


def test_no_plain_digest_stands_in_what_is_published(
    room: Room, court: Published, public: Published, redacted: Published, picture: Published
) -> None:
    tables = Tables(Vault.open(room.archive).tables(room.item))
    original = hashlib.sha256(room.original.read_bytes())
    known = [original.digest()]
    known += [unit.sha256 for unit in tables.units(0, tables.count)]
    known += [
        tables.tile_digests(f)[i : i + 32]
        for f in tables.frames(0, 72)
        for i in range(0, f.tiles * 32, 32)
    ]
    for part in (court, public, redacted, picture):
        data = part.proof.read_bytes()
        assert not any(each in data or each.hex().encode() in data for each in known)


def test_two_parts_of_one_item_share_no_withheld_digest_that_tells_a_packet(
    court: Published, public: Published
) -> None:
    open_ones, closed = {}, {}
    for unit in read_proof(court.proof).units:
        open_ones[unit.slot] = unit
    for unit in read_proof(public.proof).units:
        closed[unit.slot] = unit
    both = open_ones.keys() & closed.keys()
    assert both
    for slot in both:
        packet = closed[slot].packet
        # The same commitment, and nothing but it: no unsalted hash is beside it.
        if isinstance(packet, bytes):
            assert len(packet) == 32


def test_every_part_is_free_of_canaries(
    room: Room, court: Published, public: Published, redacted: Published, picture: Published
) -> None:
    assert canaries_in(room.original.read_bytes())
    for part in (court, public, redacted, picture):
        for path in sorted(part.folder.iterdir()):
            assert canaries_in(path.read_bytes()) == [], path.name


def test_what_is_there_is_never_written_over(room: Room, tmp_path: Path) -> None:
    out = tmp_path / "part"
    out.mkdir()
    with pytest.raises(ArchiveExists):
        excerpt(room.archive, room.item, Moment(0), Moment(10**9), COURT, room.signer, out)
    assert list(out.iterdir()) == []


def test_a_part_that_cannot_be_cut_leaves_nothing(room: Room, tmp_path: Path) -> None:
    before = Ledger.open(room.archive).size
    far = Moment(10**12)
    with pytest.raises(CannotCutHere):
        excerpt(room.archive, room.item, far, far, COURT, room.signer, tmp_path / "part")
    assert list(tmp_path.iterdir()) == []
    assert Ledger.open(room.archive).size == before


def test_an_item_may_be_named_by_the_beginning_of_its_id(room: Room, tmp_path: Path) -> None:
    out = tmp_path / "part"
    begin, end = Moment(0), Moment(5 * 10**8)
    made = excerpt(room.archive, room.item[:6], begin, end, PUBLIC, room.signer, out)
    assert check_published(made.proof, room.vkeys).opened == made.opened
    with pytest.raises(NoSuchThing):
        excerpt(room.archive, "zz", begin, end, PUBLIC, room.signer, tmp_path / "other")


def test_a_part_without_its_file_is_named_missing(court: Published, tmp_path: Path) -> None:
    alone = tmp_path / court.proof.name
    alone.write_bytes(court.proof.read_bytes())
    with pytest.raises(Missing, match=r"excerpt\.mp4"):
        check_published(alone)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_a_checked_part_is_written_anew_with_the_sealed_timing(
    court: Published, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"played.{ending}"
    play_published(court.proof, out)
    ours, again = reread(court.files[0]), reread(out)
    for stream in (0, 1):
        before = [each for each in ours.packets if each.stream == stream]
        after = [each for each in again.packets if each.stream == stream]
        assert [each.sha256 for each in after] == [each.sha256 for each in before]
        pairs = zip(after, before, strict=True)
        offsets = [(a.pts_ns or 0) - (b.pts_ns or 0) for a, b in pairs]
        assert max(offsets) - min(offsets) <= 2_000_000
    with pytest.raises(ArchiveExists):
        play_published(court.proof, out)


def test_only_an_excerpt_is_written_anew(redacted: Published, tmp_path: Path) -> None:
    with pytest.raises(UsageRefused):
        play_published(redacted.proof, tmp_path / "played.mp4")


def test_a_part_holds_one_film_and_one_sound(court: Published) -> None:
    with av.open(court.files[0]) as opened:
        assert [each.type for each in opened.streams] == ["video", "audio"]
        assert not opened.chapters()


@pytest.mark.long
def test_a_proof_of_40_seconds_of_27_minutes_takes_at_most_450_bytes_a_unit(
    room: Room, tmp_path: Path
) -> None:
    minutes, length = 27, 6
    with av.open(room.original) as source, av.open(tmp_path / "long.mp4", "w") as target:
        streams = [target.add_stream_from_template(each) for each in source.streams]
        demuxed: Any = source.demux()
        packets = [each for each in demuxed if each.size and each.dts * each.time_base < length]
        starts = [(p.stream_index, p.dts, p.pts, p.time_base) for p in packets]
        # Twice as long, for this clip has half as many packets a second as telephones make.
        for turn in range(minutes * 60 * 2 // length):
            for packet, (stream, dts, pts, base) in zip(packets, starts, strict=True):
                shift = int(turn * (length + Fraction(1, 10)) / base)
                packet.stream, packet.time_base = streams[stream], base
                packet.dts, packet.pts = dts + shift, pts + shift
                target.mux_one(packet)
    item = seal_clip(room.archive, room.signer, tmp_path / "long.mp4", tiles=False)
    begin, end = Moment(600 * 10**9), Moment(680 * 10**9)
    made = excerpt(room.archive, item, begin, end, COURT, room.signer, tmp_path / "part")
    assert made.units > 2500
    assert made.proof.stat().st_size <= 450 * made.units
    assert check_published(made.proof, room.vkeys).depth == 20
