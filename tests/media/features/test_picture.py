import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import footage
from dalil.media.features import picture

FORMS = [
    "yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12", "gray", "yuv420p10le", "rgb24", "gbrp",
    "bgra", "yuyv422", "p010le", "gray10le", "yuv420p16le", "yuv422p12be",
]  # fmt: skip


def areas(grey: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return means of areas, as another library takes them."""
    found = cv2.resize(grey.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(found, np.float32)


@pytest.mark.parametrize("pixels", FORMS)
@pytest.mark.parametrize("size", [(640, 360), (190, 130)])
def test_a_picture_is_the_mean_of_areas_whatever_the_frame_is_made_of(
    pixels: str, size: tuple[int, int]
) -> None:
    frame = footage.picture(3, *size, pixels)
    small = picture.size_within(*size, 160)
    ours = picture.Shrinker(small)(frame)
    assert (ours.shape, ours.dtype.name) == (small[::-1], "uint8")
    whole = np.asarray(frame.reformat(format="gray").to_ndarray(), np.uint8)
    assert np.abs(ours - areas(whole, small)).mean() < 1.5


def test_studio_range_comes_to_full_range() -> None:
    frame = VideoFrame(64, 64, "yuv420p")
    for plane, value in zip(frame.planes, (235, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    shrink = picture.Shrinker((8, 8))
    assert shrink(frame).min() == 255
    frame.color_range = 2
    assert shrink(frame).max() == 235


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
    assert picture.Shrinker(small)(frame).shape == small[::-1]
    assert picture.Shrinker(small, picture.RGB)(frame).shape == (*small[::-1], 3)


def test_one_shrinker_takes_frames_of_any_shape() -> None:
    shrink = picture.Shrinker((40, 30))
    made = [shrink(footage.picture(1, *size, "yuv420p")) for size in ((640, 480), (64, 96))]
    assert [each.shape for each in made] == [(30, 40), (30, 40)]
