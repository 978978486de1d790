"""What a packet of moving pictures says of itself: can a part begin here, what does it carry along.

H.264: ITU-T H.264 7.3, D.1. HEVC: ITU-T H.265 7.3, D.2. MPEG-1/2: ISO 13818-2, 6.2.
MPEG-4 part 2: ISO 14496-2, 6.2. AV1: section 5.8. JPEG: ITU-T T.81, B.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

X264 = bytes.fromhex("dc45e9bde6d948b7962cd820d923eeef")
X265 = bytes.fromhex("2ca2de09b51747dbbb55a4fe7fc2fc4e")
BANNERS = (b"Lavc", b"x264", b"x265", b"XviD", b"DivX", b"FFmpeg")
LONGEST_PLAIN_TIMING = 3
HVCC_HEAD = 22
ANNEX_B = re.compile(rb"\x00?\x00\x00\x01")
START_CODE = re.compile(rb"\x00\x00\x01")

H264_IDR, H264_SEI = 5, 6
HEVC_IDR, HEVC_RANDOM_ACCESS, HEVC_SEI = (19, 20), range(16, 24), (39, 40)
SEI_TIMING, SEI_T35, SEI_USER, SEI_HEVC_TIME = 1, 4, 5, 136
MPEG2_USER, MPEG2_GROUP, MPEG2_PICTURE = 0xB2, 0xB8, 0x00
MPEG4_USER, MPEG4_GROUP, MPEG4_PICTURE = 0xB2, 0xB3, 0xB6
AV1_METADATA, AV1_T35, AV1_TIME = 5, 4, 5
JPEG_APP0, JPEG_APP15, JPEG_COMMENT, JPEG_SCAN = 0xE0, 0xEF, 0xFE, 0xDA


class Begin(Enum):
    """Whether decoding can begin at a key packet without what came before."""

    CLEAN = "clean"
    UNCLEAN = "unclean"
    BY_NEXT = "by the next packet"


@dataclass(frozen=True, slots=True)
class Rider:
    """Something that travels inside the picture data; ``harmless``: an encoder's banner."""

    what: str
    harmless: bool


@dataclass(frozen=True, slots=True)
class Bitstream:
    """How a stream's packets are cut into pieces: codec and bytes of a length field, 0 for none."""

    codec: str
    length_size: int

    def nal_units(self, data: bytes) -> Iterator[bytes]:
        """Yield the NAL units of a packet."""
        if not self.length_size:
            yield from (part for _, part in _pieces(data))
            return
        at = 0
        while at + self.length_size <= len(data):
            size = int.from_bytes(data[at : at + self.length_size], "big")
            at += self.length_size
            yield data[at : at + size]
            at += size


def bitstream_of(codec: str, extradata: bytes) -> Bitstream:
    """Return how to read packets of a stream with this extradata (avcC, hvcC or Annex B)."""
    if codec == "h264" and len(extradata) > 6 and extradata[0] == 1:  # noqa: PLR2004 - avcC
        return Bitstream(codec, (extradata[4] & 3) + 1)
    if codec == "hevc" and len(extradata) > HVCC_HEAD and not ANNEX_B.match(extradata):
        return Bitstream(codec, (extradata[21] & 3) + 1)
    return Bitstream(codec, 0)


def beginning(stream: Bitstream, data: bytes) -> Begin:
    """Return whether a part may begin at this key packet."""
    if stream.codec == "h264":
        kinds = [nal[0] & 31 for nal in stream.nal_units(data) if nal]
        return Begin.CLEAN if H264_IDR in kinds else Begin.UNCLEAN
    if stream.codec == "hevc":
        kinds = [nal[0] >> 1 & 63 for nal in stream.nal_units(data) if nal]
        accesses = [kind for kind in kinds if kind in HEVC_RANDOM_ACCESS]
        clean = accesses and all(kind in HEVC_IDR for kind in accesses)
        return Begin.CLEAN if clean else Begin.UNCLEAN
    if stream.codec in {"mpeg1video", "mpeg2video", "mpeg4"}:
        return Begin.BY_NEXT
    if stream.codec in {"vc1", "wmv3", "vvc", "rv40", "rv30", "cavs", "avs2", "avs3"}:
        return Begin.UNCLEAN
    return Begin.CLEAN


def is_leading(stream: Bitstream, data: bytes) -> bool:
    """Return whether this packet, the next after a key packet, may lean on what came before it."""
    if stream.codec == "mpeg4":
        kinds = [body[1] >> 6 for code, body in _coded(data) if code == MPEG4_PICTURE and body[1:]]
        return 2 in kinds  # noqa: PLR2004 - B picture
    pictures = [
        body[2] >> 3 & 7 for code, body in _coded(data) if code == MPEG2_PICTURE and body[2:]
    ]
    return 3 in pictures  # noqa: PLR2004 - B picture


