"""An outside clock in the case file: its tokens, and what ties them to this log."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.dossier.casefile import build_case_file
from dalil.dossier.paper import as_text
from dalil.dossier.report import custody_report
from dalil.kernel.checkpoint import Checkpoint, checkpoint_text
from dalil.ledger import timestamp
from dalil.ledger.ledger import Draft
from dossier.small_archive import SmallArchive
from ledger.test_timestamp import Authority
from peers import need


@pytest.fixture
def stamped(small: SmallArchive, authority: Authority) -> SmallArchive:
    """Return an archive whose log was stamped, and grew afterwards."""
    timestamp.keep_authority(small.path, "here", authority.certificates)
    request = timestamp.make_request(small.ledger, "here")
    answer = authority.answer(request.path)
    timestamp.take_answer(small.ledger, request, answer, small.signer)
    fields = {"item": small.items[0], "to": "a laboratory", "reason": "x", "sha256": "00" * 32}
    small.ledger.append([Draft("given-out", fields)], small.signer)
    return small


def verified(case: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in the case file."""
    words = [sys.executable, "-I", "verify.py", "."]
    return subprocess.run(words, cwd=case, capture_output=True, text=True, check=False)


def test_the_stamped_log_is_shown_to_be_the_beginning_of_this_one(
    stamped: SmallArchive, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    build_case_file(stamped.path, ["all"], "Court", "x", case, stamped.signer)
    names = sorted(path.name for path in (case / "data/time").iterdir())
    assert names == ["15-here.tsq", "15-here.tsr", "15.consistency", "here.pem"]
    said = verified(case)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "No outside clock is here" not in said.stdout


def test_another_beginning_is_found_by_the_verifier(stamped: SmallArchive, tmp_path: Path) -> None:
    case = tmp_path / "case"
    build_case_file(stamped.path, ["all"], "Court", "x", case, stamped.signer)
    place = case / "data/time/15.consistency"
    head, first, *rest = place.read_text().splitlines()
    flipped = bytearray(base64.b64decode(first))
    flipped[0] ^= 1
    changed = base64.b64encode(flipped).decode()
    place.write_text("\n".join([head, changed, *rest]) + "\n")
    said = verified(case)
    assert said.returncode == 1
    assert "data/time/15.consistency" in said.stdout


def test_openssl_finds_the_token_good_by_hand(stamped: SmallArchive, tmp_path: Path) -> None:
    case = tmp_path / "case"
    build_case_file(stamped.path, ["all"], "Court", "x", case, stamped.signer)
    act = next(stamped.ledger.acts("stamped")).act.opened()
    root = bytes.fromhex(str(act["root"]))
    text = checkpoint_text(Checkpoint(stamped.ledger.origin, int(act["size"]), root))
    (tmp_path / "TEXT").write_text(text)
    words = f"ts -verify -data {tmp_path}/TEXT -in 15-here.tsr -CAfile here.pem".split(" ")
    ran = subprocess.run(
        [need("openssl"), *words], cwd=case / "data/time", capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_the_custody_report_names_the_clock(stamped: SmallArchive) -> None:
    told = as_text(custody_report(stamped.path, stamped.items[0]))
    assert "An outside clock, here, stamped the log of 15 acts at" in told
    assert "no outside clock has stamped" not in told
    assert "The original was given out; to whom: withheld." in told
