"""Whatever the input: an answer in our own words, never a traceback, nothing opened outside."""

import json
import os
import random
import sqlite3
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.kernel import canonical as kernel_canonical
from dalil.verifier import verify
from dalil.verifier.verify import (
    Custody,
    Folder,
    Report,
    Verdict,
    Wanted,
    check_exhibits,
    decode_png,
    examine,
    from_canonical,
    tile_path,
)
from verifier.handed import Handed
from verifier.test_forged_case_file import codes, rebag
from verifier.test_one_flipped_bit import files_below, sentences

LISTED = "data/case.json"
SECRET = "the secret of somebody else"


def line(name: str) -> bytes:
    """Return a manifest line with a digest of nothing in particular."""
    return b"0" * 64 + b"  " + name.encode() + b"\n"


@pytest.mark.parametrize(
    "name",
    ["../secret", "data/../../secret", "/etc/passwd", "data/./x", "C:\\x", "data/%0A", "~root"],
)
def test_a_path_in_a_manifest_reaches_nothing_outside(case: Path, name: str) -> None:
    (case.parent / "secret").write_text(SECRET)
    manifest = case / "manifest-sha256.txt"
    manifest.write_bytes(manifest.read_bytes() + line(name))
    report = examine(str(case))
    assert report.exit_code == 1
    assert SECRET not in " ".join(sentences(report))


@pytest.mark.parametrize("name", ["data/case.json", "data/log/checkpoint", "manifest-sha256.txt"])
def test_a_link_is_not_followed(case: Path, name: str) -> None:
    whole = (case / name).read_bytes()
    (case / name).unlink()
    outside = case.parent / "outside"
    outside.write_bytes(whole)
    (case / name).symlink_to(outside)
    assert "not-a-file" in codes(examine(str(case)))


def test_a_pipe_does_not_make_it_wait(case: Path) -> None:
    os.mkfifo(case / "data" / "pipe")
    assert "not-a-file" in codes(examine(str(case)))


JSONS = {
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000,
    "huge number": b'{"v":' + b"9" * 5000 + b"}",
    "fraction": b'{"v":1.0}',
    "infinity": b'{"v":Infinity}',
    "twice": b'{"v":1,"v":1}',
    "list": b"[]",
    "null": b"null",
    "text": b'"dalil"',
    "nothing": b"",
    "latin": b'{"v":"\xe9"}',
    "surrogate": b'{"v":"\\ud800"}',
    "types": b'{"exhibits":7,"kind":"dalil-case-file","log_size":[],"origin":{},"v":1}',
    "next version": b'{"kind":"dalil-case-file","v":2}',
}


@pytest.mark.parametrize("how", JSONS)
def test_crafted_json_is_refused_in_our_own_words(case: Path, how: str) -> None:
    (case / LISTED).write_bytes(JSONS[how])
    rebag(case)
    report = examine(str(case))
    assert report.exit_code == (3 if how == "next version" else 1)
    assert any(LISTED in said for said in sentences(report))


@pytest.mark.parametrize("wrong", [None, 7, [], {}, "0001", -1], ids=str)
def test_an_exhibit_of_wrong_types_gives_an_answer(handed: Handed, wrong: object) -> None:
    """The exhibits alone are read here: a whole check for each field would take long."""
    folder = Folder(str(handed.case))
    case = json.loads((handed.case / LISTED).read_bytes())
    report = Report("case-file", "x")
    folder.digest_all([n for n in folder.files if "exhibits" in n], report)
    good = case["exhibits"][0]
    custody = Custody(report, whole=False)
    for field in set(good) - {"title", "custody", "taken_in_seqs"}:
        changed = {**case, "exhibits": [{**good, field: wrong}]}
        report = Report("case-file", "x")
        with report.about(LISTED):
            check_exhibits(report, folder, changed, custody, Wanted(None, None))
        assert report.has("broken") or report.has("missing"), field


def check_garbage(root: Path, seed: int, share: int) -> None:
    """Put garbage into every ``share``-th file in turn; demand an answer each time."""
    chance = random.Random(seed)
    for path in files_below(root)[seed % share :: share]:
        whole = path.read_bytes()
        path.chmod(0o644)
        cut = chance.randrange(len(whole))
        path.write_bytes(whole[:cut] + chance.randbytes(chance.choice([0, 64])))
        assert examine(str(root)).exit_code in {1, 3}, path
        path.write_bytes(whole)


