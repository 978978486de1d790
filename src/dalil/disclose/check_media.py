"""What a player would show of a published file, against what the proof says of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dalil.errors import Malformed, ProofBroken
from dalil.kernel import merkle
from dalil.kernel.disclosure import open_disclosure
from dalil.kernel.proof import ConfigProof, FrameProof, OpenPacket, OpenText, Proof
from dalil.kernel.salt import SALT_BYTES
from dalil.kernel.seal import tile_leaf
from dalil.media import cut
from dalil.media.container import Reread, reread
from dalil.media.cut import SealedTiming
from dalil.media.render import PNG_HEAD, Picture, rendition_pictures
from dalil.media.tiles import Plane, bits_of, planes_of

LENIENCE_NS = 2_000_000
MAX_PICTURE_BYTES = 1 << 29
CONFIG = re.compile(
    r"(0|[1-9][0-9]{0,8}) ([!-~]{1,60}) ([1-9][0-9]{0,11})/([1-9][0-9]{0,11}) ([0-9a-f]{64})"
    r" ([!-~]{1,60}) ([!-~]{1,20}) ([!-~]{1,40}) ([!-~]{1,30}) ([!-~]{1,20})"
)
FORMATS = {"mp4": "mov,mp4", "mkv": "matroska", "ts": "mpegts"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A unit as its proof opens it; times in ns, relative as they were sealed.

    ``digest`` is the SHA-256 of an open packet's bytes; ``j`` its number where position is open.
    """

    stream: int
    since_ns: int
    pts_ns: int | None
    duration_ns: int
    key: bool
    config: int
    packet: OpenPacket | None
    digest: bytes | None
    pixels: str | None
    j: int | None


def config_words(config: ConfigProof) -> tuple[str, ...]:
    """Return the parts of a configuration: stream, codec, time base in two, extradata, shape ….

    Raises:
        Malformed: another form.

    """
    disclosure = open_disclosure(config.disclosure)
    value = disclosure.value
    found = CONFIG.fullmatch(value) if isinstance(value, str) else None
    if disclosure.name != "config" or found is None:
        raise Malformed("a configuration in another form")
    return found.groups()


def check_excerpt(path: Path, proof: Proof, opened: Sequence[Opened]) -> None:
    """Check that a player finds the sealed packets in step, and decodes them as was sealed.

    Raises:
        ProofBroken: streams, packets, extradata or times are others.

    """
    again = reread(path)
    streams = sorted({each.stream for each in opened if each.packet is not None})
    _check_form(again, proof)
    _check_streams(again, 0, proof, opened, streams)
    _check_step(reread(path, as_played=True), 0, opened, streams)


def check_rendition(path: Path, proof: Proof, opened: Sequence[Opened]) -> None:
    """Check that each tile of a rendition that is not withheld is, sample for sample, the sealed.

    Raises:
        ProofBroken: a picture, a tile, a time or the sound is another.

    """
    order = check_rendition_container(path, proof, opened)
    pictures = rendition_pictures(path)
    for number, (_, index) in enumerate(order):
        picture = next(pictures, None)
        if picture is None:
            raise ProofBroken(f"picture {number} is not in the rendition")
        check_picture(picture, proof.frames[index], _roots(proof)[index], f"picture {number}")
    if next(pictures, None) is not None:
        raise ProofBroken("the rendition has pictures that no unit opens")


def check_rendition_container(
    path: Path, proof: Proof, opened: Sequence[Opened]
) -> list[tuple[int, int]]:
    """Check all of a rendition but its samples.

    Returns:
        Place of the unit and index in the proof of each frame, in the order of showing.

    Raises:
        ProofBroken: streams, sound, colours or times are others.

    """
    again, played = reread(path), reread(path, as_played=True)
    streams = sorted({each.stream for each in opened if each.packet is not None})
    _check_form(again, proof)
    _check_streams(again, 1, proof, opened, streams)
    _check_step(played, 1, opened, streams)
    order = _shown_order(proof, opened)
    _check_colours(again, proof, opened, {place for place, _ in order})
    _check_picture_times(played, opened, order)
    return order


def check_still(folder: Path, proof: Proof) -> None:
    """Check that each tile of a still that is not withheld is, sample for sample, the sealed one.

    Raises:
        ProofBroken: a tile is another. Malformed: a plane is not the PNG that it must be.

    """
    shown = [i for i, f in enumerate(proof.frames) if any(len(t) == SALT_BYTES for t in f.tiles)]
    roots = _roots(proof)
    for index, frame in enumerate(proof.frames):
        if index not in shown and _root(frame, b"") != roots[index][1]:
            raise ProofBroken("a withheld frame is not the sealed one")
    if len(shown) != 1:
        raise ProofBroken("a still shows one frame")
    frame = proof.frames[shown[0]]
    shapes = planes_of(frame.pixels)
    if shapes is None or len(shapes) != len(proof.header.published):
        raise ProofBroken("the still has another number of planes")
    planes = tuple(
        read_png((folder / file.name).read_bytes(), shape.width(frame.width),
                 shape.height(frame.height), deep=bits_of(frame.pixels) > 8)  # noqa: PLR2004
        for file, shape in zip(proof.header.published, shapes, strict=True)
    )  # fmt: skip
    picture = Picture(frame.width, frame.height, frame.pixels, 0, 2, planes)
    check_picture(picture, frame, roots[shown[0]], "the still")


