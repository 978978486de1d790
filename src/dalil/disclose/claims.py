"""The bytes of a published file that hold media, and that each of them is claimed by one unit.

MP4: ISO 14496-12. Matroska: RFC 9559 over EBML (RFC 8794). Transport stream: ISO 13818-1.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from dalil.errors import Malformed, ProofBroken
from dalil.kernel.proof import OpenPacket, OpenText, Proof, PublishedFile

SEGMENT, CLUSTER, GROUP, SIMPLE_BLOCK, BLOCK = (
    0x18538067, 0x1F43B675, 0xA0, 0xA3, 0xA1,
)  # fmt: skip
MATROSKA_TOP = {0x1A45DFA3, SEGMENT, 0xEC, 0xBF}
MP4_TOP = {b"ftyp", b"moov", b"mdat", b"free"}
MAX_BOXES = 1 << 22
TS_PACKET, TS_SYNC = 188, 0x47

Range = tuple[int, int]


def file_sha256(files: Sequence[PublishedFile]) -> str:
    """Return what the disclosure says of the published file, or of the planes of a still."""
    if files[0].plane is None:
        return files[0].sha256
    lines = "".join(f"{each.sha256}  {each.name}\n" for each in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def packet_digests(proof: Proof, folder: Path) -> dict[int, bytes]:
    """Return by place the SHA-256 of each open packet's bytes in the published file.

    Raises:
        ProofBroken: ranges overlap, or there are media bytes that no unit claims.

    """
    claimed = {
        place: unit.packet
        for place, unit in enumerate(proof.units)
        if isinstance(unit.packet, OpenPacket)
    }
    header = proof.header
    if header.kind == "still":
        if claimed:
            raise ProofBroken("a still with open packets")
        return {}
    path = folder / header.published[0].name
    if header.container == "ts":
        return _in_transport(path, proof, claimed)
    media = mp4_media(path) if header.container == "mp4" else matroska_media(path)
    if header.kind == "redacted":
        media = {track: ranges for track, ranges in media.items() if track != 1}
    _demand_all_claimed([each for ranges in media.values() for each in ranges], claimed)
    with path.open("rb") as file:
        return {
            place: hashlib.sha256(os.pread(file.fileno(), each.size, each.offset)).digest()
            for place, each in claimed.items()
        }


def mp4_media(path: Path) -> dict[int, list[Range]]:
    """Return the ranges of the bodies of all ``mdat`` boxes, as track 0.

    Raises:
        ProofBroken: there are boxes that an excerpt does not have.

    """
    ranges = []
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while at < size:
            head = os.pread(file.fileno(), 16, at)
            length, kind, skip = int.from_bytes(head[:4], "big"), head[4:8], 8
            if length == 1:
                length, skip = int.from_bytes(head[8:16], "big"), 16
            if kind not in MP4_TOP or length < skip or at + length > size:
                raise ProofBroken(f"a box {kind!r} in the published file")
            if kind == b"free" and any(os.pread(file.fileno(), length - skip, at + skip)):
                raise ProofBroken("bytes beside the media in the published file")
            if kind == b"mdat":
                ranges.append((at + skip, at + length))
            at += length
    return {0: ranges}


def matroska_media(path: Path) -> dict[int, list[Range]]:
    """Return by track the ranges of all blocks' payloads.

    Raises:
        Malformed: it is not EBML. ProofBroken: it uses what an excerpt does not (lacing).

    """
    data = _Mapped(path)
    found: dict[int, list[Range]] = {}
    todo = [(0, data.size, MATROSKA_TOP)]
    seen = 0
    while todo:
        at, end, allowed = todo.pop()
        while at < end:
            seen += 1
            kind, start, stop = data.element(at, end)
            if seen > MAX_BOXES or (allowed and kind not in allowed):
                raise ProofBroken(f"an element {kind:#x} in the published file")
            if kind in {SEGMENT, CLUSTER, GROUP}:
                todo.append((start, stop, set()))
            elif kind in {SIMPLE_BLOCK, BLOCK}:
                track, body = data.block(start, stop)
                found.setdefault(track, []).append((body, stop))
            at = stop
    return found


class _Mapped:
    """EBML read from a file, element by element."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        if not self.size:
            raise Malformed("an empty file")
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def number(self, at: int, end: int, *, marked: bool) -> tuple[int, int]:
        """Return a variable-length number and where it ends."""
        first = self._bytes[at] if at < end else 0
        length = 9 - first.bit_length()
        if not first or at + length > end:
            raise Malformed("this is not Matroska")
        value = int.from_bytes(self._bytes[at : at + length], "big")
        if not marked:
            value &= (1 << 7 * length) - 1
            if value == (1 << 7 * length) - 1:
                raise ProofBroken("an element of unknown length in the published file")
        return value, at + length

    def element(self, at: int, end: int) -> tuple[int, int, int]:
        """Return an element's id, and where its body begins and ends."""
        kind, at = self.number(at, end, marked=True)
        length, at = self.number(at, end, marked=False)
        if at + length > end:
            raise Malformed("an element that ends beyond the one around it")
        return kind, at, at + length

    def block(self, start: int, end: int) -> tuple[int, int]:
        """Return a block's track and where its payload begins."""
        track, at = self.number(start, end, marked=False)
        if at + 3 > end or self._bytes[at + 2] & 0x06:
            raise ProofBroken("a block with lacing in the published file")
        return track, at + 3


