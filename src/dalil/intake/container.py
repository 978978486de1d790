"""ZIP, TAR and messenger exports: members listed and read, nothing executed or followed."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dalil.errors import SourceUnreadable, UnsafeContainer

MAX_MEMBERS = 100_000
MAX_TOTAL_BYTES = 1 << 40
MAX_RATIO = 200
SMALL_ENOUGH = 64 << 20
NANO = 10**9
# A ZIP by construction, yet one document to whoever made it: it stays whole.
DOCUMENT_MARKS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
CONTAINER_SAYS_NO = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    UnicodeError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its name as bytes, its length, and why it is not expanded, if so.

    ``mtime_ns`` is None for a ZIP, whose times have no zone.
    """

    name: bytes
    length: int
    refused: str = ""
    mtime_ns: int | None = None


def kind_of(path: Path) -> str | None:
    """Return "zip", "tar" or None; by content, never by name."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
        if head[:4] in (b"PK\3\4", b"PK\5\6") and zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as opened:
                return None if DOCUMENT_MARKS & set(opened.namelist()) else "zip"
        if tarfile.is_tarfile(path):
            return "tar"
    except CONTAINER_SAYS_NO:
        return None
    return None


def messenger_of(names: list[str]) -> str:
    """Return which messenger's export these member names look like, or an empty text."""
    bases = {name.rsplit("/", 1)[-1].lower() for name in names}
    if "_chat.txt" in bases or any(base.startswith("whatsapp chat") for base in bases):
        return "WhatsApp"
    if "result.json" in bases or {"messages.html", "style.css"} <= bases:
        return "Telegram"
    if any(name.lower().endswith(".backup") and "signal" in name.lower() for name in bases):
        return "Signal"
    return ""


def names_of(path: Path) -> list[bytes]:
    """Return the names of all members, as far as the container can be read."""
    names: list[bytes] = []
    try:
        if kind_of(path) == "zip":
            with zipfile.ZipFile(path) as opened:
                return [_zip_name(info) for info in opened.infolist() if not info.is_dir()]
        total = 0
        with tarfile.open(path, "r:*", errors="surrogateescape") as opened:
            for info in opened:
                total += info.size
                _refuse_bombs(path, len(names), total)
                if not info.isdir():
                    names.append(info.name.encode("utf-8", "surrogateescape"))
    except (*CONTAINER_SAYS_NO, UnsafeContainer):
        pass
    return names


def reader(stream: IO[bytes], member: Member) -> Callable[[memoryview], int]:
    """Return what fills a buffer with the bytes of a member, no more than it said it has.

    Raises (when called):
        SourceUnreadable: the member is damaged, or has another length than it said.

    """
    done = 0

    def fill(buffer: memoryview) -> int:
        nonlocal done
        try:
            data = stream.read(len(buffer))
        except CONTAINER_SAYS_NO as why:
            raise _damaged(member, type(why).__name__) from None
        done += len(data)
        if done > member.length or (not data and done != member.length):
            raise _damaged(member, "another length than it says")
        buffer[: len(data)] = data
        return len(data)

    return fill


def _damaged(member: Member, why: str) -> SourceUnreadable:
    name = member.name.decode("utf-8", "backslashreplace")
    return SourceUnreadable(f"{name}: from the container, {why}")


def expand(path: Path) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """Yield each member with a stream of its bytes, or without one where it is refused.

    Directories are passed over. Links, devices, encrypted members, names that lead out of the
    container and bombs are named and not opened.

    Raises:
        UnsafeContainer: too many members or bytes, or the container cannot be read.

    """
    kind = kind_of(path)
    try:
        if kind == "zip":
            yield from _expand_zip(path)
        elif kind == "tar":
            yield from _expand_tar(path)
    except CONTAINER_SAYS_NO as why:
        raise UnsafeContainer(f"{path.name}: {type(why).__name__}") from None


def _expand_zip(path: Path) -> Iterator[tuple[Member, IO[bytes] | None]]:
    with zipfile.ZipFile(path) as container:
        infos = [info for info in container.infolist() if not info.is_dir()]
        _refuse_bombs(path, len(infos), sum(info.file_size for info in infos))
        for info in infos:
            member = Member(_zip_name(info), info.file_size, _why_not_zip(info))
            if member.refused:
                yield member, None
                continue
            with container.open(info) as stream:
                yield member, stream


def _expand_tar(path: Path) -> Iterator[tuple[Member, IO[bytes] | None]]:
    count = total = 0
    with tarfile.open(path, "r:*", errors="surrogateescape") as container:
        for info in container:
            if info.isdir():
                continue
            count, total = count + 1, total + info.size
            _refuse_bombs(path, count, total)
            name = info.name.encode("utf-8", "surrogateescape")
            why = "" if info.isreg() else "it is a link or a device"
            mtime_ns = int(info.mtime * NANO)
            member = Member(name, info.size, why or _why_not_name(info.name), mtime_ns)
            yield member, None if member.refused else container.extractfile(info)


def _refuse_bombs(path: Path, members: int, total: int) -> None:
    if members > MAX_MEMBERS:
        raise UnsafeContainer(f"{path.name}: more than {MAX_MEMBERS} members")
    ratio = total / max(1, path.stat().st_size)
    if total > MAX_TOTAL_BYTES or (total > SMALL_ENOUGH and ratio > MAX_RATIO):
        raise UnsafeContainer(f"{path.name}: {total} bytes out of {path.stat().st_size}")


def _why_not_zip(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 1:
        return "it is encrypted"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it is a link or a device"
    ratio = info.file_size / max(1, info.compress_size)
    if info.file_size > SMALL_ENOUGH and ratio > MAX_RATIO:
        return "it unpacks to far more than it is"
    return _why_not_name(info.filename)


def _why_not_name(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "\0" in name or ":" in parts[0]:
        return "its name leads out of the container"
    return ""


def _zip_name(info: zipfile.ZipInfo) -> bytes:
    raw = info.orig_filename
    return raw.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "surrogateescape")