def check_picture(
    picture: Picture, frame: FrameProof, sealed: tuple[str, bytes], what: str
) -> None:
    """Check one picture against its frame; ``sealed`` is "<w>x<h>/<pixel format>" and the root.

    Raises:
        ProofBroken: a sample outside the withheld tiles is another, or something lies in those.

    """
    shape = f"{frame.width}x{frame.height}/{frame.pixels}"
    if sealed[0] != shape or shape != f"{picture.width}x{picture.height}/{picture.pixels}":
        raise ProofBroken(f"{what} has another shape than was sealed")
    if _root(frame, picture.digests()) != sealed[1]:
        raise ProofBroken(f"{what}: samples outside the withheld tiles are not the sealed ones")
    hidden = [i for i, tile in enumerate(frame.tiles) if len(tile) != SALT_BYTES]
    grey = picture.without(hidden).planes
    if not all(np.array_equal(a, b) for a, b in zip(picture.planes, grey, strict=True)):
        raise ProofBroken(f"{what}: a withheld tile is not plain grey")


def play_to(path: Path, opened: Sequence[Opened], out: Path) -> None:
    """Write the verified packets of an excerpt anew, with the sealed timing."""
    streams = sorted({each.stream for each in opened if each.packet is not None})
    times = zip(opened, _orders(opened), strict=True)
    timings = [
        SealedTiming(
            streams.index(each.stream), order, None if each.pts_ns is None else order + each.pts_ns,
            each.duration_ns, each.key,
        )
        for each, order in times
        if each.packet is not None
    ]  # fmt: skip
    cut.remux(path, timings, out)


def read_png(untrusted: bytes, width: int, height: int, *, deep: bool) -> Plane:
    """Return the samples of a grey PNG, rows as they lie in a plane (little-endian where deep).

    Raises:
        Malformed: another size, colour or depth, a filter, or any chunk but IHDR, IDAT, IEND.

    """
    chunks = list(_chunks(untrusted))
    kinds = [kind for kind, _ in chunks]
    if len(kinds) < 3 or kinds[0] != b"IHDR" or kinds[-1] != b"IEND":  # noqa: PLR2004 - at least
        raise Malformed("a PNG without its parts")
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head += bytes([16 if deep else 8, 0, 0, 0, 0])
    if chunks[0][1] != head or chunks[-1][1] or set(kinds[1:-1]) != {b"IDAT"}:
        raise Malformed("a PNG of another size, or with more in it than samples")
    line = width * (2 if deep else 1)
    size = height * (line + 1)
    if size > MAX_PICTURE_BYTES:
        raise Malformed("a PNG that is too large")
    try:
        inflater = zlib.decompressobj()
        data = inflater.decompress(b"".join(body for _, body in chunks[1:-1]), size + 1)
    except zlib.error:
        raise Malformed("a PNG whose samples cannot be read") from None
    if len(data) != size or not inflater.eof or inflater.unused_data:
        raise Malformed("a PNG with another number of samples")
    rows = np.frombuffer(data, np.uint8).reshape(height, line + 1)
    if rows[:, 0].any():
        raise Malformed("a PNG with filtered rows")
    samples = np.ascontiguousarray(rows[:, 1:])
    return samples.view(">u2").astype("<u2").view(np.uint8) if deep else samples


