"""A second copy of a whole archive, checked as it is made, and the way back from it.

Nothing is ever removed or written over in place: what is broken is set aside, and only a copy
whose every byte fits takes its place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from dalil.engines.files import (
    BESIDE,
    disk_room,
    locked,
    make_folders,
    rename_durably,
    sync_file,
    write_durably,
)
from dalil.errors import Altered, ArchiveExists, LogBroken, Missing, UsageRefused
from dalil.vault.archive import FOLDERS, PLATE, read_plate
from dalil.vault.derived import DERIVED
from dalil.vault.fixity import Fault, check_object
from dalil.vault.ocfl import TUPLES
from dalil.vault.vault import Vault, remove_tree

ACTS = "acts.sqlite"
LOCKS = ("acts.lock", "acts.sqlite-wal", "acts.sqlite-shm")
SMALL_FOLDERS = ("log", "keys", "time", "receipts")
COPYING = "copying"
ASIDE = "set-aside"
PORTION = 1 << 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy came to: objects copied now, objects that were there and fit, faults met."""

    to: str
    copied: int
    kept: int
    octets: int
    faults: tuple[Fault, ...]
    set_aside: tuple[str, ...]


def copy_archive(
    archive: Path, to: Path, progress: Progress | None = None, *, with_acts: bool = True
) -> Copied:
    """Copy an archive to a second folder, or bring an earlier copy up to date.

    Every object is checked where it comes from and where it goes. One that does not fit is not
    copied, and never takes the place of one that does. Without ``with_acts`` the acts and the
    log over there stay as they are.

    Raises:
        UsageRefused: the two folders hold one another. ArchiveExists: another archive is there.
        NoSpace: the disk is full; the same call goes on.

    """
    source, target = Vault.open(archive), _prepared(archive, to)
    with _held(source.staging / "lock"), _held(target.staging / "lock"):
        copied = _copy_objects(source, target, progress)
        if with_acts:
            with _held(archive / "acts.lock"):
                for name in SMALL_FOLDERS:
                    _copy_small(archive / name, to / name)
                _copy_acts(archive / ACTS, to / ACTS)
    remove_tree(target.staging / COPYING)
    return copied


def _copy_objects(source: Vault, target: Vault, progress: Progress | None) -> Copied:
    copied = kept = octets = 0
    faults: list[Fault] = []
    aside: list[str] = []
    places = list(source.places())
    for number, place in enumerate(places, 1):
        goal = target.root / place.relative_to(source.root)
        if goal.is_dir() and not check_object(target, goal).faults and _same(place, goal):
            kept += 1
        else:
            found = check_object(source, place)
            faults += found.faults
            if not found.faults:
                aside += _bring(place, goal, target)
                copied += 1
                octets += found.octets
        if progress:
            progress(number, len(places))
    return Copied(str(target.archive), copied, kept, octets, tuple(faults), tuple(aside))


@contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Hold a lock; an archive on a medium that cannot be written to has no other writer."""
    with ExitStack() as stack:
        with suppress(PermissionError, FileNotFoundError):
            stack.enter_context(locked(lock))
        yield


def bring_back(copy: Path, archive: Path, progress: Progress | None = None) -> Copied:
    """Repair an archive from a copy, or lay it anew where it is gone.

    The copy is only read. What is broken in the archive is set aside in ``set-aside/``, after
    what replaces it was checked. Acts that were added after the copy was made stay.

    Raises:
        Altered: the copy itself is broken; nothing was touched.
        LogBroken: archive and copy hold different acts; nothing was touched.

    """
    source = Vault.open(copy)
    broken = [fault for place in source.places() for fault in check_object(source, place).faults]
    if broken:
        raise Altered(f"{broken[0]} in the copy")
    ahead = (archive / PLATE).is_file() and _is_ahead(archive, copy)
    return copy_archive(copy, archive, progress, with_acts=not ahead)


def _prepared(archive: Path, to: Path) -> Vault:
    here, there = archive.resolve(), to.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise UsageRefused(f"{archive} and {to} hold one another")
    plate = read_plate(archive)
    if (to / PLATE).exists():
        if read_plate(to).id != plate.id:
            raise ArchiveExists(f"{to} is a copy of another archive")
    elif to.exists() and any(_strangers(to)):
        raise ArchiveExists(str(to))
    for folder in FOLDERS:
        make_folders(to / folder)
    (to / "keys").chmod(0o700)
    target = Vault.create(to)
    remove_tree(target.staging / COPYING)
    write_durably(to / PLATE, (archive / PLATE).read_bytes())
    return target


def _strangers(to: Path) -> Iterator[Path]:
    """Yield what an unfinished copy would not have laid there."""
    ours = {*FOLDERS, *SMALL_FOLDERS, ACTS, *LOCKS, ASIDE, DERIVED}
    return (p for p in to.iterdir() if p.name not in ours and p.suffix != BESIDE)


def _same(one: Path, other: Path) -> bool:
    return (one / "inventory.json").read_bytes() == (other / "inventory.json").read_bytes()


def _bring(place: Path, goal: Path, target: Vault) -> list[str]:
    """Copy an object beside, check it there, and only then give it its place."""
    beside = target.staging / COPYING / place.relative_to(place.parents[TUPLES])
    remove_tree(beside)
    with disk_room(beside):
        for path in sorted(place.rglob("*")):
            _copy_one(path, beside / path.relative_to(place))
    faults = check_object(target, beside, target.staging / COPYING).faults
    if faults:
        raise Altered(f"{faults[0]}, on its way")
    aside = [_set_aside(goal, target)] if goal.exists() else []
    make_folders(goal.parent)
    rename_durably(beside, goal)
    return aside


def _set_aside(goal: Path, target: Vault) -> str:
    number = 0
    while (place := target.archive / ASIDE / f"{goal.name}-{number}").exists():
        number += 1
    make_folders(place.parent)
    rename_durably(goal, place)
    return place.relative_to(target.archive).as_posix()


def _copy_one(path: Path, to: Path) -> None:
    if path.is_dir():
        make_folders(to)
        return
    make_folders(to.parent)
    with path.open("rb", buffering=0) as source, to.open("xb") as target:
        shutil.copyfileobj(source, target, PORTION)
        target.flush()
        os.fchmod(target.fileno(), path.stat().st_mode & 0o777)
        sync_file(target.fileno())


def _copy_small(folder: Path, to: Path) -> None:
    """Copy a folder of small files; each is whole or as it was before."""
    if not folder.is_dir():
        return
    make_folders(to)
    for path in sorted(folder.rglob("*")):
        goal = to / path.relative_to(folder)
        if path.is_dir():
            make_folders(goal)
        elif not goal.is_file() or goal.read_bytes() != (data := path.read_bytes()):
            data = path.read_bytes()
            write_durably(goal, data, path.stat().st_mode & 0o777)
            if goal.read_bytes() != data:
                raise Altered(str(goal))


def _copy_acts(path: Path, to: Path) -> None:
    """Copy the acts as of one moment, through SQLite's own backup, and move them into place."""
    beside = to.with_name(to.name + BESIDE)
    beside.unlink(missing_ok=True)
    with locked(to.with_name("acts.lock")):
        with (
            disk_room(to),
            closing(_connected(path)) as source,
            closing(sqlite3.connect(beside)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        beside.chmod(0o600)
        handle = os.open(beside, os.O_RDONLY | os.O_CLOEXEC)
        try:
            sync_file(handle)
        finally:
            os.close(handle)
        for stale in LOCKS[1:]:
            with suppress(FileNotFoundError):
                to.with_name(stale).unlink()
        rename_durably(beside, to)


def _connected(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise Missing(str(path))
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def _is_ahead(archive: Path, copy: Path) -> bool:
    """Return whether the archive holds all acts of the copy and more.

    Raises:
        LogBroken: neither holds all acts of the other.

    """
    try:
        with closing(_connected(archive / ACTS)) as connection:
            ours = _acts_in(connection)
    except (Missing, sqlite3.DatabaseError):
        return False
    with closing(_connected(copy / ACTS)) as connection:
        theirs = _acts_in(connection)
    shared = min(len(ours), len(theirs))
    if ours[:shared] != theirs[:shared]:
        raise LogBroken(f"{archive} and {copy} hold different acts")
    return len(ours) > len(theirs)


def _acts_in(connection: sqlite3.Connection) -> list[bytes]:
    rows = connection.execute("SELECT jwt FROM acts ORDER BY seq")
    return [hashlib.sha256(str(jwt).encode()).digest() for (jwt,) in rows]
