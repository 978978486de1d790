"""C2SP tlog-checkpoint: origin, size, root; Dalil writes no extension lines."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from dalil.errors import Malformed

ROOT_BYTES = 32
MAX_SIZE = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: whose it is, how many acts, the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes


def checkpoint_text(checkpoint: Checkpoint) -> str:
    """Return the three lines that are signed."""
    root = base64.b64encode(checkpoint.root).decode("ascii")
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"


def parse_checkpoint(untrusted: str) -> Checkpoint:
    """Parse the three lines strictly.

    Raises:
        Malformed: another form, extension lines among them.

    """
    lines = untrusted.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004 - three lines and their end
        raise Malformed("a checkpoint is origin, size, root")
    try:
        size = int(lines[1])
        root = base64.b64decode(lines[2].encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Malformed("a checkpoint is origin, size, root") from None
    checkpoint = Checkpoint(lines[0], size, root)
    if len(root) != ROOT_BYTES or not 0 <= size <= MAX_SIZE:
        raise Malformed("a checkpoint with another size or root")
    if checkpoint_text(checkpoint) != untrusted:
        raise Malformed("this checkpoint is not in its one form")
    return checkpoint
