"""Pictures shown again: the same samples, and nothing of what is hidden."""

import hashlib
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import footage
from dalil.errors import Altered, CannotCutHere
from dalil.media import container, render, tiles
from dalil.media.cut import plan_cut
from dalil.media.render import Shown
from media.conftest import Clips, SealedClip

MS = 1_000_000
EVERY = [clip.name for clip in footage.LONG if clip.name != "rgb.mov"]
NAMES = ["bframes.mp4", "odd.mkv", "tenbit.mov", "motion.avi",
         *(pytest.param(name, marks=pytest.mark.long) for name in EVERY)]  # fmt: skip


def shown(clip: SealedClip, start_ms: int = 200, end_ms: int = 480) -> list[Shown]:
    return list(render.pictures_of(clip.tables, clip.path, start_ms * MS, end_ms * MS))


def hide(pictures: list[Shown], hidden: frozenset[int]) -> list[Shown]:
    return [replace(each, picture=each.picture.without(hidden)) for each in pictures]


def rows_of_png(data: bytes) -> tuple[int, int, int, bytes]:
    """Read a PNG by its standard: (width, height, bits, samples)."""
    at, found = 8, {}
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + body) == int.from_bytes(
            data[at + 8 + size : at + 12 + size], "big"
        )
        found[kind] = body
        at += 12 + size
    assert set(found) == {b"IHDR", b"IDAT", b"IEND"}, "no room for metadata"
    width, height, bits, colour, *_ = struct.unpack(">IIBBBBB", found[b"IHDR"])
    line = width * bits // 8 * {0: 1, 2: 3}[colour]
    raw = zlib.decompress(found[b"IDAT"])
    rows = [raw[i : i + line + 1] for i in range(0, len(raw), line + 1)]
    assert {row[0] for row in rows} == {0}
    return width, height, bits, b"".join(row[1:] for row in rows)


@pytest.mark.parametrize("name", NAMES)
def test_a_rendition_without_hiding_gives_the_sealed_tiles_again(
    name: str, clips: Clips, tmp_path: Path
) -> None:
    clip = clips(name)
    pictures = shown(clip)
    assert pictures
    render.write_rendition(clip.tables, clip.path, pictures, tmp_path / "all.mkv")
    again = list(render.rendition_pictures(tmp_path / "all.mkv"))
    assert len(again) == len(pictures)
    for before, after in zip(pictures, again, strict=True):
        assert after.digests() == clip.tables.tile_digests(before.record)
        assert (after.pixels, after.matrix) == (before.picture.pixels, before.picture.matrix)
        assert after.colour_range in {before.picture.colour_range, 1}


