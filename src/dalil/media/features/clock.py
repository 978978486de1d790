"""When each picture of a film is shown: rising times from 0, whatever its time stamps say."""

from __future__ import annotations

from fractions import Fraction

from dalil.kernel.seal import NANO, nanoseconds

USUAL_STEP_NS = NANO // 25
# Players go on after a jump as if there was none; so do we, or nothing would fill a day.
GAP_AT_MOST_NS = 3600 * NANO
BACK_AT_MOST_NS = NANO


class Clock:
    """Turns time stamps of one film, in order of showing, into strictly rising ns from 0."""

    def __init__(self, rate: Fraction | None) -> None:
        """Begin; ``rate`` in pictures a second steps over pictures without a time stamp."""
        step = int(NANO / rate) if rate and rate > 0 else USUAL_STEP_NS
        self._step = min(max(step, 1), NANO)
        self._last = -1
        self._shift: int | None = None

    def at(self, pts: int | None, tick: Fraction | None) -> int:
        """Return when the next picture is shown, ``pts`` in units of ``tick`` seconds."""
        if self._last < 0:
            at = 0
        elif pts is None or not tick or self._shift is None:
            at = self._last + self._step
        else:
            at = nanoseconds(pts, tick.numerator, tick.denominator) + self._shift
            if not -BACK_AT_MOST_NS <= at - self._last <= GAP_AT_MOST_NS:
                self._shift += self._last + self._step - at
                at = self._last + self._step
        if self._shift is None and pts is not None and tick:
            self._shift = at - nanoseconds(pts, tick.numerator, tick.denominator)
        self._last = max(at, self._last + 1)
        return self._last
