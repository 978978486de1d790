"""What was made here and still lies on this machine: parts and case files, read from themselves."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dalil.dossier.exhibits import PROOF_SUFFIX, in_this_log, proofs_at, read_header
from dalil.engines.files import make_folders, sha256_of
from dalil.errors import NoSuchThing, Refusal
from dalil.ledger.ledger import Entry, Ledger

FOLDER, PARTS, CASES = "publishing", "parts", "cases"
TOKEN = re.compile(r"[0-9a-f]{16}")
CASE_JSON, MANIFEST = "data/case.json", "manifest-sha256.txt"
HANDED_OVER = "handed-over"
CHECKED = ".checked.json"
PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file: its name, its bytes, SHA-256 in hex where the proof gives it."""

    name: str
    size: int
    sha256: str

    @property
    def is_proof(self) -> bool:
        """Whether it is the proof itself."""
        return self.name.endswith(PROOF_SUFFIX)


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part: what kind, of which item, from when to when (ns), and the act that let it leave."""

    token: str
    folder: Path
    kind: str
    item: str
    seq: int
    at: str
    recipient: str
    purpose: str
    reason_code: str
    from_ns: int
    to_ns: int
    opened: int
    withheld: int
    files: tuple[MadeFile, ...]


@dataclass(frozen=True, slots=True)
class MadeCase:
    """A case file: for whom, why, how much is in it, and the act of handing over."""

    token: str
    folder: Path
    recipient: str
    reason: str
    exhibits: tuple[str, ...]
    claims: bool
    log_size: int
    manifest_sha256: str
    seq: int
    at: str


def fresh_token() -> str:
    """Return a name for something that is going to be made: it says nothing, and is not guessed."""
    return secrets.token_hex(8)


def part_folder(desk: Path, token: str) -> Path:
    """Return where a part lies, or will."""
    return _place(desk, PARTS, token)


def case_folder(desk: Path, token: str) -> Path:
    """Return where a case file lies, or will."""
    return _place(desk, CASES, token)


def parts(desk: Path, ledger: Ledger) -> list[MadePart]:
    """Return every part that lies here, the last one first; what cannot be read is left out."""
    found = [part for token in _tokens(desk, PARTS) if (part := _read_part(desk, ledger, token))]
    return sorted(found, key=lambda each: -each.seq)


def cases(desk: Path, ledger: Ledger) -> list[MadeCase]:
    """Return every case file that lies here, the last one first."""
    found = [case for token in _tokens(desk, CASES) if (case := _read_case(desk, ledger, token))]
    return sorted(found, key=lambda each: -each.seq)


def part(desk: Path, ledger: Ledger, token: str) -> MadePart:
    """Return one part.

    Raises:
        NoSuchThing: it does not lie here.

    """
    found = _read_part(desk, ledger, token)
    if found is None:
        raise NoSuchThing("")
    return found


def case(desk: Path, ledger: Ledger, token: str) -> MadeCase:
    """Return one case file.

    Raises:
        NoSuchThing: it does not lie here.

    """
    found = _read_case(desk, ledger, token)
    if found is None:
        raise NoSuchThing("")
    return found


def remove(found: MadePart | MadeCase) -> None:
    """Take a copy away from this machine; what the log says of it stays."""
    shutil.rmtree(found.folder)
    found.folder.with_name(found.token + CHECKED).unlink(missing_ok=True)


def _place(desk: Path, kind: str, token: str) -> Path:
    if not TOKEN.fullmatch(token):
        raise NoSuchThing("")
    above = desk / FOLDER / kind
    make_folders(above)
    (desk / FOLDER).chmod(PRIVATE)
    return above / token


def _tokens(desk: Path, kind: str) -> Iterator[str]:
    above = desk / FOLDER / kind
    if above.is_dir():
        yield from (each.name for each in above.iterdir() if TOKEN.fullmatch(each.name))


def _read_part(desk: Path, ledger: Ledger, token: str) -> MadePart | None:
    folder = part_folder(desk, token)
    try:
        proof = proofs_at(folder)[0]
        header = read_header(proof)
        entry = in_this_log(ledger, header.disclosure.act, header.disclosure.proof, proof)
    except Refusal:
        return None
    said = entry.act.opened()
    digests = {each.name: each.sha256 for each in header.published}
    files = tuple(
        MadeFile(each.name, each.stat().st_size, digests.get(each.name, ""))
        for each in sorted(folder.iterdir(), key=lambda one: (_is_proof(one), one.name))
    )
    return MadePart(
        token, folder, str(said["kind"]), str(said["item"]), entry.seq, str(said["time"]),
        str(said["recipient"]), str(said["purpose"]), str(said["reason_code"]),
        int(said["from_ns"]), int(said["to_ns"]), int(said["opened"]), int(said["withheld"]), files,
    )  # fmt: skip


def _is_proof(path: Path) -> bool:
    return path.name.endswith(PROOF_SUFFIX)


def _read_case(desk: Path, ledger: Ledger, token: str) -> MadeCase | None:
    folder = case_folder(desk, token)
    try:
        said = json.loads((folder / CASE_JSON).read_text("utf-8"))
        manifest = sha256_of(folder / MANIFEST)
    except (OSError, ValueError):
        return None
    entry = _handed_over(ledger, manifest)
    if entry is None:
        return None
    exhibits = tuple(f"{each['number']}  {each['title']}" for each in said["exhibits"])
    return MadeCase(
        token, folder, said["recipient"], said["reason"], exhibits, "claims" in said,
        said["log_size"], manifest, entry.seq, str(entry.act.opened()["time"]),
    )  # fmt: skip


def _handed_over(ledger: Ledger, manifest: str) -> Entry | None:
    return next(
        (e for e in ledger.acts(HANDED_OVER) if e.act.opened().get("manifest_sha256") == manifest),
        None,
    )
