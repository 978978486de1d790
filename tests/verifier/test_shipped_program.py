"""verify.py as a stranger runs it: python3 -I, nothing else, two languages, four exit codes."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from verifier.handed import VERIFIER, Handed

FIXED_LIMITS = 5


def run(*arguments: object, program: Path = VERIFIER, cwd: Path | None = None) -> tuple[int, str]:
    """Run the program alone; return its exit code and all that it printed."""
    words = [sys.executable, "-I", str(program), *map(str, arguments)]
    ran = subprocess.run(words, capture_output=True, cwd=cwd, check=False, env={})
    text = (ran.stdout + ran.stderr).decode("utf-8")
    assert "Traceback" not in text, text
    return ran.returncode, text


@pytest.mark.parametrize("kind", ["archive", "case", "excerpt", "still", "redacted"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_everything_that_is_whole_is_called_intact(handed: Handed, kind: str, lang: str) -> None:
    code, text = run(getattr(handed, kind), "--lang", lang)
    assert code == 0, text
    verdict = {"en": "What is here is intact.", "ar": "ما هو موجود هنا سليم."}[lang]
    assert text.rstrip().endswith(verdict)


def test_the_copy_in_the_case_file_checks_the_folder_it_lies_in(handed: Handed) -> None:
    code, text = run(program=handed.case / "verify.py", cwd=Path("/"))
    assert code == 0
    assert str(handed.case) in text


def test_the_case_file_may_lie_on_a_medium_that_cannot_be_written(case: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in case.rglob("*"))
    assert run(case)[0] == 0
    assert sorted((p, p.stat().st_mtime_ns) for p in case.rglob("*")) == before


def test_checking_an_archive_writes_nothing_into_it(archive: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in archive.rglob("*"))
    assert run(archive)[0] == 0
    assert sorted((p, p.stat().st_mtime_ns) for p in archive.rglob("*")) == before


def test_it_says_what_is_withheld_who_signed_and_what_is_not_shown(handed: Handed) -> None:
    _, text = run(handed.case)
    assert "1 withheld of class not-included" in text
    assert re.search(r"Salma \([\w-]{43}\) signed \d+ of the acts here", text)
    assert "Integrity since sealing says nothing of what happened before it." in text
    assert "Whose keys these are" in text
    assert "No outside clock is here" in text
    they_say = text.split("THEY SAY")[1].split("\n\n")[0]
    assert "Made for Court of Assize" in they_say
    assert "The legal basis: Order 12/2026" in they_say


def test_the_json_has_stable_keys(handed: Handed) -> None:
    code, text = run(handed.case, "--json")
    document = json.loads(text)
    assert code == 0
    assert document["intact"] is True
    assert document["kind"] == "case-file"
    assert set(document) == {"v", "kind", "path", "exit_code", "intact", "verdict", "findings"}
    keys = {"section", "code", "about", "values", "text"}
    assert all(set(each) == keys for each in document["findings"])
    assert sum(each["section"] == "limits" for each in document["findings"]) == FIXED_LIMITS


def test_something_broken_ends_with_1_and_its_name(case: Path) -> None:
    victim = next((case / "data/exhibits/0002").iterdir())
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-2] + b"!\n")
    code, text = run(case)
    assert code == 1
    assert victim.relative_to(case).as_posix() in text.split("INTACT")[0]
    assert "سليم" in run(case, "--lang", "ar")[1]


@pytest.mark.parametrize(
    "arguments", [["/no/such/place"], ["--lang", "fr"], ["--vkey"], ["a", "b"]]
)
def test_a_wrong_call_ends_with_2(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_what_it_does_not_know_ends_with_3(tmp_path: Path, part: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_text("hello")
    assert run(tmp_path / "folder")[0] == 3
    assert run(tmp_path / "file.txt")[0] == 3
    part.write_bytes(part.read_bytes().replace(b"dalil-proof/1", b"dalil-proof/2"))
    code, text = run(part)
    assert code == 3
    assert "format version 2" in text


def test_a_receipt_alone_shows_a_signed_log_and_no_act(handed: Handed, tmp_path: Path) -> None:
    vkeys = handed.archive / "log" / "vkeys"
    receipt = next((handed.archive / "receipts").glob("*.tlog-proof"))
    copy = Path(shutil.copyfile(receipt, tmp_path / "act-1.tlog-proof"))
    code, text = run(copy)
    assert code == 3
    assert "--vkey" in text
    code, text = run(copy, "--vkey", vkeys)
    assert code == 3
    assert "only the signed log was checked" in text


def test_an_act_beside_its_proof_is_checked(handed: Handed, tmp_path: Path) -> None:
    custody = handed.case / "data" / "custody"
    code, text = run(next(custody.glob("*.tlog-proof")))
    assert code == 0, text
    assert "stands in the signed log" in text
    act, other = sorted(custody.glob("*.act"))[:2]
    shutil.copyfile(other, tmp_path / act.name)
    shutil.copyfile(act.with_suffix(".tlog-proof"), tmp_path / f"{act.stem}.tlog-proof")
    shutil.copyfile(handed.case / "data/log/vkeys", tmp_path / "vkeys")
    assert run(tmp_path / act.name)[0] == 1


def test_it_is_valid_python_3_8_and_reads_nothing_of_ours() -> None:
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 8))
    later = {
        "removeprefix",
        "removesuffix",
        "bit_count",
        "is_relative_to",
        "file_digest",
        "pairwise",
    }
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not used & later
    keywords = {k.arg for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords}
    assert not keywords & {"strict", "slots", "kw_only"}


def _runs(program: str) -> bool:
    """Tell whether it is a Python, and not a sign that points to one that is not there."""
    return subprocess.run([program, "-c", ""], capture_output=True, check=False).returncode == 0


def test_it_runs_under_other_pythons_where_they_are(handed: Handed) -> None:
    names = [f"python3.{minor}" for minor in (8, 9, 10, 12, 13, 14)]
    found = [path for path in map(shutil.which, names) if path and _runs(path)]
    if not found:
        pytest.skip("NOT CHECKED with another Python: there is none on this machine")
    for program in found:
        words = [program, "-I", str(VERIFIER), str(handed.case)]
        ran = subprocess.run(words, capture_output=True, check=False, env={})
        assert ran.returncode == 0, (program, ran.stderr)
