"""Whoever changes a case file can write its manifests anew; the acts still tell."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dalil.verifier.verify import Report, canonical, examine
from verifier.handed import take_in
from verifier.test_one_flipped_bit import sentences


def rebag(case: Path) -> None:
    """Write all manifests anew, as the page says, so that the bag itself agrees again."""
    for old in case.glob("*manifest-*.txt"):
        old.unlink()
    for part in ("", "tag"):
        files = sorted(p.relative_to(case).as_posix() for p in case.rglob("*") if p.is_file())
        inside = [n for n in files if n.startswith("data/") != bool(part) and "tagman" not in n]
        for algorithm in ("sha256", "sha512"):
            lines = [
                f"{hashlib.new(algorithm, (case / n).read_bytes()).hexdigest()}  {n}\n"
                for n in sorted(inside, key=str.encode)
            ]
            name = f"{part}manifest-{algorithm}.txt"
            (case / name).write_text("".join(lines), encoding="utf-8")


def codes(report: Report) -> set[str]:
    """Return the codes of what is wrong."""
    wrong = ("broken", "missing", "cannot-tell")
    return {finding.code for finding in report.findings if finding.section in wrong}


def acts(case: Path, kind: str) -> list[Path]:
    """Return the acts of one type."""
    import base64  # noqa: PLC0415

    found = []
    for path in sorted((case / "data/custody").glob("*.act")):
        body = path.read_text().split(".")[1]
        payload = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        found += [path] if payload["type"] == kind else []
    return found


def edit_json(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change a canonical JSON file and write it in its form again."""
    value = json.loads(path.read_bytes())
    change(value)
    path.write_bytes(canonical(value))


def test_an_untouched_case_file_survives_new_manifests(case: Path) -> None:
    rebag(case)
    assert examine(str(case)).exit_code == 0


def test_an_exchanged_original_is_found(case: Path) -> None:
    original = next((case / "data/exhibits/0001").iterdir())
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-1] + b"?")
    changed = hashlib.sha256(original.read_bytes()).hexdigest()
    edit_json(case / "data/case.json", lambda c: c["exhibits"][0].update(sha256=changed))  # type: ignore[index]
    rebag(case)
    report = examine(str(case))
    assert codes(report) == {"not-as-taken-in"}
    assert any("data/exhibits/0001" in said for said in sentences(report))


def test_a_withheld_item_that_is_kept_silent_is_found(case: Path) -> None:
    (case / "data/withheld.jsonl").write_bytes(b"")
    rebag(case)
    assert codes(examine(str(case))) == {"false-total"}


def test_an_invented_withheld_item_is_found(case: Path) -> None:
    path = case / "data/withheld.jsonl"
    line = json.loads(path.read_bytes())
    path.write_bytes(path.read_bytes() + canonical({**line, "commitment": "0" * 64}) + b"\n")
    rebag(case)
    assert codes(examine(str(case))) == {"false-total"}


def test_an_exhibit_taken_away_is_found(case: Path) -> None:
    edit_json(case / "data/case.json", lambda c: c["exhibits"].pop(0))  # type: ignore[attr-defined]
    shutil.rmtree(case / "data/exhibits/0001")
    rebag(case)
    assert codes(examine(str(case))) == {"false-total"}


@pytest.mark.parametrize("kind", ["taken-in", "sealed", "accession-closed"])
def test_an_act_taken_away_is_found(case: Path, kind: str) -> None:
    act = acts(case, kind)[0]
    act.unlink()
    act.with_suffix(".tlog-proof").unlink()
    rebag(case)
    assert examine(str(case)).exit_code in {1, 3}
    assert codes(examine(str(case))) & {"act-missing", "no-total"}


def test_an_act_with_another_number_is_found(case: Path) -> None:
    first, second = acts(case, "taken-in")
    for end in (".act", ".tlog-proof"):
        a, b = first.with_suffix(end), second.with_suffix(end)
        a_bytes, b_bytes = a.read_bytes(), b.read_bytes()
        a.write_bytes(b_bytes)
        b.write_bytes(a_bytes)
    rebag(case)
    assert "other-place" in codes(examine(str(case)))


def test_a_field_that_the_act_does_not_commit_to_is_found(case: Path) -> None:
    first, second = acts(case, "taken-in")
    foreign = second.read_text().split("~")[1]
    first.write_text(first.read_text() + foreign + "~")
    rebag(case)
    assert "foreign-field" in codes(examine(str(case)))


def test_the_log_of_another_archive_is_found(case: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("another")
    take_in(tmp_path / "other", [note])
    for name in ("checkpoint", "vkeys"):
        shutil.copyfile(tmp_path / "other/log" / name, case / "data/log" / name)
    rebag(case)
    wrong = codes(examine(str(case)))
    assert {"signature-of-archive", "other-archive"} <= wrong


def test_a_case_file_under_other_keys_than_mine_is_found(case: Path, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("another")
    take_in(tmp_path / "other", [note])
    assert examine(str(case), str(case / "data/log/vkeys")).exit_code == 0
    assert codes(examine(str(case), str(tmp_path / "other/log/vkeys"))) == {"other-keys"}


@pytest.mark.parametrize("change", ["stray", "missing", "link", "empty-manifest", "no-log"])
def test_what_is_stray_or_missing_is_named(case: Path, change: str) -> None:
    if change == "stray":
        (case / "data/exhibits/0001/also.txt").write_text("added")
    elif change == "missing":
        next((case / "data/exhibits/0002").iterdir()).unlink()
    elif change == "link":
        (case / "data/link").symlink_to("/etc/passwd")
    elif change == "empty-manifest":
        (case / "manifest-sha256.txt").write_bytes(b"")
    else:
        shutil.rmtree(case / "data/log")
    report = examine(str(case))
    named = {"stray": "also.txt", "missing": "exhibits/0002", "link": "data/link",
             "empty-manifest": "manifest-sha256.txt", "no-log": "data/log/checkpoint"}  # fmt: skip
    assert report.exit_code == 1
    assert any(named[change] in said for said in sentences(report))


def test_a_false_person_is_found(case: Path) -> None:
    path = case / "data/people.jsonl"
    path.write_bytes(path.read_bytes().replace(b"Salma", b"Samir"))
    rebag(case)
    assert codes(examine(str(case))) == {"unknown-person"}
