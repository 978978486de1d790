"""A folder as one file on its way out: the same folder gives the same bytes, and none are kept."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PORTION = 1 << 20
# ZIP knows no earlier day.
FIRST_DAY = datetime(1980, 1, 1, tzinfo=UTC)
PROGRAM, PLAIN = 0o755, 0o644
UNIX = 3


class _Outlet(io.RawIOBase):
    """Gathers what is written until it is taken; it cannot be wound back."""

    def __init__(self) -> None:
        self._gathered: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        portion = bytes(data)  # type: ignore[call-overload]
        self._gathered.append(portion)
        return len(portion)

    def taken(self) -> bytes:
        whole = b"".join(self._gathered)
        self._gathered.clear()
        return whole


def zipped(folder: Path, top: str) -> Iterator[bytes]:
    """Yield a ZIP of a folder in portions: sorted, stored as it is, under the folder ``top``.

    Times are those of the files (UTC), and of rights only whether it is a program.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED, allowZip64=True) as target:
        for path in _files(folder):
            with path.open("rb") as source:
                head = _head(path, f"{top}/{path.relative_to(folder).as_posix()}", source.fileno())
                with target.open(
                    head, "w", force_zip64=head.file_size >= zipfile.ZIP64_LIMIT
                ) as to:
                    while portion := source.read(PORTION):
                        to.write(portion)
                        yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()


def _files(folder: Path) -> Iterator[Path]:
    for here, below, names in os.walk(folder):
        below.sort()
        yield from (Path(here) / name for name in sorted(names))


def _head(path: Path, name: str, descriptor: int) -> zipfile.ZipInfo:
    about = os.fstat(descriptor)
    at = max(datetime.fromtimestamp(about.st_mtime, UTC), FIRST_DAY)
    head = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    head.create_system = UNIX
    runs = bool(about.st_mode & stat.S_IXUSR) and path.suffix in (".py", ".sh")
    head.external_attr = (stat.S_IFREG | (PROGRAM if runs else PLAIN)) << 16
    head.file_size = about.st_size
    return head
