"""Where a film is cut: pictures that differ from those before far more than others around do.

The rule is that of PySceneDetect's AdaptiveDetector (scenedetect.com, "detect-adaptive"): the
change of a picture against the mean change around it, so that a shaking camera is no cut.
"""

from __future__ import annotations

from array import array

import cv2
import numpy as np

from dalil.media.features.features import Bytes, Times

# So small that a hand that shakes or somebody who walks changes little, and another place all.
ACROSS, DOWN = 16, 9
# Mean change of a picture's grey at a cut, of 255, and how many times that of its neighbours.
LEAST_CHANGE = 12.0
TIMES_ITS_NEIGHBOURS = 3.0
AROUND = 3


class ShotMaker:
    """Fed with the grey pictures of one film, at 8 Hz or less; holds 12 bytes a picture."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._times = array("q")
        self._changes = array("f")
        self._last: Bytes | None = None

    def take(self, picture: Bytes, at_ns: int) -> None:
        """Take one picture u1[h, w], shown ``at_ns`` after the first."""
        size = (min(ACROSS, picture.shape[1]), min(DOWN, picture.shape[0]))
        now = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        change = 0.0 if self._last is None else cv2.norm(now, self._last, cv2.NORM_L1) / now.size
        self._times.append(at_ns)
        self._changes.append(change)
        self._last = now

    def finish(self) -> Times:
        """Return i8[s], when each shot begins; the first at 0."""
        changes = np.frombuffer(self._changes, np.float32)
        times = np.frombuffer(self._times, np.int64)
        if not len(times):
            return np.zeros(0, np.int64)
        sums = np.concatenate([[0.0], np.cumsum(changes, dtype=np.float64)])
        places = np.arange(len(changes))
        # The first picture has no change of its own and counts for nobody's neighbour.
        low, high = np.maximum(places - AROUND, 1), np.minimum(places + AROUND + 1, len(changes))
        others = np.maximum(high - low - 1, 1)
        around = (sums[np.maximum(high, low)] - sums[low] - changes) / others
        cut = (changes >= LEAST_CHANGE) & (changes >= TIMES_ITS_NEIGHBOURS * around)
        cut[0] = True
        begins: Times = times[cut]
        return begins
