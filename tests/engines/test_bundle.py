"""A folder leaves as one file that is never on the disk: the same bytes, the same file."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.engines.bundle import PORTION, zipped

WORDS = st.sampled_from(["a", "b", "مقطع ١", "verify.py", "Zoë", "0001"])


def laid(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder, all with one time."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (1_366_070_400, 1_366_070_400))
    return folder


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.tuples(WORDS, WORDS).map("/".join), st.binary(max_size=300), max_size=6))
def test_what_was_in_the_folder_is_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    one, other = (laid(tmp_path_factory.mktemp("x") / "case", files) for _ in range(2))
    if not files:
        one.mkdir(parents=True)
        other.mkdir(parents=True)
    whole = b"".join(zipped(one, "top"))
    assert whole == b"".join(zipped(other, "top"))
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        assert {each: read.read(each) for each in read.namelist()} == {
            f"top/{name}": data for name, data in files.items()
        }


def test_it_comes_in_portions_and_says_the_time_in_utc_and_what_is_a_program(
    tmp_path: Path,
) -> None:
    big = os.urandom(3 * PORTION + 17)
    folder = laid(tmp_path / "case", {"big.bin": big, "verify.py": b"pass\n"})
    (folder / "verify.py").chmod(0o755)
    portions = list(zipped(folder, "case"))
    assert max(map(len, portions)) <= PORTION + 200
    with zipfile.ZipFile(io.BytesIO(b"".join(portions))) as read:
        assert read.read("case/big.bin") == big
        about = {each.filename: each for each in read.infolist()}
    assert about["case/big.bin"].date_time == (2013, 4, 16, 0, 0, 0)
    assert about["case/verify.py"].external_attr >> 16 & 0o777 == 0o755
    assert about["case/big.bin"].external_attr >> 16 & 0o777 == 0o644


def test_a_file_beyond_the_old_limit_of_zip_goes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
    folder = laid(tmp_path / "case", {"big.bin": bytes(5000), "small": b"x"})
    whole = b"".join(zipped(folder, "case"))
    with zipfile.ZipFile(io.BytesIO(whole)) as read:
        assert read.testzip() is None
        assert read.read("case/big.bin") == bytes(5000)
