"""One bit flipped in any file of a case file, an archive or a part: found, and the file named."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalil.disclose.check_proof import check_published
from dalil.errors import Refusal
from dalil.verifier.verify import NOT_JUDGED, Report, examine, in_words
from verifier.handed import Handed

WRONG = ("broken", "missing", "cannot-tell")


def sentences(report: Report) -> list[str]:
    """Return what the report says is wrong."""
    return [in_words(f, "en") for f in report.findings if f.section in WRONG]


def files_below(root: Path) -> list[Path]:
    """Return every file that a stranger can check and that is not empty."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.stat().st_size)
    return [path for path in files if path.relative_to(root).parts[0] not in NOT_JUDGED]


def flips(path: Path, number: int) -> Iterator[int]:
    """Flip sampled bits of a file, one after another, and put each back."""
    whole = path.read_bytes()
    path.chmod(0o644)
    for bit in random.Random(path.name).sample(range(8 * len(whole)), number):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        yield bit
    path.write_bytes(whole)


def rows_of(store: Path) -> object:
    """Return all that an act store says, or None where it cannot be read."""
    try:
        with sqlite3.connect(store) as rows:
            tables = rows.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
            queries = ("SELECT * FROM acts", "SELECT * FROM about")
            return tables, [rows.execute(query).fetchall() for query in queries]
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def check_every_file(root: Path, number: int, every: int = 1) -> None:
    """Flip bits in every file below ``root`` and demand that each is found and named."""
    assert examine(str(root)).exit_code == 0
    for path in files_below(root)[::every]:
        name = path.relative_to(root).as_posix()
        rows = rows_of(path) if name == "acts.sqlite" else None
        for bit in flips(path, number * 4 if rows else number):
            report = examine(str(root))
            if rows and report.exit_code == 0:
                # SQLite's own slack holds nothing: what it says is unchanged.
                assert rows_of(path)[1][0] == rows[1][0], f"{name}, bit {bit}"  # type: ignore[index]
                continue
            assert report.exit_code == 1, f"{name}, bit {bit}: {sentences(report)}"
            assert any(name in said for said in sentences(report)), (name, bit, sentences(report))
    assert examine(str(root)).exit_code == 0


def test_a_flipped_bit_in_every_second_file_of_a_case_file_is_found_and_named(case: Path) -> None:
    check_every_file(case, 1, 2)


def test_a_flipped_bit_in_every_second_file_of_an_archive_is_found_and_named(archive: Path) -> None:
    check_every_file(archive, 1, 2)


@pytest.mark.long
def test_many_flipped_bits_in_a_case_file_are_found_and_named(case: Path) -> None:
    check_every_file(case, 40)


@pytest.mark.long
def test_many_flipped_bits_in_an_archive_are_found_and_named(archive: Path) -> None:
    check_every_file(archive, 40)


@pytest.mark.parametrize("kind", ["excerpt", "still", "redacted"])
def test_a_flipped_bit_of_a_proof_is_found(handed: Handed, kind: str, tmp_path: Path) -> None:
    proof: Path = getattr(handed, kind)
    for each in proof.parent.iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    copy = tmp_path / proof.name
    assert examine(str(copy)).exit_code == 0
    for bit in flips(copy, 12):
        report = examine(str(copy))
        if kind == "redacted" and report.exit_code == 0:
            # The salt of an open tile: it says that pixels were not checked; `dalil verify` does.
            assert "tiles-need-decoding" in {finding.code for finding in report.findings}
            with pytest.raises(Refusal):
                check_published(copy)
            continue
        assert report.exit_code in {1, 3}, bit
        assert sentences(report)


@pytest.mark.parametrize("kind", ["excerpt", "still", "redacted"])
def test_a_flipped_bit_of_a_published_file_is_found(
    handed: Handed, kind: str, tmp_path: Path
) -> None:
    proof: Path = getattr(handed, kind)
    for each in proof.parent.iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    for path in tmp_path.iterdir():
        if path.name != proof.name and "derived" not in path.name and "small" not in path.name:
            for _ in flips(path, 4):
                report = examine(str(tmp_path / proof.name))
                assert report.exit_code == 1
                assert any(path.name in said for said in sentences(report))