def _demand_all_claimed(media: list[Range], claimed: dict[int, OpenPacket]) -> None:
    claims = sorted((each.offset, each.offset + each.size) for each in claimed.values())
    if any(before[1] > after[0] for before, after in pairwise(claims)):
        raise ProofBroken("two units claim the same bytes")
    if list(_joined(claims)) != list(_joined(sorted(media))):
        raise ProofBroken("media bytes in the published file that no unit claims, or none there")


def _joined(ranges: list[Range]) -> Iterator[Range]:
    begin = end = -1
    for start, stop in ranges:
        if start == stop:
            continue
        if start == end:
            end = stop
            continue
        if end > begin:
            yield begin, end
        begin, end = start, stop
    if end > begin:
        yield begin, end


def _in_transport(path: Path, proof: Proof, claimed: dict[int, OpenPacket]) -> dict[int, bytes]:
    streams: dict[int, dict[int, OpenPacket]] = {}
    for place, packet in claimed.items():
        timing = proof.units[place].timing
        if isinstance(timing, OpenText):
            number = int(timing.value.partition(" ")[0])
            streams.setdefault(number, {})[place] = packet
    carried = elementary_streams(path)
    if len(carried) != len(streams):
        raise ProofBroken("another number of streams in the published file")
    digests = {}
    for number, data in zip(sorted(streams), carried, strict=True):
        _demand_all_claimed([(0, len(data))], streams[number])
        for place, each in streams[number].items():
            digests[place] = hashlib.sha256(data[each.offset : each.offset + each.size]).digest()
    return digests


def elementary_streams(path: Path) -> list[bytes]:
    """Return the bytes of each elementary stream of a transport stream, in the program's order.

    Raises:
        Malformed: it is not a whole number of packets, or has not one program.

    """
    data = path.read_bytes()
    if not data or len(data) % TS_PACKET:
        raise Malformed("this is not a transport stream")
    table: int | None = None
    order: list[int] = []
    parts: dict[int, list[bytes]] = {}
    for at in range(0, len(data), TS_PACKET):
        pid, starts, payload = _transport_packet(data[at : at + TS_PACKET])
        if pid == 0 and starts and payload:
            section = payload[1 + payload[0] :]
            table = int.from_bytes(section[10:12], "big") & 0x1FFF
        elif pid == table and starts and payload and not order:
            order = list(_program(payload[1 + payload[0] :]))
        elif pid in order:
            body = payload[9 + payload[8] :] if starts and len(payload) > 8 else payload  # noqa: PLR2004
            parts.setdefault(pid, []).append(body)
    return [b"".join(parts.get(pid, [])) for pid in order]


def _transport_packet(packet: bytes) -> tuple[int, bool, bytes]:
    if packet[0] != TS_SYNC:
        raise Malformed("a transport stream that lost its step")
    pid = int.from_bytes(packet[1:3], "big") & 0x1FFF
    start = 4
    if packet[3] & 0x20:
        start += 1 + packet[4]
    payload = packet[start:] if packet[3] & 0x10 else b""
    return pid, bool(packet[1] & 0x40), payload


def _program(section: bytes) -> Iterator[int]:
    length = int.from_bytes(section[1:3], "big") & 0xFFF
    at = 12 + (int.from_bytes(section[10:12], "big") & 0xFFF)
    while at + 5 <= 3 + length - 4 and at + 5 <= len(section):
        yield int.from_bytes(section[at + 1 : at + 3], "big") & 0x1FFF
        at += 5 + (int.from_bytes(section[at + 3 : at + 5], "big") & 0xFFF)
