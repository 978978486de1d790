"""One demux and one decode pass over a file: everything that its seal commits to (spec/seal.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import av
from av.container import InputContainer
from av.stream import Stream
from av.video.frame import VideoFrame

from dalil.errors import MediaTooLarge, MediaUnreadable
from dalil.kernel import canonical, seal, slots
from dalil.kernel.canonical import Json
from dalil.kernel.salt import SealSecret
from dalil.media import container
from dalil.media.chain import FRAMES, PACKETS, Said, Sealed, bind
from dalil.media.container import FFMPEG_SAYS_NO, TICKET, AnyPacket, StreamShape
from dalil.media.tables import MAX_SUMMARY, NONE_32, NONE_64, UNIT_STRUCT, table_sha256
from dalil.media.tiles import BIT_EXACT, TileWriter

VERSION = 1
# Packing costs a thin transport stream a third and more; beyond this a stream is missing.
COVERED = 2
NO_SIDE_DATA = bytes(32)
MAX_SIDE_DATA = 50_000
MAX_EXTRADATA = 1 << 20
MAX_CONFIGS = 4096
DECODED_AT_ONCE = 4

Progress = Callable[[int, int], None]


class Watcher(Protocol):
    """Is shown what is decoded, and changes nothing of it; ``end`` comes before the file closes."""

    def begin(self, films: Sequence[Stream], sounds: Sequence[Stream]) -> None:
        """Is told what will be shown."""

    def see(self, stream: int, frame: VideoFrame) -> None:
        """Take the next frame of a stream."""

    def hear(self, packet: AnyPacket) -> None:
        """Take a packet that is not decoded here."""

    def end(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was sealed: by units or by bytes, the tree, the counts, what FFmpeg said.

    ``tree_root`` and ``table_sha256`` are hexadecimal; ``units`` and ``frames`` per stream.
    """

    sealed_by: str
    why_bytes: str | None
    tree_root: str
    depth: int
    units: tuple[int, ...]
    frames: tuple[int, ...]
    duration_ns: int | None
    decoder_dependent: bool
    probe: Mapping[str, Json]
    table_sha256: str
    warnings: tuple[str, ...]


def survey(
    path: Path,
    out: Path,
    secret: SealSecret,
    tiles: bool = True,  # noqa: FBT001, FBT002 - one switch, named at every call
    progress: Progress | None = None,
    watcher: Watcher | None = None,
) -> Survey:
    """Read a file once and write its tables into the folder ``out``.

    Footage is sealed by its packets and frames; what FFmpeg cannot read is sealed by its bytes.

    Args:
        path: the file; it is only read.
        out: an empty folder.
        secret: fresh for this sealing.
        tiles: whether frames are decoded and hashed by tiles.
        progress: is told bytes done and bytes in all, now and then.
        watcher: is shown the frames and packets too, where frames are decoded.

    """
    try:
        return _survey_units(path, out, secret, progress, watcher, decode=tiles)
    except MediaUnreadable as why:
        return seal_bytes(path, out, secret, str(why), progress)