def _chunks(untrusted: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not untrusted.startswith(PNG_HEAD):
        raise Malformed("this is not PNG")
    at = len(PNG_HEAD)
    while at < len(untrusted):
        length = int.from_bytes(untrusted[at : at + 4], "big")
        kind, body = untrusted[at + 4 : at + 8], untrusted[at + 8 : at + 8 + length]
        check = untrusted[at + 8 + length : at + 12 + length]
        if len(check) != 4 or int.from_bytes(check, "big") != zlib.crc32(kind + body):  # noqa: PLR2004
            raise Malformed("a PNG with a broken part")
        yield kind, body
        at += 12 + length


def _check_form(again: Reread, proof: Proof) -> None:
    if not again.format.startswith(FORMATS[proof.header.container]):
        raise ProofBroken(f"the published file is {again.format}")


def _check_streams(
    again: Reread, skip: int, proof: Proof, opened: Sequence[Opened], streams: Sequence[int]
) -> None:
    if len(again.streams) != len(streams) + skip:
        raise ProofBroken("the published file has another number of streams")
    for index, stream in enumerate(streams, skip):
        claimed = [each for each in opened if each.stream == stream and each.packet is not None]
        found = [each for each in again.packets if each.stream == index]
        if [each.digest for each in claimed] != [each.sha256 for each in found]:
            raise ProofBroken(f"stream {stream} does not hold its packets in the sealed order")
        config = proof.header.configs[claimed[0].config]
        if any(each.config != claimed[0].config for each in claimed):
            raise ProofBroken(f"the configuration of stream {stream} changes in it")
        if again.extradata[index] != config.extradata:
            raise ProofBroken(f"the extradata of stream {stream} in the container is another")
        words = _words(proof, claimed[0].config)
        if again.streams[index].codec != words[1]:
            raise ProofBroken(f"the codec of stream {stream} in the container is another")


def _check_step(
    played: Reread, skip: int, opened: Sequence[Opened], streams: Sequence[int]
) -> None:
    """Demand that all streams are off by the same time, as a player reads the container."""
    near: list[tuple[int, int]] | None = None
    for index, stream in enumerate(streams, skip):
        due = [
            (each.digest, order + (each.pts_ns or 0))
            for each, order in zip(opened, _orders(opened), strict=True)
            if each.stream == stream and each.packet is not None
        ]
        found = [(each.sha256, each.pts_ns) for each in played.packets if each.stream == index]
        fits = list(_offsets(due, found))
        joint = [(min(a, c), max(b, d)) for a, b in near or fits for c, d in fits]
        near = [each for each in joint if each[1] - each[0] <= LENIENCE_NS]
        if not near:
            raise ProofBroken("the container shows packets at other times than were sealed")


def _offsets(
    due: Sequence[tuple[bytes | None, int]], found: Sequence[tuple[bytes, int | None]]
) -> Iterator[tuple[int, int]]:
    """Yield least and greatest offset for each way in which ``found`` is a run of ``due``.

    A player may leave out the first packets; packets of silence are alike.
    """
    digests = [digest for digest, _ in found]
    for start in range(len(due) - len(found) + 1):
        run = due[start : start + len(found)]
        if [digest for digest, _ in run] == digests:
            times = zip(found, run, strict=True)
            offsets = [shown - time for (_, shown), (_, time) in times if shown is not None]
            yield min(offsets, default=0), max(offsets, default=0)


def _check_picture_times(
    played: Reread, opened: Sequence[Opened], order: Sequence[tuple[int, int]]
) -> None:
    orders = _orders(opened)
    due = [orders[place] + (opened[place].pts_ns or 0) for place, _ in order]
    shown = [each.pts_ns for each in played.packets if each.stream == 0]
    if len(shown) != len(due):
        raise ProofBroken("the rendition has another number of pictures")
    offsets = [a - b for a, b in zip(shown, due, strict=True) if a is not None]
    if offsets and max(offsets) - min(offsets) > LENIENCE_NS:
        raise ProofBroken("the rendition shows pictures at other times than were sealed")


def _check_colours(
    again: Reread, proof: Proof, opened: Sequence[Opened], places: Iterable[int]
) -> None:
    film = again.streams[0]
    if film.codec != "ffv1":
        raise ProofBroken("the first stream of a rendition is FFV1")
    for config in {opened[place].config for place in places}:
        words = _words(proof, config)
        said = zip((words[6], words[7]), (film.colour_range, film.matrix), strict=True)
        if any(sealed not in {"unspecified", "-", here} for sealed, here in said):
            raise ProofBroken("the rendition is labelled with other colours than were sealed")


def _shown_order(proof: Proof, opened: Sequence[Opened]) -> list[tuple[int, int]]:
    """Return (place of the unit, index of the frame in the proof) in the order of showing."""
    orders = _orders(opened)
    frames = []
    for place, each in enumerate(opened):
        if each.pixels not in {None, "none"} and each.pixels is not None:
            shown = orders[place] + (each.pts_ns or 0)
            frames += [(shown, place, n) for n in range(each.pixels.count(" ") + 1)]
    if len({opened[place].stream for _, place, _ in frames}) != 1:
        raise ProofBroken("the opened pictures are not of one stream")
    index = {(place, n): i for i, (_, place, n) in enumerate(frames)}
    if len(frames) != len(proof.frames):
        raise ProofBroken("another number of frames than is opened")
    return [(place, index[place, n]) for _, place, n in sorted(frames)]


def _roots(proof: Proof) -> list[tuple[str, bytes]]:
    """Return shape and root of each opened frame, as the units say."""
    found = []
    for unit in proof.units:
        if isinstance(unit.pixels, OpenText) and unit.pixels.value != "none":
            for word in unit.pixels.value.split(" "):
                shape, _, root = word.rpartition("/")
                try:
                    found.append((shape, bytes.fromhex(root)))
                except ValueError:
                    raise Malformed("pixels in another form") from None
    return found


def _root(frame: FrameProof, digests: bytes) -> bytes:
    leaves = []
    for i, tile in enumerate(frame.tiles):
        opened = len(tile) == SALT_BYTES
        leaves.append(tile_leaf(tile, digests[32 * i : 32 * i + 32]) if opened else tile)
    return merkle.root(leaves)


def _orders(opened: Sequence[Opened]) -> list[int]:
    """Return order times in ns, counted from the first unit."""
    at, orders = 0, []
    for number, each in enumerate(opened):
        at += each.since_ns if number else 0
        orders.append(at)
    return orders


def _words(proof: Proof, config: int) -> tuple[str, ...]:
    return config_words(proof.header.configs[config])
