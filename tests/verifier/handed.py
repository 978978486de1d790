"""What a stranger may be given: an archive, a case file, parts, all made by the real program."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dalil.disclose.conditions import Conditions
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import redact, still
from dalil.disclose.position import parse_position
from dalil.dossier.casefile import build_case_file
from dalil.kernel.disclosure import b64url
from dalil.kernel.salt import SealSecret
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.survey import survey
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault, digests_of
from footage import GOP, Clip

NOW = "2026-01-01T00:00:00Z"
VERIFIER = Path(__file__).resolve().parents[2] / "src" / "dalil" / "verifier" / "verify.py"
COURT = Conditions(
    reason_code="R3",
    legal_basis="Order 12/2026",
    recipient="Court of Assize",
    rule="rule 4",
    whole_exists=True,
    whole_available_to="court and defence",
    purpose="court",
)
CLIP = Clip("film.mp4", options=GOP, width=128, height=96, pictures=40)


@dataclass(frozen=True, slots=True)
class Handed:
    """Where everything lies; ``items`` are three, of which the case file holds two."""

    archive: Path
    signer: Signer
    items: tuple[str, ...]
    excerpt: Path
    still: Path
    redacted: Path
    case: Path


def make_all(place: Path) -> Handed:
    """Make one of each below ``place``."""
    clip = CLIP.make(place)
    text = place / "note.txt"
    text.write_bytes("ملاحظة\n".encode() * 9000)
    (place / "empty").touch()
    archive = place / "archive"
    signer, items = take_in(archive, [clip, text, place / "empty"])
    begin, end = parse_position("00:00.4"), parse_position("00:00.8")
    what = (archive, items[0])
    why = (COURT, signer)
    hide = [(64, 0, 10, 10)]
    cut = excerpt(*what, begin, end, *why, place / "excerpt")
    shown = still(*what, begin, hide, *why, place / "still")
    hidden = redact(*what, begin, end, hide, *why, place / "redacted", sound=True)
    case = place / "case"
    build_case_file(
        archive,
        items[:2],
        "Court of Assize",
        "Order 12/2026",
        case,
        signer,
        parts=[cut.proof, shown.proof, hidden.proof],
    )
    return Handed(archive, signer, items, cut.proof, shown.proof, hidden.proof, case)


def take_in(archive: Path, files: Sequence[Path]) -> tuple[Signer, tuple[str, ...]]:
    """Make an archive with one keeper and one accession of these files, sealed."""
    plate = make_archive(archive, os.urandom(16).hex(), NOW)
    Vault.create(archive)
    signer = create_keys(archive, b"x", "Salma", ScryptCost(n=2))
    person = {"time": NOW, "keeper": "Salma", "person": signer.person_id, "tool": "test"}
    person["key"] = b64url(signer.public_key)
    ledger = Ledger.create(archive, signer)
    ledger.append([Draft("archive-created", dict(person), {"origin": plate.origin})], signer)
    accession = os.urandom(16).hex()
    ledger.append([Draft("accession-opened", {"accession": accession, "note": ""})], signer)
    items = tuple(_take_in_one(archive, signer, accession, path) for path in files)
    totals = {"accession": accession, "items": len(items), "receipts": len(items)}
    closed = {**totals, "manifest_sha256": "0" * 64, "gaps": [], "unread": []}
    ledger.append([Draft("accession-closed", closed)], signer)
    return signer, items


def _take_in_one(archive: Path, signer: Signer, accession: str, path: Path) -> str:
    vault, item = Vault.open(archive), os.urandom(16).hex()
    secret = SealSecret(os.urandom(32), os.urandom(16))
    staged = vault.new_object(item)
    shutil.copyfile(path, staged.original)
    made = survey(staged.original, staged.seal, secret)
    vault.keep_secret(staged, secret, signer.item_secret)
    digests = digests_of(staged.original)
    vault.finish(staged, digests, NOW)
    vault.commit(staged)
    known = {"item": item, "length": digests.length, "sha256": digests.sha256}
    known |= {"sha512": digests.sha512, "blake3": digests.blake3, "name_text": path.name}
    received = {"accession": accession, "name": b64url(os.fsencode(path.name)), **known}
    sealed = {
        **known,
        "sealed_by": made.sealed_by,
        "root_id": secret.root_id.hex(),
        "duration_ns": made.duration_ns,
        "units": list(made.units),
        "frames": list(made.frames),
        "table_sha256": made.table_sha256,
    }
    visible = {"tree_root": made.tree_root, "depth": made.depth, "tool": "test"}
    drafts = [Draft("taken-in", received), Draft("sealed", sealed, visible)]
    Ledger.open(archive).append(drafts, signer)
    return item


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