def seal_bytes(
    path: Path, out: Path, secret: SealSecret, why: str, progress: Progress | None = None
) -> Survey:
    """Seal a file by chunks of its bytes; ``why`` stands in the summary."""
    total = path.stat().st_size
    great = -(-total // seal.CHUNK_BYTES) + 1 > 1 << slots.DEPTHS[-1]
    chunk = seal.GREAT_CHUNK_BYTES if great else seal.CHUNK_BYTES
    count = 0
    (out / FRAMES).write_bytes(b"")
    (out / "tiles").write_bytes(b"")
    with path.open("rb") as file, (out / PACKETS).open("wb") as packets:
        while (data := file.read(chunk)) or not count:
            digest = hashlib.sha256(data).digest()
            packets.write(
                UNIT_STRUCT.pack(
                    0, count, count * seal.NANO, count, count, seal.NANO, len(data),
                    count * chunk, 0, 0, NONE_32, 0, 1, 0, digest, NO_SIDE_DATA,
                )
            )  # fmt: skip
            count += 1
            if progress:
                progress(min(count * chunk, total), total)
    value = f"0 bytes 1/1 {hashlib.sha256(b'').hexdigest()} - - - - -"
    sealed = bind(out, secret, Said((value,), (), {}, ((1, 1),)))
    stream: dict[str, Json] = {
        "number": 0, "kind": "bytes", "codec": "bytes", "time_base": "1/1", "units": count,
        "frames": 0, "decoder_dependent": False, "tiles": False, "decoder": None,
    }  # fmt: skip
    summary: dict[str, Json] = {
        "v": VERSION, "sealed_by": "bytes", "why_bytes": why, "chunk": chunk, "streams": [stream],
        "configs": [{"stream": 0, "value": value, "extradata": ""}], "formats": [],
        "side_data": {}, "warnings": [], "tools": tools(), "probe": {}, "duration_ns": None,
        "depth": sealed.depth, "tree_root": sealed.tree_root.hex(),
    }  # fmt: skip
    return _finish(out, summary)


def tools() -> dict[str, str]:
    """Return the versions of what read and decoded."""
    libraries = {name: ".".join(map(str, v)) for name, v in av.library_versions.items()}
    return {"ffmpeg": av.ffmpeg_version_info, "pyav": av.__version__, **libraries}


def _survey_units(
    path: Path, out: Path, secret: SealSecret, progress: Progress | None,
    watcher: Watcher | None, *, decode: bool,
) -> Survey:  # fmt: skip
    with (
        container.open_footage(path) as opened,
        (out / PACKETS).open("wb") as packets,
        (out / FRAMES).open("wb") as frames,
        (out / "tiles").open("wb") as tile_file,
    ):
        films = container.moving_pictures(opened)
        tiler = TileWriter(secret, frames, tile_file)
        try:
            reading = _Reading(opened, packets, tiler, watcher, decode=decode)
            reading.read(path.stat().st_size, progress)
        finally:
            tiler.finish()
        reading.warn(path.stat().st_size)
        if not any(reading.streams[film.index].units for film in films):
            raise MediaUnreadable("it holds no packet of a moving picture")
        probe = container.probe(opened)
        duration = opened.duration
    sealed = bind(out, secret, reading.said())
    summary = reading.summary(sealed)
    summary["probe"] = probe
    if duration is not None and 0 <= duration * 1000 <= canonical.MAX_INTEGER:
        summary["duration_ns"] = duration * 1000
    return _finish(out, summary)


class _Stream:
    """What is known of one stream while it is read."""

    def __init__(self, stream: Stream, config: int) -> None:
        self.shape = container.shape_of(stream)
        self.tick = (self.shape.time_base.numerator, self.shape.time_base.denominator)
        self.units = 0
        self.frames = 0
        self.config = config
        self.order_ns = 0
        self.undecoded = 0
        self.damaged = 0
        self.by_order = 0
        self.last = 0
        self.context: Any = stream.codec_context if stream.type == "video" else None


class _Reading:
    """The pass itself: writes packets and frames as they come, and counts."""

    def __init__(
        self, opened: InputContainer, packets: BinaryIO, tiler: TileWriter,
        watcher: Watcher | None, *, decode: bool,
    ) -> None:  # fmt: skip
        self._opened = opened
        self._packets = packets
        self.tiles = tiler
        self._bytes = 0
        self.configs: list[dict[str, Json]] = []
        self.side_data: dict[bytes, str] = {}
        self.warnings: list[str] = []
        self.streams = [self._begin(stream) for stream in opened.streams]
        self._decode = decode
        self._watcher = watcher if decode else None
        if self._watcher:
            sounds = [each for each in opened.streams if each.type == "audio"]
            self._watcher.begin(container.moving_pictures(opened), sounds)
        films = [each for each in self.streams if each.context is not None]
        for each in films:
            container.decoder_of(
                opened.streams[each.shape.number], 2 if len(films) <= DECODED_AT_ONCE else 1
            )

    def read(self, total: int, progress: Progress | None) -> None:
        """Read to the end, or to where the demuxer gives up."""
        done = number = 0
        try:
            for packet in container.packets_of(self._opened):
                self._take(packet, number)
                number += 1
                done += packet.size
                if progress and not number % 64:
                    progress(min(done, total), total)
        except container.LateStreamError as why:
            self.warnings.append(str(why))
        except FFMPEG_SAYS_NO as why:
            self.warnings.append(f"reading stopped after {number} packets: {type(why).__name__}")
        for index, stream in enumerate(self.streams):
            self._frames_of(index, stream, None, 0)
        if self._watcher:
            self._watcher.end()
        if progress:
            progress(total, total)
        self._bytes = done

    def said(self) -> Said:
        """Return what the records leave open."""
        return Said(
            tuple(each["value"] for each in self.configs),
            tuple(self.tiles.formats),
            self.side_data,
            tuple(each.tick for each in self.streams),
        )

    def summary(self, sealed: Sealed) -> dict[str, Json]:
        """Return the summary, without probe and duration."""
        return {
            "v": VERSION, "sealed_by": "units", "why_bytes": None, "chunk": None,
            "streams": [self._stream_summary(each) for each in self.streams],
            "configs": self.configs, "formats": self.tiles.formats,
            "side_data": {digest.hex(): suffix for digest, suffix in self.side_data.items()},
            "warnings": self.warnings, "tools": tools(), "duration_ns": None,
            "depth": sealed.depth, "tree_root": sealed.tree_root.hex(),
        }  # fmt: skip

    def _begin(self, stream: Stream) -> _Stream:
        started = _Stream(stream, len(self.configs))
        self._add_config(started.shape, container.extradata_of(stream))
        return started

    def _add_config(self, shape: StreamShape, extradata: bytes) -> None:
        if len(extradata) > MAX_EXTRADATA or len(self.configs) >= MAX_CONFIGS:
            raise MediaTooLarge("more than 1 MiB of configuration, or more than 4,096 of them")
        self.configs.append(
            {
                "stream": shape.number,
                "value": shape.config_value(extradata),
                "extradata": extradata.hex(),
            }
        )

    def _take(self, packet: AnyPacket, number: int) -> None:
        index = packet.stream_index
        stream = self.streams[index]
        dts, pts = packet.dts, packet.pts
        shown = dts if dts is not None else pts
        if shown is not None:
            stream.order_ns = _bounded(seal.nanoseconds(shown, *stream.tick))
        side = NO_SIDE_DATA
        if packet_side := container.side_data_of(packet):
            side = self._side_data(stream, packet_side)
        self._packets.write(
            UNIT_STRUCT.pack(
                index, stream.units, stream.order_ns,
                NONE_64 if dts is None else dts, NONE_64 if pts is None else pts,
                _bounded(seal.nanoseconds(packet.duration or 0, *stream.tick)), packet.size,
                -1 if packet.pos is None else packet.pos, stream.config, 0, NONE_32, 0,
                packet.is_keyframe, 0, container.packet_digest(packet), side,
            )
        )  # fmt: skip
        if pts is not None:
            _bounded(seal.nanoseconds(pts, *stream.tick))
        stream.units += 1
        stream.last = number
        if stream.context is not None and self._decode:
            packet.opaque = TICKET + number
            self._frames_of(index, stream, packet, number)
        elif self._watcher:
            self._watcher.hear(packet)

    def _side_data(self, stream: _Stream, pieces: Sequence[tuple[str, bytes]]) -> bytes:
        for kind, data in pieces:
            if kind == "new_extradata":
                stream.config = len(self.configs)
                self._add_config(stream.shape, data)
        suffix = seal.side_data_suffix(pieces)
        digest = hashlib.sha256(suffix.encode()).digest()
        self.side_data[digest] = suffix
        if len(self.side_data) > MAX_SIDE_DATA:
            raise MediaTooLarge("more than 50,000 kinds of side data")
        return digest

    def _frames_of(
        self, index: int, stream: _Stream, packet: AnyPacket | None, number: int
    ) -> None:
        if stream.context is None or not self._decode or not stream.units:
            return
        try:
            frames = stream.context.decode(packet)
        except FFMPEG_SAYS_NO:
            stream.undecoded += packet is not None
            return
        for frame in frames:
            self._frame(index, stream, frame, stream.last if packet is None else number)

    def _frame(self, index: int, stream: _Stream, frame: VideoFrame, fallback: int) -> None:
        ticket = frame.opaque
        if not isinstance(ticket, int):
            stream.by_order += 1
        self.tiles.put(index, ticket - TICKET if isinstance(ticket, int) else fallback, frame)
        if self._watcher:
            self._watcher.see(index, frame)

    def _stream_summary(self, stream: _Stream) -> dict[str, Json]:
        decoder = stream.context.codec.name if stream.context is not None else None
        exact = stream.shape.codec in BIT_EXACT and not (stream.damaged or stream.undecoded)
        return {
            "number": stream.shape.number, "kind": stream.shape.kind, "codec": stream.shape.codec,
            "time_base": "/".join(map(str, stream.tick)), "units": stream.units,
            "frames": stream.frames, "tiles": bool(stream.frames),
            "decoder": decoder if stream.frames else None,
            "decoder_dependent": bool(stream.frames) and not exact,
        }  # fmt: skip

    def warn(self, total: int) -> None:
        """Say what was not read, not decoded or not hashed by tiles."""
        done = self._bytes
        for index, stream in enumerate(self.streams):
            stream.frames, stream.damaged = self.tiles.counts[index], self.tiles.damaged[index]
        if done * COVERED < total:
            self.warnings.append(f"packets hold {done} of {total} bytes")
        for stream in self.streams:
            about = f"stream {stream.shape.number}"
            film = stream.shape.kind == "video"
            if stream.undecoded:
                self.warnings.append(f"{about}: {stream.undecoded} packets did not decode")
            if stream.damaged:
                self.warnings.append(f"{about}: {stream.damaged} frames are damaged")
            if stream.by_order:
                self.warnings.append(f"{about}: {stream.by_order} frames were placed by order")
            if film and stream.units and not stream.frames:
                why = "no frame could be hashed by tiles" if self._decode else "tiles were not made"
                self.warnings.append(f"{about}: {why}")


def _finish(out: Path, summary: dict[str, Json]) -> Survey:
    said = canonical.encode(summary)
    if len(said) > MAX_SUMMARY:
        raise MediaTooLarge("its summary is longer than 16 MiB")
    (out / "summary.json").write_bytes(said)
    streams = summary["streams"]
    return Survey(
        sealed_by=summary["sealed_by"],
        why_bytes=summary["why_bytes"],
        tree_root=summary["tree_root"],
        depth=summary["depth"],
        units=tuple(each["units"] for each in streams),
        frames=tuple(each["frames"] for each in streams),
        duration_ns=summary["duration_ns"],
        decoder_dependent=any(each["decoder_dependent"] for each in streams),
        probe=summary["probe"],
        table_sha256=table_sha256(out),
        warnings=tuple(summary["warnings"]),
    )


def _bounded(value: int) -> int:
    if not -(2**62) < value < 2**62:
        raise MediaTooLarge("a time beyond 146 years")
    return value
