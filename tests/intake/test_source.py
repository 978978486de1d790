"""A source is walked whole, read once, never written to; what cannot be read is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dalil.errors import SourceChanged, SourceUnreadable, UsageRefused
from dalil.intake.source import (
    PORTION,
    Found,
    absolute,
    receive,
    receive_file,
    shown,
    sidecars_of,
    walk,
)
from dalil.kernel.digest import Hasher
from intake.reception import state_of
from peers import need

ARABIC_NFD = "كليب أحمد.mp4"


def _nothing(_count: int) -> None:
    """Take no notice."""


def test_every_file_is_found_whatever_its_name(tmp_path: Path) -> None:
    names = [b"\xff\xfe bad", b"new\nline", b"-rf", b"%s %00", ARABIC_NFD.encode(), b"a" * 255]
    folder = tmp_path / "drive"
    folder.mkdir()
    for name in names:
        (folder / os.fsdecode(name)).touch()
    found = walk(absolute([folder]), tmp_path / "archive")
    assert sorted(each.name for each in found.files) == sorted(names)
    assert found.unread == ()


def test_folders_of_any_depth_are_walked(tmp_path: Path) -> None:
    deep = tmp_path / "drive"
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "clip").write_bytes(b"x")
    [found] = walk(absolute([tmp_path / "drive"]), tmp_path / "archive").files
    assert found.name == b"d/" * 300 + b"clip"


def test_what_is_no_file_is_named_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "gone").symlink_to("/nowhere")
    os.mkfifo(folder / "pipe")
    found = walk(absolute([folder]), tmp_path / "archive")
    assert found.files == ()
    assert [each.name for each in found.unread] == ["gone", "loop", "pipe"]
    assert not any(each.refused for each in found.unread)


def test_a_file_given_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    clip = tmp_path / "drive" / "clip"
    clip.touch()
    found = walk(absolute([tmp_path / "drive", clip, clip]), tmp_path / "archive")
    assert len(found.files) == 1


@pytest.mark.parametrize("given", ["archive", "archive/originals", ".", "nowhere"])
def test_the_archive_is_not_taken_into_itself(tmp_path: Path, given: str) -> None:
    (tmp_path / "archive" / "originals").mkdir(parents=True)
    with pytest.raises(UsageRefused):
        walk(absolute([tmp_path / given]), tmp_path / "archive")


@pytest.mark.parametrize("length", [0, 1, PORTION - 1, PORTION, 5 * PORTION + 3])
def test_a_file_is_copied_and_hashed_in_one_reading(tmp_path: Path, length: int) -> None:
    data = os.urandom(length)
    clip = tmp_path / "clip"
    clip.write_bytes(data)
    os.utime(clip, ns=(1, 1366109400_123456789))
    before = state_of(tmp_path)
    target = tmp_path.parent / f"target-{length}"
    told: list[int] = []
    digests, mtime = receive_file(Found(bytes(tmp_path), b"clip", 0), target, told.append)
    hasher = Hasher()
    hasher.update(data)
    assert digests == hasher.finish()
    assert target.read_bytes() == data
    assert sum(told) == length
    assert mtime == 1366109400_123456789
    assert state_of(tmp_path) == before


def test_a_file_that_grows_once_is_read_again(tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    clip.write_bytes(b"a" * 100)
    grown: list[int] = []

    def grow_once(count: int) -> None:
        if not grown:
            with clip.open("ab") as file:
                file.write(b"b")
        grown.append(count)

    digests, _ = receive_file(Found(bytes(tmp_path), b"clip", 0), tmp_path / "out", grow_once)
    assert digests.length == 101


def test_a_file_that_keeps_changing_is_refused(tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    clip.write_bytes(b"a" * 100)

    def grow(_count: int) -> None:
        with clip.open("ab") as file:
            file.write(b"b")

    with pytest.raises(SourceChanged):
        receive_file(Found(bytes(tmp_path), b"clip", 0), tmp_path / "out", grow)


def test_a_rewrite_of_the_same_length_is_noticed(tmp_path: Path) -> None:
    clip = tmp_path / "clip"
    clip.write_bytes(b"a" * 100)
    os.utime(clip, ns=(5, 5))

    def rewrite(_count: int) -> None:
        clip.write_bytes(b"b" * 100)
        os.utime(clip, ns=(5, 5))

    with pytest.raises(SourceChanged):
        receive_file(Found(bytes(tmp_path), b"clip", 0), tmp_path / "out", rewrite)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="No such file"):
        receive_file(Found(bytes(tmp_path), b"gone", 0), tmp_path / "out", _nothing)


READER = """
import sys
from pathlib import Path
from dalil.errors import SourceUnreadable
from dalil.intake.source import Found, receive_file
try:
    receive_file(Found(sys.argv[1].encode(), b"clip", 0), Path(sys.argv[2]), lambda _: None)
except SourceUnreadable as refusal:
    print(refusal)
"""


def test_bytes_that_the_medium_does_not_give_are_told_by_range(tmp_path: Path) -> None:
    strace = need("strace")
    (tmp_path / "clip").write_bytes(bytes(3 * PORTION))
    # The kernel itself answers EIO: to the second portion, then to the first two sectors in it.
    calls = "preadv,preadv2"
    fail = f"inject={calls}:error=EIO:when=2..4"
    words = [strace, "-f", "-o", "/dev/null", "-e", f"trace={calls}", "-e", fail]
    path = os.pathsep.join(each for each in sys.path if each)
    out = subprocess.run(
        [*words, sys.executable, "-c", READER, tmp_path, tmp_path / "out"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "clip: bytes 1048576-1056767 (tried from 1048576 to 3145727 of 3145728)" in out


def test_a_stream_is_received_like_a_file(tmp_path: Path) -> None:
    parts = [b"one", b"two", b""]

    def fill(buffer: memoryview) -> int:
        part = parts.pop(0)
        buffer[: len(part)] = part
        return len(part)

    assert receive(fill, tmp_path / "out", _nothing).length == 6
    assert (tmp_path / "out").read_bytes() == b"onetwo"


def test_sidecars_are_found_by_stem_and_by_whole_name() -> None:
    names = [b"/d/clip.mp4", b"/d/clip.srt", b"/d/clip.mp4.json", b"/d/other.txt", b"/e/clip.srt"]
    assert sidecars_of(names) == {b"/d/clip.mp4": (b"clip.srt", b"clip.mp4.json")}


def test_a_name_that_is_no_text_is_shown_unmistakably() -> None:
    assert shown(b"\xd9\x83\xff") == "ك\\xff"
