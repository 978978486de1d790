"""Excerpts of every container that we publish in, read by both readers; sound muted and public."""

from dataclasses import replace
from pathlib import Path

import pytest

from dalil.disclose.excerpt import excerpt
from dalil.disclose.position import parse_position
from dalil.kernel.act import parse_presentation
from dalil.kernel.proof import OpenPacket, parse_proof
from dalil.verifier.verify import examine
from footage import QUICK, Clip
from verifier.handed import COURT, Handed, take_in
from verifier.test_forged_excerpt import Forger
from verifier.test_one_flipped_bit import sentences

PLAIN = Clip("plain.mkv", codec="mjpeg", pixels="yuvj420p", sound="pcm_s16le", pictures=40)
CUT = {PLAIN.name: PLAIN} | {clip.name: clip for clip in QUICK}


QUICKLY = (
    ("bframes.mp4", "public"),
    ("stream.ts", "court"),
    ("plain.mkv", "court"),
)
LATER = (
    ("bframes.mp4", "court"),
    ("editlist.mp4", "court"),
    ("editlist.mp4", "public"),
    ("stream.ts", "public"),
    ("odd.mkv", "court"),
    ("odd.mkv", "public"),
)


@pytest.mark.parametrize(
    ("name", "purpose"),
    [*QUICKLY, *(pytest.param(*each, marks=pytest.mark.long) for each in LATER)],
)
def test_an_excerpt_is_intact_and_says_what_is_open(
    name: str, purpose: str, tmp_path: Path
) -> None:
    clip: Clip = CUT[name]
    signer, items = take_in(tmp_path / "archive", [clip.make(tmp_path)])
    begin, end = parse_position("00:00.4"), parse_position("00:01.0")
    why = replace(COURT, purpose=purpose)
    span = (parse_position("00:00.6"), parse_position("00:00.8"))
    cut = excerpt(
        tmp_path / "archive", items[0], begin, end, why, signer, tmp_path / "cut", muted=[span]
    )
    report = examine(str(cut.proof))
    assert sentences(report) == []
    assert report.exit_code == 0
    units = parse_proof(cut.proof.read_bytes()).units
    opened = sum(isinstance(unit.packet, OpenPacket) for unit in units)
    part = next(f for f in report.findings if f.code == "part-excerpt")
    assert (part.values["units"], part.values["opened"]) == (len(units), opened)
    assert 0 < opened < len(units)
    if purpose == "public":
        act = parse_presentation(parse_proof(cut.proof.read_bytes()).header.disclosure.act)
        assert not {"from_ns", "to_ns", "item"} & set(act.opened())
        assert not [f for f in report.findings if f.code == "whole-withheld"]


UNCLAIMED = {
    "mp4": b"\0\0\0\x10mdat" + b"x" * 8,
    "mkv": b"\xa3\x88\x81\0\0\x80hide",
    "ts": b"\x47\x01\x55\x10" + b"x" * 184,
}


@pytest.mark.parametrize(
    ("name", "container"), [("bframes.mp4", "mp4"), ("stream.ts", "ts"), ("plain.mkv", "mkv")]
)
def test_a_film_changed_by_whoever_holds_the_keys_is_found(
    name: str, container: str, tmp_path: Path
) -> None:
    signer, items = take_in(tmp_path / "archive", [CUT[name].make(tmp_path)])
    begin, end = parse_position("00:00.4"), parse_position("00:01.0")
    cut = excerpt(tmp_path / "archive", items[0], begin, end, COURT, signer, tmp_path / "cut")
    (tmp_path / "forger").mkdir()
    handed = Handed(tmp_path / "archive", signer, items, *[cut.proof] * 4)
    forger = Forger(handed, tmp_path / "forger")
    assert forger.proof.header.container == container
    assert forger.publish(forger.proof) == set()
    film = forger.film.read_bytes()
    packet = next(u.packet for u in forger.proof.units if isinstance(u.packet, OpenPacket))
    at = packet.offset + 5 if container != "ts" else film.index(b"\0\0\1\xe0") + 45
    changed = film[:at] + bytes([film[at] ^ 4]) + film[at + 1 :]
    assert forger.publish(forger.proof, changed) == {"not-in-seal"}
    assert forger.publish(forger.proof, film + UNCLAIMED[container]) == {"unclaimed"}
    assert forger.publish(forger.proof, film + b"\0") & {"unclaimed", "malformed"}
