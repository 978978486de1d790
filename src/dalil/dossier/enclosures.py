"""What travels in every case file: how to read it, the verifier, the formats, test cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable

from dalil.errors import Missing

SPEC_PAGES = ("casefile.md", "custody.md", "excerpt.md", "seal.md")
# The frozen archive and case file are vectors of another size: they do not travel.
VECTORS = ("valid", "tampered", "malformed")
SCRIPT = "check-tlog-proof.sh"


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
        yield from _below(pages / "vectors" / "1" / kind, f"vectors/1/{kind}")


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        return
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _below(each, f"{path}/{each.name}")
        else:
            yield f"{path}/{each.name}", each.read_bytes()
