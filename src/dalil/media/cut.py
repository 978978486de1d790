"""Publish a part by stream copy: whole GOPs, nothing of the source's container."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.stream import Stream
from numpy.typing import NDArray

from dalil.errors import CannotCutHere
from dalil.kernel import seal
from dalil.media import container, gop
from dalil.media.container import FFMPEG_SAYS_NO, AnyPacket, Reread
from dalil.media.gop import Begin
from dalil.media.tables import NONE_64, Tables, UnitRecord

PORTION = 65536
HEADER_SEARCH = 512
RESERVOIR = 4
MICRO = Fraction(1, 1_000_000)
# Container, FFmpeg's muxer, in order of preference. 3GP is MP4 with the codecs of telephones.
MUXERS = (("mp4", "mp4"), ("mp4", "3gp"), ("mkv", "matroska"))
TS_MUXERS = (("ts", "mpegts"),)
MUXER_OPTIONS = {"fflags": "+bitexact"}


@dataclass(frozen=True, slots=True)
class CutPlan:
    """The run of the chain that a part covers; all of it is in the proof, some of it is published.

    Places are of the chain, ``last`` not included. ``from_ns`` and ``to_ns`` are what is really
    shown, from the film's first picture on. ``warnings`` are encoders' banners and the like.
    """

    first: int
    last: int
    published: tuple[int, ...]
    film: int
    from_ns: int
    to_ns: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the payload of the unit at ``place`` stands in the published file.

    In a transport stream ``offset`` counts within the elementary stream of its PID.
    """

    place: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A written part: ``mp4``, ``mkv`` or ``ts``, and where each published unit stands."""

    container: str
    path: Path
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class SealedTiming:
    """When a packet is due, in ns from any common zero; ``stream`` is the published one."""

    stream: int
    order_ns: int
    pts_ns: int | None
    duration_ns: int
    key: bool


def film_of(tables: Tables) -> int:
    """Return the stream of moving pictures: the one with the most units.

    Raises:
        CannotCutHere: the file was sealed by bytes, or has none.

    """
    films = [each for each in tables.summary["streams"] if each["kind"] == "video"]
    if not films:
        raise CannotCutHere("it was sealed by bytes")
    return int(max(films, key=lambda each: each["units"])["number"])


def timeline_start(tables: Tables, film: int) -> int:
    """Return the presentation time, in ns, of the film's first picture: zero of all positions."""
    return int(film_times(tables, film).shown.min())


def plan_cut(
    tables: Tables,
    original: Path,
    from_ns: int,
    to_ns: int,
    muted: Sequence[tuple[int, int]] = (),
) -> CutPlan:
    """Choose the whole GOPs that hold ``from_ns`` … ``to_ns``, counted from the first picture.

    Args:
        tables: of the sealed file.
        original: that file.
        from_ns: begins here or before.
        to_ns: ends here or after.
        muted: spans whose sound is withheld.

    Raises:
        CannotCutHere: it would show more than was asked, or carry along what cannot be taken out.

    """
    film = film_of(tables)
    times = film_times(tables, film)
    zero = int(times.shown.min())
    if not zero <= zero + from_ns < zero + to_ns or zero + from_ns > int(times.ends.max()):
        raise CannotCutHere("there is nothing in this stretch")
    keys = np.flatnonzero(times.keys)
    before = keys[times.shown[keys] <= zero + from_ns]
    after = keys[times.shown[keys] >= zero + to_ns]
    if not len(before):
        raise CannotCutHere("no picture before it can be decoded alone")
    begin = int(before[-1])
    end = int(after[0]) if len(after) else len(times.places)
    pictures = times.places[begin:end].tolist()
    shown = int(times.shown[begin:end].min())
    shown_end = int(times.shown[end]) if end < len(times.places) else int(times.ends.max())
    warnings = _inspect(tables, original, pictures, times.places[begin : begin + 2].tolist())
    heard, silent = _sound(tables, shown, shown_end, [(zero + a, zero + b) for a, b in muted])
    published = sorted([*pictures, *heard])
    run = [*published, *silent]
    return CutPlan(
        min(run), max(run) + 1, tuple(published), film, shown - zero, shown_end - zero, warnings
    )


def write_cut(tables: Tables, plan: CutPlan, original: Path, out: Path) -> Cut:
    """Write the published packets into a new container and check it by reading it again.

    ``out`` gets the container's ending. Nothing of the source's container is carried over but what
    a decoder needs.

    Raises:
        CannotCutHere: no container holds these packets byte for byte.

    """
    units = container.in_order_of_j(tables.units_at(plan.published))
    ticks = {unit.stream: Fraction(*tables.time_base(unit.stream)) for unit in units}
    zero = min(unit.order_ns for unit in units)
    with container.open_footage(original) as source:
        is_ts = source.format.name == "mpegts"
        for name, muxer in TS_MUXERS if is_ts else MUXERS:
            path = out.with_name(f"{out.name}.{name}")
            try:
                _mux(source, path, muxer, container.timed_packets(original, units, ticks, zero))
                placed = placed_in(path, units, transport=name == "ts")
            except (*FFMPEG_SAYS_NO, CannotCutHere):
                path.unlink(missing_ok=True)
                continue
            return Cut(name, path, placed)
    raise CannotCutHere("no container holds these packets byte for byte")


