import cv2
import numpy as np
import pytest

from dalil.media.features.features import MOTION_EVERY_NS
from dalil.media.features.makers.montage import STILLS, Montage, MontageMaker


def sheet(pictures: int) -> Montage:
    """Return the sheet of a film whose pictures grow brighter from first to last."""
    maker = MontageMaker(0)
    for number in range(pictures):
        grey = np.full((9, 16), 255 * number // max(1, pictures - 1), np.uint8)
        maker.take(grey, number * MOTION_EVERY_NS)
    return maker.finish()


@pytest.mark.parametrize("pictures", [1, 2, 5, 23, 24, 25, 47, 48, 49, 200, 5000])
def test_stills_stand_evenly_over_any_length_in_their_order(pictures: int) -> None:
    found = sheet(pictures)
    assert min(pictures, STILLS // 2) <= len(found.times) <= STILLS
    steps = np.diff(found.times)
    assert found.times[0] == 0
    assert (steps > 0).all()
    assert found.times[-1] + 2 * steps.max(initial=0) >= (pictures - 1) * MOTION_EVERY_NS
    drawn = cv2.imdecode(found.jpeg, cv2.IMREAD_GRAYSCALE)
    assert drawn is not None
    rows = -(-len(found.times) // found.across)
    assert drawn.shape == (rows * found.height, found.across * found.width)
    for number, at in enumerate(found.times):
        x = number % found.across * found.width + 8
        y = number // found.across * found.height + 4
        bright = 255 * int(at) // MOTION_EVERY_NS // max(1, pictures - 1)
        assert abs(int(drawn[y, x]) - bright) < 30


def test_without_pictures_there_is_an_empty_sheet() -> None:
    assert len(sheet(0).times) == len(sheet(0).jpeg) == 0