@pytest.mark.parametrize("name", ["bframes.mp4", "odd.mkv", "tenbit.mov"])
def test_hidden_tiles_are_grey_and_all_others_as_sealed(
    name: str, clips: Clips, tmp_path: Path
) -> None:
    clip = clips(name)
    pictures = shown(clip)
    width, height = pictures[0].picture.width, pictures[0].picture.height
    hidden = tiles.tiles_touched(width, height, [(70, 10, 60, 200)])
    assert 0 < len(hidden) < -(-width // 64) * -(-height // 64)
    covered = hide(pictures, hidden)
    render.write_rendition(clip.tables, clip.path, covered, tmp_path / "hidden.mkv")
    for before, after in zip(pictures, render.rendition_pictures(tmp_path / "hidden.mkv"),
                             strict=True):  # fmt: skip
        sealed, now = clip.tables.tile_digests(before.record), after.digests()
        for tile in range(before.record.tiles):
            same = sealed[32 * tile : 32 * tile + 32] == now[32 * tile : 32 * tile + 32]
            assert same == (tile not in hidden)
        for plane, shape in zip(after.planes, tiles.planes_of(after.pixels) or (), strict=True):
            values = plane.view("<u2") if shape.step == 2 else plane
            middle = values[:, 64 >> shape.across : 128 >> shape.across]
            assert set(np.unique(middle)) == {512 if shape.step == 2 else 128}


def test_what_is_hidden_leaves_no_trace_in_what_is_written(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    pictures = shown(clip)
    hidden = frozenset({0})
    changed = []
    for each in pictures:
        planes = tuple(plane.copy() for plane in each.picture.planes)
        planes[0][:64, :64] = 200
        planes[1][:32, :32] = 9
        planes[2][:32, :32] = 250
        changed.append(replace(each, picture=replace(each.picture, planes=planes)))
    written = []
    for index, some in enumerate((pictures, changed)):
        render.write_rendition(
            clip.tables, clip.path, hide(some, hidden), tmp_path / f"{index}.mkv"
        )
        still = some[0].picture.without(hidden)
        written.append(
            [
                (tmp_path / f"{index}.mkv").read_bytes(),
                render.plane_pngs(still),
                render.colour_png(still),
            ]
        )
    assert written[0] == written[1]


def test_a_still_is_one_grey_png_a_plane_with_the_sealed_samples(clips: Clips) -> None:
    clip = clips("tenbit.mov")
    still = render.picture_at(clip.tables, clip.path, 300 * MS)
    pngs = dict(render.plane_pngs(still.picture))
    assert list(pngs) == ["y", "u", "v"]
    parts = []
    for letter, side in (("y", 64), ("u", 32), ("v", 32)):
        width, height, bits, samples = rows_of_png(pngs[letter])
        assert (width, height, bits) == ((192, 144, 16) if letter == "y" else (96, 72, 16))
        rows = np.frombuffer(samples, ">u2").reshape(height, width)[:side, :side]
        parts.append(rows.astype("<u2").tobytes())
    first = hashlib.sha256(b"".join(parts)).digest()
    assert first == clip.tables.tile_digests(still.record)[:32]


def test_the_derived_still_is_in_colour(clips: Clips) -> None:
    clip = clips("bframes.mp4")
    still = render.picture_at(clip.tables, clip.path, 300 * MS)
    width, height, bits, samples = rows_of_png(render.colour_png(still.picture))
    assert (width, height, bits, len(samples)) == (192, 144, 8, 192 * 144 * 3)


def test_the_picture_at_a_time_is_the_one_on_the_screen(clips: Clips) -> None:
    clip = clips("bframes.mp4")
    for at, number in ((0, 0), (39, 0), (40, 1), (500, 12), (1999, 49)):
        still = render.picture_at(clip.tables, clip.path, at * MS)
        assert (still.record.number, still.shown_ns) == (number, number * 40 * MS)
    for at in (-1, 99_000):
        with pytest.raises(CannotCutHere):
            render.picture_at(clip.tables, clip.path, at * MS)


def test_sound_goes_along_packet_by_packet(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    plan = plan_cut(clip.tables, clip.path, 400 * MS, 800 * MS, [(500 * MS, 600 * MS)])
    sound = [u for u in clip.tables.units_at(plan.published) if u.stream == 1]
    out = tmp_path / "sound.mkv"
    placed = render.write_rendition(clip.tables, clip.path, shown(clip, 400, 800), out, sound)
    data = out.read_bytes()
    for unit, place in zip(sound, placed, strict=True):
        part = data[place.offset : place.offset + place.size]
        assert (place.place, hashlib.sha256(part).digest()) == (unit.place, unit.sha256)
    heard = [p for p in container.reread(out).packets if p.stream == 1]
    assert len(heard) == len(sound)


def test_the_small_copy_tells_neither_place_nor_source(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    hidden = frozenset({0})
    render.write_small(hide(shown(clip, 400, 800), hidden), tmp_path / "small.mp4")
    for picture in render.rendition_pictures(tmp_path / "small.mp4"):
        covered = picture.planes[0][:48, :48].astype(int)
        assert abs(covered - 128).max() < 12
    small = container.reread(tmp_path / "small.mp4")
    assert [stream.kind for stream in small.streams] == ["video"]
    assert min(p.pts_ns for p in small.packets if p.pts_ns is not None) < 100 * MS
    assert b"Lavf" not in (tmp_path / "small.mp4").read_bytes()


def test_other_samples_than_sealed_are_refused(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    for path in clip.tables.folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    digests = bytearray((tmp_path / "tiles").read_bytes())
    digests[5] ^= 1
    (tmp_path / "tiles").write_bytes(digests)
    with pytest.raises(Altered):
        list(render.pictures_of(type(clip.tables)(tmp_path), clip.path, 0, 80 * MS))
