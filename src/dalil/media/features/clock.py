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

    def __init__(self, tick: Fraction | None, rate: Fraction | None) -> None:
        """Begin; time stamps count ``tick`` seconds, pictures without one come at ``rate`` Hz."""
        self._tick = tick or Fraction(0)
        step = int(NANO / rate) if rate and rate > 0 else USUAL_STEP_NS
        self._step = min(max(step, 1), NANO)
        self._last = -1
        self._shift: int | None = None

    def at(self, pts: int | None) -> int:
        """Return when the next picture is shown."""
        told = self.told_ns(pts)
        at = 0 if self._last < 0 else self._last + self._step
        if told is not None:
            if self._shift is None:
                self._shift = at - told
            elif -BACK_AT_MOST_NS <= told + self._shift - self._last <= GAP_AT_MOST_NS:
                at = told + self._shift
            else:
                self._shift = at - told
        self._last = max(at, self._last + 1)
        return self._last

    def told_ns(self, pts: int | None) -> int | None:
        """Return a time stamp in ns of the container's time, or None without one."""
        if pts is None or not self._tick:
            return None
        return nanoseconds(pts, self._tick.numerator, self._tick.denominator)
