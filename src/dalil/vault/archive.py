"""The archive's own name plate: ``dalil-archive.json``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from dalil.errors import ArchiveExists, Malformed, NotAnArchive, Unsupported
from dalil.kernel import canonical

FORMAT = 1
PLATE = "dalil-archive.json"
FOLDERS = ("originals", "log", "keys", "staging", "time")


@dataclass(frozen=True, slots=True)
class ArchivePlate:
    """Format version, id (32 hex), origin of the log, and when it was made (stated)."""

    format: int
    id: str
    origin: str
    created_at: str


def make_archive(archive: Path, archive_id: str, created_at: str) -> ArchivePlate:
    """Lay an empty archive: the folders, and the plate last, so that a torn one is none.

    Raises:
        ArchiveExists: the folder is there and not empty.

    """
    if archive.exists() and (not archive.is_dir() or any(archive.iterdir())):
        raise ArchiveExists(str(archive))
    for folder in FOLDERS:
        (archive / folder).mkdir(parents=True, exist_ok=True)
    (archive / "keys").chmod(0o700)
    plate = ArchivePlate(FORMAT, archive_id, f"dalil.archive/{archive_id}", created_at)
    (archive / PLATE).write_bytes(canonical.encode(asdict(plate)))
    return plate


def read_plate(archive: Path) -> ArchivePlate:
    """Return the plate of an archive.

    Raises:
        NotAnArchive: there is none. Unsupported: it is of a later format.

    """
    try:
        untrusted = (archive / PLATE).read_bytes()
    except OSError:
        raise NotAnArchive(str(archive)) from None
    value = canonical.decode(untrusted)
    if not isinstance(value, dict) or set(value) != {"format", "id", "origin", "created_at"}:
        raise Malformed(f"{archive / PLATE}")
    if value["format"] != FORMAT:
        raise Unsupported(f"an archive of format {value['format']}")
    return ArchivePlate(**value)
