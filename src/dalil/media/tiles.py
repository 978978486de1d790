"""Frames as tiles of 64×64 luma samples: their bytes, their digests (spec/seal.md, "Tiles")."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from queue import Queue
from threading import Thread
from typing import BinaryIO

import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from dalil.kernel.salt import SealSecret
from dalil.kernel.seal import HASH_BYTES, TILE_SIDE, tile_salts
from dalil.kernel.slots import frame_root
from dalil.media.container import plain_pixels
from dalil.media.tables import FRAME_STRUCT, NONE_64

Plane = NDArray[np.uint8]
FRAMES_WAITING = 3
BIT_EXACT = frozenset(
    (
        *("h264", "hevc", "vp8", "vp9", "av1", "vvc", "ffv1", "huffyuv", "ffvhuff", "utvideo"),
        *("magicyuv", "lagarith", "rawvideo", "png", "qtrle", "v210", "v410", "r210", "zlib"),
    )
)


@dataclass(frozen=True, slots=True)
class PlaneShape:
    """One plane: bytes of a sample group, and by how many bits chroma is halved each way."""

    step: int
    across: int
    down: int

    def width(self, luma: int) -> int:
        """Return the plane's width in sample groups for ``luma`` luma samples."""
        return -(-luma >> self.across)

    def height(self, luma: int) -> int:
        """Return the plane's height in rows for ``luma`` luma rows."""
        return -(-luma >> self.down)


@lru_cache(maxsize=256)
def planes_of(pixels: str) -> tuple[PlaneShape, ...] | None:
    """Return the planes of a pixel format, or None where they are not whole bytes."""
    try:
        form = VideoFormat(pixels, 1 << 8, 1 << 8)
    except ValueError:
        return None
    if form.has_palette or form.is_bit_stream or form.is_bayer or form.is_big_endian:
        return None
    parts = form.components
    if not parts:
        return None
    planes = []
    for index in range(1 + max(part.plane for part in parts)):
        here = [part for part in parts if part.plane == index]
        step = _step(form, index)
        if not here or step is None:
            return None
        across = (1 << 8) // max(part.width for part in here)
        down = (1 << 8) // max(part.height for part in here)
        planes.append(PlaneShape(step, across.bit_length() - 1, down.bit_length() - 1))
    return tuple(planes)


def _step(form: VideoFormat, plane: int) -> int | None:
    if all(part.plane == 0 for part in form.components):
        whole, rest = divmod(form.padded_bits_per_pixel, 8)
        return None if rest else whole
    # FFmpeg's table of steps is not exported; the shape of an exported plane tells it.
    frame = VideoFrame(64, 64, form.name)
    try:
        shape = np.from_dlpack(frame.planes[plane])
    except (NotImplementedError, BufferError, TypeError, RuntimeError, IndexError):
        return None
    return int(shape.strides[1])


@lru_cache(maxsize=256)
def bits_of(pixels: str) -> int:
    """Return the bits of a sample of the first plane."""
    return max(part.bits for part in VideoFormat(pixels, 1 << 8, 1 << 8).components)


def planes(frame: VideoFrame) -> list[Plane] | None:
    """Return each plane as (rows, bytes of a row without stride), or None without such planes."""
    shapes = planes_of(frame.format.name)
    if shapes is None:
        return None
    taken = []
    for plane, shape in zip(frame.planes, shapes, strict=True):
        rows = shape.height(frame.height)
        line = plane.line_size
        data = np.frombuffer(memoryview(plane), np.uint8)[: rows * abs(line)].reshape(
            rows, abs(line)
        )
        upright = data if line > 0 else data[::-1]
        taken.append(upright[:, : shape.width(frame.width) * shape.step])
    return taken


def tile_digests(frame: VideoFrame) -> bytes | None:
    """Return SHA-256 of each tile's bytes, in raster order, or None without whole-byte planes."""
    shapes = planes_of(frame.format.name)
    taken = planes(frame)
    if shapes is None or taken is None:
        return None
    return digests_of(taken, shapes, frame.width, frame.height)


