"""A source is walked and read, never written to: names as bytes, links named and not followed."""

# ruff: noqa: PTH100, PTH112, PTH118, PTH119, PTH122
# Names are bytes here, and pathlib knows only text.

from __future__ import annotations

import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dalil.engines.failpoint import cross
from dalil.engines.files import disk_room
from dalil.errors import SourceChanged, SourceUnreadable, UsageRefused
from dalil.kernel.digest import Digests, Hasher

PORTION = 1 << 20
PORTIONS = 4
SECTOR = 4096
SECTORS_TRIED = 1024
RANGES_TOLD = 32
KINDS = {
    stat.S_IFLNK: "a link, not followed",
    stat.S_IFIFO: "a pipe, not opened",
    stat.S_IFSOCK: "a socket, not opened",
    stat.S_IFCHR: "a device, not opened",
    stat.S_IFBLK: "a device, not opened",
}
SIDECARS = frozenset(
    b".json .srt .vtt .ass .sub .txt .md .xml .xmp .thm .nfo .csv .gpx .info .aae .lrv".split()
)

Fill = Callable[[memoryview], int]
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a source: the folder given, its path below it, its length as listed."""

    source: bytes
    name: bytes
    length: int

    @property
    def path(self) -> bytes:
        """Where it is."""
        return os.path.join(self.source, self.name)


@dataclass(frozen=True, slots=True)
class Unread:
    """What was not taken in, and why; ``refused`` where it should have been."""

    name: str
    why: str
    refused: bool

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.name}: {self.why}"


@dataclass(frozen=True, slots=True)
class Walked:
    """All files below what was given, in order of their bytes, and what is none."""

    files: tuple[Found, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """One file to be taken in: where it is said to come from, and how to get its bytes."""

    source: str
    name: bytes
    length: int
    receive: Callable[[Path, Advance], tuple[Digests, int | None]]
    sidecars: tuple[bytes, ...] = ()
    member_of: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What an accession is made of: where from, the files, and what is no file."""

    paths: tuple[str, ...]
    offers: tuple[Offer, ...]
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that lies under another name than it came with: bytes, nanoseconds of last change."""

    name: bytes
    place: Path
    length: int
    mtime_ns: int | None

    def receive(self, target: Path, advance: Advance) -> tuple[Digests, int | None]:
        """Copy and hash it; the time of last change is the one that was told with it."""
        found = Found(os.fsencode(self.place.parent), os.fsencode(self.place.name), self.length)
        return receive_file(found, target, advance)[0], self.mtime_ns


def brought_from(paths: Sequence[str | bytes | Path], archive: Path) -> Brought:
    """List what lies in these files and folders; raises as `walk` does."""
    given = absolute(paths)
    walked = walk(given, archive)
    beside = sidecars_of([each.path for each in walked.files])
    offers = [
        Offer(
            shown(found.source),
            found.name,
            found.length,
            partial(receive_file, found),
            beside.get(found.path, ()),
        )
        for found in walked.files
    ]
    return Brought(tuple(map(shown, given)), tuple(offers), walked.unread)


def brought_by_hand(source: str, files: Sequence[Handed]) -> Brought:
    """Return files that came over another way, such as an upload, each under its own name.

    ``source`` is a name that no second taking-in has, such as an URN.
    """
    beside = sidecars_of([each.name for each in files])
    offers = [
        Offer(source, each.name, each.length, each.receive, beside.get(each.name, ()))
        for each in files
    ]
    return Brought((source,), tuple(offers))


def shown(name: bytes) -> str:
    """Return a name as text, each byte that is no UTF-8 written as four ASCII characters."""
    return name.decode("utf-8", "backslashreplace")


def absolute(paths: Iterable[str | bytes | Path]) -> list[bytes]:
    """Return the paths given, whole, so that they mean the same from any folder."""
    return [os.path.abspath(os.fsencode(path)) for path in paths]


def walk(paths: Iterable[bytes], archive: Path) -> Walked:
    """List every file of the files and folders given (absolute paths), once each.

    Raises:
        UsageRefused: a path is not there, or is in the archive, or holds it.

    """
    files: list[Found] = []
    unread: list[Unread] = []
    seen: set[bytes] = set()
    for path in paths:
        _demand_apart(path, archive)
        below = _below(path, unread) if os.path.isdir(path) else _alone(path, unread)
        for found in below:
            if found.path not in seen:
                seen.add(found.path)
                files.append(found)
    return Walked(tuple(files), tuple(unread))


def sidecars_of(paths: Sequence[bytes]) -> dict[bytes, tuple[bytes, ...]]:
    """Return, for each path, the names of small files beside it that describe it."""
    by_stem: dict[bytes, list[bytes]] = {}
    for path in paths:
        if os.path.splitext(path)[1].lower() in SIDECARS:
            stem = os.path.splitext(path)[0]
            by_stem.setdefault(stem, []).append(path)
    found = {}
    for path in paths:
        if os.path.splitext(path)[1].lower() not in SIDECARS:
            beside = [*by_stem.get(os.path.splitext(path)[0], ()), *by_stem.get(path, ())]
            if beside:
                found[path] = tuple(os.path.basename(each) for each in dict.fromkeys(beside))
    return found


def receive_file(found: Found, target: Path, advance: Advance) -> tuple[Digests, int]:
    """Copy a file to ``target`` and hash it, in one reading; return digests and its mtime in ns.

    A file that changes meanwhile is read once more.

    Raises:
        SourceChanged: it changed again. SourceUnreadable: which bytes cannot be read is said.
        NoSpace: the disk with the target is full.

    """
    try:
        return _receive_once(found, target, advance)
    except SourceChanged:
        target.unlink(missing_ok=True)
        return _receive_once(found, target, advance)


def receive(fill: Fill, target: Path, advance: Advance) -> Digests:
    """Copy what ``fill`` gives, portion by portion, to ``target``; hashing runs beside copying."""
    hasher = Hasher()
    buffers = [memoryview(bytearray(PORTION)) for _ in range(PORTIONS)]
    hashing: deque[Future[None]] = deque()
    with disk_room(target), _written(target) as out, ThreadPoolExecutor(1) as beside:
        turn = 0
        while count := fill(buffers[turn % PORTIONS]):
            portion = buffers[turn % PORTIONS][:count]
            hashing.append(beside.submit(hasher.update, portion))
            left = portion
            while left:
                left = left[os.write(out, left) :]
            advance(count)
            if len(hashing) >= PORTIONS:
                hashing.popleft().result()
            turn += 1
        for each in hashing:
            each.result()
    return hasher.finish()


@contextmanager
def _written(target: Path) -> Iterator[int]:
    cross("write")
    out = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        yield out
    finally:
        os.close(out)


def _receive_once(found: Found, target: Path, advance: Advance) -> tuple[Digests, int]:
    handle = _open(found)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise SourceChanged(shown(found.name))
        digests = receive(_reader(handle, found, before.st_size), target, advance)
        after = os.fstat(handle)
    finally:
        os.close(handle)
    if _state(before) != _state(after) or digests.length != after.st_size:
        raise SourceChanged(shown(found.name))
    return digests, before.st_mtime_ns


def _open(found: Found) -> int:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        # Only the owner may read without leaving a trace in the access time.
        return os.open(found.path, flags | os.O_NOATIME)
    except PermissionError:
        pass
    except OSError as error:
        raise _unreadable(found, error) from None
    try:
        return os.open(found.path, flags)
    except OSError as error:
        raise _unreadable(found, error) from None


def _unreadable(found: Found, error: OSError) -> SourceUnreadable:
    return SourceUnreadable(f"{shown(found.name)}: {os.strerror(error.errno or errno.EIO)}")


def _reader(handle: int, found: Found, size: int) -> Fill:
    place = 0

    def fill(buffer: memoryview) -> int:
        nonlocal place
        if place > size:
            # It grows as fast as it is read: without this, reading might never end.
            raise SourceChanged(shown(found.name))
        try:
            count = os.preadv(handle, [buffer], place)
        except OSError:
            where = bad_ranges(handle, place, size)
            raise SourceUnreadable(f"{shown(found.name)}: bytes {where}") from None
        place += count
        return count

    return fill


def bad_ranges(handle: int, start: int, size: int) -> str:
    """Return which bytes from ``start`` on cannot be read, tried in sectors of 4096."""
    ranges: list[list[int]] = []
    last = min(size, start + SECTORS_TRIED * SECTOR)
    for place in range(start, last, SECTOR):
        try:
            os.preadv(handle, [bytearray(SECTOR)], place)
        except OSError:
            if ranges and ranges[-1][1] == place:
                ranges[-1][1] = min(place + SECTOR, size)
            else:
                ranges.append([place, min(place + SECTOR, size)])
    ranges = ranges or [[start, min(start + PORTION, size)]]
    told = ", ".join(f"{first}-{end - 1}" for first, end in ranges[:RANGES_TOLD])
    return f"{told} (tried from {start} to {last - 1} of {size})"


def _state(of: os.stat_result) -> tuple[int, ...]:
    return of.st_size, of.st_mtime_ns, of.st_ctime_ns


def _demand_apart(path: bytes, archive: Path) -> None:
    if not os.path.lexists(path):
        raise UsageRefused(f"{shown(path)} is not there")
    real, home = os.path.realpath(path), os.path.realpath(os.fsencode(archive))
    if os.path.commonpath([real, home]) in (real, home):
        raise UsageRefused(f"{shown(path)} and the archive hold one another")


def _alone(path: bytes, unread: list[Unread]) -> Iterator[Found]:
    folder, name = os.path.split(path)
    of = os.lstat(path)
    if stat.S_ISREG(of.st_mode):
        yield Found(folder, name, of.st_size)
    else:
        unread.append(Unread(shown(name), _kind(of.st_mode), refused=False))


def _below(source: bytes, unread: list[Unread]) -> Iterator[Found]:
    folders = [b""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(os.path.join(source, folder) if folder else source) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            why = os.strerror(error.errno or errno.EIO)
            unread.append(Unread(shown(folder) or ".", why, refused=True))
            continue
        inner = []
        for entry in entries:
            name = os.path.join(folder, entry.name)
            try:
                of = entry.stat(follow_symlinks=False)
            except OSError as error:
                unread.append(Unread(shown(name), os.strerror(error.errno or 0), refused=True))
                continue
            if stat.S_ISDIR(of.st_mode):
                inner.append(name)
            elif stat.S_ISREG(of.st_mode):
                yield Found(source, name, of.st_size)
            else:
                unread.append(Unread(shown(name), _kind(of.st_mode), refused=False))
        folders.extend(reversed(inner))


def _kind(mode: int) -> str:
    return KINDS.get(stat.S_IFMT(mode), "of no known kind, not opened")
