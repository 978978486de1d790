"""What goes into a case file, under which number, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.dossier.casefile import CaseFile, build_case_file
from dalil.dossier.exhibits import Why
from dalil.engines.files import sha256_of
from dalil.errors import (
    Altered,
    ArchiveExists,
    CannotTell,
    LogBroken,
    Missing,
    NoSuchThing,
    NotAllowed,
    Refusal,
    UsageRefused,
)
from dalil.kernel.act import parse_presentation
from dalil.kernel.digest import sha256
from dalil.ledger.ledger import Draft
from dalil.vault.vault import Vault
from dossier.small_archive import CLIPS, SOURCE, SmallArchive, everything_below


def build(archive: SmallArchive, out: Path, *items: str, recipient: str = "Court") -> CaseFile:
    """Build a case file with what most tests do not care about."""
    return build_case_file(archive.path, items, recipient, "request", out, archive.signer)


def verified(case: Path) -> subprocess.CompletedProcess[str]:
    """Run the verifier that lies in a case file, with the standard library alone."""
    return subprocess.run(
        [sys.executable, "-I", "verify.py", "."],
        cwd=case,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stranger_finds_the_case_file_intact(case: Path) -> None:
    said = verified(case)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "2 exhibits here and 2 withheld make its total of 4" in said.stdout


def test_exhibits_hold_the_bytes_that_were_taken_in(case: Path) -> None:
    exhibits = json.loads((case / "data/case.json").read_bytes())["exhibits"]
    held = [(case / "data" / each["file"]).read_bytes() for each in exhibits]
    assert held == list(CLIPS.values())[:2]
    assert [each["number"] for each in exhibits] == ["0001", "0002"]
    assert exhibits[0]["title"] == "مقطع ٠١.mp4"
    assert exhibits[0]["file"] == "exhibits/0001/original.mp4"


def test_an_item_received_twice_has_both_receipts(case: Path) -> None:
    exhibits = json.loads((case / "data/case.json").read_bytes())["exhibits"]
    assert [len(each["taken_in_seqs"]) for each in exhibits] == [1, 2]


@pytest.mark.parametrize("chosen", [[0], [3], [0, 1, 2], [0, 1, 2, 3]])
def test_exhibits_and_withheld_make_the_total(
    small: SmallArchive, tmp_path: Path, chosen: list[int]
) -> None:
    build(small, tmp_path / "case", *(small.items[i] for i in chosen))
    case = tmp_path / "case"
    assert len((case / "data/withheld.jsonl").read_bytes().splitlines()) == 4 - len(chosen)
    assert verified(case).returncode == 0


def test_the_withheld_index_commits_to_the_seals_of_what_is_not_here(
    small: SmallArchive, tmp_path: Path
) -> None:
    reasons = {small.items[2]: Why("protected", "It shows a witness.")}
    build_case_file(
        small.path, [small.items[0]], "Court", "x", tmp_path / "case", small.signer,
        withheld=reasons,
    )  # fmt: skip
    lines = (tmp_path / "case/data/withheld.jsonl").read_bytes().splitlines()
    said = {each["commitment"]: each["class"] for each in map(json.loads, lines)}
    entries = {each.seq: each.act for each in small.ledger.acts("sealed")}
    seals = {act.opened()["item"]: act.jwt for act in entries.values()}
    expected = {
        sha256(seals[item].encode()).hex(): "protected" if item in reasons else "not-included"
        for item in small.items[1:]
    }
    assert said == expected


def test_a_number_is_given_once_and_kept(small: SmallArchive, tmp_path: Path) -> None:
    first, second, third, _ = small.items
    assert build(small, tmp_path / "1", second).exhibits == ("0001",)
    assert build(small, tmp_path / "2", first, second).exhibits == ("0001", "0002")
    assert build(small, tmp_path / "3", third).exhibits == ("0003",)
    case = json.loads((tmp_path / "2/data/case.json").read_bytes())
    assert [each["item"] for each in case["exhibits"]] == [second, first]


def test_the_hand_over_is_recorded_with_the_manifest(
    built: tuple[CaseFile, SmallArchive],
) -> None:
    case, archive = built
    said = archive.ledger.act(case.handed_over).act.opened()
    assert said["manifest_sha256"] == sha256_of(case.path / "manifest-sha256.txt")
    assert said["recipient"] == "Court of Koblenz"
    assert case.receipt.is_file()


def test_two_machines_build_the_same_bytes(small: SmallArchive, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    shutil.copytree(small.path, tmp_path / "elsewhere/كما هو")
    script = (
        "import os, sys; os.umask(int(sys.argv[4], 8))\n"
        "from dalil.dossier.casefile import build_case_file\n"
        "from dalil.ledger.keyring import unlock\n"
        "from pathlib import Path\n"
        "archive, out, items = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(',')\n"
        "signer = unlock(archive, b'one quiet morning in Damascus')\n"
        "build_case_file(archive, items, 'محكمة', 'سبب', out, signer)\n"
    )
    runs = [
        (small.path, tmp_path / "a", "022", {"TZ": "Asia/Damascus", "LC_ALL": "ar_SY.UTF-8"}),
        (
            tmp_path / "elsewhere/كما هو",
            tmp_path / "elsewhere/b",
            "077",
            {"TZ": "UTC", "LC_ALL": "C"},
        ),
    ]
    for archive, out, umask, where in runs:
        subprocess.run(
            [sys.executable, "-c", script, archive, out, ",".join(small.items[:3]), umask],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **where, "PYTHONUTF8": "1"},
            check=True,
        )
    one, other = everything_below(tmp_path / "a"), everything_below(tmp_path / "elsewhere/b")
    assert one == other
    for name in one:
        first, second = (tmp_path / "a" / name).stat(), (tmp_path / "elsewhere/b" / name).stat()
        assert (first.st_mode, first.st_mtime_ns) == (second.st_mode, second.st_mtime_ns)


@pytest.mark.parametrize(
    "name",
    [
        "data/exhibits/0002/original.mp4",
        "data/custody/00000007.act",
        "data/custody/00000007.tlog-proof",
        "data/withheld.jsonl",
        "data/log/checkpoint",
        "READ-ME-FIRST.ar.txt",
        "manifest-sha512.txt",
    ],
)
def test_one_flipped_byte_is_named_by_the_shipped_verifier(case: Path, name: str) -> None:
    flip_and_find(case, name)


@pytest.mark.long
def test_one_flipped_byte_in_any_file_is_named_by_the_shipped_verifier(case: Path) -> None:
    for name in listed(case):
        flip_and_find(case, name)


def listed(case: Path) -> list[str]:
    """Return the files whose bytes are listed: all but the tag manifests and the verifier."""
    files = everything_below(case)
    return [n for n, data in files.items() if data and not n.startswith(("tagm", "verify"))]


def flip_and_find(case: Path, name: str) -> None:
    """Flip a byte in the middle of a file, see that it is found and named, and put it back."""
    place = case / name
    data = place.read_bytes()
    broken = bytearray(data)
    broken[len(data) // 2] ^= 1
    place.write_bytes(broken)
    said = verified(case)
    place.write_bytes(data)
    assert said.returncode in {1, 3}, name
    assert name in said.stdout, said.stdout


def test_a_folder_that_is_there_is_refused_and_left_alone(
    small: SmallArchive, tmp_path: Path
) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case/mine.txt").write_text("mine")
    with pytest.raises(ArchiveExists):
        build(small, tmp_path / "case", small.items[0])
    assert everything_below(tmp_path / "case") == {"mine.txt": b"mine"}
    assert list(small.ledger.acts("handed-over")) == []


@pytest.mark.parametrize(
    ("items", "recipient", "refusal"),
    [
        (["ff" * 16], "Court", NoSuchThing),
        (["0"], "Court", NoSuchThing),
        ([], "Court", UsageRefused),
        (["all"], "  ", UsageRefused),
        (["all"], f"the lawyer of {SOURCE}", NotAllowed),
    ],
)
def test_wrong_orders_are_refused_and_nothing_is_left(
    small: SmallArchive, tmp_path: Path, items: list[str], recipient: str, refusal: type[Refusal]
) -> None:
    before = small.ledger.size
    with pytest.raises(refusal):
        build(small, tmp_path / "case", *items, recipient=recipient)
    assert [p.name for p in tmp_path.iterdir()] == ["archive"]
    assert small.ledger.size == before


def test_a_case_file_inside_the_archive_is_refused(small: SmallArchive) -> None:
    with pytest.raises(UsageRefused):
        build(small, small.path / "case", small.items[0])


def test_an_altered_original_stops_the_build_and_nothing_is_left(
    small: SmallArchive, tmp_path: Path
) -> None:
    original = Vault.open(small.path).original_path(small.items[1])
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-1] + b"!")
    with pytest.raises(Altered):
        build(small, tmp_path / "case", *small.items)
    assert [p.name for p in tmp_path.iterdir()] == ["archive"]
    assert list(small.ledger.acts("handed-over")) == []


def test_a_lost_original_stops_the_build(small: SmallArchive, tmp_path: Path) -> None:
    Vault.open(small.path).original_path(small.items[1]).unlink()
    with pytest.raises(Missing):
        build(small, tmp_path / "case", small.items[1])


def test_a_killed_build_leaves_no_case_file_and_the_next_one_clears_up(
    small: SmallArchive, tmp_path: Path
) -> None:
    left = tmp_path / ".case.unfinished"
    script = (
        "import sys; from pathlib import Path\n"
        "from dalil.dossier.casefile import build_case_file\n"
        "from dalil.ledger.keyring import unlock\n"
        "signer = unlock(Path(sys.argv[1]), b'one quiet morning in Damascus')\n"
        "build_case_file(Path(sys.argv[1]), ['all'], 'Court', 'x', Path(sys.argv[2]), signer)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for point in ("rename:2",):
        ran = subprocess.run(
            [sys.executable, "-c", script, small.path, tmp_path / "case"],
            env={**environment, "DALIL_FAILPOINT": point},
            check=False,
        )
        assert ran.returncode == -9, point
        assert not (tmp_path / "case").exists()
    assert left.exists()
    build(small, tmp_path / "case", *small.items)
    assert not left.exists()
    assert verified(tmp_path / "case").returncode == 0


def test_an_accession_without_a_total_is_refused(small: SmallArchive, tmp_path: Path) -> None:
    fields = small.ledger.act(5).act.opened() | {"accession": "bd" * 16}
    small.ledger.append([Draft("taken-in", fields)], small.signer)
    with pytest.raises(CannotTell):
        build(small, tmp_path / "case", small.items[0])


def test_an_accession_that_does_not_add_up_is_refused(small: SmallArchive, tmp_path: Path) -> None:
    late = small.ledger.act(5).act.opened() | {"item": "77" * 16}
    small.ledger.append([Draft("taken-in", late)], small.signer)
    with pytest.raises(LogBroken):
        build(small, tmp_path / "case", small.items[0])


def test_a_reason_for_what_is_an_exhibit_is_refused(small: SmallArchive, tmp_path: Path) -> None:
    with pytest.raises(NoSuchThing):
        build_case_file(
            small.path, ["all"], "Court", "x", tmp_path / "case", small.signer,
            withheld={small.items[0]: Why("graphic", "It is.")},
        )  # fmt: skip


def test_a_reason_that_names_a_source_is_refused(small: SmallArchive, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        build_case_file(
            small.path, small.items[:1], "Court", "x", tmp_path / "case", small.signer,
            withheld={small.items[1]: Why("protected", f"It shows {SOURCE}.")},
        )  # fmt: skip


def test_every_act_of_an_exhibit_is_in_custody(built: tuple[CaseFile, SmallArchive]) -> None:
    case, archive = built
    there = {int(p.stem): p for p in (case.path / "data/custody").glob("*.act")}
    about = {e.seq for i in archive.items[:2] for e in archive.ledger.acts_about(i)}
    assert about - {case.handed_over} <= set(there)
    kinds = {parse_presentation(p.read_text()).type for p in there.values()}
    assert {"archive-created", "accession-opened", "told", "accession-closed"} <= kinds


def test_vectors_travel_for_whoever_writes_another_verifier(case: Path) -> None:
    names = set(everything_below(case / "vectors"))
    kinds = {Path(name).parts[:3] for name in names}
    assert kinds >= {("1", kind, "acts") for kind in ("valid", "tampered", "malformed")}
    assert not [name for name in names if Path(name).name.startswith(("archive.tar", "case"))]