def digests_of(
    taken: list[Plane], shapes: tuple[PlaneShape, ...], width: int, height: int
) -> bytes:
    """Return SHA-256 of the bytes of each tile of a picture, 32 bytes each, in raster order."""
    across, down = -(-width // TILE_SIDE), -(-height // TILE_SIDE)
    whole_across, whole_down = width // TILE_SIDE, height // TILE_SIDE
    digests = np.empty((down, across, HASH_BYTES), np.uint8)
    if whole_across and whole_down:
        body = _whole_tiles(taken, shapes, whole_across, whole_down)
        digests[:whole_down, :whole_across] = body
    for row in range(down):
        for column in range(0 if row >= whole_down else whole_across, across):
            data = tile_bytes(taken, shapes, width, height, column, row)
            digests[row, column] = np.frombuffer(hashlib.sha256(data).digest(), np.uint8)
    return digests.tobytes()


def _whole_tiles(
    taken: list[Plane], shapes: tuple[PlaneShape, ...], across: int, down: int
) -> NDArray[np.uint8]:
    sizes = [
        (shape.step * (TILE_SIDE >> shape.across), TILE_SIDE >> shape.down) for shape in shapes
    ]
    size = sum(line * rows for line, rows in sizes)
    gathered = np.empty((down, across, size), np.uint8)
    start = 0
    for plane, (line, rows) in zip(taken, sizes, strict=True):
        # A row of a tile is copied as one element: many times faster than byte by byte.
        element = np.dtype(f"V{line}")
        source = plane[: down * rows, : across * line].view(element)
        source = source.reshape(down, rows, across).swapaxes(1, 2)
        target = np.ndarray(
            (down, across, rows), element, gathered, start, (across * size, size, line)
        )
        target[...] = source
        start += line * rows
    view = memoryview(gathered.reshape(-1).data)
    sha = hashlib.sha256
    digests = b"".join([sha(view[i : i + size]).digest() for i in range(0, len(view), size)])
    return np.frombuffer(digests, np.uint8).reshape(down, across, HASH_BYTES)


def tile_bytes(
    taken: list[Plane],
    shapes: tuple[PlaneShape, ...],
    width: int,
    height: int,
    column: int,
    row: int,
) -> bytes:
    """Return the bytes of one tile: its part of each plane, one after another."""
    left, top = column * TILE_SIDE, row * TILE_SIDE
    wide, high = min(TILE_SIDE, width - left), min(TILE_SIDE, height - top)
    parts = []
    for plane, shape in zip(taken, shapes, strict=True):
        x, y = (left >> shape.across) * shape.step, top >> shape.down
        part = plane[y : y + shape.height(high), x : x + shape.width(wide) * shape.step]
        parts.append(part.tobytes())
    return b"".join(parts)


class TileWriter:
    """Hashes frames in a thread of its own, while the decoder goes on, and writes the records.

    hashlib lets go of the interpreter for each tile, so that both run at once.
    """

    def __init__(self, secret: SealSecret, frames: BinaryIO, tiles: BinaryIO) -> None:
        """Begin; ``frames`` and ``tiles`` are written to."""
        self.formats: list[str] = []
        self.counts: Counter[int] = Counter()
        self.damaged: Counter[int] = Counter()
        self.without_tiles: Counter[int] = Counter()
        self._secret = secret
        self._frames, self._tiles = frames, tiles
        self._tile_count = 0
        self._queue: Queue[tuple[int, int, VideoFrame] | None] = Queue(FRAMES_WAITING)
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, stream: int, carrier: int, frame: VideoFrame) -> None:
        """Take the next frame of a stream; ``carrier`` is its packet's number in the file."""
        self._queue.put((stream, carrier, frame))

    def finish(self) -> None:
        """Wait for what was put.

        Raises:
            whatever went wrong in the thread.

        """
        self._queue.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while (taken := self._queue.get()) is not None:
            if self._failure is None:
                try:
                    self._write(*taken)
                except BaseException as failure:  # noqa: BLE001 - finish() raises it
                    self._failure = failure

    def _write(self, stream: int, carrier: int, frame: VideoFrame) -> None:
        self.damaged[stream] += frame.is_corrupt
        digests = tile_digests(frame)
        if digests is None:
            self.without_tiles[stream] += 1
            return
        pixels, _ = pixels_and_range(frame)
        if pixels not in self.formats:
            self.formats.append(pixels)
        count, number = len(digests) // HASH_BYTES, self.counts[stream]
        root = frame_root(tile_salts(self._secret, stream, number, count), digests)
        self._frames.write(
            FRAME_STRUCT.pack(
                stream, number, carrier, frame.width, frame.height,
                self.formats.index(pixels), 0, NONE_64 if frame.pts is None else frame.pts,
                self._tile_count, root,
            )
        )  # fmt: skip
        self._tiles.write(digests)
        self._tile_count += count
        self.counts[stream] += 1


def tile_grid(width: int, height: int) -> tuple[int, int]:
    """Return how many tiles a picture has across and down."""
    return -(-width // TILE_SIDE), -(-height // TILE_SIDE)


def tiles_touched(
    width: int, height: int, boxes: list[tuple[int, int, int, int]]
) -> frozenset[int]:
    """Return the tiles (raster index) that boxes (x, y, w, h in luma samples) touch."""
    across, down = tile_grid(width, height)
    return frozenset(_touched(across, down, boxes))


def _touched(across: int, down: int, boxes: list[tuple[int, int, int, int]]) -> Iterator[int]:
    for x, y, w, h in boxes:
        for row in range(max(0, y // TILE_SIDE), min(down, -(-(y + h) // TILE_SIDE))):
            for column in range(max(0, x // TILE_SIDE), min(across, -(-(x + w) // TILE_SIDE))):
                yield row * across + column


def pixels_and_range(frame: VideoFrame) -> tuple[str, str]:
    """Return the plain pixel format and the range ("tv", "pc", "unspecified") of a frame."""
    colour_range, pixels = plain_pixels(frame.format.name, int(frame.color_range))
    return pixels, colour_range
