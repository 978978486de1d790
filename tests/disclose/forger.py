"""A publisher who holds the archive's keys and lies: signs anew whatever was changed.

Against anybody else the digests in the signed disclosure are enough; these tests ask what stands
when the liar can sign.
"""

from dataclasses import replace
from pathlib import Path

from dalil.disclose.claims import file_sha256
from dalil.disclose.publish import published_file
from dalil.kernel.act import parse_presentation
from dalil.kernel.proof import (
    LoggedAct,
    OpenPacket,
    OpenText,
    Proof,
    Totals,
    encode_proof,
    parse_proof,
)
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.container import reread
from disclose.evidence_room import Room


def proof_of(path: Path) -> Proof:
    """Return the proof beside a published file."""
    return parse_proof(path.read_bytes())


def signed_anew(room: Room, proof: Proof, folder: Path, place: Path) -> Path:
    """Enter a disclosure that fits the files in ``folder`` and write the proof to ``place``."""
    header = proof.header
    files = tuple(published_file(folder / f.name, f.plane) for f in header.published)
    said = parse_presentation(header.disclosure.act).opened()
    opened = sum(
        isinstance(u.packet, OpenPacket) or isinstance(u.pixels, OpenText) for u in proof.units
    )
    said |= {
        "file_sha256": file_sha256(files),
        "opened": opened,
        "withheld": len(proof.units) - opened,
    }
    ledger = Ledger.open(room.archive)
    visible = {"tree_root": header.tree_root.hex(), "depth": header.depth}
    entry = ledger.append([Draft("disclosed", said, visible)], room.signer)[0]
    totals = header.totals and Totals(opened, header.totals.sealed - opened, header.totals.sealed)
    disclosure = LoggedAct(entry.act.presentation(), str(ledger.proof(entry.seq)))
    header = replace(
        header, published=files, disclosure=disclosure, totals=totals, units=len(proof.units)
    )
    place.write_bytes(encode_proof(replace(proof, header=header)))
    return place


def claimed_anew(proof: Proof, path: Path) -> Proof:
    """Point each open packet to where its successor in the same stream now stands in the file."""
    again = reread(path)
    streams = sorted({_stream(u.timing) for u in proof.units if isinstance(u.packet, OpenPacket)})
    found = {
        stream: iter([p for p in again.packets if p.stream == index])
        for index, stream in enumerate(streams)
    }
    units = []
    for unit in proof.units:
        packet = unit.packet
        if isinstance(packet, OpenPacket):
            here = next(found[_stream(unit.timing)])
            packet = replace(packet, offset=here.offset or 0, size=here.size)
        units.append(replace(unit, packet=packet))
    return replace(proof, units=tuple(units))


def _stream(timing: OpenText | bytes) -> int:
    assert isinstance(timing, OpenText)
    return int(timing.value.split(" ")[0])
