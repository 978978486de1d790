"""The one door to originals: staged beside, made durable, moved into place whole."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dalil.engines.failpoint import cross
from dalil.engines.files import (
    disk_room,
    make_folders,
    rename_durably,
    sync_file,
    sync_folder,
    write_durably,
    write_synced,
)
from dalil.errors import ArchiveExists, Malformed, Missing
from dalil.kernel.digest import Digests, Hasher
from dalil.kernel.salt import SealSecret
from dalil.vault import item_secret as sealed_secret
from dalil.vault import ocfl
from dalil.vault.archive import read_plate

WRITTEN_ONCE = 0o444
PORTION = 1 << 20
TRIES = 20


@dataclass(frozen=True, slots=True)
class Staged:
    """An object that is being made, in ``staging/``; it counts only once it is committed."""

    item: str
    folder: Path

    @property
    def content(self) -> Path:
        """Where its files go."""
        return self.folder / "object" / ocfl.CONTENT

    @property
    def original(self) -> Path:
        """Where the original goes."""
        return self.content / "original"

    @property
    def seal(self) -> Path:
        """Where the tables of its seal go."""
        return self.content / "seal"


class Vault:
    """The originals of one archive and the tables of their seals."""

    def __init__(self, archive: Path) -> None:
        """Use ``create`` or ``open``."""
        self.archive = archive
        self.root = ocfl.root_of_archive(archive)
        self.staging = archive / "staging"

    @classmethod
    def create(cls, archive: Path) -> Vault:
        """Lay an empty OCFL storage root; where it is already, nothing changes."""
        vault = cls(archive)
        for name, data in ocfl.root_files().items():
            path = vault.root / name
            if not path.exists():
                make_folders(path.parent)
                write_durably(path, data)
        make_folders(vault.staging)
        return vault

    @classmethod
    def open(cls, archive: Path) -> Vault:
        """Open the originals of an archive.

        Raises:
            NotAnArchive: there is no archive. Missing: its originals are not there.

        """
        read_plate(archive)
        vault = cls(archive)
        if not (vault.root / ocfl.ROOT_NAMASTE[0]).is_file():
            raise Missing(str(vault.root))
        return vault

    def new_object(self, item: str) -> Staged:
        """Make room in staging for the object of a new item.

        Raises:
            ArchiveExists: there is an object of this item.

        """
        if self.has(item):
            raise ArchiveExists(item)
        staged = Staged(item, self.staging / item)
        with disk_room(staged.folder):
            staged.seal.mkdir(parents=True)
        return staged

    def keep_secret(self, staged: Staged, secret: SealSecret, key: bytes) -> None:
        """Put the secret of a sealing beside its tables, closed under the archive's ``key``."""
        write_synced(staged.seal / "secret", sealed_secret.close(secret, staged.item, key))

    def finish(self, staged: Staged, original: Digests, created: str) -> None:
        """Write inventory and sidecar, and bring every byte of a staged object to the disk.

        Args:
            staged: all its content is there.
            original: digests of the original, taken as it was received.
            created: RFC 3339 time.

        """
        files = {"original": original}
        for path in sorted(p for p in staged.content.rglob("*") if p != staged.original):
            if path.is_file():
                files[path.relative_to(staged.content).as_posix()] = digests_of(path)
        inventory = ocfl.inventory_bytes(staged.item, created, files)
        top = staged.folder / "object"
        for folder in (top / ocfl.HEAD, top):
            write_synced(folder / ocfl.INVENTORY, inventory, WRITTEN_ONCE)
            write_synced(folder / ocfl.SIDECAR, ocfl.sidecar_bytes(inventory), WRITTEN_ONCE)
        write_synced(top / ocfl.OBJECT_NAMASTE[0], ocfl.OBJECT_NAMASTE[1], WRITTEN_ONCE)
        for name in files:
            _settle(staged.content / name)
        for folder in (staged.seal, staged.content, top / ocfl.HEAD, top, staged.folder):
            sync_folder(folder)

    def commit(self, staged: Staged) -> None:
        """Move a finished object into place, whole."""
        place = self.object_path(staged.item)
        make_folders(place.parent)
        rename_durably(staged.folder / "object", place)

    def discard(self, staged: Staged) -> None:
        """Remove what was staged, and folders made for an object that never came."""
        # The folders go first: once staging is gone, nobody would know of them.
        above = self.object_path(staged.item).parent
        while above != self.root:
            with suppress(OSError):
                above.rmdir()
            above = above.parent
        remove_tree(staged.folder)

    def has(self, item: str) -> bool:
        """Return whether there is an object of this item."""
        return self.object_path(item).is_dir()

    def object_path(self, item: str) -> Path:
        """Return where the object of an item lies, or would lie."""
        return self.root / ocfl.place_of(ocfl.demand_item(item))

    def original_path(self, item: str) -> Path:
        """Return the original of an item, for whoever reads by path and never writes.

        Raises:
            Missing: it is not there.

        """
        return self._there(item, "original")

    def original(self, item: str) -> BinaryIO:
        """Open the original of an item, for reading only.

        Raises:
            Missing: it is not there.

        """
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.fdopen(os.open(self.original_path(item), flags), "rb")

    def tables(self, item: str) -> Path:
        """Return the folder with the tables of an item's seal.

        Raises:
            Missing: it is not there.

        """
        return self._there(item, "seal/summary.json").parent

    def secret(self, item: str, key: bytes) -> SealSecret:
        """Return the secret of an item's seal, opened with the archive's item secret.

        Raises:
            Missing: it is not there. LockedOut: the key does not open it.

        """
        return sealed_secret.open_closed(self._there(item, "seal/secret").read_bytes(), item, key)

    def items(self) -> Iterator[str]:
        """Yield the id of every object, by place; what has no readable inventory is left out."""
        for place in self.places():
            with suppress(OSError, Malformed):
                yield ocfl.read_inventory((place / ocfl.INVENTORY).read_bytes()).item

    def places(self) -> Iterator[Path]:
        """Yield the folder of every object, sorted."""
        pattern = "/".join(["?" * ocfl.TUPLE] * ocfl.TUPLES) + "/*"
        for place in sorted(self.root.glob(pattern)):
            if place.is_dir():
                yield place

    def _there(self, item: str, name: str) -> Path:
        path = self.object_path(item) / ocfl.CONTENT / name
        if not path.is_file():
            raise Missing(f"{name} of item {item}")
        return path


def digests_of(path: Path) -> Digests:
    """Return length and digests of a file, read once.

    Raises:
        Missing: it is not there.

    """
    hasher = Hasher()
    try:
        with path.open("rb", buffering=0) as file:
            while portion := file.read(PORTION):
                hasher.update(portion)
    except FileNotFoundError:
        raise Missing(str(path)) from None
    return hasher.finish()


def remove_tree(folder: Path) -> None:
    """Remove a folder of staging; a worker that is just ending may still be writing into it."""
    for _ in range(TRIES):
        cross("remove")
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def _settle(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchmod(handle, WRITTEN_ONCE)
        with disk_room(path):
            sync_file(handle)
    finally:
        os.close(handle)
