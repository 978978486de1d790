"""Each leak that was found in practice: shown first with a naive tool, then its absence here."""

import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from dalil.disclose.check_proof import check_published, read_proof
from dalil.disclose.excerpt import excerpt
from dalil.disclose.pictures import redact
from dalil.disclose.position import Moment
from dalil.disclose.publish import Published
from dalil.errors import CannotCutHere
from dalil.kernel.proof import OpenPacket
from dalil.media.container import reread
from disclose.evidence_room import PUBLIC, Room, canaries_in, seal_clip
from peers import need

Planes = NDArray[np.uint8]
SECOND = 10**9
# User data (H.264, D.1.7) under an identifier that is nobody's.
SEI = "086f3693-b7b3-4f2c-9653-21492feee5b8+CANARY-GPS-33.4871"


def ffmpeg(*words: str | Path) -> None:
    """Run FFmpeg's own program."""
    command = [need("ffmpeg"), "-v", "error", "-nostdin", "-y", *map(str, words)]
    subprocess.run(command, check=True, capture_output=True)


def shown_and_held(path: Path) -> tuple[int, int]:
    """Return how many pictures a player shows, and how many packets the file holds."""
    with av.open(path) as opened:
        shown = sum(1 for _ in opened.decode(video=0))
    held = [each for each in reread(path).packets if each.stream == 0]
    return shown, len(held)


def test_a_stream_copy_from_between_key_frames_keeps_earlier_pictures(
    room: Room, tmp_path: Path
) -> None:
    naive = tmp_path / "naive.mp4"
    ffmpeg("-ss", "2.9", "-i", room.original, "-t", "0.5", "-c", "copy", naive)
    shown, held = shown_and_held(naive)
    assert held > shown + 5
    made = excerpt(
        room.archive, room.item, Moment(29 * 10**8), Moment(34 * 10**8), PUBLIC, room.signer,
        tmp_path / "ours",
    )  # fmt: skip
    shown, held = shown_and_held(made.files[0])
    # All that is in the file is shown, and said to be: whole groups of pictures, from 2 to 4 s.
    assert shown == held == 24
    assert (made.from_ns, made.to_ns) == (2 * SECOND, 4 * SECOND)


def test_a_containers_metadata_travels_along(
    room: Room, public: Published, redacted: Published, tmp_path: Path
) -> None:
    naive = tmp_path / "naive.mp4"
    ffmpeg("-i", room.original, "-t", "1", "-c", "copy", "-movflags", "use_metadata_tags", naive)
    assert "CANARY-DEVICE-7733" in canaries_in(naive.read_bytes())
    for part in (public, redacted):
        assert all(canaries_in(path.read_bytes()) == [] for path in part.folder.iterdir())


def test_chapters_subtitles_and_a_second_sound_travel_along(room: Room, tmp_path: Path) -> None:
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,000 --> 00:00:05,000\nCANARY-SUBTITLE\n")
    chapters = tmp_path / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=3\ntitle=CANARY-CHAPTER\n"
    )
    clip, naive = tmp_path / "clip.mkv", tmp_path / "naive.mkv"
    ffmpeg(
        "-i", room.original, "-i", words, "-i", chapters, "-f", "lavfi", "-i", "sine=d=6",
        "-map", "0:v", "-map", "0:a", "-map", "3:a", "-map", "1", "-map_chapters", "2",
        "-c:v", "copy", "-c:a", "aac", "-c:s", "srt", clip,
    )  # fmt: skip
    ffmpeg("-i", clip, "-map", "0", "-t", "2", "-c", "copy", naive)
    assert b"CANARY-SUBTITLE" in naive.read_bytes()
    assert b"CANARY-CHAPTER" in naive.read_bytes()
    item = seal_clip(room.archive, room.signer, clip)
    begin, end = Moment(2 * SECOND), Moment(3 * SECOND)
    made = excerpt(room.archive, item, begin, end, PUBLIC, room.signer, tmp_path / "ours")
    data = b"".join(path.read_bytes() for path in made.folder.iterdir())
    assert b"CANARY" not in data
    assert [each.kind for each in reread(made.files[0]).streams] == ["video", "audio"]
    # What was left out stands in the run, counted: the second sound and the subtitle.
    kinds = {unit.config for unit in read_proof(made.proof).units if unit.packet.__class__ is bytes}
    assert len(kinds) >= 2
    with pytest.raises(CannotCutHere, match="order of showing"):
        excerpt(room.archive, item, Moment(0), begin, PUBLIC, room.signer, tmp_path / "start")
    assert check_published(made.proof, room.vkeys).withheld == made.withheld > 0


