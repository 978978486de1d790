"""A file is whole or absent, one writer at a time, and a full disk is said to be full."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dalil.engines.files import locked, make_folders, write_durably
from dalil.errors import ArchiveBusy

FALLS = 5  # write, fsync of the file, rename, fsync of the folder, and then none


def _python(source: str, *words: object, **extra: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(each for each in sys.path if each)
    return subprocess.run(
        [sys.executable, "-c", source, *map(str, words)],
        env={**os.environ, "PYTHONPATH": path, **extra},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fall_at_any_point_leaves_the_old_bytes_or_the_new(tmp_path: Path) -> None:
    source = (
        "import sys; from pathlib import Path; from dalil.engines.files import write_durably\n"
        "write_durably(Path(sys.argv[1]), b'new')\n"
    )
    seen = []
    for turn in range(1, FALLS + 1):
        path = tmp_path / f"file-{turn}"
        write_durably(path, b"old")
        fell = _python(source, path, DALIL_FAILPOINT=f"any:{turn}")
        seen.append((fell.returncode, path.read_bytes()))
        write_durably(path, b"later")
        assert path.read_bytes() == b"later"
        assert not path.with_name(path.name + ".part").exists()
    assert seen == [(-9, b"old")] * 3 + [(-9, b"new"), (0, b"new")]


def test_a_failpoint_counts_its_own_kind(tmp_path: Path) -> None:
    source = (
        "import sys; from pathlib import Path; from dalil.engines.files import write_durably\n"
        "for i in range(3): write_durably(Path(sys.argv[1]) / str(i), b'x')\n"
    )
    assert _python(source, tmp_path, DALIL_FAILPOINT="rename:2").returncode == -9
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1.part"]


def test_a_full_disk_is_said_to_be_full_and_the_old_bytes_stay(tmp_path: Path) -> None:
    source = (
        "import resource, sys; from pathlib import Path\n"
        "from dalil.engines.files import write_durably; from dalil.errors import NoSpace\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_durably(Path(sys.argv[1]), b'x' * 2000)\n"
        "except NoSpace as full: print(full.happened)\n"
    )
    path = tmp_path / "file"
    write_durably(path, b"old")
    assert _python(source, path).stdout == "The disk is full.\n"
    assert path.read_bytes() == b"old"


def test_a_written_file_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    write_durably(tmp_path / "secret", b"x", 0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_folders_are_made_at_any_depth_and_twice(tmp_path: Path) -> None:
    for _ in range(2):
        make_folders(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_a_lock_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    with locked(tmp_path / "lock"), pytest.raises(ArchiveBusy), locked(tmp_path / "lock", 0.1):
        pass
    taken = threading.Event()

    def hold() -> None:
        with locked(tmp_path / "lock"):
            taken.set()
            time.sleep(0.2)

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    with locked(tmp_path / "lock", 5):
        pass
    thread.join()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    source = (
        "import os, sys; from pathlib import Path; from dalil.engines.files import locked\n"
        "with locked(Path(sys.argv[1])): os.kill(os.getpid(), 9)\n"
    )
    assert _python(source, tmp_path / "lock").returncode == -9
    with locked(tmp_path / "lock", 0):
        pass