def remux(path: Path, timings: Sequence[SealedTiming], out: Path) -> None:
    """Write verified packets anew with their sealed timing, for playing.

    Rotation, edit lists, rate and crop of ``path`` are left behind: the packets pass through a
    container (NUT) that has no room for them.

    Args:
        path: the published file, its packets already checked.
        timings: of each packet, in the order in which its stream holds them.
        out: an MP4 or MKV, by its ending.

    Raises:
        CannotCutHere: no container holds these packets at these times.

    """
    bare = out.with_name(out.name + ".nut")
    zero = min(each.order_ns for each in timings)
    waiting = {
        stream: iter(_rising([each for each in timings if each.stream == stream]))
        for stream in {each.stream for each in timings}
    }
    try:
        with container.open_footage(path) as source:
            _write(bare, "nut", source, _timed(source, waiting, zero))
        with container.open_footage(bare) as source:
            muxer = "matroska" if out.suffix == ".mkv" else "mp4"
            _write(out, muxer, source, container.packets_of(source))
    except FFMPEG_SAYS_NO as why:
        out.unlink(missing_ok=True)
        raise CannotCutHere(f"it cannot be written anew ({type(why).__name__})") from None
    finally:
        bare.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Times:
    """Packets of one stream in its own order: places, when shown and until when, key or not."""

    places: NDArray[np.int64]
    shown: NDArray[np.int64]
    ends: NDArray[np.int64]
    keys: NDArray[np.bool_]


def film_times(tables: Tables, stream: int) -> Times:
    """Return the times of one stream's packets.

    Raises:
        CannotCutHere: it has none.

    """
    parts = list(_columns(tables, stream))
    if not parts:
        raise CannotCutHere("the stream holds nothing")
    js, places, shown, lasts, keys = (np.concatenate(each) for each in zip(*parts, strict=True))
    # Where a decoding time is missing the chain goes by presentation: decoders need order of j.
    by_j = np.argsort(js, kind="stable")
    return Times(places[by_j], shown[by_j], (shown + lasts)[by_j], keys[by_j])


def _columns(tables: Tables, stream: int) -> Iterator[tuple[NDArray[np.int64], ...]]:
    tick_n, tick_d = tables.time_base(stream)
    for first in range(0, tables.count, PORTION):
        rows = tables.rows(first, min(tables.count, first + PORTION))
        here = np.flatnonzero(rows["stream"] == stream)
        rows = rows[here]
        pts = rows["pts"].astype(np.int64)
        shown = np.array(
            [
                order if ticks == NONE_64 else seal.nanoseconds(ticks, tick_n, tick_d)
                for ticks, order in zip(pts.tolist(), rows["order_ns"].tolist(), strict=True)
            ],
            np.int64,
        )
        js = rows["j"].astype(np.int64)
        yield js, here + first, shown, rows["duration_ns"].astype(np.int64), rows["key"] == 1


def _inspect(
    tables: Tables, original: Path, pictures: list[int], opening: list[int]
) -> tuple[str, ...]:
    """Refuse what would travel along; return the banners that are let through."""
    units = tables.units_at(pictures)
    config = units[0].config
    if any(unit.config != config for unit in units):
        raise CannotCutHere("the configuration changes in it")
    codec, extradata = tables.configs[config].split(" ")[1], tables.extradata(config)
    stream = gop.bitstream_of(codec, extradata)
    found = set(gop.riders_of_extradata(stream, extradata))
    begin = Begin.CLEAN
    for unit, data in container.packet_bytes(original, units):
        if unit.place == opening[0]:
            begin = gop.beginning(stream, data)
        elif begin is Begin.BY_NEXT:
            begin = Begin.UNCLEAN if gop.is_leading(stream, data) else Begin.CLEAN
        if begin is Begin.UNCLEAN:
            raise CannotCutHere("its first picture leans on pictures before it")
        found.update(gop.riders(stream, data))
    carried = sorted({rider.what for rider in found if not rider.harmless})
    if carried:
        raise CannotCutHere("it would carry along " + ", ".join(carried))
    return tuple(sorted({f"an encoder's banner ({rider.what})" for rider in found}))


