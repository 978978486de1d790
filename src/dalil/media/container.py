"""A container as FFmpeg reads it: which formats are tried, its streams, packets and configurations.

Packets are those of ``ffmpeg -ignore_editlist 1 -copyts -copyinkf -copy_unknown -map 0 -c copy``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
import av.logging
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from dalil.errors import Altered, MediaUnreadable
from dalil.kernel.canonical import Json
from dalil.kernel.seal import NANO, nanoseconds, side_data_suffix
from dalil.media.tables import UnitRecord

# Formats that carry moving pictures and open no second file. Playlists, image sequences, text and
# consoles are left out: they would read what was not given, or take prose for footage.
FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,m4v,h263,h264,hevc,ivf,obu,"
    "flv,live_flv,asf,rm,ogg,mxf,nut,dv,yuv4mpegpipe,rawvideo,wtv,gxf,nsv,ty,swf,vc1,cavsvideo"
)
STILL_BRANDS = frozenset({"heic", "heix", "heim", "heis", "mif1", "avif", "jpeg", "miaf"})
NO_PICTURE = Disposition.attached_pic | Disposition.still_image | Disposition.timed_thumbnails
# Fresh integers: PyAV knows an opaque value by its address, and small integers share theirs.
TICKET = 1 << 40
RANGES = ("unspecified", "tv", "pc")
MATRICES = (
    "gbr", "bt709", "unspecified", "reserved", "fcc", "bt470bg", "smpte170m", "smpte240m",
    "ycgco", "bt2020nc", "bt2020c", "smpte2085", "chroma-derived-nc", "chroma-derived-c",
    "ictcp", "ipt-c2", "ycgco-re", "ycgco-ro",
)  # fmt: skip
FIELD_ORDERS = ("unknown", "progressive", "tt", "bb", "tb", "bt")

AnyPacket: TypeAlias = "Packet[Any]"
FFMPEG_SAYS_NO = (av.FFmpegError, ValueError, OverflowError, UnicodeError, AssertionError)
MAX_TAGS = 64
MAX_PROBE_TEXT = 1000


class LateStreamError(ValueError):
    """A stream appeared after the beginning; FFmpeg's packets of it were not handed on."""


@dataclass(frozen=True, slots=True)
class StreamShape:
    """What a configuration leaf says of one stream, before its extradata."""

    number: int
    kind: str
    codec: str
    time_base: Fraction
    shape: str
    colour_range: str
    matrix: str
    aspect: str
    field_order: str

    def config_value(self, extradata: bytes) -> str:
        """Return the value of the disclosure "config"."""
        return (
            f"{self.number} {self.codec} {self.time_base.numerator}/{self.time_base.denominator} "
            f"{hashlib.sha256(extradata).hexdigest()} {self.shape} {self.colour_range} "
            f"{self.matrix} {self.aspect} {self.field_order}"
        )


def open_footage(path: Path, *, as_played: bool = False) -> InputContainer:
    """Open a file as footage; ``as_played`` follows edit lists, as a player does.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it.

    """
    av.logging.set_level(None)
    options = {
        "ignore_editlist": "0" if as_played else "1",
        "format_whitelist": FORMATS,
        "protocol_whitelist": "file",
    }
    try:
        return av.open(
            "file:" + os.fspath(path.absolute()), "r", options=options, metadata_errors="replace"
        )
    except FFMPEG_SAYS_NO as why:
        raise MediaUnreadable(type(why).__name__) from None


def moving_pictures(container: InputContainer) -> list[Stream]:
    """Return the streams that are film: no cover, no still image, of a size FFmpeg could tell.

    Raises:
        MediaUnreadable: there is none.

    """
    brand = str(container.metadata.get("major_brand", "")).strip()
    films = [
        stream
        for stream in container.streams
        if stream.type == "video"
        and not stream.disposition & NO_PICTURE
        and getattr(stream.codec_context, "width", 0) > 0
    ]
    if brand in STILL_BRANDS:
        raise MediaUnreadable("it is a still image")
    if not films:
        raise MediaUnreadable("it holds no moving picture")
    return films


def decoder_of(stream: Stream, threads: int = 1) -> Any:  # noqa: ANN401 - PyAV's video context
    """Return the stream's decoder, set to carry tickets from packets to frames.

    More than one thread only where it is read to its end: a decoder that is closed while its
    threads still give tickets back waits for the interpreter, which waits for it.
    """
    context: Any = stream.codec_context
    context.thread_type = "AUTO"
    context.thread_count = threads
    context.copy_opaque = True
    return context


