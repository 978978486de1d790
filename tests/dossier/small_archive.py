"""An archive of four small files, tellings that contradict each other, a source to protect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dalil.kernel.canonical import Json
from dalil.kernel.digest import Digests, Hasher
from dalil.kernel.disclosure import b64url
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault

PASSPHRASE = b"one quiet morning in Damascus"
CHEAP = ScryptCost(n=1 << 12)
SOURCE = "Karim Canary-Nightingale"
INTERVIEW = "interview 7 with the cousin of Canary"
RIVAL = "Samar Wren"
CLIPS = {
    "مقطع ٠١.mp4": b"first drawn clip" * 100,
    "clip 02.mp4": b"second drawn clip" * 99,
    "phone of Karim/clip 04.mp4": b"fourth drawn clip" * 98,
    "notes.txt": b"",
}


@dataclass(frozen=True, slots=True)
class SmallArchive:
    """Where it is, who may sign, and the items in the order of CLIPS."""

    path: Path
    signer: Signer
    items: tuple[str, ...]
    accession: str

    @property
    def ledger(self) -> Ledger:
        """The acts, freshly opened."""
        return Ledger.open(self.path)


def make_small_archive(path: Path) -> SmallArchive:
    """Make one: an accession of four items, one of them received twice."""
    plate = make_archive(path, "00112233445566778899aabbccddeeff", "2024-03-01T08:00:00Z")
    Vault.create(path)
    signer = create_keys(path, PASSPHRASE, "Salma H.", CHEAP)
    ledger = Ledger.create(path, signer)
    accession = "ac" * 16
    created = {"tool": "dalil 0", "keeper": "Salma H.", "person": signer.person_id}
    created |= {"key": b64url(signer.public_key)}
    ledger.append([Draft("archive-created", dict(created), {"origin": plate.origin})], signer)
    ledger.append(_opened(accession), signer)
    items = [_take_in(path, ledger, signer, accession, i) for i in range(len(CLIPS))]
    again = _receipt(accession, items[1], "copy of clip 02.mp4", _digests(1), duplicate=True)
    ledger.append([again, _closed(accession, len(items))], signer)
    return SmallArchive(path, signer, tuple(items), accession)


def _opened(accession: str) -> list[Draft]:
    opened = {"accession": accession, "paths": [f"/media/{SOURCE}/stick"], "note": "by hand"}
    return [
        Draft("accession-opened", dict(opened)),
        _told(accession, 1, RIVAL, "a relative", "2018-12?", "Damascus", "on a laptop, at night"),
        _told(
            accession, 1, SOURCE, "a recruit", "2019", "Damascus", f"given to {SOURCE} on a phone"
        ),
        _told(accession, 2, SOURCE, "a recruit", "2019-04", "abroad", "on a USB stick, by hand"),
    ]


def _told(accession: str, hop: int, who: str, *said: str) -> Draft:
    fields: dict[str, Json] = {"accession": accession, "hop": hop, "who": who}
    fields |= dict(zip(("role", "when", "where", "how"), said, strict=True))
    return Draft("told", {**fields, "source": INTERVIEW, "note": f"ask {who}"})


def _take_in(path: Path, ledger: Ledger, signer: Signer, accession: str, number: int) -> str:
    name, data = list(CLIPS.items())[number]
    item = f"{number + 1:02x}" * 16
    digests = _digests(number)
    vault = Vault.open(path)
    staged = vault.new_object(item)
    staged.original.write_bytes(data)
    (staged.seal / "summary.json").write_bytes(b"{}")
    vault.finish(staged, digests, "2024-03-01T09:00:00Z")
    vault.commit(staged)
    ledger.append([_receipt(accession, item, name, digests, duplicate=False)], signer)
    sealed: dict[str, Json] = {**_fields(digests), "item": item, "sealed_by": "bytes"}
    sealed |= {"name_text": name, "root_id": os.urandom(16).hex(), "units": [1], "frames": [0]}
    sealed |= {"duration_ns": 12_000_000_000, "table_sha256": "00" * 32, "probe": {}}
    visible = {"tree_root": os.urandom(32).hex(), "depth": 16, "tool": "dalil 0"}
    ledger.append([Draft("sealed", sealed, visible)], signer)
    return item


def _receipt(accession: str, item: str, name: str, digests: Digests, *, duplicate: bool) -> Draft:
    fields: dict[str, Json] = {**_fields(digests), "accession": accession, "item": item}
    fields |= {"name": b64url(name.encode()), "name_text": name, "duplicate_of": duplicate}
    fields |= {
        "source": f"/media/{SOURCE}/stick",
        "sidecars": [],
        "mtime_ns": "1366070400000000000",
    }
    generation = f"copied from the phone of {SOURCE}" if item == "03" * 16 else "unknown"
    fields |= {"generation": generation, "member_of": None, "tool": "dalil 0"}
    return Draft("taken-in", fields)


def _closed(accession: str, items: int) -> Draft:
    fields = {"accession": accession, "items": items, "receipts": items + 1}
    return Draft(
        "accession-closed",
        {**fields, "manifest_sha256": "11" * 32, "gaps": ["clip 03.mp4"], "unread": []},
    )


def _digests(number: int) -> Digests:
    hasher = Hasher()
    hasher.update(list(CLIPS.values())[number])
    return hasher.finish()


def _fields(digests: Digests) -> dict[str, Json]:
    return {
        "length": digests.length,
        "sha256": digests.sha256,
        "sha512": digests.sha512,
        "blake3": digests.blake3,
    }


def everything_below(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}
