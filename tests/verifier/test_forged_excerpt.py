"""An insider with the archive's keys signs a tampered excerpt: what was sealed still tells."""

import hashlib
import shutil
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dalil.kernel.act import parse_presentation, visible_of
from dalil.kernel.proof import OpenPacket, OpenText, Proof, Totals, encode_proof, parse_proof
from dalil.ledger.ledger import Draft, Ledger
from dalil.verifier.verify import boxes_at, examine
from verifier.handed import Handed, sha256_of
from verifier.test_forged_case_file import codes


class Forger:
    """Somebody who holds every key, and signs whatever is put before them."""

    def __init__(self, handed: Handed, place: Path) -> None:
        self.signer = handed.signer
        self.archive = Path(shutil.copytree(handed.archive, place / "archive"))
        shutil.copytree(handed.excerpt.parent, place / "excerpt")
        self.path = place / "excerpt" / handed.excerpt.name
        self.film = self.path.with_suffix("")
        self.proof = parse_proof(self.path.read_bytes())

    def publish(self, proof: Proof, film: bytes | None = None) -> set[str]:
        """Sign a new disclosure of this proof and film; return what a stranger finds wrong."""
        if film is not None:
            self.film.write_bytes(film)
        digest = sha256_of(self.film)
        opened = sum(isinstance(unit.packet, OpenPacket) for unit in proof.units)
        act = parse_presentation(self.proof.header.disclosure.act)
        counts = {"opened": opened, "withheld": len(proof.units) - opened, "file_sha256": digest}
        ledger = Ledger.open(self.archive)
        draft = Draft("disclosed", {**act.opened(), **counts}, visible_of(act))
        entry = ledger.append([draft], self.signer)[0]
        header = proof.header
        file = replace(header.published[0], sha256=digest, size=self.film.stat().st_size)
        sealed = header.totals.sealed if header.totals else 0
        header = replace(
            header,
            published=(file,),
            units=len(proof.units),
            totals=Totals(opened, sealed - opened, sealed),
            disclosure=replace(
                header.disclosure, act=entry.act.presentation(), proof=str(ledger.proof(entry.seq))
            ),
        )
        self.path.write_bytes(encode_proof(replace(proof, header=header)))
        return codes(examine(str(self.path)))

    def opened(self, stream: int = 0) -> list[int]:
        """Return the places of the open packets of one stream."""
        return [
            i
            for i, unit in enumerate(self.proof.units)
            if isinstance(unit.packet, OpenPacket)
            and isinstance(unit.timing, OpenText)
            and unit.timing.value.startswith(f"{stream} ")
        ]


@pytest.fixture
def forger(handed: Handed, tmp_path: Path) -> Forger:
    """Return somebody who holds every key, and a copy of everything."""
    return Forger(handed, tmp_path)


def packet(proof: Proof, place: int) -> OpenPacket:
    """Return an open packet."""
    found = proof.units[place].packet
    assert isinstance(found, OpenPacket)
    return found


def with_unit(proof: Proof, place: int, **changes: object) -> Proof:
    """Return the proof with one unit changed."""
    units = list(proof.units)
    units[place] = replace(units[place], **changes)  # type: ignore[arg-type]
    return replace(proof, units=tuple(units))


def test_what_the_forger_leaves_alone_is_intact(forger: Forger) -> None:
    assert forger.publish(forger.proof) == set()


def test_other_bytes_in_a_packet_are_found(forger: Forger) -> None:
    film = bytearray(forger.film.read_bytes())
    film[packet(forger.proof, forger.opened()[3]).offset + 9] ^= 1
    assert forger.publish(forger.proof, bytes(film)) == {"not-in-seal"}


def test_two_packets_exchanged_in_the_chain_are_found(forger: Forger) -> None:
    units = list(forger.proof.units)
    units[4], units[6] = units[6], units[4]
    assert forger.publish(replace(forger.proof, units=tuple(units))) & {"not-in-seal"}


def test_a_unit_left_out_in_the_middle_is_found(forger: Forger) -> None:
    units = forger.proof.units
    left_out = replace(forger.proof, units=units[:5] + units[6:])
    assert forger.publish(left_out) == {"not-in-seal"}


def test_a_tail_cut_from_the_proof_is_found(forger: Forger) -> None:
    cut = replace(forger.proof, units=forger.proof.units[:-1])
    assert forger.publish(cut)


def test_a_unit_told_twice_is_found(forger: Forger) -> None:
    units = forger.proof.units
    assert forger.publish(replace(forger.proof, units=(*units, units[-1]))) & {
        "slot-twice",
        "links-alike",
    }


def test_sound_shifted_against_the_picture_is_found(forger: Forger) -> None:
    place = forger.opened(1)[2]
    timing = forger.proof.units[place].timing
    assert isinstance(timing, OpenText)
    stream, step, rest = timing.value.split(" ", 2)
    shifted = replace(timing, value=f"{stream} {int(step) + 40_000_000} {rest}")
    assert forger.publish(with_unit(forger.proof, place, timing=shifted)) == {"not-in-seal"}


def test_a_packet_of_one_stream_told_as_of_the_other_is_found(forger: Forger) -> None:
    place = forger.opened(1)[2]
    changed = with_unit(forger.proof, place, config=forger.proof.units[forger.opened()[0]].config)
    assert forger.publish(changed) & {"malformed", "not-in-seal"}


