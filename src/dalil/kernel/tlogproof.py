"""C2SP tlog-proof: one file that shows that an entry is in a log."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from dalil.errors import Malformed, ProofBroken
from dalil.kernel.merkle import leaf_hash, root_from_inclusion
from dalil.kernel.note import SignedCheckpoint, VerifierKey, check_all, parse_note

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Place of the entry, audit path (32 bytes each, nearest first), signed checkpoint."""

    index: int
    path: tuple[bytes, ...]
    note: SignedCheckpoint

    def __str__(self) -> str:
        """Return the file's text."""
        hashes = [base64.b64encode(each).decode("ascii") for each in self.path]
        return "\n".join([HEADER, f"index {self.index}", *hashes, "", str(self.note)])


def parse_tlog_proof(untrusted: str) -> TlogProof:
    """Parse a proof strictly.

    Raises:
        Malformed: another form.

    """
    head, separator, note = untrusted.partition("\n\n")
    lines = head.split("\n")
    if not separator or len(lines) < 2 or lines[0] != HEADER or len(lines) > MAX_HASHES + 2:  # noqa: PLR2004
        raise Malformed("this is not a tlog-proof")
    try:
        index = int(lines[1].removeprefix("index "))
        path = tuple(base64.b64decode(line.encode("ascii"), validate=True) for line in lines[2:])
    except (ValueError, binascii.Error):
        raise Malformed("this is not a tlog-proof") from None
    proof = TlogProof(index, path, parse_note(note))
    if index < 0 or str(proof) != untrusted:
        raise Malformed("this tlog-proof is not in its one form")
    return proof


def check_tlog_proof(proof: TlogProof, entry: bytes, keys: Sequence[VerifierKey]) -> int | None:
    """Check that ``entry`` is in the log that all ``keys`` signed; return the last time stamp.

    Raises:
        ProofBroken: it is not. SignatureBroken: the checkpoint is not signed by these keys.

    """
    checkpoint = proof.note.checkpoint
    root = root_from_inclusion(proof.index, checkpoint.size, leaf_hash(entry), proof.path)
    if root != checkpoint.root:
        raise ProofBroken(f"act {proof.index} is not in the log at this place")
    return check_all(proof.note, keys)
