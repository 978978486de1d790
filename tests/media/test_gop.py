"""What a packet says of itself, from bytes built by the standards."""

import pytest

from dalil.media import gop
from dalil.media.gop import Begin, Bitstream, Rider

MPEG2 = Bitstream("mpeg2video", 0)
MPEG4 = Bitstream("mpeg4", 0)
START = b"\0\0\1"


def group(hours: int, minutes: int, seconds: int, pictures: int) -> bytes:
    """Return an MPEG-2 group header (ISO 13818-2, 6.2.2.6) with this time code."""
    code = hours << 19 | minutes << 13 | 1 << 12 | seconds << 6 | pictures
    return START + b"\xb8" + (code << 7 | 1 << 6).to_bytes(4, "big")


def mpeg2_picture(kind: int) -> bytes:
    return START + b"\0" + (5 << 6 | kind << 3).to_bytes(2, "big") + bytes(4)


def mpeg4_picture(kind: int) -> bytes:
    return START + b"\xb6" + bytes([kind << 6]) + bytes(4)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ((0, 0, 0, 0), []),
        ((10, 0, 0, 0), [Rider("a time code", harmless=False)]),
        ((0, 0, 0, 12), [Rider("a time code", harmless=False)]),
        ((0, 1, 0, 0), [Rider("a time code", harmless=False)]),
        ((0, 0, 1, 0), [Rider("a time code", harmless=False)]),
    ],
)
def test_a_group_of_pictures_that_tells_the_time_is_found(
    code: tuple[int, int, int, int], found: list[Rider]
) -> None:
    assert gop.riders(MPEG2, group(*code) + mpeg2_picture(1)) == found


def test_user_data_of_mpeg_is_found_and_a_banner_let_through() -> None:
    assert gop.riders(MPEG2, START + b"\xb2GA94captions") == [Rider("user data", harmless=False)]
    assert gop.riders(MPEG4, START + b"\xb2Lavc62.28") == [Rider("user data", harmless=True)]
    assert gop.riders(MPEG4, START + b"\xb2place") == [Rider("user data", harmless=False)]


def test_an_open_group_is_known_by_the_picture_that_leads() -> None:
    assert gop.beginning(MPEG2, group(0, 0, 0, 0) + mpeg2_picture(1)) is Begin.BY_NEXT
    assert gop.is_leading(MPEG2, mpeg2_picture(3))
    assert not gop.is_leading(MPEG2, mpeg2_picture(2))
    assert gop.is_leading(MPEG4, mpeg4_picture(2))
    assert not gop.is_leading(MPEG4, mpeg4_picture(1))


@pytest.mark.parametrize(
    ("kind", "begin"),
    [
        (19, Begin.CLEAN),
        (20, Begin.CLEAN),
        (21, Begin.UNCLEAN),
        (16, Begin.UNCLEAN),
        (1, Begin.UNCLEAN),
    ],
)
def test_only_idr_pictures_of_hevc_begin_a_part(kind: int, begin: Begin) -> None:
    nal = bytes([kind << 1, 1, 0x80, 0])
    assert gop.beginning(Bitstream("hevc", 4), len(nal).to_bytes(4, "big") + nal) is begin
    assert gop.beginning(Bitstream("hevc", 0), b"\0\0\0\1" + nal) is begin


def test_a_recovery_point_of_h264_begins_none() -> None:
    stream = Bitstream("h264", 4)
    recovery = b"\x06\x06\x01\x80\x80"
    slice_ = b"\x41\x9a\0\0"
    packet = b"".join(len(n).to_bytes(4, "big") + n for n in (recovery, slice_))
    assert gop.beginning(stream, packet) is Begin.UNCLEAN


def test_metadata_of_av1_is_found() -> None:
    stream = Bitstream("av1", 0)
    delimiter = b"\x12\0"
    caption = bytes([5 << 3 | 2, 4, 4, 0xB5, 0, 0x80])
    clock = bytes([5 << 3 | 2, 3, 5, 0, 0x80])
    light = bytes([5 << 3 | 2, 6, 1, 0, 1, 0, 1, 0x80])
    assert gop.riders(stream, delimiter + light) == []
    assert [r.what for r in gop.riders(stream, delimiter + caption + clock)] == [
        "captions",
        "a time code",
    ]


def test_what_a_jpeg_picture_carries_is_found() -> None:
    stream = Bitstream("mjpeg", 0)

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body

    plain = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xFE, b"Lavc62.28.101")
    scan = segment(0xDA, bytes(10)) + b"\xff\xfe\0\x09ignored"
    assert gop.riders(stream, plain + scan) == [Rider("a comment", harmless=True)]
    exif = plain + segment(0xE1, b"Exif\0\0GPS")
    assert Rider("application data", harmless=False) in gop.riders(stream, exif + scan)
    assert gop.riders(stream, b"\xff\xd8" + segment(0xFE, b"at home")) == [
        Rider("a comment", harmless=False)
    ]


def test_a_clock_in_the_configuration_of_hevc_is_found() -> None:
    sei = bytes([39 << 1, 1, 136, 4, 0x40, 0, 0, 0, 0x80])
    extradata = bytes([1]) + bytes(20) + b"\x0f\x01" + b"\x27" + (1).to_bytes(2, "big")
    extradata += len(sei).to_bytes(2, "big") + sei
    stream = gop.bitstream_of("hevc", extradata)
    assert stream.length_size == 4
    assert gop.riders_of_extradata(stream, extradata) == [Rider("a time code", harmless=False)]


@pytest.mark.parametrize("codec", ["h264", "hevc", "mpeg2video", "mpeg4", "av1", "mjpeg", "vp9"])
@pytest.mark.parametrize("size", [0, 1, 4])
def test_nonsense_is_read_without_stumbling(codec: str, size: int) -> None:
    stream = Bitstream(codec, size)
    nonsense = bytes(range(256)) + b"\0\0\1\xb8\0\0\1\xb2\0\0\1\x06\xff\xff\0\0\1\xb6\0\0\1\0"
    for start in range(0, len(nonsense), 3):
        for data in (nonsense[start:], nonsense[:start], nonsense[start : start + 4], b""):
            gop.riders(stream, data)
            gop.beginning(stream, data)
            gop.is_leading(stream, data)
            gop.riders_of_extradata(gop.bitstream_of(codec, data), data)
