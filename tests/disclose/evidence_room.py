"""A small archive with one sealed clip, made of the real parts, for the tests of publishing."""

import hashlib
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import av

from dalil.disclose.conditions import Conditions
from dalil.kernel.salt import SealSecret
from dalil.ledger.keyring import ScryptCost, Signer, create_keys
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.survey import survey
from dalil.vault.archive import make_archive
from dalil.vault.vault import Vault, digests_of

NOW = "2026-01-01T00:00:00Z"
COURT = Conditions(
    reason_code="R3",
    legal_basis="Order 12/2026",
    recipient="Court of Assize",
    rule="rule 4",
    whole_exists=True,
    whole_available_to="court and defence",
    purpose="court",
)
PUBLIC = replace(COURT, purpose="public", recipient="press", rule="rule 7")
CANARIES = {
    "location": "+33.4871+036.2903/",
    "comment": "CANARY-COMMENT-7731",
    "artist": "CANARY-ARTIST-7732",
    "com.apple.quicktime.model": "CANARY-DEVICE-7733",
    "creation_time": "2013-04-16T11:22:33Z",
}


@dataclass(frozen=True, slots=True)
class Room:
    """The archive, who signs, and the sealed item."""

    archive: Path
    signer: Signer
    item: str
    original: Path

    @property
    def vkeys(self) -> tuple[str, ...]:
        """The archive's verifier keys, as a stranger gets them elsewhere."""
        return tuple(map(str, Ledger.open(self.archive).vkeys()))


def open_room(archive: Path) -> Signer:
    """Make an archive with one keeper."""
    plate = make_archive(archive, os.urandom(16).hex(), NOW)
    Vault.create(archive)
    signer = create_keys(archive, b"x", "Salma", ScryptCost(n=2))
    created = {"keeper": "Salma", "person": signer.person_id, "tool": "test", "key": _key(signer)}
    Ledger.create(archive, signer).append(
        [Draft("archive-created", created, {"origin": plate.origin})], signer
    )
    return signer


def seal_clip(archive: Path, signer: Signer, clip: Path, *, tiles: bool = True) -> str:
    """Put a clip into the vault, sealed, and enter its card in the ledger."""
    vault = Vault.open(archive)
    item = os.urandom(16).hex()
    secret = SealSecret(os.urandom(32), os.urandom(16))
    staged = vault.new_object(item)
    shutil.copyfile(clip, staged.original)
    made = survey(staged.original, staged.seal, secret, tiles=tiles)
    vault.keep_secret(staged, secret, signer.item_secret)
    digests = digests_of(staged.original)
    vault.finish(staged, digests, NOW)
    vault.commit(staged)
    card = Draft(
        "sealed",
        {
            "item": item,
            "sealed_by": made.sealed_by,
            "root_id": secret.root_id.hex(),
            "length": digests.length,
            "sha256": digests.sha256,
            "name_text": clip.name,
            "duration_ns": made.duration_ns,
            "units": list(made.units),
            "frames": list(made.frames),
            "table_sha256": made.table_sha256,
            "probe": dict(made.probe),
        },
        {"tree_root": made.tree_root, "depth": made.depth, "tool": "test"},
    )
    Ledger.open(archive).append([card], signer)
    return item


def with_canaries(clip: Path, out: Path) -> Path:
    """Copy a clip's packets into a container that tells where, by what and by whom it was made."""
    options = {"movflags": "use_metadata_tags"}
    with av.open(clip) as source, av.open(out, "w", options=options) as target:
        for name, value in CANARIES.items():
            target.metadata[name] = value
        streams = [target.add_stream_from_template(each) for each in source.streams]
        for stream in streams:
            stream.metadata["handler_name"] = "CANARY-HANDLER-7734"
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                target.mux_one(packet)
    return out


def canaries_in(data: bytes) -> list[str]:
    """Return the canaries that stand in these bytes, as text or as the seconds of 1904."""
    words = [*CANARIES.values(), "CANARY", "33.4871", "036.2903"]
    found = [word for word in words if word.encode() in data]
    # MP4 counts creation times in seconds since 1904 (ISO 14496-12, 8.2.2).
    if (1366111353 + 2082844800).to_bytes(4, "big") in data:
        found.append("creation time")
    return found


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _key(signer: Signer) -> str:
    from dalil.kernel.disclosure import b64url  # noqa: PLC0415

    return b64url(signer.public_key)
