"""Pictures of a stretch as they were sealed; renditions and stills in which tiles are hidden."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame

from dalil.errors import Altered, CannotCutHere, MediaUnreadable
from dalil.kernel.seal import TILE_SIDE
from dalil.media import container, cut, gop, tiles
from dalil.media.container import FFMPEG_SAYS_NO, AnyPacket
from dalil.media.cut import MUXER_OPTIONS, Placed
from dalil.media.gop import Begin
from dalil.media.tables import FrameRecord, Tables, UnitRecord
from dalil.media.tiles import Plane

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
LETTERS = "yuva"
MILLI = Fraction(1, 1000)
SMALL_WIDTH = 640
READ_AHEAD = 64
LOSSLESS = {
    "ffv1": {"level": "3", "slicecrc": "1", "slices": "4", "threads": "2"},
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded picture: planes as (rows, bytes of a row), and how to read them."""

    width: int
    height: int
    pixels: str
    colour_range: int
    matrix: int
    planes: tuple[Plane, ...]

    def digests(self) -> bytes:
        """Return SHA-256 of each tile's bytes, in raster order."""
        return tiles.digests_of(list(self.planes), _shapes(self.pixels), self.width, self.height)

    def without(self, hidden: Iterable[int]) -> Picture:
        """Return it with these tiles (raster index) mid-grey in every plane."""
        copies = tuple(plane.copy() for plane in self.planes)
        across, _ = tiles.tile_grid(self.width, self.height)
        grey = _mid_grey(self.pixels)
        for tile in hidden:
            x, y = tile % across * TILE_SIDE, tile // across * TILE_SIDE
            for plane, shape in zip(copies, _shapes(self.pixels), strict=True):
                rows = slice(y >> shape.down, (y + TILE_SIDE) >> shape.down)
                left, right = x >> shape.across, (x + TILE_SIDE) >> shape.across
                part = plane[rows, left * shape.step : right * shape.step]
                part[:] = np.resize(grey, part.shape[1])
        return replace(self, planes=copies)


@dataclass(frozen=True, slots=True)
class Shown:
    """A sealed frame, when it is shown (ns from the film's first picture), and its picture."""

    record: FrameRecord
    shown_ns: int
    picture: Picture


def pictures_of(tables: Tables, original: Path, from_ns: int, to_ns: int) -> Iterator[Shown]:
    """Yield the pictures shown from ``from_ns`` up to ``to_ns``, each checked against its seal.

    Raises:
        CannotCutHere: there is none, or it has no tiles.
        Altered: this decoder gives other samples than the one that sealed.

    """
    film = cut.film_of(tables)
    zero = cut.timeline_start(tables, film)
    times = cut.film_times(tables, film)
    inside = np.flatnonzero((times.shown >= zero + from_ns) & (times.shown < zero + to_ns))
    if not len(inside):
        raise CannotCutHere("no picture is shown in this stretch")
    first, last = int(inside[0]), int(inside[-1])
    wanted = set(times.places[inside].tolist())
    keys = [int(k) for k in np.flatnonzero(times.keys[: first + 1])[::-1][:8]] + [0]
    for begin in dict.fromkeys(keys):
        units = tables.units_at(times.places[begin : last + 1 + READ_AHEAD].tolist())
        if begin and not _is_clean(tables, original, units):
            continue
        found = _in_time(_decoded(tables, original, film, units, wanted), tables, zero)
        try:
            opening = next(found, None)
        except Altered:
            # What leaned on earlier pictures is decoded again from an earlier start.
            if begin:
                continue
            raise
        if opening is not None:
            yield opening
            yield from found
        return


def picture_at(tables: Tables, original: Path, at_ns: int) -> Shown:
    """Return the picture that is on the screen ``at_ns`` after the film's first picture.

    Raises:
        CannotCutHere: there is none. Altered: as for ``pictures_of``.

    """
    film = cut.film_of(tables)
    times = cut.film_times(tables, film)
    zero = int(times.shown.min())
    before = times.shown[(times.shown <= zero + at_ns)]
    if at_ns < 0 or not len(before) or zero + at_ns > int(times.ends.max()):
        raise CannotCutHere("no picture is shown at this time")
    shown = int(before.max()) - zero
    found = list(pictures_of(tables, original, shown, shown + 1))
    if not found:
        raise CannotCutHere("this picture has no tiles")
    return found[-1]


def write_rendition(
    tables: Tables,
    original: Path,
    pictures: Iterable[Shown],
    out: Path,
    sound: Sequence[UnitRecord] = (),
) -> tuple[Placed, ...]:
    """Write pictures without loss (FFV1 in Matroska) with the same samples, range and matrix.

    Args:
        tables: of the sealed file.
        original: that file; the sound is copied from it packet by packet.
        pictures: in order of time, their hidden tiles already grey.
        out: a path that ends in ``.mkv``.
        sound: the units of sound that are published, in chain order.

    Returns:
        Where the payload of each unit of sound stands.

    Raises:
        CannotCutHere: FFV1 or Matroska has no room for these samples or this sound.

    """
    try:
        with container.open_footage(original) as source:
            _write_lossless(tables, original, list(source.streams), pictures, out, sound)
    except FFMPEG_SAYS_NO as why:
        out.unlink(missing_ok=True)
        raise CannotCutHere(f"Matroska holds no such samples ({type(why).__name__})") from None
    return cut.placed_in(out, sound, skip_streams=1) if sound else ()


