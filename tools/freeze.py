"""Make the frozen vectors of one format version, once: spec/vectors/<version>/.

What a release can read is then tested against these bytes for ever (tests/journeys/test_frozen.py),
so this is run when a format version is new, and never again for that version.
"""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from footage import QUICK

ROOT = Path(__file__).resolve().parents[1]
PASSPHRASE = "frozen, and known to everybody"
CONDITIONS = (
    "--reason", "R3", "--basis", "Order 12/2026", "--recipient", "Court", "--rule", "rule 4",
    "--whole-exists", "--whole-for", "court and defence", "--purpose", "court",
)  # fmt: skip


def dalil(*words: str | Path) -> str:
    """Run one verb and return what it printed."""
    environment = {**os.environ, "DALIL_PASSPHRASE": PASSPHRASE}
    command = [sys.executable, "-m", "dalil", *map(str, words)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def pack(folder: Path, target: Path) -> None:
    """Write a folder as a .tar.gz without times, owners or names of this machine."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            info = tar.gettarinfo(path, str(path.relative_to(folder.parent)))
            info.mtime = info.uid = info.gid = 0
            info.uname = info.gname = ""
            if path.is_file():
                with path.open("rb") as file:
                    tar.addfile(info, file)
            else:
                tar.addfile(info)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(raw.getvalue(), 9, mtime=0))


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    changed = bytearray(path.read_bytes())
    changed[len(changed) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(changed)


def make(folder: Path) -> tuple[Path, Path, Path]:
    """Walk the whole way in ``folder``; return archive, part and case file."""
    drive = folder / "drive"
    drive.mkdir()
    QUICK[0].make(folder).rename(drive / "مقطع ٠١.mp4")
    (drive / "note.txt").write_text("one clip\n", encoding="utf-8")
    archive, part, case = folder / "archive", folder / "part", folder / "case"
    dalil("init", archive, "--keeper", "سلمى", "--sheet", folder / "sheet.txt")
    dalil("take-in", archive, drive)
    items = json.loads(dalil("list", archive, "--json"))
    item = _item(items)
    dalil("excerpt", archive, item, "--from", "0.4", "--to", "1", *CONDITIONS, "-o", part)
    dalil("dossier", archive, "--items", item, "--parts", part, "--recipient", "Court",
          "--reason", "request of 3 May", "-o", case)  # fmt: skip
    return archive, part, case


def _item(listing: object) -> str:
    found = [
        receipt["item"]
        for accession in listing["accessions"]  # type: ignore[index]
        for receipt in accession["receipts"]
        if receipt["name_text"].endswith(".mp4")
    ]
    return str(found[0])


def main(version: str) -> None:
    """Make the vectors of ``version``; refuse where they exist."""
    out = ROOT / "spec" / "vectors" / version
    if (out / "verdicts.json").exists():
        sys.exit(f"{out} is frozen")
    verdicts = {}
    with tempfile.TemporaryDirectory() as name:
        archive, part, case = make(Path(name))
        for folder in (archive, part, case):
            pack(folder, out / "valid" / f"{folder.name}.tar.gz")
            verdicts[f"valid/{folder.name}.tar.gz"] = 0
        proof = next(part.glob("*.excerpt-proof"))
        whole = proof.read_bytes()
        proof.write_bytes(whole[:-40])
        pack(part, out / "malformed" / "part-cut-proof.tar.gz")
        proof.write_bytes(whole)
        flip(next(part.glob("*.mp4")))
        pack(part, out / "tampered" / "part-one-bit.tar.gz")
        flip(next((case / "data" / "exhibits" / "0001").iterdir()))
        pack(case, out / "tampered" / "case-one-bit.tar.gz")
        flip(next(archive.glob("log/tile/0/*.p/*")))
        pack(archive, out / "tampered" / "archive-one-bit-in-the-log.tar.gz")
    verdicts |= {
        "malformed/part-cut-proof.tar.gz": 1,
        "tampered/part-one-bit.tar.gz": 1,
        "tampered/case-one-bit.tar.gz": 1,
        "tampered/archive-one-bit-in-the-log.tar.gz": 1,
    }
    (out / "verdicts.json").write_text(json.dumps(verdicts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
