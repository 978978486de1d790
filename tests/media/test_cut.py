"""A part by stream copy: what naive tools leak, and its absence here."""

import hashlib
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import footage
from dalil.errors import Altered, CannotCutHere
from dalil.media import container, gop
from dalil.media.cut import (
    CutPlan,
    SealedTiming,
    plan_cut,
    remux,
    timeline_start,
    write_cut,
)
from media.conftest import Clips, SealedClip, Sealer
from peers import need

MS = 1_000_000


def plan(clip: SealedClip, start_ms: int, end_ms: int, **muted: object) -> CutPlan:
    return plan_cut(clip.tables, clip.path, start_ms * MS, end_ms * MS, **muted)  # type: ignore[arg-type]


def film_units(clip: SealedClip, cut: CutPlan) -> list[int]:
    units = clip.tables.units_at(cut.published)
    return [unit.j for unit in units if unit.stream == cut.film]


@pytest.mark.parametrize(
    ("name", "ending"),
    [("bframes.mp4", "mp4"), ("editlist.mp4", "mp4"), ("stream.ts", "ts"), ("motion.avi", "mkv")],
)
def test_whole_gops_leave_byte_for_byte(
    name: str, ending: str, clips: Clips, tmp_path: Path
) -> None:
    clip = clips(name)
    chosen = plan(clip, 420, 700)
    cut = write_cut(clip.tables, chosen, clip.path, tmp_path / "part")
    assert (cut.container, cut.path.name) == (ending, f"part.{ending}")
    sealed = clip.tables.units_at(chosen.published)
    there = sorted((p.size, p.sha256) for p in container.reread(cut.path).packets)
    assert there == sorted((u.size, u.sha256) for u in sealed)
    assert 0 < chosen.from_ns <= 420 * MS < 700 * MS <= chosen.to_ns


@pytest.mark.parametrize("name", ["bframes.mp4", "motion.avi"])
def test_each_unit_stands_where_it_is_said_to(name: str, clips: Clips, tmp_path: Path) -> None:
    clip = clips(name)
    cut = write_cut(clip.tables, plan(clip, 420, 700), clip.path, tmp_path / "part")
    data = cut.path.read_bytes()
    for placed in cut.placed:
        (unit,) = clip.tables.units(placed.place, placed.place + 1)
        part = data[placed.offset : placed.offset + placed.size]
        assert hashlib.sha256(part).digest() == unit.sha256


def test_in_a_transport_stream_offsets_count_along_the_elementary_stream(
    clips: Clips, tmp_path: Path
) -> None:
    clip = clips("stream.ts")
    cut = write_cut(clip.tables, plan(clip, 420, 700), clip.path, tmp_path / "part")
    for number, kind in enumerate(("h264", "adts")):
        raw = subprocess.run(
            [need("ffmpeg"), "-v", "error", "-i", str(cut.path), "-map", f"0:{number}",
             "-c", "copy", "-f", kind, "-"],
            capture_output=True, check=True,
        ).stdout  # fmt: skip
        units = clip.tables.units_at([placed.place for placed in cut.placed])
        here = [(p, u) for p, u in zip(cut.placed, units, strict=True) if u.stream == number]
        for placed, unit in here:
            part = raw[placed.offset : placed.offset + placed.size]
            assert hashlib.sha256(part).digest() == unit.sha256