def packets_of(container: InputContainer) -> Iterator[AnyPacket]:
    """Yield every packet in the file's order, empty ones too, without the closing dummies.

    Raises:
        FFmpegError: the demuxer gave up; what came before stands.
        LateStreamError: all was read but a stream that was not there at the start.

    """
    waiting: list[AnyPacket] = []
    late = False
    try:
        for packet in container.demux():
            if packet.size or not packet.pts is packet.dts is packet.pos is None:
                yield from waiting
                waiting.clear()
                yield packet
            else:
                waiting.append(packet)
    except FFMPEG_SAYS_NO:
        yield from waiting
        raise
    except IndexError:
        # PyAV trips over it when it closes the streams, after the last packet.
        late = True
    yield from waiting[: len(waiting) - len(container.streams)]
    if late:
        raise LateStreamError("a stream that began later was not read")


@dataclass(frozen=True, slots=True)
class PublishedPacket:
    """One packet as it stands in a published file; times in ns, as the container tells them."""

    stream: int
    size: int
    sha256: bytes
    offset: int | None
    dts_ns: int | None
    pts_ns: int | None
    duration_ns: int
    key: bool
    side_data: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A published file read with edit lists ignored: extradata of each stream, all packets."""

    format: str
    streams: tuple[StreamShape, ...]
    extradata: tuple[bytes, ...]
    packets: tuple[PublishedPacket, ...]


def reread(path: Path, *, as_played: bool = False) -> Reread:
    """Read every packet of a published file; ``as_played`` follows its edit lists.

    Raises:
        MediaUnreadable: it is no footage, or reading stopped before its end.

    """
    with open_footage(path, as_played=as_played) as opened:
        try:
            packets = tuple(map(_published, packets_of(opened)))
        except FFMPEG_SAYS_NO as why:
            raise MediaUnreadable(f"reading stopped: {type(why).__name__}") from None
        return Reread(
            opened.format.name,
            tuple(map(shape_of, opened.streams)),
            tuple(map(extradata_of, opened.streams)),
            packets,
        )


def _published(packet: AnyPacket) -> PublishedPacket:
    tick = packet.time_base
    ticks = (tick.numerator, tick.denominator)
    return PublishedPacket(
        packet.stream_index,
        packet.size,
        packet_digest(packet),
        packet.pos,
        None if packet.dts is None else nanoseconds(packet.dts, *ticks),
        None if packet.pts is None else nanoseconds(packet.pts, *ticks),
        nanoseconds(packet.duration or 0, *ticks),
        packet.is_keyframe,
        side_data_suffix(side_data_of(packet)),
    )


def packet_digest(packet: AnyPacket) -> bytes:
    """Return the SHA-256 of a packet's bytes."""
    return hashlib.sha256(packet if packet.size else b"").digest()


def side_data_of(packet: AnyPacket) -> list[tuple[str, bytes]]:
    """Return the (type, bytes) of each piece of side data."""
    return [(each.data_type, bytes(each)) for each in packet.iter_sidedata()]


def shape_of(stream: Stream) -> StreamShape:
    """Return what the container says of a stream."""
    context: Any = stream.codec_context
    if context is None:
        codec = str(getattr(stream, "name", None) or "none") if stream.type == "data" else "none"
        return StreamShape(
            stream.index, stream.type, codec, _time_base(stream), "-", "-", "-", "-", "-"
        )
    shape = colour_range = matrix = aspect = field_order = "-"
    if stream.type == "video":
        colour_range, pixels = plain_pixels(context.pix_fmt, context.color_range)
        shape = f"{context.width}x{context.height}/{pixels}"
        matrix = _named(MATRICES, context.colorspace)
        field_order = _named(FIELD_ORDERS, context.field_order)
        sar = context.sample_aspect_ratio or Fraction(0, 1)
        aspect = f"{sar.numerator}:{sar.denominator}"
    elif stream.type == "audio":
        samples = context.format.name if context.format else "unknown"
        shape = f"{context.sample_rate}/{context.layout.nb_channels}/{samples}"
    return StreamShape(
        stream.index, stream.type, codec_name(stream), _time_base(stream),
        shape, colour_range, matrix, aspect, field_order,
    )  # fmt: skip


def codec_name(stream: Stream) -> str:
    """Return FFmpeg's name of the codec (not of one of its decoders), "none" without one."""
    context: Any = stream.codec_context
    return "none" if context is None else str(context.codec.canonical_name)


def extradata_of(stream: Stream) -> bytes:
    """Return the stream's extradata, empty without any."""
    context: Any = stream.codec_context
    if context is None:
        return bytes(getattr(stream, "data", b"") or b"") if stream.type == "attachment" else b""
    return context.extradata or b""


def probe(opened: InputContainer) -> dict[str, Json]:
    """Return what the container tells of itself: format, tags, streams; bounded."""
    streams = [
        {"number": s.index, "kind": s.type, "codec": codec_name(s),
         "disposition": int(s.disposition), "tags": _tags(s.metadata)}
        for s in opened.streams
    ]  # fmt: skip
    return {"format": opened.format.name, "tags": _tags(opened.metadata), "streams": streams}


