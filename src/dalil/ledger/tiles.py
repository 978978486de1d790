"""The log as static files: C2SP tlog-tiles below ``log/`` (256 hashes or entries a file)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dalil.engines.files import BESIDE, make_folders, write_durably
from dalil.errors import LogBroken
from dalil.kernel.merkle import EMPTY_ROOT, largest_power_below, leaf_hash, node_hash, root

WIDTH = 256
HEIGHT = 8
HASH = 32
ENTRIES = "entries"
MAX_LEVEL = 7


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return where a tile lies below ``log/``: ``tile/0/x001/067.p/5``."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    place = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{place}" + (f".p/{width}" if width < WIDTH else "")


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries as a bundle: each after its length, two bytes, big-endian."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


@dataclass(slots=True)
class Edge:
    """The right edge of the tree: at each level the hashes of the tile that is not full yet."""

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    def push(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return the (level, number, bytes) of tiles that became full."""
        full: list[tuple[int, int, bytes]] = []
        self.size += 1
        level, at = 0, leaf
        while True:
            if level == len(self.levels):
                self.levels.append([])
            here = self.levels[level]
            here.append(at)
            if len(here) < WIDTH:
                return full
            full.append((level, (self.size >> (HEIGHT * (level + 1))) - 1, b"".join(here)))
            at = root(here)
            here.clear()
            level += 1

    def partial(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield the (level, number, bytes) of each tile that is begun and not full."""
        for level, here in enumerate(self.levels):
            if here:
                yield level, self.size >> (HEIGHT * (level + 1)), b"".join(here)

    def root(self) -> bytes:
        """Return the root over all leaves so far (RFC 6962)."""
        perfect: list[bytes] = []
        for here in reversed(self.levels):
            at = 0
            while at < len(here):
                span = 1 << ((len(here) - at).bit_length() - 1)
                perfect.append(root(here[at : at + span]))
                at += span
        if not perfect:
            return EMPTY_ROOT
        above = perfect.pop()
        while perfect:
            above = node_hash(perfect.pop(), above)
        return above


class Tiles:
    """The tiles of one log, read and written; sizes are always the caller's."""

    def __init__(self, log: Path) -> None:
        """Work below the folder ``log``."""
        self._log = log
        self._at_hand: dict[tuple[int, int, int], bytes] = {}
        self._filled: set[tuple[int, int]] = set()

    def edge(self, size: int) -> Edge:
        """Return the right edge of the log at ``size``.

        Raises:
            LogBroken: a tile is missing or of another length.

        """
        edge = Edge(size, [])
        level = 0
        while level == 0 or size >> (HEIGHT * level):
            count = size >> (HEIGHT * level)
            raw = self._read(level, count // WIDTH, count % WIDTH) if count % WIDTH else b""
            edge.levels.append([raw[i : i + HASH] for i in range(0, len(raw), HASH)])
            level += 1
        return edge

    def extend(self, edge: Edge, entries: Iterable[bytes]) -> None:
        """Write the tiles and bundles that ``entries`` add behind ``edge``, which moves on."""
        begun = self._entries_from(edge.size)
        first = edge.size
        for entry in entries:
            begun.append(entry)
            for level, number, raw in edge.push(leaf_hash(entry)):
                if level == 0:
                    self._write(tile_path(ENTRIES, number), bundle(begun))
                    begun = []
                self._write(tile_path(level, number), raw)
        if begun:
            self._write(tile_path(ENTRIES, edge.size // WIDTH, len(begun)), bundle(begun))
        for level, number, raw in edge.partial():
            self._write(tile_path(level, number, len(raw) // HASH), raw)
        self._at_hand.clear()
        self._filled.update(
            (level, number)
            for level in range(MAX_LEVEL)
            for number in range(first >> HEIGHT * (level + 1), edge.size >> HEIGHT * (level + 1))
        )

    def drop_begun(self) -> None:
        """Remove the begun forms of the tiles that ``extend`` filled."""
        for level, number in self._filled:
            for kind in (level, ENTRIES) if level == 0 else (level,):
                shutil.rmtree(self._log / (tile_path(kind, number) + ".p"), ignore_errors=True)
        self._filled.clear()

    def tidy(self, size: int) -> None:
        """Remove what lies beyond ``size``, and begun tiles of which the full one is there."""
        expected: dict[str, tuple[int, int]] = {}
        for level in (ENTRIES, *range(MAX_LEVEL + 1)):
            count = size if level == ENTRIES else size >> (HEIGHT * int(level))
            expected[str(level)] = (count // WIDTH, count % WIDTH)
        for level, (full, begun) in expected.items():
            self._tidy_level(level, full, begun)

    def hash_at(self, size: int, level: int, index: int) -> bytes:
        """Return the root of the perfect subtree ``index`` of 2**level leaves, within ``size``."""
        tall, low = divmod(level, HEIGHT)
        first = index << low
        number = first // WIDTH
        width = min(WIDTH, (size >> (HEIGHT * tall)) - number * WIDTH)
        raw = self._read(tall, number, width)
        start = first % WIDTH
        return root([raw[HASH * i : HASH * i + HASH] for i in range(start, start + (1 << low))])

    def range_root(self, size: int, start: int, stop: int) -> bytes:
        """Return the root over the leaves from ``start`` (where a subtree begins) to ``stop``."""
        span = stop - start
        if span & (span - 1) == 0:
            level = span.bit_length() - 1
            return self.hash_at(size, level, start >> level)
        split = start + largest_power_below(span)
        return node_hash(self.range_root(size, start, split), self.range_root(size, split, stop))

    def path(self, size: int, index: int) -> list[bytes]:
        """Return the audit path of leaf ``index`` in the log of ``size``, nearest first."""
        start, stop, found = 0, size, []
        while stop - start > 1:
            split = start + largest_power_below(stop - start)
            if index < split:
                found.append(self.range_root(size, split, stop))
                stop = split
            else:
                found.append(self.range_root(size, start, split))
                start = split
        return found[::-1]

    def consistency(self, old: int, size: int) -> list[bytes]:
        """Return the proof that the log of ``size`` extends the one of ``old`` (RFC 6962)."""
        start, stop, found, whole = 0, size, [], True
        while old not in (0, stop):
            split = start + largest_power_below(stop - start)
            if old <= split:
                found.append(self.range_root(size, split, stop))
                stop = split
            else:
                found.append(self.range_root(size, start, split))
                start, whole = split, False
        if old and not whole:
            found.append(self.range_root(size, start, stop))
        return found[::-1]

    def forget(self) -> None:
        """Read tiles from the disk again."""
        self._at_hand.clear()

    def _read(self, level: int, number: int, width: int) -> bytes:
        place = (level, number, width)
        if place not in self._at_hand:
            self._at_hand[place] = self._read_file(level, number, width)
        return self._at_hand[place]

    def _read_file(self, level: int, number: int, width: int) -> bytes:
        for each in (width, WIDTH):
            path = self._log / tile_path(level, number, each)
            try:
                raw = path.read_bytes()
            except OSError:
                continue
            if len(raw) != each * HASH:
                raise LogBroken(f"{path} has {len(raw)} bytes")
            return raw[: width * HASH]
        raise LogBroken(f"{self._log / tile_path(level, number, width)} is not there")

    def _entries_from(self, size: int) -> list[bytes]:
        width = size % WIDTH
        if not width:
            return []
        path = self._log / tile_path(ENTRIES, size // WIDTH, width)
        try:
            raw = path.read_bytes()
        except OSError:
            raise LogBroken(f"{path} is not there") from None
        found = []
        while raw:
            length = int.from_bytes(raw[:2], "big")
            found.append(raw[2 : 2 + length])
            raw = raw[2 + length :]
        if bundle(found) != path.read_bytes() or len(found) != width:
            raise LogBroken(f"{path} is not a bundle of {width} entries")
        return found

    def _write(self, place: str, raw: bytes) -> None:
        path = self._log / place
        if path.is_file() and path.read_bytes() == raw:
            return
        make_folders(path.parent)
        write_durably(path, raw)

    def _tidy_level(self, level: str, full: int, begun: int) -> None:
        folder = self._log / "tile" / level
        for path in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
            number, width = place_of(path.relative_to(folder).as_posix())
            if number is None:
                _remove_torn(path)
                continue
            keep = number < full if width == WIDTH else number == full and width <= begun
            if not keep and path.is_file():
                path.unlink()
            if path.name.endswith(".p") and (number < full or not any(path.iterdir())):
                shutil.rmtree(path)


def _remove_torn(path: Path) -> None:
    if path.name.endswith(BESIDE) and path.is_file():
        path.unlink()


def place_of(untrusted: str) -> tuple[int | None, int]:
    """Return (number, width) of a name below ``tile/<L>/``; number None for what is no tile."""
    name, _, width = untrusted.removesuffix(".p").partition(".p/")
    digits = name.replace("/x", "").removeprefix("x").replace("/", "")
    if not digits.isdecimal() or (width and not width.isdecimal()):
        return None, WIDTH
    return int(digits), int(width) if width else WIDTH