def test_data_inside_the_picture_stream_cannot_be_taken_out(room: Room, tmp_path: Path) -> None:
    clip, naive = tmp_path / "clip.mp4", tmp_path / "naive.mp4"
    ffmpeg("-i", room.original, "-c", "copy", "-bsf:v", f"h264_metadata=sei_user_data={SEI}", clip)
    ffmpeg("-i", clip, "-t", "1", "-c", "copy", "-map_metadata", "-1", naive)
    assert b"CANARY-GPS" in naive.read_bytes()
    item = seal_clip(room.archive, room.signer, clip)
    begin, end = Moment(0), Moment(SECOND // 2)
    with pytest.raises(CannotCutHere, match="user data"):
        excerpt(room.archive, item, begin, end, PUBLIC, room.signer, tmp_path / "refused")
    assert not (tmp_path / "refused").exists()
    made = redact(room.archive, item, begin, end, [], PUBLIC, room.signer, tmp_path / "ours")
    assert all(b"CANARY" not in path.read_bytes() for path in made.folder.iterdir())
    assert check_published(made.proof, room.vkeys).tiles_withheld == 0


def luma(path: Path, stream: int = 0) -> list[Planes]:
    """Return the luma plane of every picture of a film."""
    with av.open(path) as opened:
        frames = opened.decode(opened.streams.video[stream])
        return [np.asarray(frame.to_ndarray()[: frame.height], np.uint8) for frame in frames]


def test_a_layer_on_top_leaves_the_picture_below(
    room: Room, redacted: Published, tmp_path: Path
) -> None:
    black, naive = tmp_path / "black.mp4", tmp_path / "naive.mkv"
    ffmpeg("-f", "lavfi", "-i", "color=black:s=64x64:d=2:r=12", black)
    # The box is a second film, which a player is told to lay over the first.
    ffmpeg("-i", room.original, "-i", black, "-map", "0:v", "-map", "1:v", "-c", "copy", naive)
    below = luma(naive)
    assert np.array_equal(below[30], luma(room.original)[30])
    for picture in luma(redacted.files[0]):
        assert np.all(picture[64:128, 64:128] == 128)


def twins() -> Iterator[Planes]:
    """Yield two pictures (I420) that differ only inside the tile at 64,64."""
    base = np.full((192 * 3 // 2, 320), 110, np.uint8)
    base[:192, ::7] = 60
    for shade in (20, 230):
        twin = base.copy()
        twin[80:100, 80:100] = shade
        yield twin


def lossless(path: Path, planes: Planes) -> Path:
    """Write one second of a picture without loss."""
    with av.open(path, "w") as target:
        options = {"qp": "0", "g": "12"}
        stream = target.add_stream("libx264", rate=12, options=options)
        stream.width, stream.height, stream.pix_fmt = 320, 192, "yuv420p"
        for at in range(12):
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = at, Fraction(1, 12)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def test_a_blur_can_be_told_apart_and_a_hidden_tile_cannot(room: Room, tmp_path: Path) -> None:
    blurred: list[Any] = []
    ours: list[bytes] = []
    small: list[Any] = []
    for number, twin in enumerate(twins()):
        clip = lossless(tmp_path / f"{number}.mp4", twin)
        naive = tmp_path / f"{number}.naive.mkv"
        ffmpeg("-i", clip, "-vf", "boxblur=20:3", "-c:v", "ffv1", naive)
        blurred.append(luma(naive)[0][80:100, 80:100].mean())
        item = seal_clip(room.archive, room.signer, clip)
        made = redact(
            room.archive, item, Moment(0), Moment(SECOND), [(80, 80, 20, 20)], PUBLIC, room.signer,
            tmp_path / f"{number}.ours",
        )  # fmt: skip
        ours.append(b"".join(p.tobytes() for p in luma(made.files[0])))
        small.append(luma(made.files[1]))
    # Whoever knows the two candidates reads from the blur which one it was.
    assert abs(blurred[0] - blurred[1]) > 10
    assert ours[0] == ours[1]
    assert all(np.array_equal(a, b) for a, b in zip(*small, strict=True))


def test_sound_stays_under_a_covered_picture(room: Room, tmp_path: Path) -> None:
    naive = tmp_path / "naive.mp4"
    cover = "drawbox=0:0:320:192:black:fill"
    ffmpeg("-i", room.original, "-t", "1", "-vf", cover, "-c:a", "copy", naive)
    with av.open(naive) as opened:
        assert opened.streams.audio
    made = redact(
        room.archive, room.item, Moment(0), Moment(SECOND), [(0, 0, 320, 192)], PUBLIC,
        room.signer, tmp_path / "ours",
    )  # fmt: skip
    for path in made.files:
        with av.open(path) as opened:
            assert [each.type for each in opened.streams] == ["video"]
    assert not any(isinstance(u.packet, OpenPacket) for u in read_proof(made.proof).units)


def test_a_muted_part_of_a_redaction_has_no_packet_of_it(room: Room, tmp_path: Path) -> None:
    made = redact(
        room.archive, room.item, Moment(0), Moment(2 * SECOND), [], PUBLIC, room.signer,
        tmp_path / "ours", sound=True, muted=[(Moment(SECOND // 2), Moment(SECOND))],
    )  # fmt: skip
    heard = [p.pts_ns for p in reread(made.files[0]).packets if p.stream == 1]
    assert heard
    assert not [t for t in heard if t is not None and SECOND // 2 < t < SECOND]
    assert check_published(made.proof, room.vkeys).opened == made.opened


def test_a_still_has_nothing_in_it_but_samples(room: Room, picture: Published) -> None:
    for path in picture.folder.glob("*.png"):
        data, kinds, at = path.read_bytes(), [], 8
        while at < len(data):
            kinds.append(data[at + 4 : at + 8])
            at += 12 + int.from_bytes(data[at : at + 4], "big")
        assert kinds == [b"IHDR", b"IDAT", b"IEND"], path.name
    assert check_published(picture.proof, room.vkeys).tiles_withheld == 1