def _sound(
    tables: Tables, shown: int, shown_end: int, muted: Sequence[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    published: list[int] = []
    withheld: list[int] = []
    for stream in tables.summary["streams"]:
        if stream["kind"] != "audio" or not stream["units"]:
            continue
        times = film_times(tables, stream["number"])
        heard = np.flatnonzero((times.ends > shown) & (times.shown < shown_end))
        if not len(heard):
            continue
        # One packet more on each side: a decoder needs it for the first samples that are asked.
        first, last = max(0, int(heard[0]) - 1), min(len(times.places), int(heard[-1]) + 2)
        margin = RESERVOIR if stream["codec"].startswith("mp3") else 1
        hidden = _silent(times, muted, margin)
        for i in range(first, last):
            (withheld if i in hidden else published).append(int(times.places[i]))
    return published, withheld


def _silent(times: Times, muted: Sequence[tuple[int, int]], margin: int) -> set[int]:
    # A packet's window reaches into its neighbours, and MP3 stores bits ahead of their time.
    inside = [np.flatnonzero((times.ends > a) & (times.shown < b)).tolist() for a, b in muted]
    return {i + d for span in inside for i in span for d in range(-margin, margin + 1)}


def _mux(
    source: InputContainer, path: Path, muxer: str, packets: Iterable[tuple[int, AnyPacket]]
) -> None:
    ready = list(packets)
    wanted = sorted({stream for stream, _ in ready})
    with av.open(path, "w", format=muxer, options=MUXER_OPTIONS) as out:
        streams = {number: like(out, source.streams[number]) for number in wanted}
        for number, packet in ready:
            packet.stream = streams[number]
            out.mux_one(packet)


def like(out: OutputContainer, template: Stream) -> Stream:
    """Add a stream that decodes as ``template`` does, without its tags."""
    stream = out.add_stream_from_template(template, opaque=True)
    stream.metadata.clear()
    return stream


def _write(path: Path, muxer: str, source: InputContainer, packets: Iterable[AnyPacket]) -> None:
    with av.open(path, "w", format=muxer, options=MUXER_OPTIONS) as out:
        streams = [like(out, each) for each in source.streams]
        for packet in packets:
            packet.stream = streams[packet.stream_index]
            out.mux_one(packet)


def _timed(
    source: InputContainer, waiting: Mapping[int, Iterator[SealedTiming]], zero: int
) -> Iterator[AnyPacket]:
    for packet in container.packets_of(source):
        due = next(waiting.get(packet.stream_index, iter(())), None)
        if due is None:
            raise CannotCutHere("there are packets without a sealed time")
        packet.time_base = MICRO
        packet.dts = (due.order_ns - zero) // 1000
        packet.pts = packet.dts if due.pts_ns is None else (due.pts_ns - zero) // 1000
        packet.duration = due.duration_ns // 1000
        packet.is_keyframe = due.key
        yield packet


def placed_in(
    path: Path, units: Sequence[UnitRecord], *, transport: bool = False, skip_streams: int = 0
) -> tuple[Placed, ...]:
    """Read a written file again and find each unit's payload in it.

    Args:
        path: the file.
        units: what it must hold, in chain order; its streams are theirs, by number.
        transport: count offsets within the elementary streams.
        skip_streams: streams of the file that hold something else.

    Raises:
        CannotCutHere: it holds other packets.

    """
    again: Reread = container.reread(path)
    packets = [each for each in again.packets if each.stream >= skip_streams]
    numbers = sorted({unit.stream for unit in units})
    queues = {
        number: iter([each for each in packets if each.stream == index + skip_streams])
        for index, number in enumerate(numbers)
    }
    if len(packets) != len(units):
        raise CannotCutHere("another number of packets came out")
    placed = []
    passed = dict.fromkeys(numbers, 0)
    with path.open("rb") as file:
        for unit in units:
            packet = next(queues[unit.stream], None)
            if packet is None or packet.sha256 != unit.sha256:
                raise CannotCutHere("other bytes came out")
            offset = passed[unit.stream]
            if not transport:
                offset = _payload(file.fileno(), packet.offset, unit)
            passed[unit.stream] += unit.size
            placed.append(Placed(unit.place, offset, unit.size))
    return tuple(placed)


def _rising(timings: list[SealedTiming]) -> list[SealedTiming]:
    rising: list[SealedTiming] = []
    for each in reversed(timings):
        last = rising[-1].order_ns - 1000 if rising else each.order_ns
        rising.append(replace(each, order_ns=min(each.order_ns, last)))
    return rising[::-1]


def _payload(file: int, near: int | None, unit: UnitRecord) -> int:
    # A Matroska block begins with a header of a few bytes; in MP4 the place is exact.
    data = os.pread(file, unit.size + HEADER_SEARCH, near or 0)
    for skip in range(min(HEADER_SEARCH, max(1, len(data) - unit.size + 1))):
        part = memoryview(data)[skip : skip + unit.size]
        if hashlib.sha256(part).digest() == unit.sha256:
            return (near or 0) + skip
    raise CannotCutHere("a packet's place was not found")
