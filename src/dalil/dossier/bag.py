"""A BagIt 1.0 directory (RFC 8493), the same bytes wherever it is written, and what each holds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO

from dalil.engines.files import disk_room, make_folders, rename_durably, sync_file, sync_folder
from dalil.errors import ArchiveExists, Missing
from dalil.kernel.digest import Digests, Hasher

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data/"
MANIFESTS = ("sha256", "sha512")
FILE, PROGRAM, FOLDER = 0o644, 0o755, 0o755
PORTION = 1 << 20
SPEC_PAGES = ("casebook.md", "casefile.md", "custody.md", "excerpt.md", "seal.md")
# What travels of each kind of vector; the frozen archives and case files are too large for it.
VECTORS = ("valid", "tampered", "malformed")
TRAVEL = ("acts", "part")
SCRIPT = "check-tlog-proof.sh"
ESCAPES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Bagged:
    """How many files lie below ``data/``, their bytes, and SHA-256 of ``manifest-sha256.txt``."""

    files: int
    octets: int
    manifest_sha256: str


class Bag:
    """A bag being filled in a folder beside its final place."""

    def __init__(self, folder: Path, unix_time: int) -> None:
        """Fill ``folder``, which is new; every file and folder gets ``unix_time``."""
        self._folder = folder
        self._time = unix_time
        self._written: dict[str, Digests] = {}

    def add(self, path: str, data: bytes, *, program: bool = False) -> Digests:
        """Write a file: ``path`` is below the bag, with ``/``."""
        return self._write(path, iter([data]), PROGRAM if program else FILE)

    def add_stream(self, path: str, source: IO[bytes], advance: Advance | None = None) -> Digests:
        """Copy a file in portions and return the digests of what was copied."""
        return self._write(path, _portions(source, advance), FILE)

    def finish(self, info: Sequence[tuple[str, str]]) -> Bagged:
        """Write the tag files and manifests, fix all times, and wait for the disk."""
        day = datetime.fromtimestamp(self._time, UTC).strftime("%Y-%m-%d")
        payload = {p: d for p, d in self._written.items() if p.startswith(PAYLOAD)}
        octets = sum(each.length for each in payload.values())
        lines = [*info, ("Bagging-Date", day), ("Payload-Oxum", f"{octets}.{len(payload)}")]
        self.add("bagit.txt", DECLARATION)
        self.add("bag-info.txt", "".join(f"{k}: {_one_line(v)}\n" for k, v in lines).encode())
        manifests = [
            self.add(f"manifest-{name}.txt", _manifest(payload, name)) for name in MANIFESTS
        ]
        tags = {p: d for p, d in self._written.items() if not p.startswith(PAYLOAD)}
        for name in MANIFESTS:
            self.add(f"tagmanifest-{name}.txt", _manifest(tags, name))
        self._settle()
        return Bagged(len(payload), octets, manifests[0].sha256)

    def _write(self, path: str, portions: Iterator[bytes], mode: int) -> Digests:
        place = self._folder / path
        with disk_room(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            hasher = Hasher()
            with place.open("xb") as file:
                for each in portions:
                    hasher.update(each)
                    file.write(each)
                file.flush()
                os.fchmod(file.fileno(), mode)
                sync_file(file.fileno())
        self._written[path] = hasher.finish()
        return self._written[path]

    def _settle(self) -> None:
        for folder, _, names in os.walk(self._folder, topdown=False):
            here = Path(folder)
            for name in names:
                os.utime(here / name, (self._time, self._time))
            here.chmod(FOLDER)
            sync_folder(here)
            os.utime(here, (self._time, self._time))


@contextmanager
def new_bag(out: Path, unix_time: int) -> Iterator[tuple[Bag, Callable[[], None]]]:
    """Yield a bag beside ``out`` and what gives it that name; without it nothing is left.

    Raises:
        ArchiveExists: there is something at ``out``. NoSpace: the disk is full.

    """
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise ArchiveExists(str(out))
    make_folders(out.absolute().parent)
    folder = out.absolute().with_name(f".{out.name}.unfinished")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with disk_room(folder):
            folder.mkdir()
        yield Bag(folder, unix_time), lambda: rename_durably(folder, out.absolute())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def escaped(path: str) -> str:
    """Return a path as a manifest writes it (RFC 8493, section 2.1.3)."""
    return path.translate(ESCAPES)


def _manifest(files: dict[str, Digests], name: str) -> bytes:
    ordered = sorted(files, key=lambda path: path.encode("utf-8", "surrogateescape"))
    lines = [f"{getattr(files[path], name)}  {escaped(path)}\n" for path in ordered]
    return "".join(lines).encode("utf-8", "surrogateescape")


def _portions(source: IO[bytes], advance: Advance | None) -> Iterator[bytes]:
    while portion := source.read(PORTION):
        yield portion
        if advance is not None:
            advance(len(portion))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def read_me(lang: str, values: Mapping[str, object]) -> bytes:
    """Return READ-ME-FIRST in ``en`` or ``ar`` with its places filled."""
    text = (resources.files("dalil.dossier") / "words" / f"read-me.{lang}.txt").read_text("utf-8")
    return text.format(**values).encode("utf-8")


def programs() -> Iterator[tuple[str, bytes]]:
    """Yield what runs: the verifier, and the script that checks one proof."""
    yield "verify.py", (resources.files("dalil.verifier") / "verify.py").read_bytes()
    yield SCRIPT, (resources.files("dalil.dossier") / SCRIPT).read_bytes()


def formats() -> Iterator[tuple[str, bytes]]:
    """Yield the format pages and the vectors, by path in the case file.

    Raises:
        Missing: this installation came without them.

    """
    pages = resources.files("dalil.dossier") / "spec"
    for name in SPEC_PAGES:
        if not (pages / name).is_file():
            raise Missing(f"the format page spec/{name}")
        yield f"spec/{name}", (pages / name).read_bytes()
    for kind in VECTORS:
        yield from _below(pages / "vectors" / "1" / kind, f"vectors/1/{kind}", TRAVEL)


def _below(
    folder: Traversable, path: str, beginnings: tuple[str, ...] = ("",)
) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not each.name.startswith(beginnings):
            continue
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        else:
            yield f"{path}/{each.name}", each.read_bytes()