def _tags(metadata: Mapping[str, str]) -> dict[str, Json]:
    return {_text(name): _text(value) for name, value in list(metadata.items())[:MAX_TAGS]}


def _text(untrusted: str) -> str:
    return untrusted[:MAX_PROBE_TEXT].encode("utf-8", "replace").decode()


def packet_bytes(original: Path, units: Sequence[UnitRecord]) -> Iterator[tuple[UnitRecord, bytes]]:
    """Yield units with their bytes, in the order given; each is checked against its digest.

    Raises:
        Altered: the original no longer holds what was sealed.

    """
    with original.open("rb") as file:
        direct = [_at_offset(file.fileno(), unit) for unit in units[:8]]
        found: Iterator[tuple[UnitRecord, bytes | None]]
        if all(each is not None for each in direct):
            found = ((unit, _at_offset(file.fileno(), unit)) for unit in units)
        else:
            found = _by_reading(original, units)
        for unit, data in found:
            if data is None:
                raise Altered(f"packet {unit.j} of stream {unit.stream}")
            yield unit, data


def in_order_of_j(units: Sequence[UnitRecord]) -> list[UnitRecord]:
    """Return units in chain order, but those of one stream in order of j among themselves."""
    queues = {
        stream: iter(sorted((u for u in units if u.stream == stream), key=lambda u: u.j))
        for stream in {unit.stream for unit in units}
    }
    return [next(queues[unit.stream]) for unit in units]


def timed_packets(
    original: Path, units: Sequence[UnitRecord], ticks: Mapping[int, Fraction], zero_ns: int
) -> Iterator[tuple[int, AnyPacket]]:
    """Yield (stream, packet) for units, their times moved so that ``zero_ns`` is 0.

    ``units`` are in order of j within each stream.
    """
    due_at = _due(units, ticks)
    for unit, data in packet_bytes(original, units):
        tick = ticks[unit.stream]
        shift = _in_ticks(zero_ns, tick)
        due = due_at[unit.place]
        packet: AnyPacket = Packet(data)
        packet.time_base = tick
        packet.dts = due - shift
        packet.pts = (due if unit.pts is None else unit.pts) - shift
        packet.duration = _in_ticks(unit.duration_ns, tick)
        packet.is_keyframe = unit.key
        yield unit.stream, packet


def _due(units: Sequence[UnitRecord], ticks: Mapping[int, Fraction]) -> dict[int, int]:
    """Return a rising decoding time for each place, also where the source told none."""
    due: dict[int, int] = {}
    following: dict[int, int] = {}
    for unit in sorted(units, key=lambda unit: -unit.j):
        at = _in_ticks(unit.order_ns, ticks[unit.stream]) if unit.dts is None else unit.dts
        if unit.stream in following and unit.dts is None:
            at = min(at, following[unit.stream] - 1)
        due[unit.place] = following[unit.stream] = at
    return due


def _in_ticks(nanoseconds: int, tick: Fraction) -> int:
    return nanoseconds * tick.denominator // (tick.numerator * NANO)


def _at_offset(file: int, unit: UnitRecord) -> bytes | None:
    if unit.offset is None:
        return None
    data = os.pread(file, unit.size, unit.offset)
    return data if hashlib.sha256(data).digest() == unit.sha256 else None


def _by_reading(
    original: Path, units: Sequence[UnitRecord]
) -> Iterator[tuple[UnitRecord, bytes | None]]:
    """Read the original from its start: for containers whose packets stand in pieces."""
    wanted = {(unit.stream, unit.j): unit for unit in units}
    found: dict[tuple[int, int], bytes] = {}
    passed: dict[int, int] = {}
    with open_footage(original) as source, suppress(*FFMPEG_SAYS_NO):
        for packet in packets_of(source):
            stream = packet.stream_index
            j = passed[stream] = passed.get(stream, -1) + 1
            unit = wanted.get((stream, j))
            if unit is not None and packet_digest(packet) == unit.sha256:
                found[stream, j] = bytes(packet)
            if len(found) == len(wanted):
                break
    for unit in units:
        yield unit, found.get((unit.stream, unit.j))


def plain_pixels(pixels: str | None, colour_range: int) -> tuple[str, str]:
    """Return range and pixel format: ``yuvj…`` is its plain twin with range ``pc``."""
    if pixels is not None and pixels.startswith("yuvj"):
        return "pc", "yuv" + pixels[4:]
    return _named(RANGES, colour_range), pixels or "unknown"


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else "unspecified"


def _time_base(stream: Stream) -> Fraction:
    return stream.time_base or Fraction(1, 1)
