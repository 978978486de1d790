"""RFC 3161 tokens of a real authority: whose log they stamp, when, and what is left to OpenSSL."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from dalil.dossier.casefile import build_case_file
from dalil.ledger import timestamp
from dalil.ledger.ledger import Draft, Ledger
from dalil.verifier.verify import Report, examine
from ledger.test_timestamp import Authority, _make_keys
from peers import need
from verifier.handed import take_in
from verifier.test_forged_case_file import codes, rebag
from verifier.test_one_flipped_bit import sentences


@pytest.fixture(scope="module")
def stamped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an archive that was stamped, then grew, and its case file."""
    need("openssl")
    place = tmp_path_factory.mktemp("stamped")
    (place / "authority").mkdir()
    _make_keys(place / "authority")
    authority = Authority(place / "authority", "")
    note = place / "note.txt"
    note.write_text("a note")
    signer, items = take_in(place / "archive", [note])
    ledger = Ledger.open(place / "archive")
    timestamp.keep_authority(place / "archive", "here", authority.certificates)
    request = timestamp.make_request(ledger, "here")
    timestamp.take_answer(ledger, request, authority.answer(request.path), signer)
    ledger.append([Draft("checked", {"items": 1})], signer)
    build_case_file(place / "archive", items, "Court", "Order", place / "case", signer)
    return place


def finding(report: Report, code: str) -> dict[str, object]:
    """Return the values of the one finding with this code."""
    (found,) = [each.values for each in report.findings if each.code == code]
    return found


@pytest.mark.parametrize("kind", ["archive", "case"])
def test_a_stamped_log_says_since_when(stamped: Path, kind: str) -> None:
    report = examine(str(stamped / kind))
    assert sentences(report) == []
    answer = next((stamped / "archive/time").glob("*.tsr"))
    text = subprocess.run(
        ["openssl", "ts", "-reply", "-in", answer, "-text"], capture_output=True, check=True
    ).stdout.decode()
    year = text.split("Time stamp:")[1].split("\n")[0].split()[3]
    assert str(finding(report, "outside-clock")["time"]).startswith(f"{year}-")
    assert finding(report, "stamped-log-extended")["size"] == 5
    assert not [each for each in report.findings if each.code == "no-outside-clock"]


def test_the_command_that_it_prints_checks_the_authority(stamped: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(stamped / "case", tmp_path / "case"))
    command = str(finding(examine(str(case)), "authority")["command"])
    ran = subprocess.run(["sh", "-c", command], cwd=case, capture_output=True, check=False)
    assert b"Verification: OK" in ran.stdout + ran.stderr, (shlex.split(command), ran.stderr)


@pytest.mark.parametrize("ending", ["tsr", "tsq", "consistency", "pem"])
def test_a_flipped_bit_in_what_the_clock_gave_is_found(
    stamped: Path, tmp_path: Path, ending: str
) -> None:
    case = Path(shutil.copytree(stamped / "case", tmp_path / "case"))
    victim = next((case / "data/time").glob(f"*.{ending}"))
    whole = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    rebag(case)
    report = examine(str(case))
    assert report.exit_code == 1
    assert any(f"data/time/{victim.name}" in said for said in sentences(report))


def test_a_token_that_is_taken_away_is_missed(stamped: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(stamped / "case", tmp_path / "case"))
    for each in (case / "data/time").glob("*.ts?"):
        each.unlink()
    rebag(case)
    assert codes(examine(str(case))) == {"stamp-missing"}


def test_a_token_of_another_log_is_refused(stamped: Path, tmp_path: Path) -> None:
    case = Path(shutil.copytree(stamped / "case", tmp_path / "case"))
    folder = case / "data/time"
    for ending in ("tsr", "tsq"):
        (folder / f"5-here.{ending}").rename(folder / f"4-here.{ending}")
    rebag(case)
    assert "stamp-of-other" in codes(examine(str(case)))