def write_small(pictures: Iterable[Shown], out: Path) -> None:
    """Write a small lossy MP4 without sound, for looking; it carries no proof."""
    with av.open(out, "w", format="mp4", options=MUXER_OPTIONS) as target:
        stream = target.add_stream("libx264", rate=30, options={"crf": "28", "threads": "1"})
        stream.codec_context.time_base = MILLI
        stream.pix_fmt = "yuv420p"
        begin = None
        for shown in pictures:
            if begin is None:
                last = -1
                # Counted from its own first picture: its place in the whole is not told.
                begin = shown.shown_ns
                stream.width, stream.height = _small(shown.picture)
            frame = frame_of(shown.picture).reformat(stream.width, stream.height, "yuv420p")
            last = max(last + 1, (shown.shown_ns - begin) // 1_000_000)
            frame.pts, frame.time_base = last, MILLI
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def _small(picture: Picture) -> tuple[int, int]:
    width = max(2, min(SMALL_WIDTH, picture.width) // 2 * 2)
    return width, max(2, round(picture.height * width / picture.width / 2) * 2)


def rendition_pictures(path: Path) -> Iterator[Picture]:
    """Yield the pictures of a rendition in order.

    Raises:
        MediaUnreadable: FFmpeg reads no footage in it.

    """
    with container.open_footage(path) as opened:
        film = container.moving_pictures(opened)[0]
        frames = opened.decode(film)
        while True:
            try:
                frame = next(frames, None)
            except FFMPEG_SAYS_NO as why:
                raise MediaUnreadable(f"decoding stopped: {type(why).__name__}") from None
            if not isinstance(frame, VideoFrame):
                return
            yield picture_of(frame)


def picture_of(frame: VideoFrame) -> Picture:
    """Return a decoded frame's planes, copied out of FFmpeg's memory.

    Raises:
        CannotCutHere: its planes are not whole bytes.

    """
    planes = tiles.planes(frame)
    if planes is None:
        raise CannotCutHere(f"pictures of the format {frame.format.name} have no tiles")
    pixels, colour_range = tiles.pixels_and_range(frame)
    return Picture(
        frame.width, frame.height, pixels, container.RANGES.index(colour_range),
        int(frame.colorspace), tuple(plane.copy() for plane in planes),
    )  # fmt: skip


def frame_of(picture: Picture) -> VideoFrame:
    """Return a picture as a frame for an encoder."""
    frame = VideoFrame(picture.width, picture.height, picture.pixels)
    for plane, data in zip(frame.planes, picture.planes, strict=True):
        line = np.zeros((data.shape[0], plane.line_size), np.uint8)
        line[:, : data.shape[1]] = data
        plane.update(line.tobytes())
    frame.color_range = picture.colour_range
    frame.colorspace = picture.matrix
    return frame


def plane_pngs(picture: Picture) -> list[tuple[str, bytes]]:
    """Return (letter, PNG) for each plane: grey, 8 bits, or 16 for deeper samples."""
    deep = _bytes_a_sample(picture.pixels) == 2  # noqa: PLR2004 - bytes
    named = []
    for letter, plane in zip(LETTERS, picture.planes, strict=False):
        samples = np.ascontiguousarray(plane)
        rows = samples.view("<u2").astype(">u2") if deep else samples
        named.append((letter, _png(rows.shape[1], rows.view(np.uint8), 16 if deep else 8, 0)))
    return named


def colour_png(picture: Picture) -> bytes:
    """Return a picture in colour, for looking: it is derived, and carries no proof."""
    rgb = frame_of(picture).to_ndarray(format="rgb24").astype(np.uint8, copy=False)
    return _png(picture.width, rgb.reshape(picture.height, -1), 8, 2)


def _is_clean(tables: Tables, original: Path, units: Sequence[UnitRecord]) -> bool:
    config = units[0].config
    codec = tables.configs[config].split(" ")[1]
    stream = gop.bitstream_of(codec, tables.extradata(config))
    (_, data), *_ = container.packet_bytes(original, units[:1])
    return gop.beginning(stream, data) is Begin.CLEAN


def _decoded(
    tables: Tables, original: Path, film: int, units: Sequence[UnitRecord], wanted: set[int]
) -> Iterator[tuple[UnitRecord, FrameRecord, VideoFrame]]:
    by_ticket = {container.TICKET + unit.place: unit for unit in units}
    seen: dict[int, int] = {}
    left = sum(unit.frames for unit in units if unit.place in wanted)
    with container.open_footage(original) as source:
        context = container.decoder_of(source.streams[film])
        for packet in (*_packets(original, units), None):
            try:
                frames = context.decode(packet)
            except FFMPEG_SAYS_NO:
                continue
            for frame in frames:
                unit = by_ticket.get(frame.opaque)
                if unit is None or unit.place not in wanted or unit.first_frame is None:
                    continue
                nth = seen[unit.place] = seen.get(unit.place, -1) + 1
                if nth < unit.frames:
                    left -= 1
                    record = tables.frames(unit.first_frame + nth, unit.first_frame + nth + 1)[0]
                    yield unit, record, frame
            if not left:
                return


def _packets(original: Path, units: Sequence[UnitRecord]) -> Iterator[AnyPacket]:
    for unit, data in container.packet_bytes(original, units):
        packet: AnyPacket = Packet(data)
        packet.pts, packet.dts = unit.pts, unit.dts
        packet.is_keyframe = unit.key
        packet.opaque = container.TICKET + unit.place
        yield packet


def _in_time(
    found: Iterator[tuple[UnitRecord, FrameRecord, VideoFrame]], tables: Tables, zero: int
) -> Iterator[Shown]:
    for unit, record, frame in found:
        picture = picture_of(frame)
        if picture.digests() != tables.tile_digests(record):
            raise Altered(f"picture {record.number}: this decoder gives other samples than sealed")
        shown = unit.order_ns if unit.pts_ns is None else unit.pts_ns
        yield Shown(record, shown - zero, picture)


def _write_lossless(
    tables: Tables,
    original: Path,
    templates: Sequence[Stream],
    pictures: Iterable[Shown],
    out: Path,
    sound: Sequence[UnitRecord],
) -> None:
    waiting = iter(pictures)
    first = next(waiting, None)
    if first is None:
        raise CannotCutHere("there is no picture")
    zero = first.shown_ns + (cut.timeline_start(tables, cut.film_of(tables)))
    ticks = {unit.stream: Fraction(*tables.time_base(unit.stream)) for unit in sound}
    heard = container.timed_packets(original, sound, ticks, zero) if sound else iter(())
    with av.open(out, "w", format="matroska", options=MUXER_OPTIONS) as target:
        film = _lossless_stream(target, first.picture)
        streams = {number: cut.like(target, templates[number]) for number in sorted(ticks)}
        next_heard = next(heard, None)
        last = -1
        for shown in (first, *waiting):
            frame = frame_of(shown.picture)
            if (frame.width, frame.height, frame.format.name) != _form(first.picture):
                raise CannotCutHere("the pictures change their shape in it")
            last = max(last + 1, (shown.shown_ns - first.shown_ns) // 1_000_000)
            frame.pts, frame.time_base = last, MILLI
            target.mux(film.encode(frame))
            while next_heard and (next_heard[1].dts or 0) * next_heard[1].time_base <= last * MILLI:
                _mux_sound(target, streams, next_heard)
                next_heard = next(heard, None)
        target.mux(film.encode(None))
        while next_heard:
            _mux_sound(target, streams, next_heard)
            next_heard = next(heard, None)


def _lossless_stream(target: OutputContainer, picture: Picture) -> Any:  # noqa: ANN401 - PyAV
    codec = next((c for c in LOSSLESS if _takes(c, picture.pixels)), "rawvideo")
    film: Any = target.add_stream(codec, rate=1000, options=LOSSLESS.get(codec))
    film.width, film.height, film.pix_fmt = _form(picture)
    context = film.codec_context
    context.time_base = MILLI
    context.color_range = picture.colour_range
    context.colorspace = picture.matrix
    context.flags |= Flags.bitexact
    return film


def _takes(codec: str, pixels: str) -> bool:
    return any(each.name == pixels for each in av.Codec(codec, "w").video_formats or [])


def _mux_sound(
    target: OutputContainer, streams: dict[int, Stream], heard: tuple[int, AnyPacket]
) -> None:
    number, packet = heard
    packet.stream = streams[number]
    target.mux_one(packet)


def _form(picture: Picture) -> tuple[int, int, str]:
    return picture.width, picture.height, picture.pixels


def _shapes(pixels: str) -> tuple[tiles.PlaneShape, ...]:
    if (shapes := tiles.planes_of(pixels)) is None:
        raise CannotCutHere(f"pictures of the format {pixels} have no tiles")
    return shapes


def _bytes_a_sample(pixels: str) -> int:
    return 2 if tiles.bits_of(pixels) > 8 else 1  # noqa: PLR2004 - bits of a byte


def _mid_grey(pixels: str) -> Plane:
    bits = tiles.bits_of(pixels)
    return np.frombuffer((1 << (bits - 1)).to_bytes(_bytes_a_sample(pixels), "little"), np.uint8)


def _png(width: int, rows: Plane, depth: int, colour: int) -> bytes:
    """Return a PNG (ISO 15948) of rows of samples, without filter, metadata or interlacing."""
    head = struct.pack(">IIBBBBB", width, len(rows), depth, colour, 0, 0, 0)
    filtered = np.zeros((len(rows), rows.shape[1] + 1), np.uint8)
    filtered[:, 1:] = rows
    body = _chunk(b"IDAT", zlib.compress(filtered.tobytes(), 9))
    return PNG_HEAD + _chunk(b"IHDR", head) + body + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