def test_no_picture_from_before_the_part_travels_along(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    naive = tmp_path / "naive.mp4"
    subprocess.run(
        [need("ffmpeg"), "-v", "error", "-ss", "0.72", "-i", str(clip.path), "-t", "0.4",
         "-c", "copy", str(naive)],
        check=True,
    )  # fmt: skip
    shown = [p for p in container.reread(naive).packets if p.stream == 0]
    assert len(shown) > 12, "the naive tool should leak pictures behind an edit list"

    chosen = plan(clip, 720, 1120)
    cut = write_cut(clip.tables, chosen, clip.path, tmp_path / "part")
    ours = [p for p in container.reread(cut.path).packets if p.stream == 0]
    assert film_units(clip, chosen) == list(range(10, 30))
    assert len(ours) == 20
    assert (chosen.from_ns, chosen.to_ns) == (400 * MS, 1200 * MS)


def test_nothing_of_the_source_container_travels_along(
    seal_file: Sealer, clips: Clips, tmp_path: Path
) -> None:
    told = tmp_path / "told.mp4"
    chapters = tmp_path / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\ntitle=Secret place\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\n"
        "title=Secret hour\n"
    )
    subprocess.run(
        [need("ffmpeg"), "-v", "error", "-i", str(clips("bframes.mp4").path), "-i", str(chapters),
         "-map_metadata", "1", "-map_chapters", "1", "-c", "copy", "-metadata",
         "location=+33.5102+036.2913/", "-metadata", "comment=Secret comment", "-metadata",
         "creation_time=2013-04-16T10:00:00Z", "-metadata:s:v", "handler_name=Secret camera",
         "-timecode", "10:00:00:00", "-movflags", "use_metadata_tags", str(told)],
        check=True,
    )  # fmt: skip
    naive = tmp_path / "naive.mp4"
    subprocess.run(
        [need("ffmpeg"), "-v", "error", "-i", str(told), "-t", "0.5", "-c", "copy", str(naive)],
        check=True,
    )  # fmt: skip
    assert b"Secret" in naive.read_bytes(), "the naive tool should carry metadata along"

    clip = seal_file(told)
    cut = write_cut(clip.tables, plan(clip, 420, 700), clip.path, tmp_path / "part")
    data = cut.path.read_bytes()
    for word in (b"Secret", b"+33.51", b"tmcd", b"chap", b"Lavf"):
        assert word not in data
    assert data[data.index(b"mvhd") + 8 : data.index(b"mvhd") + 16] == bytes(8)
    assert {s.kind for s in container.reread(cut.path).streams} == {"video", "audio"}


def open_gop(tmp_path: Path, seal_file: Sealer, **changes: object) -> SealedClip:
    clip = replace(footage.QUICK[0], **changes)  # type: ignore[arg-type]
    return seal_file(clip.make(tmp_path))


def test_what_ffmpeg_only_flags_as_key_is_refused(seal_file: Sealer, tmp_path: Path) -> None:
    options = {"g": "10", "bf": "2", "x264-params": "scenecut=0:open-gop=1"}
    clip = open_gop(tmp_path, seal_file, name="open.mp4", options=options)
    flagged = [u.j for u in clip.tables.units(0, clip.tables.count) if u.stream == 0 and u.key]
    assert len(flagged) > 3
    with pytest.raises(CannotCutHere, match="leans on"):
        plan(clip, 900, 1100)
    assert film_units(clip, plan(clip, 0, 200))[0] == 0


def test_intra_refresh_is_refused_beyond_its_first_picture(
    seal_file: Sealer, tmp_path: Path
) -> None:
    options = {"g": "10", "x264-params": "intra-refresh=1:scenecut=0"}
    clip = open_gop(tmp_path, seal_file, name="refresh.mp4", options=options)
    with pytest.raises(CannotCutHere):
        plan(clip, 900, 1100)


def test_cra_pictures_of_hevc_are_refused(clips: Clips) -> None:
    with pytest.raises(CannotCutHere, match="leans on"):
        plan(clips("tenbit.mov"), 500, 700)


def sei(kind: int, payload: bytes) -> bytes:
    return b"\x06" + bytes([kind, len(payload)]) + payload + b"\x80"


CAPTION = b"\xb5\x00\x31GA94\x03\x41\xff\xfc\x94\x2c\xff"


@pytest.mark.parametrize(
    ("nal", "what", "harmless"),
    [
        (sei(4, CAPTION), "captions", False),
        (sei(5, bytes(16) + b"place"), "user data", False),
        (sei(5, gop.X264 + b"x264 - core 164"), "user data", True),
        (sei(1, bytes(9)), "a time code", False),
    ],
)
def test_what_rides_in_the_picture_data_is_found(nal: bytes, what: str, harmless: bool) -> None:  # noqa: FBT001
    for size in (1, 2, 4):
        stream = gop.Bitstream("h264", size)
        packet = len(nal).to_bytes(size, "big") + nal + (2).to_bytes(size, "big") + b"\x65\x88"
        assert gop.riders(stream, packet) == [gop.Rider(what, harmless)]
        assert gop.beginning(stream, packet) is gop.Begin.CLEAN
    annex_b = gop.Bitstream("h264", 0)
    assert gop.riders(annex_b, b"\0\0\0\1" + nal + b"\0\0\1\x65") == [gop.Rider(what, harmless)]