def test_garbage_in_some_files_of_a_case_file_gives_an_answer(case: Path) -> None:
    check_garbage(case, 0, 5)


def test_garbage_in_some_files_of_an_archive_gives_an_answer(archive: Path) -> None:
    check_garbage(archive, 0, 5)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_garbage_in_any_file_gives_an_answer(case: Path, archive: Path, seed: int) -> None:
    check_garbage(case, seed, 1)
    check_garbage(archive, seed, 1)


def test_a_view_in_place_of_the_acts_is_refused(archive: Path) -> None:
    """A view could count for ever."""
    store = archive / "acts.sqlite"
    store.unlink()
    with sqlite3.connect(store) as rows:
        endless = (
            "CREATE VIEW acts AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
            " SELECT i AS seq, '' AS jwt, '' AS disclosures, x'' AS entry FROM n"
        )
        rows.execute(endless)
    rows.close()
    report = examine(str(archive))
    assert report.exit_code == 1
    assert any("acts.sqlite" in said for said in sentences(report))


def test_acts_that_are_numbered_far_apart_do_not_make_it_count_for_ever(archive: Path) -> None:
    with sqlite3.connect(archive / "acts.sqlite") as rows:
        rows.execute("UPDATE acts SET seq = 9000000000000000000 WHERE seq = 6")
    rows.close()
    assert "act-missing" in codes(examine(str(archive)))


def test_a_file_that_unpacks_to_more_than_it_says_is_not_unpacked() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    bomb = zlib.compress(bytes(50_000_000), 9)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", bomb) + chunk(b"IEND", b"")
    with pytest.raises(Verdict):
        decode_png(png, 8, 8, 1)


def test_a_row_of_a_png_is_what_the_five_filters_say() -> None:
    rows = [bytes(range(10, 18)), bytes(range(20, 28))]
    for kind, made in FILTERS.items():
        raw = b"\0" + rows[0] + bytes([kind]) + made(rows[1], rows[0])
        assert verify.unfiltered(kind, raw[10:], rows[0], 1) == rows[1]


def _paeth(row: bytes, above: bytes) -> bytes:
    guesses = [
        verify.paeth(a, b, c) for a, b, c in zip(b"\0" + row, above, b"\0" + above, strict=False)
    ]
    return bytes((x - g) & 255 for x, g in zip(row, guesses, strict=True))


FILTERS: dict[int, Callable[[bytes, bytes], bytes]] = {
    0: lambda row, _: row,
    1: lambda row, _: bytes((x - a) & 255 for x, a in zip(row, b"\0" + row, strict=False)),
    2: lambda row, above: bytes((x - b) & 255 for x, b in zip(row, above, strict=True)),
    3: lambda row, above: bytes(
        (x - (a + b) // 2) & 255 for x, a, b in zip(row, b"\0" + row, above, strict=False)
    ),
    4: _paeth,
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_both_readers_agree_on_canonical_json(value: object) -> None:
    try:
        data = kernel_canonical.encode(value)
    except Exception:  # noqa: BLE001 - what the kernel does not write, the verifier need not read
        return
    assert from_canonical(data) == value


@given(st.binary(max_size=300))
def test_no_bytes_make_a_parser_stumble_outside_our_words(data: bytes) -> None:
    report = verify.Report("?", "x")
    parsers: tuple[Callable[[], object], ...] = (
        lambda: verify.parse_time_answer(data),
        lambda: verify.from_canonical(data),
        lambda: verify.parse_act(data.decode("latin-1")),
        lambda: verify.parse_log_proof(data.decode("latin-1")),
        lambda: verify.read_keys(data),
        lambda: verify.parse_manifest(data, 64),
        lambda: list(verify.png_chunks(data)),
        lambda: verify.boxes(data),
        lambda: verify.specific_info(data),
        lambda: verify.pes_header(data),
    )
    for parse in parsers:
        with report.about("x"):
            parse()


@pytest.mark.parametrize(
    ("number", "path"), [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")]
)
def test_tiles_lie_where_c2sp_puts_them(number: int, path: str) -> None:
    assert tile_path(number) == path