def riders(stream: Bitstream, data: bytes) -> list[Rider]:
    """Return what a packet carries beside its picture and cannot be taken out unseen."""
    if stream.codec in {"h264", "hevc"}:
        return list(_nal_riders(stream.codec, stream.nal_units(data)))
    if stream.codec in {"mpeg1video", "mpeg2video"}:
        return list(_mpeg_riders(data, MPEG2_USER, MPEG2_GROUP))
    if stream.codec == "mpeg4":
        return list(_mpeg_riders(data, MPEG4_USER, MPEG4_GROUP))
    if stream.codec == "av1":
        return list(_av1_riders(data))
    if stream.codec == "mjpeg":
        return list(_jpeg_riders(data))
    return []


def riders_of_extradata(stream: Bitstream, extradata: bytes) -> list[Rider]:
    """Return what the configuration itself carries along."""
    if stream.codec == "hevc" and stream.length_size:
        return list(_nal_riders("hevc", _hvcc_units(extradata)))
    if stream.codec == "av1":
        return list(_av1_riders(extradata[4:]))
    if stream.codec == "h264" and stream.length_size:
        return []
    return riders(stream, extradata)


def _nal_riders(codec: str, units: Iterator[bytes]) -> Iterator[Rider]:
    for nal in units:
        if codec == "h264" and nal and nal[0] & 31 == H264_SEI:
            yield from _sei_riders(nal[1:])
        if codec == "hevc" and nal and (nal[0] >> 1 & 63) in HEVC_SEI:
            yield from _sei_riders(nal[2:])


def _sei_riders(raw: bytes) -> Iterator[Rider]:
    body = raw.replace(b"\0\0\3", b"\0\0")
    at = 0
    while at + 2 <= len(body) and body[at:] != b"\x80":
        kind, at = _sei_number(body, at)
        size, at = _sei_number(body, at)
        payload = body[at : at + size]
        at += size
        if kind == SEI_USER:
            yield Rider("user data", harmless=payload[:16] in {X264, X265})
        elif kind == SEI_T35:
            yield Rider("captions", harmless=False)
        elif kind == SEI_HEVC_TIME or (kind == SEI_TIMING and size > LONGEST_PLAIN_TIMING):
            # A picture timing as short as this has no room for a clock.
            yield Rider("a time code", harmless=False)


def _sei_number(body: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(body) and body[at] == 0xFF:  # noqa: PLR2004 - ff means: and more
        value += 255
        at += 1
    return value + (body[at] if at < len(body) else 0), at + 1


def _hvcc_units(extradata: bytes) -> Iterator[bytes]:
    at = 23
    for _ in range(extradata[22] if len(extradata) > HVCC_HEAD else 0):
        for _ in range(int.from_bytes(extradata[at + 1 : at + 3], "big")):
            size = int.from_bytes(extradata[at + 3 : at + 5], "big")
            yield extradata[at + 5 : at + 5 + size]
            at += 2 + size
        at += 3


def _mpeg_riders(data: bytes, user: int, group: int) -> Iterator[Rider]:
    for code, body in _coded(data):
        if code == user:
            yield Rider("user data", harmless=body[1:].startswith(BANNERS))
        if code == group and any(_time_code(body, group)):
            yield Rider("a time code", harmless=False)


def _time_code(body: bytes, group: int) -> bytes:
    bits = int.from_bytes(body[1:5].ljust(4, b"\0"), "big")
    # Hours, minutes, a marker bit, seconds; MPEG-1/2 count pictures too.
    whole, marker = (25, 12) if group == MPEG2_GROUP else (18, 6)
    time = bits >> (32 - whole) & ~(1 << marker)
    return time.to_bytes(4, "big")


def _av1_riders(data: bytes) -> Iterator[Rider]:
    at = 0
    while at < len(data):
        head = data[at]
        kind, extended, sized = head >> 3 & 15, head >> 2 & 1, head >> 1 & 1
        at += 1 + extended
        size = len(data) - at
        if sized:
            size, at = _leb128(data, at)
        if kind == AV1_METADATA and data[at : at + 1] and data[at] in {AV1_T35, AV1_TIME}:
            what = "captions" if data[at] == AV1_T35 else "a time code"
            yield Rider(what, harmless=False)
        at += size


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data) and shift < 56:  # noqa: PLR2004 - at most eight bytes
        value |= (data[at] & 127) << shift
        at += 1
        if not data[at - 1] & 128:
            break
        shift += 7
    return value, at


def _jpeg_riders(data: bytes) -> Iterator[Rider]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != JPEG_SCAN:  # noqa: PLR2004
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if JPEG_APP0 < marker <= JPEG_APP15:
            yield Rider("application data", harmless=False)
        if marker == JPEG_COMMENT:
            yield Rider("a comment", harmless=data[at + 4 :].startswith(BANNERS))
        at += 2 + size


def _coded(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (start code, the bytes from the code on) of each MPEG start code."""
    yield from ((body[0], body) for _, body in _pieces(data) if body)


def _pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    starts = [match.end() for match in START_CODE.finditer(data)]
    ends = [*(start - 3 for start in starts[1:]), len(data)] if starts else []
    for start, end in zip(starts, ends, strict=True):
        yield start, data[start:end]
