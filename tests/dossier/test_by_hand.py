"""The case file checked with other people's programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import bagit
import pytest

from dalil.dossier.bag import Bag
from dossier.small_archive import everything_below
from peers import need

DAMAGE = ("data/exhibits/0001/original.mp4", "data/custody/00000005.act", "READ-ME-FIRST.ar.txt")


def script(case: Path, act: str, proof: str) -> subprocess.CompletedProcess[str]:
    """Run the shell script that lies in the case file."""
    need("openssl")
    return subprocess.run(
        ["sh", "check-tlog-proof.sh", f"data/custody/{act}.act", f"data/custody/{proof}.tlog-proof",
         "data/log/vkeys"],
        cwd=case, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_bagit_finds_the_bag_valid(case: Path) -> None:
    bag = bagit.Bag(str(case))
    assert bag.validate()
    assert bag.version_info == (1, 0)
    assert sorted(bag.algorithms) == ["sha256", "sha512"]
    payload = {n: d for n, d in everything_below(case).items() if n.startswith("data/")}
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    assert bag.info["Payload-Oxum"] == oxum


@pytest.mark.parametrize("name", DAMAGE)
def test_bagit_finds_one_flipped_byte(case: Path, name: str) -> None:
    data = bytearray((case / name).read_bytes())
    data[len(data) // 3] ^= 4
    (case / name).write_bytes(data)
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(case)).validate()


def test_bagit_reads_paths_with_line_ends(tmp_path: Path) -> None:
    bag = Bag(tmp_path / "bag", 1_700_000_000)
    for name in ("data/line\nend.txt", "data/return\rhere.txt"):
        bag.add(name, name.encode())
    bag.finish([("Source-Organization", "somebody\nwith two lines")])
    assert bagit.Bag(str(tmp_path / "bag")).validate()


def test_a_per_cent_sign_is_written_as_the_rfc_says(tmp_path: Path) -> None:
    # The peer decodes line ends alone, so it cannot be asked about this.
    bag = Bag(tmp_path / "bag", 1_700_000_000)
    bag.add("data/%0A.txt", b"")
    bag.finish([])
    assert "  data/%250A.txt\n" in (tmp_path / "bag/manifest-sha256.txt").read_text()


@pytest.mark.parametrize("manifest", ["manifest-sha256", "manifest-sha512", "tagmanifest-sha256"])
def test_coreutils_agree_with_the_manifests(case: Path, manifest: str) -> None:
    tool = need("sha512sum" if manifest.endswith("512") else "sha256sum")
    subprocess.run([tool, "-c", "--quiet", "--strict", f"{manifest}.txt"], cwd=case, check=True)


def test_the_shell_script_finds_every_act_in_the_log(case: Path) -> None:
    acts = [p.stem for p in sorted(case.glob("data/custody/*.act"))]
    assert len(acts) > 5
    for act in acts:
        said = script(case, act, act)
        assert said.returncode == 0, said.stdout + said.stderr
        assert f"act {int(act)} of 15 is in the log" in said.stdout


def test_the_shell_script_refuses_the_proof_of_another_act(case: Path) -> None:
    said = script(case, "00000002", "00000003")
    assert said.returncode == 1
    assert "not in this log" in said.stdout


def test_the_shell_script_refuses_another_size_and_another_key(case: Path) -> None:
    proof = case / "data/custody/00000002.tlog-proof"
    text = proof.read_text()
    proof.write_text(text.replace("\n15\n", "\n14\n"))
    assert script(case, "00000002", "00000002").returncode == 1
    proof.write_text(text)
    vkeys = case / "data/log/vkeys"
    first, second = vkeys.read_text().splitlines()
    body = first[:-6] + ("AAAA" if first[-6:-2] != "AAAA" else "BBBB") + first[-2:]
    vkeys.write_text(f"{body}\n{second}\n")
    said = script(case, "00000002", "00000002")
    assert said.returncode == 1
    assert "signature" in said.stdout


@pytest.mark.parametrize("name", ["READ-ME-FIRST.txt", "READ-ME-FIRST.ar.txt"])
def test_what_to_read_first_says_what_is_not_shown_and_its_commands_run(
    case: Path, name: str
) -> None:
    text = (case / name).read_text(encoding="utf-8")
    assert ("WHAT THIS DOES NOT SHOW" in text) or ("ما الذي لا يُظهره" in text)
    commands = [line.strip() for line in text.splitlines() if line.startswith("     sh")]
    assert len(commands) == 4
    for command in commands:
        subprocess.run(["sh", "-c", command], cwd=case, check=True, capture_output=True)


def test_the_fields_of_an_act_are_read_as_the_page_says(case: Path) -> None:
    text = (case / "READ-ME-FIRST.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    start = next(i for i, line in enumerate(lines) if "tail -c +1" in line)
    command = "\n".join(lines[start : start + 2])
    said = subprocess.run(
        ["sh", "-c", command], cwd=case, check=True, capture_output=True, text=True
    ).stdout
    assert '"keeper","Salma H."]' in said


def test_formats_and_verifier_travel_as_they_are(case: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    assert (case / "verify.py").read_bytes() == (root / "src/dalil/verifier/verify.py").read_bytes()
    for page in ("casebook.md", "casefile.md", "custody.md", "excerpt.md", "seal.md"):
        assert (case / "spec" / page).read_bytes() == (root / "spec" / page).read_bytes()