def test_extradata_exchanged_in_the_proof_are_found(forger: Forger) -> None:
    configs = list(forger.proof.header.configs)
    configs[0] = replace(configs[0], extradata=configs[0].extradata[:-1] + b"?")
    header = replace(forger.proof.header, configs=tuple(configs))
    assert forger.publish(replace(forger.proof, header=header)) == {"extradata-differs"}


def test_extradata_exchanged_in_the_film_are_found(forger: Forger) -> None:
    film, extradata = forger.film.read_bytes(), forger.proof.header.configs[0].extradata
    assert film.count(extradata) == 1
    other = extradata[:-1] + bytes([extradata[-1] ^ 1])
    assert forger.publish(forger.proof, film.replace(extradata, other)) == {"extradata-differs"}


@pytest.mark.parametrize("kind", [b"mdat", b"free", b"uuid"])
def test_bytes_that_no_unit_claims_are_found(forger: Forger, kind: bytes) -> None:
    hidden = struct.pack(">I", 8 + 500) + kind + b"x" * 500
    assert forger.publish(forger.proof, forger.film.read_bytes() + hidden) == {"unclaimed"}


def test_a_table_that_plays_packets_in_another_order_is_found(forger: Forger) -> None:
    film = forger.film.read_bytes()
    table = sizes_table(film)
    start = film.index(table) + 12
    first, second = struct.unpack(">II", film[start : start + 8])
    assert first != second
    turned = film[:start] + struct.pack(">II", second, first) + film[start + 8 :]
    assert forger.publish(forger.proof, turned) == {"order-differs"}


def sizes_table(film: bytes) -> bytes:
    """Return the sample sizes of the first track."""
    at = film.index(b"moov") - 4
    size = int.from_bytes(film[at : at + 4], "big")
    return boxes_at(film[at + 8 : at + size], b"trak", b"mdia", b"minf", b"stbl", b"stsz")[0]


def test_two_claims_on_the_same_bytes_are_found(forger: Forger) -> None:
    first, second = forger.opened()[1:3]
    stolen = replace(packet(forger.proof, second), offset=packet(forger.proof, first).offset)
    assert forger.publish(with_unit(forger.proof, second, packet=stolen)) == {"not-in-seal"}


def test_a_claim_beyond_the_film_is_found(forger: Forger) -> None:
    place = forger.opened()[1]
    far = replace(packet(forger.proof, place), offset=2**63)
    assert forger.publish(with_unit(forger.proof, place, packet=far)) & {"beyond-file", "malformed"}


@pytest.mark.parametrize("change", [-1, 1])
def test_a_false_total_is_found(forger: Forger, change: int) -> None:
    totals = forger.proof.header.totals
    assert totals is not None
    false = replace(totals, sealed=totals.sealed + change)
    header = replace(forger.proof.header, totals=false)
    assert forger.publish(replace(forger.proof, header=header)) == {"false-total-part"}


def test_a_hidden_gap_is_found(forger: Forger) -> None:
    """A packet is closed, its bytes stay in the film."""
    place = forger.opened(1)[-1]
    digest = hashlib.sha256(b"anything").digest()
    assert forger.publish(with_unit(forger.proof, place, packet=digest)) == {"not-in-seal"}


def test_a_part_of_another_item_is_found(forger: Forger) -> None:
    root = hashlib.sha256(b"another item").digest()
    header = replace(forger.proof.header, tree_root=root)
    assert forger.publish(replace(forger.proof, header=header)) == {"other-seal"}


CRAFTED: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda proof: proof[:-1],
    "bytes behind": lambda proof: proof + b"\0",
    "endless header": lambda proof: proof[:14] + b"\xff\xff\xff\xff" + proof[18:],
    "next version": lambda proof: b"dalil-proof/2\n" + proof[14:],
    "huge depth": lambda proof: proof.replace(b'"depth":16', b'"depth":99'),
    "depth of another type": lambda proof: proof.replace(b'"depth":16', b'"depth":[]'),
    "more units than there are": lambda proof: proof.replace(b'"units":3', b'"units":9'),
    "a name that climbs out": lambda proof: proof.replace(
        b'"name":"excerpt.mp4"', b'"name":"../passwords"'
    ),
    "an absolute name": lambda proof: proof.replace(
        b'"name":"excerpt.mp4"', b'"name":"/etc/passwd"'
    ),
    "totals of another type": lambda proof: proof.replace(b'"totals":{', b'"totals":7,"x":{'),
    "deep JSON": lambda proof: proof[:18] + b"[" * 200_000 + proof[18:],
    "nothing": lambda _: b"",
    "an empty header": lambda _: b"dalil-proof/1\n\0\0\0\2{}",
    "brackets only": lambda _: b"dalil-proof/1\n" + struct.pack(">I", 1 << 20) + b"[" * (1 << 20),
}


@pytest.mark.parametrize("how", CRAFTED)
def test_a_crafted_proof_is_refused_in_our_own_words(part: Path, how: str) -> None:
    whole = part.read_bytes()
    crafted = CRAFTED[how](whole)
    assert crafted != whole
    part.write_bytes(crafted)
    report = examine(str(part))
    assert report.exit_code in {1, 3}
    assert codes(report)
