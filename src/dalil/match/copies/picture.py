"""How the picture of one copy stands to that of another, along what was found between copies."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
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
# A picture that shows less of another than this shows a part of it.
ALL = 0.95
EQUAL_STAGES = ("bytes", "packets", "frames")


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

    def __init__(self, leads: Iterable[Found], own: Mapping[str, Box] | None = None) -> None:
        """Read them; ``nearness`` is how alike, in all, others were found to each copy.

        ``own``: the part of each picture that is no black bar; of others, all of it.
        """
        self.nearness: Counter[str] = Counter()
        self._own = own or {}
        self._next: dict[str, list[tuple[str, Transform, bool]]] = {}
        self._alike: dict[str, set[str]] = {}
        for lead in sorted(leads, key=lambda each: (-each.score, each.a, each.b)):
            for item in (lead.a, lead.b):
                self.nearness[item] += round(100 * lead.score)
            if is_equal(lead):
                self._alike.setdefault(lead.a, set()).add(lead.b)
                self._alike.setdefault(lead.b, set()).add(lead.a)
            known = [each for each in lead.pieces if each.transform is not None]
            if not known:
                continue
            longest = max(known, key=lambda each: (each.a_length_ns, -each.a_from_ns))
            if longest.transform is not None:
                self._next.setdefault(lead.a, []).append((lead.b, longest.transform, False))
                self._next.setdefault(lead.b, []).append((lead.a, longest.transform, True))

    def near(self, item: str) -> Iterator[tuple[str, Matrix]]:
        """Yield each copy that an item was laid over, and the map from the item's places to its."""
        for other, transform, back in self._next.get(item, []):
            if (matrix := _matrix(transform, back=back)) is not None:
                yield other, matrix

    def cropped(self, item: str) -> bool:
        """Whether another copy shows more of the picture, and not only a frame around it."""
        return any(
            shows < ALL and not (filled >= ALL and self._is_frame(other, item))
            for other, shows, filled in self._shares(item)
        )

    def framed(self, item: str) -> bool:
        """Whether the picture stands in a frame: black bars, or what no other copy has around."""
        left, top, right, bottom = self._own.get(item, WHOLE)
        return (right - left) * (bottom - top) < ALL or self.in_picture(item)

    def in_picture(self, item: str) -> bool:
        """Whether it stands in a frame that is a picture itself, as far as others tell."""
        return any(
            filled < ALL <= shows and self._is_frame(item, other)
            for other, shows, filled in self._shares(item)
        )

    def _is_frame(self, wide: str, narrow: str) -> bool:
        """Whether what the one shows around the other's picture is a frame, and no more picture.

        Two pictures do not tell. A frame that was put around is in one copy, and what was there
        before it in several; of a picture that was cut, several show all of it.
        """
        return len(self._peers(narrow)) > len(self._peers(wide))

    def _peers(self, item: str) -> set[str]:
        """Return the copies that show neither more nor less of the picture."""
        alike = {other for other, *shares in self._shares(item) if min(shares) >= ALL}
        return alike | self._alike.get(item, set())

    def _shares(self, item: str) -> Iterator[tuple[str, float, float]]:
        """Yield, of each copy laid over, how much of it an item shows, and fills of the item."""
        mine = self._own.get(item, WHOLE)
        for other, matrix in self.near(item):
            shows = _share(matrix, self._own.get(other, WHOLE))
            yield other, shows, _share(np.linalg.inv(matrix), mine)

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


def is_equal(found: Found) -> bool:
    """Whether two files hold the same stream or the same decoded pictures."""
    return any(each.name in EQUAL_STAGES and each.said == "yes" for each in found.stages)


def _share(matrix: Matrix, part: Box = WHOLE) -> float:
    """Return how much of a part of the unit square the mapped unit square covers."""
    whole = (part[2] - part[0]) * (part[3] - part[1])
    return min(1.0, abs(_area(_shown(matrix, part))) / whole)


def _shown(matrix: Matrix, part: Box = WHOLE) -> list[tuple[float, float]]:
    """Return what of a part of the unit square the mapped unit square covers."""
    shape = np.column_stack([CORNERS, np.ones(4)]) @ matrix.T
    if (shape[:, 2] <= 0).any():
        return [(part[2 * round(x)], part[1 + 2 * round(y)]) for x, y in CORNERS]
    polygon = [(float(x / w), float(y / w)) for x, y, w in shape]
    for axis in (0, 1):
        polygon = _clipped(polygon, axis, part[axis], keep_above=True)
        polygon = _clipped(polygon, axis, part[axis + 2], keep_above=False)
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
