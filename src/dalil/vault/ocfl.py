"""OCFL 1.1: where an object lies, what its inventory says, and reading one strictly."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dalil.errors import Malformed
from dalil.kernel.canonical import Json
from dalil.kernel.digest import Digests

LAYOUT = "0004-hashed-n-tuple-storage-layout"
ROOT_NAMASTE = ("0=ocfl_1.1", b"ocfl_1.1\n")
OBJECT_NAMASTE = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n")
INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
TYPE = "https://ocfl.io/1.1/spec/#inventory"
HEAD = "v1"
CONTENT = f"{HEAD}/content"
ID_HEAD = "urn:dalil:item:"
ITEM = re.compile(r"[0-9a-f]{32}")
HEX_512 = re.compile(r"[0-9a-f]{128}")
CONTENT_PATH = re.compile(r"v1/content/[a-z0-9._-]+(/[a-z0-9._-]+)?")
TUPLE, TUPLES = 3, 3
MAX_INVENTORY = 1 << 20


@dataclass(frozen=True, slots=True)
class Inventory:
    """What an object must hold: content path → SHA-512; and its fixity block, where it has one."""

    item: str
    files: Mapping[str, str]
    sha256: Mapping[str, str]


def place_of(item: str) -> str:
    """Return where the object of an item lies below the storage root (extension 0004)."""
    digest = hashlib.sha256(f"{ID_HEAD}{item}".encode()).hexdigest()
    parts = [digest[i * TUPLE : (i + 1) * TUPLE] for i in range(TUPLES)]
    return "/".join([*parts, digest])


def root_files() -> dict[str, bytes]:
    """Return the files of an empty storage root, by path."""
    config = {
        "extensionName": LAYOUT,
        "digestAlgorithm": "sha256",
        "tupleSize": TUPLE,
        "numberOfTuples": TUPLES,
        "shortObjectRoot": False,
    }
    layout = {"extension": LAYOUT, "description": "SHA-256 of the item's id, in three tuples"}
    return {
        f"extensions/{LAYOUT}/config.json": _json(config),
        "ocfl_layout.json": _json(layout),
        ROOT_NAMASTE[0]: ROOT_NAMASTE[1],
    }


def inventory_bytes(item: str, created: str, files: Mapping[str, Digests]) -> bytes:
    """Return the inventory of an object.

    Args:
        item: its id, 32 hexadecimal digits.
        created: RFC 3339 time.
        files: logical path (``original``, ``seal/units`` …) → digests.

    """
    by512 = _grouped({name: each.sha512 for name, each in files.items()})
    by256 = _grouped({name: each.sha256 for name, each in files.items()})
    return _json(
        {
            "digestAlgorithm": "sha512",
            # OCFL names no BLAKE3; that digest stands in the acts.
            "fixity": {"sha256": {digest: _content(names) for digest, names in by256.items()}},
            "head": HEAD,
            "id": f"{ID_HEAD}{item}",
            "manifest": {digest: _content(names) for digest, names in by512.items()},
            "type": TYPE,
            "versions": {
                HEAD: {"created": created, "message": "as received", "state": by512,
                       "user": {"name": "Dalil", "address": "urn:dalil"}},
            },
        }
    )  # fmt: skip


def sidecar_bytes(inventory: bytes) -> bytes:
    """Return the line that stands beside an inventory."""
    return f"{hashlib.sha512(inventory).hexdigest()} {INVENTORY}\n".encode()


def read_inventory(untrusted: bytes) -> Inventory:
    """Parse an inventory of ours.

    Raises:
        Malformed: it is not one.

    """
    try:
        value = json.loads(untrusted[: MAX_INVENTORY + 1])
        item = str(value["id"]).removeprefix(ID_HEAD)
        files = _by_path(value["manifest"])
        state = _by_path(value["versions"][HEAD]["state"])
        sha256 = _by_path(value["fixity"]["sha256"])
        fixed = (value["type"], value["digestAlgorithm"], value["head"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Malformed(INVENTORY) from None
    whole = (
        fixed == (TYPE, "sha512", HEAD)
        and ITEM.fullmatch(item)
        and state == {path.removeprefix(f"{CONTENT}/"): d for path, d in files.items()}
        and all(CONTENT_PATH.fullmatch(p) and HEX_512.fullmatch(d) for p, d in files.items())
        and set(sha256) == set(files)
    )
    if not whole:
        raise Malformed(INVENTORY)
    return Inventory(item, files, sha256)


def read_sidecar(untrusted: bytes) -> str:
    """Return the digest in a sidecar.

    Raises:
        Malformed: another form.

    """
    digest = untrusted[:128].decode("ascii", "replace")
    if not HEX_512.fullmatch(digest) or untrusted[128:] != f" {INVENTORY}\n".encode():
        raise Malformed(SIDECAR)
    return digest


def demand_item(untrusted: str) -> str:
    """Return the id of an item, or refuse what is none.

    Raises:
        Malformed: it is not 32 hexadecimal digits.

    """
    if not ITEM.fullmatch(untrusted):
        raise Malformed(f"an item's number is 32 hexadecimal digits, this is {untrusted[:64]!r}")
    return untrusted


def root_of_archive(archive: Path) -> Path:
    """Return the OCFL storage root of an archive."""
    return archive / "originals"


def _grouped(digests: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in sorted(digests):
        found.setdefault(digests[name], []).append(name)
    return found


def _content(names: list[str]) -> list[str]:
    return [f"{CONTENT}/{name}" for name in names]


def _by_path(block: Json) -> dict[str, str]:
    found: dict[str, str] = {}
    for digest, paths in block.items():
        for path in paths:
            if path in found:
                raise Malformed(INVENTORY)
            found[path] = digest
    return found


def _json(value: Json) -> bytes:
    return json.dumps(value, indent=1, sort_keys=True).encode("ascii") + b"\n"