def test_captions_of_the_source_force_the_tile_route(
    seal_file: Sealer, clips: Clips, tmp_path: Path
) -> None:
    path = tmp_path / "captions.ts"
    data = clips("stream.ts").path
    subprocess.run(
        [need("ffmpeg"), "-v", "error", "-i", str(data), "-c", "copy", "-bsf:v",
         "h264_metadata=sei_user_data=086f3693b7b34f2c965321492feee5b8+place", str(path)],
        check=True,
    )  # fmt: skip
    naive = tmp_path / "naive.ts"
    subprocess.run(
        [need("ffmpeg"), "-v", "error", "-i", str(path), "-t", "1", "-c", "copy", str(naive)],
        check=True,
    )
    assert b"place" in naive.read_bytes(), "the naive tool should carry user data along"
    with pytest.raises(CannotCutHere, match="user data"):
        plan(seal_file(path), 0, 200)


def test_an_encoders_banner_is_let_through_and_told(clips: Clips) -> None:
    assert plan(clips("bframes.mp4"), 0, 200).warnings == ("an encoder's banner (user data)",)
    assert plan(clips("bframes.mp4"), 420, 700).warnings == ()


def test_muted_sound_stays_in_the_run_and_out_of_the_file(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    loud = plan(clip, 420, 1100)
    quiet = plan(clip, 420, 1100, muted=[(600 * MS, 800 * MS)])
    assert (quiet.first, quiet.last) == (loud.first, loud.last)
    silent = set(loud.published) - set(quiet.published)
    units = clip.tables.units_at(sorted(silent))
    assert {unit.stream for unit in units} == {1}
    spoken = sorted((u.pts_ns or 0) - timeline_start(clip.tables, loud.film) for u in units)
    # One packet more on each side: sound overlaps into its neighbours.
    assert spoken[1] <= 600 * MS < spoken[2]
    assert spoken[-2] < 800 * MS <= spoken[-1]
    cut = write_cut(clip.tables, quiet, clip.path, tmp_path / "part")
    hidden = {unit.sha256 for unit in units}
    assert not hidden & {packet.sha256 for packet in container.reread(cut.path).packets}


def test_sound_has_one_packet_more_on_each_side(clips: Clips) -> None:
    clip = clips("bframes.mp4")
    chosen = plan(clip, 420, 700)
    zero = timeline_start(clip.tables, chosen.film)
    heard = [u for u in clip.tables.units_at(chosen.published) if u.stream == 1]
    inside = [
        u for u in heard
        if u.pts_ns is not None
        and u.pts_ns + u.duration_ns > zero + chosen.from_ns
        and u.pts_ns < zero + chosen.to_ns
    ]  # fmt: skip
    assert len(heard) == len(inside) + 2


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (700, 700), (900, 800), (99_000, 99_500)])
def test_a_stretch_that_is_none_is_refused(start: int, end: int, clips: Clips) -> None:
    with pytest.raises(CannotCutHere):
        plan(clips("bframes.mp4"), start, end)


def test_a_changed_original_is_not_cut(clips: Clips, tmp_path: Path) -> None:
    clip = clips("bframes.mp4")
    units = clip.tables.units(60, 62)
    data = bytearray(clip.path.read_bytes())
    assert units[0].offset is not None
    data[units[0].offset + 3] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(data)
    with pytest.raises(Altered):
        list(container.packet_bytes(changed, units))


def test_verified_packets_play_at_their_sealed_times_and_unturned(
    seal_file: Sealer, tmp_path: Path
) -> None:
    turned = next(clip for clip in footage.LONG if clip.rotated)
    clip = seal_file(turned.make(tmp_path))
    chosen = plan(clip, 420, 700)
    cut = write_cut(clip.tables, chosen, clip.path, tmp_path / "part")
    units = clip.tables.units_at([placed.place for placed in cut.placed])
    late = [
        SealedTiming(
            u.stream, u.order_ns * 2, None if u.pts_ns is None else u.pts_ns * 2,
            u.duration_ns * 2, u.key,
        )
        for u in units
    ]  # fmt: skip
    remux(cut.path, late, tmp_path / "play.mp4")
    played = container.reread(tmp_path / "play.mp4")
    assert sorted(p.sha256 for p in played.packets) == sorted(u.sha256 for u in units)
    film = sorted(p.pts_ns for p in played.packets if p.stream == 0 and p.pts_ns is not None)
    assert {round((b - a) / MS) for a, b in pairwise(film)} == {80}
    matrix = (tmp_path / "play.mp4").read_bytes()
    at = matrix.index(b"tkhd") + 44
    assert matrix[at : at + 4] == (1 << 16).to_bytes(4, "big")
