"""All against all, and files from outside: the same answer in whichever order things came."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dalil.errors import UsageRefused
from dalil.intake.listing import items
from dalil.intake.take_in import take_in
from dalil.match.found import SAME, Found
from dalil.match.held.catalogue import Catalogue, path_of
from dalil.match.search import find_copies, match_all
from dalil.vault.derived import DERIVED
from intake.reception import open_reception
from match.copying import filmed, recoded_without_loss, remuxed

SECOND = 10**9


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of two scenes, a remux and a cut of the one, and a part recoded."""
    folder = tmp_path_factory.mktemp("clips")
    whole = filmed(folder / "whole.mp4", 7)
    filmed(folder / "other.mp4", 8, 50)
    remuxed(whole, folder / "cut.mkv", 1)
    recoded_without_loss(whole, folder / "part.mkv", 20, 60)
    return folder


Archive = Callable[[Sequence[Sequence[str]]], Path]


@pytest.fixture
def archive(tmp_path: Path, clips: Path) -> Archive:
    """Return what makes an archive that takes in clips, so many at a time, compared in between."""

    def made(batches: Sequence[Sequence[str]]) -> Path:
        place = tmp_path / f"archive-{len(list(tmp_path.iterdir()))}"
        reception = open_reception(place)
        for batch in batches:
            take_in(place, [clips / name for name in batch], reception.signer)
            match_all(place)
        return place

    return made


def told(archive: Path) -> set[tuple[str, ...]]:
    """Return what was found, by what each item is rather than by its number."""
    return {_told(each, _named(archive)) for each in Catalogue.open(archive).leads()}


def _told(found: Found, names: dict[str, str]) -> tuple[str, ...]:
    pieces = [((p.a_from_ns, p.a_to_ns), (p.b_from_ns, p.b_to_ns)) for p in found.pieces]
    both = sorted([(names[found.a], 0), (names[found.b], 1)])
    sides = [str([piece[side] for piece in pieces]) for _, side in both]
    return (both[0][0], both[1][0], found.verdict, *sides)


def _named(archive: Path) -> dict[str, str]:
    return {each.item: each.name_text for each in items(archive)}


def test_the_order_of_coming_changes_nothing(archive: Archive) -> None:
    once = told(archive([["whole.mp4", "other.mp4", "cut.mkv"]]))
    one_by_one = told(archive([["cut.mkv"], ["other.mp4"], ["whole.mp4"]]))
    assert once == one_by_one
    assert [each[:3] for each in once] == [("cut.mkv", "whole.mp4", SAME)]


def test_only_what_is_new_is_compared_and_from_scratch_it_comes_to_the_same(
    archive: Archive,
) -> None:
    place = archive([["whole.mp4", "other.mp4"], ["cut.mkv"]])
    before = told(place)
    again = match_all(place)
    assert (again.items, again.leads) == (0, ())
    path_of(place).unlink()
    afresh = match_all(place)
    assert afresh.items == 3
    assert told(place) == before
    assert len(list((place / DERIVED).glob("index-*"))) == 1


def test_a_query_is_found_placed_and_leaves_nothing_behind(archive: Archive, clips: Path) -> None:
    place = archive([["whole.mp4", "other.mp4"]])
    before = sorted(path for path in place.rglob("*") if "lock" not in path.name)
    killed = place / DERIVED / "asked-00"
    killed.mkdir()
    (killed / "tiles").write_bytes(b"of a question that was killed")
    (asked,) = find_copies(place, [clips / "part.mkv"])
    (lead,) = asked.leads
    assert (lead.verdict, lead.a) == (SAME, f"query:{asked.sha256}")
    assert _named(place)[lead.b] == "whole.mp4"
    (piece,) = lead.pieces
    assert abs(piece.b_from_ns - 0.8 * SECOND) < SECOND / 20
    assert sorted(path for path in place.rglob("*") if "lock" not in path.name) == before
    assert Catalogue.open(place).state().compared == 2


def test_the_same_bytes_are_found_even_before_anything_was_compared(
    tmp_path: Path,
) -> None:
    reception = open_reception(tmp_path / "archive")
    (tmp_path / "note.txt").write_bytes(b"no footage at all")
    take_in(reception.archive, [tmp_path / "note.txt"], reception.signer)
    (asked,) = find_copies(reception.archive, [tmp_path / "note.txt"])
    assert [(each.verdict, each.pieces) for each in asked.leads] == [(SAME, ())]
    assert asked.waiting == 1


def test_a_query_that_is_no_footage_is_said_to_be_none(tmp_path: Path) -> None:
    place = open_reception(tmp_path / "archive").archive
    for name, junk in (("0", b""), ("1", b"\0" * 5000), ("2", b"RIFF\xff\xff\xff\x7fAVI LIST")):
        (tmp_path / name).write_bytes(junk)
    for asked in find_copies(place, [tmp_path / name for name in "012"]):
        assert asked.leads == ()
        assert asked.problems


def test_a_query_that_is_not_there_is_refused_before_anything(tmp_path: Path) -> None:
    place = open_reception(tmp_path / "archive").archive
    with pytest.raises(UsageRefused):
        find_copies(place, [place / "nowhere.mp4"])
    assert not (place / DERIVED).exists()


def test_killed_anywhere_the_same_call_goes_on(archive: Archive) -> None:
    place = archive([["whole.mp4", "other.mp4", "cut.mkv"]])
    expected = told(place)
    killed = 0
    for crossing in (6, 13):
        path_of(place).unlink()
        environment = {**os.environ, "DALIL_FAILPOINT": f"any:{crossing}"}
        ran = subprocess.run(
            [sys.executable, "-m", "dalil", "match", str(place)],
            env=environment, capture_output=True, check=False,
        )  # fmt: skip
        killed += ran.returncode == -signal.SIGKILL
        match_all(place)
        assert told(place) == expected
    assert killed == 2


ASKED = """
import sys
from pathlib import Path
from dalil.match.search import find_copies
for archive in map(Path, sys.argv[2:]):
    (asked,) = find_copies(archive, [Path(sys.argv[1])])
    print(*(lead.verdict for lead in asked.leads), asked.waiting)
"""
PROTECTED = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'


def test_a_write_protected_archive_answers_as_far_as_it_was_compared(
    tmp_path: Path, clips: Path
) -> None:
    archives = []
    for name in ("compared", "new"):
        reception = open_reception(tmp_path / "stick" / name)
        take_in(reception.archive, [clips / "whole.mp4"], reception.signer)
        archives.append(reception.archive)
    match_all(archives[0])
    protected = ["unshare", "-rm", "sh", "-c", PROTECTED, str(tmp_path / "stick")]
    if subprocess.run([*protected, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NOT CHECKED on a write-protected disk: this user may not mount one")
    # A socket's name is short, and a test's folder is deep.
    passing = Path(tempfile.mkdtemp(prefix="passing-"))
    ran = subprocess.run(
        [*protected, sys.executable, "-c", ASKED, clips / "part.mkv", *archives],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "TMPDIR": str(passing),
        },
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout == f"{SAME} 0\n1\n", ran.stderr
    assert not list(passing.glob("dalil-*"))
    shutil.rmtree(passing)
