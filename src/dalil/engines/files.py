"""Files that are whole or absent: written beside, synced, renamed, and the folder synced."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dalil.engines.failpoint import cross
from dalil.errors import ArchiveBusy, NoSpace

BESIDE = ".part"
POLL_SECONDS = 0.02
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def disk_room(path: Path) -> Iterator[None]:
    """Turn a full disk into ``NoSpace``."""
    try:
        yield
    except OSError as error:
        if error.errno in _DISK_FULL:
            raise NoSpace(str(path)) from None
        raise


def write_durably(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put ``data`` at ``path``: after a crash the old bytes are there, or the new ones, whole.

    Raises:
        NoSpace: the disk is full; the old bytes are still there.

    """
    write_synced(path.with_name(path.name + BESIDE), data, mode)
    rename_durably(path.with_name(path.name + BESIDE), path)


def write_synced(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file and wait until it is on the disk; its name is not synced yet."""
    with disk_room(path):
        cross("write")
        with suppress(FileNotFoundError):
            path.unlink()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
            sync_file(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_file(handle: int) -> None:
    """Wait until an open file is on the disk."""
    cross("fsync")
    os.fsync(handle)


def rename_durably(source: Path, target: Path) -> None:
    """Give ``source`` its final name, over what had that name, and sync the folder."""
    cross("rename")
    source.rename(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync_file(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path) -> None:
    """Make a folder and those above it, each name synced in the one above."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        with disk_room(each):
            each.mkdir(exist_ok=True)
        sync_folder(each.parent)


@contextmanager
def locked(path: Path, wait_seconds: float = 10.0) -> Iterator[None]:
    """Hold the lock at ``path``; the system frees it when this process ends, however it ends.

    Raises:
        ArchiveBusy: another process holds it for longer than ``wait_seconds``.

    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + wait_seconds
        while not _took(handle):
            if time.monotonic() >= until:
                raise ArchiveBusy(str(path.parent))
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(handle)


def _took(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True
