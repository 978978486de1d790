"""How the picture of one copy stands to that of another, along what was found between copies."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dalil.match.found import Found, Transform

Matrix = NDArray[np.floating[Any]]
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
# Beyond this a map through several copies says nothing any more.
LONGEST_WAY = 6


@dataclass(frozen=True, slots=True)
class Against:
    """One picture against another.

    ``shows``: how much of the other it shows; ``filled``: how much of it the other fills (shares of
    the area). ``turned``: degrees clockwise, from 0 up to 360, after mirroring.
    """

    mirrored: bool
    turned: float
    shows: float
    filled: float


class Pictures:
    """The transforms between copies, each the one of its pair's longest piece."""

    def __init__(self, leads: Iterable[Found]) -> None:
        """Read them; ``nearness`` is how alike, in all, others were found to each copy."""
        self.nearness: Counter[str] = Counter()
        self._next: dict[str, list[tuple[str, Transform, bool]]] = {}
        for lead in sorted(leads, key=lambda each: (-each.score, each.a, each.b)):
            for item in (lead.a, lead.b):
                self.nearness[item] += round(100 * lead.score)
            known = [each for each in lead.pieces if each.transform is not None]
            if not known:
                continue
            longest = max(known, key=lambda each: (each.a_length_ns, -each.a_from_ns))
            if longest.transform is not None:
                self._next.setdefault(lead.a, []).append((lead.b, longest.transform, False))
                self._next.setdefault(lead.b, []).append((lead.a, longest.transform, True))

    def filled(self, item: str) -> float:
        """Return how much of a picture is filled by the copy that fills most of it; 1 without one.

        Of a picture in a frame, no copy without that frame fills all.
        """
        steps = (_matrix(step, back=not back) for _, step, back in self._next.get(item, []))
        return max((_share(each) for each in steps if each is not None), default=1.0)

    def against(self, item: str, other: str) -> Against | None:
        """Return how the picture of ``item`` stands to that of ``other``, by the shortest way."""
        seen = {item}
        waiting: deque[tuple[str, Matrix, int]] = deque([(item, np.eye(3), 0)])
        while waiting:
            at, matrix, steps = waiting.popleft()
            if at == other:
                return _against(matrix)
            for to, transform, back in self._next.get(at, []) if steps < LONGEST_WAY else []:
                step = _matrix(transform, back=back)
                if to not in seen and step is not None:
                    seen.add(to)
                    waiting.append((to, step @ matrix, steps + 1))
        return None


def _matrix(transform: Transform, *, back: bool) -> Matrix | None:
    matrix = np.array(transform.matrix, float).reshape(3, 3)
    if not np.isfinite(matrix).all() or abs(np.linalg.det(matrix)) < 1e-9:  # noqa: PLR2004 - flat
        return None
    return np.linalg.inv(matrix) if back else matrix


def _against(matrix: Matrix) -> Against:
    middle = matrix @ np.array([0.5, 0.5, 1.0])
    x, y, w = (float(each) for each in middle)
    if w <= 0:
        return Against(mirrored=False, turned=0.0, shows=1.0, filled=1.0)
    # The map near the middle of the picture, as a plane sees it.
    near = (matrix[:2, :2] - np.outer([x / w, y / w], matrix[2, :2])) / w
    mirrored = bool(np.linalg.det(near) < 0)
    near = near @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    turned = math.degrees(math.atan2(near[1, 0] - near[0, 1], near[0, 0] + near[1, 1]))
    return Against(mirrored, turned % 360, _share(matrix), _share(np.linalg.inv(matrix)))


def parts(transform: Transform | None) -> tuple[Box, Box]:
    """Return which part of each of two pictures shows the other: (left, top, right, bottom)."""
    there = None if transform is None else _matrix(transform, back=False)
    if there is None:
        return WHOLE, WHOLE
    return _box(np.linalg.inv(there)), _box(there)


def overlap(one: Box, other: Box) -> float:
    """Return the share of what two boxes cover together that both cover."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, wide) * max(0.0, high)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / max(sum(areas) - both, 1e-9)


def _box(matrix: Matrix) -> Box:
    polygon = _shown(matrix)
    if not polygon:
        return WHOLE
    xs, ys = ([point[axis] for point in polygon] for axis in (0, 1))
    return min(xs), min(ys), max(xs), max(ys)


def _share(matrix: Matrix) -> float:
    """Return how much of the unit square the mapped unit square covers."""
    return min(1.0, abs(_area(_shown(matrix))))


def _shown(matrix: Matrix) -> list[tuple[float, float]]:
    """Return the part of the unit square that the mapped unit square covers."""
    shape = np.column_stack([CORNERS, np.ones(4)]) @ matrix.T
    if (shape[:, 2] <= 0).any():
        return [(float(x), float(y)) for x, y in CORNERS]
    polygon = [(float(x / w), float(y / w)) for x, y, w in shape]
    for axis in (0, 1):
        polygon = _clipped(polygon, axis, 0.0, keep_above=True)
        polygon = _clipped(polygon, axis, 1.0, keep_above=False)
    return polygon


def _clipped(
    polygon: list[tuple[float, float]], axis: int, edge: float, *, keep_above: bool
) -> list[tuple[float, float]]:
    """Cut a convex polygon at an edge parallel to an axis (Sutherland and Hodgman, 1974)."""
    found: list[tuple[float, float]] = []
    for one, two in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        inside = [(each[axis] >= edge) == keep_above or each[axis] == edge for each in (one, two)]
        if inside[0]:
            found.append(one)
        if inside[0] != inside[1] and one[axis] != two[axis]:
            share = (edge - one[axis]) / (two[axis] - one[axis])
            found.append((one[0] + share * (two[0] - one[0]), one[1] + share * (two[1] - one[1])))
    return found


def _area(polygon: list[tuple[float, float]]) -> float:
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2
