import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

import footage
from dalil.media.features import picture

WHOLE_LUMA = ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12", "gray", "yuv420p10le"]
OTHERS = ["rgb24", "gbrp", "bgra", "yuyv422", "p010le", "gray10le", "yuv420p16le", "yuv422p12be"]


def shrunk_by_ffmpeg(frame: VideoFrame, size: tuple[int, int]) -> picture.Picture:
    width, height = size
    made = frame.reformat(width, height, "gray", interpolation="AREA")
    return np.asarray(made.to_ndarray(), np.uint8)


@pytest.mark.parametrize("pixels", WHOLE_LUMA + OTHERS)
@pytest.mark.parametrize("size", [(640, 360), (190, 130)])
def test_a_picture_is_what_ffmpeg_makes_of_it(pixels: str, size: tuple[int, int]) -> None:
    frame = footage.picture(3, *size, pixels)
    small = picture.size_within(*size, 160)
    ours = picture.grey(frame, small)
    theirs = shrunk_by_ffmpeg(frame, small)
    assert ours.shape == theirs.shape == small[::-1]
    assert ours.dtype == np.uint8
    # FFmpeg rounds areas otherwise at edges of the drawing; on the whole they are one picture.
    assert np.abs(ours.astype(int) - theirs.astype(int)).mean() < 6


def test_studio_range_comes_to_full_range() -> None:
    frame = VideoFrame(64, 64, "yuv420p")
    for plane, value in zip(frame.planes, (235, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    assert picture.grey(frame, (8, 8)).min() == 255
    frame.color_range = 2
    assert picture.grey(frame, (8, 8)).max() == 235


@given(st.integers(1, 1 << 15), st.integers(1, 1 << 15), st.sampled_from([160, 512]))
def test_a_size_fits_keeps_its_shape_and_is_never_enlarged(
    width: int, height: int, side: int
) -> None:
    wide, high = picture.size_within(width, height, side)
    assert 1 <= wide <= min(width, side)
    assert 1 <= high <= min(height, side)
    assert abs(wide / width - high / height) * max(width, height) <= max(width, height) / min(
        width, height
    )


@pytest.mark.parametrize("size", [(1, 1), (3000, 1), (1, 700), (161, 3)])
def test_the_thinnest_pictures_shrink_too(size: tuple[int, int]) -> None:
    frame = VideoFrame(*size, "gray")
    small = picture.size_within(*size, 160)
    assert picture.grey(frame, small).shape == small[::-1]
    assert picture.rgb(frame, small).shape == (*small[::-1], 3)
